/* The sealed token of a page: what the portal has to know of the request that was refused or asked about, in
 * a box that only the portal can open (XChaCha20-Poly1305 with a key derived from the portal's). It stands in
 * pages that are shown inside the refused site's origin, so nothing of it may be read there.
 *
 * A token is good until its expiry, for its user; and once: whoever accepts one writes its nonce down. Text
 * form: base64url (record/base64.h), less than TOKEN_TEXT bytes. */
#ifndef RECORD_TOKEN_H
#define RECORD_TOKEN_H

#include "core/words.h"
#include "record/seal.h"

enum {
    TOKEN_NONCE = 16,
    TOKEN_BACK = 2048, /* bytes of the address to go back to */
    TOKEN_NAME = 256,  /* bytes of each other part */
    TOKEN_BOX = 3072,  /* bytes before base64, all told */
    TOKEN_TEXT = 4096,
    TOKEN_SECONDS =
        12 * 60 * 60 /* how long the module's tokens live: a page may stand open for a day's work */
};

/* Slices are borrowed: of whoever seals, or in the room of whoever opens. */
struct token {
    enum ask ask;                     /* what was asked; ASK_COUNT = the request was refused */
    struct str user;                  /* canonical sign-in name; never empty */
    struct str platform;              /* id; empty = a site of none */
    struct str rule;                  /* the rule that asked or refused; empty = the policy's default */
    struct str version;               /* the policy's: which notice was shown */
    struct str back;                  /* "https://host/path?query", for a GET alone; else empty */
    int64_t expiry;                   /* the last second, UTC */
    unsigned char nonce[TOKEN_NONCE]; /* made by token_seal */
};

/* The text, in `to`; STR_NONE when there is no user or a part is too long or the whole does not fit. An
 * address that is too long is the caller's to leave out. t->nonce is filled. */
struct str token_seal(const struct seal_key *key, struct token *t, char to[TOKEN_TEXT]);

/* True when `text` was sealed with this key and `now` is not after its expiry: *t is filled, its slices in
 * `room`. False for whatever reason, and *t is empty. Whether it is this user's, and unspent, is the caller's
 * to ask. */
bool token_open(const struct seal_key *key, struct str text, int64_t now, unsigned char room[TOKEN_BOX],
                struct token *t);

#endif
