/* Which host a page that refused by category was about, held for the service desk (record/held.h). */
#ifndef MODULE_HELD_H
#define MODULE_HELD_H

#include "module/worker.h"

/* In each child, before its requests and after them. */
void held_child(void);
void held_stop(void);

/* Once the answer is made: holds the host, if a page with a code was shown for one of its categories. Nothing without a
 * HeldHosts directive. What cannot be held is counted; the answer goes out all the same. */
void held_note(const struct exchange *x);

#endif
