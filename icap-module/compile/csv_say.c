/* Messages about cells, and the words inside them. */
#include "compile/csv_internal.h"

#include "compile/utf8.h"

#include <stdio.h>

static size_t blank_at(struct str s)
{
    uint32_t code;
    size_t n = utf8_next(s, &code);

    return n && (utf8_ink(code) == UTF8_BLANK || code == ';' || code == ',') ? n : 0;
}

bool csv_word(struct str *list, struct str *word)
{
    size_t n, end = 0;

    while ((n = blank_at(*list)) != 0)
        *list = str_from(*list, n);
    while (end < list->n && !blank_at(str_from(*list, end)))
        end++;
    *word = str_upto(*list, end);
    *list = str_from(*list, end);
    return end > 0;
}

/* Byte of the line, from 1, at which its n-th cell begins; 0 when the row goes over several lines. */
static unsigned byte_of(const struct csv_row *row, unsigned cell)
{
    struct str line = row->source;
    bool quoted = false;

    for (size_t i = 0; i < line.n; i++) {
        if (cell == 0 && line.p[i] != ' ')
            return (unsigned)i + 1;
        if (line.p[i] == '"')
            quoted = !quoted;
        else if (line.p[i] == row->delimiter && !quoted)
            cell--;
    }
    return 0;
}

/* diag_copy makes line ends inside a cell visible. */
void csv_say(struct message *m, const struct csv_about *about, const char *format, va_list args)
{
    char text[DIAG_TEXT] = "";
    size_t n = 0;

    if (about->number && about->number != about->line)
        n = (size_t)snprintf(text, sizeof text, "row %u (line %u of the file)", about->number, about->line);
    else if (about->number)
        n = (size_t)snprintf(text, sizeof text, "row %u", about->number);
    if (about->column)
        n += (size_t)snprintf(text + n, sizeof text - n, "%scolumn '%s'", n ? ", " : "", about->column);
    if (n)
        n += (size_t)snprintf(text + n, sizeof text - n, ": ");
    vsnprintf(text + n, sizeof text - n, format, args);
    diag_copy(m->source, sizeof m->source, about->source);
    diag_copy(m->text, sizeof m->text, str_of(text));
}

static void __attribute__((format(printf, 4, 0)))
say_at(const struct csv_row *row, enum severity severity, unsigned column, const char *format, va_list args)
{
    const struct csv_about about = {row->source, row->line, row->number, row->sheet->columns[column].name};
    struct message *m = diag_at(row->d, severity, row->file, row->line, byte_of(row, row->places[column]));

    if (m)
        csv_say(m, &about, format, args);
}

void csv_wrong(const struct csv_row *row, unsigned column, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say_at(row, SEVERITY_ERROR, column, format, args);
    va_end(args);
}

void csv_doubt(const struct csv_row *row, unsigned column, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say_at(row, SEVERITY_WARNING, column, format, args);
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
