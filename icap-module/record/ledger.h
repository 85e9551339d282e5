/* A list that can only grow: lines of text, each bound to the one before it, some of them signed. Anchors,
 * daily roots, receipts of erasure and access logs are such lists.
 *
 *     NUMBER TIME WORD [key=value]... h=HASH [s=SIGNATURE]
 *
 * NUMBER from 1, TIME as 2026-12-01T10:00:00Z, WORD of small letters, values with every byte but printable
 * ASCII, and '%', '=' and blanks, as %XX (upper case). HASH is 64 digits of BLAKE2b-256 over the hash before
 * it and the line up to the blank before "h="; before the first line stands the hash of the list's name, so
 * that no line can be put into another list. SIGNATURE is Ed25519 over HASH, as base64url.
 *
 * What was cut off the end of a list that is not signed elsewhere cannot be seen in the list itself: the
 * daily root holds the heads of the others (record/anchor.h).
 *
 * A list whose oldest lines were lawfully erased begins with their receipt, which is signed:
 *
 *     NUMBER TIME erased list=NAME until=TIME h=HASH s=SIGNATURE
 *
 * NUMBER and HASH are those of the last line that went, so that the chain goes on over it; SIGNATURE is over the
 * hash that follows from HASH and the line up to the blank before "h=", for a purpose of its own. */
#ifndef RECORD_LEDGER_H
#define RECORD_LEDGER_H

#include "record/chain.h"
#include "record/sign.h"

enum { LEDGER_LINE = 4096, LEDGER_FIELDS = 16, LEDGER_VALUE = 512 };

struct ledger_field {
    const char *key;  /* small letters, digits and '-' */
    struct str value; /* cut to LEDGER_VALUE bytes */
};

struct ledger_head {
    uint64_t lines;
    unsigned char hash[CHAIN_HASH];
};

/* ---- writing ----
 * Several processes may write to one list: the file is locked from begin to end. */

struct ledger; /* one addition in progress */

/* The file is made where it is missing (0640). A last line without its end, of a power cut, is taken off:
 * nobody was told that it is there. -1 with a message, also when what is there does not look like this list's
 * end. */
int ledger_begin(const char *path, const char *name, struct ledger **l, struct diag *d);
/* Adds to what ledger_end will write. `key` NULL: not signed. */
void ledger_put(struct ledger *l, int64_t now, const char *word, const struct ledger_field *fields, size_t n,
                const struct sign_key *key);
/* Writes all at once, synced; frees. -1 with a message: nothing was added. */
int ledger_end(struct ledger *l, struct ledger_head *head, struct diag *d);

/* One line: the three in one. `head` may be NULL. */
int ledger_add(const char *path, const char *name, int64_t now, const char *word,
               const struct ledger_field *fields, size_t n, const struct sign_key *key,
               struct ledger_head *head, struct diag *d);

/* ---- erasing ---- */

struct ledger_cut {
    const char *path, *name;
    int64_t before, now;        /* what is older than `before` goes, up to the first line that is not */
    const struct sign_key *key; /* signs the receipt */
};

/* Whole or not at all; *erased lines went (0: none was due). -1 with a message, and nothing was erased: also from a
 * list that is not sound, which is evidence. */
int ledger_cut(const struct ledger_cut *c, uint64_t *erased, struct diag *d);

/* ---- reading ---- */

struct ledger_line {
    uint64_t number;
    int64_t time;
    struct str word, text; /* text: the line */
    struct {
        struct str key, value; /* decoded */
    } fields[LEDGER_FIELDS];
    size_t n;
    unsigned char hash[CHAIN_HASH];
    bool is_signed, signature_holds; /* by the key that was given */
};

/* "" where there is none. */
struct str ledger_field(const struct ledger_line *line, const char *key);
bool ledger_number(const struct ledger_line *line, const char *key, uint64_t *value);

enum ledger_fault {
    LEDGER_SOUND,
    LEDGER_SHAPE,     /* no line of a list */
    LEDGER_NUMBER,    /* another number should stand here: lines were removed, inserted or put elsewhere */
    LEDGER_HASH,      /* does not follow from the line before it */
    LEDGER_SIGNATURE, /* is signed by another key, or changed */
    LEDGER_RECEIPT,   /* says that lines were erased, and no key that was given has signed that */
    LEDGER_TORN       /* the last line has no end */
};

struct ledger_read {
    enum ledger_fault fault;
    struct ledger_head head; /* of what is sound */
    uint64_t is_signed;
    uint64_t erased; /* so many lines from the first on went with a receipt */
};

/* Calls `each` for every line until the first that is not right; slices live until it returns. `public` NULL:
 * signatures are not checked. */
void ledger_read_mem(struct str text, const char *name, const unsigned char *public,
                     void (*each)(void *to, const struct ledger_line *line), void *to,
                     struct ledger_read *result);
/* -1 with a message when the file cannot be read; *there false, and 0, when there is none. */
int ledger_read(const char *path, const char *name, const unsigned char *public,
                void (*each)(void *to, const struct ledger_line *line), void *to, struct ledger_read *result,
                bool *there, struct diag *d);

/* In words: "line 3 was changed ...". */
const char *ledger_fault_words(enum ledger_fault fault);

/* "2026-12-01T10:00:00Z": 20 characters and a NUL. */
enum { LEDGER_TIME = 21 };
void ledger_time(int64_t t, char to[LEDGER_TIME]);

#endif
