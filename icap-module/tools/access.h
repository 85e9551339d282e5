/* What the tools note in the access log (record/accesslog.h): who looked something up, or opened it, and what came of
 * it. What cannot be logged is not done. */
#ifndef TOOLS_ACCESS_H
#define TOOLS_ACCESS_H

#include "core/diag.h"

#include <jansson.h>

/* Adds a line of the pairs of `what`, which it takes: "command", "outcome" and "reason" become what, result and why;
 * "as" is the role (ict, if it is not given), "by" the person (the login name, also behind sudo); lists are put together
 * with commas. "refused" and "failed" are refusals. On the disk when it returns. -1 with a message. */
int access_note(const char *path, int64_t now, json_t *what, struct diag *d);

/* The login name of who runs the command, into `to`. */
struct str access_login(char *to, size_t size);

#endif
