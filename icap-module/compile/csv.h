/* Registers as spreadsheets save them: rows of cells under a row of headings, columns in any order. A layer
 * over libcsv that knows where in the file it is, maps columns by their headings and checks what a cell may
 * hold. portreeve.registers(5) says what is read and what is refused.
 *
 * The text is UTF-8 (encoding_to_utf8 makes it so). Cells are separated by commas, or by ';' or tabs where
 * the headings are found with those and not with commas. Up to ten rows above the headings are passed over,
 * and a note says so; so are rows that repeat the headings exactly. Cells come without blank and invisible
 * characters at both ends. */
#ifndef COMPILE_CSV_H
#define COMPILE_CSV_H

#include "core/diag.h"

enum { CSV_COLUMNS_MAX = 24 };

/* What is written in a column, and thus what spreadsheets may have made of it. */
enum csv_kind {
    CSV_WORDS, /* compared with something: nothing invisible, no formula; an apostrophe in front is dropped */
    CSV_ACCOUNTS, /* the same, but the apostrophe stays: it says that a number is as it should be */
    CSV_PROSE     /* for people: anything */
};

struct csv_column {
    const char *name; /* lower case, '_' between words */
    bool needed;      /* the file must have it; a cell of it may still be empty */
    enum csv_kind kind;
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
    unsigned number;            /* as a spreadsheet shows it: there a cell may have several lines */
    char delimiter;
    struct str file;
    struct str source; /* that line */
    const struct csv_sheet *sheet;
    unsigned places[CSV_COLUMNS_MAX]; /* which cell of the line, from 0; for messages */
    struct diag *d;
};

/* Reads a whole register. 0, or -1 when an error was added to `d`, here or by `take`; the rows after a bad
 * one are still read. */
int csv_read(const struct csv_sheet *sheet, struct str file, struct str text, void *to, struct diag *d);

/* Adds "row N, column 'NAME': " and a text made as by printf, as an error at that cell. */
void csv_wrong(const struct csv_row *row, unsigned column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same as a warning: the row is read all the same. */
void csv_doubt(const struct csv_row *row, unsigned column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The names among which a cell's word was not found. */
struct csv_choice {
    const char *what; /* "platform" */
    const char *const *names;
    size_t n;
};

/* "row N, column 'NAME': unknown WHAT 'VALUE': did you mean 'NEAREST'?", or the names when they are few. */
void csv_unknown(const struct csv_row *row, unsigned column, struct str value,
                 const struct csv_choice *choice);

/* The line "sep=;" with which Excel says what separates cells, its end included, when the text begins with
 * one.
 */
struct str csv_separator_line(struct str text);

/* Cuts the next word off a list inside a cell (separated by blanks, ';' or ','); false when there is none
 * left. */
bool csv_word(struct str *list, struct str *word);

#endif
