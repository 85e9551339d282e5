/* What a page says of the check itself: which connections are opened, what is kept and what never is. These
 * are the house's own sentences (words.def, SAYS), and each is held against the policy that shows the page:
 * one that is not true of it is an error. So people read on the notice what is done, whatever was changed
 * since the page was written. */
#include "compile/pages.h"

#include "core/ask.h"

/* What is asked until the portal has an answer. */
enum { ANSWERED = 1u << ASK_NOTICE | 1u << ASK_COACH | 1u << ASK_CLAIM };

/* Rules that show the page, by what they ask. */
struct shown {
    unsigned asks; /* bit set by enum ask: of rules of verb require */
    bool otherwise;
};

static struct shown shown_by(struct builder *b, uint32_t page)
{
    const struct a_meta *m = build_meta(b);
    struct shown s = {.otherwise = m->default_page == page || m->unsure_page == page ||
                                   m->malformed_page == page || m->unavailable_page == page};

    for (uint32_t i = 0; i < build_count(b, SECTION_RULES); i++) {
        const struct a_rule *rule = build_at(b, SECTION_RULES, i);

        if ((rule->page == NO_INDEX ? m->default_page : rule->page) != page)
            continue;
        if (rule->verb == VERB_REQUIRE)
            s.asks |= 1u << rule->ask;
        else
            s.otherwise = true;
    }
    return s;
}

static bool leads_to(const struct page_text *page, enum portal_page where)
{
    for (unsigned i = 0; i < page->n; i++)
        if (page->items[i].kind == ITEM_PORTAL && page->items[i].portal == where)
            return true;
    return false;
}

/* The answers to what a policy asks, and what it lets people say, are kept under their names (store/store.h,
 * struct act). */
static bool keeps_answers(struct builder *b)
{
    for (uint32_t i = 0; i < build_count(b, SECTION_RULES); i++)
        if (((const struct a_rule *)build_at(b, SECTION_RULES, i))->verb == VERB_REQUIRE)
            return true;
    return build_count(b, SECTION_ALLOWANCES) || build_count(b, SECTION_EMERGENCIES);
}

/* A sentence without a case here is true of nothing. */
static bool is_true(struct builder *b, const struct page_text *page, const struct shown *s, enum says says)
{
    const struct a_meta *m = build_meta(b);

    switch (says) {
    case SAYS_OPENS: /* decide.c, step 11 */
        return m->scope_classes != 0;
    case SAYS_NOTHING:
        return meta_record_mode(m) == RECORD_NONE;
    case SAYS_COUNTS:
        return meta_record_mode(m) == RECORD_COUNTS;
    case SAYS_PSEUDONYM:
        return meta_record_mode(m) == RECORD_PSEUDONYM;
    case SAYS_MINUTES:
        return build_count(b, SECTION_ALLOWANCES) > 0;
    case SAYS_ANSWERS:
        return keeps_answers(b);
    case SAYS_CONTENT: /* record/event.h has no place for any of it */
        return true;
    case SAYS_PERSON: /* module/record.c, name_person */
        return s->asks == 1u << ASK_PERSON && !s->otherwise;
    case SAYS_OWN:
        return leads_to(page, PORTAL_MINE);
    case SAYS_ONCE: /* core/ask.h */
        return s->asks == 1u << ASK_NOTICE && !s->otherwise;
    default:
        return false;
    }
}

/* What would have to be otherwise. */
static const char *why_false(enum says says)
{
    switch (says) {
    case SAYS_OPENS:
        return "the policy has no class of sites in its scope";
    case SAYS_MINUTES:
        return "the policy has no allowance";
    case SAYS_ANSWERS:
        return "the policy asks nothing";
    case SAYS_PERSON:
        return "it is shown by other rules than a 'require person'";
    case SAYS_OWN:
        return "the page does not lead there: add 'action \"...\" portal mine'";
    case SAYS_ONCE:
        return "it is shown by other rules than a 'require notice'";
    default:
        return NULL;
    }
}

static struct str sentence_of(enum says says)
{
    return str_of(word_lists[WORDS_SAYS].meanings[says]);
}

