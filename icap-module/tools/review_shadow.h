/* What rules in shadow would have done, from recorded events: by rule with its sentence and clause, platform or category, and
 * activity; how often, and for how many people where people are recorded. Never a person, and no number of people below ten. */
#ifndef TOOLS_REVIEW_SHADOW_H
#define TOOLS_REVIEW_SHADOW_H

#include "record/event.h"

#include <jansson.h>

enum { SHADOW_FEW = 10 /* people: fewer are not told (governance 2.2 L4) */ };

struct shadow_review;

/* NULL without memory. */
struct shadow_review *shadow_review_new(void);
void shadow_review_free(struct shadow_review *r);

/* Takes an event: callback of whoever reads them. */
void shadow_review_take(void *r, const struct event *e);

/* An object: "events" looked at, "held_back" among them, "rows" (most first). `history` as history_read gives it, or NULL. NULL
 * without memory. */
json_t *shadow_review_json(struct shadow_review *r, json_t *history);

#endif
