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

enum grant_state match_grant_state(const struct a_meta *meta, const struct a_grant *g, int32_t today,
                                   uint32_t *missing)
{
    *missing = missing_steps(meta, g, today);
    if (today >= match_grant_end(meta, g))
        return GRANT_STATE_EXPIRED;
    return *missing ? GRANT_STATE_INERT : GRANT_STATE_LIVE;
}

/* A grant that lists no account is for all of the council's, but not for the official accounts of elected
 * members: who may use one of these is written by its name. */
static bool covers(const struct artefact *a, const struct a_grant *g, uint32_t account)
{
    if (g->accounts.n)
        return holds(a, g->accounts, account);
    return !(ARTEFACT_ROWS(a, ACCOUNTS, struct a_account)[account].flags & ACCOUNT_MEMBER);
}

/* One and the same live grant must name both what is asked. */
static enum answer grant_names(const struct match *m, const struct a_grant *g, uint32_t asked)
{
    const struct classification *c = m->what;
    enum answer answer = YES;

    if (asked & GRANT_NAMES_ACCOUNT) {
        if (c->account_state == ACCOUNT_STATE_UNKNOWN)
            answer = UNSURE;
        else if (c->registered == NO_INDEX || !covers(m->artefact, g, c->registered))
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
        enum grant_state state;

        if (!holds(m->artefact, g->platforms, m->what->platform))
            continue;
        state = match_grant_state(meta, g, m->today, &missing);
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
