/* What becomes of each rule, by the steps of core/decide.c. A rule is held against every other one. */
#include "compile/analyse.h"

#include "core/request.h"

#include <stdlib.h>

static const struct a_rule *rule_at(const struct study *s, uint32_t i)
{
    return check_rule_at(s->c, i);
}

static const struct a_meta *meta(const struct study *s)
{
    return s->c->meta;
}

static bool asks_category(const struct study *s, const struct a_rule *r)
{
    for (uint32_t i = 0; i < r->clauses.n; i++)
        if (check_kind_of(check_clause_at(s->c, r, i)) == ARG_CATEGORIES)
            return true;
    return false;
}

/* Where a rule does something: a permit only when it is sure, all others when they are unsure, too; a reason
 * only where the default refuses (steps 6 to 8). */
static struct region *acting(const struct study *s, const struct a_rule *r)
{
    struct region *acts = region_new(s->world, r->verb == VERB_PERMIT ? SURE : POSSIBLE);

    if (!acts)
        return NULL;
    region_add(s->world, acts, r->clauses);
    if (r->verb == VERB_REASON) {
        region_limit_classes(s->world, acts, meta(s)->scope_classes);
        if (meta(s)->default_action == ACTION_ALLOW)
            region_limit(acts, DIMENSION_ACTIVITY, (uint64_t)1 << ACTIVITY_COUNT);
    }
    if (r->verb == VERB_REQUIRE && r->ask == ASK_PERSON) { /* match_recall.c: at_profile */
        region_limit(acts, DIMENSION_ACTIVITY, (uint64_t)1 << ACTIVITY_VIEW);
        region_limit(acts, DIMENSION_ORIGIN, (uint64_t)1 << ORIGIN_PERSON);
        region_limit(acts, DIMENSION_USER, (uint64_t)1 << USER_KNOWN);
    }
    region_settle(s->world, acts);
    return acts;
}

/* While it lets people through their minutes are counted. */
static bool spends(const struct study *s, const struct a_rule *r)
{
    for (uint32_t i = 0; r->verb == VERB_PERMIT && i < r->clauses.n; i++) {
        const struct a_clause *clause = check_clause_at(s->c, r, i);

        if (check_kind_of(clause) == ARG_ALLOWANCES && !(clause->flags & CLAUSE_EXCEPT))
            return true;
    }
    return false;
}

/* A rule that does more than to permit or to forbid. */
static bool does_more(const struct study *s, const struct a_rule *r)
{
    return r->waives || r->flags & RULE_HOST_ONLY || spends(s, r);
}

/* The same page, words and question. */
static bool says_the_same(const struct a_rule *x, const struct a_rule *y)
{
    return x->page == y->page && x->ask == y->ask && x->because.at == y->because.at &&
           x->because.n == y->because.n && x->cite.at == y->cite.at && x->cite.n == y->cite.n;
}

/* A rule in shadow beside one in force: what it counts happens anyway. */
static bool is_mute(const struct a_rule *x, const struct a_rule *y)
{
    return x->flags & RULE_SHADOW && !(y->flags & RULE_SHADOW) && x->verb != VERB_REQUIRE;
}

/* As decide.c chooses: more conditions, then the name. */
static bool ranks_before(const struct study *s, uint32_t x, uint32_t y)
{
    const struct a_rule *a = rule_at(s, x), *b = rule_at(s, y);

    if (a->clauses.n != b->clauses.n)
        return a->clauses.n > b->clauses.n;
    return str_cmp(build_text(s->c->b, a->id), build_text(s->c->b, b->id)) < 0;
}

/* Whether `y` always stands beside `x` where that acts: what is in shadow does nothing to what is in force.
 */
static bool stands_by(const struct a_rule *y, const struct a_rule *x)
{
    return !(y->flags & RULE_SHADOW) || x->flags & RULE_SHADOW;
}

/* Steps 3 to 5: `y` decides wherever in `acts`, what of `x` acts, `x` would. */
static bool decides_before(const struct study *s, uint32_t x, uint32_t y, const struct region *acts)
{
    enum verb verb = rule_at(s, x)->verb, by = rule_at(s, y)->verb;
    enum sureness certain = meta(s)->unsure_action == ACTION_REFUSE ? POSSIBLE : SURE;

    if (by == VERB_FORBID && verb != VERB_FORBID)
        return region_within(s->world, acts, s->rules[y].regions[certain]);
    if (by == VERB_PERMIT && verb == VERB_REASON)
        return region_within(s->world, acts, s->rules[y].regions[SURE]);
    return false;
}

