#include "core/match.h"

#include "core/clock.h"
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

/* `value` may be a number that stands for "unknown": then only that very word matches, every other one is unsure. */
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
    for (uint32_t i = 0; i + 1 < n; i += 2)
        if (host_below(m->request->host, artefact_str(m->artefact, (struct a_str){args[i], args[i + 1]})))
            return YES;
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
    return m->what->platform == NO_INDEX ? NO
                                         : listed_or_unsure(m->what->identity, IDENTITY_UNKNOWN, args, n);
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

static bool in_group(const struct person *who, uint32_t group)
{
    return who->groups && who->groups[group / 64] >> (group % 64) & 1;
}

static enum answer match_group(const struct match *m, const uint32_t *args, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (in_group(m->who, args[i]))
            return YES;
    return m->who->groups_state == GROUPS_RESOLVED ? NO : UNSURE;
}

static enum answer match_people(const struct match *m, const uint32_t *args, uint32_t n)
{
    return listed_or_unsure(m->who->people, NO_INDEX, args, n);
}

/* IPv4 as ::ffff:a.b.c.d; false when the text is no address. */
static bool address_of(struct str text, unsigned char out[16])
{
    char z[INET6_ADDRSTRLEN];

    if (text.n == 0 || text.n >= sizeof z)
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    memset(out, 0, 10);
    out[10] = out[11] = 0xff;
    return inet_pton(AF_INET, z, out + 12) == 1 || inet_pton(AF_INET6, z, out) == 1;
}

static bool in_network(const unsigned char address[16], const uint32_t *args)
{
    for (uint32_t bit = 0; bit < args[4]; bit++) {
        unsigned want = args[bit / 32] >> (31 - bit % 32) & 1;
        unsigned have = (unsigned)address[bit / 8] >> (7 - bit % 8) & 1;

        if (want != have)
            return false;
    }
    return true;
}

static enum answer match_network(const struct match *m, const uint32_t *args, uint32_t n)
{
    unsigned char address[16];

    if (!address_of(m->request->client_ip, address))
        return UNSURE;
    for (uint32_t i = 0; i + 4 < n; i += 5)
        if (in_network(address, args + i))
            return YES;
    return NO;
}

static enum answer match_port(const struct match *m, const uint32_t *args, uint32_t n)
{
    return listed_or_unsure(m->request->listening_port, 0, args, n);
}

/* What is found out about all of a person's grants for the request's platform. */
struct grants {
    enum grant_state state; /* the best of them: live, inert, expired, none */
    enum step step;         /* what the first inert one lacks */
    uint32_t missing;       /* bit set of what the inert ones lack */
    enum answer named;      /* a live one names the account and activity that were asked for */
};

static bool holds(const struct artefact *a, struct a_list l, uint32_t value)
{
    return listed(value, artefact_numbers(a, l), l.n) == YES;
}

/* First day on which a grant no longer holds (exclusive), by its own end or by the policy's months. */
static int32_t end_of_grant(const struct a_meta *meta, const struct a_grant *g)
{
    int year;
    unsigned month, day;

    if (g->expires_day)
        return (int32_t)g->expires_day + 1;
    if (!meta->grant_months || !g->approved_day)
        return INT32_MAX;
    clock_date((int32_t)g->approved_day, &year, &month, &day);
    month += meta->grant_months - 1;
    return clock_day(year + (int)(month / 12), month % 12 + 1, day) + 1;
}

static uint32_t missing_steps(const struct a_meta *meta, const struct a_grant *g, int32_t today)
{
    uint32_t missing = 0;

    if (!g->approved_day || (int32_t)g->approved_day > today)
        missing |= 1u << STEP_APPROVAL;
    if (!g->aup_day || (int32_t)g->aup_day > today)
        missing |= 1u << STEP_AUP;
    if (!g->read_day || (int32_t)g->read_day > today)
        missing |= 1u << STEP_READ;
    if (!g->trained_day || (int32_t)g->trained_day < today)
        missing |= 1u << STEP_TRAINING;
    return missing & meta->grant_needs;
}

