/* One region of memory, filled from the front and emptied at once.
 * The worker owns one and resets it for each request; nothing in it is freed singly. */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include "core/str.h"

struct arena {
    char *base;
    size_t size;
    size_t used;
    bool full; /* a request asked for more than was left: the judge answers MALFORMED */
};

/* `storage` belongs to the caller and must outlive the arena; `size` in bytes. */
void arena_init(struct arena *a, void *storage, size_t size);

/* All that was handed out becomes invalid. */
void arena_reset(struct arena *a);

/* `size` bytes, aligned for any object, not cleared; NULL (and a->full set) when there is no room. */
void *arena_alloc(struct arena *a, size_t size);

#endif
