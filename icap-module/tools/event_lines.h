/* Events from where they lie: a store, a spool's folder or segment, or JSON Lines as `portreeve events` prints them. */
#ifndef TOOLS_EVENT_LINES_H
#define TOOLS_EVENT_LINES_H

#include "core/diag.h"
#include "record/event.h"

struct events_read {
    uint64_t events, torn, unreadable; /* added to; unreadable: lines that are no events */
};

/* Calls `each` for every event from <= time < until (seconds since 1970; 0, INT64_MAX: all); it lives until `each` returns. -1
 * with a message when nothing of that kind is there, or it cannot be read. */
int events_read(const char *path, const int64_t from_until[2], void (*each)(void *to, const struct event *e), void *to, struct events_read *result,
                struct diag *d);

#endif
