#include "core/match.h"

#include "core/lookup.h"

#include <arpa/inet.h>

enum answer answer_and(enum answer a, enum answer b)
{
    if (a == NO || b == NO)
        return NO;
    return a == YES && b == YES ? YES : UNSURE;
}

enum answer answer_or(enum answer a, enum answer b)
{
    if (a == YES || b == YES)
        return YES;
    return a == NO && b == NO ? NO : UNSURE;
}

enum answer answer_not(enum answer a)
{
    return a == UNSURE ? UNSURE : a == YES ? NO : YES;
}

static enum answer listed(uint32_t value, const uint32_t *args, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (args[i] == value)
            return YES;
    return NO;
}

/* `value` may be a number that stands for "unknown": then only that very word matches, every other one is
 * unsure. */
static enum answer listed_or_unsure(uint32_t value, uint32_t unknown, const uint32_t *args, uint32_t n)
{
    enum answer found = listed(value, args, n);

    return found == NO && value == unknown ? UNSURE : found;
}

static const struct a_platform *platform_of(const struct match *m)
{
    uint32_t i = m->what->platform;

    return i == NO_INDEX ? NULL : &ARTEFACT_ROWS(m->artefact, PLATFORMS, struct a_platform)[i];
}

static enum answer match_platform(const struct match *m, const uint32_t *args, uint32_t n)
{
    return m->what->platform == NO_INDEX ? NO : listed(m->what->platform, args, n);
}

static enum answer match_class(const struct match *m, const uint32_t *args, uint32_t n)
{
    const struct a_platform *f = platform_of(m);

    return f ? listed(f->class, args, n) : NO;
}

static enum answer match_media(const struct match *m, const uint32_t *args, uint32_t n)
{
    const struct a_platform *f = platform_of(m);

    return f ? listed(f->flags & PLATFORM_BROADCAST_ONLY, args, n) : NO;
}

static enum answer match_host(const struct match *m, const uint32_t *args, uint32_t n)
{
    for (uint32_t i = 0; i + 1 < n; i += 2) {
        struct str name = artefact_str(m->artefact, (struct a_str){args[i], args[i + 1]});

        if (host_below(m->request->host, name) ||
            (m->what->inner_host.n && host_below(m->what->inner_host, name)))
            return YES;
    }
    return NO;
}

static enum answer match_role(const struct match *m, const uint32_t *args, uint32_t n)
{
    return m->what->platform == NO_INDEX ? NO : listed(m->what->role, args, n);
}

static enum answer match_category(const struct match *m, const uint32_t *args, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (m->what->categories >> args[i] & 1)
            return YES;
    return NO;
}

static enum answer match_activity(const struct match *m, const uint32_t *args, uint32_t n)
{
    return listed_or_unsure(m->what->activity, ACTIVITY_COUNT, args, n);
}

static enum answer match_one_account(const struct match *m, uint32_t arg)
{
    const struct classification *c = m->what;

    if (arg == ACCOUNT_IS_UNKNOWN)
        return c->account_state == ACCOUNT_STATE_UNKNOWN ? YES : NO;
    if (arg == ACCOUNT_IS_NONE)
        return c->account_state == ACCOUNT_STATE_NOBODY ? YES : NO;
    if (c->account_state == ACCOUNT_STATE_UNKNOWN)
        return UNSURE;
    if (c->account_state == ACCOUNT_STATE_NOBODY)
        return NO;
    if (arg == ACCOUNT_IS_REGISTERED)
        return c->registered != NO_INDEX ? YES : NO;
    if (arg == ACCOUNT_IS_UNREGISTERED)
        return c->registered == NO_INDEX ? YES : NO;
    return c->registered == arg ? YES : NO;
}

static enum answer match_account(const struct match *m, const uint32_t *args, uint32_t n)
{
    enum answer answer = NO;

    for (uint32_t i = 0; i < n; i++)
        answer = answer_or(answer, match_one_account(m, args[i]));
    return answer;
}

static enum answer match_account_flag(const struct match *m, const uint32_t *args, uint32_t n)
{
    const struct classification *c = m->what;

    if (c->account_state == ACCOUNT_STATE_UNKNOWN)
        return UNSURE;
    if (c->registered == NO_INDEX)
        return NO;
    for (uint32_t i = 0; i < n; i++)
        if (ARTEFACT_ROWS(m->artefact, ACCOUNTS, struct a_account)[c->registered].flags & args[i])
            return YES;
    return NO;
}

static enum answer match_identity(const struct match *m, const uint32_t *args, uint32_t n)
{
    bool all = true;

    if (m->what->platform == NO_INDEX)
        return NO;
    if (!m->what->identity_untold)
        return listed_or_unsure(m->what->identity, IDENTITY_UNKNOWN, args, n);
    /* It is one of the words, and which one the request does say: for want of the key no permit may open. */
    for (uint32_t word = 0; word < IDENTITY_COUNT; word++)
        all &= listed(word, args, n) == YES;
    return all ? YES : UNSURE;
}

static enum answer match_origin(const struct match *m, const uint32_t *args, uint32_t n)
{
    return listed_or_unsure(m->what->origin, ORIGIN_UNKNOWN, args, n);
}

static enum answer match_user(const struct match *m, const uint32_t *args, uint32_t n)
{
    return listed(m->who->user, args, n);
}

static enum answer match_groups(const struct match *m, const uint32_t *args, uint32_t n)
{
    return listed(m->who->groups_state, args, n);
}

bool match_in_group(const struct person *who, uint32_t group)
{
    return who->groups && who->groups[group / 64] >> (group % 64) & 1;
}

