/* Policies: rules and their clauses. What a clause is comes from core/conditions.def. */
#include "compile/policy_parse.h"

#include <stdlib.h>

enum { CLAUSES_MAX = 64, SETS_MAX = 32 };

enum grant_number { GRANT_STATES = 0, GRANT_STEPS, GRANT_ASKS, GRANT_NUMBERS };

/* A rule while its lines are read. */
struct rule {
    struct a_rule row;
    struct a_clause clauses[CLAUSES_MAX];
    uint32_t n;
    struct a_set sets[SETS_MAX];
    uint32_t grant_at; /* the clause into which the rule's grant line and `granted` words go, or NO_INDEX */
    uint32_t grant[GRANT_NUMBERS];
    unsigned said; /* bit set by number of attribute */
};

static int add_clause(struct policy_parser *p, struct rule *r, const struct word *at,
                      const struct a_clause *clause)
{
    if (r->n == CLAUSES_MAX)
        return lex_error(&p->l, at, "a rule has at most %d conditions: make two rules of it", CLAUSES_MAX);
    r->clauses[r->n++] = *clause;
    return 0;
}

static uint32_t number_of(const char *condition)
{
    return condition_by_word(str_of(condition))->number;
}

/* The rule's one grant clause, made where it is spoken of first. */
static int open_grant(struct policy_parser *p, struct rule *r, const struct word *at)
{
    const struct a_clause clause = {.condition = number_of("grant")};

    if (r->grant_at != NO_INDEX)
        return 0;
    r->grant_at = r->n;
    return add_clause(p, r, at, &clause);
}

/* `account granted`, `activity granted`: the cursor stands behind `granted`. Below `except` each is a clause
 * of its own, as every other `except` line. */
static int read_granted(struct policy_parser *p, struct rule *r, uint32_t ask, bool except)
{
    const struct word *word = &p->l.words[p->l.at - 1];
    const uint32_t numbers[GRANT_NUMBERS] = {[GRANT_ASKS] = ask};
    const struct word *more = lex_line_peek(&p->l);

    if (more)
        return lex_error(&p->l, more, "'granted' stands alone in its line: make another rule for '%.*s'",
                         STR_ARG(more->text));
    if (except) {
        const struct a_clause clause = {.condition = number_of("grant"),
                                        .flags = CLAUSE_EXCEPT,
                                        .args = build_numbers(p->b, numbers, GRANT_NUMBERS)};

        return add_clause(p, r, word, &clause);
    }
    r->grant[GRANT_ASKS] |= ask;
    return open_grant(p, r, word);
}

/* The words of a grant line: states, and behind `inert` the steps that are missing. */
static int read_grant_words(struct policy_parser *p, uint32_t numbers[GRANT_NUMBERS])
{
    static const char *const words[] = {
#define GRANT_STATE(name, word, meaning) word,
#define STEP(name, word, meaning) word,
#include "core/words.def"
    };
    const struct word *w;

    while ((w = lex_line_word(&p->l)) != NULL) {
        int state = w->quoted ? -1 : word_find(WORDS_GRANT_STATE, w->text);
        int step = w->quoted ? -1 : word_find(WORDS_STEP, w->text);

        if (state >= 0)
            numbers[GRANT_STATES] |= 1u << state;
        else if (step >= 0 && numbers[GRANT_STATES] & 1u << GRANT_STATE_INERT)
            numbers[GRANT_STEPS] |= 1u << step;
        else if (step >= 0)
            return lex_error(&p->l, w, "a step that is missing is written behind 'inert': 'grant inert %.*s'",
                             STR_ARG(w->text));
        else
            return lex_unknown(&p->l, w, "state of a grant", words, sizeof words / sizeof *words);
    }
    return 0;
}

static int read_grant(struct policy_parser *p, struct rule *r, bool except)
{
    const struct word *keyword = &p->l.words[p->l.at - 1];
    uint32_t numbers[GRANT_NUMBERS] = {0};

    if (read_grant_words(p, numbers))
        return -1;
    if (except) {
        const struct a_clause clause = {.condition = number_of("grant"),
                                        .flags = CLAUSE_EXCEPT,
                                        .args = build_numbers(p->b, numbers, GRANT_NUMBERS)};

        return add_clause(p, r, keyword, &clause);
    }
    if (r->grant[GRANT_STATES])
        return lex_error(&p->l, keyword,
                         "a rule has one line about the grant: put its words into one (they are "
                         "alternatives)");
    r->grant[GRANT_STATES] = numbers[GRANT_STATES];
    r->grant[GRANT_STEPS] = numbers[GRANT_STEPS];
    return open_grant(p, r, keyword);
}

