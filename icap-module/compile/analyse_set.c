/* What is said of rules that set one restriction to different values. */
#include "compile/analyse.h"

static const struct a_set *set_at(const struct study *s, uint32_t i)
{
    return build_at(s->c->b, SECTION_SETS, i);
}

static bool same_values(const struct study *s, const struct a_set *x, const struct a_set *y)
{
    for (uint32_t i = 0; i < x->values.n && i < y->values.n; i++)
        if (!str_eq(build_text(s->c->b, *(struct a_str *)build_at(s->c->b, SECTION_WORDS, x->values.at + i)),
                    build_text(s->c->b, *(struct a_str *)build_at(s->c->b, SECTION_WORDS, y->values.at + i))))
            return false;
    return true;
}

bool analyse_sets_alike(const struct study *s, const struct a_rule *x, const struct a_rule *y)
{
    for (uint32_t i = 0; i < x->sets.n; i++) {
        const struct a_set *one = set_at(s, x->sets.at + i);
        bool found = false;

        for (uint32_t k = 0; k < y->sets.n && !found; k++) {
            const struct a_set *other = set_at(s, y->sets.at + k);

            found = one->restriction == other->restriction && same_values(s, one, other);
        }
        if (!found)
            return false;
    }
    return true;
}

/* The restriction that both set to values of which neither is the stricter, or NO_INDEX. */
static uint32_t undecided(const struct study *s, const struct a_rule *x, const struct a_rule *y)
{
    for (uint32_t i = 0; i < x->sets.n; i++)
        for (uint32_t k = 0; k < y->sets.n; k++) {
            const struct a_set *one = set_at(s, x->sets.at + i), *other = set_at(s, y->sets.at + k);

            if (one->restriction == other->restriction && one->rank == other->rank &&
                !same_values(s, one, other))
                return one->restriction;
        }
    return NO_INDEX;
}

bool analyse_sets_undecided(const struct study *s, const struct a_rule *x, const struct a_rule *y)
{
    return undecided(s, x, y) != NO_INDEX;
}

void analyse_differing(struct study *s, const struct analysis *a)
{
    for (uint32_t x = 0; x < s->n_rules; x++)
        for (uint32_t y = 0; y < x; y++) {
            uint32_t restriction = undecided(s, check_rule_at(s->c, x), check_rule_at(s->c, y));

            if (restriction == NO_INDEX ||
                !region_meets(s->world, s->rules[x].regions[SURE], s->rules[y].regions[SURE]))
                continue;
            check_say(
                s->c, a->severity, SECTION_RULES, x,
                "set '%.*s' and set '%.*s' (line %u) give the same people different values of '%.*s', of "
                "which "
                "neither is the stricter: put an 'except' into one of them [%s]",
                STR_ARG(build_text(s->c->b, check_rule_at(s->c, x)->id)),
                STR_ARG(build_text(s->c->b, check_rule_at(s->c, y)->id)), analyse_line(s, SECTION_RULES, y),
                STR_ARG(build_text(
                    s->c->b,
                    ((struct a_restriction *)build_at(s->c->b, SECTION_RESTRICTIONS, restriction))->id)),
                a->id);
        }
}
