/* Hostile pages. Nothing in a page's text may become markup: written with other letters in place of < > & '
 * and ", the same page comes out with the same bytes, but for the entities that stand for them. */
#include "fuzz.h"

#include "compile/compile.h"
#include "compile/pages.h"
#include "core/page.h"
#include "record/seal.h"

#include <stdlib.h>

static const char code[] = "K7M4-29QX";

static struct a_contact contact(struct builder *b, const char *name, const char *label)
{
    return (struct a_contact){.name = build_str(b, str_of(name)), .label = build_str(b, str_of(label))};
}

/* Contacts of every kind, with what must be escaped in them. */
static void add_contacts(struct builder *b)
{
    struct a_contact desk = contact(b, "desk", "Desk <a href='x'>");
    struct a_contact form = contact(b, "form", "Form");
    struct a_contact record = contact(b, "record", "Record");

    desk.mail = build_str(b, STR("desk@council.example"));
    form.url = build_str(b, STR("https://council.example/f?a=1&b=\"#c"));
    record.phone = build_str(b, STR("+44 20 7946 0000"));
    build_row(b, SECTION_CONTACTS, &desk);
    build_row(b, SECTION_CONTACTS, &form);
    build_row(b, SECTION_CONTACTS, &record);
}

/* A policy, as rows, whose default and one rule show the page. */
static struct builder *start(struct str text)
{
    static struct diag d;
    struct builder *b = fuzz_builder();
    struct a_meta *meta;
    struct a_rule rule = {.verb = VERB_FORBID, .ask = NO_INDEX};
    uint32_t page;

    diag_init(&d);
    FUZZ_HOLDS(page_declare(b, STR("pages/input.page"), text, &d) == 0);
    page = build_find_page(b, STR("input"));
    add_contacts(b);
    rule.id = build_str(b, STR("adult"));
    rule.because = build_str(b, STR("No <script>"));
    rule.cite = build_str(b, STR("2 & 3"));
    rule.page = page;
    build_row(b, SECTION_RULES, &rule);
    meta = build_meta(b);
    meta->title = build_str(b, STR("Policy <b>\"&'"));
    meta->council = build_str(b, STR("Council <i>&'\""));
    meta->version = build_str(b, STR("1"));
    meta->default_because = build_str(b, STR("Off <u>."));
    meta->record = RECORD_COUNTS;
    meta->default_page = page;
    return b;
}

static bool special(char c)
{
    return c == '<' || c == '>' || c == '&' || c == '\'';
}

/* The text with '~' for what must be escaped; quotes and backslashes that the lexer needs stay. */
static struct str tamed(struct str text, char *to)
{
    size_t n = 0;

    for (size_t i = 0; i < text.n; i++) {
        bool escape = text.p[i] == '\\' && i + 1 < text.n && (text.p[i + 1] == '"' || text.p[i + 1] == '\\');

        if (escape && text.p[i + 1] == '"') {
            to[n++] = '~';
            i++;
        } else if (escape) {
            to[n++] = text.p[i++];
            to[n++] = text.p[i];
        } else {
            to[n++] = special(text.p[i]) ? '~' : text.p[i];
        }
    }
    return (struct str){to, n};
}

/* The next byte of HTML, an entity read as '~'. */
static char next(struct str *html)
{
    static const struct str entities[] = {
        {"&lt;", 4}, {"&gt;", 4}, {"&amp;", 5}, {"&#39;", 5}, {"&quot;", 6}};
    char c = html->p[0];

    for (size_t i = 0; c == '&' && i < sizeof entities / sizeof *entities; i++)
        if (str_eq(str_upto(*html, entities[i].n), entities[i])) {
            *html = str_from(*html, entities[i].n);
            return '~';
        }
    FUZZ_HOLDS(c != '&');
    *html = str_from(*html, 1);
    return c;
}

static void expect_same(struct str a, struct str b)
{
    while (a.n && b.n)
        FUZZ_HOLDS(next(&a) == next(&b));
    FUZZ_HOLDS(a.n == 0 && b.n == 0);
}

static void expect_tame(struct builder *b, struct str text)
{
    static struct diag d;
    static char *room;
    struct builder *other;
    struct str tame;

    room = realloc(room, text.n + 1);
    tame = tamed(text, room);
    other = start(tame);
    diag_init(&d);
    FUZZ_HOLDS(parse_page(other, STR("pages/input.page"), tame, &d) == 0);
    FUZZ_HOLDS(build_count(other, SECTION_PAGES) == build_count(b, SECTION_PAGES));
    for (uint32_t i = 0; i < build_count(b, SECTION_PAGES); i++)
        expect_same(build_text(b, ((struct a_page *)build_at(b, SECTION_PAGES, i))->html),
                    build_text(other, ((struct a_page *)build_at(other, SECTION_PAGES, i))->html));
    build_free(other);
}

/* The next n bytes of what was rendered are these. */
static void expect_next(struct str *got, struct str expected)
{
    FUZZ_HOLDS(str_eq(str_upto(*got, expected.n), expected));
    *got = str_from(*got, expected.n);
}

/* The artefact's HTML from one offset to another, the code in its holes; `hole` is the next of them. */
static void expect_piece(const struct artefact *a, const struct a_page *row, size_t from, size_t to,
                         struct str *got)
{
    struct str html = artefact_str(a, row->html);

