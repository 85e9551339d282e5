/* A document as one page of HTML: nothing from elsewhere, readable on paper, by keyboard and by a screen
 * reader (WCAG 2.2 AA). */
#include "report/out_chart.h"
#include "report/report.h"

/* Dark on white throughout; nothing is told by colour alone. Tables may scroll on a screen and never on
 * paper. */
static const char style[] =
    "html{color-scheme:light}"
    "body{margin:0;background:#fff;color:#0b0c0c;font:1.0625rem/1.5 Arial,'DejaVu "
    "Sans',sans-serif;overflow-wrap:break-word}"
    ".skip{position:absolute;left:-999rem}.skip:focus{left:1rem;top:1rem;padding:.5rem "
    "1rem;background:#ffdd00;color:#0b0c0c}"
    "header,main,nav,footer{max-width:60rem;margin:0 auto;padding:.5rem 1rem}"
    ".mark{margin:0;font-weight:700;letter-spacing:.03em}"
    "h1{font-size:1.9rem;line-height:1.2;margin:1rem 0 .25rem}"
    "h2{font-size:1.35rem;line-height:1.3;margin:2.25rem 0 .5rem;padding-top:.5rem;border-top:3px solid "
    "#0b0c0c}"
    "p{margin:.5rem 0}ul,ol{margin:.5rem 0;padding-left:1.5rem}li{margin:.35rem 0}"
    "nav ol{columns:2;column-gap:2rem}a{color:#1d4f91}a:focus{outline:3px solid "
    "#0b0c0c;outline-offset:2px;background:#ffdd00;"
    "color:#0b0c0c}nav li,nav a{min-height:24px}"
    ".note{border-left:8px solid #0b0c0c;padding:.5rem 0 .5rem 1rem;margin:1rem 0;font-weight:700}"
    ".wide{overflow-x:auto;margin:1rem 0}.wide:focus{outline:3px solid #0b0c0c}"
    "table{border-collapse:collapse;width:100%;font-size:.9375rem;line-height:1.35}"
    "caption{text-align:left;font-weight:700;padding:0 0 .4rem}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid "
    "#6f777b;white-space:pre-line}"
    "thead th{border-bottom:2px solid "
    "#0b0c0c;vertical-align:bottom}.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".pairs th{width:34%}tbody th,td.n{white-space:nowrap}.pairs tbody th{white-space:normal}.total "
    "th,.total td{font-weight:700;border-top:2px solid #0b0c0c}"
    "figure{margin:1.25rem "
    "0}figcaption{font-weight:700;margin-bottom:.4rem}svg{max-width:100%;height:auto;display:block}"
    ".space p{font-weight:700;margin:1rem 0 .25rem}.space div{border:1px solid #0b0c0c;height:7rem}"
    "footer{border-top:1px solid #0b0c0c;margin-top:2rem}"
    "@media "
    "print{body{font-size:10pt}table{font-size:8.5pt}.skip{display:none}.wide{overflow:visible}header,main,"
    "nav,footer{max-width:none;"
    "padding-left:0;padding-right:0}a{color:#0b0c0c;text-decoration:none}h2,caption{break-after:avoid}tr,figure,."
    "note,.space{break-inside:avoid}"
    "section[aria-labelledby=comments]{break-before:page}thead{display:table-header-group}h1{font-size:18pt}"
    "h2{font-size:13pt}}";

/* Of a document that is brief: as much as can be read stands on one sheet. */
static const char style_brief[] =
    "h1{font-size:1.6rem}h2{font-size:1.2rem;margin:1.25rem 0 .25rem;border-top-width:2px}.wide{margin:.5rem 0}"
    "th,td{padding:.15rem .75rem .15rem 0}li{margin:.15rem 0}thead .n{width:6.5rem}.pairs th{width:auto}"
    "@media print{@page{margin:12mm 12mm 14mm}body{font-size:9pt;line-height:1.3}table{font-size:8pt}h1{font-size:15pt}"
    "h2{font-size:11pt;margin:.7rem 0 .15rem}p{margin:.25rem 0}.wide{margin:.3rem 0}.note{margin:.4rem 0;padding:.2rem 0 .2rem "
    ".6rem}footer{margin-top:.6rem}th,td{padding:.08rem .6rem .08rem 0}}";

