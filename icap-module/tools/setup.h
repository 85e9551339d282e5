/* The answers that `portreeve setup` works from: a table of keys (setup_keys.def), a plain file of `key =
 * value` lines, and what is wrong with them. Nothing here writes a file or starts a program but for the
 * look-up of names (setup_check). */
#ifndef TOOLS_SETUP_H
#define TOOLS_SETUP_H

#include "core/diag.h"

enum setup_kind {
    SETUP_WORD,
    SETUP_TEXT,
    SETUP_CONTACT, /* may stand more than once */
    SETUP_HOST,
    SETUP_RESOLVED, /* a host that this machine can look up: by the program that writes (packaging/lib/setup)
                     */
    SETUP_PORT,
    SETUP_NETWORKS,
    SETUP_HOSTS,
    SETUP_CHOICE,
    SETUP_DAYS,
    SETUP_MAIL,
    SETUP_FILE
};

struct setup_key {
    const char *name;
    enum setup_kind kind;
    const char *words, *preset, *when, *is, *question;
};

enum {
    SETUP_KEYS = 30, /* rows of setup_keys.def; one more does not compile, one less is no key */
    SETUP_CONTACTS = 24,
    SETUP_VALUE = 1024,
    SETUP_WORD_SIZE = 256
};

extern const struct setup_key setup_keys[SETUP_KEYS];

struct setup_answer {
    char value[SETUP_VALUE];
    unsigned line; /* where it stands in the file; 0: nowhere */
};

struct setup_answers {
    const char *file; /* for messages; borrowed */
    struct setup_answer of[SETUP_KEYS];
    struct setup_answer contacts[SETUP_CONTACTS];
    unsigned n_contacts;
};

/* The place of a key in setup_keys, or -1. */
int setup_key_of(struct str name);

/* The answer to a key; "" where there is none. */
const char *setup_answer_to(const struct setup_answers *a, const char *key);

/* Reads the text of a file of answers: lines `key = value`, `#` to the end of a line of its own. All mistakes
 * come at once. */
int setup_read(struct str text, struct setup_answers *a, struct diag *d);

/* One value held against its key's kind. False: `why` (of `size` bytes) says what is wrong and what to write.
 */
bool setup_value_fits(const struct setup_key *key, const char *value, char *why, size_t size);

/* The key is to be answered, as the others have been. */
bool setup_wanted(const struct setup_answers *a, const struct setup_key *key);

/* Fills in what may be left out, and says what is missing and what contradicts what. -1 after an error. */
int setup_check(struct setup_answers *a, struct diag *d);

/* The next word of a list, cut to fit; *at moves behind it. False at the end. */
bool setup_next_word(const char **at, char *word, size_t size);

/* Networks a and b ("192.0.2.0/24") have an address in common. */
bool setup_networks_meet(const char *a, const char *b);

#endif
