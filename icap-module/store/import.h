/* From the spools into the store: each event once, whatever is killed when. A segment's events and how far it
 * was read are committed together; a finished segment is deleted only after that. */
#ifndef STORE_IMPORT_H
#define STORE_IMPORT_H

#include "store/store.h"

/* Which rule lets people through at the cost of which allowance. */
struct spending {
    struct str rule, allowance;
};

/* What comes of events besides, in the transaction that imports them (lines of feeds). NULL functions: nothing. */
struct import_also {
    int (*event)(void *to, struct store *s, const struct event *e, struct diag *d);
    int (*ends)(void *to, struct store *s, struct diag *d); /* all of a segment's events are in: a commit follows */
    void (*undone)(void *to);                               /* since the last commit */
    void *to;
};

struct import_how {
    const struct spending *spending;
    size_t n_spending;
    uint64_t limit; /* events in one call */
    bool keep;      /* finished segments stay */
    int32_t today;  /* local: minutes of people who are known for the day alone are taken of no other */
    /* Keeps a finished segment as evidence, before it is deleted or set aside (record/anchor.h); where it fails
     * the segment stays. NULL: nothing is kept. */
    int (*evidence)(void *to, const char *path, struct diag *d);
    void *evidence_to;
    struct import_also also;
};

/* Counts are added to. */
struct import_result {
    uint64_t events, torn, deleted;
    uint64_t
        behind; /* bytes of the spool that are not imported yet, at most: a segment in hand counts whole */
    uint64_t stuck; /* finished segments that could not be kept as evidence, and so stay */
    bool more;  /* the limit was met: there is more to be had at once */
};

/* The segments of a folder, oldest first. A finished one with torn records is renamed to NAME.torn and kept:
 * what cannot be read is not thrown away. -1 with messages when a segment or the store failed: what was
 * committed stays, and the same call later goes on there. */
int import_spool(struct store *s, const char *folder, const struct import_how *how,
                 struct import_result *result, struct diag *d);

#endif
