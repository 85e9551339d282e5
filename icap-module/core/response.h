/* What the head and first bytes of an answer show of itself, wherever it comes from: for sites that no map
 * knows. A type is believed, and so are first bytes (RFC 9110 8.3: the type may be wrong or missing); the
 * text of a page is never judged. */
#ifndef CORE_RESPONSE_H
#define CORE_RESPONSE_H

#include "core/request.h"

/* One answer as facts. All slices are borrowed and die with the transaction. */
struct response {
    uint32_t status; /* of its status line; 0 = it has none that can be read */
    const struct header *headers;
    size_t n_headers;
    struct str
        body; /* the first bytes that are at hand, REQUEST_BODY_MAX at most; as they come, packed or not */
    struct str from; /* the address that the proxy has it from, or empty */
};

/* Bit set by enum sight. Nothing is seen in an answer that is not 200 or 206. */
uint32_t response_sights(const struct response *r);

#endif
