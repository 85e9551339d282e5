#include "core/lookup.h"
#include "core/template.h"

/* Row index for the probe, or NO_INDEX at the first empty slot (artefact_check proved that there is one). */
static uint32_t probe(const struct artefact *a, enum section table, uint32_t hash, uint32_t step)
{
    uint32_t mask = a->n[table] - 1;
    uint32_t slot = ((const uint32_t *)a->rows[table])[(hash + step) & mask];

    return slot ? slot - 1 : NO_INDEX;
}

static const struct a_host *find_host(const struct artefact *a, uint32_t hash, struct str name)
{
    uint32_t i;

    for (uint32_t step = 0; (i = probe(a, SECTION_HOST_TABLE, hash, step)) != NO_INDEX; step++) {
        const struct a_host *row = &ARTEFACT_ROWS(a, HOSTS, struct a_host)[i];

        if (str_eq(artefact_str(a, row->name), name))
            return row;
    }
    return NULL;
}

struct host_hits lookup_host(const struct artefact *a, struct str host)
{
    struct host_hits hits = {0};
    uint32_t h = HOST_HASH_SEED;

    for (size_t i = host.n; i > 0; i--) {
        const struct a_host *row;

        h = host_hash_step(h, host.p[i - 1]);
        if (i > 1 && host.p[i - 2] != '.')
            continue;
        row = find_host(a, h, str_from(host, i - 1));
        if (!row)
            continue;
        hits.flags |= row->flags & HOST_NEVER_LOG;
        if (i > 1 && !(row->flags & HOST_SUBDOMAINS))
            continue;
        hits.categories |= row->categories;
        hits.flags |= row->flags & HOST_FLAGS_OF_ALL;
        if (row->platform != NO_INDEX)
            hits.platform = row;
    }
    return hits;
}

/* Kept sorted and once each; the compiler has seen to it that there is room. */
static uint32_t insert(uint32_t to[RESTRICTIONS_MAX], uint32_t n, uint32_t restriction)
{
    uint32_t at = n;

    while (at > 0 && to[at - 1] > restriction)
        at--;
    if (n == RESTRICTIONS_MAX || (at > 0 && to[at - 1] == restriction))
        return n;
    memmove(to + at + 1, to + at, (n - at) * sizeof *to);
    to[at] = restriction;
    return n + 1;
}

/* The table holds the first row of a name; those of other restrictions stand behind it. */
static uint32_t first_restricted(const struct artefact *a, uint32_t hash, struct str name)
{
    uint32_t i;

    for (uint32_t step = 0; (i = probe(a, SECTION_RESTRICTED_TABLE, hash, step)) != NO_INDEX; step++)
        if (str_eq(artefact_str(a, ARTEFACT_ROWS(a, RESTRICTED, struct a_restricted)[i].name), name))
            return i;
    return NO_INDEX;
}

uint32_t lookup_restricted(const struct artefact *a, struct str host, uint32_t to[RESTRICTIONS_MAX])
{
    const struct a_restricted *rows = ARTEFACT_ROWS(a, RESTRICTED, struct a_restricted);
    uint32_t h = HOST_HASH_SEED, n = 0;

    for (size_t at = host.n; at > 0 && a->n[SECTION_RESTRICTED]; at--) {
        struct str name = str_from(host, at - 1);

        h = host_hash_step(h, host.p[at - 1]);
        if (at > 1 && host.p[at - 2] != '.')
            continue;
        for (uint32_t i = first_restricted(a, h, name);
             i < a->n[SECTION_RESTRICTED] && str_eq(artefact_str(a, rows[i].name), name); i++)
            if (at == 1 || rows[i].flags & HOST_SUBDOMAINS)
                n = insert(to, n, rows[i].restriction);
    }
    return n;
}

uint32_t lookup_group(const struct artefact *a, struct str name)
{
    uint32_t h = str_hash(name), i;

    for (uint32_t step = 0; (i = probe(a, SECTION_GROUP_TABLE, h, step)) != NO_INDEX; step++)
        if (str_ieq(artefact_str(a, ARTEFACT_ROWS(a, GROUPS, struct a_group)[i].name), name))
            return i;
    return NO_INDEX;
}

