/* What a policy asks of the standing: whether a question is answered, how many minutes are left, whether an
 * emergency is declared. The judge asks it, and so does the portal, which writes the facts. */
#ifndef CORE_ASK_H
#define CORE_ASK_H

#include "core/standing.h"

/* The `what` of the ack that answers a rule of verb require: "notice/VERSION" of the policy, else "ASK/RULE".
 * Into `to` (STANDING_WHAT_MAX bytes, not terminated). */
struct str ask_key(const struct artefact *a, const struct a_rule *rule, char to[STANDING_WHAT_MAX]);

/* The person has answered what that rule asks: a notice of this version (or of one that need not be read
 * again), the others within this day, week or month. Not of a
 * `require person`: whom that has asked nobody writes down (recall.h). */
bool ask_answered(const struct artefact *a, const struct a_rule *rule, const struct facts *facts,
                  int64_t now);

/* Both times lie in one local day, week or month (enum period). */
bool ask_same_period(uint32_t every, int64_t one, int64_t other);

/* The allowance that is used while this rule lets somebody through: the first that its conditions name (not
 * below `except`); NO_INDEX = none. A clock minute counts as used where at least one event has such a rule
 * and was a person's own act (LOW estimate). */
uint32_t allowance_of_rule(const struct artefact *a, uint32_t rule);

/* Minutes left today; 0 = used up. */
uint32_t allowance_left(const struct artefact *a, uint32_t allowance, const struct facts *facts, int64_t now);

/* The soft stop: the minutes are used up, and what was being played then may still go on (a current item,
 * five minutes at most; governance 4.4). Whether it is that is the caller's to ask. */
bool allowance_plays_on(const struct artefact *a, uint32_t allowance, const struct facts *facts, int64_t now);

/* It was declared, for a reason that the policy lists, less than its hours ago. */
bool emergency_declared(const struct artefact *a, uint32_t emergency, const struct facts *facts, int64_t now);

/* The file tells nothing of what may have come since: it is older (or younger) than the policy allows. */
bool standing_stale(const struct artefact *a, const struct standing *s, int64_t now);

#endif
