/* The report for programs: the same sections, texts and tables. */
#include "report/report.h"

#include <jansson.h>
#include <stdlib.h>

/* Without marks. */
static json_t *text(const char *z)
{
    char *plain = malloc(strlen(z) + 1);
    size_t n = 0;
    json_t *j;

    if (!plain)
        return NULL;
    for (; *z; z++)
        if (*z != DOC_SAID_BEGIN && *z != DOC_SAID_END)
            plain[n++] = *z;
    j = json_stringn(plain, n);
    free(plain);
    return j;
}

static json_t *table(const struct table *t)
{
    json_t *o = json_object(), *columns = json_array(), *rows = json_array(), *row = NULL;

    json_object_set_new(o, "caption", text(t->caption));
    for (size_t i = 0; i < t->n_columns; i++)
        json_array_append_new(columns, text(t->columns[i] + (t->columns[i][0] == '#')));
    for (size_t i = 0; i < t->n_cells && t->n_columns; i++) {
        if (i % t->n_columns == 0) {
            row = json_array();
            json_array_append_new(rows, row);
        }
        json_array_append_new(row, text(t->cells[i]));
    }
    json_object_set_new(o, "columns", columns);
    json_object_set_new(o, "rows", rows);
    return o;
}

static json_t *block(const struct block *b)
{
    static const char *const names[] = {
        [BLOCK_PARAGRAPH] = "paragraph", [BLOCK_FINDING] = "finding", [BLOCK_NOTE] = "note",
        [BLOCK_ITEM] = "item",           [BLOCK_TABLE] = "table",     [BLOCK_CHART] = "chart",
        [BLOCK_SPACE] = "space"};
    json_t *o = json_object();

    json_object_set_new(o, "kind", json_string(names[b->kind]));
    if (b->table)
        json_object_set_new(o, "table", table(b->table));
    else
        json_object_set_new(o, "text", text(b->chart ? b->chart->text : b->text));
    return o;
}

static json_t *limits(const struct doc *d)
{
    json_t *list = json_array();

    for (size_t i = 0; i < DOC_LIMITS && d->limits[i]; i++)
        json_array_append_new(list, json_string(d->limits[i]));
    return list;
}

int out_json(const struct doc *d, struct html *h)
{
    json_t *o = json_object(), *sections = json_array();
    char *bytes;

    json_object_set_new(o, "schema", json_integer(1));
    if (d->marking)
        json_object_set_new(o, "marking", json_string(d->marking));
    json_object_set_new(o, "limits", limits(d));
    json_object_set_new(o, "title", json_string(d->title));
    json_object_set_new(o, "council", text(d->council));
    if (d->reference)
        json_object_set_new(o, "case", text(d->reference));
    json_object_set_new(o, "made", json_string(d->made));
    for (size_t i = 0; i < d->n; i++) {
        const struct doc_section *s = &d->sections[i];
        json_t *blocks = json_array();

        for (size_t k = 0; k < s->n; k++)
            json_array_append_new(blocks, block(&s->blocks[k]));
        json_array_append_new(sections,
                              json_pack("{s:s, s:s, s:o}", "id", s->id, "title", s->title, "blocks", blocks));
    }
    json_object_set_new(o, "sections", sections);
    bytes = json_dumps(o, JSON_INDENT(1));
    json_decref(o);
    if (!bytes)
        return -1;
    html_raw(h, bytes);
    html_raw(h, "\n");
    free(bytes);
    return h->failed ? -1 : 0;
}