/* The words of one line into one clause. */
static int read_args(struct policy_parser *p, struct rule *r, const struct condition *c, bool except)
{
    const struct word *keyword = &p->l.words[p->l.at - 1];
    struct policy_numbers numbers = {.n = 0};
    struct a_clause clause = {.condition = c->number, .flags = except ? CLAUSE_EXCEPT : 0};
    const struct word *w;
    int result = -1;

    while ((w = lex_line_word(&p->l)) != NULL) {
        if ((c->args == ARG_ACCOUNTS || c->args == ARG_ACTIVITIES) && word_is(w, "granted")) {
            lex_error(&p->l, w, "'granted' stands alone in its line: make another rule for the other words");
            goto out;
        }
        if (policy_arg(p, c->args, w, &numbers))
            goto out;
    }
    if (numbers.no_memory) {
        lex_error(&p->l, keyword, "out of memory");
        goto out;
    }
    if (policy_place_clause(p, keyword, (enum verb)r->row.verb,
                            &(struct policy_clause){c->args, except, &numbers}))
        goto out;
    clause.args = build_numbers(p->b, numbers.p, numbers.n);
    result = add_clause(p, r, keyword, &clause);
out:
    free(numbers.p);
    return result;
}

/* A condition's line; the cursor stands behind the condition's word. */
static int read_condition(struct policy_parser *p, struct rule *r, const struct condition *c, bool except)
{
    const struct word *keyword = &p->l.words[p->l.at - 1], *first = lex_line_peek(&p->l);

    if (!first)
        return lex_error(&p->l, keyword, "'%.*s' needs words behind it: which?", STR_ARG(keyword->text));
    if (c->args == ARG_GRANT)
        return read_grant(p, r, except);
    if (word_is(first, "granted") && (c->args == ARG_ACCOUNTS || c->args == ARG_ACTIVITIES)) {
        lex_word(&p->l);
        return read_granted(p, r, c->args == ARG_ACCOUNTS ? GRANT_NAMES_ACCOUNT : GRANT_NAMES_ACTIVITY,
                            except);
    }
    return read_args(p, r, c, except);
}

enum attribute {
    ATTRIBUTE_BECAUSE,
    ATTRIBUTE_CITE,
    ATTRIBUTE_PAGE,
    ATTRIBUTE_ASSUMPTION,
    ATTRIBUTE_SHADOW,
    ATTRIBUTE_RESTRICTION,
    ATTRIBUTE_EVERY,
    ATTRIBUTE_WAIVES,
    ATTRIBUTE_HOST_ONLY,
    ATTRIBUTE_RETURNS,
    ATTRIBUTES
};

static const char *const attribute_words[ATTRIBUTES] = {"because",   "cite",        "page",  "assumption",
                                                        "shadow",    "restriction", "every", "waives",
                                                        "host-only", "returns"};

/* How often a require asks anew. */
static int read_every(struct policy_parser *p, struct rule *r, const struct word *keyword)
{
    int value;

    if (r->row.verb != VERB_REQUIRE)
        return lex_error(&p->l, keyword, "'every' is a line of 'require': this rule is a %s",
                         word_of(WORDS_VERB, r->row.verb));
    if (r->row.ask == ASK_NOTICE)
        return lex_error(
            &p->l, keyword,
            "a notice is read once each version of the policy: take 'every' out (see 're-read')");
    value = lex_word_of(&p->l, lex_line_word(&p->l), WORDS_PERIOD);
    if (value == PERIOD_MONTH && r->row.ask == ASK_PERSON)
        return lex_error(
            &p->l, keyword,
            "that somebody was asked about one person is not remembered for a month: write 'every day' or "
            "'every week'");
    r->row.every = value < 0 ? NO_INDEX : (uint32_t)value;
    return value < 0 ? -1 : 0;
}

