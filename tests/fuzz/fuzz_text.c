/* Hostile texts: the first byte chooses the parser (policy, map, each register, page, bundle, case). */
#include "fuzz.h"

#include "compile/cases.h"
#include "compile/compile.h"
#include "compile/diag_text.h"
#include "core/policy.h"

#include <stdlib.h>

/* The platform and groups that a text may speak of. */
static struct builder *start(struct diag *d)
{
    static const char map[] =
        "platform stage \"Stage\"\nclass social\nversion 2026-01-01\nhost main stage.example\n";
    static const char accounts[] = "platform,account,aliases\nstage,Council,12345\n";
    struct builder *b = build_new();

    if (!b || parse_map(b, STR("stage.map"), str_of(map), d) != 0 ||
        parse_accounts(b, STR("accounts.csv"), str_of(accounts), d) != 0)
        abort();
    return b;
}

static void parse(int kind, struct str text, struct diag *d)
{
    static int (*const parsers[])(struct builder *, struct str, struct str, struct diag *) = {
        parse_policy, parse_map, parse_accounts, parse_members, parse_grants, parse_hosts, parse_page,
    };
    struct builder *b = start(d);
    unsigned errors = d->errors;
    int result = parsers[kind](b, STR("input"), text, d);

    if ((result != 0) != (d->errors > errors))
        abort(); /* an error is said, and what is said is an error */
    build_free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data + 1, size - 1};
    struct diag d;

    if (size == 0)
        return 0;
    diag_init(&d);
    if (data[0] % 9 < 7) {
        parse(data[0] % 9, text, &d);
    } else if (data[0] % 9 == 7) {
        struct case_result result = {0};

        cases_run(fuzz_policy(), STR("input.case"), text, &result, &d);
    } else {
        struct source s = {0};

        source_parse_bundle(text, &s, &d);
        source_free(&s);
    }
    free(diag_render(&d, NULL));
    return 0;
}
