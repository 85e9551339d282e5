#include "compile/csv.h"

#include <csv.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { CELLS_MAX = 128, NO_COLUMN = CSV_COLUMNS_MAX };

struct reader {
    const struct csv_sheet *sheet;
    void *to;
    struct diag *d;
    struct csv_parser parser;
    struct str file, source;
    unsigned line, row_line;
    bool between_rows;           /* the next byte begins a row */
    bool headed;                 /* the header row was read, well or badly */
    bool stopped;                /* without a usable header, or without memory, the rest cannot be read */
    unsigned columns[CELLS_MAX]; /* by cell: which column of the sheet */
    unsigned n_headings;
    bool unknown_headings;
    char *bytes; /* the cells of the row, one behind the other */
    size_t n_bytes, size;
    size_t ends[CELLS_MAX];
    unsigned n_cells;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Blanks at both ends go, also the no-break space (U+00A0) that comes with text pasted from web pages. */
static struct str trim(struct str s)
{
    size_t n = 0;

    while (s.n && (n = is_blank(s.p[0]) ? 1 : s.n > 1 && memcmp(s.p, "\xc2\xa0", 2) == 0 ? 2 : 0))
        s = str_from(s, n);
    while (s.n && (n = is_blank(s.p[s.n - 1])                                 ? 1
                       : s.n > 1 && memcmp(s.p + s.n - 2, "\xc2\xa0", 2) == 0 ? 2
                                                                              : 0))
        s.n -= n;
    return s;
}

bool csv_word(struct str *list, struct str *word)
{
    size_t n = 0;

    while (list->n && (is_blank(list->p[0]) || list->p[0] == ';' || list->p[0] == ','))
        *list = str_from(*list, 1);
    while (n < list->n && !is_blank(list->p[n]) && list->p[n] != ';' && list->p[n] != ',')
        n++;
    *word = str_upto(*list, n);
    *list = str_from(*list, n);
    return n > 0;
}

/* Byte of the line, from 1, at which its n-th cell begins; 0 when the row goes over several lines. */
static unsigned byte_of(struct str line, unsigned cell)
{
    bool quoted = false;

    for (size_t i = 0; i < line.n; i++) {
        if (cell == 0 && line.p[i] != ' ')
            return (unsigned)i + 1;
        if (line.p[i] == '"')
            quoted = !quoted;
        else if (line.p[i] == ',' && !quoted)
            cell--;
    }
    return 0;
}

/* Line breaks inside a cell would break the message: diag_copy makes them visible. */
static void __attribute__((format(printf, 4, 0)))
say(struct message *m, struct str source, const char *prefix, const char *format, va_list args)
{
    char text[DIAG_TEXT];
    int n = snprintf(text, sizeof text, "%s", prefix);

    vsnprintf(text + n, sizeof text - (size_t)n, format, args);
    diag_copy(m->source, sizeof m->source, source);
    diag_copy(m->text, sizeof m->text, str_of(text));
}

void csv_wrong(const struct csv_row *row, unsigned column, const char *format, ...)
{
    unsigned at = byte_of(row->source, row->places[column]);
    struct message *m = diag_at(row->d, SEVERITY_ERROR, row->file, row->line, at);
    char prefix[64];
    va_list args;

    if (!m)
        return;
    snprintf(prefix, sizeof prefix, "column '%s': ", row->sheet->columns[column].name);
    va_start(args, format);
    say(m, row->source, prefix, format, args);
    va_end(args);
}

void csv_unknown(const struct csv_row *row, unsigned column, struct str value,
                 const struct csv_choice *choice)
{
    const char *nearest;
    char list[200];
    int n = 0;

    if (row->d->n == DIAG_MAX) { /* only counted: the search is long where names are many */
        csv_wrong(row, column, "unknown");
        return;
    }
    nearest = diag_nearest(value, choice->names, choice->n);
    if (nearest) {
        csv_wrong(row, column, "unknown %s '%.*s': did you mean '%s'?", choice->what, STR_ARG(value),
                  nearest);
        return;
    }
    list[0] = '\0';
    for (size_t i = 0; i < choice->n && n >= 0 && (size_t)n < sizeof list; i++)
        n += snprintf(list + n, sizeof list - (size_t)n, "%s%s", i ? ", " : ": there is ", choice->names[i]);
    if ((size_t)n >= sizeof list) /* too many to be told */
        list[0] = '\0';
    csv_wrong(row, column, "unknown %s '%.*s'%s", choice->what, STR_ARG(value), list);
}

/* An error about the row or the file as such. */
static void __attribute__((format(printf, 2, 3))) fault(struct reader *r, const char *format, ...)
{
    struct message *m = diag_at(r->d, SEVERITY_ERROR, r->file, r->row_line, 0);
    va_list args;

    if (!m)
        return;
    va_start(args, format);
    say(m, r->source, "", format, args);
    va_end(args);
}

static void out_of_memory(struct reader *r)
{
    fault(r, "out of memory");
    r->stopped = true;
}

static struct str cell_of(const struct reader *r, unsigned i)
{
    size_t from = i ? r->ends[i - 1] : 0;

