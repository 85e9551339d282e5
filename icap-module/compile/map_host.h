/* The hosts of a platform map. */
#ifndef COMPILE_MAP_HOST_H
#define COMPILE_MAP_HOST_H

#include "compile/build.h"
#include "compile/lex.h"

enum { MAP_BELOW_MAX = 32 };

/* Reads the rest of "host ROLE NAME... [shared | below PATH...]" and claims the hosts for the platform.
 * The role, or -1 with errors. */
int map_read_hosts(struct builder *b, struct lexer *l, uint32_t platform);

#endif
