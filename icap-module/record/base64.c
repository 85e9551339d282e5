#include "record/base64.h"

#include <sodium.h>

#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING

struct str base64_write(const unsigned char *bytes, size_t n, char *to, size_t size)
{
    sodium_bin2base64(to, size, bytes, n, URLSAFE);
    return (struct str){to, BASE64_LENGTH(n)};
}

/* libsodium 1.0.18 takes bytes from 128 on for letters. */
static bool ascii(struct str s)
{
    unsigned char all = 0;

    for (size_t i = 0; i < s.n; i++)
        all |= (unsigned char)s.p[i];
    return all < 0x80;
}

bool base64_read(struct str s, unsigned char *to, size_t size, size_t *n)
{
    *n = 0;
    return s.n && ascii(s) && sodium_base642bin(to, size, s.p, s.n, NULL, n, NULL, URLSAFE) == 0;
}