/* What stands on each sheet; marking and limits are words of ours, and none has a quote in it. */
static void put_sheet(struct html *h, const struct doc *d)
{
    static const char font[] = "8pt Arial,'DejaVu Sans',sans-serif}";

    html_raw(h, "@page{size:A4;margin:17mm 15mm 19mm;");
    if (d->marking) {
        html_raw(h, "@top-left{content:'");
        html_raw(h, d->marking);
        html_raw(h, "';font:bold ");
        html_raw(h, font);
    }
    if (d->limits[0]) {
        html_raw(h, "@bottom-left{content:'");
        html_raw(h, d->limits[0]);
        html_raw(h, "';font:");
        html_raw(h, font);
    }
    html_raw(h, "@bottom-right{content:'Page ' counter(page) ' of ' counter(pages);font:");
    html_raw(h, font);
    html_raw(h, "}");
}

/* Text of the document: escaped, and what others wrote isolated, so that its direction turns nothing else. */
static void put(struct html *h, const char *z)
{
    struct str rest = str_of(z);

    while (rest.n) {
        size_t n = 0;

        while (n < rest.n && rest.p[n] != DOC_SAID_BEGIN && rest.p[n] != DOC_SAID_END)
            n++;
        html_text(h, str_upto(rest, n));
        if (n < rest.n)
            html_raw(h, rest.p[n] == DOC_SAID_BEGIN ? "<bdi>" : "</bdi>");
        rest = str_from(rest, n + 1);
    }
}

static void put_head(struct html *h, const struct table *t)
{
    html_raw(h, "<thead><tr>");
    for (size_t i = 0; i < t->n_columns; i++) {
        bool figures = t->columns[i][0] == '#';

        html_raw(h, figures ? "<th scope=\"col\" class=\"n\">" : "<th scope=\"col\">");
        put(h, t->columns[i] + figures);
        html_raw(h, "</th>");
    }
    html_raw(h, "</tr></thead>\n");
}

static void put_row(struct html *h, const struct table *t, size_t row)
{
    bool total = t->total && (row + 1) * t->n_columns >= t->n_cells;

    html_raw(h, total ? "<tr class=\"total\">" : "<tr>");
    for (size_t i = 0; i < t->n_columns; i++) {
        bool figures = t->columns[i][0] == '#';

        html_raw(h, i == 0 ? "<th scope=\"row\">" : figures ? "<td class=\"n\">" : "<td>");
        put(h, t->cells[row * t->n_columns + i]);
        html_raw(h, i == 0 ? "</th>" : "</td>");
    }
    html_raw(h, "</tr>\n");
}

enum { NAME_SHORT = 40 /* bytes of a row's name that need no second line */ };

static bool wraps(const struct table *t)
{
    if (t->n_columns == 2)
        return true;
    for (size_t i = 0; i < t->n_cells; i += t->n_columns)
        if (strlen(t->cells[i]) > NAME_SHORT)
            return true;
    return false;
}

