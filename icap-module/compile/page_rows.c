/* The rows of a page: one for the policy as a whole, one for each step, the same again for each rule that
 * shows it. */
#include "compile/pages.h"
#include "record/seal.h"

#include <stdlib.h>

uint32_t page_add_rows(struct builder *b, const struct page_text *page, struct str name)
{
    struct a_page row = {.name = build_str(b, name), .status = 403, .step = PAGE_ANY_STEP};
    uint32_t first = build_row(b, SECTION_PAGES, &row);

    for (row.step = 0; page->has_steps && row.step < STEP_COUNT; row.step++)
        if (page->steps[row.step].text.n)
            build_row(b, SECTION_PAGES, &row);
    return first;
}

/* Renders the rows that page_add_rows made. */
static int fill_rows(struct builder *b, const struct page_text *page, uint32_t first, struct page_view view)
{
    struct a_str name = ((struct a_page *)build_at(b, SECTION_PAGES, first))->name;
    struct a_str source = build_str(b, page->source);

    for (uint32_t i = first; i < build_count(b, SECTION_PAGES); i++) {
        struct a_page row = *(struct a_page *)build_at(b, SECTION_PAGES, i);

        if (row.name.at != name.at || row.name.n != name.n || (i > first && row.step == PAGE_ANY_STEP))
            break;
        view.step = row.step == PAGE_ANY_STEP ? PAGE_ANY : row.step;
        if (page_html(b, page, &view, &row) != 0)
            return -1;
        row.source = source;
        *(struct a_page *)build_at(b, SECTION_PAGES, i) = row;
    }
    return 0;
}

/* Rules in the order of their names, so that the order of statements leaves no trace in the rows. */
static int by_id(const void *a, const void *b)
{
    return str_cmp(((const struct page_view *)a)->rule, ((const struct page_view *)b)->rule);
}

/* The rules that show the page, as views of it; malloc'ed. */
static struct page_view *views_of(struct builder *b, uint32_t page, uint32_t *n)
{
    uint32_t rules = build_count(b, SECTION_RULES);
    struct page_view *views = calloc(rules + 1, sizeof *views);

    *n = 0;
    for (uint32_t i = 0; views && i < rules; i++) {
        const struct a_rule *rule = build_at(b, SECTION_RULES, i);

        if (rule->page == page)
            views[(*n)++] = (struct page_view){.because = build_text(b, rule->because),
                                               .cite = build_text(b, rule->cite),
                                               .rule = build_text(b, rule->id)};
    }
    if (views && *n)
        qsort(views, *n, sizeof *views, by_id);
    return views;
}

/* Each rule that shows the page gets rows of its own, with its own sentence. */
static int fill_for_rules(struct builder *b, const struct page_text *page, uint32_t first)
{
    struct str name = build_text(b, ((struct a_page *)build_at(b, SECTION_PAGES, first))->name);
    uint32_t n;
    struct page_view *views = views_of(b, first, &n);
    int result = views ? 0 : -1;

    for (uint32_t i = 0; result == 0 && i < n; i++) {
        uint32_t rule = build_find_rule(b, views[i].rule);
        uint32_t own = page_add_rows(b, page, name);

        ((struct a_rule *)build_at(b, SECTION_RULES, rule))->page = own;
        result = fill_rows(b, page, own, views[i]);
    }
    free(views);
    return result;
}

bool page_shown(struct builder *b, uint32_t page)
{
    const struct a_meta *m = build_meta(b);

    for (uint32_t i = 0; i < build_count(b, SECTION_RULES); i++)
        if (((const struct a_rule *)build_at(b, SECTION_RULES, i))->page == page)
            return true;
    return m->default_page == page || m->unsure_page == page || m->malformed_page == page ||
           m->unavailable_page == page;
}

/* The header that allows this one style sheet and nothing else. */
static void set_csp(struct builder *b)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char sum[33] = {0};
    char csp[160];
    struct text t;

    text_init(&t, csp, sizeof csp);
    text_puts(&t, "default-src 'none'; style-src 'sha256-");
    seal_sha256(str_of(page_style), sum);
    for (unsigned i = 0; i < 33; i += 3) { /* 32 bytes: the last group of three is one short */
        uint32_t bits = (uint32_t)sum[i] << 16 | (uint32_t)sum[i + 1] << 8 | sum[i + 2];

        for (unsigned k = 0; k < (i == 30 ? 3u : 4u); k++)
            text_putc(&t, alphabet[bits >> (18 - 6 * k) & 63]);
    }
    text_puts(&t, "='; form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
    build_meta(b)->csp = build_str(b, text_str(&t));
}

int page_fill_rows(struct builder *b, const struct page_text *page, uint32_t first)
{
    const struct a_meta *m = build_meta(b);
    struct page_view view = {.step = PAGE_ANY};

    set_csp(b);
    if (m->default_page == first) {
        view.because = build_text(b, m->default_because);
        view.cite = build_text(b, m->default_cite);
    }
    if (fill_rows(b, page, first, view) != 0)
        return -1;
    return page->why_kind == WHY_OF_RULE ? fill_for_rules(b, page, first) : 0;
}
