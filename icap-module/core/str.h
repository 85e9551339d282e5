/* Borrowed bytes: a pointer and a length, no terminator, no ownership.
 * A slice lives as long as what it points into (request, artefact, arena). */
#ifndef CORE_STR_H
#define CORE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_NONE ((struct str){NULL, 0})

/* For printf's "%.*s" (tools and compile only: core prints nothing). */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

static inline struct str str_of(const char *z)
{
    return (struct str){z, z ? strlen(z) : 0};
}

static inline bool str_eq(struct str a, struct str b)
{
    /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): where n is not 0, there are bytes */
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* Equal but for the case of ASCII letters (header names, hosts: RFC 9110 5.1, RFC 4343). */
bool str_ieq_bytes(struct str a, struct str b); /* of equal lengths */

static inline bool str_ieq(struct str a, struct str b)
{
    return a.n == b.n && str_ieq_bytes(a, b);
}

bool str_istarts(struct str s, struct str prefix);

/* Byte order, shorter first on a common prefix: for sorting. */
int str_cmp(struct str a, struct str b);

/* Position of c, or s.n when it is not there. */
size_t str_find(struct str s, char c);

/* The part after `from` bytes (empty beyond the end), and the first n bytes at most. */
struct str str_from(struct str s, size_t from);
struct str str_upto(struct str s, size_t n);

/* Without blanks and tabs at both ends. */
struct str str_trim(struct str s);

/* Cuts the first field off *rest at c: returns it, *rest is what follows c. Ends with an empty *rest. */
struct str str_cut(struct str *rest, char c);

/* An unsigned decimal number of digits alone; false on anything else or above UINT64_MAX. */
bool str_u64(struct str s, uint64_t *value);

/* FNV-1a over the bytes, ASCII letters folded to lower case; never 0, so that 0 can mean "none". */
uint32_t str_hash(struct str s);
uint32_t str_hash_from(uint32_t seed, struct str s);

#define STR_HASH_SEED 2166136261u

#endif
