/* Anchors, daily roots and receipts: what portreeved keeps so that the record can be checked years later, off
 * the machine, by anybody (record/verify.h). One folder, the *record folder*:
 *
 *     public.key              the public part of the key that signs (record/sign.h)
 *     roots                   list "roots": a signed line for each local day
 *     receipts                list "receipts": a signed line for each day that was erased
 *     access                  list "access", where there is one (record/accesslog.h)
 *     days/2026-12-01/anchors list "anchors 2026-12-01": the heads of segments' chains (record/chain.h), each
 * minute days/2026-12-01/NAME.spool: the day's segments as they were written, without their unused rest
 *     days/2026-12-01/hold    if there is such a file, the day is not erased
 *
 * A segment belongs to the local day on which it was made, and is used on that day alone (record/spool.h);
 * one that comes to light when its day has its root already is kept under the day on which it does.
 *
 * Lines of anchors (all values as record/ledger.h has them):
 *     head segment=NAME at=OFFSET records=N last=SEQUENCE head=HASH     it has grown up to there
 *     end  segment=NAME ... how=closed|open|torn|broken|cut             it will not grow any more, and is
 * kept minute grown=N segments=N    signed: what stands above it is anchored; also when nothing has grown
 *     close                        signed: the day's last line
 * Of roots:     root day=DAY segments=N records=N digest=HASH anchors=HASH [access=HASH access-lines=N]
 *     digest: BLAKE2b-256 over "NAME OFFSET RECORDS HASH\n" of each segment in the folder, by name
 * Of receipts:  erased day=DAY segments=N records=N digest=HASH root=HASH reason=...
 *
 * A day is erased as a whole; the root list keeps what tells that nothing else went, and the chain of roots
 * goes on over it. So what is kept beyond the retention of events is one line a day that tells nothing of
 * anybody.
 *
 * One thread uses an anchor; nobody else writes into the folder but into `access` and `hold`. */
#ifndef RECORD_ANCHOR_H
#define RECORD_ANCHOR_H

#include "record/ledger.h"

enum { ANCHOR_EVERY = 60 /* s */, ANCHOR_SETTLE = 120 /* s behind midnight: then a day is closed */ };

struct anchor;

struct anchor_how {
    const char *record; /* the folder: made where it is missing */
    const struct sign_key *key;
    const char *const *spools;
    size_t n_spools;
};

/* All of `how` is borrowed until anchor_close. -1 with a message; also when the folder belongs to another
 * key. */
int anchor_open(const struct anchor_how *how, struct anchor **a, struct diag *d);
void anchor_close(struct anchor *a);

/* Each minute: heads of what has grown, then the roots of days that are over. -1 with messages: what could be
 * anchored is. */
int anchor_minute(struct anchor *a, int64_t now, struct diag *d);

/* A finished segment, about to be deleted by the importer: it is kept in the record folder. 0 also where it
 * is there already. */
int anchor_keep(struct anchor *a, const char *path, int64_t now, struct diag *d);

/* Erases the days before `before` (local) that have a root and no hold; each with its receipt. */
int anchor_erase(struct anchor *a, int32_t before, const char *reason, int64_t now, unsigned *erased,
                 struct diag *d);

#endif
