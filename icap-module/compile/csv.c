#include "compile/csv_internal.h"

#include "compile/encoding.h"
#include "compile/utf8.h"

#include <stdio.h>

struct reader {
    const struct csv_sheet *sheet;
    void *to;
    struct diag *d;
    struct str file, text;
    struct csv_view view;
    struct csv_rows rows;
    struct csv_headings headings;
    const char *not_utf8; /* looked up at the first cell that is not */
    unsigned repeats, first_repeat;
};

/* A message about the row at hand as such. */
static void __attribute__((format(printf, 3, 4)))
say(struct reader *r, enum severity severity, const char *format, ...)
{
    const struct csv_about about = {utf8_trim(r->rows.source), r->rows.line, r->rows.number, NULL};
    struct message *m = diag_at(r->d, severity, r->file, r->rows.line, 0);
    va_list args;

    if (!m)
        return;
    va_start(args, format);
    csv_say(m, &about, format, args);
    va_end(args);
}

/* A message about the file. */
static void __attribute__((format(printf, 3, 4)))
say_file(struct reader *r, enum severity severity, const char *format, ...)
{
    const struct csv_about about = {STR_NONE, 0, 0, NULL};
    struct message *m = diag_at(r->d, severity, r->file, 0, 0);
    va_list args;

    if (!m)
        return;
    va_start(args, format);
    csv_say(m, &about, format, args);
    va_end(args);
}

/* "cell with a comma in it" */
static const char *delimiter_name(char delimiter)
{
    return delimiter == ',' ? "comma" : delimiter == ';' ? "semicolon" : "tab";
}

static void unknown_heading(struct reader *r, struct str heading)
{
    const char *names[CSV_COLUMNS_MAX];
    const char *nearest;

    for (unsigned i = 0; i < r->sheet->n; i++)
        names[i] = r->sheet->columns[i].name;
    nearest = diag_nearest(heading, names, r->sheet->n);
    if (nearest)
        say(r, SEVERITY_ERROR, "unknown column '%.*s': did you mean '%s'?", STR_ARG(heading), nearest);
    else
        say(r, SEVERITY_ERROR, "unknown column '%.*s': portreeve.registers(5) lists the columns",
            STR_ARG(heading));
}

static void missing_columns(struct reader *r)
{
    bool seen[CSV_COLUMNS_MAX + 1] = {false};

    for (unsigned i = 0; i < r->headings.n; i++)
        seen[r->headings.columns[i]] = true;
    for (unsigned i = 0; i < r->sheet->n; i++)
        if (r->sheet->columns[i].needed && !seen[i])
            say(r, SEVERITY_ERROR, "there is no column '%s': %s", r->sheet->columns[i].name,
                r->view.known ? "these are taken for the headings, as no other of the first rows is nearer"
                              : "the first row of the file names the columns");
}

/* Says what is wrong with the row that is most like headings; false when nothing below it can be read. */
static bool explain_headings(struct reader *r)
{
    bool seen[CSV_COLUMNS_MAX + 1] = {false};

    for (unsigned i = 0; i < r->headings.n; i++) {
        struct str heading = utf8_trim(r->rows.cells[i]);
        unsigned column = r->headings.columns[i];

        if (heading.n && column == CSV_NO_COLUMN)
            unknown_heading(r, heading);
        else if (heading.n && seen[column])
            say(r, SEVERITY_ERROR, "two columns are called '%.*s'", STR_ARG(heading));
        seen[column] = true;
    }
    if (!r->headings.unknown) /* else it is most likely the misspelt one */
        missing_columns(r);
    return r->headings.missing == 0;
}

static void say_passed(struct reader *r)
{
    if (r->view.passed == 1)
        say(r, SEVERITY_NOTE, "these are the headings; row %u above them is passed over",
            r->view.first_passed);
    else if (r->view.passed)
        say(r, SEVERITY_NOTE, "these are the headings; the %u rows above them, from row %u, are passed over",
            r->view.passed, r->view.first_passed);
}

