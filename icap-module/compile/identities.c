#include "compile/identities.h"

#include "compile/csv_internal.h"
#include "compile/writing.h"

#include <stdlib.h>

const struct csv_column identity_columns[IDENTITY_COLUMNS] = {
    [IDENTITY_PLATFORM] = {"platform", true, CSV_WORDS},
    [IDENTITY_ACCOUNT] = {"account", true, CSV_ACCOUNTS},
    [IDENTITY_PROFILE] = {"profile", true, CSV_WORDS},
    [IDENTITY_USER] = {"user", true, CSV_WORDS},
    [IDENTITY_DIGEST] = {"digest", true, CSV_WORDS},
    [IDENTITY_KEY] = {"key", true, CSV_WORDS},
    [IDENTITY_ENROLLED_ON] = {"enrolled_on", false, CSV_WORDS},
    [IDENTITY_CONFIRMED_BY] = {"confirmed_by", true, CSV_WORDS},
    [IDENTITY_CONFIRMED_ON] = {"confirmed_on", true, CSV_WORDS},
    [IDENTITY_NOTE] = {"note", false, CSV_PROSE},
};

struct taker {
    void (*take)(void *to, const struct identity_cells *row);
    void *to;
};

static void take_row(const struct csv_row *row, void *to)
{
    const struct taker *t = to;
    struct identity_cells cells = {.number = row->number};

    memcpy(cells.cells, row->cells, sizeof cells.cells);
    t->take(t->to, &cells);
}

static const struct csv_sheet sheet = {identity_columns, IDENTITY_COLUMNS, take_row};

int identities_read(struct str file, struct str text,
                    void (*take)(void *to, const struct identity_cells *row), void *to, struct diag *d)
{
    struct taker taker = {take, to};

    return csv_read(&sheet, file, text, &taker, d);
}

static void put_cell(struct writing *w, struct str cell, char delimiter)
{
    bool quoted = false;

    for (size_t i = 0; i < cell.n; i++)
        quoted |= cell.p[i] == delimiter || strchr("\"\r\n", (int)cell.p[i]);
    writing_put(w, quoted ? STR("\"") : STR_NONE);
    for (size_t i = 0; i < cell.n; i++) {
        writing_put(w, cell.p[i] == '"' ? STR("\"") : STR_NONE);
        writing_put(w, str_upto(str_from(cell, i), 1));
    }
    writing_put(w, quoted ? STR("\"") : STR_NONE);
}

/* How the register is written: its separator, and which column each cell of a row is in. */
struct layout {
    char delimiter;
    struct csv_headings headings;
    struct str line_end;
};

static void put_row(struct writing *w, const struct layout *l, const struct identity_cells *row)
{
    for (unsigned i = 0; i < l->headings.n; i++) {
        unsigned column = l->headings.columns[i];

        writing_put(w, i ? (struct str){&l->delimiter, 1} : STR_NONE);
        if (column < IDENTITY_COLUMNS)
            put_cell(w, row->cells[column], l->delimiter);
    }
    writing_put(w, l->line_end);
}

static void put_all(struct writing *w, const struct layout *l, struct str text,
                    const struct identity_cells *rows, size_t n)
{
    writing_put(w, text);
    if (text.n && text.p[text.n - 1] != '\n' && text.p[text.n - 1] != '\r')
        writing_put(w, l->line_end);
    if (text.n == 0)
        for (unsigned i = 0; i < IDENTITY_COLUMNS; i++) {
            writing_put(w, i ? STR(",") : STR_NONE);
            writing_put(w, str_of(identity_columns[i].name));
        }
    if (text.n == 0)
        writing_put(w, l->line_end);
    for (size_t i = 0; i < n; i++)
        put_row(w, l, &rows[i]);
}

/* -1 without memory. */
static int find_layout(struct str text, struct layout *l)
{
    struct csv_view view;
    struct csv_rows rows;
    int result = -1;

    if (csv_find_headings(&sheet, text, &view) || csv_rows_begin(&rows, text, view.delimiter))
        return -1;
    csv_rows_seek(&rows, view.at, view.line, view.number);
    l->delimiter = view.delimiter;
    if (csv_rows_next(&rows) == CSV_ROW) {
        csv_headings(&sheet, &rows, &l->headings);
        result = 0;
    }
    csv_rows_end(&rows);
    return result;
}

static void count_row(void *to, const struct identity_cells *row)
{
    (void)row;
    ++*(size_t *)to;
}

/* What was made reads as what it was made of. */
static int prove(struct str file, struct str before, size_t n, struct str made, struct diag *d)
{
    size_t had = 0, has = 0;

    if (before.n && identities_read(file, before, count_row, &had, d) != 0)
        return -1;
    if (identities_read(file, made, count_row, &has, d) != 0)
        return -1;
    if (has == had + n)
        return 0;
    return diag_error(
        d,
        "rows added to the register would not be read back: end its last row, and see that no quoted cell "
        "is open",
        NULL, NULL);
}

int identities_add(struct str file, struct str text, const struct identity_cells *rows, size_t n,
                   struct str *made, struct diag *d)
{
    struct layout l = {.delimiter = ',', .headings = {.n = IDENTITY_COLUMNS}, .line_end = STR("\n")};
    struct writing w = {NULL, 0};
    size_t had = 0;

    *made = STR_NONE;
    for (unsigned i = 0; i < IDENTITY_COLUMNS; i++)
        l.headings.columns[i] = i;
    if (text.n && identities_read(file, text, count_row, &had, d) != 0)
        return -1;
    if (text.n && find_layout(text, &l) != 0)
        return diag_error(d, "there is not enough memory to read the register", NULL, NULL);
    if (text.n && memmem(text.p, text.n, "\r\n", 2))
        l.line_end = STR("\r\n");
    put_all(&w, &l, text, rows, n);
    w.p = malloc(w.n + 1);
    if (!w.p)
        return diag_error(d, "there is not enough memory to write the register", NULL, NULL);
    w.n = 0;
    put_all(&w, &l, text, rows, n);
    w.p[w.n] = '\0';
    if (prove(file, text, n, (struct str){w.p, w.n}, d) != 0) {
        free(w.p);
        return -1;
    }
    *made = (struct str){w.p, w.n};
    return 0;
}
