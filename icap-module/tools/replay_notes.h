/* What a replay cannot tell, said beside its numbers: where two policies differ in something of which no
 * event tells, and which events are not of the old one. */
#ifndef TOOLS_REPLAY_NOTES_H
#define TOOLS_REPLAY_NOTES_H

#include "tools/replay.h"

#include <jansson.h>

/* An array of sentences; the caller's. */
json_t *replay_notes(const struct artefact *old, const struct artefact *now, const struct replay_kind *kinds,
                     size_t n);

/* Why an event may say otherwise than the old policy: the first reason that is to be seen. */
const char *replay_otherwise(const struct artefact *old, const struct replay_kind *k);

#endif