/* One and the same live grant must name both what is asked. */
static enum answer grant_names(const struct match *m, const struct a_grant *g, uint32_t asked)
{
    const struct classification *c = m->what;
    enum answer answer = YES;

    if (asked & GRANT_NAMES_ACCOUNT) {
        if (c->account_state == ACCOUNT_STATE_UNKNOWN)
            answer = UNSURE;
        else if (c->registered == NO_INDEX || (g->accounts.n && !holds(m->artefact, g->accounts, c->registered)))
            return NO;
    }
    if (asked & GRANT_NAMES_ACTIVITY) {
        if (c->activity == ACTIVITY_COUNT)
            return answer_and(answer, UNSURE);
        return answer_and(answer, g->activities >> c->activity & 1 ? YES : NO);
    }
    return answer;
}

static void look_at_grants(const struct match *m, struct a_list run, uint32_t asked, struct grants *out)
{
    const struct a_meta *meta = ARTEFACT_ROWS(m->artefact, META, struct a_meta);

    for (uint32_t i = 0; i < run.n; i++) {
        const struct a_grant *g = &ARTEFACT_ROWS(m->artefact, GRANTS, struct a_grant)[run.at + i];
        uint32_t missing;
        enum grant_state state;

        if (!holds(m->artefact, g->platforms, m->what->platform))
            continue;
        missing = missing_steps(meta, g, m->today);
        state = m->today >= end_of_grant(meta, g) ? GRANT_STATE_EXPIRED
                : missing                         ? GRANT_STATE_INERT
                                                  : GRANT_STATE_LIVE;
        if (state == GRANT_STATE_INERT) {
            out->missing |= missing;
            for (unsigned s = 0; s < STEP_COUNT && out->step == STEP_COUNT; s++)
                if (missing >> s & 1)
                    out->step = (enum step)s;
        }
        if (state == GRANT_STATE_LIVE)
            out->named = answer_or(out->named, grant_names(m, g, asked));
        if (state < out->state) /* the enum runs from best to worst */
            out->state = state;
    }
}

static enum answer match_grant(const struct match *m, const uint32_t *args, uint32_t n)
{
    struct grants g = {.state = GRANT_STATE_NONE, .step = STEP_COUNT, .named = NO};
    uint32_t states = args[0] ? args[0] : 1u << GRANT_STATE_LIVE;

    (void)n; /* artefact_check proved that there are three */
    if (m->what->platform != NO_INDEX) {
        look_at_grants(m, lookup_user_grants(m->artefact, m->request->account_name), args[2], &g);
        for (uint32_t i = 0; i < m->artefact->n[SECTION_GROUPS]; i++)
            if (in_group(m->who, i))
                look_at_grants(m, lookup_group_grants(m->artefact, i), args[2], &g);
    }
    if (!(states >> g.state & 1))
        return NO;
    if (g.state == GRANT_STATE_INERT) {
        if (args[1] && !(args[1] & g.missing))
            return NO;
        *m->step = g.step;
    }
    return args[2] ? g.named : YES;
}

const struct condition conditions[] = {
#define CONDITION(number, word, args, match, unsure) {number, #word, args, match, unsure},
#include "core/conditions.def"
#undef CONDITION
};

const unsigned n_conditions = sizeof conditions / sizeof *conditions;

/* The table's rows are numbered from 1 without gaps. */
const struct condition *condition_by_number(uint32_t number)
{
    return number - 1 < n_conditions ? &conditions[number - 1] : NULL;
}

const struct condition *condition_by_word(struct str word)
{
    for (unsigned i = 0; i < n_conditions; i++)
        if (str_eq(word, str_of(conditions[i].word)))
            return &conditions[i];
    return NULL;
}

enum answer match_clause(const struct match *m, const struct a_clause *clause)
{
    const uint32_t *args = artefact_numbers(m->artefact, clause->args);
    enum answer answer = conditions[clause->condition - 1].match(m, args, clause->args.n);

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
