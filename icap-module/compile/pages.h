/* Pages that people see in place of a refused one: from policy-maps/pages/<name>.page to static HTML with
 * holes for the reference code and for links to the portal. Each is rendered once for the policy as a whole
 * (and for each step of a grant that the page knows), and once more for every rule that shows it where it
 * says `why rule`: so the rule's own sentence stands on the page although nothing is put together while a
 * request waits.
 *
 * Rows of one page stand together: the general one first, then one for each step. a_rule.page and a_meta's
 * pages point at a first row; for a verdict with a step take the row behind it that has the same name and
 * that step. */
#ifndef COMPILE_PAGES_H
#define COMPILE_PAGES_H

#include "compile/build.h"
#include "compile/lex.h"

/* The style of every page, between <style> and </style>: its SHA-256 stands in a_meta.csp. */
extern const char page_style[];

/* Makes the rows of a page, with their names alone, so that a policy can speak of it: before parse_policy. */
int page_declare(struct builder *b, struct str file, struct str text, struct diag *d);

/* "pages/step-missing.page" -> "step-missing" */
struct str page_name(struct str file);

/* --- what pages.c, page_rows.c and page_html.c share --- */

enum { PAGE_ITEMS = 48, PAGE_ANY = STEP_COUNT };

enum page_item_kind { ITEM_TEXT, ITEM_ACTION, ITEM_PORTAL, ITEM_AGAIN };

struct page_item {
    enum page_item_kind kind;
    bool goes_on;              /* another piece of the paragraph before */
    struct word text, contact; /* contact: of an action */
    enum portal_page portal;   /* of an action that leads there */
    unsigned says;             /* bit set by enum says: a sentence of the house's, the first that is true */
};

enum page_why { WHY_OF_NOTHING, WHY_OF_TEXT, WHY_OF_RULE };

/* A page as its file has it; words live until the lexer is closed. */
struct page_text {
    uint32_t status;
    struct word title, h1, why;
    enum page_why why_kind;
    struct page_item items[PAGE_ITEMS];
    unsigned n;
    bool has_steps;
    struct word steps[STEP_COUNT + 1]; /* by enum step, then PAGE_ANY; n = 0: not there */
    struct str source;                 /* the file */
};

/* Which of a page's rows is rendered. */
struct page_view {
    unsigned step;            /* enum step, or PAGE_ANY */
    struct str because, cite; /* of the rule or default that shows it */
    struct str rule;          /* its id, or empty */
};

/* A {...} in a page's text. */
struct page_hole {
    struct str before, inside, after; /* text around; inside: between the braces */
};

/* Cuts the first {...} off `text`; false when it has none (all of it is then `before`). */
bool page_cut_hole(struct str text, struct page_hole *hole);

/* Adds the rows of one view of the page, without text: the general one and one for each step. The first's
 * index. */
uint32_t page_add_rows(struct builder *b, const struct page_text *page, struct str name);

/* Renders the page's first rows, and rows of its own for each rule that shows it. -1 without memory. */
int page_fill_rows(struct builder *b, const struct page_text *page, uint32_t first);

/* The policy or one of its rules shows the page. */
bool page_shown(struct builder *b, uint32_t page);

/* Reads what follows the word `says` of a statement; -1 after an error. */
int page_says_read(struct lexer *l, struct page_item *item);

/* Holds a page that the policy shows (its first row) against the policy: sentences that are not true of it are
 * errors, what a notice leaves out and an ask that cannot be answered are warnings. Chooses the sentences. */
void page_says_check(struct builder *b, struct lexer *l, struct page_text *page, uint32_t first);

/* The kinds of sites that a rule refuses; bit set by enum category, empty for all other rules. */
uint32_t page_categories(struct builder *b, const struct a_rule *r);

/* Warns where the page tells its rule, and a rule shows it for a kind of site. */
void page_screen_check(struct builder *b, struct lexer *l, const struct page_text *page, uint32_t first);

/* HTML and holes into the row; the texts have been checked. -1 without memory. */
int page_html(struct builder *b, const struct page_text *page, const struct page_view *view,
              struct a_page *row);

#endif