/* Whole hours or days, in seconds. */
static int read_span(struct policy_parser *p, uint32_t *seconds)
{
    const struct word *n = lex_line_word(&p->l), *unit = n ? lex_line_word(&p->l) : NULL;
    uint64_t value, one = unit && (word_is(unit, "day") || word_is(unit, "days")) ? 24 * 60 * 60 : 60 * 60;

    if (!unit || (one == 60 * 60 && !word_is(unit, "hour") && !word_is(unit, "hours")) ||
        !str_u64(n->text, &value) || value == 0 || value > WITHIN_MAX / one)
        return lex_error(
            &p->l, n ? n : &p->l.words[p->l.at - 1],
            "visits are remembered for 1 hour to 7 days: write 'within 7 days' or 'within 12 hours'");
    *seconds = (uint32_t)(value * one);
    return 0;
}

/* `returns 5 within 7 days`: how often somebody has come back before they are asked. */
static int read_returns(struct policy_parser *p, struct rule *r, const struct word *keyword)
{
    const struct word *w, *within;
    uint64_t value;

    if (r->row.verb != VERB_REQUIRE || r->row.ask != ASK_PERSON)
        return lex_error(&p->l, keyword, "'returns' is a line of 'require person' alone");
    w = lex_line_word(&p->l);
    if (!str_u64(w->text, &value) || value == 0 || value > RETURNS_MAX)
        return lex_error(&p->l, w, "'%.*s' is no number from 1 to %d", STR_ARG(w->text), RETURNS_MAX);
    within = lex_line_word(&p->l);
    if (!within || !word_is(within, "within"))
        return lex_error(&p->l, within ? within : w,
                         "say how far back visits count: 'returns %u within 7 days'", (unsigned)value);
    r->row.returns = (uint32_t)value;
    return read_span(p, &r->row.within);
}

/* What is not asked where the permit matches. */
static int read_waives(struct policy_parser *p, struct rule *r, const struct word *keyword)
{
    const struct word *w;

    if (r->row.verb != VERB_PERMIT)
        return lex_error(&p->l, keyword, "'waives' is a line of 'permit': this rule is a %s",
                         word_of(WORDS_VERB, r->row.verb));
    while ((w = lex_line_word(&p->l)) != NULL) {
        int value = lex_word_of(&p->l, w, WORDS_ASK);

        if (value < 0)
            return -1;
        if (value == ASK_NOTICE)
            return lex_error(&p->l, w, "nothing waives the notice: everybody is told what is recorded");
        r->row.waives |= 1u << value;
    }
    return 0;
}

/* What the rule sets; several lines may stand in one rule, each for another restriction. */
static int read_restriction(struct policy_parser *p, struct rule *r)
{
    const struct word *keyword = &p->l.words[p->l.at - 1];
    struct a_set set;

    if (r->row.verb != VERB_SET)
        return lex_error(&p->l, keyword, "'restriction' is a line of 'set': this rule is a %s",
                         word_of(WORDS_VERB, r->row.verb));
    if (policy_restriction(p, &set))
        return -1;
    for (uint32_t i = 0; i < r->row.sets.n; i++)
        if (r->sets[i].restriction == set.restriction)
            return lex_error(&p->l, keyword, "this rule sets that restriction already: keep one");
    if (r->row.sets.n == SETS_MAX)
        return lex_error(&p->l, keyword, "a rule sets at most %d restrictions: make two rules of it",
                         SETS_MAX);
    r->sets[r->row.sets.n++] = set;
    return 0;
}

