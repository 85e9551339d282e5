/* What a case expects of restrictions: `sets ID`, `sets ID=VALUES`, `would-set ...`, `query NAME=VALUE`. */
#include "compile/cases_internal.h"

#include "core/restrict.h"

#include <stdlib.h>

static const char *const words[SET_EXPECTATIONS] = {"sets", "would-set", "query"};

static const struct a_restriction *restriction_at(const struct artefact *a, uint32_t i)
{
    return &ARTEFACT_ROWS(a, RESTRICTIONS, struct a_restriction)[i];
}

static int unknown_restriction(struct lexer *l, const struct word *w, const struct artefact *a)
{
    char **names = calloc(a->n[SECTION_RESTRICTIONS] + 1, sizeof *names);
    uint32_t n = 0;

    for (; names && n < a->n[SECTION_RESTRICTIONS]; n++) {
        struct str id = artefact_str(a, restriction_at(a, n)->id);

        names[n] = strndup(id.p, id.n);
        if (!names[n])
            break;
    }
    lex_unknown(l, w, "restriction", (const char *const *)names, n);
    for (uint32_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
    return -1;
}

static int check_sets(struct lexer *l, const struct word *w, const struct artefact *a)
{
    struct word id = *w;

    id.text = str_upto(w->text, str_find(w->text, '='));
    if (word_is(w, "none"))
        return 0;
    for (uint32_t i = 0; i < a->n[SECTION_RESTRICTIONS]; i++)
        if (str_eq(id.text, artefact_str(a, restriction_at(a, i)->id)))
            return 0;
    return unknown_restriction(l, &id, a);
}

int expect_set_read(struct lexer *l, const struct policy *p, const struct word *w, struct expected *e)
{
    enum set_expectation kind = SET_EXPECTATIONS;
    const struct word *value;

    for (unsigned i = 0; i < SET_EXPECTATIONS; i++)
        if (word_is(w, words[i]))
            kind = (enum set_expectation)i;
    if (kind == SET_EXPECTATIONS)
        return 0;
    value = lex_line_word(l);
    if (!value)
        return lex_error(l, w, "'%s' needs a word behind it", words[kind]);
    if (kind == EXPECT_QUERY ? str_find(value->text, '=') == value->text.n && !word_is(value, "none")
                             : check_sets(l, value, policy_artefact(p)))
        return kind == EXPECT_QUERY ? lex_error(l, value, "write NAME=VALUE, or none") : -1;
    if (e->n_sets[kind] == SETS_PER_CASE)
        return lex_error(l, value, "a case expects at most %d of them", SETS_PER_CASE);
    e->sets[kind][e->n_sets[kind]++] = value->text;
    return 1;
}

/* "Strict", or "T1 T1,T2": the values that the rule gave. */
static void put_values(const struct artefact *a, const struct a_set *set, struct text *t)
{
    for (uint32_t i = 0; i < set->values.n; i++) {
        text_puts(t, i ? " " : "=");
        text_put(t, artefact_str(a, ARTEFACT_ROWS(a, WORDS, struct a_str)[set->values.at + i]));
    }
}

static uint32_t set_of(const struct verdict_set *s, bool would)
{
    return !would ? s->set : s->would == s->set ? NO_INDEX : s->would;
}

static bool has_set(const struct artefact *a, const struct verdict *v, bool would, struct str expected)
{
    struct str id = str_upto(expected, str_find(expected, '='));
    bool none = true;

    for (uint32_t i = 0; i < v->n_sets; i++) {
        char bytes[RESTRICTION_VALUE_MAX * PLACES_MAX];
        const struct a_set *set;
        struct text t;

        if (set_of(&v->sets[i], would) == NO_INDEX)
            continue;
        none = false;
        set = &ARTEFACT_ROWS(a, SETS, struct a_set)[set_of(&v->sets[i], would)];
        text_init(&t, bytes, sizeof bytes);
        if (id.n < expected.n)
            put_values(a, set, &t);
        if (str_eq(artefact_str(a, restriction_at(a, set->restriction)->id), id) &&
            str_eq(text_str(&t), str_from(expected, id.n)))
            return true;
    }
    return none && str_eq(expected, STR("none"));
}

/* The address that goes on has that parameter, once. */
static bool has_query(const struct artefact *a, const struct verdict *v, const struct request *r,
                      struct str expected)
{
    char bytes[REQUEST_TARGET_MAX + CHANGES_MAX * (RESTRICTION_VALUE_MAX + ARTEFACT_NAME_MAX)];
    struct change changes[CHANGES_MAX];
    uint32_t n = restrict_changes(a, v, false, changes);
    struct str query, name = str_upto(expected, str_find(expected, '='));
    unsigned found = 0, same = 0;
    struct text t;

    text_init(&t, bytes, sizeof bytes);
    restrict_target(changes, n, r->target, &t);
    query = str_from(text_str(&t), str_find(text_str(&t), '?') + 1);
    if (str_eq(expected, STR("none")))
        return query.n == 0;
    while (query.n) {
        struct str pair = str_cut(&query, '&');

        found += str_ieq(str_upto(pair, str_find(pair, '=')), name);
        same += str_eq(pair, expected);
    }
    return found == 1 && same == 1;
}

static void put_came(const struct artefact *a, const struct verdict *v, bool would, struct text *t)
{
    bool some = false;

    for (uint32_t i = 0; i < v->n_sets; i++) {
        uint32_t index = set_of(&v->sets[i], would);
        const struct a_set *set;

        if (index == NO_INDEX)
            continue;
        set = &ARTEFACT_ROWS(a, SETS, struct a_set)[index];
        text_puts(t, some ? ", " : "");
        text_put(t, artefact_str(a, restriction_at(a, set->restriction)->id));
        put_values(a, set, t);
        some = true;
    }
    text_puts(t, some ? "" : "none");
}

bool expect_sets_met(const struct expected *e, const struct policy *p, const struct case_came *came,
                     struct text *t)
{
    const struct artefact *a = policy_artefact(p);
    bool met = true;

    for (unsigned kind = 0; kind < SET_EXPECTATIONS; kind++)
        for (unsigned i = 0; i < e->n_sets[kind]; i++) {
            struct str expected = e->sets[kind][i];

            if (kind == EXPECT_QUERY ? has_query(a, came->verdict, came->request, expected)
                                     : has_set(a, came->verdict, kind == EXPECT_WOULD_SET, expected))
                continue;
            met = false;
            text_puts(t, t->n ? "; " : "");
            text_puts(t, words[kind]);
            text_puts(t, " ");
            text_put(t, expected);
            if (kind == EXPECT_QUERY) {
                text_puts(t, ", which the address that goes on has not once");
                continue;
            }
            text_puts(t, ", not ");
            put_came(a, came->verdict, kind == EXPECT_WOULD_SET, t);
        }
    return met;
}
