/* The access log: who looked something up, or opened it, and what came of it; a JSON object a line, only ever added to. What
 * cannot be logged is not done. */
#ifndef TOOLS_ACCESS_H
#define TOOLS_ACCESS_H

#include "core/diag.h"

#include <jansson.h>

/* Adds a line: "time", "who" (the login name, also behind sudo) and the pairs of `what`, which it takes. On the disk when it
 * returns. -1 with a message. */
int access_note(const char *path, int64_t now, json_t *what, struct diag *d);

#endif
