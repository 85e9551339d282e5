/* Between the two halves of bt-1: events become spans, spans become seconds. */
#ifndef REPORT_BROWSING_INTERNAL_H
#define REPORT_BROWSING_INTERNAL_H

#include "report/browsing.h"

struct span {
    int64_t from, to; /* [from, to) */
    uint32_t platform;
    enum browsing_figure figure; /* LOW counts as far as it is LIKELY, too */
};

struct spans {
    struct span *p;
    size_t n, room;
    uint32_t regular;
    uint32_t visits[BROWSING_PLATFORMS], minutes[BROWSING_PLATFORMS];
};

/* Every span of a figure; those of HIGH hold those of LIKELY. -1 where memory ran out. `s->p` is the caller's
 * to free. */
int64_t minute_of(int64_t utc);

int spans_of_uses(const struct browsing_input *in, struct spans *s);

#endif
