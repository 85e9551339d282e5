/* What requests there can be: for each platform what its map and hosts can make of one (core/classify.c), and
 * what the registers hold. */
#include "compile/analyse_sets.h"

#include <stdlib.h>

static uint64_t bit(unsigned n)
{
    return (uint64_t)1 << n;
}

static const struct a_platform *platform_at(const struct world *w, uint32_t i)
{
    return build_at(w->b, SECTION_PLATFORMS, i);
}

bool world_platform(const struct world *w, uint32_t platform, uint32_t *class, bool *broadcast_only)
{
    uint32_t kind = platform - w->n_platforms;

    if (platform < w->n_platforms) {
        *class = platform_at(w, platform)->class;
        *broadcast_only = platform_at(w, platform)->flags & PLATFORM_BROADCAST_ONLY;
        return true;
    }
    *class = kind / 2;
    *broadcast_only = kind % 2;
    return platform + 1 < w->n_states;
}

bool world_one_family(const struct world *w, uint32_t one, uint32_t other)
{
    struct str family = build_text(w->b, platform_at(w, one)->family);

    return one == other || (family.n && str_eq(family, build_text(w->b, platform_at(w, other)->family)));
}

/* Pictures and media of a family are any of its platforms'. */
static bool host_serves(const struct world *w, const struct a_host *host, uint32_t platform)
{
    if (host->platform == NO_INDEX)
        return false;
    return host->platform == platform || ((host->role == ROLE_CDN || host->role == ROLE_MEDIA) &&
                                          world_one_family(w, host->platform, platform));
}

static uint64_t roles_of(const struct world *w, uint32_t platform)
{
    uint64_t roles = 0;

    for (uint32_t i = 0; i < w->n_hosts; i++) {
        const struct a_host *host = build_at(w->b, SECTION_HOSTS, w->hosts[i].index);

        if (host_serves(w, host, platform))
            roles |= bit(host->role);
    }
    return roles;
}

/* What default_activity() makes of hosts that serve one purpose. */
static uint64_t activities_of_roles(uint64_t roles)
{
    uint64_t activities = bit(ACTIVITY_VIEW) | bit(ACTIVITY_COUNT);

    if (roles & bit(ROLE_LOGINS))
        activities |= bit(ACTIVITY_LOGIN);
    if (roles & bit(ROLE_MANAGE))
        activities |= bit(ACTIVITY_ADMIN);
    if (roles & bit(ROLE_MEDIA))
        activities |= bit(ACTIVITY_STREAM);
    if (roles & bit(ROLE_UPLOADS))
        activities |= bit(ACTIVITY_UPLOAD);
    return activities;
}

static bool has_accounts(const struct world *w, uint32_t platform)
{
    for (uint32_t i = 0; i < build_count(w->b, SECTION_ACCOUNTS); i++)
        if (((const struct a_account *)build_at(w->b, SECTION_ACCOUNTS, i))->platform == platform)
            return true;
    return false;
}

/* A map without a row of activities is a sketch: nothing is concluded from it. */
static void by_rows(const struct world *w, uint32_t platform, uint64_t masks[DIMENSIONS])
{
    const struct a_platform *f = platform_at(w, platform);
    uint64_t acts = 0, identities = 0;

    for (uint32_t i = 0; i < f->rows.n; i++) {
        const struct a_row *row = build_at(w->b, SECTION_ROWS, f->rows.at + i);

        if (row->kind == ROW_ACTIVITY)
            acts |= bit(row->value);
        if (row->kind != ROW_IDENTITY)
            continue;
        identities |= bit(IDENTITY_NONE);
        if (!str_eq(build_text(w->b, row->format), STR("-"))) {
            identities |= bit(IDENTITY_OTHER);
            if (w->flags & WORLD_ANY_ACCOUNTS || has_accounts(w, platform))
                identities |= bit(IDENTITY_REGISTERED);
        }
    }
    masks[DIMENSION_ROLE] = roles_of(w, platform);
    if (acts)
        masks[DIMENSION_ACTIVITY] = acts | activities_of_roles(masks[DIMENSION_ROLE]);
    if (f->rows.n)
        masks[DIMENSION_IDENTITY] = identities | bit(IDENTITY_UNKNOWN);
}

static bool has_grant(const struct world *w, uint32_t platform)
{
    for (uint32_t i = 0; i < build_count(w->b, SECTION_GRANTS); i++) {
        const struct a_grant *g = build_at(w->b, SECTION_GRANTS, i);
        const uint32_t *platforms = build_numbers_at(w->b, g->platforms);

        for (uint32_t k = 0; k < g->platforms.n; k++)
            if (platforms[k] == platform)
                return true;
    }
    return false;
}

static void on_platform(struct world *w, uint32_t p)
{
    struct feasible *f = &w->on[p];
    uint32_t needs = build_meta(w->b)->grant_needs;

    f->masks[DIMENSION_ACTIVITY] = bit(ACTIVITY_COUNT + 1) - 1;
    f->masks[DIMENSION_IDENTITY] = bit(IDENTITY_COUNT) - 1;
    f->masks[DIMENSION_ORIGIN] = bit(ORIGIN_COUNT) - 1;
    f->masks[DIMENSION_ROLE] = bit(ROLE_COUNT) - 1;
    f->masks[DIMENSION_GRANT] = w->flags & WORLD_ANY_GRANTS || (p < w->n_platforms && has_grant(w, p))
                                    ? grant_feasible(needs)
                                    : grant_none();
    if (p < w->n_platforms)
        by_rows(w, p, f->masks);
    else if (!(w->flags & WORLD_ANY_ACCOUNTS))
        f->masks[DIMENSION_IDENTITY] &= ~bit(IDENTITY_REGISTERED);
    f->accounts[0] = bit(ACCOUNT_BIT_UNKNOWN) | bit(ACCOUNT_BIT_NOBODY) | bit(ACCOUNT_BIT_UNREGISTERED);
    if (w->flags & WORLD_ANY_ACCOUNTS)
        f->accounts[0] |= (uint64_t)0xf << ACCOUNT_BIT_TO_COME;
}