/* A line of a rule that is no condition; the cursor stands behind its word. */
static int read_attribute(struct policy_parser *p, struct rule *r, enum attribute attribute)
{
    const struct word *keyword = &p->l.words[p->l.at - 1];

    if (attribute == ATTRIBUTE_RESTRICTION)
        return read_restriction(p, r);
    if (r->said & 1u << attribute)
        return lex_error(&p->l, keyword, "'%s' is said twice in one rule: keep one",
                         attribute_words[attribute]);
    r->said |= 1u << attribute;
    if (attribute != ATTRIBUTE_SHADOW && attribute != ATTRIBUTE_HOST_ONLY && !lex_line_peek(&p->l))
        return lex_error(&p->l, keyword, "'%s' needs something behind it, on the same line",
                         attribute_words[attribute]);
    switch (attribute) {
    case ATTRIBUTE_BECAUSE:
        return policy_text(p, "a sentence for the person who reads the page", &r->row.because);
    case ATTRIBUTE_CITE:
        return policy_text(p, "the clause of the council's document", &r->row.cite);
    case ATTRIBUTE_PAGE:
        if (r->row.verb == VERB_SET)
            return lex_error(&p->l, keyword, "a set refuses nothing: nobody would see its page");
        return policy_page(p, &r->row.page);
    case ATTRIBUTE_ASSUMPTION:
        return policy_text(p, "what is assumed, in quotes", &r->row.assumption);
    case ATTRIBUTE_SHADOW:
        if (r->row.verb == VERB_REASON)
            return lex_error(&p->l, keyword, "a reason only words a refusal: 'shadow' means nothing to it");
        r->row.flags |= RULE_SHADOW;
        return 0;
    case ATTRIBUTE_EVERY:
        return read_every(p, r, keyword);
    case ATTRIBUTE_WAIVES:
        return read_waives(p, r, keyword);
    case ATTRIBUTE_HOST_ONLY:
        if (r->row.verb != VERB_FORBID && r->row.verb != VERB_PERMIT)
            return lex_error(&p->l, keyword,
                             "'host-only' is a line of 'forbid' and 'permit': this rule is a %s",
                             word_of(WORDS_VERB, r->row.verb));
        r->row.flags |= RULE_HOST_ONLY;
        return 0;
    case ATTRIBUTE_RETURNS:
        return read_returns(p, r, keyword);
    case ATTRIBUTE_RESTRICTION:
    case ATTRIBUTES:
        break;
    }
    return -1;
}

static int unknown_line(struct policy_parser *p, const struct word *w)
{
    static const char *const words[] = {
#define CONDITION(number, word, args, match, unsure) #word,
#include "core/conditions.def"
#undef CONDITION
        "except",      "because", "cite",   "page",      "assumption", "shadow",
        "restriction", "every",   "waives", "host-only", "returns",
    };

    for (unsigned i = 0; i < STATEMENT_COUNT; i++)
        if (word_is(w, statement_words[i]))
            return lex_error(&p->l, w, "'%s' begins a statement: it must stand at the very start of the line",
                             statement_words[i]);
    return lex_unknown(&p->l, w, "condition", words, sizeof words / sizeof *words);
}

static int read_line(struct policy_parser *p, struct rule *r)
{
    const struct word *w = lex_word(&p->l);
    bool except = word_is(w, "except");
    const struct condition *condition;

    if (except) {
        w = lex_line_word(&p->l);
        if (!w)
            return lex_error(&p->l, &p->l.words[p->l.at - 1], "'except' must be followed by a condition");
    }
    condition = w->quoted ? NULL : condition_by_word(w->text);
    if (condition) {
        if (read_condition(p, r, condition, except))
            return -1;
    } else {
        unsigned i = 0;

        while (i < ATTRIBUTES && !word_is(w, attribute_words[i]))
            i++;
        if (i == ATTRIBUTES)
            return unknown_line(p, w);
        if (except)
            return lex_error(&p->l, w, "'%s' is no condition: 'except' stands before conditions only",
                             attribute_words[i]);
        if (read_attribute(p, r, (enum attribute)i))
            return -1;
    }
    return lex_line_done(&p->l);
}

/* All lines, also those behind a wrong one. */
static void read_lines(struct policy_parser *p, struct rule *r)
{
    while (lex_peek(&p->l)) {
        if (read_line(p, r))
            while (lex_line_word(&p->l))
                continue;
    }
}

static int check_grant(struct policy_parser *p, const struct rule *r, const struct word *id)
{
    const uint32_t without_one = 1u << GRANT_STATE_NONE;

    if (r->grant[GRANT_ASKS] && r->grant[GRANT_STATES] & without_one)
        return lex_error(&p->l, id,
                         "'grant none' has no account or activity that it names: take 'granted' or 'none' "
                         "out of this rule");
    return 0;
}