/* What spreadsheets leave where a value should be, or NULL. */
static const char *leftover(struct str cell)
{
    static const char *const faults[] = {"#N/A", "#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"};
    size_t n = 0;

    while (n < cell.n && cell.p[n] == '#')
        n++;
    if (n > 1 && n == cell.n)
        return "is what a spreadsheet shows when a column is too narrow: widen it and save again";
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (str_ieq(cell, str_of(faults[i])))
            return "is a spreadsheet's word for a formula that failed: write what should stand here";
    if (cell.p[0] == '=')
        return "is a formula: write what it gives";
    return NULL;
}

/* What is compared with something must be what it seems to be; false with an error. */
static bool plain(struct csv_row *row, unsigned column, struct str *cell)
{
    uint32_t code = 0;
    size_t at = utf8_find_hidden(*cell, &code);
    const char *problem = leftover(*cell);

    if (at < cell->n) {
        csv_wrong(row, column, "there is %s (U+%04X), which nobody sees, after '%.*s': type the cell again",
                  utf8_name(code), (unsigned)code, STR_ARG(str_upto(*cell, at)));
        return false;
    }
    if (problem) {
        csv_wrong(row, column, "'%.*s' %s", STR_ARG(*cell), problem);
        return false;
    }
    if (row->sheet->columns[column].kind == CSV_WORDS && cell->n > 1 && cell->p[0] == '\'')
        *cell = utf8_trim(str_from(*cell, 1));
    return true;
}

/* Bytes that no text holds; false with an error. */
static bool is_text(struct reader *r, struct csv_row *row, unsigned column, struct str cell)
{
    if (utf8_bad(cell) < cell.n) {
        if (!r->not_utf8)
            r->not_utf8 = encoding_problem(r->text);
        csv_wrong(row, column, "%s: save the sheet as \"CSV UTF-8\"", r->not_utf8);
        return false;
    }
    for (size_t i = 0; i < cell.n; i++) {
        unsigned char c = (unsigned char)cell.p[i];

        if (c >= 0x20 ? c != 0x7f : c == '\t' || c == '\n' || c == '\r')
            continue;
        csv_wrong(row, column, "%s: save the sheet as \"CSV UTF-8\"",
                  c ? "a control character" : "a NUL byte");
        return false;
    }
    return true;
}

/* Puts a cell into its column; false, with an error, when it has none or holds what it cannot. */
static bool place_cell(struct reader *r, struct csv_row *row, unsigned i, struct str cell)
{
    unsigned column = i < r->headings.n ? r->headings.columns[i] : (unsigned)CSV_NO_COLUMN;

    if (column == CSV_NO_COLUMN) {
        if (r->headings.unknown) /* said once, at the headings */
            return true;
        say(r, SEVERITY_ERROR, "'%.*s' stands under no heading: a cell with a %s in it needs \"quotes\"",
            STR_ARG(cell), delimiter_name(r->view.delimiter));
        return false;
    }
    row->places[column] = i;
    if (!is_text(r, row, column, cell) ||
        (row->sheet->columns[column].kind != CSV_PROSE && !plain(row, column, &cell)))
        return false;
    row->cells[column] = cell;
    return true;
}

/* Printed sheets that were put together repeat their headings. True when this row is no row of data. */
static bool headings_again(struct reader *r)
{
    struct csv_headings h;

    if (csv_column_of(r->sheet, utf8_trim(r->rows.cells[0])) == CSV_NO_COLUMN &&
        r->headings.columns[0] != CSV_NO_COLUMN) /* nearly every row ends here */
        return false;
    csv_headings(r->sheet, &r->rows, &h);
    if (h.unknown || h.known == 0 || h.known + h.twice < (r->headings.known > 1 ? 2 : 1))
        return false;
    for (unsigned i = 0; i < h.n || i < r->headings.n; i++) {
        unsigned was = i < r->headings.n ? r->headings.columns[i] : (unsigned)CSV_NO_COLUMN;
        unsigned is = i < h.n ? h.columns[i] : (unsigned)CSV_NO_COLUMN;

        if (was != is && !r->view.headed)
            return true; /* the headings above had a mistake, which was told */
        if (was != is) {
            say(r, SEVERITY_ERROR,
                "these are headings, but others than in row %u: a register has one row of headings",
                r->view.number);
            return true;
        }
    }
    r->first_repeat = r->repeats++ ? r->first_repeat : r->rows.number;
    return true;
}

