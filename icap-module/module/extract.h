/* Stage 2: c-icap's request to the facts of core/request.h. Decides nothing; what cannot be read is left
 * empty, and the judge calls it malformed. */
#ifndef MODULE_EXTRACT_H
#define MODULE_EXTRACT_H

#include "module/compat.h"
#include "module/worker.h"

/* Fills x->request with slices into c-icap's storage and the worker's: they live until the transaction ends
 * or its headers are changed. `preview` holds the first `n` bytes of the body. */
void extract_request(struct exchange *x, ci_request_t *req, const char *preview, size_t n);

/* A header line, well formed or not, of a name that the service alone may set: "X-Portreeve-" and whatever
 * follows, or the BumpHeader. */
bool header_is_ours(struct str line);

/* Base64 (RFC 4648 4) without blanks, line ends or missing padding, into `to`. -1 when it is none or does not
 * fit. */
int base64_decode(struct str text, char *to, size_t size, size_t *n);

/* Stage 2 of a RESPMOD: fills x->request from the request's head and the proxy's headers, and x->response. */
void extract_response(struct exchange *x, ci_request_t *req, const char *preview, size_t n);

#endif
