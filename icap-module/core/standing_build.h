/* Facts to the bytes of a standing file (core/standing.h): for the daemon's writer, the cases and the tests.
 */
#ifndef CORE_STANDING_BUILD_H
#define CORE_STANDING_BUILD_H

#include "core/standing.h"

/* A fact as it is put in; the same fields as struct s_fact. */
struct fact_in {
    struct str user;
    enum fact kind;
    struct str what;
    uint32_t from, until, number;
};

/* Sorts `facts` (in place, by user) and lays them out. *bytes is from malloc: the caller frees it. -1 with a
 * message without memory or above STANDING_SIZE_MAX. What the facts say is not judged here: standing_open_mem
 * on the bytes proves it, and the writer calls it before it publishes. */
int standing_build(struct fact_in *facts, uint32_t n, int64_t as_of, void **bytes, size_t *size,
                   struct diag *d);

#endif
