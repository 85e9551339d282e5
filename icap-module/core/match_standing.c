/* The conditions that ask the standing (core/ask.h), and what a require asks.
 *
 * What an old file says of the past stays true: an answer that was given, an emergency that was declared.
 * What it does not say may have come since, and minutes may have been used: that is unsure. */
#include "core/ask.h"
#include "core/match.h"

const struct facts *match_facts(const struct match *m)
{
    struct match_memory *memory = m->memory;

    if (!memory->has_facts) {
        memory->has_facts = true;
        memory->facts = standing_facts(m->snapshot->standing, m->request->account_name);
    }
    return &memory->facts;
}

bool match_answered(const struct match *m, const struct a_rule *rule)
{
    if (m->snapshot->supposed)
        return m->snapshot->supposed->answered[rule - ARTEFACT_ROWS(m->artefact, RULES, struct a_rule)];
    if (rule->ask == ASK_PERSON)
        return match_prompted(m, rule);
    return ask_answered(m->artefact, rule, match_facts(m), m->request->now);
}

/* The person is in one of the groups; an empty list is everybody. */
static enum answer among(const struct match *m, struct a_list groups)
{
    for (uint32_t i = 0; i < groups.n; i++)
        if (match_in_group(m->who, artefact_numbers(m->artefact, groups)[i]))
            return YES;
    return groups.n == 0 ? YES : m->who->groups_state == GROUPS_RESOLVED ? NO : UNSURE;
}

/* A piece of a stream; somebody who begins another one does so by an act of their own. */
static bool is_playing(const struct match *m)
{
    return m->what->activity == ACTIVITY_STREAM && m->what->origin != ORIGIN_PERSON;
}

static enum answer one_allowance(const struct match *m, uint32_t allowance)
{
    const struct a_allowance *row = &ARTEFACT_ROWS(m->artefact, ALLOWANCES, struct a_allowance)[allowance];
    const struct a_meta *meta = ARTEFACT_ROWS(m->artefact, META, struct a_meta);
    const struct standing *s = m->snapshot->standing;
    enum answer left;

    if (m->who->user != USER_KNOWN)
        return UNSURE;
    if (!s)
        left = meta->standing_missing == STANDING_UNUSED ? YES : UNSURE;
    else if (standing_stale(m->artefact, s, m->request->now))
        left = UNSURE;
    else
        left = allowance_left(m->artefact, allowance, match_facts(m), m->request->now) ||
                       (is_playing(m) &&
                        allowance_plays_on(m->artefact, allowance, match_facts(m), m->request->now))
                   ? YES
                   : NO;
    return answer_and(among(m, row->groups), left);
}

enum answer match_allowance(const struct match *m, const uint32_t *args, uint32_t n)
{
    enum answer answer = NO;

    for (uint32_t i = 0; i < n; i++)
        answer = answer_or(answer, one_allowance(m, args[i]));
    return answer;
}

static bool on_platform(const struct match *m, const struct a_emergency *row)
{
    for (uint32_t i = 0; i < row->platforms.n; i++)
        if (artefact_numbers(m->artefact, row->platforms)[i] == m->what->platform)
            return true;
    return row->platforms.n == 0;
}

/* Where groups are not told, who declared it was in one when they did: it works while the directory is away.
 * Of whom nobody knows that they could declare one, an old file does not make it doubtful. */
static enum answer one_emergency(const struct match *m, uint32_t emergency)
{
    const struct a_emergency *row = &ARTEFACT_ROWS(m->artefact, EMERGENCIES, struct a_emergency)[emergency];
    const struct standing *s = m->snapshot->standing;

    if (!s || !on_platform(m, row) || m->who->user != USER_KNOWN || among(m, row->groups) == NO)
        return NO;
    if (emergency_declared(m->artefact, emergency, match_facts(m), m->request->now))
        return YES;
    return among(m, row->groups) == YES && standing_stale(m->artefact, s, m->request->now) ? UNSURE : NO;
}

enum answer match_emergency(const struct match *m, const uint32_t *args, uint32_t n)
{
    enum answer answer = NO;

    for (uint32_t i = 0; i < n; i++)
        answer = answer_or(answer, one_emergency(m, args[i]));
    return answer;
}
