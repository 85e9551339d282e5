#include "compile/pages.h"

#include "compile/compile.h"

static const char *const statements[] = {"status", "title", "h1", "p", "says", "action", "steps", "why"};

enum { STATUS, TITLE, H1, TEXT, CLAIM, ACTION, STEPS, WHY, STATEMENTS };

/* A page while its file is read. */
struct reading {
    struct builder *b;
    struct lexer l;
    struct page_text page;
    unsigned said; /* bit set by statement */
    bool used;     /* the policy shows it: what is missing for it is an error */
};

struct str page_name(struct str file)
{
    struct str name = file, part;

    while (name.n && str_find(name, '/') < name.n) {
        part = name;
        str_cut(&part, '/');
        name = part;
    }
    return str_upto(name, str_find(name, '.'));
}

static bool sound_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", name.p[i]))
            return false;
    return name.n > 0;
}

static int read_status(struct reading *r)
{
    const struct word *w = lex_expect(&r->l, "an HTTP status such as 403");
    uint64_t status;

    if (!w)
        return -1;
    /* The page `enrolled` alone says that something has been done. */
    if (!str_u64(w->text, &status) || status > 599 ||
        (status < 400 && !(status == 200 && str_eq(page_name(r->l.file), STR("enrolled")))))
        return lex_error(&r->l, w,
                         "'%.*s' is no HTTP status of a refusal: write 403, or 503 for a page that says 'try "
                         "again'",
                         STR_ARG(w->text));
    r->page.status = (uint32_t)status;
    return 0;
}

static int read_text(struct reading *r, const char *what, struct word *to)
{
    const struct word *w = lex_expect(&r->l, what);

    if (!w)
        return -1;
    if (str_trim(w->text).n == 0)
        return lex_error(&r->l, w, "this is empty: write %s", what);
    *to = *w;
    return 0;
}

static int add_item(struct reading *r, const struct page_item *item)
{
    if (r->page.n == PAGE_ITEMS)
        return lex_error(&r->l, &item->text,
                         "the page is too long: people do not read more than a few sentences");
    r->page.items[r->page.n++] = *item;
    return 0;
}

/* A long paragraph is written as several strings. */
static int read_paragraph(struct reading *r)
{
    struct page_item item = {.kind = ITEM_TEXT};

    do {
        if (read_text(r, "a text in quotes", &item.text) || add_item(r, &item))
            return -1;
        item.goes_on = true;
    } while (lex_peek(&r->l));
    return 0;
}

static int read_claim(struct reading *r)
{
    struct page_item item = {.kind = ITEM_TEXT};

    return page_says_read(&r->l, &item) ? -1 : add_item(r, &item);
}

/* Each link takes room for a token while a request waits. */
static int read_portal(struct reading *r, struct page_item *item)
{
    const struct word *w = lex_expect(&r->l, "a page of the portal");
    unsigned links = 0;
    int page;

    for (unsigned i = 0; i < r->page.n; i++)
        links += r->page.items[i].kind == ITEM_PORTAL;
    if (!w || (page = lex_word_of(&r->l, w, WORDS_PORTAL)) < 0)
        return -1;
    if (links == PAGE_LINKS_MAX)
        return lex_error(&r->l, w, "more than %d ways to the portal: which of them is anybody to take?",
                         PAGE_LINKS_MAX);
    item->kind = ITEM_PORTAL;
    item->portal = (enum portal_page)page;
    return add_item(r, item);
}

static int read_action(struct reading *r)
{
    struct page_item item = {.kind = ITEM_ACTION};
    const struct word *w;

    if (read_text(r, "the words on the button", &item.text))
        return -1;
    if (lex_accept(&r->l, "portal"))
        return read_portal(r, &item);
    if (lex_accept(&r->l, "again")) {
        item.kind = ITEM_AGAIN;
        return add_item(r, &item);
    }
    if (!lex_accept(&r->l, "contact")) {
        w = lex_peek(&r->l);
        return lex_error(&r->l, w ? w : &r->l.words[r->l.n - 1],
                         "an action leads to a contact, the portal, or to the same address again: write "
                         "'action \"Ask them\" "
                         "contact NAME', 'action \"Go on\" portal PAGE' or 'action \"Go on\" again'");
    }
    return read_text(r, "a contact of the policy", &item.contact) ? -1 : add_item(r, &item);
}