/* `y` matches wherever `x` does, and is unsure at worst where `x` is. */
static bool wider(const struct study *s, uint32_t x, uint32_t y)
{
    const struct a_rule *a = rule_at(s, x), *b = rule_at(s, y);
    const struct rule_study *rx = &s->rules[x], *ry = &s->rules[y];

    if (a->verb != b->verb || (a->verb == VERB_REQUIRE && a->ask != b->ask))
        return false;
    /* A notice is answered once for all rules; every other rule asks for itself, when the one before is
     * answered. */
    if (a->verb == VERB_REQUIRE && a->ask != ASK_NOTICE)
        return false;
    if (does_more(s, a))
        return false;
    /* In doubt a category stays shut whatever `unsure` says: such rules are not alike. */
    if (a->verb == VERB_FORBID && meta(s)->unsure_action == ACTION_ALLOW &&
        asks_category(s, a) != asks_category(s, b))
        return false;
    if (!region_within(s->world, rx->regions[POSSIBLE], ry->regions[POSSIBLE]))
        return false;
    return a->verb == VERB_REQUIRE || region_within(s->world, rx->regions[SURE], ry->regions[SURE]);
}

static bool asks_grant(const struct study *s, const struct a_rule *r)
{
    for (uint32_t i = 0; i < r->clauses.n; i++)
        if (check_kind_of(check_clause_at(s->c, r, i)) == ARG_GRANT)
            return true;
    return false;
}

/* `x` is chosen before the wider `y`, which says the same: without it the same is shown, unless a third rule
 * with other words comes between them, or a page that follows the step that a grant lacks. */
static bool stands_in(const struct study *s, uint32_t x, uint32_t y)
{
    if (asks_grant(s, rule_at(s, x)))
        return false;
    for (uint32_t z = 0; z < s->n_rules; z++)
        if (z != x && z != y && rule_at(s, z)->verb == rule_at(s, x)->verb && ranks_before(s, z, y) &&
            (asks_grant(s, rule_at(s, z)) || !says_the_same(rule_at(s, x), rule_at(s, z))) &&
            region_meets(s->world, s->rules[x].regions[POSSIBLE], s->rules[z].regions[POSSIBLE]))
            return false;
    return true;
}

/* Of two rules that set the same the one that reaches less far adds nothing; of equals the later by name. */
static enum fate set_beside(const struct study *s, uint32_t x, uint32_t y)
{
    const struct rule_study *rx = &s->rules[x], *ry = &s->rules[y];

    if (rule_at(s, y)->verb != VERB_SET || !analyse_sets_alike(s, rule_at(s, x), rule_at(s, y)) ||
        !region_within(s->world, rx->acts, ry->acts))
        return FATE_LIVES;
    if (region_within(s->world, ry->acts, rx->acts) && analyse_sets_alike(s, rule_at(s, y), rule_at(s, x)) &&
        stands_by(rule_at(s, x), rule_at(s, y)) && ranks_before(s, x, y))
        return FATE_LIVES;
    for (uint32_t z = 0; z < s->n_rules; z++) /* beside a third, more conditions may decide */
        if (rule_at(s, z)->verb == VERB_SET && analyse_sets_undecided(s, rule_at(s, x), rule_at(s, z)))
            return FATE_LIVES;
    return FATE_REDUNDANT;
}

/* What `y` does to `x`. */
static enum fate fate_beside(const struct study *s, uint32_t x, uint32_t y)
{
    const struct a_rule *a = rule_at(s, x), *b = rule_at(s, y);

    if (!stands_by(b, a))
        return FATE_LIVES;
    if (decides_before(s, x, y, s->rules[x].acts))
        return a->verb == VERB_PERMIT &&
                       region_within(s->world, s->rules[y].regions[SURE], s->rules[x].regions[SURE])
                   ? FATE_CONTRADICTORY
                   : FATE_SHADOWED;
    if (a->verb == VERB_SET)
        return set_beside(s, x, y);
    if (!wider(s, x, y))
        return FATE_LIVES;
    if (is_mute(a, b))
        return FATE_REDUNDANT;
    if (ranks_before(s, y, x))
        return says_the_same(a, b) ? FATE_REDUNDANT : FATE_OUTRANKED;
    /* Of two that are the same the one that is never chosen is told. */
    if (!says_the_same(a, b) || (stands_by(a, b) && wider(s, y, x)) || !stands_in(s, x, y))
        return FATE_LIVES;
    return FATE_REDUNDANT;
}

static void beside_others(struct study *s, uint32_t x)
{
    struct rule_study *r = &s->rules[x];

    for (uint32_t y = 0; y < s->n_rules; y++) {
        enum fate fate = x == y || s->rules[y].fate == FATE_DEAD ? FATE_LIVES : fate_beside(s, x, y);

        if (fate == FATE_LIVES || (r->fate != FATE_LIVES && r->fate <= fate))
            continue;
        r->fate = fate; /* the enum runs from worst to mildest */
        r->other = y;
    }
}

/* The rule that decides before `x` in that kind of time; `x` itself where it does not act then; NO_INDEX:
 * none. */
