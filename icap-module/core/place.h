/* Whose network and which country an address of the Internet lies in, as rules ask for it. */
#ifndef CORE_PLACE_H
#define CORE_PLACE_H

#include "core/policy.h"

/* The place of an address as host_canonical and inet_ntop write it. Nothing is told of what is no address,
 * nor of addresses that lie in nobody's network: a machine's own, a building's, a provider's inside (RFC
 * 6890). */
struct whereabouts place_of(const struct snapshot *snapshot, struct str address);

/* "gb" and the like, in `to`. */
struct str place_country(uint32_t country, char to[2]);

#endif
