/* Regions: clauses to sets, what no request can be cut off, one set held against another. */
#include "compile/analyse_sets.h"

#include "core/request.h"

#include <stdlib.h>

static uint64_t bit(unsigned n)
{
    return (uint64_t)1 << n;
}

static bool holds(const uint64_t *bits, uint32_t n)
{
    return bits[n / 64] >> (n % 64) & 1;
}

static void drop(uint64_t *bits, uint32_t n)
{
    bits[n / 64] &= ~bit(n % 64);
}

static uint64_t *accounts_of(const struct world *w, struct region *r)
{
    return r->bits + w->platform_words;
}

static const uint64_t *accounts_in(const struct world *w, const struct region *r)
{
    return r->bits + w->platform_words;
}

struct region *region_new(const struct world *w, enum sureness s)
{
    size_t words = w->platform_words + 3 * w->account_words;
    struct region *r = calloc(1, sizeof *r + words * sizeof *r->bits);

    if (!r)
        return NULL;
    r->sureness = s;
    for (unsigned d = 0; d < DIMENSIONS; d++)
        r->masks[d] = ~(uint64_t)0;
    r->masks[DIMENSION_USER] = r->masks[DIMENSION_GROUPS] = 3;
    r->masks[DIMENSION_PEOPLE] = w->people;
    r->masks[DIMENSION_KNOWN_BY] = bit(KNOWN_BY_COUNT) - 1;
    r->masks[DIMENSION_TIME] = w->hours;
    memset(r->bits, 0xff, words * sizeof *r->bits);
    for (uint32_t p = w->n_states; p < 64 * w->platform_words; p++)
        drop(r->bits, p);
    return r;
}

/* How a condition with few states is answered: the state in which it is unsure, unless its words name that.
 */
struct small {
    bool is;
    enum dimension dimension;
    uint64_t unsure;
};

static const struct small smalls[] = {
    [ARG_ACTIVITIES] = {true, DIMENSION_ACTIVITY, (uint64_t)1 << ACTIVITY_COUNT},
    [ARG_IDENTITIES] = {true, DIMENSION_IDENTITY, 1 << IDENTITY_UNKNOWN},
    [ARG_ORIGINS] = {true, DIMENSION_ORIGIN, 1 << ORIGIN_UNKNOWN},
    [ARG_ROLES] = {true, DIMENSION_ROLE, 0},
    [ARG_USER] = {true, DIMENSION_USER, 0},
    [ARG_GROUPS_STATE] = {true, DIMENSION_GROUPS, 0},
    [ARG_KNOWN_BY] = {true, DIMENSION_KNOWN_BY, 0},
    [ARG_PEOPLE] = {true, DIMENSION_PEOPLE, (uint64_t)1 << PEOPLE_COUNT},
};

static uint64_t answered(uint64_t yes, uint64_t unsure, bool except, enum sureness s)
{
    if (except)
        return s == SURE ? ~(yes | unsure) : ~yes;
    return s == SURE ? yes : yes | unsure;
}

static void add_small(struct region *r, const struct small *small, const struct a_clause *clause,
                      const uint32_t *args)
{
    uint64_t yes = 0;

    for (uint32_t i = 0; i < clause->args.n; i++)
        yes |= bit(args[i]);
    r->masks[small->dimension] &= answered(yes, small->unsure, clause->flags & CLAUSE_EXCEPT, r->sureness);
}

static bool listed(const uint32_t *args, uint32_t n, uint32_t value)
{
    for (uint32_t i = 0; i < n; i++)
        if (args[i] == value)
            return true;
    return false;
}

/* Platforms, classes and media are never unsure; none of them is fulfilled where there is no platform. */
static void add_platforms(const struct world *w, struct region *r, const struct a_clause *clause,
                          const uint32_t *args)
{
    enum arg_kind kind = condition_by_number(clause->condition)->args;
    bool except = clause->flags & CLAUSE_EXCEPT;

    for (uint32_t p = 0; p < w->n_states; p++) {
        uint32_t class, value = p;
        bool broadcast_only, known = world_platform(w, p, &class, &broadcast_only);

        if (kind == ARG_CLASSES)
            value = class;
        else if (kind == ARG_MEDIA)
            value = broadcast_only;
        if ((known && listed(args, clause->args.n, value)) == except)
            drop(r->bits, p);
    }
}

