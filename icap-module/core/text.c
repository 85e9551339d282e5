#include "core/text.h"

void text_init(struct text *t, char *storage, size_t size)
{
    *t = (struct text){.p = storage, .size = size};
}

void text_put(struct text *t, struct str s)
{
    size_t room = t->size - t->n;
    size_t n = s.n < room ? s.n : room;

    if (n)
        memcpy(t->p + t->n, s.p, n);
    t->n += n;
    t->cut |= n < s.n;
}

void text_puts(struct text *t, const char *z)
{
    text_put(t, str_of(z));
}

void text_putc(struct text *t, char c)
{
    text_put(t, (struct str){&c, 1});
}

void text_put_u64(struct text *t, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    text_put(t, (struct str){digits + at, sizeof digits - at});
}

struct str text_str(const struct text *t)
{
    return (struct str){t->p, t->n};
}
