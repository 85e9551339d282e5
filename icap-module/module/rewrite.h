/* Stage 6 for a request that goes through changed: its head with headers and parameters put in, and without
 * those that only this service may set. */
#ifndef MODULE_REWRITE_H
#define MODULE_REWRITE_H

#include "module/compat.h"
#include "module/worker.h"

enum rewritten { REWRITE_NOTHING, REWRITE_DONE, REWRITE_FAILED };

/* Puts the verdict's restrictions and x->added into the request's head, and takes off what is "ours" in it
 * (extract.h). Headers of the same names are taken off first,
 * however often and in whatever case a client has set them; so are parameters. FAILED: the head has no room
 * for them, and is left as it was; the request must then not go through. Header slices of x->request are dead
 * after DONE. */
enum rewritten rewrite_head(struct exchange *x, ci_request_t *req);

/* How the body goes on behind a changed head: c-icap's CI_MOD_ code for the preview handler. Where the proxy
 * takes a 206 it keeps the body and none of it comes here; elsewhere it is passed on piece by piece. */
int rewrite_body(struct exchange *x, ci_request_t *req, const char *preview, size_t n);

/* Passes a body on (x->passing.on): takes what fits of `in`, gives what there is to `out`. */
int rewrite_io(struct exchange *x, char *out, int *out_size, const char *in, int *in_size);

#endif
