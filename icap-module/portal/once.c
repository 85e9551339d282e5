#include "portal/once.h"

#include <stdlib.h>
#include <string.h>

struct once_used {
    int64_t expiry;
    unsigned char nonce[TOKEN_NONCE];
};

enum { FIRST = 64 };

static void forget(struct once *o, int64_t now)
{
    size_t kept = 0;

    for (size_t i = 0; i < o->n; i++)
        if (o->used[i].expiry >= now)
            o->used[kept++] = o->used[i];
    o->n = kept;
}

static bool has_room(struct once *o)
{
    size_t room = o->room ? 2 * o->room : FIRST;
    struct once_used *bigger;

    if (o->n < o->room)
        return true;
    bigger = realloc(o->used, room * sizeof *bigger);
    if (!bigger)
        return false;
    o->used = bigger;
    o->room = room;
    return true;
}

bool once_use(struct once *o, const struct token *t, int64_t life, int64_t now)
{
    forget(o, now);
    if (t->expiry - life < o->since || !has_room(o))
        return false;
    for (size_t i = 0; i < o->n; i++)
        if (memcmp(o->used[i].nonce, t->nonce, TOKEN_NONCE) == 0)
            return false;
    o->used[o->n].expiry = t->expiry;
    memcpy(o->used[o->n++].nonce, t->nonce, TOKEN_NONCE);
    return true;
}

void once_free(struct once *o)
{
    free(o->used);
    *o = (struct once){.since = o->since};
}
