/* Which row names the columns, and what stands between cells: a file is looked at before it is read. */
#include "compile/csv_internal.h"

#include "compile/utf8.h"

/* Headings compare without case; a run of blanks, line ends, '-' and '_' is one '_', what is not seen
 * nothing. The text in `to`; longer ones are no heading. */
static struct str fold(struct str heading, char *to, size_t size)
{
    struct text t;
    bool gap = false;
    uint32_t code;
    size_t n;

    text_init(&t, to, size);
    for (; (n = utf8_next(heading, &code)) != 0; heading = str_from(heading, n)) {
        if (utf8_ink(code) == UTF8_HIDDEN)
            continue;
        if (utf8_ink(code) == UTF8_BLANK || code == '-' || code == '_') {
            gap = t.n > 0;
            continue;
        }
        if (gap)
            text_putc(&t, '_');
        gap = false;
        text_putc(&t, n == 1 ? ascii_lower(heading.p[0]) : '?');
    }
    return heading.n ? STR_NONE : text_str(&t);
}

unsigned csv_column_of(const struct csv_sheet *sheet, struct str heading)
{
    char to[64];
    struct str folded = heading.n < sizeof to ? fold(heading, to, sizeof to) : STR_NONE;

    for (unsigned i = 0; i < sheet->n && folded.n; i++)
        if (str_eq(folded, str_of(sheet->columns[i].name)))
            return i;
    return CSV_NO_COLUMN;
}

void csv_headings(const struct csv_sheet *sheet, const struct csv_rows *row, struct csv_headings *h)
{
    bool seen[CSV_COLUMNS_MAX] = {false};

    *h = (struct csv_headings){.n = row->n};
    for (unsigned i = 0; i < row->n; i++) {
        struct str cell = utf8_trim(row->cells[i]);
        unsigned column = csv_column_of(sheet, cell);

        h->columns[i] = column;
        if (column == CSV_NO_COLUMN) {
            h->unknown += cell.n > 0;
            continue;
        }
        h->twice += seen[column];
        h->known += !seen[column];
        seen[column] = true;
    }
    for (unsigned i = 0; i < sheet->n; i++)
        h->missing += sheet->columns[i].needed && !seen[i];
}

/* A row that was looked at. */
struct candidate {
    size_t at;
    unsigned line, number, known;
    bool likely; /* headings with a mistake in them, not a title */
};

static void choose(struct csv_view *view, const struct candidate *c, unsigned passed)
{
    view->at = c->at;
    view->line = c->line;
    view->number = c->number;
    view->known = c->known;
    view->passed = passed;
}

/* The first row with all columns that are needed and nothing unknown is the heading row. Rows above it are
 * passed over, but for one that looks like headings itself and has more rows under it: what it heads would be
 * lost. */
static void weigh(struct csv_view *view, const struct candidate *c, unsigned n)
{
    unsigned best = 0;

    view->first_passed = c[0].number;
    for (unsigned i = 0; i < n; i++) {
        if (view->headed && c[i].likely && i + 2 < n) {
            view->headed = false;
            choose(view, &c[i], i);
            return;
        }
        if (c[i].known > c[best].known)
            best = i;
    }
    if (view->headed)
        best = n - 1;
    choose(view, &c[best], best);
}

/* Looks at the first rows with view->delimiter. */
static int look(const struct csv_sheet *sheet, struct str text, const struct csv_view *from,
                struct csv_view *view)
{
    struct candidate c[CSV_PASSED_MAX + 1];
    struct csv_headings h;
    struct csv_rows r;
    enum csv_step step = CSV_DONE;
    unsigned n = 0;

    if (csv_rows_begin(&r, text, view->delimiter))
        return -1;
    csv_rows_seek(&r, from->at, from->line, from->number);
    view->headed = false;
    while (!view->headed && n <= CSV_PASSED_MAX) {
        step = csv_rows_next(&r);
        if (step == CSV_DONE || step == CSV_NO_MEMORY)
            break;
        h = (struct csv_headings){.missing = 1};
        if (step == CSV_ROW)
            csv_headings(sheet, &r, &h);
        view->headed = step == CSV_ROW && !h.missing && !h.unknown && !h.twice && !r.too_many;
        c[n++] = (struct candidate){r.at, r.line, r.number, h.known, h.missing == 0 || h.known > 1};
    }
    csv_rows_end(&r);
    if (n)
        weigh(view, c, n);
    return step == CSV_NO_MEMORY ? -1 : 0;
}

int csv_find_headings(const struct csv_sheet *sheet, struct str text, struct csv_view *view)
{
    static const char delimiters[] = {',', ';', '\t'};
    struct str separator = csv_separator_line(text);
    struct csv_view from = {.line = 1, .number = 1};

    if (separator.n) { /* Excel does not show that line, and counts rows without it */
        from.at = (size_t)(separator.p - text.p) + separator.n;
        from.line = 2;
    }
    *view = (struct csv_view){.delimiter = delimiters[0]};
    for (size_t i = 0; i < sizeof delimiters && !view->headed; i++) {
        struct csv_view other = from;

        other.delimiter = delimiters[i];
        if (separator.n && separator.p[4] != delimiters[i])
            continue;
        if (look(sheet, text, &from, &other))
            return -1;
        if (i == 0 || separator.n || other.headed || other.known > view->known)
            *view = other;
    }
    return 0;
}