static int read_steps(struct reading *r)
{
    const struct word *w;

    r->page.has_steps = true;
    while ((w = lex_word(&r->l)) != NULL) {
        int step = word_is(w, "any") ? PAGE_ANY : lex_word_of(&r->l, w, WORDS_STEP);

        if (step < 0)
            return -1;
        if (r->page.steps[step].text.n)
            return lex_error(&r->l, w, "the step '%.*s' is there already: keep one", STR_ARG(w->text));
        if (read_text(r, "what is to be done for this step, in quotes", &r->page.steps[step]))
            return -1;
    }
    return 0;
}

static int read_why(struct reading *r)
{
    const struct word *w = lex_peek(&r->l);

    if (lex_accept(&r->l, "rule")) {
        r->page.why_kind = WHY_OF_RULE;
        return 0;
    }
    if (w && !w->quoted)
        return lex_error(
            &r->l, w,
            "'why' is followed by 'rule' (the rule's own sentence and clause) or by a text in quotes");
    r->page.why_kind = WHY_OF_TEXT;
    return read_text(r, "'rule' or a text in quotes", &r->page.why);
}

static int read_statement(struct reading *r, unsigned statement)
{
    switch (statement) {
    case STATUS:
        return read_status(r);
    case TITLE:
        return read_text(r, "the title in quotes", &r->page.title);
    case H1:
        return read_text(r, "the heading in quotes", &r->page.h1);
    case TEXT:
        return read_paragraph(r);
    case CLAIM:
        return read_claim(r);
    case ACTION:
        return read_action(r);
    case STEPS:
        return read_steps(r);
    default:
        return read_why(r);
    }
}

static void read_statements(struct reading *r)
{
    while (lex_statement(&r->l)) {
        const struct word *name = &r->l.words[0];
        unsigned i = 0;

        while (i < STATEMENTS && !word_is(name, statements[i]))
            i++;
        if (i == STATEMENTS) {
            lex_unknown(&r->l, name, "statement of a page", statements, STATEMENTS);
            continue;
        }
        if (i != TEXT && i != CLAIM && i != ACTION && r->said & 1u << i) {
            lex_error(&r->l, name, "'%s' is said twice in one page: keep one", statements[i]);
            continue;
        }
        r->said |= 1u << i;
        if (read_statement(r, i) == 0)
            lex_done(&r->l);
    }
}

/* A contact by its name: needed when the policy shows this page. */
static void check_contact(struct reading *r, const struct word *at, struct str name)
{
    struct word w = *at;
    const char *const *names;
    size_t n;

    if (!r->used || build_find_contact(r->b, name) != NO_INDEX)
        return;
    names = build_names(r->b, SECTION_CONTACTS, &n);
    w.text = name;
    if (diag_nearest(name, names, n))
        lex_unknown(&r->l, &w, "contact", names, n);
    else
        lex_error(&r->l, &w,
                  "your policy shows this page and does not say who '%.*s' is: add a line 'contact %.*s "
                  "\"NAME\" mail ADDRESS' to council.policy",
                  STR_ARG(name), STR_ARG(name));
}

static void check_contact_hole(struct reading *r, const struct word *at, struct str inside)
{
    static const char *const parts[] = {"label", "mail", "url", "phone"};
    struct str words = str_trim(str_from(inside, sizeof "contact" - 1));
    struct str name = str_cut(&words, ' '), part = str_trim(words);
    struct word w = *at;

    check_contact(r, at, name);
    for (unsigned i = 0; i < sizeof parts / sizeof *parts; i++)
        if (str_eq(part, str_of(parts[i])))
            return;
    w.text = part;
    lex_unknown(&r->l, &w, "part of a contact", parts, sizeof parts / sizeof *parts);
}

static void check_holes(struct reading *r, const struct word *at)
{
    struct str rest = at->text;
    struct page_hole hole;

    while (page_cut_hole(rest, &hole)) {
        rest = hole.after;
        if (str_istarts(hole.inside, STR("contact ")))
            check_contact_hole(r, at, hole.inside);
        else if (str_eq(hole.inside, STR("step")) && !r->page.has_steps)
            lex_error(&r->l, at, "{step} needs a statement 'steps' that says what each step is");
        else if (!str_eq(hole.inside, STR("council")) && !str_eq(hole.inside, STR("code")) &&
                 !str_eq(hole.inside, STR("step")))
            lex_error(&r->l, at,
                      "unknown place {%.*s}: there is {council}, {code}, {step} and {contact NAME label}",
                      STR_ARG(hole.inside));
    }
    if (str_find(hole.before, '{') < hole.before.n)
        lex_error(&r->l, at, "a '{' without its '}'");
}

