/* Policies: the table of statements and the walk over them. */
#include "compile/policy_parse.h"

#include <stdlib.h>

enum { ONCE = 1, RULE = 2 /* reads its lines itself */ };
enum { NO_ASSUMPTION = 0xffff };
#define ASSUMPTION_NONE NO_ASSUMPTION
#define ASSUMPTION_scope_assumption offsetof(struct a_meta, scope_assumption)
#define ASSUMPTION_default_assumption offsetof(struct a_meta, default_assumption)
#define ASSUMPTION_unsure_assumption offsetof(struct a_meta, unsure_assumption)
#define ASSUMPTION_unknown_write_assumption offsetof(struct a_meta, unknown_write_assumption)
#define ASSUMPTION_malformed_assumption offsetof(struct a_meta, malformed_assumption)
#define ASSUMPTION_record_assumption offsetof(struct a_meta, record_assumption)
#define ASSUMPTION_carriers_assumption offsetof(struct a_meta, carriers_assumption)
#define ASSUMPTION_shift_assumption offsetof(struct a_meta, shift_assumption)
#define ASSUMPTION_standing_assumption offsetof(struct a_meta, standing_assumption)
#define ASSUMPTION_alert_assumption offsetof(struct a_meta, alert_assumption)
#define ASSUMPTION_grant_assumption offsetof(struct a_meta, grant_assumption)
#define ASSUMPTION_members_assumption offsetof(struct a_meta, members_assumption)

struct statement {
    int (*parse)(struct policy_parser *p);
    unsigned flags;
    size_t assumption; /* offset in struct a_meta, or NO_ASSUMPTION */
};

static const struct statement statements[STATEMENT_COUNT] = {
#define STATEMENT(NAME, word, parser, flags, assumption) {parser, flags, ASSUMPTION_##assumption},
    POLICY_STATEMENTS(STATEMENT)
#undef STATEMENT
};

const char *const statement_words[STATEMENT_COUNT] = {
#define STATEMENT(NAME, word, parser, flags, assumption) word,
    POLICY_STATEMENTS(STATEMENT)
#undef STATEMENT
};

int policy_text(struct policy_parser *p, const char *what, struct a_str *to)
{
    const struct word *w = lex_expect(&p->l, what);

    if (!w)
        return -1;
    if (str_trim(w->text).n == 0)
        return lex_error(&p->l, w, "this is empty: write %s", what);
    *to = build_str(p->b, w->text);
    return 0;
}

int policy_page(struct policy_parser *p, uint32_t *page)
{
    const struct word *w = lex_expect(&p->l, "the name of a page");
    const char *const *names;
    size_t n;

    if (!w)
        return -1;
    *page = build_find_page(p->b, w->text);
    if (*page != NO_INDEX)
        return 0;
    names = build_names(p->b, SECTION_PAGES, &n);
    return lex_unknown(&p->l, w, "page", names, n);
}

int policy_part_text(struct policy_parser *p, void *a_str)
{
    return policy_text(p, "a text in quotes", a_str);
}

int policy_part_page(struct policy_parser *p, void *page)
{
    return policy_page(p, page);
}

int policy_part_date(struct policy_parser *p, void *day)
{
    const struct word *w = lex_expect(&p->l, "a date like 2026-04-01");

    return w ? lex_date(&p->l, w, day) : -1;
}

int policy_parts(struct policy_parser *p, const struct policy_part *parts, size_t n)
{
    enum { PARTS_MAX = 8 };
    const char *keywords[PARTS_MAX];
    unsigned seen = 0;
    const struct word *w;

    for (size_t i = 0; i < n; i++)
        keywords[i] = parts[i].keyword;
    while ((w = lex_word(&p->l)) != NULL) {
        size_t i = 0;

        while (i < n && !word_is(w, keywords[i]))
            i++;
        if (i == n)
            return n ? lex_unknown(&p->l, w, "word", keywords, n)
                     : lex_error(&p->l, w, "'%.*s' is too much here", STR_ARG(w->text));
        if (seen & (1u << i))
            return lex_error(&p->l, w, "'%s' is said twice in one statement: keep one", keywords[i]);
        seen |= 1u << i;
        if (parts[i].read(p, parts[i].to))
            return -1;
    }
    return 0;
}

static int find_statement(const struct word *name)
{
    for (int i = 0; i < STATEMENT_COUNT; i++)
        if (word_is(name, statement_words[i]))
            return i;
    return -1;
}

/* Words that begin a line of a rule were perhaps meant as such. */
static int unknown_statement(struct policy_parser *p)
{
    const struct word *name = &p->l.words[0];

    if (condition_by_word(name->text) || word_is(name, "except") || word_is(name, "because") ||
        word_is(name, "cite") || word_is(name, "page") || word_is(name, "restriction") ||
        word_is(name, "assumption") || word_is(name, "every") || word_is(name, "waives"))
        return lex_error(&p->l, name, "'%.*s' is a line of a rule: put white space in front of it",
                         STR_ARG(name->text));
    return lex_unknown(&p->l, name, "statement", statement_words, STATEMENT_COUNT);
}

