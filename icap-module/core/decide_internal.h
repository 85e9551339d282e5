/* What decide.c and decide_response.c share; nobody else includes this. */
#ifndef CORE_DECIDE_INTERNAL_H
#define CORE_DECIDE_INTERNAL_H

#include "core/match.h"

/* The rules that matter, found in one walk. */
struct tally {
    uint32_t forbid, unsure_forbid, permit, unsure_permit, reason, unsure_reason;
    uint32_t require[ASK_COUNT];
    uint32_t waived;          /* bit set by enum ask, of all permits that match */
    bool host_only;           /* a rule that matches keeps tunnels closed */
    uint32_t unsure_category; /* of the unsure forbids the best that asks for a category */
    enum step forbid_step, reason_step;
};

struct outcome {
    enum action action;
    enum why why;
    uint32_t rule, page;
    enum ask ask;
    enum step step;
};

enum judged_of { OF_REQUEST, OF_ANSWER };

/* Fills both tallies: rules in force, and all of them with those in shadow; true when these differ. Of an
 * answer only the forbids that ask for what it tells. */
bool decide_weigh(struct match *m, enum judged_of of, struct tally *enforced, struct tally *all);

/* Steps 3 and 4; ACTION_ALLOW and WHY_SCOPE where no forbid speaks. */
struct outcome decide_forbidden(const struct artefact *a, const struct tally *t);

/* Step 10: what happens and what would, for this person. */
void decide_put(const struct artefact *a, struct verdict *v, const struct outcome *now,
                const struct outcome *would);

/* The last word of both doors: what the never-log list names is nobody's business (governance: members of unions, the
 * sick, who seeks advice), whatever became of the request. */
void decide_unlogged(struct verdict *v);

#endif
