/* What an event tells, and what of the two policies' verdicts hangs on more than it tells. */
#include "tools/replay_internal.h"

#include "core/categories.h"
#include "core/conditions.h"

static uint32_t platform_of(const struct side *s, struct str id)
{
    for (uint32_t i = 0; id.n && i < s->a->n[SECTION_PLATFORMS]; i++)
        if (str_eq(artefact_str(s->a, ARTEFACT_ROWS(s->a, PLATFORMS, struct a_platform)[i].id), id))
            return i;
    return NO_INDEX;
}

/* Tools that manage another platform's accounts have none of their own. */
static uint32_t account_of(const struct side *s, uint32_t platform, struct str name)
{
    if (platform != NO_INDEX)
        platform = identity_platform(s->a, platform);
    for (uint32_t i = 0; i < s->a->n[SECTION_ACCOUNTS]; i++) {
        const struct a_account *row = &ARTEFACT_ROWS(s->a, ACCOUNTS, struct a_account)[i];

        if (row->platform == platform && str_eq(artefact_str(s->a, row->name), name))
            return i;
    }
    return NO_INDEX;
}

/* Lists are looked at only where a policy asks for them. */
static bool categories_told(const struct looking *l)
{
    return l->e->categories || policy_asks_categories(l->r->sides[OLD].policy);
}

bool replay_is_told(const struct looking *l, const struct a_clause *clause)
{
    switch (condition_by_number(clause->condition)->args) {
    case ARG_PLATFORMS:
    case ARG_CLASSES:
    case ARG_MEDIA:
    case ARG_ACTIVITIES:
    case ARG_IDENTITIES:
    case ARG_ORIGINS:
    case ARG_GROUPS: /* by the groups of the world */
        return true;
    case ARG_CATEGORIES:
        return categories_told(l);
    case ARG_GROUPS_STATE: /* by the worlds where they are not */
        return l->unresolved;
    case ARG_COUNTRIES:
    case ARG_ASNS: /* of a site by name only its answer tells, and of an answer that went on there is no record */
        return l->e->has_place;
    case ARG_ACCOUNTS:
    case ARG_ACCOUNT_FLAGS:
        return !l->differing_accounts;
    case ARG_PEOPLE:
        return l->e->people < PEOPLE_COUNT;
    case ARG_USER:
    case ARG_KNOWN_BY:
        return l->e->has_pseudonym; /* one person, by their sign-in */
    default:
        return false;
    }
}

struct classification replay_what(const struct looking *l, const struct side *s)
{
    const struct event *e = l->e;
    struct classification c = {.platform = platform_of(s, e->platform),
                               .categories = categories_told(l) ? e->categories : UINT32_MAX, /* it may be of any */
                               .role = ROLE_MAIN,
                               .activity = e->activity,
                               .confidence = e->confidence,
                               .account_state = ACCOUNT_STATE_NAMED,
                               .registered = NO_INDEX,
                               .identity = e->identity,
                               .origin = e->origin,
                               .carrier = NO_INDEX,
                               .place = {e->has_place, e->asn, e->country}};

    if (str_eq(e->account, STR("none")))
        c.account_state = ACCOUNT_STATE_NOBODY;
    else if (str_eq(e->account, STR("unknown")))
        c.account_state = ACCOUNT_STATE_UNKNOWN;
    else
        c.registered = account_of(s, c.platform, e->account);
    return c;
}

struct request replay_request(const struct looking *l, struct str *groups, size_t n)
{
    return (struct request){.kind = REQUEST_PLAIN,
                            .method = STR("GET"),
                            .host = STR("host.invalid"),
                            .path = STR("/"),
                            .account_name = l->e->has_pseudonym ? STR("*") : STR_NONE, /* a name that no register holds */
                            .has_groups = !l->unresolved,
                            .groups = groups,
                            .n_groups = n};
}

static void add_unknown(struct looking *l, uint16_t unknown)
{
    if (unknown == NO_UNKNOWN || l->r->unknowns[unknown].fixed)
        return;
    for (unsigned i = 0; i < l->n; i++)
        if (l->unknowns[i] == unknown)
            return;
    if (l->n == FOUND_MAX)
        l->too_many = true;
    else
        l->unknowns[l->n++] = unknown;
}

/* Some clause that the record tells is not met: the rule is out, whatever else is so. */
static bool is_out(const struct looking *l, const struct match *m, const struct a_rule *rule)
{
    for (uint32_t i = 0; i < rule->clauses.n; i++) {
        const struct a_clause *clause = &ARTEFACT_ROWS(m->artefact, CLAUSES, struct a_clause)[rule->clauses.at + i];

        if (replay_is_told(l, clause) && condition_by_number(clause->condition)->args != ARG_GROUPS && match_clause(m, clause) == NO)
            return true;
    }
    return false;
}

static void add_rule(struct looking *l, const struct side *s, const struct a_rule *rule)
{
    for (uint32_t i = 0; i < rule->clauses.n; i++) {
        const struct a_clause *clause = &replay_clauses(s)[rule->clauses.at + i];
        const uint32_t *args = artefact_numbers(s->a, clause->args);

        s->relevant[rule->clauses.at + i] = 1;
        if (!replay_is_told(l, clause))
            add_unknown(l, s->clause[rule->clauses.at + i]);
        for (uint32_t k = 0; k < clause->args.n && condition_by_number(clause->condition)->args == ARG_GROUPS; k++)
            add_unknown(l, s->group[args[k]]);
    }
    add_unknown(l, s->question[rule - replay_rules(s)]);
}