    for (uint32_t i = 0; i < row->holes.n; i++) {
        size_t hole = artefact_numbers(a, row->holes)[i];

        FUZZ_HOLDS(hole + CODE_SIZE <= html.n && memcmp(html.p + hole, "XXXX-XXXX", CODE_SIZE) == 0);
        FUZZ_HOLDS(hole + CODE_SIZE <= from || hole >= to || (hole >= from && hole + CODE_SIZE <= to));
        if (hole < from || hole >= to)
            continue;
        expect_next(got, str_upto(str_from(html, from), hole - from));
        expect_next(got, STR(code));
        from = hole + CODE_SIZE;
    }
    expect_next(got, str_upto(str_from(html, from), to - from));
}

/* The page as the artefact has it, and its links with the portal's host and the token, or without them. */
static void expect_page(const struct artefact *a, const struct a_page *row, const struct page_fill *fill,
                        const struct answer_body *body)
{
    struct str got = body->body;
    size_t at = 0;

    FUZZ_HOLDS(body->status == row->status && row->links.n % PAGE_LINK_NUMBERS == 0);
    for (uint32_t i = 0; i < row->links.n; i += PAGE_LINK_NUMBERS) {
        const uint32_t *link = artefact_numbers(a, row->links) + i;

        expect_piece(a, row, at, link[0], &got);
        if (fill->portal.n) {
            expect_next(&got, STR("<p><a class=\"go\" href=\"https://"));
            expect_next(&got, fill->portal);
            expect_piece(a, row, link[1], link[2], &got);
            expect_next(&got, fill->token.n ? STR("?t=") : STR(""));
            expect_next(&got, fill->token);
            expect_next(&got, STR("\">"));
            expect_piece(a, row, link[2] + 2, link[3], &got);
        }
        at = link[PAGE_LINK_NUMBERS - 1];
    }
    expect_piece(a, row, at, row->html.n, &got);
    FUZZ_HOLDS(got.n == 0);
}

static void render(struct builder *b, struct diag *d)
{
    static const struct page_fill fills[] = {{code, {NULL, 0}, {NULL, 0}, false},
                                             {code, {"portal.example", 14}, {NULL, 0}, false},
                                             {code, {"portal.example", 14}, {"TOKEN", 5}, false}};
    static char out[ARTEFACT_PAGE_MAX + 1024];
    unsigned char *bytes = NULL;
    size_t size = 0;
    struct artefact a;

    FUZZ_HOLDS(build_finish(b, &bytes, &size, d) == 0 && artefact_check(bytes, size, &a, d) == 0);
    for (uint32_t i = 0; i < a.n[SECTION_PAGES]; i++) {
        const struct a_page *row = &ARTEFACT_ROWS(&a, PAGES, struct a_page)[i];

        for (int form = FORM_PAGE; form <= FORM_TUNNEL; form++) {
            struct answer_body body = page_render(&a, i, (enum form)form, &fills[0], out, sizeof out);

            FUZZ_HOLDS(body.body.n <= sizeof out && body.status >= 400 && body.status <= 599);
            FUZZ_HOLDS((body.media_type.n == 0) == (body.body.n == 0) || form == FORM_PAGE);
        }
        for (size_t k = 0; row->html.n <= ARTEFACT_PAGE_MAX && k < sizeof fills / sizeof *fills; k++) {
            struct answer_body body = page_render(&a, i, FORM_PAGE, &fills[k], out, sizeof out);

            expect_page(&a, row, &fills[k], &body);
        }
        FUZZ_HOLDS(page_render(&a, i, FORM_PROBLEM, &fills[0], out, 16).body.n == 0);
    }
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct diag d;
    struct str text = {(const char *)data, size};
    struct builder *b;
    int result;

    diag_init(&d);
    FUZZ_HOLDS(seal_init(&d) == 0);
    b = start(text);
    result = parse_page(b, STR("pages/input.page"), text, &d);
    FUZZ_HOLDS((result != 0) == (d.errors > 0));
    if (result == 0) {
        expect_tame(b, text);
        render(b, &d);
    }
    build_free(b);
    return 0;
}

static const char *const lines[] = {
    "status 403\n",
    "status 599\n",
    "title \"Web <access>\"\n",
    "h1 \"Not here\"\n",
    "p \"Ask {contact desk label} at {contact desk mail}, {contact record phone}, {contact form url}.\"\n",
    "action \"Go <on> {code}\" portal continue\n",
    "action \"It was for work\" portal claim\n",
    "p \"{council} {code} {step}\" \"a & b\"\n",
    "says records-nothing records-counts records-pseudonym\n",
    "says opens-connections keeps-answers\n",
    "says never-content\n",
    "p \"</p><script>'\\\"\"\n",
    "action \"Ask <b>\" contact desk\n",
    "action \"Form {code}\" contact form\n",
    "action \"Ring\" contact record\n",
    "steps approval \"Ask\" aup \"Sign <it>\" training \"Train\" any \"Do it\"\n",
    "why rule\n",
    "why \"Policy & 'law'\"\n",
    NULL};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutate_text(data, size, max_size, seed, lines);
}
