/* Hostile carriers.map files. One without an error must make an artefact that opens, and following the
 * addresses that it speaks of must end, with hosts and paths as canonical as any. */
#include "fuzz.h"

#include "compile/compile.h"
#include "core/policy.h"
#include "record/seal.h"

#include <stdlib.h>

enum { TARGET = 2048 };

/* The place's own address with another one in it, whatever the place is. */
static void judge_row(const struct snapshot *snapshot, const struct a_carrier *row, struct scratch *scratch)
{
    static const char *const inner[] = {"https://stage.example/Council",
                                        "www-stage-example.tr.example/x?u=a.example",
                                        "https:%2F%2Fa.example%3Fu=b.example", "%%", "http://[::1"};
    const struct artefact *a = policy_artefact(snapshot->policy);
    char target[TARGET];

    for (size_t i = 0; i < sizeof inner / sizeof *inner; i++) {
        struct text t;
        struct request r = {.method = STR("GET"), .now = 1779000000};
        struct verdict v;

        text_init(&t, target, sizeof target);
        text_puts(&t, artefact_str(a, row->host).p[0] == '.' ? "https://stage-example" : "https://");
        text_put(&t, artefact_str(a, row->host));
        text_put(&t, artefact_str(a, row->path));
        text_putc(&t, '/');
        text_puts(&t, row->place == INSIDE_PATH ? inner[i] : "");
        text_putc(&t, '?');
        text_put(&t, artefact_str(a, row->key));
        text_putc(&t, '=');
        text_put(&t, artefact_str(a, row->after));
        text_puts(&t, inner[i]);
        r.target = text_str(&t);
        v = policy_judge(snapshot, NULL, &r, scratch);
        FUZZ_HOLDS((v.what.carrier == NO_INDEX) == (v.what.carried == CARRIED_NOTHING));
        FUZZ_HOLDS(v.what.carrier == NO_INDEX || v.what.carrier < a->n[SECTION_CARRIERS]);
        FUZZ_HOLDS((v.what.inner_host.n > 0) == (v.what.carried == CARRIED_PAGE));
        FUZZ_HOLDS(v.what.inner_host.n <= REQUEST_HOST_MAX);
    }
}

static void judge(struct builder *b, struct diag *d)
{
    static struct scratch *scratch;
    unsigned char *bytes = NULL;
    struct policy *p = fuzz_finish(b, d, &bytes);
    struct snapshot snapshot;

    if (!scratch)
        scratch = scratch_new();
    snapshot = (struct snapshot){.policy = p};
    for (uint32_t i = 0; i < policy_artefact(p)->n[SECTION_CARRIERS] && i < 8; i++)
        judge_row(&snapshot, &ARTEFACT_ROWS(policy_artefact(p), CARRIERS, struct a_carrier)[i], scratch);
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
    result = parse_carriers(b, STR("carriers.map"), (struct str){(const char *)data, size}, &d);
    FUZZ_HOLDS((result != 0) == (d.errors > 0));
    if (result == 0)
        judge(b, &d);
    build_free(b);
    return 0;
}

static const char *const lines[] = {"version 2026-01-01\n",
                                    "source \"why\"\n",
                                    "carrier tr host .tr.example name\n",
                                    "carrier old host old.tr.example www.old.example query u url\n",
                                    "carrier ar host ar.example path /{url} /*/{url} /web/*if_/{url}\n",
                                    "carrier ar host ar.example hidden path /* /*/image\n",
                                    "carrier ca host ca.example query q after \"cache:\" path /search\n",
                                    "carrier amp host .amp.example path /c/s/{url} if-open\n",
                                    NULL};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutate_text(data, size, max_size, seed, lines);
}
