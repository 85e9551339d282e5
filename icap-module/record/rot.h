/* How much of a platform's requests its map does not know, counted by all children of c-icap in one small
 * file that they share (mapped, of a fixed size, set aside on the disk before it is used), and that
 * `portreeve status` reads. It holds platform ids, versions of maps and numbers: no person, no host, no name
 * of an operation.
 *
 * A platform has one slot for each version of its map, so that a new map is not blamed for the old one's
 * gaps; a slot has a window for this week and one for the last, so that what changed today is not lost in the
 * numbers of a year. A child that is killed loses nothing that it had counted. */
#ifndef RECORD_ROT_H
#define RECORD_ROT_H

#include "core/diag.h"
#include "core/words.h"

enum { ROT_SLOTS = 512, ROT_ID = 40, ROT_VERSION = 24, ROT_WEEK = 7 * 24 * 3600 };

#define ROT_FILE "portreeve.rot" /* its name in the spool's folder */

struct rot_file; /* a process's view of the file */
struct rot_slot;

/* What one request adds. */
struct rot_seen {
    bool tunnel;          /* a CONNECT: only its host is known */
    uint32_t looked, rot; /* as in struct classification */
};

struct rot_counts {
    uint64_t requests, tunnels;
    uint64_t looked[ROT_COUNT]; /* what could be met ... */
    uint64_t met[ROT_COUNT];    /* ... and was */
};

/* Opens the file for counting, or makes it (mode 0640; never through a symbolic link). One that is damaged,
 * of another version or nearly full is begun anew, unless another process counts in it. -1 with a message. */
int rot_open(const char *path, struct rot_file **f, struct diag *d);

/* The file of that name is this one; so it is held to be where that cannot be told. */
bool rot_is_at(const struct rot_file *f, const char *path);

/* Nobody may count in it any more. NULL is allowed. */
void rot_close(struct rot_file *f);

/* The slot of a platform with that version of its map (cut off at ROT_VERSION), made when it is not there
 * yet; NULL when the id is too long or all slots are taken. It lives as long as `f`. From any thread. */
struct rot_slot *rot_slot(struct rot_file *f, struct str id, struct str version);

/* Some ten instructions and no system call; from any thread of any process. `now`: seconds since 1970. */
void rot_add(struct rot_slot *slot, const struct rot_seen *seen, int64_t now);

/* The counts of this week and the last, of a file that is being counted in or not; a platform that is not in
 * it has none. -1 with a message when it cannot be read. The table is the caller's: rot_table_free. */
struct rot_table;
int rot_read(const char *path, struct rot_table **t, struct diag *d);
struct rot_counts rot_of(const struct rot_table *t, struct str id, struct str version, int64_t now);
void rot_table_free(struct rot_table *t);

#endif
