/* The table of recall (core/recall.h) that all children of one server share: made in the master before it
 * forks, in memory that is no file's, with a key that is drawn then and never written anywhere. With the
 * server all of it is gone. */
#ifndef MODULE_RECALL_H
#define MODULE_RECALL_H

#include "module/worker.h"

/* In the master, before there are children. Without memory for it nothing is remembered, which is told once.
 */
void recall_start(void);

/* In each process: it is given back. No thread judges any more. */
void recall_stop(void);

/* Stages 3 to 5 with recall, then what is to be noted. A page that hangs on recall is only shown when it is
 * noted that it was: else it would be shown again and again, and is left out instead. */
struct verdict recall_judge(const struct snapshot *view, struct exchange *x);

#endif
