/* Who published which version: FILE.history beside an artefact, a JSON object a line, only ever added to. It
 * keeps each version's rules with their sentences and clauses, and no register: nobody's name outlives the
 * policy it stood in. */
#ifndef TOOLS_HISTORY_H
#define TOOLS_HISTORY_H

#include "core/artefact.h"

#include <jansson.h>

/* Adds the line for an artefact that has just been published at `path`, compiled from the folder `from`. */
int history_add(const char *path, const struct artefact *a, const char *from, struct diag *d);

/* All lines, oldest first, as an array; NULL with a message. Lines that cannot be read are passed over and
 * counted. */
json_t *history_read(const char *path, unsigned *unreadable, struct diag *d);

/* A rule's {"verb", "because", "cite"} in the newest version of that name; borrowed of `history`, or NULL. */
json_t *history_rule(json_t *history, struct str version, struct str rule);

/* Some line is of that version. */
bool history_has(json_t *history, struct str version);

/* A history of that artefact alone, for one that came without its own. The caller's; NULL without memory. */
json_t *history_of(const struct artefact *a);

#endif
