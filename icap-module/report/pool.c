#include "report/pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHUNK = 65536, ALIGN = 16 };

struct chunk {
    struct chunk *next;
    size_t used, size;
    _Alignas(ALIGN) char bytes[];
};

void *pool_take(struct pool *p, size_t size)
{
    size_t rounded = (size + ALIGN - 1) / ALIGN * ALIGN;
    struct chunk *c = p->newest;

    if (!c || c->size - c->used < rounded) {
        size_t room = rounded > CHUNK ? rounded : CHUNK;

        c = calloc(1, sizeof *c + room);
        if (!c) {
            p->failed = true;
            return NULL;
        }
        c->size = room;
        c->next = p->newest;
        p->newest = c;
    }
    c->used += rounded;
    return c->bytes + c->used - rounded;
}

const char *pool_print(struct pool *p, const char *format, ...)
{
    va_list a, b;
    char *text = NULL;
    int n;

    va_start(a, format);
    va_copy(b, a);
    n = vsnprintf(NULL, 0, format, a);
    if (n >= 0)
        text = pool_take(p, (size_t)n + 1);
    if (text)
        vsnprintf(text, (size_t)n + 1, format, b);
    va_end(b);
    va_end(a);
    return text ? text : "";
}

void *pool_grow(struct pool *p, void *array, size_t n, size_t element)
{
    void *bigger;

    if (n && (n & (n - 1)) != 0) /* room is the next power of two */
        return array;
    bigger = pool_take(p, (n ? 2 * n : 1) * element);
    if (bigger && n)
        memcpy(bigger, array, n * element);
    return bigger;
}

void pool_free(struct pool *p)
{
    while (p->newest) {
        struct chunk *next = p->newest->next;

        free(p->newest);
        p->newest = next;
    }
    p->failed = false;
}
