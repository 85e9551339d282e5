#include "store/intern.h"

#include <stdlib.h>

static struct interned *slot_of(const struct intern *t, uint32_t hash, struct str text)
{
    size_t at = hash & (t->n - 1);

    for (;; at = (at + 1) & (t->n - 1)) {
        struct interned *s = &t->slots[at];

        if (!s->text || (s->hash == hash && str_eq((struct str){s->text, s->n}, text)))
            return s;
    }
}

/* str_hash takes letters of both cases for one: fine for a hash, str_eq decides. */
struct interned *intern_find(const struct intern *t, struct str text)
{
    struct interned *s = t->n ? slot_of(t, str_hash(text), text) : NULL;

    return s && s->text ? s : NULL;
}

static bool grow(struct intern *t)
{
    struct intern bigger = {.n = t->n ? 2 * t->n : 64, .used = t->used};

    bigger.slots = calloc(bigger.n, sizeof *bigger.slots);
    if (!bigger.slots)
        return false;
    for (size_t i = 0; i < t->n; i++)
        if (t->slots[i].text)
            *slot_of(&bigger, t->slots[i].hash, (struct str){t->slots[i].text, t->slots[i].n}) = t->slots[i];
    free(t->slots);
    *t = bigger;
    return true;
}

struct interned *intern_put(struct intern *t, struct str text, int64_t id)
{
    struct interned *s;
    char *copy;

    if (t->used >= INTERN_MAX)
        intern_clear(t);
    if (2 * (t->used + 1) > t->n && !grow(t))
        return NULL;
    copy = malloc(text.n + 1);
    if (!copy)
        return NULL;
    if (text.n)
        memcpy(copy, text.p, text.n);
    s = slot_of(t, str_hash(text), text);
    *s = (struct interned){.id = id, .hash = str_hash(text), .n = (uint32_t)text.n, .text = copy};
    t->used++;
    return s;
}

void intern_clear(struct intern *t)
{
    for (size_t i = 0; i < t->n; i++)
        free(t->slots[i].text);
    free(t->slots);
    *t = (struct intern){0};
}
