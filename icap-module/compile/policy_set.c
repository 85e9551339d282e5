/* Policies: the lines `restriction ID VALUE ...` of a rule of verb set. */
#include "compile/policy_parse.h"
#include "compile/restriction.h"

static const struct a_place *place_at(const struct policy_parser *p, const struct a_restriction *r,
                                      uint32_t i)
{
    return build_at(p->b, SECTION_PLACES, r->places.at + i);
}

/* "YouTube-Restrict (one-of)", the n-th place that asks for a value. */
static int missing_value(struct policy_parser *p, const struct word *id, const struct a_place *place)
{
    return lex_error(&p->l, id, "'%.*s' needs a value for %s '%.*s': %s", STR_ARG(id->text),
                     word_of(WORDS_PLACE, place->kind), STR_ARG(build_text(p->b, place->name)),
                     word_lists[WORDS_SHAPE].meanings[place->shape]);
}

static int too_many(struct policy_parser *p, const struct word *id, const struct word *w, uint32_t n)
{
    return n ? lex_error(&p->l, w,
                         "'%.*s' is too much here: '%.*s' takes %u value%s (lists have commas and no blanks)",
                         STR_ARG(w->text), STR_ARG(id->text), n, n > 1 ? "s" : "")
             : lex_error(&p->l, w, "'%.*s' is too much here: '%.*s' takes no value", STR_ARG(w->text),
                         STR_ARG(id->text));
}

int policy_restriction(struct policy_parser *p, struct a_set *set)
{
    const struct word *keyword = &p->l.words[p->l.at - 1], *id = lex_line_word(&p->l), *w;
    struct str values[PLACES_MAX];
    const struct a_restriction *r;
    const char *const *names;
    uint32_t n = 0, rank;
    size_t n_names;

    if (!id)
        return lex_error(&p->l, keyword, "'restriction' must be followed by the id of one");
    set->restriction = build_find_restriction(p->b, id->text);
    if (set->restriction == NO_INDEX) {
        names = build_names(p->b, SECTION_RESTRICTIONS, &n_names);
        return n_names ? lex_unknown(&p->l, id, "restriction", names, n_names)
                       : lex_error(&p->l, id, "unknown restriction '%.*s': there is no map in restrictions/",
                                   STR_ARG(id->text));
    }
    r = build_at(p->b, SECTION_RESTRICTIONS, set->restriction);
    set->rank = 0;
    for (uint32_t i = 0; i < r->places.n && i < PLACES_MAX; i++) {
        if (!restriction_asks(place_at(p, r, i)))
            continue;
        w = lex_line_word(&p->l);
        if (!w)
            return missing_value(p, id, place_at(p, r, i));
        if (restriction_value(p->b, &p->l, place_at(p, r, i), w, &values[n], &rank))
            return -1;
        set->rank = set->rank << 8 | rank;
        n++;
    }
    w = lex_line_word(&p->l);
    if (w)
        return too_many(p, id, w, n);
    set->values = build_words_in_order(p->b, values, n);
    return 0;
}
