/* A text whose length is not known before it is written: gone through twice, first to count. */
#ifndef COMPILE_WRITING_H
#define COMPILE_WRITING_H

#include "core/str.h"

/* Counts, and writes where there is something to write to. */
struct writing {
    char *p;
    size_t n;
};

static inline void writing_put(struct writing *w, struct str s)
{
    if (w->p && s.n)
        memcpy(w->p + w->n, s.p, s.n);
    w->n += s.n;
}

#endif
