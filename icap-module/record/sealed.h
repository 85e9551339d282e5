/* The sealed copy of an epoch's key: for each pair of the holders (three or more) a box in a box (libsodium's
 * sealed boxes, X25519): the outer one opens with the first one's private key, the inner one with the
 * second's. So any two can open it together and nobody alone, and whoever seals needs their public keys only.
 * Text, a file an epoch, named ID.sealed, in the keys' folder:
 *
 *     portreeve-sealed 1
 *     epoch 2026-12-01.1
 *     from 2026-12-01T00:00:00Z
 *     until 2027-01-01T00:00:00Z
 *     commit HASH                  BLAKE2b-256 of what is sealed: the same for every pair
 *     pair NAME NAME BASE64URL     by the order of the list of holders
 *     end
 *
 * What is sealed holds id, from and until beside the key. Destroyed, the file is ID.destroyed: the same up to
 * commit, and "destroyed TIME". */
#ifndef RECORD_SEALED_H
#define RECORD_SEALED_H

#include "record/epoch.h"
#include "record/private.h"

enum { HOLDERS_MIN = 3, HOLDERS_MAX = 10, PAIRS_MAX = HOLDERS_MAX * (HOLDERS_MAX - 1) / 2 };
enum { SEALED_PLAIN = 16 + 4 + 8 + 8 + 32, SEALED_BOX = SEALED_PLAIN + 2 * 48, SEALED_TEXT = 1 << 15 };

struct holder {
    char name[HOLDER_NAME + 1];
    unsigned char public[HOLDER_PUBLIC];
};

struct holders {
    struct holder list[HOLDERS_MAX];
    unsigned n;
};

/* A file of their public lines (record/private.h), three at least, nobody twice. */
int holders_read(const char *path, struct holders *h, struct diag *d);
int holders_read_mem(struct str text, const char *where, struct holders *h, struct diag *d);

struct sealed {
    struct epoch epoch; /* without its key */
    unsigned char commit[32];
    struct sealed_pair {
        char first[HOLDER_NAME + 1], second[HOLDER_NAME + 1];
        unsigned char box[SEALED_BOX];
    } pairs[PAIRS_MAX];
    unsigned n;
    bool destroyed;
    int64_t destroyed_at;
};

/* Seals, writes FOLDER/ID.sealed (never over one that is there), reads it back, and proves that what lies
 * there opens: whoever has just made a box still has the other half of its keys. -1 with a message, and no
 * file. */
int sealed_make(const char *folder, const struct epoch *e, const struct holders *h, struct diag *d);

int sealed_read(const char *path, struct sealed *s, struct diag *d);
int sealed_read_mem(struct str text, struct sealed *s);

/* With the private keys of two holders. -1 with a message: they are one person, no pair of this copy, or it
 * was changed. The key in *e is the caller's to wipe. */
int sealed_open(const struct sealed *s, const struct private_key *a, const struct private_key *b,
                struct epoch *e, struct diag *d);

/* Overwrites FOLDER/ID.sealed and puts ID.destroyed in its place: from then on nobody can name anybody of
 * that epoch. Copies elsewhere must be destroyed there. */
int sealed_destroy(const char *folder, uint32_t id, int64_t now, struct diag *d);

/* The sealed and destroyed epochs of a folder, by time. -1: it cannot be listed. What cannot be read is told.
 */
int sealed_each(const char *folder, void (*each)(void *to, const char *path, const struct sealed *s),
                void *to, struct diag *d);

#endif
