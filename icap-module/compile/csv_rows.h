/* Bytes to rows of cells: libcsv, with the places in the file that it does not know. Used by csv*.c only. */
#ifndef COMPILE_CSV_ROWS_H
#define COMPILE_CSV_ROWS_H

#include "core/str.h"

#include <csv.h>

enum { CSV_CELLS_MAX = 128 };

/* What csv_rows_next came to. After CSV_BAD_QUOTE the row after it can be read. */
enum csv_step { CSV_ROW, CSV_BAD_QUOTE, CSV_NO_QUOTE, CSV_NO_MEMORY, CSV_DONE };

struct csv_rows {
    /* The row that was read last: */
    struct str cells[CSV_CELLS_MAX]; /* as they stand in the file; until the next csv_rows_next */
    unsigned n;
    bool too_many;     /* a cell beyond the last of them is not empty */
    unsigned line;     /* of the file, where the row begins; from 1 */
    unsigned number;   /* as the spreadsheet counts rows, where a cell may have several lines; from 1 */
    struct str source; /* that line */
    size_t at;         /* its place in the text */
    /* For csv_rows.c: */
    struct str text, rest;
    unsigned next_line, next_number;
    struct csv_parser parser;
    char *bytes;
    size_t n_bytes, size, ends[CSV_CELLS_MAX];
    bool row_ended, no_memory;
};

/* Begins at the row that stands at byte `at` of the text, on that line and of that number; 0 = the first. -1
 * without memory. */
int csv_rows_begin(struct csv_rows *r, struct str text, char delimiter);
void csv_rows_seek(struct csv_rows *r, size_t at, unsigned line, unsigned number);
void csv_rows_end(struct csv_rows *r);

/* The next row in which there is anything; empty lines are counted and passed over. */
enum csv_step csv_rows_next(struct csv_rows *r);

#endif
