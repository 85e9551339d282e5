/* Hash tables over the finished rows, and for each platform the rules that can match on it. */
#include "compile/build_internal.h"

#include <stdlib.h>

static const void *row(const struct builder *b, enum section s, uint32_t index)
{
    return build_row_at(b, s, index);
}

static uint32_t hash_of(const struct builder *b, enum section s, uint32_t index)
{
    struct str name = build_name_of(b, s, index);

    if (s == SECTION_HOSTS || s == SECTION_RESTRICTED)
        return host_hash(name);
    if (s == SECTION_ALIASES)
        return alias_hash(((const struct a_alias *)row(b, s, index))->platform, name);
    if (s == SECTION_IDENTITIES) {
        const struct a_identity *identity = row(b, s, index);

        return identity_hash(identity->platform, identity->digest);
    }
    if (s == SECTION_GRANTS)
        return name.n ? grant_user_hash(name)
                      : grant_group_hash(((const struct a_grant *)row(b, s, index))->group);
    if (s == SECTION_ROTAS)
        return name.n ? grant_user_hash(name)
                      : grant_group_hash(((const struct a_rota *)row(b, s, index))->group);
    return str_hash(name);
}

/* The rows are found by the same question: the table holds the first of them. */
static bool same_key(const struct builder *b, enum section s, uint32_t x, uint32_t y)
{
    if (s == SECTION_IDENTITIES) {
        const struct a_identity *one = row(b, s, x), *other = row(b, s, y);

        return one->platform == other->platform &&
               memcmp(one->digest, other->digest, sizeof one->digest) == 0;
    }
    if (!str_eq(build_name_of(b, s, x), build_name_of(b, s, y)))
        return false;
    if (s == SECTION_ALIASES)
        return ((const struct a_alias *)row(b, s, x))->platform ==
               ((const struct a_alias *)row(b, s, y))->platform;
    if (s == SECTION_ROTAS)
        return ((const struct a_rota *)row(b, s, x))->group == ((const struct a_rota *)row(b, s, y))->group;
    if (s == SECTION_GRANTS && build_name_of(b, s, x).n == 0)
        return ((const struct a_grant *)row(b, s, x))->group == ((const struct a_grant *)row(b, s, y))->group;
    return true;
}

static void make_table(struct builder *b, enum section table, enum section s)
{
    uint32_t n = build_count(b, s), size = 2;
    uint32_t *slots;

    while (size < 2 * n)
        size *= 2;
    slots = calloc(size, sizeof *slots);
    if (!slots) {
        b->no_memory = true;
        return;
    }
    for (uint32_t index = 0; index < n; index++) {
        uint32_t i = hash_of(b, s, index) & (size - 1);

        while (slots[i] && !same_key(b, s, slots[i] - 1, index))
            i = (i + 1) & (size - 1);
        if (!slots[i])
            slots[i] = index + 1;
    }
    for (uint32_t i = 0; i < size; i++)
        build_row(b, table, &slots[i]);
    free(slots);
}

/* What the words of a platform, class or media clause say of the platform; `any` for every other condition.
 */
static bool holds_on(const struct builder *b, const struct a_clause *clause, uint32_t index)
{
    const struct a_platform *platform = row(b, SECTION_PLATFORMS, index);
    const struct condition *condition = condition_by_number(clause->condition);
    const uint32_t *args = build_numbers_at(b, clause->args);
    bool except = clause->flags & CLAUSE_EXCEPT;
    uint32_t value;

    if (!condition || !args)
        return true;
    if (condition->args == ARG_PLATFORMS)
        value = index;
    else if (condition->args == ARG_CLASSES)
        value = platform->class;
    else if (condition->args == ARG_MEDIA)
        value = platform->flags & PLATFORM_BROADCAST_ONLY ? 1 : 0;
    else
        return true;
    for (uint32_t i = 0; i < clause->args.n; i++)
        if (args[i] == value)
            return !except;
    return except;
}

/* The clause asks for something that only a request on a known platform has. */
static bool needs_platform(const struct a_clause *clause)
{
    const struct condition *condition = condition_by_number(clause->condition);

    if (!condition || clause->flags & CLAUSE_EXCEPT)
        return false;
    switch (condition->args) {
    case ARG_PLATFORMS:
    case ARG_CLASSES:
    case ARG_MEDIA:
    case ARG_ROLES:
    case ARG_ACTIVITIES:
    case ARG_ACCOUNTS:
    case ARG_ACCOUNT_FLAGS:
    case ARG_CONCERNS:
    case ARG_GRANT:
        return true;
    case ARG_HOSTS:
    case ARG_CATEGORIES:
    case ARG_IDENTITIES:
    case ARG_ORIGINS:
    case ARG_USER:
    case ARG_GROUPS_STATE:
    case ARG_GROUPS:
    case ARG_PEOPLE:
    case ARG_NETWORKS:
    case ARG_PORTS:
    case ARG_KNOWN_BY:
    case ARG_DURING:
    case ARG_ALLOWANCES:
    case ARG_EMERGENCIES:
    case ARG_SIGHTS:
    case ARG_COUNTRIES:
    case ARG_ASNS:
        return false;
    }
    return false;
}

