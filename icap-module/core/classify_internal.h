/* The questions of stage 4, in the order of their asking (classify.c). Nobody else includes this. */
#ifndef CORE_CLASSIFY_INTERNAL_H
#define CORE_CLASSIFY_INTERNAL_H

#include "core/work.h"

/* Each fills its part of w->out, in this order. */
void find_activity(struct work *w);
void find_account(struct work *w);
void find_identity(struct work *w);
void find_origin(struct work *w);

/* What of it the platform's map does not know: of a tunnel, then of a request whose parts above are found. */
void find_host_rot(struct work *w, const struct request *r, const struct a_host *host);
void find_rot(struct work *w);

#endif
