/* The spool: where each process puts its events, to be imported later. A folder of segments, each a
 * preallocated, memory-mapped file that one process appends to (house 8): a record's commit word is written
 * last, so that a worker killed with -9 leaves whole records and at most one torn one, which readers skip and
 * count. A segment's writer holds a lock on it (flock): a segment that can be locked is finished. A process
 * holds up to two, the one in hand and, once that is three quarters full, the next one, still empty; killed
 * then, it leaves the empty one behind, which is a segment without events.
 *
 * Layout: header {magic, version, size, node, boot id, created, sequence}, then records {u32 length, u32
 * check, event bytes, padding to 8, ...}; `length` is the commit word, stored last with release order; 0 =
 * nothing here yet. Files are named time-node-boot-pid-number.spool: sorted by name they are sorted by time,
 * and no name tells of a user. They never shrink and are never written again once finished; only the importer
 * deletes them, but for one that its writer never wrote to. */
#ifndef RECORD_SPOOL_H
#define RECORD_SPOOL_H

#include "core/diag.h"
#include "record/event.h"

/* One a process; spool_append may be called by all its threads. One mutex, and no file work under it:
 *
 * - An event is numbered and written in one critical section, so the order in the files is that of the
 *   numbers.
 * - The thread whose event takes the segment in hand past three quarters makes the next one, with the mutex
 *   free and its own event written; the others go on in the segment in hand. When that is used up, the next
 *   one is taken by pointer, and the thread that took it finishes the old one, with the mutex free.
 * - Only where the next one is not ready in time (the first event of a process; a quarter of a segment filled
 *   while a file is made) do threads wait, until the maker is done, and for SPOOL_PATIENCE at most: after
 *   that their events are lost and counted, and further ones at once, until the disk answers.
 * - Once a second it is looked whether the segments are still in the folder of that name; those that were
 * removed or moved away with it are left, so that at most a second's events go with them. Those of an earlier
 * local day are finished: a segment's events are of one day (and a second), which can be erased as such.
 * - Names never go back, also when the clock does: a process's segments sort in the order that they were
 * made.
 * - A segment that could not be made is tried for again once a second. What is used up is finished before
 * that, so that the importer can free its space.
 *
 * Why three quarters: 1 MiB is some 8,000 events, half a second of a process's answers at its fastest, and a
 * segment is made in milliseconds. An idle process is likelier to hold one segment than two.
 *
 * What is left under the mutex is storing to mapped pages; where the kernel makes such a store wait (a page
 * just being written back), appends wait for that page. */
struct spool;

enum { SPOOL_SEGMENT = 4 << 20, SPOOL_SEGMENT_MIN = 4096, SPOOL_PATIENCE = 3 /* s; at least 2 */ };

struct spool_counts {
    uint64_t written,
        lost;  /* events; lost = disk full or no segment: counted and alarmed, the request is answered */
    int error; /* errno that the last segment could not be made for; 0 = it could; EBUSY: it takes too long */
};

/* Opens `folder` for writing by this process (after fork). Never creates the folder. `node` names this
 * machine in the segments (NULL = its host name); `segment` in bytes, 0 = SPOOL_SEGMENT. The first event
 * makes the first segment. */
int spool_open(const char *folder, const char *node, size_t segment, struct spool **s, struct diag *d);

/* 0, or -1 when the event is lost (it is counted). Sets e->sequence: events are numbered from 1 through the
 * life of the process, the lost ones too, so that a gap tells of them. */
int spool_append(struct spool *s, struct event *e);

struct spool_counts spool_counts(struct spool *s);

/* The segment in hand is finished, and one made for later taken off the disk. No thread may be in
 * spool_append any more. */
void spool_close(struct spool *s);

struct spool_read { /* counts are added to */
    uint64_t events;
    uint64_t torn; /* records skipped */
};

/* Calls `each` for every whole record of a segment file (or of all segments of a folder, oldest first); the
 * event lives until `each` returns. Adds to *result. Reading a segment that is still being written is
 * allowed: its unfinished record is not torn. -1 when a file is no segment; a folder's other segments are
 * read all the same. */
int spool_read(const char *path, void (*each)(void *to, const struct event *e), void *to,
               struct spool_read *result, struct diag *d);

/* How far an importer has read one segment. Zeros: not yet. */
struct spool_cursor {
    uint64_t at;   /* where the next record starts */
    bool finished; /* its writer is done with it, and all of it has been read */
};

/* Goes on with one segment, a file, for at most `limit` records, and moves the cursor behind what was read; a
 * record that is not committed yet stays for the next time. -1 when it is no segment, or the cursor is none of
 * its: nothing was read then. */
int spool_read_on(const char *path, struct spool_cursor *c, uint64_t limit,
                  void (*each)(void *to, const struct event *e), void *to, struct spool_read *result,
                  struct diag *d);

#endif
