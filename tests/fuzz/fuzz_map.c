/* Hostile platform maps. One without an error must make an artefact that opens, and judging by it must end.
 */
#include "fuzz.h"

#include "compile/compile.h"
#include "core/policy.h"
#include "record/seal.h"

#include <stdlib.h>

enum { TARGET = 2048 };

/* The platform's first hosts and paths, as a request would write them. */
static void judge_row(const struct snapshot *snapshot, const struct a_row *row, struct scratch *scratch)
{
    static const struct header headers[] = {{{"X-Op", 4}, {"CreatePost", 10}},
                                            {{"Cookie", 6}, {"uid=u%3D1", 9}},
                                            {{"Content-Type", 12}, {"application/json", 16}}};
    const struct artefact *a = policy_artefact(snapshot->policy);
    char target[TARGET];
    struct text t;

    text_init(&t, target, sizeof target);
    text_puts(&t, "https://");
    text_put(&t, artefact_str(a, ARTEFACT_ROWS(a, HOSTS, struct a_host)[0].name));
    text_putc(&t, '/');
    text_put(&t, artefact_str(a, row->path));
    text_putc(&t, '?');
    text_put(&t, artefact_str(a, row->key));
    text_putc(&t, '=');
    text_put(&t, artefact_str(a, row->key_value));
    for (int i = 0; i < 2; i++) {
        struct request r = {.method = i ? STR("POST") : STR("GET"),
                            .target = text_str(&t),
                            .headers = headers,
                            .n_headers = 3,
                            .body = STR("{\"opName\":\"Edit\",\"target\":\"council\"}"),
                            .body_whole = true,
                            .now = 1779000000};

        policy_judge(snapshot, NULL, &r, scratch);
    }
}

static void judge(struct builder *b, struct diag *d)
{
    static struct scratch *scratch;
    unsigned char *bytes = NULL;
    struct policy *p = fuzz_finish(b, d, &bytes);
    struct snapshot snapshot;
    uint32_t n;

    if (!scratch)
        scratch = scratch_new();
    snapshot = (struct snapshot){.policy = p};
    n = policy_artefact(p)->n[SECTION_ROWS];
    for (uint32_t i = 0; i < n && i < 8; i++)
        judge_row(&snapshot, &ARTEFACT_ROWS(policy_artefact(p), ROWS, struct a_row)[n - 1 - i], scratch);
    policy_free(p);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct diag d;
    struct builder *b = fuzz_builder();
    int result;

    diag_init(&d);
    FUZZ_HOLDS(seal_init(&d) == 0);
    result = parse_map(b, STR("platforms/input.map"), (struct str){(const char *)data, size}, &d);
    FUZZ_HOLDS((result != 0) == (d.errors > 0));
    if (result == 0)
        judge(b, &d);
    build_free(b);
    return 0;
}

static const char *const lines[] = {
    "platform input \"Input\"\n",
    "class social\n",
    "family fam\n",
    "media interactive\n",
    "media broadcast-only\n",
    "version 2026-01-01\n",
    "source \"why\"\n",
    "accounts ignore-dots case-matters\n",
    "host main in.example .in.example\n",
    "host cdn .cdn.example shared\n",
    "host main www.press.example below /player/**\n",
    "host api api.in.example\n",
    "hosts-known web *-* eu* a.b\n",
    "hosts-known *\n",
    "owner AS32934 AS13414\n",
    "reserved login about groups\n",
    "operation header X-Op\n",
    "operation form op\n",
    "operation json opName\n",
    "operation query op\n",
    "operation path /gql/*/{account}\n",
    "background path /beacon/** other-site\n",
    "embed path /plugins/** role embed\n",
    "activity post method POST path /api op Create* Edit\n",
    "activity message method WS path /ws\n",
    "activity signup path /signup query step=1*\n",
    "activity react method POST match \"^/r/([a-z]{1,20})/like$\"\n",
    "activity view match \"^/(?:a|b)?[^/]*+\\.mp4$\" host .cdn.example likely\n",
    "activity comment form kind=comment*\n",
    "activity login json type=login\n",
    "activity admin header X-Admin=yes\n",
    "activity delete cookie del\n",
    "account groups/{account} path /groups/{account}/** except feed\n",
    "account - path /login /about/**\n",
    "account {account} path /profile query id={account}\n",
    "account {account} method POST path /api json target={account}\n",
    "account {account} path /@{account}/** /{account} likely\n",
    "account {account} match \"^/c/([^/]{1,40})$\"\n",
    "account {account} path /x/{account}_*/y\n",
    "identity cookie uid after \"u%3D\"\n",
    "identity header X-User opaque\n",
    NULL};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutate_text(data, size, max_size, seed, lines);
}
