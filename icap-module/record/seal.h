/* Pseudonyms: keyed BLAKE2b of the user's name (libsodium). The key is a file of 32 random bytes, readable by
 * the module's group alone; its life comes with the record's issue. The key of the register's identities
 * (core/digest.h) is such a file, too, and another one: whoever reads the record's key has no use for it. */
#ifndef RECORD_SEAL_H
#define RECORD_SEAL_H

#include "core/diag.h"
#include "core/digest.h"
#include "record/event.h"

struct seal_key {
    unsigned char bytes[32];
};

/* Must be called once before the others, before threads. */
int seal_init(struct diag *d);

/* 32 bytes, raw, no more and no less; refuses a file that others than owner and group can read or write. */
int seal_key_read(const char *path, struct seal_key *key, struct diag *d);

/* The same file for the register's identities. */
int seal_identity_key_read(const char *path, struct identity_key *key, struct diag *d);

/* Creates the file (0640, never over an existing one). */
int seal_key_create(const char *path, struct diag *d);

void seal_pseudonym(const struct seal_key *key, struct str user, unsigned char out[PSEUDONYM_SIZE]);

/* n random bytes that nobody can foretell (reference codes). */
void seal_random(unsigned char *out, size_t n);

/* Overwrites what must not stay in memory. */
void seal_wipe(void *bytes, size_t n);

/* SHA-256 and BLAKE2b-128 of bytes, for the page's style hash and the artefact's digest. */
void seal_sha256(struct str bytes, unsigned char out[32]);
void seal_digest(struct str bytes, unsigned char out[16]);

#endif
