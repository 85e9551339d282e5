/* Hostile maps of restrictions. One without an error must make an artefact that opens; what its rules set must be
 * fit for a request. */
#include "fuzz.h"

#include "compile/compile.h"
#include "core/restrict.h"
#include "record/seal.h"

#include <stdlib.h>

/* A rule that sets the restriction, with a value for each place that asks for one. */
static void add_rule(struct builder *b, uint32_t restriction)
{
    const struct a_restriction *r = build_at(b, SECTION_RESTRICTIONS, restriction);
    struct str values[PLACES_MAX];
    struct a_set set = {.restriction = restriction};
    struct a_rule rule = {.id = r->id, .verb = VERB_SET, .page = NO_INDEX, .ask = NO_INDEX};
    uint32_t n = 0;

    for (uint32_t i = 0; i < r->places.n; i++) {
        const struct a_place *place = build_at(b, SECTION_PLACES, r->places.at + i);

        if (place->kind != PLACE_WITHOUT && place->shape != SHAPE_IS)
            values[n++] = STR("value");
    }
    set.values = build_words_in_order(b, values, n);
    rule.sets = (struct a_list){build_row(b, SECTION_SETS, &set), 1};
    build_row(b, SECTION_RULES, &rule);
}

static void judge(const struct policy *p)
{
    static struct scratch *scratch;
    static char bytes[64 * 1024];
    const struct artefact *a = policy_artefact(p);
    const struct snapshot snapshot = {.policy = p};
    struct change changes[CHANGES_MAX];

    if (!scratch)
        scratch = scratch_new();
    for (uint32_t i = 0; i < a->n[SECTION_RESTRICTED] && i < 8; i++) {
        char target[512];
        struct request r = {.method = STR("GET"), .now = 1779000000, .body_whole = true};
        struct verdict v;
        struct text t;
        uint32_t n;

        text_init(&t, target, sizeof target);
        text_puts(&t, "https://");
        text_put(&t, artefact_str(a, ARTEFACT_ROWS(a, RESTRICTED, struct a_restricted)[i].name));
        text_puts(&t, "/search?q=1&safe=off");
        r.target = text_str(&t);
        v = policy_judge(&snapshot, NULL, &r, scratch);
        n = restrict_changes(a, &v, false, changes);
        FUZZ_HOLDS(n <= CHANGES_MAX);
        text_init(&t, bytes, sizeof bytes);
        restrict_target(changes, n, r.target, &t);
        for (size_t k = 0; k < t.n; k++)
            FUZZ_HOLDS((unsigned char)t.p[k] > 0x20 && t.p[k] != 0x7f);
        for (uint32_t k = 0; k < n; k++)
            for (size_t c = 0; c < changes[k].value.n; c++)
                FUZZ_HOLDS(changes[k].value.p[c] >= 0x20 && changes[k].value.p[c] < 0x7f);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct diag d;
    struct builder *b = build_new();
    unsigned char *bytes = NULL;
    struct policy *p = NULL;
    size_t length = 0;
    int result;

    diag_init(&d);
    FUZZ_HOLDS(b != NULL && seal_init(&d) == 0);
    build_meta(b)->default_action = ACTION_ALLOW;
    build_meta(b)->malformed_action = ACTION_ALLOW;
    result = parse_restrictions(b, STR("restrictions/input.map"), (struct str){(const char *)data, size}, &d);
    FUZZ_HOLDS((result != 0) == (d.errors > 0));
    if (result == 0) {
        for (uint32_t i = 0; i < build_count(b, SECTION_RESTRICTIONS); i++)
            add_rule(b, i);
        FUZZ_HOLDS(build_finish(b, &bytes, &length, &d) == 0);
        FUZZ_HOLDS(policy_open_mem(bytes, length, &p, &d) == 0);
        judge(p);
        policy_free(p);
        free(bytes);
    }
    build_free(b);
    return 0;
}

static const char *const lines[] = {
    "restriction mode \"Mode\"\n",
    "restriction search \"Search\"\n",
    "    hosts www.in.example .in.example\n",
    "    paths /search /pictures/** /*/x\n",
    "    header X-Mode one-of Strict Moderate\n",
    "    header X-Mode is \"no personal\"\n",
    "    header X-Domains domains\n",
    "    header X-Tenants tenants\n",
    "    header X-Guid guid\n",
    "    header X-Pair guid-pair\n",
    "    header X-Id token\n",
    "    header X-Ids tokens\n",
    "    query safe is active\n",
    "    query level one-of strict moderate\n",
    "    without X-Other X-More\n",
    "    confidence verified\n",
    "    confidence disputed\n",
    "    checked 2026-01-01\n",
    "    source \"where from\"\n",
    "    note \"what to know\"\n",
    NULL};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutate_text(data, size, max_size, seed, lines);
}
