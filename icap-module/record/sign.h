/* Signatures: Ed25519 (libsodium, RFC 8032). The private part is a file of 32 random bytes as `portreeve key
 * create` makes it, for its owner and group alone; the public part is a line of text that may lie anywhere:
 *
 *     portreeve-public 1 ed25519 BASE64URL */
#ifndef RECORD_SIGN_H
#define RECORD_SIGN_H

#include "record/seal.h"

enum { SIGN_PUBLIC = 32, SIGN_SECRET = 64, SIGNATURE = 64, FINGERPRINT_TEXT = 40 };

struct sign_key {
    unsigned char secret[SIGN_SECRET], public[SIGN_PUBLIC];
};

/* Wiped by sign_key_wipe. -1 with a message. */
int sign_key_read(const char *path, struct sign_key *key, struct diag *d);
void sign_key_of_seed(const unsigned char seed[32], struct sign_key *key);
void sign_key_wipe(struct sign_key *key);

int sign_public_read(const char *path, unsigned char public[SIGN_PUBLIC], struct diag *d);
int sign_public_write(const char *path, const unsigned char public[SIGN_PUBLIC], struct diag *d);

/* "d3f1-..": 8 groups of 4 digits and a NUL, to be read out over the telephone. */
void sign_fingerprint(const unsigned char public[SIGN_PUBLIC], char to[FINGERPRINT_TEXT]);

/* `purpose` parts what is signed: a signature made for one is none for another. */
void sign_make(const struct sign_key *key, const char *purpose, struct str bytes,
               unsigned char out[SIGNATURE]);
bool sign_check(const unsigned char public[SIGN_PUBLIC], const char *purpose, struct str bytes,
                const unsigned char signature[SIGNATURE]);

#endif
