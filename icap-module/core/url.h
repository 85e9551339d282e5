/* A request's target in canonical parts, so that every spelling of one place reads the same (RFC 3986 6.2.2,
 * WHATWG URL for what browsers add). Everything is written into the arena. */
#ifndef CORE_URL_H
#define CORE_URL_H

#include "core/arena.h"

struct url {
    struct str scheme, host, path, query;
    uint32_t port; /* 0 = the scheme's */
    bool host_is_address;
};

/* "scheme://[userinfo@]host[:port][/path][?query][#fragment]". -1 when it cannot be read safely. */
int url_parse(struct str target, struct arena *a, struct url *u);

/* "host[:port]", "[v6]:port", as CONNECT and the Host header have it. */
int url_parse_authority(struct str authority, struct arena *a, struct url *u);

/* Lower case, percent-decoded, without trailing dots. -1: empty, over 253 bytes, or bytes that no host
 * has. */
int host_canonical(struct str raw, struct arena *a, struct str *host, bool *is_address);

/* Decodes %XX where the byte is harmless in a path (no '/', '?', '#', '%' or control byte), also when encoded
 * several times over; removes "//", "/./" and "/../". STR_NONE when the arena is full, when dots that were
 * encoded twice would lead elsewhere, and when an escape is left after eight layers. */
struct str path_canonical(struct str raw, struct arena *a);

/* `raw`, decoded, reads `plain`. */
bool percent_is(struct str raw, struct str plain);

/* Every %XX decoded, with '+' as blank where `plus`; bytes below 0x20 become blanks. */
struct str percent_decode(struct str raw, bool plus, struct arena *a);

#endif
