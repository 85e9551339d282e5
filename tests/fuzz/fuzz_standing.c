/* A hostile standing file. The first byte: bit 0 the header's magic, version, size and sum are made sound, so
 * that what is behind them is looked at. What opens answers every question about everybody in it within its
 * bounds, and a policy can be judged by it. */
#include "fuzz.h"

#include "core/ask.h"
#include "core/policy.h"
#include "core/standing.h"

enum { FILE_MAX = 16 << 10, NOW = 1779000000 };

static _Alignas(16) unsigned char file[FILE_MAX];

static void ask_all(const struct standing *s)
{
    const struct artefact *a = policy_artefact(fuzz_policy());
    struct facts all = standing_all(s);

    for (uint32_t i = 0; i < all.n; i++) {
        struct str user = standing_str(s, all.rows[i].user), what = standing_str(s, all.rows[i].what);
        struct facts own = standing_facts(s, user);

        FUZZ_HOLDS(user.n > 0 && own.n > 0 && own.rows >= all.rows && own.rows + own.n <= all.rows + all.n);
        FUZZ_HOLDS(str_eq(standing_str(s, own.rows[0].user), user));
        FUZZ_HOLDS(!fact_holds(&all.rows[i], NOW) ||
                   standing_has(s, user, (enum fact)all.rows[i].kind, what, NOW));
        for (uint32_t r = 0; r < a->n[SECTION_RULES]; r++)
            if (ARTEFACT_ROWS(a, RULES, struct a_rule)[r].verb == VERB_REQUIRE)
                ask_answered(a, &ARTEFACT_ROWS(a, RULES, struct a_rule)[r], &own, NOW);
        for (uint32_t w = 0; w < a->n[SECTION_ALLOWANCES]; w++)
            allowance_left(a, w, &own, NOW);
        for (uint32_t e = 0; e < a->n[SECTION_EMERGENCIES]; e++)
            emergency_declared(a, e, &own, NOW);
    }
}

static void judge_with(const struct standing *s)
{
    static struct scratch *scratch;
    struct snapshot snapshot = {.policy = fuzz_policy(), .standing = s};
    struct facts all = standing_all(s);
    struct request r = {.method = STR("GET"), .target = STR("https://www.stage.example/x"), .now = NOW};
    struct verdict v;

    if (!scratch)
        scratch = scratch_new();
    if (all.n)
        r.user = standing_str(s, all.rows[0].user);
    v = policy_judge(&snapshot, NULL, &r, scratch);
    FUZZ_HOLDS(v.action < ACTION_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct standing_header *h = (struct standing_header *)(void *)file;
    struct standing *s = NULL;
    struct diag d;
    size_t n = size ? size - 1 : 0;

    if (n > FILE_MAX)
        n = FILE_MAX;
    if (n)
        memcpy(file, data + 1, n);
    if (n >= sizeof *h && data[0] & 1) {
        memcpy(h->magic, STANDING_MAGIC, sizeof h->magic);
        h->version = STANDING_VERSION;
        h->size = (uint32_t)n;
        h->check = standing_check_sum(h, n);
    }
    diag_init(&d);
    if (standing_open_mem(file, n, &s, &d) != 0) {
        FUZZ_HOLDS(d.errors == 1);
        return 0;
    }
    ask_all(s);
    judge_with(s);
    standing_free(s);
    return 0;
}
