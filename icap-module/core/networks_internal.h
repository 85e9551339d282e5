/* What mapfile.c and networks.c share; nobody else includes this. */
#ifndef CORE_NETWORKS_INTERNAL_H
#define CORE_NETWORKS_INTERNAL_H

#include "core/networks.h"

#include <maxminddb.h>

struct networks {
    enum networks_kind kind;
    MMDB_s base;
};

/* The proof. -1 with one message about `path`. */
int networks_check(const struct networks *n, const char *path, struct diag *d);

#endif
