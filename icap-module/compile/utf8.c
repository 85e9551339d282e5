#include "compile/utf8.h"

static const struct span {
    uint32_t first, last;
    enum utf8_ink ink;
    const char *name;
} spans[] = {
    {'\t', '\n', UTF8_BLANK, ""},
    {'\r', '\r', UTF8_BLANK, ""},
    {' ', ' ', UTF8_BLANK, ""},
    {0xa0, 0xa0, UTF8_BLANK, ""},
    {0xad, 0xad, UTF8_HIDDEN, "a soft hyphen"},
    {0x2000, 0x200a, UTF8_BLANK, ""},
    {0x200b, 0x200b, UTF8_HIDDEN, "a zero-width space"},
    {0x200c, 0x200d, UTF8_HIDDEN, "a zero-width joiner"},
    {0x200e, 0x200f, UTF8_HIDDEN, "a mark of the direction of writing"},
    {0x2028, 0x2029, UTF8_BLANK, ""},
    {0x202a, 0x202e, UTF8_HIDDEN, "a mark of the direction of writing"},
    {0x202f, 0x202f, UTF8_BLANK, ""},
    {0x205f, 0x205f, UTF8_BLANK, ""},
    {0x2060, 0x2064, UTF8_HIDDEN, "a zero-width word joiner"},
    {0x2066, 0x2069, UTF8_HIDDEN, "a mark of the direction of writing"},
    {0x3000, 0x3000, UTF8_BLANK, ""},
    {0xfeff, 0xfeff, UTF8_HIDDEN, "a byte order mark"},
};

size_t utf8_next(struct str s, uint32_t *code)
{
    const unsigned char *p = (const unsigned char *)s.p;
    unsigned c = s.n ? p[0] : 0x80;
    size_t n = c < 0x80                ? 1
               : c >= 0xc2 && c < 0xe0 ? 2
               : (c & 0xf0) == 0xe0    ? 3
               : c >= 0xf0 && c < 0xf5 ? 4
                                       : 0;
    uint32_t value = n < 2 ? c : c & (0x7fu >> n);

    if (n == 0 || s.n < n)
        return 0;
    for (size_t k = 1; k < n; k++) {
        if ((p[k] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (p[k] & 0x3f);
    }
    if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] > 0x9f) || (c == 0xf0 && p[1] < 0x90) ||
        (c == 0xf4 && p[1] > 0x8f))
        return 0;
    if (code)
        *code = value;
    return n;
}

size_t utf8_bad(struct str s)
{
    size_t i = 0, n = 1;

    while (i < s.n && n) {
        n = utf8_next(str_from(s, i), NULL);
        i += n;
    }
    return i;
}

size_t utf8_put(uint32_t code, char to[4])
{
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    for (size_t i = n - 1; i > 0; i--, code >>= 6)
        to[i] = (char)(0x80 | (code & 0x3f));
    to[0] = (char)(n == 1 ? code : lead[n] | code);
    return n;
}

static const struct span *span_of(uint32_t code)
{
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        if (code >= spans[i].first && code <= spans[i].last)
            return &spans[i];
    return NULL;
}

enum utf8_ink utf8_ink(uint32_t code)
{
    const struct span *span = code > ' ' && code < 0xa0 ? NULL : span_of(code);

    return span ? span->ink : UTF8_INK;
}

const char *utf8_name(uint32_t code)
{
    const struct span *span = span_of(code);

    return span ? span->name : "";
}

/* Bytes of the last character; 0 when it is not well-formed. */
static size_t last(struct str s, uint32_t *code)
{
    for (size_t n = 1; n <= 4 && n <= s.n; n++)
        if (((unsigned char)s.p[s.n - n] & 0xc0) != 0x80)
            return utf8_next(str_from(s, s.n - n), code) == n ? n : 0;
    return 0;
}

struct str utf8_trim(struct str s)
{
    uint32_t code;
    size_t n;

    while ((n = utf8_next(s, &code)) != 0 && utf8_ink(code) != UTF8_INK)
        s = str_from(s, n);
    while ((n = last(s, &code)) != 0 && utf8_ink(code) != UTF8_INK)
        s.n -= n;
    return s;
}

size_t utf8_find_hidden(struct str s, uint32_t *code)
{
    size_t i = 0, n;

    while (i < s.n && (n = utf8_next(str_from(s, i), code)) != 0) {
        if (utf8_ink(*code) == UTF8_HIDDEN)
            return i;
        i += n;
    }
    return s.n;
}
