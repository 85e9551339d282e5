/* The report as one table for spreadsheets: section, table, row, column, value (RFC 4180, UTF-8). The first
 * rows are the limits. No cell begins with what a spreadsheet takes for a formula (OWASP ASVS 1.2.10). */
#include "report/report.h"

void out_csv_cell(struct html *h, const char *z)
{
    bool first = true;

    html_raw(h, "\"");
    for (; *z; z++) {
        char c = *z == '\n' || *z == '\r' || *z == '\t' ? ' ' : *z;

        if (c == DOC_SAID_BEGIN || c == DOC_SAID_END)
            continue;
        if (first && strchr("=+-@|%", c) && z[1])
            html_raw(h, "'"); /* a lone "-" is no formula */
        if (first && (unsigned char)c == 0xef &&
            (unsigned char)z[1] == 0xbc) /* the wide forms of the same signs */
            html_raw(h, "'");
        first = first && c == ' ';
        html_raw(h, c == '"' ? "\"" : "");
        html_bytes(h, (struct str){&c, 1});
    }
    html_raw(h, "\"");
}

static void put_row(struct html *h, const char *const cells[5])
{
    for (size_t i = 0; i < 5; i++) {
        html_raw(h, i ? "," : "");
        out_csv_cell(h, cells[i]);
    }
    html_raw(h, "\r\n");
}

static void put_table(struct html *h, const struct doc_section *s, const struct table *t)
{
    for (size_t i = 0; i < t->n_cells; i++) {
        size_t column = i % t->n_columns;
        const char *name = t->columns[column];

        if (column)
            put_row(h, (const char *const[5]){s->title, t->caption, t->cells[i - column],
                                              name + (name[0] == '#'), t->cells[i]});
    }
}

static const char *or_nothing(const char *z)
{
    return z ? z : "";
}

int out_csv(const struct doc *d, struct html *h)
{
    put_row(h, (const char *const[5]){or_nothing(d->marking), or_nothing(d->limits[0]), or_nothing(d->limits[1]),
                                      or_nothing(d->limits[2]), or_nothing(d->reference)});
    put_row(h, (const char *const[5]){"Section", "Table", "Row", "Column", "Value"});
    for (size_t i = 0; i < d->n; i++)
        for (size_t k = 0; k < d->sections[i].n; k++) {
            const struct block *b = &d->sections[i].blocks[k];

            if (b->table)
                put_table(h, &d->sections[i], b->table);
            else if (b->text[0] && b->kind != BLOCK_SPACE)
                put_row(h, (const char *const[5]){d->sections[i].title, "", "", "", b->text});
        }
    return h->failed ? -1 : 0;
}