/* A require person asks once and keeps no answer: its page leads on by itself, and nothing on it may lead to
 * where an answer is kept under somebody's name. */
static void check_person(struct reading *r)
{
    bool again = false;
    uint32_t page = build_find_page(r->b, page_name(r->l.file));
    struct str rule = STR_NONE;

    for (uint32_t i = 0; i < build_count(r->b, SECTION_RULES); i++) {
        const struct a_rule *row = build_at(r->b, SECTION_RULES, i);

        if (row->verb == VERB_REQUIRE && row->ask == ASK_PERSON && row->page == page)
            rule = build_text(r->b, row->id);
    }
    for (unsigned i = 0; rule.n && i < r->page.n; i++) {
        again |= r->page.items[i].kind == ITEM_AGAIN;
        if (r->page.items[i].kind == ITEM_PORTAL && r->page.items[i].portal == PORTAL_CONTINUE)
            lex_error(&r->l, &r->page.items[i].text,
                      "require person '%.*s' shows this page, and what is answered on the portal is kept "
                      "under a name: "
                      "write 'again' in the place of 'portal continue'",
                      STR_ARG(rule));
    }
    if (rule.n && !again)
        lex_error(&r->l, NULL,
                  "require person '%.*s' shows this page, and nobody can go on from it: add 'action \"Go "
                  "on\" again'",
                  STR_ARG(rule));
}

static void check_page(struct reading *r, uint32_t first)
{
    static const unsigned needed[] = {STATUS, TITLE, H1};

    for (unsigned i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!(r->said & 1u << needed[i]))
            lex_error(&r->l, NULL, "the page has no '%s': every page needs one", statements[needed[i]]);
    if (!(r->said & 1u << TEXT))
        lex_error(&r->l, NULL, "the page has no 'p': say what happened and what people can do");
    check_person(r);
    check_holes(r, &r->page.h1);
    for (unsigned i = 0; i < r->page.n; i++) {
        check_holes(r, &r->page.items[i].text);
        if (r->page.items[i].kind == ITEM_ACTION)
            check_contact(r, &r->page.items[i].contact, r->page.items[i].contact.text);
    }
    if (!r->used)
        return;
    page_says_check(r->b, &r->l, &r->page, first);
    page_screen_check(r->b, &r->l, &r->page, first);
}

int page_declare(struct builder *b, struct str file, struct str text, struct diag *d)
{
    struct reading r = {.b = b};
    struct str name = page_name(file);
    struct diag unheard; /* parse_page will say it */
    int result = 0;

    diag_init(&unheard);
    if (!sound_name(name))
        result =
            lex_error(&(struct lexer){.file = file, .d = d}, NULL,
                      "a page's file name is made of small letters, digits and '-', and ends in '.page'");
    else if (lex_open(&r.l, file, text, &unheard) != 0)
        result = diag_error(d, "there is not enough memory to read the pages", NULL, NULL);
    if (result == 0) {
        read_statements(&r);
        page_add_rows(b, &r.page, name);
    }
    lex_close(&r.l);
    return result;
}

int parse_page(struct builder *b, struct str file, struct str text, struct diag *d)
{
    struct reading r = {.b = b};
    uint32_t first = build_find_page(b, page_name(file));
    int result = -1;

    if (first == NO_INDEX) {
        if (page_declare(b, file, text, d) != 0)
            return -1;
        first = build_find_page(b, page_name(file));
    }
    if (lex_open(&r.l, file, text, d) != 0)
        goto out;
    r.used = page_shown(b, first);
    read_statements(&r);
    check_page(&r, first);
    if (r.l.failures)
        goto out;
    r.page.source = text;
    result = page_fill_rows(b, &r.page, first);
    if (result != 0)
        diag_error(d, "there is not enough memory to render the pages", NULL, NULL);
out:
    lex_close(&r.l);
    return result;
}
