#include "record/token.h"

#include "record/base64.h"

#include <sodium.h>

/* The box: a nonce of 24 bytes, whose first 16 name the token, then what is sealed, then the seal's 16 bytes.
 * Sealed is: the form's number, the ask (0xff = none), expiry (8 bytes, little-endian), five parts with their
 * lengths (2 bytes, little-endian) before them. */
enum {
    FORM = 1,
    NO_ASK = 0xff,
    NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    SEAL = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    HEAD = 1 + 1 + 8,
    PARTS = 5
};

static const unsigned char purpose_token[crypto_generichash_blake2b_PERSONALBYTES] = "portreeve-token";

_Static_assert((int)TOKEN_NONCE <= (int)NONCE, "a token is named by what nobody can change");
_Static_assert(NONCE + SEAL + HEAD + 2 * PARTS + TOKEN_BACK + 3 * TOKEN_NAME <= TOKEN_BOX,
               "the longest address fits beside any names that people give");
_Static_assert(BASE64_LENGTH(TOKEN_BOX) <= TOKEN_TEXT, "a box fits the text");

static void token_key(const struct seal_key *key, unsigned char out[32])
{
    crypto_generichash_blake2b_salt_personal(out, 32, NULL, 0, key->bytes, sizeof key->bytes, NULL,
                                             purpose_token);
}

/* The order in the box. */
static void parts_of(struct token *t, struct str *parts[PARTS])
{
    parts[0] = &t->user;
    parts[1] = &t->platform;
    parts[2] = &t->rule;
    parts[3] = &t->version;
    parts[4] = &t->back;
}

static size_t part_max(const struct token *t, const struct str *part)
{
    return part == &t->back ? TOKEN_BACK : TOKEN_NAME;
}

/* The sealed part in clear; its length, or 0 when it does not fit. */
static size_t pack(struct token *t, unsigned char *to, size_t size)
{
    struct str *parts[PARTS];
    size_t n = 0;

    to[n++] = FORM;
    to[n++] = t->ask >= ASK_COUNT ? NO_ASK : (unsigned char)t->ask;
    for (unsigned i = 0; i < 8; i++)
        to[n++] = (unsigned char)((uint64_t)t->expiry >> 8 * i);
    parts_of(t, parts);
    for (unsigned i = 0; i < PARTS; i++) {
        if (parts[i]->n > part_max(t, parts[i]) || size - n < 2 + parts[i]->n)
            return 0;
        to[n++] = (unsigned char)parts[i]->n;
        to[n++] = (unsigned char)(parts[i]->n >> 8);
        if (parts[i]->n)
            memcpy(to + n, parts[i]->p, parts[i]->n);
        n += parts[i]->n;
    }
    return n;
}

struct str token_seal(const struct seal_key *key, struct token *t, char to[TOKEN_TEXT])
{
    unsigned char box[TOKEN_BOX], clear[TOKEN_BOX - NONCE - SEAL], own[32];
    unsigned long long sealed = 0;
    size_t n;

    if (t->user.n == 0 || t->expiry < 0 || (n = pack(t, clear, sizeof clear)) == 0)
        return STR_NONE;
    seal_random(box, NONCE);
    memcpy(t->nonce, box, sizeof t->nonce);
    token_key(key, own);
    crypto_aead_xchacha20poly1305_ietf_encrypt(box + NONCE, &sealed, clear, n, NULL, 0, NULL, box, own);
    sodium_memzero(own, sizeof own);
    sodium_memzero(clear, sizeof clear);
    n = NONCE + (size_t)sealed;
    if (BASE64_LENGTH(n) >= TOKEN_TEXT)
        return STR_NONE;
    return base64_write(box, n, to, TOKEN_TEXT);
}

/* The reverse of pack; only what pack wrote can be here, and it is not believed all the same. */
static bool unpack(const unsigned char *from, size_t n, struct token *t)
{
    struct str *parts[PARTS];
    size_t at = HEAD;
    uint64_t expiry = 0;

    if (n < HEAD || from[0] != FORM || (from[1] != NO_ASK && from[1] >= ASK_COUNT))
        return false;
    t->ask = from[1] == NO_ASK ? ASK_COUNT : (enum ask)from[1];
    for (unsigned i = 0; i < 8; i++)
        expiry |= (uint64_t)from[2 + i] << 8 * i;
    t->expiry = (int64_t)expiry;
    parts_of(t, parts);
    for (unsigned i = 0; i < PARTS; i++) {
        size_t length;

        if (n - at < 2)
            return false;
        length = from[at] | (size_t)from[at + 1] << 8;
        at += 2;
        if (length > part_max(t, parts[i]) || length > n - at)
            return false;
        *parts[i] = (struct str){(const char *)from + at, length};
        at += length;
    }
    return at == n && t->user.n > 0;
}

bool token_open(const struct seal_key *key, struct str text, int64_t now, unsigned char room[TOKEN_BOX],
                struct token *t)
{
    unsigned char box[TOKEN_BOX], own[32];
    unsigned long long clear = 0;
    size_t n = 0;
    int opened;

    *t = (struct token){.ask = ASK_COUNT};
    if (text.n >= TOKEN_TEXT || !base64_read(text, box, sizeof box, &n) || n < NONCE + SEAL)
        return false;
    token_key(key, own);
    opened = crypto_aead_xchacha20poly1305_ietf_decrypt(room, &clear, NULL, box + NONCE, n - NONCE, NULL, 0,
                                                        box, own);
    sodium_memzero(own, sizeof own);
    if (opened == 0 && unpack(room, (size_t)clear, t) && t->expiry >= now) {
        memcpy(t->nonce, box, sizeof t->nonce);
        return true;
    }
    *t = (struct token){.ask = ASK_COUNT};
    return false;
}
