/* What rules in shadow would have done, from recorded events: by rule with its sentence and clause, platform
 * or category, and activity; how often, and for how many people where people are recorded. Never a person.
 *
 * People are told in tens: "fewer than 10", "10 or more", "20 or more". So no group below ten can be worked
 * out of others: let all people of a rule be T and those of its rows but one A, B ...; of the one that is
 * left T - A - B ... could be told at best, and as T is rounded down and each of A, B is up to nine more than
 * it says, that is never more than the one person whom the row's being there tells of anyway. The same goes
 * for two runs over different times. */
#ifndef TOOLS_REVIEW_SHADOW_H
#define TOOLS_REVIEW_SHADOW_H

#include "record/event.h"

#include <jansson.h>

enum { SHADOW_FEW = 10 /* people: fewer are not told, and more in such steps (governance 2.2 L4) */ };

struct shadow_review;

/* NULL without memory. */
struct shadow_review *shadow_review_new(void);
void shadow_review_free(struct shadow_review *r);

/* Takes an event: callback of whoever reads them. */
void shadow_review_take(void *r, const struct event *e);

/* An object: "events" looked at, "held_back" among them, "rows" (rule by rule, most first). `history` as
 * history_read or history_of give it, or NULL. NULL without memory. */
json_t *shadow_review_json(struct shadow_review *r, json_t *history);

#endif
