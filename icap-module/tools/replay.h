/* What a change of policy would have made of recorded events.
 *
 * An event holds what was decided and by which rule, and of the request: platform, account, activity, identity, origin,
 * confidence, categories, country, owner; the class of person where persons are recorded. It holds no group, no grant, no network,
 * no hour that a rule could ask about. Each of these unknowns, as the two policies write it, may have been so or not: a world is
 * one way to answer them all. Only worlds in which the old policy decides what the event says, by the rule that it names, are
 * looked at, and the new policy is asked in each of them. So what is said of all of them is certain, and what differs from world
 * to world is said to hang on an unknown. Groups are unknowns, too, and answer the question of for whom; where no world of
 * that kind explains an event, worlds are tried in which groups were not resolved.
 *
 * Registers count as they stand in the two artefacts, but for who is in them: that a person's grant is live is one unknown for
 * both. Questions that both policies ask are taken as answered alike; one that only the new one asks, as not answered yet. */
#ifndef TOOLS_REPLAY_H
#define TOOLS_REPLAY_H

#include "core/policy.h"
#include "record/event.h"

enum { REPLAY_UNKNOWNS = 12, REPLAY_NAMES = 64, REPLAY_AFTER = 4 };

enum replay_fate {
    REPLAY_SAME = 0, /* in all worlds as before */
    REPLAY_CHANGED,  /* in all worlds otherwise */
    REPLAY_DEPENDS,  /* in some */
    REPLAY_OTHERWISE, /* no world: the old policy would not decide today what the event says */
    REPLAY_TOO_OPEN, /* more than REPLAY_UNKNOWNS unknowns: not told */
    REPLAY_FATES
};

/* What people meet. */
enum replay_face { FACE_ALLOWED = 0, FACE_HELD_BACK /* allowed, and shadow holds something back */, FACE_ASKED, FACE_REFUSED, FACES };

struct replay_outcome {
    enum replay_face face;
    struct str page, rule, because, cite; /* of the artefact; empty where there is none */
};

/* Of an unknown: what it does to the change. */
enum replay_part { PART_NONE = 0, PART_CHANGES, PART_STAYS, PART_BOTH };

/* Events that are alike in all that a policy can ask of a record. */
struct replay_kind {
    struct event event; /* without time, person and code */
    uint64_t n;
    enum replay_fate fate;
    struct replay_outcome before, after[REPLAY_AFTER];
    unsigned n_after; /* different ones that changed, the first few */
    /* By unknown, and behind them for somebody in no group: of a group, what comes in worlds in which the person is in it
     * alone; of another unknown PART_BOTH where the change hangs on it, else PART_NONE. */
    unsigned char parts[REPLAY_NAMES + 1];
    const char *unknowns[REPLAY_NAMES];
    bool groups[REPLAY_NAMES]; /* it is a group, by its name */
    unsigned n_unknowns;
    bool unresolved; /* only groups that were not resolved explain it: of somebody in no group read of such a person */
};

struct replay;

/* Both outlive it. NULL without memory. */
struct replay *replay_new(const struct policy *old, const struct policy *now);
void replay_free(struct replay *r);

/* Takes an event. -1 without memory. */
int replay_event(struct replay *r, const struct event *e);

/* Judges what was taken; the kinds, most events first, live as long as `r`. NULL without memory. */
const struct replay_kind *replay_run(struct replay *r, size_t *n);

#endif
