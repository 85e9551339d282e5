/* A report as a tree of plain blocks: sections write it, out_*.c print it, so every format says the same.
 *
 * Text is UTF-8 of ours. What somebody else wrote (names, reasons, notes) goes through doc_said, which marks
 * it: out_html isolates its direction, the others leave the marks out. All strings live in the document's
 * pool. Memory: nothing here fails by itself; `pool.failed` is asked once, when the document is whole. */
#ifndef REPORT_DOC_H
#define REPORT_DOC_H

#include "report/pool.h"

#define DOC_SAID_BEGIN '\x02'
#define DOC_SAID_END '\x03'

enum { DOC_COLUMNS = 16 };

enum block_kind {
    BLOCK_PARAGRAPH,
    BLOCK_FINDING,
    BLOCK_NOTE,
    BLOCK_ITEM,
    BLOCK_TABLE,
    BLOCK_CHART,
    BLOCK_SPACE
};

/* Rows of cells; the first cell of a row names it. */
struct table {
    const char *caption;
    const char *columns[DOC_COLUMNS]; /* a name that begins with '#' stands over figures */
    size_t n_columns;
    const char **cells;
    size_t n_cells;
    bool total; /* the last row sums the others up */
};

/* Figures to be drawn, in minutes; every one of them stands in a table, too. */
enum chart_kind { CHART_RANGES, CHART_HOURS };

struct chart_row {
    const char *name;
    uint32_t range[3]; /* CHART_RANGES: low, likely, high */
    uint32_t hours[24];
    uint8_t work[24]; /* CHART_HOURS: bit q: the quarter q of that hour is work time */
};

struct chart {
    enum chart_kind kind;
    const char *title, *text; /* text: what the picture shows, in words */
    struct chart_row *rows;
    size_t n;
};

struct block {
    enum block_kind kind;
    const char *text; /* paragraphs and items */
    struct table *table;
    struct chart *chart;
};

struct doc_section {
    const char *id, *title;
    struct block *blocks;
    size_t n;
};

enum { DOC_LIMITS = 4 };

/* `title`, `council` and `made` are always there. */
struct doc {
    struct pool pool;
    const char *title, *council, *made;
    const char *marking;            /* how it is to be handled, our own words; NULL: no way of its own */
    const char *reference;          /* of a case; NULL: it is of none */
    const char *limits[DOC_LIMITS]; /* what it cannot say, our own words: the first stands at its head and foot and
                                       on each sheet, all of them in the forms for programs */
    bool brief; /* a page or two: without a list of contents, and set closer */
    struct doc_section *sections;
    size_t n;
};

void doc_section(struct doc *d, const char *id, const char *title);
void doc_text(struct doc *d, enum block_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Columns end with NULL. The table takes cells one after the other, row by row. */
struct table *doc_table(struct doc *d, const char *caption, const char *const *columns);
void doc_cell(struct doc *d, struct table *t, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A row of a table of two columns: what, and what somebody else may have written. */
void doc_pair(struct doc *d, struct table *t, const char *name, const char *value);

struct chart *doc_chart(struct doc *d, enum chart_kind kind, const char *title);
struct chart_row *doc_chart_row(struct doc *d, struct chart *c, const char *name);

/* Somebody else's words, marked; "" becomes "not given". */
const char *doc_said(struct doc *d, struct str s);

void doc_free(struct doc *d);

#endif