const struct a_member *lookup_member(const struct artefact *a, struct str user)
{
    uint32_t h = str_hash(user), i;

    for (uint32_t step = 0; (i = probe(a, SECTION_MEMBER_TABLE, h, step)) != NO_INDEX; step++) {
        const struct a_member *row = &ARTEFACT_ROWS(a, MEMBERS, struct a_member)[i];

        if (str_eq(artefact_str(a, row->user), user))
            return row;
    }
    return NULL;
}

struct str lookup_current(const struct artefact *a, struct str user)
{
    const struct a_former *rows = ARTEFACT_ROWS(a, FORMERS, struct a_former);
    uint32_t low = 0, high = a->n[SECTION_FORMERS];

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = str_cmp(artefact_str(a, rows[middle].name), user);

        if (order == 0)
            return artefact_str(a, rows[middle].user);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return user;
}

void lookup_fold(const struct a_platform *platform, struct str name, struct text *to)
{
    bool dots = platform->flags & PLATFORM_DOTS_IGNORED;
    bool fold = !(platform->flags & PLATFORM_CASE_MATTERS);

    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] != '.' || !dots)
            text_putc(to, fold ? ascii_lower(name.p[i]) : name.p[i]);
}

uint32_t lookup_account(const struct artefact *a, uint32_t platform, struct str name)
{
    uint32_t h = alias_hash(platform, name), i;

    for (uint32_t step = 0; (i = probe(a, SECTION_ALIAS_TABLE, h, step)) != NO_INDEX; step++) {
        const struct a_alias *row = &ARTEFACT_ROWS(a, ALIASES, struct a_alias)[i];

        if (row->platform == platform && str_eq(artefact_str(a, row->name), name))
            return row->account;
    }
    return NO_INDEX;
}

static bool same_identity(const struct a_identity *row, uint32_t platform, const uint32_t digest[4])
{
    return row->platform == platform && memcmp(row->digest, digest, sizeof row->digest) == 0;
}

struct a_list lookup_identity(const struct artefact *a, uint32_t platform, const uint32_t digest[4])
{
    const struct a_identity *rows = ARTEFACT_ROWS(a, IDENTITIES, struct a_identity);
    uint32_t h = identity_hash(platform, digest), i, end;

    for (uint32_t step = 0; (i = probe(a, SECTION_IDENTITY_TABLE, h, step)) != NO_INDEX; step++) {
        if (!same_identity(&rows[i], platform, digest))
            continue;
        for (end = i; end < a->n[SECTION_IDENTITIES] && same_identity(&rows[end], platform, digest);)
            end++;
        return (struct a_list){i, end - i};
    }
    return (struct a_list){0, 0};
}

static bool same_subject(const struct artefact *a, const struct a_grant *g, struct str user, uint32_t group)
{
    return user.n ? str_eq(artefact_str(a, g->user), user) : g->user.n == 0 && g->group == group;
}

static struct a_list find_grants(const struct artefact *a, uint32_t hash, struct str user, uint32_t group)
{
    const struct a_grant *rows = ARTEFACT_ROWS(a, GRANTS, struct a_grant);
    struct a_list run = {0, 0};
    uint32_t i;

    for (uint32_t step = 0; (i = probe(a, SECTION_GRANT_TABLE, hash, step)) != NO_INDEX; step++) {
        if (!same_subject(a, &rows[i], user, group))
            continue;
        run.at = i;
        while (i < a->n[SECTION_GRANTS] && same_subject(a, &rows[i], user, group))
            i++;
        run.n = i - run.at;
        break;
    }
    return run;
}

struct a_list lookup_user_grants(const struct artefact *a, struct str user)
{
    return user.n ? find_grants(a, grant_user_hash(user), user, NO_INDEX) : (struct a_list){0, 0};
}

struct a_list lookup_group_grants(const struct artefact *a, uint32_t group)
{
    return find_grants(a, grant_group_hash(group), STR_NONE, group);
}

