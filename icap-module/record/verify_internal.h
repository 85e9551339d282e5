/* What the parts of verify.h share. */
#ifndef RECORD_VERIFY_INTERNAL_H
#define RECORD_VERIFY_INTERNAL_H

#include "record/anchor_internal.h"
#include "record/verify.h"

struct anchor_row {
    char name[ANCHOR_NAME];
    struct chain_head head;
    int64_t time;
    bool is_end;
};

struct root_row {
    char date[ANCHOR_DATE];
    uint64_t segments, records, access_lines;
    unsigned char digest[CHAIN_HASH], anchors[CHAIN_HASH], access[CHAIN_HASH], hash[CHAIN_HASH];
    bool has_access, receipt, seen;
};

/* A segment that was looked at, and what its header says of its neighbours. */
struct segment_row {
    char name[ANCHOR_NAME];
    unsigned char process[8], root[CHAIN_HASH];
    uint64_t number, follows;
    bool rooted; /* its day has a root */
};

/* Arrays that grow; `no_memory` once. */
struct verifying {
    const struct verify_how *how;
    struct verify_result *result;
    struct diag *d;
    unsigned char public[SIGN_PUBLIC];
    struct anchor_row *anchors;
    size_t n_anchors, room_anchors;
    struct root_row *roots;
    size_t n_roots, room_roots;
    struct segment_row *segments;
    size_t n_segments, room_segments;
    uint64_t unsigned_lines;                 /* of the list being read, behind the last signature */
    char from[ANCHOR_DATE], to[ANCHOR_DATE]; /* of a bundle; "" = not one */
    bool no_memory;
};

void verify_say(struct verifying *v, enum finding kind, const char *where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Room for one more of `size` bytes in an array; NULL without memory. */
void *verify_more(struct verifying *v, void *array, size_t n, size_t *room, size_t size);

/* Reads the lists of a record folder. -1: it is none. */
int verify_lists(struct verifying *v, const char *folder);
/* Adds a day's anchors, sorted by name and offset. *close: the hash of the list's last line. */
int verify_anchors(struct verifying *v, const char *folder, const char *date, struct ledger_read *close);
/* Those of segments that `drop` says are done with go. */
void verify_drop_anchors(struct verifying *v,
                         bool (*drop)(const struct verifying *v, const struct anchor_row *last));
bool verify_is_there(const struct verifying *v, const char *name);
struct root_row *verify_root_of(const struct verifying *v, const char *date);

/* A segment against the anchors that there are of it. `rooted`: nothing of it may be behind the last anchor.
 */
void verify_segment(struct verifying *v, const char *path, bool rooted);

/* Segments that the anchors which are left tell of, and that are nowhere. */
void verify_missing(struct verifying *v, bool spool);
/* Those that a neighbour tells of, and daily roots that they tell of. */
void verify_links(struct verifying *v);

/* All files of a bundle against its manifest, where it has one. */
int verify_manifest(struct verifying *v, const char *folder);

#endif
