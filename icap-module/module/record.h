/* Stage 7: a verdict to one event in this process's spool. */
#ifndef MODULE_RECORD_H
#define MODULE_RECORD_H

#include "module/worker.h"

/* In each child, before its requests: opens the spool and reads the key. What is missing is tried again
 * later. */
void record_child(void);

/* Before the answer's first byte goes out. Writes nothing that is out of the policy's scope or record mode. */
void record_event(const struct exchange *x);

/* Finishes this process's segment. */
void record_stop(void);

#endif
