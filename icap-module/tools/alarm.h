/* The alarm of a refused publication: FILE.alarm beside the artefact FILE that stays in service, and a line
 * in the system's log. A JSON object (portreeve(1), ALARM), written whole or not at all, mode 0640; the next
 * publication takes it away. It holds the messages as the compiler wrote them, without the source lines that
 * they are about: a line of a register holds a person's name. */
#ifndef TOOLS_ALARM_H
#define TOOLS_ALARM_H

#include "core/artefact.h"

#include <jansson.h>

/* `path` was not published, for the reasons in `why`; `from` is what was compiled. The log is told in any
 * case; -1 with a message in `d` when the alarm cannot be written. */
int alarm_raise(const char *path, const char *from, const struct diag *why, struct diag *d);

/* `path` is published. The log is told; -1 with a message in `d` when an alarm from before cannot be taken
 * away. */
int alarm_clear(const char *path, const struct artefact *a, struct diag *d);

/* The alarm, every member of it there and of its type; the caller's. NULL without a message: there is none;
 * NULL with one: there is one that cannot be read. */
json_t *alarm_read(const char *path, struct diag *d);

/* A message's text for screens and logs that more people see than the alarm: in messages about a register
 * what a cell holds (it may be a person's name) becomes '...'. The whole text stands in the alarm. */
void alarm_mask(const char *file, const char *text, char to[DIAG_TEXT]);

#endif
