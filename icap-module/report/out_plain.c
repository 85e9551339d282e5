/* A document as plain text: for a terminal, a letter, a screen reader that likes it plain. */
#include "report/report.h"

/* Without marks; ends of lines become blanks, as one line is one thing. */
static void put(struct html *h, const char *z)
{
    for (; *z; z++)
        if (*z != DOC_SAID_BEGIN && *z != DOC_SAID_END)
            html_bytes(h, (struct str){*z == '\n' || *z == '\r' ? " " : z, 1});
}

static void put_line(struct html *h, const char *before, const char *z, const char *after)
{
    html_raw(h, before);
    put(h, z);
    html_raw(h, after);
}

/* "name: value; column: value" a row. */
static void put_table(struct html *h, const struct table *t)
{
    put_line(h, "\n", t->caption, ":\n");
    for (size_t i = 0; i < t->n_cells; i++) {
        size_t column = i % t->n_columns;
        const char *name = t->columns[column];

        if (column == 0)
            put_line(h, "  - ", t->cells[i], t->n_columns > 1 ? "" : "\n");
        else if (t->n_columns == 2)
            put_line(h, ": ", t->cells[i], "\n");
        else {
            put_line(h, "\n      ", name + (name[0] == '#'), ": ");
            put_line(h, "", t->cells[i], column + 1 == t->n_columns ? "\n" : "");
        }
    }
}

static void put_block(struct html *h, const struct block *b)
{
    if (b->table)
        put_table(h, b->table);
    else if (b->chart)
        put_line(h, "\n", b->chart->text, "\n");
    else if (b->kind == BLOCK_ITEM)
        put_line(h, "  * ", b->text, "\n");
    else
        put_line(h, "\n", b->text, "\n");
}

int out_plain(const struct doc *d, struct html *h)
{
    if (d->marking)
        put_line(h, "", d->marking, "\n\n");
    put_line(h, "", d->title, "\n");
    put(h, d->council);
    if (d->reference)
        put_line(h, ". Case ", d->reference, "");
    put_line(h, ". Made on ", d->made, ".\n");
    if (d->limits[0])
        put_line(h, "", d->limits[0], "\n");
    for (size_t i = 0; i < d->n; i++) {
        html_raw(h, "\n");
        html_number(h, i + 1);
        put_line(h, ". ", d->sections[i].title, "\n");
        for (size_t k = 0; k < d->sections[i].n; k++)
            put_block(h, &d->sections[i].blocks[k]);
    }
    return h->failed ? -1 : 0;
}
