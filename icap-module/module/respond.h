/* Stage 6: a verdict to what c-icap sends back. Changes no verdict. */
#ifndef MODULE_RESPOND_H
#define MODULE_RESPOND_H

#include "module/compat.h"
#include "module/worker.h"

/* Prepares the answer to the judged exchange (or, without a policy, what OnMissingPolicy says); returns one
 * of c-icap's CI_MOD_ codes for the preview handler. `preview`: the first bytes of the body. Header slices of
 * x->request are dead afterwards. */
int respond(struct exchange *x, ci_request_t *req, struct str preview);

/* The same for a request to the portal (module/portal.h), which nobody judges. */
int respond_portal(struct exchange *x, ci_request_t *req, struct str preview);

/* The same for a request by which somebody has enrolled: the policy's page `enrolled`. */
int respond_enrolled(struct exchange *x, ci_request_t *req);

/* The same for an answer to a request (RESPMOD): as it is, or the verdict's page in its place. */
int respond_answer(struct exchange *x, ci_request_t *req);

/* Copies what is next of the answer's body; CI_EOF at its end. */
int respond_body(struct exchange *x, char *to, int size);

/* After the answer's last byte (or when the transaction was given up): lets go what was held back. */
void respond_end(struct exchange *x);

#endif