static int check_once(struct policy_parser *p, enum statement_id id)
{
    const struct word *name = &p->l.words[0];
    struct str file;
    unsigned line, column;

    if (build_place_of(p->b, SECTION_META, id, &file, &line, &column)) {
        if (statements[id].flags & ONCE)
            return lex_error(&p->l, name, "'%.*s' is said twice, first in line %u: keep one",
                             STR_ARG(name->text), line);
        return 0;
    }
    build_place(p->b, SECTION_META, id, p->l.file, name->line, name->column);
    return 0;
}

/* The line `assumption "..."` below a statement that is no rule. The cursor stands behind its keyword. */
static int take_assumption(struct policy_parser *p, enum statement_id id)
{
    const struct word *keyword = &p->l.words[p->l.at - 1];
    size_t offset = statements[id].assumption;
    struct a_str text, *to;

    if (offset == NO_ASSUMPTION)
        return lex_error(
            &p->l, keyword,
            "'%s' takes no assumption: default, unsure, unknown-writes, malformed, scope, "
            "record, carriers, grants, shifts, calendars, standing, allowances, emergencies and rules do",
            statement_words[id]);
    if (policy_text(p, "what is assumed, in quotes", &text))
        return -1;
    to = (struct a_str *)(void *)((char *)build_meta(p->b) + offset);
    if (to->n)
        return lex_error(&p->l, keyword, "there is an assumption about '%s' already: put both into one text",
                         statement_words[id]);
    *to = text;
    if (lex_peek(&p->l) && word_is(lex_peek(&p->l), "assumption"))
        return lex_error(&p->l, lex_peek(&p->l), "a second assumption: put both into one text");
    return lex_done(&p->l);
}

/* The statement's own words end where its assumption begins. */
static unsigned own_words(const struct lexer *l)
{
    for (unsigned i = 1; i < l->n; i++)
        if (l->words[i].starts_line && word_is(&l->words[i], "assumption"))
            return i;
    return l->n;
}

static void parse_statement(struct policy_parser *p)
{
    struct lexer *l = &p->l;
    int id = find_statement(&l->words[0]);
    unsigned all = l->n, own;

    if (id < 0) {
        unknown_statement(p);
        return;
    }
    if (check_once(p, (enum statement_id)id))
        return;
    if (statements[id].flags & RULE) {
        statements[id].parse(p);
        return;
    }
    own = own_words(l);
    l->n = own;
    if (statements[id].parse(p) || lex_done(l))
        return;
    l->n = all;
    if (own < all) {
        l->at = own + 1;
        take_assumption(p, (enum statement_id)id);
    }
}

/* Groups, calendars, allowances and emergencies are known before anything else is read, so that the order of
 * statements never matters. What is wrong with their statements is said later. */
static void declare_names(struct policy_parser *p, struct str file, struct str text)
{
    struct diag *unheard = malloc(sizeof *unheard);
    struct lexer l;

    if (!unheard)
        return;
    diag_init(unheard);
    if (lex_open(&l, file, text, unheard) == 0) {
        while (lex_statement(&l)) {
            struct a_group group = {.mode = NO_INDEX, .people = NO_INDEX};

            if (word_is(&l.words[0], statement_words[STATEMENT_CALENDAR]))
                policy_declare_calendar(p, &l);
            policy_declare_standing(p, &l);
            if (!word_is(&l.words[0], statement_words[STATEMENT_GROUP]) || l.n < 2 ||
                l.words[1].text.n == 0 || build_find_group(p->b, l.words[1].text) != NO_INDEX)
                continue;
            group.name = build_str(p->b, l.words[1].text);
            build_row(p->b, SECTION_GROUPS, &group);
        }
    }
    lex_close(&l);
    free(unheard);
}

/* A refusal for want of knowledge looks like the default one unless the policy says otherwise. Unknown writes
 * are refused with the page of `unsure`. */
static void fill_pages(struct a_meta *m)
{
    if ((m->unsure_action == ACTION_REFUSE || m->unknown_write_action == ACTION_REFUSE) &&
        m->unsure_page == NO_INDEX)
        m->unsure_page = m->default_page;
    if (m->malformed_action == ACTION_REFUSE && m->malformed_page == NO_INDEX)
        m->malformed_page = m->default_page;
}

int parse_policy(struct builder *b, struct str file, struct str text, struct diag *d)
{
    struct policy_parser p = {.b = b};
    int result = -1;

    if (lex_open(&p.l, file, text, d))
        goto out;
    build_place(b, SECTION_META, STATEMENT_COUNT, file, 1, 1); /* for messages about what is missing */
    declare_names(&p, file, text);
    while (lex_statement(&p.l))
        parse_statement(&p);
    fill_pages(build_meta(b));
    if (build_count(b, SECTION_CALENDARS) == 1) /* the only one needs no word for that it is everybody's */
        build_meta(b)->calendar = 0;
    result = p.l.failures ? -1 : 0;
out:
    lex_close(&p.l);
    return result;
}
