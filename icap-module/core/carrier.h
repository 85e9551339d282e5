/* Carriers: translators, caches, archives and AMP viewers, which show somebody else's page under an address
 * of their own. Their maps (carriers.map, portreeve.platform(5)) say where the inner address stands. */
#ifndef CORE_CARRIER_H
#define CORE_CARRIER_H

#include "core/policy.h"
#include "core/url.h"

/* A carrier's page may show another carrier's: so deep it is followed. */
enum { CARRIER_DEPTH = 3 };

struct carried_page {
    enum carried carried;
    uint32_t carrier;    /* SECTION_CARRIERS: of the outermost; NO_INDEX with CARRIED_NOTHING */
    uint32_t categories; /* of every host on the way, the innermost included; not the outermost's */
    uint32_t never_log;  /* HOST_NEVER_LOG where one of those hosts has it */
    struct url inner;    /* with CARRIED_PAGE: the innermost address, canonical, in the arena */
};

/* What a request to a host with HOST_CARRIER asks the carrier for. Host, path and query of `r` are canonical.
 */
struct carried_page carrier_follow(const struct snapshot *s, const struct request *r, struct arena *arena);

#endif