static void say_false(struct builder *b, struct lexer *l, const struct page_item *item, enum says says)
{
    const char *why = why_false(says);
    enum record mode = meta_record_mode(build_meta(b));

    if (why)
        lex_error(l, &item->text, "this is not so: %s", why);
    else
        lex_error(
            l, &item->text,
            "this is not so: what this policy records is '%s'%s. Say 'records-%s', or list all that may "
            "be true in one line: the one that is will be shown",
            word_of(WORDS_RECORD, mode),
            build_meta(b)->record != (uint32_t)mode ? ", until 'monitoring' is filled in" : "",
            mode == RECORD_NONE ? "nothing" : word_of(WORDS_RECORD, mode));
}

int page_says_read(struct lexer *l, struct page_item *item)
{
    const struct word *w = lex_expect(l, "what the page says, such as never-content");
    int says;

    if (!w)
        return -1;
    item->kind = ITEM_TEXT;
    item->text = *w;
    for (; w; w = lex_word(l)) {
        if ((says = lex_word_of(l, w, WORDS_SAYS)) < 0)
            return -1;
        item->says |= 1u << says;
        item->text.text = sentence_of((enum says)says);
    }
    return 0;
}

static void check_item(struct builder *b, struct lexer *l, const struct page_text *page,
                       const struct shown *s, struct page_item *item)
{
    unsigned said = 0;

    for (unsigned says = 0; says < SAYS_COUNT; says++) {
        if (!(item->says >> says & 1))
            continue;
        said = says;
        if (is_true(b, page, s, (enum says)says)) {
            item->text.text = sentence_of((enum says)says);
            item->says = 1u << says;
            return;
        }
    }
    say_false(b, l, item, (enum says)said);
}

/* Words by which a sentence of the page's own would speak of what the house keeps or opens. */
static bool speaks_of_records(struct str s)
{
    static const char *const words[] = {"record",  "monitor",  "pseudonym", "we keep", "is kept", "are kept",
                                        "we note", "we count", "we store",  "we open", "a note"};

    for (size_t at = 0; at < s.n; at++)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (str_istarts(str_from(s, at), str_of(words[i])))
                return true;
    return false;
}

/* On a page that asks, only the house's own sentences speak of it: any other could be untrue. */
static void check_own_words(struct lexer *l, const struct word *w)
{
    if (speaks_of_records(w->text))
        lex_error(
            l, w,
            "this speaks of what is kept or opened, and nothing holds it against the policy: say it with "
            "'says' (portreeve.policy(5), PAGES)");
}

/* Everybody whose connections are opened is to be told of it, and what for (SI 2018/356, regulation 4). */
static void check_notice(struct builder *b, struct lexer *l, const struct page_text *page,
                         const struct shown *s)
{
    static const enum says needed[] = {SAYS_OPENS,   SAYS_NOTHING, SAYS_COUNTS, SAYS_PSEUDONYM,
                                       SAYS_MINUTES, SAYS_ANSWERS, SAYS_CONTENT};
    char wanted[DIAG_TEXT / 2];
    unsigned said = 0;
    struct text t;

    text_init(&t, wanted, sizeof wanted - 1);
    for (unsigned i = 0; i < page->n; i++)
        said |= page->items[i].says;
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (is_true(b, page, s, needed[i]) && !(said >> needed[i] & 1)) {
            text_putc(&t, ' ');
            text_puts(&t, word_of(WORDS_SAYS, needed[i]));
        }
    wanted[t.n] = '\0';
    if (t.n)
        lex_warning(l, NULL, "people read this page as the notice, and it does not tell them all: say also%s",
                    wanted);
}

void page_says_check(struct builder *b, struct lexer *l, struct page_text *page, uint32_t first)
{
    struct shown s = shown_by(b, first);

    for (unsigned i = 0; i < page->n; i++) {
        struct page_item *item = &page->items[i];

        if (item->says)
            check_item(b, l, page, &s, item);
        else if (s.asks && item->kind == ITEM_TEXT)
            check_own_words(l, &item->text);
    }
    if (s.asks)
        check_own_words(l, &page->h1);
    if (s.asks >> ASK_NOTICE & 1)
        check_notice(b, l, page, &s);
    if (s.asks & ANSWERED && !leads_to(page, PORTAL_CONTINUE) && !leads_to(page, PORTAL_CLAIM))
        lex_warning(
            l, NULL,
            "people are asked here and have no way to answer: add 'action \"Go on\" portal continue'");
}
