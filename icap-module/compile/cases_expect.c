/* What a case expects, and whether it came. */
#include "compile/cases_internal.h"

#include "core/during.h"

#include <stdlib.h>

static const struct {
    const char *word;
    unsigned kind; /* enum word_list_id or enum value_kind */
} expectations[EXPECTATIONS] = {
#define EXPECT(NAME, word, kind) {word, kind},
    CASE_EXPECTATIONS(EXPECT)
#undef EXPECT
};

/* Names of a section's rows; every named row begins with its name. */
static bool is_row(const struct artefact *a, enum section s, struct str name)
{
    const unsigned char *row = a->rows[s];

    for (uint32_t i = 0; i < a->n[s]; i++, row += section_row_size(s)) {
        struct a_str text;

        memcpy(&text, row, sizeof text);
        if (str_eq(artefact_str(a, text), name))
            return true;
    }
    return false;
}

static int unknown_row(struct lexer *l, const struct word *w, const struct artefact *a, enum section s)
{
    static const char *const what[SECTION_COUNT] = {
        [SECTION_RULES] = "rule", [SECTION_PAGES] = "page", [SECTION_PLATFORMS] = "platform"};
    const unsigned char *row = a->rows[s];
    char **names = calloc(a->n[s] + 1, sizeof *names);
    uint32_t n = 0;

    for (; names && n < a->n[s]; n++, row += section_row_size(s)) {
        struct a_str text;

        memcpy(&text, row, sizeof text);
        names[n] = strndup(artefact_str(a, text).p, text.n);
        if (!names[n])
            break;
    }
    lex_unknown(l, w, what[s], (const char *const *)names, n);
    for (uint32_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
    return -1;
}

static int check_row(struct lexer *l, const struct word *w, const struct artefact *a, enum section s)
{
    return is_row(a, s, w->text) ? 0 : unknown_row(l, w, a, s);
}

/* The value must be one that can come. */
static int check_value(struct lexer *l, const struct policy *p, enum expectation e, const struct word *w)
{
    const struct artefact *a = policy_artefact(p);
    unsigned kind = expectations[e].kind;

    if (word_is(w, "none") && (kind >= WORDS_LISTS || e == EXPECT_CLASS || e == EXPECT_CATEGORY ||
                               e == EXPECT_ROT || e == EXPECT_STEP || e == EXPECT_SHADOW))
        return 0;
    if (word_is(w, "unknown") &&
        (e == EXPECT_ACTIVITY || e == EXPECT_ACCOUNT || e == EXPECT_PEOPLE || e == EXPECT_TIME))
        return 0;
    switch (kind) {
    case VALUE_RULE:
        return word_is(w, "default") ? 0 : check_row(l, w, a, SECTION_RULES);
    case VALUE_PAGE:
        return check_row(l, w, a, SECTION_PAGES);
    case VALUE_PLATFORM:
        return check_row(l, w, a, SECTION_PLATFORMS);
    case VALUE_TEXT:
        return 0;
    case VALUE_YES_NO:
        return word_is(w, "yes") || word_is(w, "no") ? 0 : lex_error(l, w, "this is 'yes' or 'no'");
    default:
        return lex_word_of(l, w, (enum word_list_id)kind) < 0 ? -1 : 0;
    }
}

static int unknown_expectation(struct lexer *l, const struct word *w)
{
    const char *names[EXPECTATIONS + ACTION_COUNT + SET_EXPECTATIONS] = {"sets", "would-set", "query"};
    size_t n = SET_EXPECTATIONS;

    for (unsigned i = 0; i < EXPECTATIONS; i++)
        names[n++] = expectations[i].word;
    for (unsigned i = 0; i < ACTION_COUNT; i++)
        names[n++] = word_of(WORDS_ACTION, i);
    return lex_unknown(l, w, "expectation", names, n);
}

static int read_action(struct lexer *l, const struct word *w, int action, struct expected *e)
{
    const struct word *next = lex_line_peek(l);
    int ask;

    if (e->has_action)
        return lex_error(l, w, "this case expects an action already: keep one");
    e->has_action = true;
    e->action = (enum action)action;
    ask = action == ACTION_ASK && next ? word_find(WORDS_ASK, next->text) : -1;
    if (ask >= 0) {
        e->ask = (enum ask)ask;
        lex_word(l);
    }
    return 0;
}

int expect_read(struct lexer *l, const struct policy *p, struct expected *e)
{
    const struct word *w;

    while ((w = lex_line_word(l)) != NULL) {
        int action = w->quoted ? -1 : word_find(WORDS_ACTION, w->text);
        const struct word *value;
        unsigned i = 0;
        int set = expect_set_read(l, p, w, e);

        if (set < 0)
            return -1;
        if (set > 0)
            continue;

        if (action >= 0) {
            if (read_action(l, w, action, e) != 0)
                return -1;
            continue;
        }
        while (i < EXPECTATIONS && !word_is(w, expectations[i].word))
            i++;
        if (i == EXPECTATIONS)
            return unknown_expectation(l, w);
        value = lex_line_word(l);
        if (!value)
            return lex_error(l, w, "'%s' needs a word behind it", expectations[i].word);
        if (e->values[i].n)
            return lex_error(l, w, "'%s' is expected twice in one case: keep one", expectations[i].word);
        if (check_value(l, p, (enum expectation)i, value) != 0)
            return -1;
        e->values[i] = value->text;
    }
    return 0;
}

static struct str word_or(enum word_list_id list, unsigned value, const char *otherwise)
{
    return str_of(value < word_lists[list].n ? word_of(list, value) : otherwise);
}

static struct str rule_id(const struct artefact *a, uint32_t rule)
{
    return rule == RULE_NONE ? STR("none") : artefact_str(a, ARTEFACT_ROWS(a, RULES, struct a_rule)[rule].id);
}

static struct str rule_of(const struct policy *p, const struct verdict *v)
{
    struct str rule = verdict_rule(p, v);

    return rule.n ? rule : STR("none");
}

static struct str platform_value(const struct artefact *a, const struct verdict *v, bool class)
{
    const struct a_platform *f;

    if (v->what.platform == NO_INDEX)
        return STR("none");
    f = &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[v->what.platform];
    return class ? str_of(word_of(WORDS_CLASS, f->class)) : artefact_str(a, f->id);
}

/* The account that the request names: the registered name where there is one. */
static struct str account_value(const struct artefact *a, const struct verdict *v)
{
    if (v->what.account_state == ACCOUNT_STATE_UNKNOWN)
        return STR("unknown");
    if (v->what.account_state == ACCOUNT_STATE_NOBODY)
        return STR("none");
    if (v->what.registered != NO_INDEX)
        return artefact_str(a, ARTEFACT_ROWS(a, ACCOUNTS, struct a_account)[v->what.registered].name);
    return v->what.account;
}

/* What came, in the words that a case is written in. */
static struct str value_of(enum expectation e, const struct policy *p, const struct verdict *v)
{
    const struct artefact *a = policy_artefact(p);

    switch (e) {
    case EXPECT_RULE:
        return rule_of(p, v);
    case EXPECT_PAGE:
        return v->page == NO_INDEX ? STR("none")
                                   : artefact_str(a, ARTEFACT_ROWS(a, PAGES, struct a_page)[v->page].name);
    case EXPECT_WHY:
        return word_or(WORDS_WHY, v->why, "none");
    case EXPECT_STEP:
        return word_or(WORDS_STEP, v->step, "none");
    case EXPECT_PLATFORM:
        return platform_value(a, v, false);
    case EXPECT_CLASS:
        return platform_value(a, v, true);
    case EXPECT_ACTIVITY:
        return word_or(WORDS_ACTIVITY, v->what.activity, "unknown");
    case EXPECT_ACCOUNT:
        return account_value(a, v);
    case EXPECT_ACCOUNT_STATE:
        return word_or(WORDS_ACCOUNT_STATE, v->what.account_state, "unknown");
    case EXPECT_IDENTITY:
        return word_or(WORDS_IDENTITY, v->what.identity, "unknown");
    case EXPECT_ORIGIN:
        return word_or(WORDS_ORIGIN, v->what.origin, "unknown");
    case EXPECT_CONFIDENCE:
        return word_or(WORDS_CONFIDENCE, v->what.confidence, "unknown");
    case EXPECT_KNOWN_BY:
        return str_of(word_of(WORDS_KNOWN_BY, v->who.known_by));
    case EXPECT_PEOPLE:
        return word_or(WORDS_PEOPLE, v->who.people, "unknown");
    case EXPECT_BUMP:
        return v->bump ? STR("yes") : STR("no");
    case EXPECT_SHADOW:
        return v->shadow ? str_of(word_of(WORDS_ACTION, v->would)) : STR("none");
    case EXPECT_WOULD:
        return rule_id(a, v->would_rule);
    case EXPECT_CONCERNS:
        return word_or(WORDS_CONCERN, v->what.concern, "untold");
    case EXPECT_OWED:
        return v->owed ? STR("yes") : STR("no");
    case EXPECT_KEPT:
        return v->in_scope ? STR("yes") : STR("no");
    case EXPECT_VIA:
        return v->what.carrier == NO_INDEX
                   ? STR("none")
                   : artefact_str(a, ARTEFACT_ROWS(a, CARRIERS, struct a_carrier)[v->what.carrier].id);
    case EXPECT_CATEGORY:
    case EXPECT_ROT:
    case EXPECT_TIME:
    case EXPECT_WHEN:
    case EXPECTATIONS:
        break;
    }
    return STR("none");
}

static bool differs(struct text *t, const char *what, struct str expected, struct str came)
{
    text_puts(t, t->n ? "; " : "");
    text_puts(t, what);
    text_puts(t, " ");
    text_put(t, expected);
    text_puts(t, ", not ");
    text_put(t, came);
    return false;
}

static bool action_met(const struct expected *e, const struct verdict *v, struct text *t)
{
    if (e->action != v->action)
        return differs(t, "action", str_of(word_of(WORDS_ACTION, e->action)),
                       str_of(word_of(WORDS_ACTION, v->action)));
    if (e->ask != ASK_COUNT && e->ask != v->ask)
        return differs(t, "ask", str_of(word_of(WORDS_ASK, e->ask)), word_or(WORDS_ASK, v->ask, "none"));
    return true;
}

/* One word of several that may come; "none" where none may. */
static bool bits_met(enum expectation e, struct str expected, uint32_t came, struct text *t)
{
    int number = word_find((enum word_list_id)expectations[e].kind, expected);
    bool met = number < 0 ? came == 0 : came >> number & 1;

    return met || differs(t, expectations[e].word, expected, came ? STR("others") : STR("none"));
}

/* What kind of time it is, or (`when`) why: "office, lunch". */
static struct str time_of(const struct case_came *came, bool when, struct text *t)
{
    enum hours hours = during_hours(came->snapshot, came->request, came->verdict, t);
    struct str rest = text_str(t);

    if (!when)
        return word_or(WORDS_HOURS, hours, "unknown");
    for (size_t i = 0; i + 1 < rest.n; i++)
        if (rest.p[i] == ':' && rest.p[i + 1] == ' ')
            return str_from(rest, i + 2);
    return rest;
}

bool expect_met(const struct expected *e, const struct policy *p, const struct case_came *c, struct text *t)
{
    const struct verdict *v = c->verdict;
    bool met = !e->has_action || action_met(e, v, t);

    for (unsigned i = 0; i < EXPECTATIONS; i++) {
        struct str came;
        struct text told;
        char room[256];

        if (e->values[i].n == 0)
            continue;
        if (i == EXPECT_CATEGORY || i == EXPECT_ROT) {
            met &= bits_met((enum expectation)i, e->values[i],
                            i == EXPECT_ROT ? v->what.rot : v->what.categories, t);
            continue;
        }
        if (i == EXPECT_TIME || i == EXPECT_WHEN) {
            text_init(&told, room, sizeof room);
            came = time_of(c, i == EXPECT_WHEN, &told);
        } else {
            came = value_of((enum expectation)i, p, v);
        }
        if (i == EXPECT_ACCOUNT ? !str_ieq(came, e->values[i]) : !str_eq(came, e->values[i]))
            met = differs(t, expectations[i].word, e->values[i], came);
    }
    return met;
}
