/* Tokens of forms that were used: each is good once. In memory alone; a token that was sealed before this
 * memory began is not taken, so that none is good again after a restart. */
#ifndef PORTAL_ONCE_H
#define PORTAL_ONCE_H

#include "record/token.h"

struct once {
    int64_t since; /* seconds UTC */
    struct once_used *used;
    size_t n, room;
};

/* True: this token was not used before, was sealed `since` then (it lives `life` seconds), and is used now.
 * False also where memory ran out. Forgets what has expired. */
bool once_use(struct once *o, const struct token *t, int64_t life, int64_t now);

void once_free(struct once *o);

#endif
