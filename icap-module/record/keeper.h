/* The keeper of epochs: whoever makes the keys, seals them, and takes the plain ones away at the end.
 * portreeved does it each turn; `portreeve keys` does the same by hand. */
#ifndef RECORD_KEEPER_H
#define RECORD_KEEPER_H

#include "record/ledger.h"
#include "record/sealed.h"

enum {
    KEEPER_AHEAD = 600,    /* s before an epoch ends that the next one's key is made */
    KEEPER_HANDING = 86400 /* where it is handed to other nodes: the keeper may be away for as long */
};

struct keeper {
    const char *plain;   /* the file with the plain keys, in memory-backed storage */
    const char *folder;  /* of sealed copies */
    const char *holders; /* their list; NULL: nothing is sealed, and nobody can ever be named */
    enum epoch_length length;
    bool on_disk;                /* for a trial */
    int64_t ahead;               /* 0: KEEPER_AHEAD */
    const struct sign_key *sign; /* signs lines of FOLDER/keys; NULL: they are not signed */
};

/* Reads what there is, into *f; lets go of what has ended; makes what is missing: a part of the present
 * period where no key is there, and the next epoch when this one has `ahead` seconds left. *changed: the
 * file is another now. -1 with a message; *f is then what can be used all the same. */
int keeper_step(const struct keeper *k, int64_t now, struct epoch_file *f, bool *changed, struct diag *d);

/* A line of the list "keys" in the keys' folder: what was done with an epoch's key, and by whom. -1 with a
 * message. */
int keeper_note(const struct keeper *k, int64_t now, const char *word, const struct epoch *e, struct str by,
                struct diag *d);

/* The present epoch ends now, and a new part begins: for a key that may have been seen. */
int keeper_rotate(const struct keeper *k, int64_t now, struct epoch_file *f, struct diag *d);

#endif
