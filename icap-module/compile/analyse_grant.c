/* The states of a person's grants on a platform, as core/match_grant.c finds them: none, expired, inert with
 * what is missing, live with what it says of account, activity and both. All fit into one mask. */
#include "compile/analyse_sets.h"

#include "core/match.h"

enum {
    STATE_NONE,
    STATE_EXPIRED,
    STATE_INERT,
    STATE_LIVE = STATE_INERT + (1 << STEP_COUNT),
    STATES = STATE_LIVE + 27
};

_Static_assert(STATES <= 64, "the states of a grant do not fit into a mask");

/* What a live state says when it is asked for the account (1), the activity (2) or both (3). */
static enum answer named(unsigned state, uint32_t asked)
{
    static const unsigned divisors[] = {1, 9, 3, 1};

    return (enum answer)((state - STATE_LIVE) / divisors[asked & 3] % 3);
}

static enum grant_state state_of(unsigned state)
{
    return state == STATE_NONE      ? GRANT_STATE_NONE
           : state == STATE_EXPIRED ? GRANT_STATE_EXPIRED
           : state < STATE_LIVE     ? GRANT_STATE_INERT
                                    : GRANT_STATE_LIVE;
}

/* match_grant(), from a state instead of the rows. */
static enum answer answer_in(unsigned state, const uint32_t args[3])
{
    uint32_t states = args[0] ? args[0] : 1u << GRANT_STATE_LIVE;
    enum grant_state s = state_of(state);

    if (!(states >> s & 1))
        return NO;
    if (s == GRANT_STATE_INERT && args[1] && !(args[1] & (state - STATE_INERT)))
        return NO;
    if (!args[2])
        return YES;
    return s == GRANT_STATE_LIVE ? named(state, args[2]) : NO;
}

uint64_t grant_mask(const uint32_t args[3], bool except, enum sureness s)
{
    uint64_t mask = 0;

    for (unsigned state = 0; state < STATES; state++) {
        enum answer answer = answer_in(state, args);

        if (except)
            answer = answer_not(answer);
        if (answer == YES || (answer == UNSURE && s == POSSIBLE))
            mask |= (uint64_t)1 << state;
    }
    return mask;
}

/* Both are named by one and the same grant: that says something of each. */
static bool sound(unsigned state)
{
    enum answer account = named(state, 1), activity = named(state, 2), both = named(state, 3);

    if (both == YES)
        return account == YES && activity == YES;
    if (both == UNSURE)
        return account != NO && activity != NO && (account == UNSURE || activity == UNSURE);
    return account == NO || activity == NO || (account == YES && activity == YES);
}

uint64_t grant_feasible(uint32_t needs)
{
    uint64_t mask = grant_none() | (uint64_t)1 << STATE_EXPIRED;

    for (unsigned missing = 1; missing < 1u << STEP_COUNT; missing++)
        if ((missing & ~needs) == 0)
            mask |= (uint64_t)1 << (STATE_INERT + missing);
    for (unsigned state = STATE_LIVE; state < STATES; state++)
        if (sound(state))
            mask |= (uint64_t)1 << state;
    return mask;
}

uint64_t grant_none(void)
{
    return (uint64_t)1 << STATE_NONE;
}

/* The live states in which the question is answered so. */
static uint64_t answering(uint32_t asked, enum answer answer)
{
    uint64_t mask = 0;

    for (unsigned state = STATE_LIVE; state < STATES; state++)
        if (named(state, asked) == answer)
            mask |= (uint64_t)1 << state;
    return mask;
}

uint64_t grant_live(void)
{
    return answering(1, NO) | answering(1, YES) | answering(1, UNSURE);
}

uint64_t grant_naming(void)
{
    return answering(1, YES);
}

/* A live grant is unsure of the account just where the request's account is unknown, and names registered
 * ones only; of the activity just where that is unknown. */
void grant_fit(struct grant_fit *f)
{
    const uint64_t unknown = (uint64_t)1 << ACTIVITY_COUNT;
    uint64_t out = 0;

    out |= f->unknown ? 0 : answering(1, UNSURE);
    out |= f->registered ? 0 : answering(1, YES);
    out |= f->registered || f->others ? 0 : answering(1, NO);
    out |= f->activities & unknown ? 0 : answering(2, UNSURE);
    out |= f->activities & ~unknown ? 0 : answering(2, YES) | answering(2, NO);
    f->states &= ~out;
    if (f->states & ~grant_live())
        return;
    f->unknown &= (f->states & answering(1, UNSURE)) != 0;
    f->registered &= (f->states & (answering(1, YES) | answering(1, NO))) != 0;
    f->others &= (f->states & answering(1, NO)) != 0;
    if (!(f->states & answering(2, UNSURE)))
        f->activities &= ~unknown;
    if (!(f->states & (answering(2, YES) | answering(2, NO))))
        f->activities &= unknown;
}
