/* What source.c and source_networks.c share; nobody else includes this. */
#ifndef COMPILE_SOURCE_INTERNAL_H
#define COMPILE_SOURCE_INTERNAL_H

#include "core/diag.h"

/* The database of networks at `path`, proven, as a register with the columns cidr, name, kind and note. *text
 * is malloc'ed and the caller's. -1 with a message. */
int source_read_networks(const char *path, struct str *text, struct diag *d);

#endif
