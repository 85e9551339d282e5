/* The spool: where each process puts its events, to be imported later. A folder of segments, each a
 * preallocated, memory-mapped file that one process appends to (house 8): a record's commit word is written
 * last, so that a worker killed with -9 leaves whole records and at most one torn one, which readers skip and
 * count. A segment's writer holds a lock on it (flock): a segment that can be locked is finished.
 *
 * Layout: header {magic, version, size, node, boot id, created, sequence}, then records {u32 length, u32
 * check, event bytes, padding to 8, ...}; `length` is the commit word, stored last with release order; 0 =
 * nothing here yet. Files are named time-node-boot-pid-number.spool: sorted by name they are sorted by time,
 * and no name tells of a user. They never shrink and are never written again once finished; only the importer
 * deletes them. */
#ifndef RECORD_SPOOL_H
#define RECORD_SPOOL_H

#include "core/diag.h"
#include "record/event.h"

struct spool; /* one a process; spool_append may be called by all its threads (one mutex, no I/O under it but
                 the change of segment) */

enum { SPOOL_SEGMENT = 4 << 20, SPOOL_SEGMENT_MIN = 4096 };

struct spool_counts {
    uint64_t written,
        lost;  /* events; lost = disk full or no segment: counted and alarmed, the request is answered */
    int error; /* errno that the last segment could not be made for; 0 = it could */
};

/* Opens `folder` for writing by this process (after fork). Never creates the folder. `node` names this
 * machine in the segments (NULL = its host name); `segment` in bytes, 0 = SPOOL_SEGMENT. The first event
 * makes the first segment. */
int spool_open(const char *folder, const char *node, size_t segment, struct spool **s, struct diag *d);

/* 0, or -1 when the event is lost (it is counted). Sets e->sequence: events are numbered from 1 through the
 * life of the process, the lost ones too, so that a gap tells of them. Never blocks on the disk but to make a
 * segment; after one that could not be made it tries again once a second. */
int spool_append(struct spool *s, struct event *e);

struct spool_counts spool_counts(struct spool *s);

void spool_close(struct spool *s); /* unlocks: the segment is finished */

struct spool_read {
    uint64_t events;
    uint64_t torn; /* records skipped */
};

/* Calls `each` for every whole record of a segment file (or of all segments of a folder, oldest first); the
 * event lives until `each` returns. Adds to *result. Reading a segment that is still being written is
 * allowed: its unfinished record is not torn. -1 when a file is no segment; a folder's other segments are
 * read all the same. */
int spool_read(const char *path, void (*each)(void *to, const struct event *e), void *to,
               struct spool_read *result, struct diag *d);

#endif
