/* Host names as people write them, to the one form that requests are compared with. */
#ifndef COMPILE_HOSTNAME_H
#define COMPILE_HOSTNAME_H

#include "core/str.h"

enum { HOSTNAME_MAX = 253 };

/* Writes the name in lower case, without a final dot, non-ASCII labels as IDNA 2008 A-labels (UTS 46
 * non-transitional), into `to` (HOSTNAME_MAX + 2 bytes are always enough) and its slice into *name. A leading
 * dot
 * ("and everything below") is kept and only allowed when `dot`. IPv4 and IPv6 addresses (no brackets) are
 * names of their own, IPv6 in canonical form. False when it is no host name; *problem then says why. */
bool hostname_normal(struct str text, bool dot, char to[HOSTNAME_MAX + 2], struct str *name,
                     const char **problem);

#endif
