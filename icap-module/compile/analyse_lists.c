/* The conditions that name things by lists: hosts, networks and ports as patterns, groups and categories of
 * which a request can have several at once, and any condition that this file knows nothing of. */
#include "compile/analyse_sets.h"

#include "core/request.h"

static enum arg_kind kind_of(const struct a_clause *clause)
{
    return condition_by_number(clause->condition)->args;
}

static bool excepts(const struct a_clause *clause)
{
    return clause->flags & CLAUSE_EXCEPT;
}

/* --- patterns: of two, one lies within the other or they have nothing in common
 * ------------------------------- */

/* How many numbers a pattern has; 0 = the condition has no patterns. */
static uint32_t stride_of(enum arg_kind kind)
{
    return kind == ARG_HOSTS ? 2 : kind == ARG_NETWORKS ? 5 : kind == ARG_PORTS ? 1 : 0;
}

struct host_pattern host_pattern_of(struct str text)
{
    bool all = text.n && text.p[0] == '.';

    return (struct host_pattern){all ? str_from(text, 1) : text, all};
}

bool host_pattern_below(struct host_pattern x, struct host_pattern y)
{
    size_t more = x.name.n - y.name.n;

    if (x.name.n < y.name.n || (x.all && !y.all) || (more && !y.all) || (more && x.name.p[more - 1] != '.'))
        return false;
    return str_eq(str_from(x.name, more), y.name);
}

static struct host_pattern host_at(const struct world *w, const uint32_t *x)
{
    return host_pattern_of(build_text(w->b, (struct a_str){x[0], x[1]}));
}

static bool network_below(const uint32_t *x, const uint32_t *y)
{
    if (x[4] < y[4])
        return false;
    for (uint32_t i = 0; i < y[4]; i++)
        if ((x[i / 32] ^ y[i / 32]) >> (31 - i % 32) & 1)
            return false;
    return true;
}

static bool below(const struct world *w, enum arg_kind kind, const uint32_t *x, const uint32_t *y)
{
    if (kind == ARG_HOSTS)
        return host_pattern_below(host_at(w, x), host_at(w, y));
    return kind == ARG_NETWORKS ? network_below(x, y) : x[0] == y[0];
}

/* The pattern lies within one of the clause's; or (`touching`) has something in common with one. */
static bool among(const struct world *w, const struct a_clause *clause, const uint32_t *x, bool touching)
{
    enum arg_kind kind = kind_of(clause);
    const uint32_t *args = build_numbers_at(w->b, clause->args);

    for (uint32_t i = 0; i < clause->args.n; i += stride_of(kind))
        if (below(w, kind, x, args + i) || (touching && below(w, kind, args + i, x)))
            return true;
    return false;
}

static bool must_work(const struct world *w, const uint32_t *x)
{
    struct host_pattern pattern = host_at(w, x);

    for (uint32_t i = 0; i < w->n_hosts; i++)
        if (w->hosts[i].must_work && host_pattern_below(pattern, w->hosts[i].pattern))
            return true;
    return false;
}

/* A pattern of the region that nothing else in it takes away. */
static bool alive(const struct world *w, const struct region *r, enum arg_kind kind, const uint32_t *x)
{
    const struct a_clause *other;

    for (uint32_t i = 0; (other = region_clause(w, r, i)) != NULL; i++)
        if (kind_of(other) == kind &&
            (excepts(other) ? among(w, other, x, false) : !among(w, other, x, true)))
            return false;
    return kind != ARG_HOSTS || !must_work(w, x);
}

static bool patterns_empty(const struct world *w, const struct region *r, const struct a_clause *clause)
{
    enum arg_kind kind = kind_of(clause);
    const uint32_t *args = build_numbers_at(w->b, clause->args);

    if (excepts(clause) || (kind != ARG_HOSTS && r->sureness == POSSIBLE))
        return false; /* an address or port that is not told is unsure: it may be any */
    for (uint32_t i = 0; i < clause->args.n; i += stride_of(kind))
        if (alive(w, r, kind, args + i))
            return false;
    return true;
}

/* All that the clause leaves alive lies within `b`; or (`apart`) none of it touches the pattern `b` points
 * to. */
static bool lies(const struct world *w, const struct region *r, const struct a_clause *clause,
                 const struct a_clause *b, const uint32_t *apart)
{
    enum arg_kind kind = kind_of(clause);
    const uint32_t *args = build_numbers_at(w->b, clause->args);

    for (uint32_t i = 0; i < clause->args.n; i += stride_of(kind)) {
        const uint32_t *x = args + i;

        if (!alive(w, r, kind, x))
            continue;
        if (b ? !among(w, b, x, false) : below(w, kind, x, apart) || below(w, kind, apart, x))
            return false;
    }
    return true;
}

