/* What the two halves of anchor.h share. */
#ifndef RECORD_ANCHOR_INTERNAL_H
#define RECORD_ANCHOR_INTERNAL_H

#include "record/anchor.h"

#include <dirent.h>

enum { ANCHOR_PATH = 4096, ANCHOR_NAME = 160, ANCHOR_DATE = 11 };

/* A segment in a spool, as it was anchored last. */
struct anchored {
    char name[ANCHOR_NAME];
    struct chain_head head;
    bool seen; /* in this look */
};

struct anchor {
    struct anchor_how how;
    struct anchored *known;
    size_t n, room;
    int32_t rooted; /* the last day that has a root; INT32_MIN: none has */
    struct ledger_head roots;
};

/* "2026-12-01" and a NUL. */
void anchor_date(int32_t day, char to[ANCHOR_DATE]);

/* RECORD/days/DATE/NAME (NULL: the folder). -1 with a message. */
int anchor_day_path(const struct anchor *a, int32_t day, const char *name, char path[ANCHOR_PATH],
                    struct diag *d);

/* Makes the day's folder where it is missing. */
int anchor_day_make(const struct anchor *a, int32_t day, struct diag *d);

/* The day whose anchors are written: never one that has its root, also when the clock is set back. */
int32_t anchor_today(const struct anchor *a, int64_t now);

/* The day that a segment goes to. */
int32_t anchor_day_of(const struct anchor *a, const struct segment_header *h, int64_t now);

/* Begins an addition to the day's anchors. */
int anchor_list(const struct anchor *a, int32_t day, struct ledger **l, struct diag *d);
void anchor_put(struct ledger *l, int64_t now, const char *word, const char *segment,
                const struct chain_segment *s);

/* The segments of a folder by name; freed by the caller, one by one and as a whole. -1: cannot be listed. */
int anchor_segments(const char *folder, struct dirent ***names);

struct anchored *anchor_find(struct anchor *a, const char *name);

/* What a day's folder holds: what its root says. */
struct anchor_day {
    uint64_t segments, records;
    unsigned char digest[CHAIN_HASH], anchors[CHAIN_HASH];
};

/* All but `anchors`. */
int anchor_sum(const char *folder, struct anchor_day *day, struct diag *d);

/* Whatever lies in the spools of days up to `day` is kept, then the day has its root. */
int anchor_root(struct anchor *a, int32_t day, int64_t now, struct diag *d);

#endif
