/* A bounded text under construction. core has no printf (it must stay free of locale and I/O),
 * so words are put one after the other; what does not fit is cut and `cut` is set. */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "core/str.h"

struct text {
    char *p;
    size_t n;
    size_t size;
    bool cut;
};

/* `storage` of `size` bytes belongs to the caller. */
void text_init(struct text *t, char *storage, size_t size);
void text_put(struct text *t, struct str s);
void text_puts(struct text *t, const char *z);
void text_putc(struct text *t, char c);
void text_put_u64(struct text *t, uint64_t value);
struct str text_str(const struct text *t);

#endif