/* The region has nothing of that pattern: it is excepted, or the region is elsewhere. */
static bool avoids(const struct world *w, const struct region *a, enum arg_kind kind, const uint32_t *x)
{
    const struct a_clause *own;

    for (uint32_t i = 0; (own = region_clause(w, a, i)) != NULL; i++) {
        if (kind_of(own) != kind)
            continue;
        if (excepts(own) ? among(w, own, x, false) : lies(w, a, own, NULL, x))
            return true;
    }
    return false;
}

static bool patterns_imply(const struct world *w, const struct region *a, const struct region *b,
                           const struct a_clause *clause)
{
    enum arg_kind kind = kind_of(clause);
    const uint32_t *args = build_numbers_at(w->b, clause->args);
    const struct a_clause *own;

    /* What is sure of an address or port is what the other is sure of, too. */
    if (kind != ARG_HOSTS && b->sureness == SURE && a->sureness == POSSIBLE)
        return false;
    if (excepts(clause)) {
        for (uint32_t i = 0; i < clause->args.n; i += stride_of(kind))
            if (!avoids(w, a, kind, args + i))
                return false;
        return true;
    }
    for (uint32_t i = 0; (own = region_clause(w, a, i)) != NULL; i++)
        if (kind_of(own) == kind && !excepts(own) && lies(w, a, own, clause, NULL))
            return true;
    return false;
}

/* --- names: a request may have several groups, categories, allowances and emergencies, or none
 * -------------------------------------- */

static bool names(const struct world *w, const struct a_clause *clause, uint32_t value)
{
    const uint32_t *args = build_numbers_at(w->b, clause->args);

    for (uint32_t i = 0; i < clause->args.n; i++)
        if (args[i] == value)
            return true;
    return false;
}

static bool excepted(const struct world *w, const struct region *r, enum arg_kind kind, uint32_t value)
{
    const struct a_clause *own;

    for (uint32_t i = 0; (own = region_clause(w, r, i)) != NULL; i++)
        if (kind_of(own) == kind && excepts(own) && names(w, own, value))
            return true;
    return false;
}

static bool has_names(enum arg_kind kind)
{
    return kind == ARG_GROUPS || kind == ARG_CATEGORIES || kind == ARG_ALLOWANCES || kind == ARG_EMERGENCIES;
}

/* Each may be unsure by itself. */
static bool of_standing(enum arg_kind kind)
{
    return kind == ARG_ALLOWANCES || kind == ARG_EMERGENCIES;
}

/* Each name of the clause is excepted, or (with `b`) among those of `b`. */
static bool left_within(const struct world *w, const struct region *r, const struct a_clause *clause,
                        const struct a_clause *b)
{
    const uint32_t *args = build_numbers_at(w->b, clause->args);

    bool counts = r->sureness == SURE ||
                  !of_standing(kind_of(clause)); /* an `except` that is unsure takes nothing away */

    for (uint32_t i = 0; i < clause->args.n; i++)
        if (!(counts && excepted(w, r, kind_of(clause), args[i])) && !(b && names(w, b, args[i])))
            return false;
    return true;
}

/* Whoever may have groups that nobody has told may be in any of them. */
static bool told(const struct region *r, enum arg_kind kind)
{
    if (of_standing(kind)) /* the standing may be too old to tell */
        return r->sureness == SURE;
    return kind != ARG_GROUPS || r->sureness == SURE ||
           !(r->masks[DIMENSION_GROUPS] & 1u << GROUPS_UNRESOLVED);
}

/* The same clause says the same; more is not known of it. */
static bool same_implies(const struct world *w, const struct region *a, const struct region *b,
                         const struct a_clause *clause)
{
    const struct a_clause *own;

    if (b->sureness == SURE && a->sureness == POSSIBLE)
        return false;
    for (uint32_t i = 0; (own = region_clause(w, a, i)) != NULL; i++)
        if (own->condition == clause->condition && own->flags == clause->flags &&
            own->args.n == clause->args.n &&
            (own->args.n == 0 ||
             memcmp(build_numbers_at(w->b, own->args), build_numbers_at(w->b, clause->args),
                    own->args.n * sizeof(uint32_t)) == 0))
            return true;
    return false;
}