static struct a_list candidates_of(const struct side *s, uint32_t platform)
{
    return platform == NO_INDEX ? ARTEFACT_ROWS(s->a, META, struct a_meta)->candidates_none
                                : ARTEFACT_ROWS(s->a, PLATFORMS, struct a_platform)[platform].candidates;
}

/* ---- groups that count alike ---- */

/* Whether the clause names the group. */
static bool names_group(const struct side *s, const struct a_clause *clause, uint16_t unknown)
{
    const uint32_t *args = artefact_numbers(s->a, clause->args);

    for (uint32_t k = 0; k < clause->args.n; k++)
        if (s->group[args[k]] == unknown)
            return true;
    return false;
}

static bool has_mode(const struct side *s, uint16_t unknown)
{
    for (uint32_t i = 0; i < s->a->n[SECTION_GROUPS]; i++)
        if (s->group[i] == unknown && (ARTEFACT_ROWS(s->a, GROUPS, struct a_group)[i].mode != NO_INDEX ||
                                       ARTEFACT_ROWS(s->a, GROUPS, struct a_group)[i].people != NO_INDEX))
            return true;
    return false;
}

/* Wherever one of two groups is named the other is, too: it is all the same which of them somebody is in. */
static bool count_alike(const struct side *s, uint16_t one, uint16_t other)
{
    for (uint32_t i = 0; i < s->a->n[SECTION_CLAUSES]; i++) {
        const struct a_clause *clause = &replay_clauses(s)[i];

        if (s->relevant[i] && condition_by_number(clause->condition)->args == ARG_GROUPS &&
            names_group(s, clause, one) != names_group(s, clause, other))
            return false;
    }
    return !has_mode(s, one) && !has_mode(s, other);
}

/* Of groups that count alike the first stands for all. */
static void merge_groups(struct looking *l)
{
    unsigned n = 0;

    for (unsigned i = 0; i < l->n; i++) {
        unsigned k = 0;

        while (k < n && !(l->r->unknowns[l->unknowns[i]].group && l->r->unknowns[l->unknowns[k]].group &&
                          count_alike(&l->r->sides[OLD], l->unknowns[i], l->unknowns[k]) &&
                          count_alike(&l->r->sides[NEW], l->unknowns[i], l->unknowns[k])))
            k++;
        if (k == n)
            l->unknowns[n++] = l->unknowns[i];
        else
            l->like[l->n_like++] = (struct like){l->unknowns[i], (uint16_t)k};
    }
    l->n = n;
}

/* What the verdict on this kind can hang on, on one side. */
static void find_unknowns(struct looking *l, struct side *s)
{
    struct match_memory memory = {0};
    struct request request = replay_request(l, NULL, 0);
    struct verdict v = {.what = replay_what(l, s)};
    struct match m;
    struct a_list list = candidates_of(s, v.what.platform);

    memset(s->clauses, SUPPOSE_ASK, s->a->n[SECTION_CLAUSES]);
    memset(s->relevant, 0, s->a->n[SECTION_CLAUSES]);
    arena_reset(&l->r->scratch->arena);
    v.who = person_of(s->policy, &request, l->r->scratch);
    if (l->e->people < PEOPLE_COUNT)
        v.who.people = l->e->people;
    m = match_for(&s->view, &request, &v, &memory);
    for (uint32_t i = 0; i < list.n; i++) {
        const struct a_rule *rule = &replay_rules(s)[artefact_numbers(s->a, list)[i]];

        if (rule->verb != VERB_SET && !is_out(l, &m, rule))
            add_rule(l, s, rule);
    }
    for (uint32_t i = 0; i < s->a->n[SECTION_GROUPS]; i++) /* who are counted alone */
        if (ARTEFACT_ROWS(s->a, GROUPS, struct a_group)[i].mode != NO_INDEX)
            add_unknown(l, s->group[i]);
}

static bool lacks_account(const struct side *s, const struct side *other, struct str id)
{
    uint32_t platform = platform_of(s, id), there = platform_of(other, id);

    for (uint32_t i = 0; i < s->a->n[SECTION_ACCOUNTS]; i++) {
        const struct a_account *row = &ARTEFACT_ROWS(s->a, ACCOUNTS, struct a_account)[i];

        if (row->platform == platform && account_of(other, there, artefact_str(s->a, row->name)) == NO_INDEX)
            return true;
    }
    return false;
}

void replay_find_unknowns(struct looking *l)
{
    const struct side *old = &l->r->sides[OLD], *now = &l->r->sides[NEW];

    l->differing_accounts = str_eq(l->e->account, STR("other")) && (lacks_account(old, now, l->e->platform) ||
                                                                   lacks_account(now, old, l->e->platform));
    find_unknowns(l, &l->r->sides[OLD]);
    find_unknowns(l, &l->r->sides[NEW]);
    merge_groups(l);
}
