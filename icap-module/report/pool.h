/* Bytes that live as long as one report: taken from the heap in chunks, given back together. */
#ifndef REPORT_POOL_H
#define REPORT_POOL_H

#include "core/str.h"

struct pool {
    struct chunk *newest;
    bool failed; /* memory ran out: whoever made the pool asks once, at the end */
};

/* Zeroed, aligned for anything; NULL where memory ran out. */
void *pool_take(struct pool *p, size_t size);

/* Text as printf makes it, ended by NUL. Never NULL: "" where memory ran out. */
const char *pool_print(struct pool *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An array that grows: room for one element more than n, moved where it must be. NULL where memory ran out.
 */
void *pool_grow(struct pool *p, void *array, size_t n, size_t element);

void pool_free(struct pool *p);

#endif
