#include "report/doc.h"

#include <stdarg.h>
#include <stdio.h>

/* As pool_print, with the arguments already taken. */
static const char *print(struct doc *d, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static const char *print(struct doc *d, const char *format, va_list args)
{
    va_list again;
    char *text = NULL;
    int n;

    va_copy(again, args);
    n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n >= 0)
        text = pool_take(&d->pool, (size_t)n + 1);
    if (!text)
        return "";
    vsnprintf(text, (size_t)n + 1, format, args);
    return text;
}

void doc_section(struct doc *d, const char *id, const char *title)
{
    struct doc_section *s = pool_grow(&d->pool, d->sections, d->n, sizeof *s);

    if (!s)
        return;
    d->sections = s;
    s[d->n++] = (struct doc_section){.id = id, .title = title};
}

static struct block *add_block(struct doc *d, enum block_kind kind)
{
    struct doc_section *s = d->n ? &d->sections[d->n - 1] : NULL;
    struct block *b = s ? pool_grow(&d->pool, s->blocks, s->n, sizeof *b) : NULL;

    if (!b)
        return NULL;
    s->blocks = b;
    b[s->n] = (struct block){.kind = kind, .text = ""};
    return &b[s->n++];
}

void doc_text(struct doc *d, enum block_kind kind, const char *format, ...)
{
    struct block *b = add_block(d, kind);
    va_list args;

    if (!b)
        return;
    va_start(args, format);
    b->text = print(d, format, args);
    va_end(args);
}

struct table *doc_table(struct doc *d, const char *caption, const char *const *columns)
{
    struct block *b = add_block(d, BLOCK_TABLE);
    struct table *t = b ? pool_take(&d->pool, sizeof *t) : NULL;

    if (!t)
        return NULL;
    b->table = t;
    t->caption = caption;
    while (columns[t->n_columns] && t->n_columns < DOC_COLUMNS) {
        t->columns[t->n_columns] = columns[t->n_columns];
        t->n_columns++;
    }
    return t;
}

static void put_cell(struct doc *d, struct table *t, const char *text)
{
    const char **cells = pool_grow(&d->pool, t->cells, t->n_cells, sizeof *cells);

    if (!cells)
        return;
    t->cells = cells;
    cells[t->n_cells++] = text;
}

void doc_cell(struct doc *d, struct table *t, const char *format, ...)
{
    va_list args;

    if (!t)
        return;
    va_start(args, format);
    put_cell(d, t, print(d, format, args));
    va_end(args);
}

void doc_pair(struct doc *d, struct table *t, const char *name, const char *value)
{
    if (!t)
        return;
    put_cell(d, t, name);
    put_cell(d, t, value);
}

struct chart *doc_chart(struct doc *d, enum chart_kind kind, const char *title)
{
    struct block *b = add_block(d, BLOCK_CHART);
    struct chart *c = b ? pool_take(&d->pool, sizeof *c) : NULL;

    if (!c)
        return NULL;
    b->chart = c;
    c->kind = kind;
    c->title = title;
    c->text = "";
    return c;
}

struct chart_row *doc_chart_row(struct doc *d, struct chart *c, const char *name)
{
    struct chart_row *rows = c ? pool_grow(&d->pool, c->rows, c->n, sizeof *rows) : NULL;

    if (!rows)
        return NULL;
    c->rows = rows;
    rows[c->n] = (struct chart_row){.name = name};
    return &rows[c->n++];
}

const char *doc_said(struct doc *d, struct str s)
{
    if (s.n == 0)
        return "not given";
    return pool_print(&d->pool, "%c%.*s%c", DOC_SAID_BEGIN, STR_ARG(s), DOC_SAID_END);
}

void doc_free(struct doc *d)
{
    pool_free(&d->pool);
    *d = (struct doc){0};
}