/* What the clause says of one state of the account; match_account() and match_account_flag(). */
static bool account_yes(const struct world *w, enum arg_kind kind, const struct a_clause *clause,
                        const uint32_t *args, uint32_t state)
{
    uint32_t account = state - ACCOUNT_BIT_FIRST, n = clause->args.n;
    bool registered = state >= ACCOUNT_BIT_TO_COME;

    if (kind == ARG_ACCOUNT_FLAGS) {
        uint32_t flags = state - ACCOUNT_BIT_TO_COME;

        if (state >= ACCOUNT_BIT_FIRST)
            flags = ((const struct a_account *)build_at(w->b, SECTION_ACCOUNTS, account))->flags;
        for (uint32_t i = 0; registered && i < n; i++)
            if (flags & args[i])
                return true;
        return false;
    }
    if (state == ACCOUNT_BIT_UNKNOWN || state == ACCOUNT_BIT_NOBODY)
        return listed(args, n, state == ACCOUNT_BIT_UNKNOWN ? ACCOUNT_IS_UNKNOWN : ACCOUNT_IS_NONE);
    if (listed(args, n, registered ? ACCOUNT_IS_REGISTERED : ACCOUNT_IS_UNREGISTERED))
        return true;
    return state >= ACCOUNT_BIT_FIRST && listed(args, n, account);
}

/* Only where the account is unknown, and unless `none` is all that was asked for. */
static bool account_unsure(enum arg_kind kind, const struct a_clause *clause, const uint32_t *args)
{
    if (kind == ARG_ACCOUNT_FLAGS)
        return true;
    for (uint32_t i = 0; i < clause->args.n; i++)
        if (args[i] != ACCOUNT_IS_NONE)
            return !listed(args, clause->args.n, ACCOUNT_IS_UNKNOWN);
    return false;
}

static void add_accounts(const struct world *w, struct region *r, const struct a_clause *clause,
                         const uint32_t *args)
{
    enum arg_kind kind = condition_by_number(clause->condition)->args;
    uint32_t n = ACCOUNT_BIT_FIRST + build_count(w->b, SECTION_ACCOUNTS);
    bool except = clause->flags & CLAUSE_EXCEPT;

    for (uint32_t state = 0; state < n; state++) {
        uint64_t yes = account_yes(w, kind, clause, args, state);
        uint64_t unsure = state == ACCOUNT_BIT_UNKNOWN && account_unsure(kind, clause, args);

        if (!(answered(yes, unsure, except, r->sureness) & 1))
            drop(accounts_of(w, r), state);
    }
}

/* match_during(): asked for both, it need not know which it is. */
static void add_hours(struct region *r, const struct a_clause *clause, const uint32_t *args)
{
    uint64_t yes = 0;

    for (uint32_t i = 0; i < clause->args.n; i++)
        yes |= bit(args[i] - DURING_OWN_TIME);
    if (yes == bit(HOURS_COUNT) - 1)
        yes |= bit(HOURS_COUNT);
    r->masks[DIMENSION_TIME] &= answered(yes, bit(HOURS_COUNT), clause->flags & CLAUSE_EXCEPT, r->sureness);
}

/* compile/build_tables.c leaves such rules out where the host is no platform's. */
static bool needs_platform(enum arg_kind kind)
{
    return kind == ARG_ROLES || kind == ARG_ACTIVITIES || kind == ARG_ACCOUNTS || kind == ARG_ACCOUNT_FLAGS ||
           kind == ARG_GRANT;
}

static void add_clause(const struct world *w, struct region *r, const struct a_clause *clause)
{
    const uint32_t *args = build_numbers_at(w->b, clause->args);
    enum arg_kind kind = condition_by_number(clause->condition)->args;
    bool except = clause->flags & CLAUSE_EXCEPT;

    if (!except && needs_platform(kind))
        drop(r->bits, w->n_states - 1);
    if (kind == ARG_PLATFORMS || kind == ARG_CLASSES || kind == ARG_MEDIA)
        add_platforms(w, r, clause, args);
    else if (kind == ARG_ACCOUNTS || kind == ARG_ACCOUNT_FLAGS)
        add_accounts(w, r, clause, args);
    else if (kind == ARG_GRANT)
        r->masks[DIMENSION_GRANT] &= grant_mask(args, except, r->sureness);
    else if (kind < sizeof smalls / sizeof *smalls && smalls[kind].is)
        add_small(r, &smalls[kind], clause, args);
    else if (lists_of_hours(w, clause))
        add_hours(r, clause, args);
    else if (kind == ARG_GROUPS && except && r->sureness == SURE)
        r->masks[DIMENSION_GROUPS] &= bit(GROUPS_RESOLVED); /* else it is unsure */
}

