/* Rows of shifts.csv to rotas. On a day that several rows of one person (or group) cover, those hold that
 * begin latest, and of these those that end first: so a row for one day stands over the pattern of the year,
 * and a new pattern needs no end of the old one. */
#ifndef COMPILE_SHIFTS_H
#define COMPILE_SHIFTS_H

#include "compile/build.h"

enum { SHIFT_SPANS = 8, SHIFT_FOR_EVER = 2932896 /* 9999-12-31 */ };

/* One row. */
struct shift {
    struct a_str user; /* or n = 0 and */
    struct str name;   /* the user's, for sorting */
    uint32_t group;
    uint32_t first, last; /* days since 1970 */
    uint32_t days, cycle, phase, region;
    struct a_window windows[SHIFT_SPANS];
    uint32_t n;
    uint32_t before; /* the row before it of the same subject, or NO_INDEX */
    unsigned number, line;
};

/* All rows; zeros to begin with. */
struct shift_rows {
    struct shift *p;
    uint32_t n, room;
    uint32_t *slots; /* by subject: its last row + 1 */
    uint32_t size, used;
    bool no_memory;
};

/* The last row so far of the same subject, or NO_INDEX. */
uint32_t shifts_last(const struct shift_rows *s, const struct shift *like);
void shifts_add(struct shift_rows *s, const struct shift *shift);

/* Writes ROTAS, PERIODS and their WINDOWS: users by name, then groups. */
void shifts_build(struct shift_rows *s, struct builder *b, struct str file);
void shifts_free(struct shift_rows *s);

#endif
