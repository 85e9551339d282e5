/* Writing files that others map: whole or not at all. */
#ifndef TOOLS_PUBLISH_H
#define TOOLS_PUBLISH_H

#include "core/diag.h"

/* An artefact for c-icap: the file, then `path`.last-good (what a child takes when `path` does not open),
 * then one more in `path`.generation (8 bytes, changed in place: what tells the workers at once). Only proven
 * bytes come here. -1: nothing has changed; 1: the file is published, but one beside it is not. */
int publish_artefact(const char *path, const void *bytes, size_t size, struct diag *d);

#endif
