#include "compile/csv_rows.h"

#include "compile/csv.h"

#include <stdlib.h>

static const struct str byte_order_mark = {"\xef\xbb\xbf", 3};

static bool starts_with(struct str s, struct str prefix)
{
    return s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

/* A line with its end; CRLF, LF, or the lone CR of old spreadsheets. */
static struct str line_of(struct str rest)
{
    size_t n = 0;

    while (n < rest.n && rest.p[n] != '\n' && rest.p[n] != '\r')
        n++;
    if (n < rest.n)
        n += rest.p[n] == '\r' && n + 1 < rest.n && rest.p[n + 1] == '\n' ? 2 : 1;
    return str_upto(rest, n);
}

struct str csv_separator_line(struct str text)
{
    struct str line = line_of(starts_with(text, byte_order_mark) ? str_from(text, 3) : text);
    size_t whole = line.n;

    while (line.n && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
        line.n--;
    if (line.n != 5 || !str_istarts(line, STR("sep=")))
        return STR_NONE;
    line.n = whole;
    return line;
}

static int start(struct csv_rows *r, char delimiter)
{
    if (csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return -1;
    csv_set_delim(&r->parser, (unsigned char)delimiter);
    return 0;
}

int csv_rows_begin(struct csv_rows *r, struct str text, char delimiter)
{
    *r = (struct csv_rows){.text = text, .rest = text, .next_line = 1, .next_number = 1};
    return start(r, delimiter);
}

void csv_rows_seek(struct csv_rows *r, size_t at, unsigned line, unsigned number)
{
    r->rest = str_from(r->text, at);
    r->next_line = line;
    r->next_number = number;
}

void csv_rows_end(struct csv_rows *r)
{
    csv_free(&r->parser);
    free(r->bytes);
}

static bool is_empty(struct str cell)
{
    for (size_t i = 0; i < cell.n; i++)
        if (cell.p[i] != ' ' && cell.p[i] != '\t')
            return false;
    return true;
}

static void on_cell(void *bytes, size_t n, void *to)
{
    struct csv_rows *r = to;

    if (r->n == CSV_CELLS_MAX) { /* spreadsheets leave thousands of empty ones behind the last */
        r->too_many |= !is_empty((struct str){bytes, n});
        return;
    }
    if (r->size - r->n_bytes < n) {
        size_t size = (r->n_bytes + n) * 2 + 256;
        char *grown = realloc(r->bytes, size);

        if (!grown) {
            r->no_memory = true;
            return;
        }
        r->bytes = grown;
        r->size = size;
    }
    if (n)
        memcpy(r->bytes + r->n_bytes, bytes, n);
    r->n_bytes += n;
    r->ends[r->n++] = r->n_bytes;
}

static void on_row(int end, void *to)
{
    (void)end;
    ((struct csv_rows *)to)->row_ended = true;
}

/* Passes over what no row begins with; false at the end of the text. */
static bool begin_row(struct csv_rows *r)
{
    while (r->rest.n) {
        struct str line;

        if (starts_with(r->rest, byte_order_mark)) { /* also where files were put one behind the other */
            r->rest = str_from(r->rest, byte_order_mark.n);
            continue;
        }
        line = line_of(r->rest);
        r->line = r->next_line;
        r->number = r->next_number++;
        r->source = line;
        while (r->source.n && (r->source.p[r->source.n - 1] == '\n' || r->source.p[r->source.n - 1] == '\r'))
            r->source.n--;
        if (!is_empty(r->source))
            break;
        r->next_line++;
        r->rest = str_from(r->rest, line.n);
    }
    r->at = r->text.n - r->rest.n;
    r->n = 0;
    r->n_bytes = 0;
    r->too_many = r->row_ended = false;
    return r->rest.n > 0;
}

/* The cells point into bytes that moved while they grew. */
static enum csv_step end_row(struct csv_rows *r)
{
    size_t from = 0;

    if (r->no_memory)
        return CSV_NO_MEMORY;
    for (unsigned i = 0; i < r->n; i++) {
        r->cells[i] = r->ends[i] == from ? STR("") : (struct str){r->bytes + from, r->ends[i] - from};
        from = r->ends[i];
    }
    return CSV_ROW;
}

/* libcsv cannot go on after a fault: a new parser starts at the next line. */
static enum csv_step restart(struct csv_rows *r)
{
    char delimiter = (char)csv_get_delim(&r->parser);

    if (csv_error(&r->parser) == CSV_ENOMEM)
        return CSV_NO_MEMORY;
    csv_free(&r->parser);
    return start(r, delimiter) == 0 ? CSV_BAD_QUOTE : CSV_NO_MEMORY;
}

enum csv_step csv_rows_next(struct csv_rows *r)
{
    if (!begin_row(r))
        return CSV_DONE;
    while (r->rest.n && !r->row_ended) {
        struct str line = line_of(r->rest);

        r->next_line++;
        r->rest = str_from(r->rest, line.n);
        if (csv_parse(&r->parser, line.p, line.n, on_cell, on_row, r) != line.n)
            return restart(r);
    }
    if (!r->row_ended && csv_fini(&r->parser, on_cell, on_row, r) != 0)
        return CSV_NO_QUOTE;
    return end_row(r);
}
