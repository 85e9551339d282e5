/* One segment of the spool in its writer's hands: all of the spool's file work, so that spool.c can show that
 * it does none with its lock held. The layout is spool_segment.h's. */
#ifndef RECORD_SEGMENT_H
#define RECORD_SEGMENT_H

#include "record/spool_segment.h"

#include <sys/types.h>
#include <time.h>

enum { SEGMENT_NAME = 160 };

/* Where a process writes, and as what; constant once the spool is open. */
struct segment_home {
    char *folder; /* its path: looked up anew for each segment, as it may be another one than at the last */
    size_t size; /* of each segment */
    char node[SEGMENT_NODE];
    char boot[SEGMENT_BOOT];
    unsigned char process[8];
};

/* Which one is to be made. */
struct segment_order {
    uint64_t number, first; /* no event before `first` will stand in it */
    uint64_t follows;       /* the number of the one before it; 0 = there is none */
};

/* Zeros: none. */
struct segment {
    unsigned char *base; /* mapped and set aside on the disk; NULL = none */
    size_t size, used;
    int fd; /* holds the lock */
    ino_t inode;
    uint64_t number;
    int32_t day; /* local, on which it was made */
    char name[SEGMENT_NAME];
};

/* Makes a segment, ready to be appended to. `named` is the time in the last one's name, zeros at first: names never go back, also when the clock is set
 * back. 0, or an errno and nothing is left behind. */
int segment_make(const struct segment_home *home, const struct segment_order *order, struct timespec *named,
                 struct segment *made);

/* Whether it is no longer in the spool's folder: removed, or moved away with it. File work. */
bool segment_gone(const struct segment_home *home, const struct segment *s);

/* Whether any event fits. */
bool segment_has_room(const struct segment *s);

/* Appends and commits. False: the event is too long for any segment. Room must be there. */
bool segment_append(struct segment *s, const struct event *e);

/* The writer's last word, after which the importer may take it. One that was never written to is taken off
 * the disk instead. Leaves none; of none it is nothing. */
void segment_finish(const struct segment_home *home, struct segment *s);

#endif
