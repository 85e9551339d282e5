/* Recall: what only the workers of one node know and nobody may store. That somebody has been to one person's
 * profile, that a page is owed to them, that it has been shown.
 *
 * A table of cells in memory that all workers share. A cell is a piece of a keyed digest of who and what, and
 * the minute when: no name, no address, no count of what it was about. The key is random, made with the table
 * and never written down, so that with the table everything is forgotten; before that, what is older than the
 * policy asks for is wiped as its neighbours are written. The judge only reads; the module notes what a
 * verdict says is to be noted, and the cases do the same in a table of their own.
 *
 * Each cell is read and written by itself, in one step and without a lock, by any thread of any process.
 * Where two note the same at once it may stand there twice, which counts as once; where a bucket is full the
 * oldest goes. So what is lost makes fewer questions, never more. */
#ifndef CORE_RECALL_H
#define CORE_RECALL_H

#include "core/artefact.h"
#include "core/digest.h"

enum {
    RECALL_WAYS = 32,         /* cells of a bucket: what one look-up reads */
    RECALL_SITTING = 10 * 60, /* seconds without a visit until the next one is another visit */
    RECALL_OWED = 10 * 60,    /* a page that nobody saw is owed so long, */
    RECALL_QUIET = 60 * 60,   /* and when it was shown, so long not again */
    RECALL_PARTS = 5
};

struct recall;

/* Where something is noted, and how old a note may be to be the same one. */
struct recall_key {
    uint32_t bucket;
    uint32_t sitting; /* seconds; UINT32_MAX: there is only ever one */
    uint64_t tag;     /* upper 40 bits, never 0 */
};

/* Bytes of a table with so many buckets (a power of two). */
size_t recall_size(uint32_t buckets);

/* Makes the table in memory that is all zeros, aligned to 8 and lives as long. `salt` is copied. */
struct recall *recall_init(void *memory, uint32_t buckets, const unsigned char salt[DIGEST_KEY]);

/* Of RECALL_PARTS parts at most; no part holds a NUL byte. */
struct recall_key recall_key(const struct recall *r, const struct str *parts, size_t n, uint32_t sitting);

/* How many visits lie within so many seconds before `now`, without the one that is going on. */
uint32_t recall_visits(const struct recall *r, const struct recall_key *key, int64_t now, uint32_t within);

/* When it was noted last: UTC seconds, to the minute; 0 = not, or too long ago to tell. */
int64_t recall_latest(const struct recall *r, const struct recall_key *key, int64_t now);

/* Notes it; of the bucket, what is older than `keep` seconds is wiped. False when others were quicker every
 * time: then it is not noted. */
bool recall_note(struct recall *r, const struct recall_key *key, int64_t now, uint32_t keep);

/* How long rules of that policy look back, seconds: what is older is nobody's business any more. */
uint32_t recall_keep(const struct artefact *a);

#endif
