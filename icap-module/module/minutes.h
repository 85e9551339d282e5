/* The minutes of an allowance under a policy that records nobody (record/day.h). */
#ifndef MODULE_MINUTES_H
#define MODULE_MINUTES_H

#include "module/snapshot.h"
#include "record/event.h"

/* Writes into `e` whose minute it was, where an allowance let this person's own act through. `e->time` is
 * exact still. Without the day's key nothing is written, and that is counted. */
void minutes_count(struct event *e, const struct loaded *l, const struct verdict *v);

#endif
