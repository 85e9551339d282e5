/* Worlds: all ways in which what a record does not hold may have been. */
#include "tools/replay_internal.h"

/* Whether the unknown is so in that world. */
static bool is_so(const struct looking *l, uint32_t world, uint16_t unknown)
{
    for (unsigned i = 0; i < l->n; i++)
        if (l->unknowns[i] == unknown)
            return world >> i & 1;
    return false;
}

static void suppose(const struct looking *l, struct side *s, uint32_t world)
{
    for (uint32_t i = 0; i < s->a->n[SECTION_CLAUSES]; i++)
        s->clauses[i] = replay_is_told(l, &replay_clauses(s)[i]) ? SUPPOSE_ASK
                        : is_so(l, world, s->clause[i]) != s->negated[i] ? YES
                                                                         : NO;
    for (uint32_t i = 0; i < s->a->n[SECTION_RULES]; i++)
        s->answered[i] = s->question[i] != NO_UNKNOWN && is_so(l, world, s->question[i]);
}

static struct verdict judge(const struct looking *l, struct side *s, uint32_t world)
{
    struct str groups[REPLAY_UNKNOWNS];
    size_t n = 0;
    struct verdict v = {.rule = RULE_NONE, .page = NO_INDEX, .would_rule = RULE_NONE, .ask = ASK_COUNT,
                        .step = STEP_COUNT, .returns = NO_INDEX, .what = replay_what(l, s)};
    struct request request;

    for (unsigned i = 0; i < l->n; i++)
        if (l->r->unknowns[l->unknowns[i]].group && world >> i & 1)
            groups[n++] = str_of(l->r->unknowns[l->unknowns[i]].text);
    request = replay_request(l, groups, n);
    suppose(l, s, world);
    arena_reset(&l->r->scratch->arena);
    v.who = person_of(s->policy, &request, l->r->scratch);
    if (l->e->people < PEOPLE_COUNT)
        v.who.people = l->e->people;
    decide(&s->view, NULL, &request, &v);
    return v;
}

static struct str rule_id(const struct side *s, uint32_t rule)
{
    return rule == RULE_NONE ? STR_NONE : artefact_str(s->a, replay_rules(s)[rule].id);
}

static bool as_recorded(const struct side *s, const struct verdict *v, const struct event *e)
{
    return v->action == e->action && v->why == e->why && v->shadow == e->shadow &&
           str_eq(verdict_rule(s->policy, v), e->rule) &&
           (!v->shadow || (v->would == e->would && str_eq(rule_id(s, v->would_rule), e->would_rule)));
}

static struct replay_outcome outcome_of(const struct side *s, const struct verdict *v)
{
    bool held = v->action == ACTION_ALLOW && v->shadow;
    struct verdict told = *v;
    struct replay_outcome o = {.face = held                        ? FACE_HELD_BACK
                                       : v->action == ACTION_ALLOW ? FACE_ALLOWED
                                       : v->action == ACTION_ASK   ? FACE_ASKED
                                                                   : FACE_REFUSED};

    if (held) {
        told.rule = v->would_rule;
        told.why = v->would_why;
    }
    o.rule = verdict_rule(s->policy, &told);
    o.because = verdict_because(s->policy, &told);
    o.cite = verdict_cite(s->policy, &told);
    if (v->page != NO_INDEX)
        o.page = artefact_str(s->a, ARTEFACT_ROWS(s->a, PAGES, struct a_page)[v->page].name);
    return o;
}

static bool same_face(const struct replay_outcome *a, const struct replay_outcome *b)
{
    return a->face == b->face && str_eq(a->page, b->page);
}

static void keep_after(struct replay_kind *k, const struct replay_outcome *o)
{
    for (unsigned i = 0; i < k->n_after; i++)
        if (same_face(&k->after[i], o) && str_eq(k->after[i].rule, o->rule))
            return;
    if (k->n_after < REPLAY_AFTER)
        k->after[k->n_after++] = *o;
}

enum world { WORLD_NONE = 0, WORLD_SAME, WORLD_CHANGED };

/* Groups alone in their world, and unknowns on which the change hangs. */
static void find_parts(const struct looking *l, const unsigned char *worlds, struct replay_kind *k)
{
    uint32_t all_groups = 0;

    for (unsigned i = 0; i < l->n; i++)
        all_groups |= l->r->unknowns[l->unknowns[i]].group ? 1u << i : 0;
    for (uint32_t w = 0; w < 1u << l->n; w++) {
        if (worlds[w] == WORLD_NONE)
            continue;
        for (unsigned i = 0; i <= l->n; i++) {
            uint32_t bit = i < l->n ? 1u << i : 0;

            if (i == l->n || all_groups & bit) {
                if ((w & all_groups) == bit)
                    k->parts[i == l->n ? REPLAY_NAMES : i] |= worlds[w] == WORLD_CHANGED ? PART_CHANGES : PART_STAYS;
            } else if (worlds[w ^ bit] != WORLD_NONE && worlds[w ^ bit] != worlds[w]) {
                k->parts[i] = PART_BOTH;
            }
        }
    }
}

/* Tries one world. */
static enum world try_world(struct looking *l, struct replay_kind *k, uint32_t world)
{
    struct verdict v = judge(l, &l->r->sides[OLD], world);
    struct replay_outcome o;

    if (!as_recorded(&l->r->sides[OLD], &v, l->e))
        return WORLD_NONE;
    k->before = outcome_of(&l->r->sides[OLD], &v);
    v = judge(l, &l->r->sides[NEW], world);
    o = outcome_of(&l->r->sides[NEW], &v);
    if (same_face(&k->before, &o))
        return WORLD_SAME;
    keep_after(k, &o);
    return WORLD_CHANGED;
}

/* Where groups were not resolved it is all the same which ones they are. */
static bool worth_trying(const struct looking *l, uint32_t world)
{
    for (unsigned i = 0; l->unresolved && i < l->n; i++)
        if (l->r->unknowns[l->unknowns[i]].group && world >> i & 1)
            return false;
    return true;
}

static void try_worlds(struct looking *l, struct replay_kind *k, unsigned char *worlds)
{
    unsigned n[] = {[WORLD_NONE] = 0, [WORLD_SAME] = 0, [WORLD_CHANGED] = 0};

    for (uint32_t w = 0; w < 1u << l->n; w++) {
        worlds[w] = (unsigned char)(worth_trying(l, w) ? try_world(l, k, w) : WORLD_NONE);
        n[worlds[w]]++;
    }
    k->fate = n[WORLD_CHANGED] && n[WORLD_SAME] ? REPLAY_DEPENDS
              : n[WORLD_CHANGED]                ? REPLAY_CHANGED
              : n[WORLD_SAME]                   ? REPLAY_SAME
                                                : REPLAY_OTHERWISE;
    k->unresolved = l->unresolved;
}

void replay_judge(struct looking *l, struct replay_kind *k)
{
    static unsigned char worlds[1u << REPLAY_UNKNOWNS];

    try_worlds(l, k, worlds);
    if (k->fate == REPLAY_OTHERWISE) {
        l->unresolved = true;
        try_worlds(l, k, worlds);
    }
    if (k->fate == REPLAY_CHANGED || k->fate == REPLAY_DEPENDS)
        find_parts(l, worlds, k);
}
