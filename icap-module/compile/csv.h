/* Registers as spreadsheets save them: rows of cells under a header row, columns in any order. A thin layer
 * over libcsv that knows where in the file it is, maps columns by their headings and checks what a cell may
 * hold.
 *
 * Allowed: a byte order mark, CRLF or LF, quoted cells, empty rows, columns without heading and content.
 * Headings compare without case; blank, '-' and '_' are alike. Cells come without blanks at both ends. */
#ifndef COMPILE_CSV_H
#define COMPILE_CSV_H

#include "compile/utf8.h"
#include "core/diag.h"

enum { CSV_COLUMNS_MAX = 24 };

struct csv_column {
    const char *name; /* lower case, '_' between words */
    bool needed;      /* the file must have it; a cell of it may still be empty */
};

struct csv_row;

/* What a register looks like, and who takes its rows: every row below the header that is not empty and
 * well-formed. */
struct csv_sheet {
    const struct csv_column *columns;
    unsigned n; /* <= CSV_COLUMNS_MAX */
    void (*take)(const struct csv_row *row, void *to);
};

/* One row while it is at hand; everything in it dies when the row function returns. */
struct csv_row {
    struct str
        cells[CSV_COLUMNS_MAX]; /* in the sheet's order; n = 0: empty, or the file has no such column */
    unsigned line;              /* of the file, where the row begins; from 1 */
    struct str file;
    struct str source; /* that line */
    const struct csv_sheet *sheet;
    unsigned places[CSV_COLUMNS_MAX]; /* which cell of the line, from 0; for messages */
    struct diag *d;
};

/* Reads a whole register. 0, or -1 when an error was added to `d`, here or by `take`; the rows after a bad
 * one are still read. */
int csv_read(const struct csv_sheet *sheet, struct str file, struct str text, void *to, struct diag *d);

/* Adds "column 'NAME': " and a text made as by printf, as an error at that cell. */
void csv_wrong(const struct csv_row *row, unsigned column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The names among which a cell's word was not found. */
struct csv_choice {
    const char *what; /* "platform" */
    const char *const *names;
    size_t n;
};

/* "column 'NAME': unknown WHAT 'VALUE': did you mean 'NEAREST'?", or the names when they are few. */
void csv_unknown(const struct csv_row *row, unsigned column, struct str value,
                 const struct csv_choice *choice);

/* Cuts the next word off a list inside a cell (separated by blanks, ';' or ','); false when there is none
 * left. */
bool csv_word(struct str *list, struct str *word);

#endif
