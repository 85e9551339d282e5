/* Keyed digests: what the register holds in place of the number by which a platform knows a person, and the
 * seal of enrolment codes. BLAKE2b with a key of 32 bytes, 16 bytes out (libsodium's crypto_generichash: a
 * pure function, and the one thing of libsodium that core may take). The key is a file of the module's group;
 * whoever holds it can try numbers, so it is guarded like the pseudonyms' key. */
#ifndef CORE_DIGEST_H
#define CORE_DIGEST_H

#include "core/text.h"

enum { DIGEST_KEY = 32, DIGEST_WORDS = 4, DIGEST_PARTS = 7 };

struct digest {
    uint32_t words[DIGEST_WORDS]; /* 16 bytes as they came, not a number */
};

struct identity_key {
    unsigned char bytes[DIGEST_KEY];
    uint32_t id; /* names the key and tells nothing of it; never 0 */
};

/* Fills `id` from `bytes`. */
void identity_key_name(struct identity_key *key);

/* A key for tests, made of words that everybody may know. */
struct identity_key identity_key_of_words(struct str words);

/* The digest of "PLATFORM NUL VALUE": the value as the platform's cookie or header has it, without what the
 * map says stands before it. Makes no heap call; what it needed of the value is wiped. */
struct digest identity_digest(const struct identity_key *key, struct str platform, struct str value);

/* The digest of the parts with a NUL between them; another one than any identity's, as those begin with a
 * platform. */
struct digest digest_sealed(const struct identity_key *key, const struct str *parts, size_t n);

bool digest_eq(const struct digest *a, const struct digest *b);

/* Overwrites memory that held an id, and is not optimised away. */
void digest_wipe(void *p, size_t n);

/* Whose a sign-in is, as register, code and inbox write it. */
enum profile {
    PROFILE_ACCOUNT = 0, /* "account": the account's own, whoever uses it */
    PROFILE_OWN,         /* "own": a person's, who administers the account by name */
    PROFILES
};
extern const char *const profile_words[PROFILES];

/* "d-" and 32 hexadecimal digits, "k-" and 8: no spreadsheet takes them for a number. */
enum { DIGEST_TEXT = 34, KEY_TEXT = 10 };
void digest_put(struct text *t, const struct digest *digest);
void identity_key_put(struct text *t, uint32_t id);

/* Upper case is read, too. False when it is none. */
bool digest_read(struct str s, struct digest *digest);
bool identity_key_read_id(struct str s, uint32_t *id);

#endif