static void take_row(struct reader *r)
{
    struct csv_row row = {.line = r->rows.line,
                          .number = r->rows.number,
                          .delimiter = r->view.delimiter,
                          .file = r->file,
                          .source = utf8_trim(r->rows.source),
                          .sheet = r->sheet,
                          .d = r->d};
    bool empty = true, sound = true;

    if (r->rows.too_many) {
        say(r, SEVERITY_ERROR, "more than %d cells in a row", CSV_CELLS_MAX);
        return;
    }
    if (r->rows.n == 0 || headings_again(r))
        return;
    for (unsigned i = 0; i < r->rows.n; i++) {
        struct str cell = utf8_trim(r->rows.cells[i]);

        if (!cell.n)
            continue;
        empty = false;
        if (!place_cell(r, &row, i, cell))
            sound = false;
    }
    if (!empty && sound)
        r->sheet->take(&row, r->to);
}

/* The next row that is one; false at the end, and where nothing more can be read. */
static bool next_row(struct reader *r, bool *faulty)
{
    *faulty = false;
    switch (csv_rows_next(&r->rows)) {
    case CSV_ROW:
        return true;
    case CSV_BAD_QUOTE:
        *faulty = true;
        say(r, SEVERITY_ERROR,
            "a quotation mark where none can be: a cell is quoted from its first to its last character, and "
            "a quotation mark in it is written twice");
        return true;
    case CSV_NO_QUOTE:
        say(r, SEVERITY_ERROR, "a quoted cell of this row has no end: put the closing quotation mark");
        return false;
    case CSV_NO_MEMORY:
        say_file(r, SEVERITY_ERROR, "out of memory");
        return false;
    case CSV_DONE:
        break;
    }
    return false;
}

static void read_rows(struct reader *r)
{
    bool faulty;

    while (next_row(r, &faulty))
        if (!faulty)
            take_row(r);
    if (r->repeats)
        say_file(r, SEVERITY_NOTE, "the headings are repeated %u time(s), first in row %u: passed over",
                 r->repeats, r->first_repeat);
}

static void read_sheet(struct reader *r)
{
    bool faulty;
    unsigned errors = r->d->errors;

    if (!next_row(r, &faulty)) {
        if (r->d->errors == errors)
            say_file(r, SEVERITY_ERROR, "the file is empty: its first row names the columns");
        return;
    }
    if (faulty)
        return;
    csv_headings(r->sheet, &r->rows, &r->headings);
    if (r->view.headed)
        say_passed(r);
    if (r->view.headed || explain_headings(r))
        read_rows(r);
}

int csv_read(const struct csv_sheet *sheet, struct str file, struct str text, void *to, struct diag *d)
{
    struct reader r = {.sheet = sheet, .to = to, .d = d, .file = file, .text = text};
    struct str separator = csv_separator_line(text);
    unsigned errors = d->errors;

    if (separator.n && !memchr(",;\t", separator.p[4], 3)) {
        say_file(&r, SEVERITY_ERROR, "'%.*s' says what separates cells: only ',', ';' and tabs are read",
                 STR_ARG(str_upto(separator, 5)));
        return -1;
    }
    if (csv_find_headings(sheet, text, &r.view) || csv_rows_begin(&r.rows, text, r.view.delimiter))
        return diag_error(d, "out of memory", NULL, NULL);
    csv_rows_seek(&r.rows, r.view.at, r.view.line, r.view.number);
    read_sheet(&r);
    csv_rows_end(&r.rows);
    return d->errors == errors ? 0 : -1;
}