const struct a_owner *lookup_owner(const struct artefact *a, uint32_t number)
{
    const struct a_owner *rows = ARTEFACT_ROWS(a, OWNERS, struct a_owner);
    uint32_t low = 0, high = a->n[SECTION_OWNERS];

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (rows[middle].number == number)
            return &rows[middle];
        if (rows[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const struct a_rota *find_rota(const struct artefact *a, uint32_t hash, struct str user,
                                      uint32_t group)
{
    const struct a_rota *rows = ARTEFACT_ROWS(a, ROTAS, struct a_rota);
    uint32_t i;

    for (uint32_t step = 0; (i = probe(a, SECTION_ROTA_TABLE, hash, step)) != NO_INDEX; step++)
        if (user.n ? str_eq(artefact_str(a, rows[i].user), user)
                   : rows[i].user.n == 0 && rows[i].group == group)
            return &rows[i];
    return NULL;
}

const struct a_rota *lookup_user_rota(const struct artefact *a, struct str user)
{
    return user.n && a->n[SECTION_ROTAS] ? find_rota(a, grant_user_hash(user), user, NO_INDEX) : NULL;
}

const struct a_rota *lookup_group_rota(const struct artefact *a, uint32_t group)
{
    return find_rota(a, grant_group_hash(group), STR_NONE, group);
}

const struct a_period *lookup_period(const struct artefact *a, const struct a_rota *rota, int32_t day)
{
    const struct a_period *rows = &ARTEFACT_ROWS(a, PERIODS, struct a_period)[rota->periods.at];
    uint32_t low = 0, high = rota->periods.n;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if ((int64_t)rows[mid].last < day)
            low = mid + 1;
        else
            high = mid;
    }
    return low < rota->periods.n && (int64_t)rows[low].first <= day ? &rows[low] : NULL;
}

uint32_t lookup_holiday(const struct artefact *a, uint32_t region, int32_t day)
{
    const struct a_holiday *rows = ARTEFACT_ROWS(a, HOLIDAYS, struct a_holiday);
    struct a_list list;
    uint32_t low = 0, high;

    if (region == NO_INDEX)
        return NO_INDEX;
    list = ARTEFACT_ROWS(a, REGIONS, struct a_region)[region].holidays;
    high = list.n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if ((int64_t)rows[list.at + mid].day < day)
            low = mid + 1;
        else
            high = mid;
    }
    return low < list.n && (int64_t)rows[list.at + low].day == day ? list.at + low : NO_INDEX;
}

bool lookup_closed(const struct artefact *a, struct a_list closed, int32_t day)
{
    const uint32_t *days = artefact_numbers(a, closed);
    uint32_t low = 0, high = closed.n / 2;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;

        if ((int64_t)days[2 * mid + 1] < day)
            low = mid + 1;
        else
            high = mid;
    }
    return low < closed.n / 2 && (int64_t)days[2 * low] <= day;
}

/* Order of str_cmp with the word folded to lower case. */
static int compare_folded(struct str folded, struct str word)
{
    size_t n = folded.n < word.n ? folded.n : word.n;

    for (size_t i = 0; i < n; i++) {
        int d = (unsigned char)folded.p[i] - (unsigned char)ascii_lower(word.p[i]);

        if (d)
            return d;
    }
    return (folded.n > word.n) - (folded.n < word.n);
}

bool lookup_word(const struct artefact *a, struct a_list words, struct str word)
{
    uint32_t low = 0, high = words.n;

    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        struct a_str row = ARTEFACT_ROWS(a, WORDS, struct a_str)[words.at + mid];
        int d = compare_folded(artefact_str(a, row), word);

        if (d == 0)
            return true;
        if (d < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

bool host_below(struct str host, struct str pattern)
{
    struct str name;

    if (pattern.n == 0 || pattern.p[0] != '.')
        return str_eq(host, pattern);
    name = str_from(pattern, 1);
    if (str_eq(host, name))
        return true;
    return host.n > pattern.n && str_eq(str_from(host, host.n - pattern.n), pattern);
}

bool host_catch(struct str host, struct str pattern, struct str *captured)
{
    struct str rest = str_from(pattern, sizeof "{account}" - 1);
    size_t label = str_find(host, '.');

    if (label == 0 || !str_eq(str_from(host, label), rest))
        return false;
    if (captured)
        *captured = str_upto(host, label);
    return true;
}

bool host_serves(const struct artefact *a, const struct a_host *host, struct str path)
{
    const struct a_str *templates = &ARTEFACT_ROWS(a, WORDS, struct a_str)[host->below.at];

    for (uint32_t i = 0; i < host->below.n; i++)
        if (template_match(artefact_str(a, templates[i]), path, NULL))
            return true;
    return host->below.n == 0;
}
