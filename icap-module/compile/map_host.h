/* The hosts of a platform map. */
#ifndef COMPILE_MAP_HOST_H
#define COMPILE_MAP_HOST_H

#include "compile/build.h"
#include "compile/lex.h"
#include "compile/map_row.h"

enum { MAP_HOSTS_KNOWN_MAX = 64 };

enum { MAP_BELOW_MAX = 32 };

/* Reads the rest of "host ROLE NAME... [shared | below PATH...]" and claims the hosts for the platform.
 * The role, or -1 with errors. */
int map_read_hosts(struct builder *b, struct lexer *l, uint32_t platform);

/* Reads the rest of "hosts-known PATTERN...": what may stand in front of the main domain. -1 with an error.
 */
int map_read_hosts_known(struct builder *b, struct lexer *l, struct map_words *known);

/* Puts them into the platform's row, with the hosts that its rows name: the map knows those, too. */
void map_finish_hosts_known(struct builder *b, struct lexer *l, uint32_t platform, struct map_words *known);

/* Reads the rest of "owner AS32934 ...". -1 with errors. */
int map_read_owners(struct builder *b, struct lexer *l, uint32_t platform);

#endif