/* `platform` NO_INDEX: of a request whose host is no platform's. */
static bool can_match(const struct builder *b, const struct a_rule *rule, uint32_t platform)
{
    for (uint32_t i = 0; i < rule->clauses.n; i++) {
        const struct a_clause *clause = row(b, SECTION_CLAUSES, rule->clauses.at + i);

        if (clause && (platform == NO_INDEX ? needs_platform(clause) : !holds_on(b, clause, platform)))
            return false;
    }
    return true;
}

static struct a_list candidates(struct builder *b, uint32_t platform)
{
    struct a_list list = {build_count(b, SECTION_NUMBERS), 0};

    for (uint32_t i = 0; i < build_count(b, SECTION_RULES); i++) {
        if (((const struct a_rule *)row(b, SECTION_RULES, i))->verb == VERB_SET ||
            !can_match(b, row(b, SECTION_RULES, i), platform))
            continue;
        build_row(b, SECTION_NUMBERS, &i);
        list.n++;
    }
    return list.n ? list : (struct a_list){0, 0};
}

/* They decide nothing, and are asked only where one of their restrictions is in force. */
static struct a_list set_rules(struct builder *b)
{
    struct a_list list = {build_count(b, SECTION_NUMBERS), 0};

    for (uint32_t i = 0; i < build_count(b, SECTION_RULES); i++) {
        if (((const struct a_rule *)row(b, SECTION_RULES, i))->verb != VERB_SET)
            continue;
        build_row(b, SECTION_NUMBERS, &i);
        list.n++;
    }
    return list.n ? list : (struct a_list){0, 0};
}

/* The bits that a clause's numbers stand for; groups are folded into 32. */
static uint32_t bits_of(const struct builder *b, const struct a_clause *clause)
{
    const uint32_t *args = build_numbers_at(b, clause->args);
    uint32_t bits = 0;

    for (uint32_t i = 0; args && i < clause->args.n; i++)
        bits |= 1u << args[i] % 32;
    return bits;
}

/* Of two clauses of a kind the first is taken: what they have in common is no bit set (a host has several
 * categories, an unknown activity is unsure of both). */
static struct a_filter filter_of(const struct builder *b, const struct a_rule *rule)
{
    struct a_filter f = {UINT32_MAX, UINT32_MAX, UINT32_MAX};

    for (uint32_t i = 0; i < rule->clauses.n; i++) {
        const struct a_clause *clause = row(b, SECTION_CLAUSES, rule->clauses.at + i);
        const struct condition *condition = clause ? condition_by_number(clause->condition) : NULL;

        if (!condition || clause->flags & CLAUSE_EXCEPT)
            continue;
        if (condition->args == ARG_ACTIVITIES && f.activities == UINT32_MAX)
            f.activities = bits_of(b, clause);
        else if (condition->args == ARG_CATEGORIES && f.categories == UINT32_MAX)
            f.categories = bits_of(b, clause);
        else if (condition->args == ARG_GROUPS && f.groups == UINT32_MAX)
            f.groups = bits_of(b, clause);
    }
    return f;
}

void build_tables(struct builder *b)
{
    make_table(b, SECTION_HOST_TABLE, SECTION_HOSTS);
    make_table(b, SECTION_GROUP_TABLE, SECTION_GROUPS);
    make_table(b, SECTION_MEMBER_TABLE, SECTION_MEMBERS);
    make_table(b, SECTION_ALIAS_TABLE, SECTION_ALIASES);
    make_table(b, SECTION_IDENTITY_TABLE, SECTION_IDENTITIES);
    make_table(b, SECTION_GRANT_TABLE, SECTION_GRANTS);
    make_table(b, SECTION_RESTRICTED_TABLE, SECTION_RESTRICTED);
    make_table(b, SECTION_ROTA_TABLE, SECTION_ROTAS);
    for (uint32_t i = 0; i < build_count(b, SECTION_PLATFORMS); i++) {
        struct a_list list = candidates(b, i);

        ((struct a_platform *)build_at(b, SECTION_PLATFORMS, i))->candidates = list;
    }
    for (uint32_t i = 0; i < build_count(b, SECTION_RULES); i++) {
        struct a_filter filter = filter_of(b, row(b, SECTION_RULES, i));

        build_row(b, SECTION_FILTERS, &filter);
    }
    build_meta(b)->candidates_none = candidates(b, NO_INDEX);
    build_meta(b)->set_rules = set_rules(b);
}