void region_add(const struct world *w, struct region *r, struct a_list clauses)
{
    for (uint32_t i = 0; i < clauses.n; i++)
        add_clause(w, r, build_at(w->b, SECTION_CLAUSES, clauses.at + i));
    if (clauses.n)
        r->clauses[r->n_lists++] = clauses;
}

void region_limit(struct region *r, enum dimension d, uint64_t mask)
{
    r->masks[d] &= mask;
}

void region_limit_classes(const struct world *w, struct region *r, uint32_t classes)
{
    for (uint32_t p = 0; p < w->n_states; p++) {
        uint32_t class;
        bool broadcast_only;

        if (!world_platform(w, p, &class, &broadcast_only) || !(classes >> class & 1))
            drop(r->bits, p);
    }
}

const struct a_clause *region_clause(const struct world *w, const struct region *r, uint32_t i)
{
    for (unsigned l = 0; l < r->n_lists; l++) {
        if (i < r->clauses[l].n)
            return build_at(w->b, SECTION_CLAUSES, r->clauses[l].at + i);
        i -= r->clauses[l].n;
    }
    return NULL;
}

/* The accounts and activities that go together with the grants: *masks and `accounts` are cut down. */
static void fit_grants(const struct world *w, uint64_t masks[DIMENSIONS], uint64_t *accounts)
{
    const uint64_t others = bit(ACCOUNT_BIT_NOBODY) | bit(ACCOUNT_BIT_UNREGISTERED);
    const uint64_t first = others | bit(ACCOUNT_BIT_UNKNOWN);
    struct grant_fit f = {.states = masks[DIMENSION_GRANT],
                          .activities = masks[DIMENSION_ACTIVITY],
                          .unknown = accounts[0] & bit(ACCOUNT_BIT_UNKNOWN),
                          .others = accounts[0] & others,
                          .registered = accounts[0] & ~first};

    for (uint32_t i = 1; i < w->account_words; i++)
        f.registered |= accounts[i] != 0;
    grant_fit(&f);
    masks[DIMENSION_GRANT] = f.states;
    masks[DIMENSION_ACTIVITY] = f.activities;
    accounts[0] &=
        (f.unknown ? bit(ACCOUNT_BIT_UNKNOWN) : 0) | (f.others ? others : 0) | (f.registered ? ~first : 0);
    for (uint32_t i = 1; i < w->account_words && !f.registered; i++)
        accounts[i] = 0;
}

/* What of the region can be on that platform: into `masks` and `accounts`; false when nothing can. */
static bool settle_on(const struct world *w, const struct region *r, uint32_t platform,
                      uint64_t masks[DIMENSIONS], uint64_t *accounts)
{
    const struct feasible *f = &w->on[platform];
    uint64_t any = 0;

    for (unsigned d = 0; d < DIMENSIONS; d++) {
        bool everywhere =
            d == DIMENSION_USER || d == DIMENSION_GROUPS || d == DIMENSION_PEOPLE ||
            d == DIMENSION_KNOWN_BY || d == DIMENSION_TIME;

        masks[d] = r->masks[d] & (everywhere ? ~(uint64_t)0 : f->masks[d]);
    }
    for (uint32_t i = 0; i < w->account_words; i++)
        accounts[i] = accounts_in(w, r)[i] & f->accounts[i];
    if (~r->masks[DIMENSION_GRANT])
        fit_grants(w, masks, accounts);
    for (unsigned d = 0; d < DIMENSIONS; d++)
        if (!masks[d])
            return false;
    for (uint32_t i = 0; i < w->account_words; i++)
        any |= accounts[i];
    return any && lists_allow_platform(w, r, platform);
}