    if (r->ends[i] == from)
        return STR(""); /* a row of nothing but empty cells has no bytes at all */
    return trim((struct str){r->bytes + from, r->ends[i] - from});
}

static char folded(char c)
{
    return c == ' ' || c == '-' ? '_' : ascii_lower(c);
}

static bool same_heading(struct str cell, const char *name)
{
    if (cell.n != strlen(name))
        return false;
    for (size_t i = 0; i < cell.n; i++)
        if (folded(cell.p[i]) != name[i])
            return false;
    return true;
}

static unsigned column_of(const struct csv_sheet *sheet, struct str heading)
{
    for (unsigned i = 0; i < sheet->n; i++)
        if (same_heading(heading, sheet->columns[i].name))
            return i;
    return NO_COLUMN;
}

static void unknown_heading(struct reader *r, struct str heading)
{
    const char *names[CSV_COLUMNS_MAX];
    const char *nearest;

    for (unsigned i = 0; i < r->sheet->n; i++)
        names[i] = r->sheet->columns[i].name;
    nearest = diag_nearest(heading, names, r->sheet->n);
    if (r->n_cells == 1 && (str_find(heading, ';') < heading.n || str_find(heading, '\t') < heading.n))
        fault(r, "the columns are separated by %s: save the sheet with commas",
              str_find(heading, ';') < heading.n ? "';'" : "tabs");
    else if (nearest)
        fault(r, "unknown column '%.*s': did you mean '%s'?", STR_ARG(heading), nearest);
    else
        fault(r, "unknown column '%.*s': portreeve.registers(5) lists the columns", STR_ARG(heading));
}

static void take_header(struct reader *r)
{
    bool seen[CSV_COLUMNS_MAX] = {false};

    r->n_headings = r->n_cells;
    for (unsigned i = 0; i < r->n_cells; i++) {
        struct str heading = cell_of(r, i);
        unsigned column = heading.n ? column_of(r->sheet, heading) : NO_COLUMN;

        r->columns[i] = column;
        if (heading.n && column == NO_COLUMN) {
            unknown_heading(r, heading);
            r->unknown_headings = true;
        } else if (heading.n && seen[column]) {
            fault(r, "two columns are called '%.*s'", STR_ARG(heading));
        }
        if (column != NO_COLUMN)
            seen[column] = true;
    }
    for (unsigned i = 0; i < r->sheet->n; i++)
        if (r->sheet->columns[i].needed && !seen[i]) {
            if (!r->unknown_headings) /* else it is most likely the misspelt one */
                fault(r, "there is no column '%s': the first row of the file names the columns",
                      r->sheet->columns[i].name);
            r->stopped = true;
        }
}

/* What is wrong with the bytes of a cell, or NULL. */
static const char *bad_bytes(struct str cell)
{
    if (utf8_bad(cell) < cell.n)
        return "the text is not UTF-8";
    for (size_t i = 0; i < cell.n; i++) {
        unsigned char c = (unsigned char)cell.p[i];

        if (c == 0)
            return "a NUL byte";
        if ((c < 0x20 && !is_blank((char)c)) || c == 0x7f)
            return "a control character";
    }
    return NULL;
}

/* Puts a cell into its column; false, with an error, when it has none or holds what no text holds. */
static bool place_cell(struct reader *r, struct csv_row *row, unsigned i, struct str cell)
{
    unsigned column = i < r->n_headings ? r->columns[i] : (unsigned)NO_COLUMN;
    const char *bad = bad_bytes(cell);

    if (column == NO_COLUMN) {
        if (r->unknown_headings) /* said once, at the headings */
            return true;
        fault(r, "'%.*s' stands under no heading: a cell with a comma in it needs \"quotes\"", STR_ARG(cell));
        return false;
    }
    row->places[column] = i;
    if (bad) {
        csv_wrong(row, column, "%s: save the sheet as \"CSV UTF-8\"", bad);
        return false;
    }
    row->cells[column] = cell;
    return true;
}

static void take_row(struct reader *r)
{
    struct csv_row row = {
        .line = r->row_line, .file = r->file, .source = r->source, .sheet = r->sheet, .d = r->d};
    bool empty = true, sound = true;

    for (unsigned i = 0; i < r->n_cells; i++) {
        struct str cell = cell_of(r, i);

        if (!cell.n)
            continue;
        empty = false;
        if (!place_cell(r, &row, i, cell))
            sound = false;
    }
    if (!empty && sound)
        r->sheet->take(&row, r->to);
}

static void on_cell(void *bytes, size_t n, void *to)
{
    struct reader *r = to;

    if (r->n_cells >= CELLS_MAX || r->stopped) {
        r->n_cells = CELLS_MAX + 1; /* told when the row ends */
        return;
    }
    if (r->size - r->n_bytes < n) {
        size_t size = (r->n_bytes + n) * 2 + 256;
        char *grown = realloc(r->bytes, size);

        if (!grown) {
            out_of_memory(r);
            return;
        }
        r->bytes = grown;
        r->size = size;
    }
    if (n)
        memcpy(r->bytes + r->n_bytes, bytes, n);
    r->n_bytes += n;
    r->ends[r->n_cells++] = r->n_bytes;
}

static void on_row(int end, void *to)
{
    struct reader *r = to;

    (void)end;
    if (!r->stopped) {
        if (r->n_cells > CELLS_MAX)
            fault(r, "more than %d cells in a row", CELLS_MAX);
        else if (r->headed)
            take_row(r);
        else
            take_header(r);
    }
    r->headed = true;
    r->between_rows = true;
    r->n_cells = 0;
    r->n_bytes = 0;
}

/* A line with its end; CRLF, LF, or the lone CR of old spreadsheets. */
static struct str next_line(struct str *rest)
{
    size_t n = 0;
    struct str line;

