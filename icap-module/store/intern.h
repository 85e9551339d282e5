/* Which number the store has given a text: kept in memory, so that an event costs no look-ups by text. Grows
 * to INTERN_MAX entries, then begins anew; forgetting is always allowed, the store has them all. */
#ifndef STORE_INTERN_H
#define STORE_INTERN_H

#include "core/str.h"

enum { INTERN_MAX = 1 << 18 };

struct interned {
    int64_t id;
    uint64_t memo; /* the user's own: the last thing done with it */
    uint32_t hash, n;
    char *text;
};

/* Zeros: empty. */
struct intern {
    struct interned *slots; /* a power of two */
    size_t n, used;
};

/* NULL when it is not known. Lives until the next intern_put. */
struct interned *intern_find(const struct intern *t, struct str text);

/* NULL without memory. The text must not be known yet. */
struct interned *intern_put(struct intern *t, struct str text, int64_t id);

void intern_clear(struct intern *t); /* frees all */

#endif
