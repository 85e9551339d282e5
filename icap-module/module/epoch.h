/* The keys of pseudonyms in this process: read from a file (record/epoch.h) by a thread that looks at it once
 * a second, so that a worker which nobody asks anything drops an ended or destroyed key as the others do.
 * They lie in memory of their own that is not swapped, not dumped and wiped; a pseudonym is made under a
 * mutex, some 200 ns. */
#ifndef MODULE_EPOCH_H
#define MODULE_EPOCH_H

#include "record/event.h"

/* In each child: begins to look. `path` is borrowed until epoch_stop; "" = there is none. */
void epoch_child(const char *path);

/* Puts the pseudonym and its epoch into *e, by e->time. False: there is no key for that time. */
bool epoch_name(struct str subject, struct event *e);

/* The thread ends, the keys are wiped. */
void epoch_stop(void);

#endif
