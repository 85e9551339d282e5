/* What platform maps do not know, counted a platform at a time: in a file that all children share and
 * `portreeve status` reads (record/rot.h), and in c-icap's own statistics for the platforms that the policy
 * had when the server started, as c-icap takes no new ones later. */
#ifndef MODULE_ROT_H
#define MODULE_ROT_H

#include "module/worker.h"

/* The service is loaded: nothing is known yet. */
void rot_init(void);

/* The configuration is read and there is a policy: before c-icap sets its statistics' memory up. `group` is
 * the heading. */
void rot_register(const char *group);

/* In each child, before its requests: joins the file. Without one it is tried again once a minute. */
void rot_child(void);

/* A judged exchange. From any thread. */
void rot_count(const struct exchange *x);

/* No thread counts any more. */
void rot_stop(void);

#endif
