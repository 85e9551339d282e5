/* When the record was not whole, told from the record folder alone: events that no segment had room for (their
 * numbers are missing), writers that were ended in the middle of a record, bytes that are no record, and a
 * clock that was set back. */
#ifndef RECORD_GAPS_H
#define RECORD_GAPS_H

#include "record/anchor.h"

enum gap_kind {
    GAP_LOST,   /* `number` events could not be written */
    GAP_TORN,   /* a record was being written when its writer was ended */
    GAP_BROKEN, /* bytes that are no record */
    GAP_CLOCK   /* the clock was set back by `number` seconds */
};

struct gap {
    enum gap_kind kind;
    int64_t from, to; /* UTC seconds: it lies between them */
    uint64_t number;
};

enum { GAP_CLOCK_LEAST = 2 /* s that a clock may be corrected by without a word */ };

/* Of the local days from_to[0] to from_to[1], both counted; what began before them is not seen. In no order.
 * -1 with a message. */
int gaps_of(const char *record, const int32_t from_to[2], void (*each)(void *to, const struct gap *g), void *to,
            struct diag *d);

#endif
