/* Writing files that others map: whole or not at all. */
#ifndef TOOLS_PUBLISH_H
#define TOOLS_PUBLISH_H

#include "core/diag.h"

/* Writes beside `path`, syncs, renames over it: readers see the old or the new file, never a part (rename(2)). The
 * mode is 0640. What stood there stays when anything fails. */
int publish_file(const char *path, const void *bytes, size_t size, struct diag *d);

#endif
