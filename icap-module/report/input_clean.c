#include "report/form.h"

#include <stdio.h>

/* One character of valid UTF-8 (jansson has proven it): its number and length. */
static size_t decode(struct str s, uint32_t *c)
{
    unsigned char b = (unsigned char)s.p[0];
    size_t n = b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;

    if (n > s.n)
        n = 1;
    *c = n == 1 ? b : b & (0x7fu >> n);
    for (size_t i = 1; i < n; i++)
        *c = *c << 6 | ((unsigned char)s.p[i] & 0x3fu);
    return n;
}

/* Controls, and what is not seen but changes what is read: marks of direction and isolates (UAX #9), spaces
 * of no width, line and paragraph separators. The joiner of emoji stays. */
static bool misleads(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || c == 0x200b || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff;
}

struct str input_trim(struct str s)
{
    s = str_trim(s);
    while (s.n && (s.p[0] == '\n' || s.p[s.n - 1] == '\n'))
        s = str_trim(s.p[0] == '\n' ? str_from(s, 1) : str_upto(s, s.n - 1));
    return s;
}

struct str input_clean(struct pool *p, struct str text, bool lines)
{
    char *to = pool_take(p, 8 * text.n + 1); /* a control of one byte becomes "[U+0000]" */
    size_t n = 0, length;
    uint32_t c;

    if (!to)
        return STR_NONE;
    for (struct str rest = text; rest.n; rest = str_from(rest, length)) {
        length = decode(rest, &c);
        if (!misleads(c) || (lines && c == '\n')) {
            memcpy(to + n, rest.p, length);
            n += length;
        } else {
            n += (size_t)snprintf(to + n, 10, "[U+%04X]", (unsigned)(c & 0xffff));
        }
    }
    return input_trim((struct str){to, n});
}
