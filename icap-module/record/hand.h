/* Handing the epochs' keys from the one node that keeps them to the others, by themselves, through a store
 * that all of them share and that is trusted with nothing:
 *
 * Each node makes a key pair in its own locked memory when it is started, and announces the public half,
 * signed by the node's lasting signing key. The keeper knows those signing keys by name (a folder, once
 * filled by hand), seals the file of epochs (record/epoch.h) to what a node has announced (libsodium's sealed
 * boxes) and signs it with its own signing key, which every node pins. Thus nobody who can write to the store
 * can put a key in or get one out, and what lies there, or in a copy of it, opens with what only a running
 * process has: whoever takes disks and backups of all of them can name nobody.
 *
 *     announced   i64 at, 32 bytes public, signature over NODE, NUL and these
 *     handed      i64 at, a sealed box, signature over NODE, NUL, the 32 bytes announced and these
 *
 * Little-endian; `at`, UTC seconds, never runs backwards for one reader, so that an old one cannot be given
 * again. */
#ifndef RECORD_HAND_H
#define RECORD_HAND_H

#include "record/epoch.h"
#include "record/sign.h"

enum {
    HAND_PUBLIC = 32,
    HAND_NODE = 64, /* bytes of a node's name */
    HAND_ANNOUNCED = 8 + HAND_PUBLIC + SIGNATURE,
    HAND_MAX = 8 + EPOCH_FILE + 48 + SIGNATURE
};

enum hand_result {
    HAND_TAKEN,
    HAND_FORGED, /* not by that keeper, or changed, or for another node or pair */
    HAND_STALE   /* older than one that was taken */
};

struct hand_pair;

/* In memory of its own, as epoch_file_new; NULL without memory. NULL is allowed to be given back. */
struct hand_pair *hand_pair_new(void);
void hand_pair_free(struct hand_pair *p);

void hand_announce(const struct hand_pair *p, struct str node, int64_t now, const struct sign_key *key,
                   unsigned char to[HAND_ANNOUNCED]);

/* To whom: a node, what lies in the store as announced by it, and the signing key that it is known by. */
struct hand_to {
    struct str node, announced;
    const unsigned char *signer; /* SIGN_PUBLIC bytes */
};

/* How many bytes were put into `out`; 0: what is announced is not by that signer. */
size_t hand_seal(const struct hand_to *to, const struct epoch_file *f, int64_t now, const struct sign_key *key,
                 unsigned char out[HAND_MAX]);

/* Who takes: *last is the `at` of the one that was last taken, 0 at first. */
struct hand_taker {
    const struct hand_pair *pair;
    struct str node;
    unsigned char keeper[SIGN_PUBLIC];
    int64_t last;
};

/* HAND_TAKEN alone changes *f, which is then the caller's to wipe. */
enum hand_result hand_take(struct hand_taker *t, struct str handed, struct epoch_file *f);

#endif
