/* Which row was it that had this before? A hash set over row numbers, for registers of 50,000 rows. */
#ifndef COMPILE_SEEN_H
#define COMPILE_SEEN_H

#include "core/str.h"

struct seen_slot {
    uint32_t hash, row; /* row + 1; 0 = empty */
};

/* Zeroed to begin with; seen_free gives the memory back. */
struct seen {
    struct seen_slot *slots;
    uint32_t size, n;
    bool no_memory; /* from then on nothing is found */
};

enum { SEEN_NONE = 0xffffffff };

/* The row put in before under the same hash for which same(row, to) holds; else SEEN_NONE, and `row` is put
 * in. */
uint32_t seen_before(struct seen *s, uint32_t hash, uint32_t row, bool (*same)(uint32_t row, void *to),
                     void *to);

void seen_free(struct seen *s);

#endif