/* classify() tells nothing of a host that is no platform's. */
static void on_none(struct world *w)
{
    struct feasible *f = &w->on[w->n_states - 1];

    f->masks[DIMENSION_ACTIVITY] = bit(ACTIVITY_COUNT);
    f->masks[DIMENSION_IDENTITY] = bit(IDENTITY_COUNT);
    f->masks[DIMENSION_ORIGIN] = bit(ORIGIN_UNKNOWN);
    f->masks[DIMENSION_ROLE] = bit(ROLE_COUNT);
    f->masks[DIMENSION_GRANT] = grant_none();
    f->accounts[0] = bit(ACCOUNT_BIT_UNKNOWN);
}

static void add_accounts(struct world *w)
{
    for (uint32_t i = 0; i < build_count(w->b, SECTION_ACCOUNTS); i++) {
        const struct a_account *account = build_at(w->b, SECTION_ACCOUNTS, i);
        uint32_t at = ACCOUNT_BIT_FIRST + i;

        if (account->platform < w->n_platforms)
            /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): make_platforms made them all */
            w->on[account->platform].accounts[at / 64] |= bit(at % 64);
    }
}

/* person_of(): the register's word, else a group's, else the policy's. */
static uint64_t people_of(const struct world *w)
{
    const struct a_meta *meta = build_meta(w->b);
    uint64_t people = meta->people_default == NO_INDEX ? bit(PEOPLE_COUNT) : bit(meta->people_default);

    if (w->flags & WORLD_ANY_PEOPLE)
        return people | (bit(PEOPLE_COUNT) - 1);
    for (uint32_t i = 0; i < build_count(w->b, SECTION_GROUPS); i++) {
        const struct a_group *g = build_at(w->b, SECTION_GROUPS, i);

        if (g->people != NO_INDEX)
            people |= bit(g->people);
    }
    for (uint32_t i = 0; i < build_count(w->b, SECTION_MEMBERS); i++) {
        const struct a_member *m = build_at(w->b, SECTION_MEMBERS, i);

        if (m->people != NO_INDEX)
            people |= bit(m->people);
    }
    return people;
}

/* during.h, steps 3 and 4. Rows of shifts.csv may come or go. */
static uint64_t hours_of(const struct world *w)
{
    bool unsure = build_count(w->b, SECTION_CALENDAR_GROUPS) > 1 ||
                  build_meta(w->b)->shifts == SHIFTS_UNSURE || build_meta(w->b)->calendar == NO_INDEX;

    return bit(HOURS_OWN) | bit(HOURS_WORK) | (unsure ? bit(HOURS_COUNT) : 0);
}

static bool find_hosts(struct world *w)
{
    uint32_t n = build_count(w->b, SECTION_HOSTS);

    w->hosts = calloc(n + 1, sizeof *w->hosts);
    for (uint32_t i = 0; w->hosts && i < n; i++) {
        const struct a_host *host = build_at(w->b, SECTION_HOSTS, i);

        if (host->platform != NO_INDEX || host->flags & HOST_MUST_WORK)
            w->hosts[w->n_hosts++] = (struct world_host){
                .pattern = {build_text(w->b, host->name), host->flags & HOST_SUBDOMAINS},
                .index = i,
                .platform = host->platform,
                .must_work = host->flags & HOST_MUST_WORK,
            };
    }
    return w->hosts != NULL;
}

static bool make_platforms(struct world *w)
{
    w->on = calloc(w->n_states, sizeof *w->on);
    for (uint32_t p = 0; w->on && p < w->n_states; p++) {
        w->on[p].accounts = calloc(w->account_words, sizeof *w->on[p].accounts);
        if (!w->on[p].accounts)
            return false;
    }
    return w->on != NULL;
}

struct world *world_new(struct builder *b, unsigned flags)
{
    struct world *w = calloc(1, sizeof *w);

    if (!w)
        return NULL;
    w->b = b;
    w->flags = flags;
    w->n_platforms = build_count(b, SECTION_PLATFORMS);
    w->n_states = w->n_platforms + 2 * CLASS_COUNT + 1;
    w->platform_words = (w->n_states + 63) / 64;
    w->account_words = (ACCOUNT_BIT_FIRST + build_count(b, SECTION_ACCOUNTS) + 63) / 64;
    if (!find_hosts(w) || !make_platforms(w)) {
        world_free(w);
        return NULL;
    }
    for (uint32_t p = 0; p + 1 < w->n_states; p++)
        on_platform(w, p);
    on_none(w);
    add_accounts(w);
    w->people = people_of(w);
    w->hours = hours_of(w);
    return w;
}

void world_free(struct world *w)
{
    if (!w)
        return;
    for (uint32_t p = 0; w->on && p < w->n_states; p++)
        free(w->on[p].accounts);
    free(w->on);
    free(w->hosts);
    free(w);
}
