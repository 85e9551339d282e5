/* The grant condition: whether somebody's written approval covers what is asked, and if not, what it lacks.
 */
#include "core/clock.h"
#include "core/lookup.h"
#include "core/match.h"

static bool holds(const struct artefact *a, struct a_list l, uint32_t value)
{
    for (uint32_t i = 0; i < l.n; i++)
        if (artefact_numbers(a, l)[i] == value)
            return true;
    return false;
}

int32_t match_grant_end(const struct a_meta *meta, const struct a_grant *g)
{
    int year;
    unsigned month, day;

    if (g->clean_from) {
        int32_t end = clock_local((int64_t)g->clean_from + CLEAN_UP_SECONDS - 1).day + 1;

        return g->expires_day && (int32_t)g->expires_day + 1 < end ? (int32_t)g->expires_day + 1 : end;
    }
    if (g->expires_day)
        return (int32_t)g->expires_day + 1;
    if (!meta->grant_months || !g->approved_day)
        return INT32_MAX;
    clock_date((int32_t)g->approved_day, &year, &month, &day);
    month += meta->grant_months - 1;
    return clock_day(year + (int)(month / 12), month % 12 + 1, day) + 1;
}

static bool done(uint32_t day, int32_t today)
{
    return day && (int32_t)day <= today;
}

/* The version of today, or an earlier one while that is enough (the policy's re-read). */
static bool has_read(const struct a_meta *meta, const struct a_grant *g, int32_t today)
{
    return done(g->read_day, today) &&
           (!(g->flags & GRANT_READ_EARLIER) || (meta->reread_day && today <= (int32_t)meta->reread_day));
}

/* Whoever takes away what must go needs an approval and nothing else. */
enum { CLEAN_UP_NEEDS = 1u << STEP_APPROVAL | 1u << STEP_SECOND };

static uint32_t missing_steps(const struct a_meta *meta, const struct a_grant *g, int32_t today)
{
    uint32_t missing = 0;

    if (!done(g->approved_day, today))
        missing |= 1u << STEP_APPROVAL;
    if (!done(g->second_day, today) && (!meta->grant_second || meta->grant_second & g->activities))
        missing |= 1u << STEP_SECOND;
    if (!done(g->aup_day, today))
        missing |= 1u << STEP_AUP;
    if (!has_read(meta, g, today))
        missing |= 1u << STEP_READ;
    if (!g->trained_day || (int32_t)g->trained_day < today)
        missing |= 1u << STEP_TRAINING;
    return missing & meta->grant_needs & (g->clean_from ? CLEAN_UP_NEEDS : ~0u);
}

enum grant_state match_grant_state(const struct a_meta *meta, const struct a_grant *g, int32_t today,
                                   int64_t now, uint32_t *missing)
{
    *missing = missing_steps(meta, g, today);
    if (g->clean_from && now < (int64_t)g->clean_from)
        return GRANT_STATE_NONE;
    if (today >= match_grant_end(meta, g) ||
        (g->clean_from && now >= (int64_t)g->clean_from + CLEAN_UP_SECONDS))
        return GRANT_STATE_EXPIRED;
    return *missing ? GRANT_STATE_INERT : GRANT_STATE_LIVE;
}

/* Where an account has officers, they alone may act as it, whatever a grant lists. What is not known to be
 * looking is taken for an act. */
static bool is_officer(const struct match *m, const struct a_account *account)
{
    enum { LOOKING = 1u << ACTIVITY_VIEW | 1u << ACTIVITY_STREAM | 1u << ACTIVITY_LOGIN };

    if (!account->officers.n || (m->what->activity < ACTIVITY_COUNT && LOOKING >> m->what->activity & 1))
        return true;
    for (uint32_t i = 0; m->who->known_by != KNOWN_BY_ADDRESS && i < account->officers.n; i++)
        if (str_eq(artefact_str(m->artefact,
                                ARTEFACT_ROWS(m->artefact, WORDS, struct a_str)[account->officers.at + i]),
                   m->request->account_name))
            return true;
    return false;
}

/* A grant that lists no account is for all of the council's, but not for the official accounts of elected
 * members: who may use one of these is written by its name. */
