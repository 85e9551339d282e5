/* A case file, by which holders are asked to name one person, and the opening that comes of it: the
 * pseudonyms of that one person in the epochs of that period, signed. Both are text, a line each:
 *
 *     portreeve-case 1                         portreeve-opening 1
 *     case HR-2026-014                         case, subject, from, to: as in the case
 *     subject a.user                           made 2026-03-18T10:02:11Z
 *     also a.maiden-name      (0 to 14)        expires 2026-04-17T23:00:00Z
 *     id 5f3c...              (0 or 1)         holders alice bob
 *     from 2026-03-02                          epoch ID FROM UNTIL
 *     to 2026-03-15                            pseudonym 32 digits      (behind its epoch: one for each name)
 *     expires 2026-04-18                       destroyed ID FROM UNTIL WHEN     no name can be told there any
 * more gap FROM UNTIL           no sealed key covers this part of the period signer NAME BASE64URL signature
 * BASE64URL
 *
 * subject and also are sign-in names, earlier ones too; id is what the directory has for them: pseudonyms are
 * made of it where the register has one. Days are local; a case is good until its day of expiry begins. Lines
 * of a case with other words are passed over: they are for others. */
#ifndef RECORD_OPENING_H
#define RECORD_OPENING_H

#include "record/sealed.h"

enum { CASE_REF = 64, CASE_NAME = 256, CASE_NAMES = 16, OPENING_EPOCHS = 128, OPENING_TEXT = 1 << 17 };

struct case_file {
    char ref[CASE_REF + 1];
    char names[CASE_NAMES][CASE_NAME + 1]; /* the subject first */
    unsigned n;
    bool has_id; /* the last of the names is the directory's id */
    int32_t from, to, expires;
};

/* -1 with a message that names the field: missing, twice, or no such value. */
int case_read_mem(struct str text, const char *where, struct case_file *c, struct diag *d);
int case_read(const char *path, struct case_file *c, struct diag *d);

/* Whether it can be opened at all: not expired, and a period that starts before it ends and is over or runs.
 */
int case_check(const struct case_file *c, int64_t now, struct diag *d);

struct opening_epoch {
    uint32_t id; /* 0 = a gap */
    int64_t from, until;
    bool destroyed;
    int64_t destroyed_at;
    unsigned n;
    unsigned char pseudonyms[CASE_NAMES][PSEUDONYM_SIZE];
};

struct opening {
    char ref[CASE_REF + 1], subject[CASE_NAME + 1];
    int32_t from, to;
    int64_t made, expires;
    char holders[2][HOLDER_NAME + 1], signer[HOLDER_NAME + 1];
    unsigned char public[SIGN_PUBLIC]; /* of the signer */
    unsigned n;
    struct opening_epoch epochs[OPENING_EPOCHS];
};

/* The pseudonyms of the case's names in one epoch, whose key the caller wipes. */
void opening_name(const struct case_file *c, const struct epoch *e, struct opening_epoch *to);

/* Signed by a signer's key; *size bytes, to be freed. NULL with a message. */
char *opening_write(const struct opening *o, const struct private_key *signer, size_t *size, struct diag *d);

/* -1 with a message: is none, was changed, or is signed by another key than `public` (NULL: its own, which
 * says only that it was not changed by accident). */
int opening_read_mem(struct str text, const char *where, const unsigned char *public, struct opening *o,
                     struct diag *d);
int opening_read(const char *path, const unsigned char *public, struct opening *o, struct diag *d);

#endif
