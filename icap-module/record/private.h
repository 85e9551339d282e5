/* Private keys of people, at rest under a passphrase: a holder's (X25519, opens sealed copies) and a signer's
 * (Ed25519, signs openings). Text:
 *
 *     portreeve-private 1
 *     kind holder|signer
 *     name NAME
 *     public BASE64URL
 *     kdf argon2id13 OPS MEMORY SALT        crypto_pwhash: operations, bytes, base64url
 *     box BASE64URL                         nonce and crypto_secretbox over the 32 bytes of the seed
 *
 * and a holder's public part is the line "portreeve-holder 1 NAME BASE64URL"; a signer's that of
 * record/sign.h. */
#ifndef RECORD_PRIVATE_H
#define RECORD_PRIVATE_H

#include "record/sign.h"

enum private_kind { PRIVATE_HOLDER, PRIVATE_SIGNER, PRIVATE_KINDS };
enum { HOLDER_NAME = 32, HOLDER_PUBLIC = 32, PRIVATE_TEXT = 1024 };

struct private_key {
    enum private_kind kind;
    char name[HOLDER_NAME + 1];
    unsigned char public[32];
    unsigned char secret[SIGN_SECRET]; /* of a holder the first 32 bytes */
};

/* 1 to 32 small letters, digits, '.', '-' and '_', beginning with a letter. */
bool holder_name(struct str name);

/* A new key pair; wiped by private_wipe. */
int private_make(enum private_kind kind, struct str name, struct private_key *k, struct diag *d);
void private_wipe(struct private_key *k);

/* Never over a file that is there (0600). The passphrase has 12 bytes at least. `gentle`: a derivation that a
 * test can wait for. */
int private_write(const char *path, const struct private_key *k, struct str passphrase, bool gentle,
                  struct diag *d);

/* -1 with a message: another kind, a wrong passphrase, a changed file. */
int private_read(const char *path, enum private_kind kind, struct str passphrase, struct private_key *k,
                 struct diag *d);

/* What can be told of the file without its passphrase: its name. */
int private_name(const char *path, char name[HOLDER_NAME + 1], struct diag *d);

#endif
