/* Enrolment: how the digest of a sign-in gets into the register although nobody knows the number behind it.
 *
 * `portreeve accounts enrol` gives an officer a code; signed in to the platform they open an address with the
 * code in its query, and the module, which sees both, writes a line with the digest to the inbox. The
 * account's owner confirms it
 * (`portreeve accounts confirm`), and it becomes a row of registers/identities.csv.
 *
 * A code is sealed with the identity key for one user, platform, account, profile and end: the module checks
 * it without keeping anything. Used twice with the same sign-in it makes the same line twice, which is one.
 */
#ifndef RECORD_ENROL_H
#define RECORD_ENROL_H

#include "core/diag.h"
#include "core/digest.h"

enum { ENROL_MINUTES = 15, ENROL_MINUTES_MAX = 24 * 60, ENROL_CODE = 5 + 44, ENROL_LINE = 1024 };
enum { ENROL_SEAL = 12, ENROL_INBOX_MAX = 4 << 20 /* bytes: nobody enrols so often */ };

/* What somebody enrols for, and with what. Slices are borrowed. */
struct enrolment {
    struct str platform, account; /* as the register names them */
    struct str user;              /* canonical */
    enum profile profile;
    struct digest digest;
    uint32_t key;
    int64_t time; /* UTC */
};

/* A code's own words, still to be checked. */
struct enrol_code {
    enum profile profile;
    uint32_t end;     /* the last second, UTC */
    uint32_t account; /* str_hash of its name: says which to try */
    unsigned char seal[ENROL_SEAL];
};

/* The code for e's user, platform, account and profile, not terminated. */
void enrol_code_write(const struct identity_key *key, const struct enrolment *e, uint32_t end,
                      char to[ENROL_CODE]);

/* The first thing in a query (raw) that has the form of a code; false when there is none. */
bool enrol_code_find(struct str query, struct enrol_code *code);

/* It was made with this key for e's user, platform, account and profile, and `now` is not after its end. */
bool enrol_code_holds(const struct identity_key *key, const struct enrol_code *code,
                      const struct enrolment *e, int64_t now);

/* The inbox's line with its end, in `to`; STR_NONE when a name is too long or holds what would break the
 * line. */
struct str enrol_line_write(const struct enrolment *e, char to[ENROL_LINE]);

/* Slices into `line` (without its end). False when it is none. */
bool enrol_line_read(struct str line, struct enrolment *e);

/* Appends one line (a single write; the file is made with mode 0640). -1 with a message. */
int enrol_inbox_add(const char *path, struct str line, struct diag *d);

#endif