static bool names_imply(const struct world *w, const struct region *a, const struct region *b,
                        const struct a_clause *clause)
{
    enum arg_kind kind = kind_of(clause);
    const struct a_clause *own;

    if (excepts(clause) && of_standing(kind) && a->sureness == POSSIBLE)
        return same_implies(w, a, b, clause);
    if (excepts(clause))
        return left_within(w, a, clause, NULL);
    if (kind == ARG_GROUPS && b->sureness == POSSIBLE &&
        !(a->masks[DIMENSION_GROUPS] & 1u << GROUPS_RESOLVED))
        return true;
    for (uint32_t i = 0; (own = region_clause(w, a, i)) != NULL; i++)
        if (kind_of(own) == kind && !excepts(own) && left_within(w, a, own, clause) &&
            (told(a, kind) || b->sureness == POSSIBLE))
            return true;
    return false;
}

/* --- conditions that have no sets here
 * -------------------------------------------------------------------------- */

bool lists_of_hours(const struct world *w, const struct a_clause *clause)
{
    const uint32_t *args = build_numbers_at(w->b, clause->args);

    if (kind_of(clause) != ARG_DURING)
        return false;
    for (uint32_t i = 0; i < clause->args.n; i++)
        if (args[i] < DURING_OWN_TIME)
            return false;
    return true;
}

static bool in_masks(const struct world *w, const struct a_clause *clause)
{
    enum arg_kind kind = kind_of(clause);

    return lists_of_hours(w, clause) || kind == ARG_PLATFORMS || kind == ARG_CLASSES || kind == ARG_MEDIA ||
           kind == ARG_ROLES || kind == ARG_ACTIVITIES || kind == ARG_ACCOUNTS || kind == ARG_ACCOUNT_FLAGS ||
           kind == ARG_IDENTITIES || kind == ARG_ORIGINS || kind == ARG_USER || kind == ARG_GROUPS_STATE ||
           kind == ARG_PEOPLE || kind == ARG_KNOWN_BY || kind == ARG_GRANT;
}

/* The seam for conditions to come: one whose words can never be fulfilled says so here, and every analysis
 * knows it. (Windows of time with a name always open at some time: the compiler takes no other.) */
static bool never_fulfilled(const struct world *w, const struct a_clause *clause)
{
    (void)w, (void)clause;
    return false;
}

bool lists_empty(const struct world *w, const struct region *r)
{
    const struct a_clause *clause;

    for (uint32_t i = 0; (clause = region_clause(w, r, i)) != NULL; i++) {
        enum arg_kind kind = kind_of(clause);

        if (in_masks(w, clause))
            continue;
        if (stride_of(kind)   ? patterns_empty(w, r, clause)
            : has_names(kind) ? !excepts(clause) && told(r, kind) && left_within(w, r, clause, NULL)
                              : never_fulfilled(w, clause))
            return true;
    }
    return false;
}

bool lists_imply(const struct world *w, const struct region *a, const struct region *b)
{
    const struct a_clause *clause;

    for (uint32_t i = 0; (clause = region_clause(w, b, i)) != NULL; i++) {
        enum arg_kind kind = kind_of(clause);

        if (in_masks(w, clause))
            continue;
        if (!(stride_of(kind)   ? patterns_imply(w, a, b, clause)
              : has_names(kind) ? names_imply(w, a, b, clause)
                                : same_implies(w, a, b, clause)))
            return false;
    }
    return true;
}

/* Some host of the map's (or its family's: what they share is not told apart here) has to do with the
 * pattern. */
static bool pattern_allows(const struct world *w, const uint32_t *x, uint32_t platform)
{
    struct host_pattern pattern = host_at(w, x);

    for (uint32_t i = 0; i < w->n_hosts; i++) {
        const struct world_host *host = &w->hosts[i];

        if (host->platform != NO_INDEX &&
            (host_pattern_below(pattern, host->pattern) || host_pattern_below(host->pattern, pattern)) &&
            world_one_family(w, host->platform, platform))
            return true;
    }
    return false;
}

bool lists_allow_platform(const struct world *w, const struct region *r, uint32_t platform)
{
    const struct a_clause *clause;

    if (platform >= w->n_platforms)
        return true;
    for (uint32_t i = 0; (clause = region_clause(w, r, i)) != NULL; i++) {
        const uint32_t *args = build_numbers_at(w->b, clause->args);
        bool allowed = kind_of(clause) != ARG_HOSTS || excepts(clause);

        for (uint32_t k = 0; !allowed && k < clause->args.n; k += 2)
            allowed = pattern_allows(w, args + k, platform);
        if (!allowed)
            return false;
    }
    return true;
}