/* A table that is wider than the screen can be scrolled by the keyboard, too. */
static void put_table(struct html *h, const struct table *t)
{
    html_raw(h, "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"");
    put(h, t->caption);
    html_raw(h, wraps(t) ? "\"><table class=\"pairs\"><caption>" : "\"><table><caption>");
    put(h, t->caption);
    html_raw(h, "</caption>\n");
    put_head(h, t);
    html_raw(h, "<tbody>\n");
    for (size_t row = 0; (row + 1) * t->n_columns <= t->n_cells; row++)
        put_row(h, t, row);
    html_raw(h, "</tbody></table></div>\n");
}

static void put_around(struct html *h, const char *before, const char *text, const char *after)
{
    html_raw(h, before);
    put(h, text);
    html_raw(h, after);
}

static void put_block(struct html *h, const struct block *b)
{
    switch (b->kind) {
    case BLOCK_NOTE:
        put_around(h, "<p class=\"note\">", b->text, "</p>\n");
        return;
    case BLOCK_ITEM:
        put_around(h, "<li>", b->text, "</li>\n");
        return;
    case BLOCK_TABLE:
        put_table(h, b->table);
        return;
    case BLOCK_CHART:
        out_chart(b->chart, h);
        return;
    case BLOCK_SPACE:
        put_around(h, "<div class=\"space\"><p>", b->text, "</p><div></div></div>\n");
        return;
    default:
        put_around(h, "<p>", b->text, "</p>\n");
    }
}

static void put_section(struct html *h, const struct doc_section *s, size_t number)
{
    bool listed = false;

    html_raw(h, "<section aria-labelledby=\"");
    html_words(h, s->id);
    html_raw(h, "\"><h2 id=\"");
    html_words(h, s->id);
    html_raw(h, "\">");
    html_number(h, number);
    html_raw(h, ". ");
    html_words(h, s->title);
    html_raw(h, "</h2>\n");
    for (size_t i = 0; i < s->n; i++) {
        bool item = s->blocks[i].kind == BLOCK_ITEM;

        if (item != listed)
            html_raw(h, item ? "<ul>\n" : "</ul>\n");
        listed = item;
        put_block(h, &s->blocks[i]);
    }
    html_raw(h, listed ? "</ul>\n</section>\n" : "</section>\n");
}

static void put_contents(struct html *h, const struct doc *d)
{
    html_raw(h, "<nav aria-label=\"Sections\"><ol>\n");
    for (size_t i = 0; i < d->n; i++) {
        html_raw(h, "<li><a href=\"#");
        html_words(h, d->sections[i].id);
        html_raw(h, "\">");
        html_words(h, d->sections[i].title);
        html_raw(h, "</a></li>\n");
    }
    html_raw(h, "</ol></nav>\n");
}

static void put_marking(struct html *h, const struct doc *d)
{
    if (d->marking)
        put_around(h, "<p class=\"mark\">", d->marking, "</p>\n");
}

static void put_header(struct html *h, const struct doc *d)
{
    html_raw(h, "<header>");
    put_marking(h, d);
    put_around(h, "<h1>", d->title, "</h1>\n<p>");
    put(h, d->council);
    if (d->reference)
        put_around(h, ". Case ", d->reference, "");
    put_around(h, ". Made on ", d->made, ".</p>\n");
    if (d->limits[0])
        put_around(h, "<p><strong>", d->limits[0], "</strong></p>");
    html_raw(h, "</header>\n");
}

static void put_footer(struct html *h, const struct doc *d)
{
    html_raw(h, "<footer>");
    put_marking(h, d);
    if (d->limits[0])
        put_around(h, "<p>", d->limits[0], "</p>");
    html_raw(h, "</footer>");
}

int out_html(const struct doc *d, struct html *h)
{
    html_raw(h, "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\">"
                "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                "'unsafe-inline'\">"
                "<meta name=\"robots\" content=\"noindex\"><title>");
    html_words(h, d->title);
    html_raw(h, "</title><style>");
    html_raw(h, style);
    html_raw(h, d->brief ? style_brief : "");
    put_sheet(h, d);
    html_raw(h, "</style></head>\n<body><a class=\"skip\" href=\"#");
    html_words(h, d->n ? d->sections[0].id : "");
    html_raw(h, "\">Go to the text</a>\n");
    put_header(h, d);
    if (!d->brief)
        put_contents(h, d);
    html_raw(h, "<main>\n");
    for (size_t i = 0; i < d->n; i++)
        put_section(h, &d->sections[i], i + 1);
    html_raw(h, "</main>\n");
    put_footer(h, d);
    html_raw(h, "</body></html>\n");
    return h->failed ? -1 : 0;
}
