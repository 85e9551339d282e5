/* The opening: the pseudonyms of one person in the epochs of one period, which two holders made of the sealed keys for
 * one case, signed. Text, a line each:
 *
 *     portreeve-opening 1
 *     case HR-2026-014
 *     subject a.user
 *     from 2026-03-02
 *     to 2026-03-15
 *     made 2026-03-18T10:02:11Z
 *     expires 2026-04-17T23:00:00Z       as the case
 *     holders alice bob
 *     epoch ID FROM UNTIL
 *     pseudonym 32 digits                behind its epoch: one for each name
 *     destroyed ID FROM UNTIL WHEN       no name can be told there any more
 *     gap FROM UNTIL                     no sealed key covers this part of the period
 *     signer NAME BASE64URL
 *     signature BASE64URL */
#ifndef RECORD_OPENING_H
#define RECORD_OPENING_H

#include "record/sealed.h"

enum { CASE_REF = 64, CASE_NAME = 256, CASE_NAMES = 16, OPENING_EPOCHS = 128, OPENING_TEXT = 1 << 17 };

/* What of a case an opening is made of: whoever reads the case (report/case.h) fills it. */
struct opening_case {
    char ref[CASE_REF + 1];
    char names[CASE_NAMES][CASE_NAME + 1]; /* the subject first */
    unsigned n;
    int32_t from, to; /* local days, both counted */
    int64_t expires;  /* seconds UTC */
};

/* One more name of the person: a sign-in name, of today (the first) or before. It is kept as the module has it, as
 * pseudonyms are made of that. False: it is no such name, or one too many. */
bool opening_case_name(struct opening_case *c, struct str name);

/* What the directory has for the person: pseudonyms are made of it where the register has one. Taken as it is. */
bool opening_case_id(struct opening_case *c, struct str id);

/* Whether it can be opened at all: not expired, and a period that starts before it ends and is over or runs. */
int opening_case_check(const struct opening_case *c, int64_t now, struct diag *d);

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
void opening_name(const struct opening_case *c, const struct epoch *e, struct opening_epoch *to);

/* Signed by a signer's key; *size bytes, to be freed. NULL with a message. */
char *opening_write(const struct opening *o, const struct private_key *signer, size_t *size, struct diag *d);

/* -1 with a message: is none, was changed, or is signed by another key than `public` (NULL: its own, which
 * says only that it was not changed by accident). */
int opening_read_mem(struct str text, const char *where, const unsigned char *public, struct opening *o,
                     struct diag *d);
int opening_read(const char *path, const unsigned char *public, struct opening *o, struct diag *d);

#endif
