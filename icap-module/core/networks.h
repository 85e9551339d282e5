/* Whose network an Internet address lies in: an ASN database in MaxMind's format (MaxMind DB
 * specification 2.0), read through libmaxminddb. Opaque, so that what else such databases tell (a country)
 * can stand beside it.
 *
 * The file is mapped and must be replaced by renaming, never written to: as geoipupdate does. It is proven
 * whole when it is opened: every node of the tree, and every record that a look-up can end at. So the hot
 * path cannot fail; it makes no heap call and no system call. */
#ifndef CORE_NETWORKS_H
#define CORE_NETWORKS_H

#include "core/diag.h"

struct networks;

/* -1 with messages, and *n untouched, when it is no sound ASN database. In mapfile.c, as it reads a file. */
int networks_map(const char *path, struct networks **n, struct diag *d);
void networks_free(struct networks *n);

/* The AS number (RFC 6793) that announces this address, as host_canonical and inet_ntop write it; 0 where the
 * database does not know, and for what is no address. */
uint32_t networks_owner(const struct networks *n, struct str address);

#endif
