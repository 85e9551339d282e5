#include "compile/seen.h"

#include <stdlib.h>

enum { FIRST_SIZE = 1024 };

static void put(struct seen_slot *slots, uint32_t size, struct seen_slot slot)
{
    uint32_t i = slot.hash & (size - 1);

    while (slots[i].row)
        i = (i + 1) & (size - 1);
    slots[i] = slot;
}

/* Half of the slots at most are full, so that a search soon meets an empty one. */
static bool grow(struct seen *s)
{
    uint32_t size = s->size ? s->size * 2 : FIRST_SIZE;
    struct seen_slot *slots;

    if (s->n < s->size / 2)
        return true;
    slots = calloc(size, sizeof *slots);
    if (!slots)
        return false;
    for (uint32_t i = 0; i < s->size; i++)
        if (s->slots[i].row)
            put(slots, size, s->slots[i]);
    free(s->slots);
    s->slots = slots;
    s->size = size;
    return true;
}

uint32_t seen_before(struct seen *s, uint32_t hash, uint32_t row, bool (*same)(uint32_t row, void *to),
                     void *to)
{
    uint32_t i;

    if (s->no_memory || !grow(s)) {
        s->no_memory = true;
        return SEEN_NONE;
    }
    for (i = hash & (s->size - 1); s->slots[i].row; i = (i + 1) & (s->size - 1))
        if (s->slots[i].hash == hash && same(s->slots[i].row - 1, to))
            return s->slots[i].row - 1;
    s->slots[i] = (struct seen_slot){hash, row + 1};
    s->n++;
    return SEEN_NONE;
}

void seen_free(struct seen *s)
{
    free(s->slots);
    *s = (struct seen){0};
}
