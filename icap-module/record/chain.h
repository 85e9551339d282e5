/* The chain over a segment's records: what makes a change to the record visible afterwards.
 *
 *     h(0) = BLAKE2b-256(the segment's header, 256 bytes)
 *     h(i) = BLAKE2b-256(h(i-1), the offset of record i (8 bytes), record i: length, sum and bytes)
 *
 * both with the personalisation "portreeve-chain". Plain, not keyed: whoever has the files can check them,
 * and no secret is needed for it. A chain that anybody can compute holds because its heads are signed and
 * kept elsewhere (record/anchor.h): once h(i) is anchored no record up to i can be changed, removed,
 * inserted, put in another place or cut off without another h(i).
 *
 * Why the worker that appends a record does not compute it: a worker's head is as good as the anchor that is
 * made of it, and until then whoever may write to the segment may write a new chain as well. So the chain is
 * computed by whoever anchors, over the records that are committed; a record costs no more than before on a
 * request's way, a torn record breaks no chain behind it, and the layout of segments stays as it was. */
#ifndef RECORD_CHAIN_H
#define RECORD_CHAIN_H

#include "core/diag.h"
#include "record/spool_segment.h"

enum { CHAIN_HASH = 32 };

/* Where a chain stands: behind the record that ends at `at`. */
struct chain_head {
    uint64_t at;      /* offset in the segment; the first record's, where there is none yet */
    uint64_t records; /* before it */
    uint64_t last;    /* sequence of the last one that could be read; 0 = none */
    unsigned char hash[CHAIN_HASH];
};

/* What follows the last whole record. */
enum chain_end {
    CHAIN_OPEN,   /* nothing yet */
    CHAIN_CLOSED, /* the writer's last word */
    CHAIN_TORN,   /* bytes without a commit word: its writer was killed there, or is just writing */
    CHAIN_BROKEN, /* a length that cannot be */
    CHAIN_CUT     /* the file ends inside of a record, or without any end */
};

struct chain_record {
    struct chain_head before, after;
    bool sound; /* the sum fits and it is an event: */
    struct event event;
};

struct chain_segment {
    struct segment_header header;
    struct chain_head head; /* in: where to go on, of an earlier read; zeros: from the start */
    enum chain_end end;
    bool live;        /* its writer still holds it */
    uint64_t unsound; /* records whose sum does not fit, or that are no events */
};

/* Reads a segment, a file. `each` may be NULL; what it is given lives until it returns. -1 with a message
 * when it is no segment or cannot be read; a damaged header is told so. */
int chain_read(const char *path, void (*each)(void *to, const struct chain_record *r), void *to,
               struct chain_segment *s, struct diag *d);

/* The same of bytes in memory. */
int chain_read_mem(const unsigned char *bytes, size_t size,
                   void (*each)(void *to, const struct chain_record *r), void *to, struct chain_segment *s);

/* "a1b2..." for a hash: 64 digits and a NUL. */
void chain_hex(const unsigned char hash[CHAIN_HASH], char to[2 * CHAIN_HASH + 1]);
bool chain_unhex(struct str text, unsigned char *to, size_t n);

#endif