void region_settle(const struct world *w, struct region *r)
{
    uint64_t *now = accounts_of(w, r) + w->account_words, *sum = now + w->account_words;
    uint64_t sums[DIMENSIONS] = {0}, masks[DIMENSIONS];
    bool any = false;

    memset(sum, 0, w->account_words * sizeof *sum);
    for (uint32_t p = 0; p < w->n_states; p++) {
        if (!holds(r->bits, p))
            continue;
        if (!settle_on(w, r, p, masks, now)) {
            drop(r->bits, p);
            continue;
        }
        any = true;
        for (unsigned d = 0; d < DIMENSIONS; d++)
            sums[d] |= masks[d];
        for (uint32_t i = 0; i < w->account_words; i++)
            sum[i] |= now[i];
    }
    memcpy(r->masks, sums, sizeof sums);
    memcpy(accounts_of(w, r), sum, w->account_words * sizeof *sum);
    r->empty = !any || lists_empty(w, r);
}

struct region *region_slice(const struct world *w, const struct region *r, enum dimension d, uint64_t mask)
{
    size_t words = w->platform_words + 3 * w->account_words;
    struct region *slice = region_new(w, r->sureness);

    if (!slice)
        return NULL;
    memcpy(slice, r, sizeof *r + words * sizeof *r->bits);
    slice->masks[d] &= mask;
    region_settle(w, slice);
    return slice;
}

struct region *region_of(const struct world *w, const struct a_rule *rule, enum sureness s)
{
    struct region *r = region_new(w, s);

    if (!r)
        return NULL;
    region_add(w, r, rule->clauses);
    region_settle(w, r);
    return r;
}

bool region_within(const struct world *w, const struct region *a, const struct region *b)
{
    uint64_t out = 0;

    if (a->empty || b->empty)
        return a->empty;
    for (unsigned d = 0; d < DIMENSIONS; d++)
        if (a->masks[d] & ~b->masks[d])
            return false;
    for (uint32_t i = 0; i < w->platform_words + w->account_words; i++)
        out |= a->bits[i] & ~b->bits[i];
    return !out && lists_imply(w, a, b);
}

/* What both regions say but for platforms and accounts. Of two doubts the larger: where one may be unsure, so
 * may be what they share. */
static struct region join(const struct region *a, const struct region *b)
{
    struct region both = {.sureness = a->sureness == SURE ? b->sureness : a->sureness};

    for (unsigned d = 0; d < DIMENSIONS; d++)
        both.masks[d] = a->masks[d] & b->masks[d];
    for (unsigned l = 0; l < a->n_lists; l++)
        both.clauses[both.n_lists++] = a->clauses[l];
    for (unsigned l = 0; l < b->n_lists; l++)
        both.clauses[both.n_lists++] = b->clauses[l];
    return both;
}

bool region_meets(const struct world *w, const struct region *a, const struct region *b)
{
    struct region joined, *both;
    bool meets;

    if (a->empty || b->empty || a->n_lists + b->n_lists > 2)
        return !a->empty && !b->empty;
    for (unsigned d = 0; d < DIMENSIONS; d++)
        if (!(a->masks[d] & b->masks[d]))
            return false;
    joined = join(a, b);
    if (lists_empty(w, &joined)) /* the cheaper question first */
        return false;
    both = region_new(w, joined.sureness);
    if (!both)
        return true;
    *both = joined;
    for (uint32_t i = 0; i < w->platform_words + w->account_words; i++)
        both->bits[i] = a->bits[i] & b->bits[i];
    region_settle(w, both);
    meets = !both->empty;
    free(both);
    return meets;
}

bool region_has_platform(const struct region *r, uint32_t platform)
{
    return holds(r->bits, platform);
}

bool region_has_account(const struct world *w, const struct region *r, uint32_t account)
{
    return holds(accounts_in(w, r), ACCOUNT_BIT_FIRST + account);
}

bool region_leaves_classes(const struct world *w, const struct region *r, uint32_t classes)
{
    for (uint32_t p = 0; p < w->n_states; p++) {
        uint32_t class;
        bool broadcast_only;

        if (holds(r->bits, p) && (!world_platform(w, p, &class, &broadcast_only) || !(classes >> class & 1)))
            return true;
    }
    return false;
}