static enum answer match_group(const struct match *m, const uint32_t *args, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (match_in_group(m->who, args[i]))
            return YES;
    return m->who->groups_state == GROUPS_RESOLVED ? NO : UNSURE;
}

static enum answer match_people(const struct match *m, const uint32_t *args, uint32_t n)
{
    return listed_or_unsure(m->who->people, NO_INDEX, args, n);
}

static void read_address(struct client_address *c, struct str text)
{
    unsigned char bytes[16] = {[10] = 0xff, [11] = 0xff};
    char z[INET6_ADDRSTRLEN];

    c->looked = true;
    if (text.n == 0 || text.n >= sizeof z)
        return;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    c->known = inet_pton(AF_INET, z, bytes + 12) == 1 || inet_pton(AF_INET6, z, bytes) == 1;
    for (unsigned i = 0; i < 4; i++)
        c->words[i] = (uint32_t)bytes[4 * i] << 24 | (uint32_t)bytes[4 * i + 1] << 16 |
                      (uint32_t)bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
}

/* args: the network's four words, then its length in bits. */
static bool in_network(const uint32_t words[4], const uint32_t *args)
{
    uint32_t left = args[4];

    for (unsigned i = 0; i < 4 && left > 0; i++) {
        uint32_t mask = left >= 32 ? UINT32_MAX : ~(UINT32_MAX >> left);

        if ((words[i] ^ args[i]) & mask)
            return false;
        left -= left >= 32 ? 32 : left;
    }
    return true;
}

static const struct client_address *client_of(const struct match *m)
{
    struct client_address *client = &m->memory->client;

    if (!client->looked)
        read_address(client, m->request->client_ip);
    return client;
}

static enum answer match_network(const struct match *m, const uint32_t *args, uint32_t n)
{
    const struct client_address *client = client_of(m);

    if (!client->known)
        return UNSURE;
    for (uint32_t i = 0; i + 4 < n; i += 5)
        if (in_network(client->words, args + i))
            return YES;
    return NO;
}

bool match_from_guest(const struct match *m)
{
    const struct a_network *rows = ARTEFACT_ROWS(m->artefact, NETWORKS, struct a_network);

    for (uint32_t i = 0; i < m->artefact->n[SECTION_NETWORKS]; i++)
        if (rows[i].zone == ZONE_GUEST && client_of(m)->known &&
            in_network(client_of(m)->words, rows[i].network))
            return true;
    return false;
}

static enum answer match_port(const struct match *m, const uint32_t *args, uint32_t n)
{
    return listed_or_unsure(m->request->listening_port, 0, args, n);
}

static enum answer match_known_by(const struct match *m, const uint32_t *args, uint32_t n)
{
    return listed(m->who->known_by, args, n);
}

static enum answer match_concerns(const struct match *m, const uint32_t *args, uint32_t n)
{
    return m->what->platform == NO_INDEX ? NO : listed(m->what->concern, args, n);
}

static enum answer match_seen(const struct match *m, const uint32_t *args, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (m->what->sights >> args[i] & 1)
            return YES;
    return NO;
}

/* `value` 0: the database does not know the address. */
static enum answer listed_place(const struct match *m, uint32_t value, const uint32_t *args, uint32_t n)
{
    if (!m->what->place.told)
        return listed(PLACE_IS_NONE, args, n);
    return listed_or_unsure(value ? value : PLACE_IS_UNKNOWN, PLACE_IS_UNKNOWN, args, n);
}

static enum answer match_country(const struct match *m, const uint32_t *args, uint32_t n)
{
    return listed_place(m, m->what->place.country, args, n);
}

static enum answer match_asn(const struct match *m, const uint32_t *args, uint32_t n)
{
    return listed_place(m, m->what->place.asn, args, n);
}

static enum answer (*const matchers[])(const struct match *, const uint32_t *, uint32_t) = {
#define CONDITION(number, word, args, match, unsure) match,
#include "core/conditions.def"
#undef CONDITION
};

struct match match_for(const struct snapshot *snapshot, const struct request *r, const struct verdict *v,
                       struct match_memory *memory)
{
    struct local_time local = clock_local(r->now);

    memory->returns = NO_INDEX;
    return (struct match){.policy = snapshot->policy,
                          .artefact = policy_artefact(snapshot->policy),
                          .snapshot = snapshot,
                          .request = r,
                          .what = &v->what,
                          .who = &v->who,
                          .today = local.day,
                          .local = local,
                          .memory = memory};
}

enum answer match_clause(const struct match *m, const struct a_clause *clause)
{
    const uint32_t *args = artefact_numbers(m->artefact, clause->args);
    const struct supposed *supposed = m->snapshot->supposed;
    unsigned known = supposed ? supposed->clauses[clause - ARTEFACT_ROWS(m->artefact, CLAUSES, struct a_clause)]
                              : SUPPOSE_ASK;
    enum answer answer = known == SUPPOSE_ASK ? matchers[clause->condition - 1](m, args, clause->args.n)
                                              : (enum answer)known;

    return clause->flags & CLAUSE_EXCEPT ? answer_not(answer) : answer;
}

enum answer match_rule(const struct match *m, const struct a_rule *rule)
{
    const struct a_clause *clause = &ARTEFACT_ROWS(m->artefact, CLAUSES, struct a_clause)[rule->clauses.at];
    enum answer answer = YES;

    for (uint32_t i = 0; i < rule->clauses.n && answer != NO; i++, clause++)
        answer = answer_and(answer, match_clause(m, clause));
    return answer;
}