static uint32_t decides_at(const struct study *s, uint32_t x, uint64_t hours)
{
    struct region *acts = region_slice(s->world, s->rules[x].acts, DIMENSION_TIME, hours);
    uint32_t found = acts && acts->empty ? x : NO_INDEX;

    for (uint32_t y = 0; acts && found == NO_INDEX && y < s->n_rules; y++)
        if (y != x && s->rules[y].fate != FATE_DEAD && stands_by(rule_at(s, y), rule_at(s, x)) &&
            decides_before(s, x, y, acts))
            found = y;
    free(acts);
    return found;
}

/* Own time and work time are all the time there is: a rule may be decided before by one rule in the one and
 * by another in the other. */
static void beside_pairs(struct study *s, uint32_t x)
{
    struct rule_study *r = &s->rules[x];
    uint32_t first = NO_INDEX, second = NO_INDEX;

    for (unsigned hours = 0; hours <= HOURS_COUNT; hours++) {
        uint32_t y = decides_at(s, x, (uint64_t)1 << hours);

        if (y == NO_INDEX)
            return;
        if (y != x && first == NO_INDEX)
            first = y;
        else if (y != x && y != first)
            second = y;
    }
    if (second == NO_INDEX)
        return;
    r->fate = FATE_SHADOWED;
    r->other = first;
    r->with = second;
}

static bool meets_any(const struct study *s, uint32_t x, unsigned verbs)
{
    for (uint32_t y = 0; y < s->n_rules; y++) {
        enum verb verb = rule_at(s, y)->verb;

        if (verbs >> verb & 1 && region_meets(s->world, s->rules[x].acts,
                                              s->rules[y].regions[verb == VERB_PERMIT ? SURE : POSSIBLE]))
            return true;
    }
    return false;
}

/* A permit of what is allowed anyway; a require of what is refused anyway. */
static bool has_no_effect(const struct study *s, uint32_t x)
{
    const struct a_rule *r = rule_at(s, x);
    const struct region *acts = s->rules[x].acts;
    bool allowed = meta(s)->default_action == ACTION_ALLOW;

    if (does_more(s, r))
        return false;
    if (r->verb == VERB_PERMIT && allowed) {
        bool opens_writes = meta(s)->unknown_write_action == ACTION_REFUSE &&
                            acts->masks[DIMENSION_ACTIVITY] >> ACTIVITY_COUNT & 1;

        return !opens_writes && !meets_any(s, x, 1u << VERB_FORBID | 1u << VERB_REQUIRE);
    }
    return r->verb == VERB_REQUIRE && !allowed &&
           !region_leaves_classes(s->world, acts, meta(s)->scope_classes) &&
           !meets_any(s, x, 1u << VERB_PERMIT);
}

/* No default refusal, no use for a reason: check_rule.c has said so already. */
static bool never_asked(const struct study *s, const struct a_rule *r)
{
    return r->verb == VERB_REASON && meta(s)->default_action == ACTION_ALLOW &&
           meta(s)->unknown_write_action == ACTION_ALLOW;
}

static enum fate fate_alone(const struct study *s, uint32_t x)
{
    const struct a_rule *r = rule_at(s, x);
    const struct rule_study *own = &s->rules[x];

    if (never_asked(s, r))
        return FATE_LIVES;
    if (own->acts->empty)
        return FATE_DEAD;
    if (!own->regions[SURE]->empty || r->verb == VERB_SET) /* in doubt a restriction is set */
        return FATE_LIVES;
    /* A forbid that is unsure at best is let through where the policy says so. */
    if (r->verb == VERB_FORBID && meta(s)->unsure_action == ACTION_ALLOW && !asks_category(s, r))
        return FATE_DEAD;
    return FATE_UNSURE_ONLY;
}

static bool make_regions(struct study *s)
{
    for (uint32_t i = 0; i < s->n_rules; i++) {
        struct rule_study *r = &s->rules[i];

        r->regions[SURE] = region_of(s->world, rule_at(s, i), SURE);
        r->regions[POSSIBLE] = region_of(s->world, rule_at(s, i), POSSIBLE);
        r->acts = acting(s, rule_at(s, i));
        r->other = r->with = NO_INDEX;
        if (!r->regions[SURE] || !r->regions[POSSIBLE] || !r->acts)
            return false;
    }
    return true;
}

bool analyse_fates(struct study *s)
{
    if (!make_regions(s))
        return false;
    for (uint32_t i = 0; i < s->n_rules; i++)
        s->rules[i].fate = fate_alone(s, i);
    for (uint32_t i = 0; i < s->n_rules; i++)
        if (s->rules[i].fate == FATE_LIVES && !never_asked(s, rule_at(s, i)))
            beside_others(s, i);
    for (uint32_t i = 0; build_count(s->c->b, SECTION_CALENDARS) && i < s->n_rules; i++)
        if (s->rules[i].fate == FATE_LIVES && !never_asked(s, rule_at(s, i)))
            beside_pairs(s, i);
    for (uint32_t i = 0; i < s->n_rules; i++)
        if (s->rules[i].fate == FATE_LIVES && has_no_effect(s, i))
            s->rules[i].fate = FATE_NO_EFFECT;
    return true;
}
