/* registers/identities.csv as a file that the tool reads and adds to. The compiler's own reading of it is
 * registers_identities.c; both have the same columns. */
#ifndef COMPILE_IDENTITIES_H
#define COMPILE_IDENTITIES_H

#include "compile/csv.h"

enum identity_column {
    IDENTITY_PLATFORM = 0,
    IDENTITY_ACCOUNT,
    IDENTITY_PROFILE,
    IDENTITY_USER,
    IDENTITY_DIGEST,
    IDENTITY_KEY,
    IDENTITY_ENROLLED_ON,
    IDENTITY_CONFIRMED_BY,
    IDENTITY_CONFIRMED_ON,
    IDENTITY_NOTE,
    IDENTITY_COLUMNS
};

extern const struct csv_column identity_columns[IDENTITY_COLUMNS];

/* One row's cells, n = 0 where empty, and its number as spreadsheets count. */
struct identity_cells {
    struct str cells[IDENTITY_COLUMNS];
    unsigned number;
};

/* Calls `take` for each row; its slices die when it returns. -1 with messages when the text is no such
 * register. */
int identities_read(struct str file, struct str text,
                    void (*take)(void *to, const struct identity_cells *row), void *to, struct diag *d);

/* The text (UTF-8; empty: a new register) with `n` rows added at its end, under its own headings, in its own
 * order of columns and with its own separator and ends of lines. Nothing that stood there is changed. *made
 * is malloc'ed and the caller's. -1 with a message. */
int identities_add(struct str file, struct str text, const struct identity_cells *rows, size_t n,
                   struct str *made, struct diag *d);

#endif
