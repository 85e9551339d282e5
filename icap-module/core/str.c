#include "core/str.h"

bool str_ieq_bytes(struct str a, struct str b)
{
    for (size_t i = 0; i < a.n; i++)
        if (a.p[i] != b.p[i] && ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
            return false;
    return true;
}

bool str_istarts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_ieq((struct str){s.p, prefix.n}, prefix);
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    if (order != 0)
        return order;
    return (a.n > b.n) - (a.n < b.n);
}

size_t str_find(struct str s, char c)
{
    const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;

    return hit ? (size_t)(hit - s.p) : s.n;
}

struct str str_from(struct str s, size_t from)
{
    if (from >= s.n)
        return (struct str){s.p ? s.p + s.n : NULL, 0};
    return (struct str){s.p + from, s.n - from};
}

struct str str_upto(struct str s, size_t n)
{
    return (struct str){s.p, n < s.n ? n : s.n};
}

struct str str_trim(struct str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s.p++, s.n--;
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

struct str str_cut(struct str *rest, char c)
{
    size_t at = str_find(*rest, c);
    struct str field = str_upto(*rest, at);

    *rest = str_from(*rest, at + 1);
    return field;
}

bool str_u64(struct str s, uint64_t *value)
{
    uint64_t v = 0;

    if (s.n == 0 || s.n > 20)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned digit = (unsigned)(s.p[i] - '0');

        if (digit > 9 || v > (UINT64_MAX - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *value = v;
    return true;
}

uint32_t str_hash_from(uint32_t seed, struct str s)
{
    uint32_t h = seed;

    for (size_t i = 0; i < s.n; i++) {
        h ^= (unsigned char)ascii_lower(s.p[i]);
        h *= 16777619u;
    }
    return h ? h : 1;
}

uint32_t str_hash(struct str s)
{
    return str_hash_from(STR_HASH_SEED, s);
}
