#include "core/arena.h"

#include <stdalign.h>

void arena_init(struct arena *a, void *storage, size_t size)
{
    a->base = storage;
    a->size = size;
    arena_reset(a);
}

void arena_reset(struct arena *a)
{
    a->used = 0;
    a->full = false;
}

void *arena_alloc(struct arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    size_t start = (a->used + align - 1) / align * align;

    if (start > a->size || size > a->size - start) {
        a->full = true;
        return NULL;
    }
    a->used = start + size;
    return a->base + start;
}
