/* Something that this process needs and may have to try for again (a key, the spool): by one thread at a
 * time, once a second, its absence told once. From any thread. */
#ifndef MODULE_NEED_H
#define MODULE_NEED_H

#include "core/diag.h"

#include <stdatomic.h>

struct need {
    atomic_flag busy;
    _Atomic int64_t next; /* monotonic second */
    atomic_bool said;     /* its absence has been logged */
};

#define NEED                                                                                                 \
    {                                                                                                        \
        .busy = ATOMIC_FLAG_INIT                                                                             \
    }

/* True for the one thread that is to look now, and then says need_looked. */
bool need_due(struct need *n);
void need_looked(struct need *n);

/* Logs the first message of `d` and what comes of it, unless it has been logged since need_met. */
void need_missing(struct need *n, const struct diag *d, const char *outcome);
void need_met(struct need *n);

#endif
