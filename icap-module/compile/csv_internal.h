/* What csv*.c share; nobody else includes this. */
#ifndef COMPILE_CSV_INTERNAL_H
#define COMPILE_CSV_INTERNAL_H

#include "compile/csv.h"
#include "compile/csv_rows.h"

#include <stdarg.h>

enum { CSV_NO_COLUMN = CSV_COLUMNS_MAX, CSV_PASSED_MAX = 10 /* rows above the headings */ };

/* How a file is to be read: found by looking at its first rows. */
struct csv_view {
    char delimiter;
    size_t at; /* the heading row, or the one that is most like one */
    unsigned line, number;
    bool headed;                   /* that row has all the columns that are needed and no other */
    unsigned passed, first_passed; /* rows above it that were passed over, and the number of the first */
    unsigned known;                /* columns of the sheet in the heading row */
};

/* 0, or -1 without memory. A file without any row has known = 0 and at = 0. */
int csv_find_headings(const struct csv_sheet *sheet, struct str text, struct csv_view *view);

/* What the cells of a row are as headings. */
struct csv_headings {
    unsigned columns[CSV_CELLS_MAX]; /* by cell: which column of the sheet, or CSV_NO_COLUMN */
    unsigned n;                      /* cells */
    unsigned known, unknown, twice;  /* columns named, cells that name none, cells that name one again */
    unsigned missing;                /* columns that are needed and not there */
};

void csv_headings(const struct csv_sheet *sheet, const struct csv_rows *row, struct csv_headings *h);

/* The column that a cell names, or CSV_NO_COLUMN. */
unsigned csv_column_of(const struct csv_sheet *sheet, struct str heading);

/* Ends a message: the row in front, the text made as by vprintf with what would break the message made
 * visible. `line` and `number` as in struct csv_rows; number 0 = about no row. */
struct csv_about {
    struct str source;
    unsigned line, number;
    const char *column; /* or NULL */
};
void csv_say(struct message *m, const struct csv_about *about, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

#endif