static bool covers(const struct match *m, const struct a_grant *g, uint32_t account)
{
    const struct a_account *row = &ARTEFACT_ROWS(m->artefact, ACCOUNTS, struct a_account)[account];

    if (!is_officer(m, row))
        return false;
    if (g->accounts.n)
        return holds(m->artefact, g->accounts, account);
    return !(row->flags & ACCOUNT_MEMBER);
}

/* It holds for this person and this request at all. One that was given to somebody as a member of a group
 * ends when they leave it; whose groups are not told does not have it. A clean-up opens its few activities
 * and nothing else, also where a rule asks for a grant alone; once over it leaves nothing behind, also where
 * a rule asks for one that has ended. */
static bool applies(const struct match *m, const struct a_grant *g, enum grant_state *state)
{
    if (!holds(m->artefact, g->platforms, m->what->platform))
        return false;
    if (g->clean_from && (*state == GRANT_STATE_EXPIRED || m->what->activity == ACTIVITY_COUNT ||
                          !(g->activities >> m->what->activity & 1)))
        return false;
    if (g->within == NO_INDEX || match_in_group(m->who, g->within))
        return true;
    *state = GRANT_STATE_EXPIRED;
    return m->who->groups_state == GROUPS_RESOLVED;
}

/* One and the same live grant must name both what is asked. */
static enum answer grant_names(const struct match *m, const struct a_grant *g, uint32_t asked)
{
    const struct classification *c = m->what;
    enum answer answer = YES;

    if (asked & GRANT_NAMES_ACCOUNT) {
        if (c->account_state == ACCOUNT_STATE_UNKNOWN)
            answer = UNSURE;
        else if (c->registered == NO_INDEX || !covers(m, g, c->registered))
            return NO;
    }
    if (asked & GRANT_NAMES_ACTIVITY) {
        if (c->activity == ACTIVITY_COUNT)
            return answer_and(answer, UNSURE);
        return answer_and(answer, g->activities >> c->activity & 1 ? YES : NO);
    }
    return answer;
}

static void look_at_grants(const struct match *m, struct a_list run, uint32_t asked, struct grant_view *out)
{
    const struct a_meta *meta = ARTEFACT_ROWS(m->artefact, META, struct a_meta);

    for (uint32_t i = 0; i < run.n; i++) {
        const struct a_grant *g = &ARTEFACT_ROWS(m->artefact, GRANTS, struct a_grant)[run.at + i];
        uint32_t missing;
        enum grant_state state = match_grant_state(meta, g, m->today, m->request->now, &missing);

        if (!applies(m, g, &state))
            continue;
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

/* All rules that ask in one way get the same answer: it is looked up once. */
static const struct grant_view *view_of(const struct match *m, uint32_t asked)
{
    struct grant_view *v = &m->memory->grants[asked % GRANT_WAYS];

    if (v->looked)
        return v;
    *v = (struct grant_view){.looked = true, .state = GRANT_STATE_NONE, .step = STEP_COUNT, .named = NO};
    if (m->what->platform == NO_INDEX)
        return v;
    if (m->who->known_by != KNOWN_BY_ADDRESS) /* else whoever sits at the machine would have it */
        look_at_grants(m, lookup_user_grants(m->artefact, m->request->account_name), asked, v);
    for (uint32_t i = 0; i < m->artefact->n[SECTION_GROUPS]; i++)
        if (match_in_group(m->who, i))
            look_at_grants(m, lookup_group_grants(m->artefact, i), asked, v);
    return v;
}

enum answer match_grant(const struct match *m, const uint32_t *args, uint32_t n)
{
    uint32_t states = args[0] ? args[0] : 1u << GRANT_STATE_LIVE;
    const struct grant_view *v = view_of(m, args[2]);

    (void)n; /* artefact_check proved that there are three */
    if (!(states >> v->state & 1))
        return NO;
    if (v->state == GRANT_STATE_INERT) {
        if (args[1] && !(args[1] & v->missing))
            return NO;
        *m->step = v->step;
    }
    return args[2] ? v->named : YES;
}