/* What identifies the rule: unique over all verbs, as it stands in events and reports. */
static int check_id(struct policy_parser *p, const struct word *id)
{
    struct str file;
    unsigned line, column;
    uint32_t index;

    for (size_t i = 0; i < id->text.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", id->text.p[i]))
            return lex_error(&p->l, id, "a rule's name is made of small letters, digits and '-'");
    if (id->text.n == 0)
        return lex_error(&p->l, id, "this is empty: write the rule's name");
    index = build_find_rule(p->b, id->text);
    if (index == NO_INDEX)
        return 0;
    if (!build_place_of(p->b, SECTION_RULES, index, &file, &line, &column))
        line = 0;
    return lex_error(&p->l, id, "there is a rule '%.*s' already, in line %u: names are unique over all verbs",
                     STR_ARG(id->text), line);
}

static int parse_rule(struct policy_parser *p, enum verb verb, enum ask ask, const struct word *id)
{
    struct rule r = {.row = {.verb = verb, .ask = ask, .page = NO_INDEX, .every = NO_INDEX},
                     .grant_at = NO_INDEX};
    unsigned failures = p->l.failures;
    uint32_t index;

    if (verb == VERB_REQUIRE && ask != ASK_NOTICE)
        r.row.every = PERIOD_DAY;
    check_id(p, id);
    if (lex_line_done(&p->l))
        while (lex_line_word(&p->l))
            continue;
    read_lines(p, &r);
    check_grant(p, &r, id);
    if (verb == VERB_SET && r.row.sets.n == 0 && p->l.failures == failures)
        lex_error(&p->l, id, "set '%.*s' sets nothing: add a line 'restriction' with the id of one",
                  STR_ARG(id->text));
    if (verb == VERB_REQUIRE && ask == ASK_PERSON && r.row.page == NO_INDEX && p->l.failures == failures)
        lex_error(&p->l, id, "require person '%.*s' has no page: add a line 'page one-person'",
                  STR_ARG(id->text));
    if (verb == VERB_REQUIRE && ask == ASK_PERSON && r.row.within == 0 && p->l.failures == failures)
        lex_error(&p->l, id,
                  "require person '%.*s' does not say when it asks: add a line 'returns 5 within 7 days'",
                  STR_ARG(id->text));
    if (p->l.failures > failures)
        return -1;
    if (r.grant_at != NO_INDEX)
        r.clauses[r.grant_at].args = build_numbers(p->b, r.grant, GRANT_NUMBERS);
    r.row.clauses = (struct a_list){r.n ? build_count(p->b, SECTION_CLAUSES) : 0, r.n};
    for (uint32_t i = 0; i < r.n; i++)
        build_row(p->b, SECTION_CLAUSES, &r.clauses[i]);
    r.row.sets.at = r.row.sets.n ? build_count(p->b, SECTION_SETS) : 0;
    for (uint32_t i = 0; i < r.row.sets.n; i++)
        build_row(p->b, SECTION_SETS, &r.sets[i]);
    r.row.id = build_str(p->b, id->text);
    index = build_row(p->b, SECTION_RULES, &r.row);
    build_place(p->b, SECTION_RULES, index, p->l.file, id->line, id->column);
    return 0;
}

/* The rule's name on the line of its verb. */
static int parse_named(struct policy_parser *p, enum verb verb)
{
    const struct word *id = lex_line_word(&p->l);

    if (!id)
        return lex_error(&p->l, &p->l.words[0], "'%s' must be followed by the rule's name",
                         word_of(WORDS_VERB, verb));
    return parse_rule(p, verb, (enum ask)NO_INDEX, id);
}

int policy_forbid(struct policy_parser *p)
{
    return parse_named(p, VERB_FORBID);
}

int policy_permit(struct policy_parser *p)
{
    return parse_named(p, VERB_PERMIT);
}

int policy_reason(struct policy_parser *p)
{
    return parse_named(p, VERB_REASON);
}

int policy_set(struct policy_parser *p)
{
    return parse_named(p, VERB_SET);
}

int policy_require(struct policy_parser *p)
{
    const struct word *ask = lex_line_word(&p->l), *id;
    int value;

    if (!ask)
        return lex_error(&p->l, &p->l.words[0],
                         "'require' must be followed by notice, coach, claim or person");
    value = lex_word_of(&p->l, ask, WORDS_ASK);
    if (value < 0)
        return -1;
    id = lex_line_word(&p->l);
    return parse_rule(p, VERB_REQUIRE, (enum ask)value, id ? id : ask);
}
