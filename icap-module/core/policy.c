#include "core/conditions.h"
#include "core/policy_internal.h"

#include <stdlib.h>

enum { MATCH_LIMIT = 10000 };

/* Patterns are compiled once at opening: anchored (a search would start the match limit anew at every
 * position), and refused when they could not be run within bounds. */
static int compile_pattern(struct policy *p, const struct a_row *row, struct diag *d)
{
    struct str text = artefact_str(&p->artefact, row->path);
    char message[120];
    PCRE2_SIZE at;
    int error;
    pcre2_code *code = pcre2_compile(
        (PCRE2_SPTR)text.p, text.n,
        PCRE2_ANCHORED | PCRE2_NEVER_BACKSLASH_C | PCRE2_NO_UTF_CHECK | PCRE2_CASELESS, &error, &at, NULL);

    if (!code) {
        pcre2_get_error_message(error, (PCRE2_UCHAR *)message, sizeof message);
        return diag_error(d, "the artefact holds a pattern that does not compile: ", message, NULL);
    }
    p->patterns[row->regex] = code;
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without JIT it works all the same, only slower */
    return 0;
}

static int compile_patterns(struct policy *p, struct diag *d)
{
    const struct artefact *a = &p->artefact;
    const struct a_row *rows = ARTEFACT_ROWS(a, ROWS, struct a_row);
    uint32_t n = 0;

    for (uint32_t i = 0; i < a->n[SECTION_ROWS]; i++)
        if (rows[i].flags & ROW_REGEX && rows[i].regex != n++)
            return diag_error(d, "the artefact's patterns are not numbered in order: compile it again", NULL,
                              NULL);
    p->patterns = calloc(n ? n : 1, sizeof(pcre2_code *));
    if (!p->patterns)
        return diag_error(d, "out of memory while opening the policy", NULL, NULL);
    p->n_patterns = n;
    for (uint32_t i = 0; i < a->n[SECTION_ROWS]; i++)
        if (rows[i].flags & ROW_REGEX && compile_pattern(p, &rows[i], d) != 0)
            return -1;
    return 0;
}

static void note_category_rules(struct policy *p)
{
    const struct artefact *a = &p->artefact;

    for (uint32_t i = 0; i < a->n[SECTION_CLAUSES]; i++) {
        const struct a_clause *clause = &ARTEFACT_ROWS(a, CLAUSES, struct a_clause)[i];
        const uint32_t *args = artefact_numbers(a, clause->args);

        for (uint32_t k = 0; k < clause->args.n; k++)
            if (condition_by_number(clause->condition)->args == ARG_CATEGORIES)
                p->category_rules |= 1u << args[k];
    }
}

int policy_open_mem(const void *bytes, size_t size, struct policy **policy, struct diag *d)
{
    struct policy *p = calloc(1, sizeof *p);

    if (!p)
        return diag_error(d, "out of memory while opening the policy", NULL, NULL);
    if (artefact_check(bytes, size, &p->artefact, d) != 0 || compile_patterns(p, d) != 0) {
        policy_free(p);
        return -1;
    }
    note_category_rules(p);
    *policy = p;
    return 0;
}

void policy_own_mapping(struct policy *p, void *mapping, size_t size, int (*unmap)(void *, size_t))
{
    p->mapping = mapping;
    p->mapping_size = size;
    p->unmap = unmap;
}

void policy_free(struct policy *p)
{
    if (!p)
        return;
    for (uint32_t i = 0; i < p->n_patterns; i++)
        pcre2_code_free(p->patterns[i]);
    free(p->patterns);
    if (p->mapping)
        p->unmap(p->mapping, p->mapping_size);
    free(p);
}

const struct artefact *policy_artefact(const struct policy *p)
{
    return &p->artefact;
}

struct scratch *scratch_new(void)
{
    struct scratch *s = malloc(sizeof *s + SCRATCH_ARENA);

    if (!s)
        return NULL;
    s->match = pcre2_match_data_create(17, NULL); /* 16 captures and the whole */
    s->limits = pcre2_match_context_create(NULL);
    if (!s->match || !s->limits) {
        scratch_free(s);
        return NULL;
    }
    pcre2_set_match_limit(s->limits, MATCH_LIMIT);
    arena_init(&s->arena, s + 1, SCRATCH_ARENA);
    s->attempts = PATTERN_ATTEMPTS;
    return s;
}

void scratch_free(struct scratch *s)
{
    if (!s)
        return;
    pcre2_match_data_free(s->match);
    pcre2_match_context_free(s->limits);
    free(s);
}