    while (n < rest->n && rest->p[n] != '\n' && rest->p[n] != '\r')
        n++;
    if (n < rest->n)
        n += rest->p[n] == '\r' && n + 1 < rest->n && rest->p[n + 1] == '\n' ? 2 : 1;
    line = str_upto(*rest, n);
    *rest = str_from(*rest, n);
    return line;
}

static int start(struct reader *r)
{
    if (csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return -1;
    r->between_rows = true;
    r->n_cells = 0;
    r->n_bytes = 0;
    return 0;
}

/* After a fault of quoting the parser cannot go on: a new one starts at the next line. */
static void restart(struct reader *r)
{
    if (csv_error(&r->parser) == CSV_ENOMEM) {
        out_of_memory(r);
        return;
    }
    fault(r,
          "a quotation mark where none can be: a cell is quoted from its first to its last character, and a "
          "quotation mark in it is written twice");
    r->headed = true;
    csv_free(&r->parser);
    if (start(r))
        out_of_memory(r);
}

static void read_lines(struct reader *r, struct str rest)
{
    while (rest.n && !r->stopped) {
        struct str line = next_line(&rest);

        r->line++;
        if (r->between_rows) {
            r->row_line = r->line;
            r->source = trim(line);
            if (!r->source.n)
                continue;
            r->source.n += (size_t)(r->source.p - line.p);
            r->source.p = line.p;
            r->between_rows = false;
        }
        if (csv_parse(&r->parser, line.p, line.n, on_cell, on_row, r) != line.n)
            restart(r);
    }
    if (!r->stopped && csv_fini(&r->parser, on_cell, on_row, r) != 0)
        fault(r, "a quoted cell of this row has no end: put the closing quotation mark");
}

int csv_read(const struct csv_sheet *sheet, struct str file, struct str text, void *to, struct diag *d)
{
    struct reader r = {.sheet = sheet, .to = to, .d = d, .file = file};
    unsigned errors = d->errors;

    if (str_istarts(text, STR("\xef\xbb\xbf")))
        text = str_from(text, 3);
    if (str_istarts(text, STR("\xff\xfe")) || str_istarts(text, STR("\xfe\xff"))) {
        fault(&r, "the file is UTF-16: save the sheet as \"CSV UTF-8\"");
        return -1;
    }
    if (start(&r))
        return diag_error(d, "out of memory", NULL, NULL);
    read_lines(&r, text);
    r.row_line = 0;
    r.source = STR_NONE;
    if (!r.headed && !r.stopped)
        fault(&r, "the file is empty: its first row names the columns");
    csv_free(&r.parser);
    free(r.bytes);
    return d->errors == errors ? 0 : -1;
}
