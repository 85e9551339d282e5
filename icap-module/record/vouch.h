/* Vouching: how the portal knows who is asking. The module, which alone hears from the proxy who is signed
 * in, puts one header on each request to the portal; the portal believes that header and nothing else.
 *
 *     X-Portreeve-User: v1.EXPIRY.NONCE.USER.MAC
 *     X-Portreeve-User: v2.EXPIRY.NONCE.USER.GROUPS.MAC
 *
 * EXPIRY is decimal (the last second, UTC), NONCE 16 random bytes, USER the canonical sign-in name, GROUPS
 * those groups of the person's that the portal asks for, with a comma between, MAC keyed BLAKE2b of the text
 * before it with the request's method and path, all four in base64url (RFC 4648 5) without padding. v1 where
 * there are no such groups. The key is the portal's (record/seal.h), which module and portal share. It says
 * who, for one request: another method or path, another key or a minute later, and it says nothing. Within
 * that minute the same header is good for the same method and path again: what changes something must be made
 * single by a token's nonce. */
#ifndef RECORD_VOUCH_H
#define RECORD_VOUCH_H

#include "record/seal.h"

#define VOUCH_HEADER "X-Portreeve-User"

enum {
    VOUCH_SECONDS = 60, /* a vouching's life */
    VOUCH_AHEAD = 5,    /* seconds that the reader's clock may be behind the writer's */
    VOUCH_USER = 256,   /* bytes of a name */
    VOUCH_GROUPS = 256, /* bytes of all groups */
    VOUCH_ROOM = VOUCH_USER + VOUCH_GROUPS,
    VOUCH_NONCE = 16,
    VOUCH_TEXT = 864 /* room for the header's value */
};

/* The request that is vouched for. `path` as the request line has it, up to '?' and undecoded; never empty.
 */
struct vouch_request {
    struct str method, path;
    int64_t now; /* seconds since 1970, UTC */
};

struct vouch_who {
    struct str user, groups;
};

/* What a header said. */
struct vouched {
    struct str user, groups; /* in the caller's room */
    int64_t expiry;
    unsigned char nonce[VOUCH_NONCE]; /* a name for this one header */
};

/* The header's value, in `to`; STR_NONE when there is no user, the name or the groups are too long, or a part
 * holds a NUL. */
struct str vouch_write(const struct seal_key *key, const struct vouch_who *who, const struct vouch_request *r,
                       char to[VOUCH_TEXT]);

/* True when `value` was written with this key for this request and is not over: then *v is filled. False for
 * whatever reason, in the same time whichever it is of those that a forger could learn from. */
bool vouch_check(const struct seal_key *key, struct str value, const struct vouch_request *r,
                 char room[VOUCH_ROOM], struct vouched *v);

#endif
