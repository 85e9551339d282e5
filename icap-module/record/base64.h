/* base64url without padding (RFC 4648 5), as it stands in headers and addresses. */
#ifndef RECORD_BASE64_H
#define RECORD_BASE64_H

#include "core/str.h"

/* Characters for n bytes. */
#define BASE64_LENGTH(n) (((n)*4 + 2) / 3)

/* Writes the text and a NUL into `to` (of `size` characters, at least BASE64_LENGTH(n) + 1). */
struct str base64_write(const unsigned char *bytes, size_t n, char *to, size_t size);

/* All of `s`, in the one spelling that the bytes have: no padding, no blank, no bit left over. False when it
 * is no such text, is empty, or stands for more than `size` bytes. */
bool base64_read(struct str s, unsigned char *to, size_t size, size_t *n);

#endif
