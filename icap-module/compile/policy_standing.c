/* Policies: what people are asked and allowed by what they have done (core/ask.h). */
#include "compile/policy_parse.h"

#include <stdlib.h>

enum { NAMES_MAX = 64 };

/* Of an allowance, an emergency or a reason: half of what a fact in the standing says. */
static int check_name(struct policy_parser *p, const struct word *w, const char *what)
{
    for (size_t i = 0; i < w->text.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", w->text.p[i]))
            return lex_error(&p->l, w, "%s is made of small letters, digits and '-'", what);
    if (w->text.n == 0 || w->text.n > ARTEFACT_NAME_MAX / 2)
        return lex_error(&p->l, w, "%s has 1 to %d letters", what, ARTEFACT_NAME_MAX / 2);
    return 0;
}

void policy_declare_standing(struct policy_parser *p, const struct lexer *l)
{
    if (l->n < 2 || l->words[1].text.n == 0)
        return;
    if (word_is(&l->words[0], statement_words[STATEMENT_ALLOWANCE]) &&
        build_find_allowance(p->b, l->words[1].text) == NO_INDEX) {
        const struct a_allowance row = {.name = build_str(p->b, l->words[1].text)};

        build_row(p->b, SECTION_ALLOWANCES, &row);
    }
    if (word_is(&l->words[0], statement_words[STATEMENT_EMERGENCY]) &&
        build_find_emergency(p->b, l->words[1].text) == NO_INDEX) {
        const struct a_emergency row = {.name = build_str(p->b, l->words[1].text)};

        build_row(p->b, SECTION_EMERGENCIES, &row);
    }
}

/* The name behind the statement's word, in `*index`; once only. */
static int own_name(struct policy_parser *p, enum section s, const char *what, uint32_t *index)
{
    const struct word *w = lex_expect(&p->l, what);
    struct str file;
    unsigned line, column;

    if (!w || check_name(p, w, what))
        return -1;
    *index =
        s == SECTION_ALLOWANCES ? build_find_allowance(p->b, w->text) : build_find_emergency(p->b, w->text);
    if (*index == NO_INDEX) /* without memory */
        return -1;
    if (build_place_of(p->b, s, *index, &file, &line, &column))
        return lex_error(&p->l, w, "'%.*s' is declared twice, first in line %u: keep one", STR_ARG(w->text),
                         line);
    build_place(p->b, s, *index, p->l.file, w->line, w->column);
    return 0;
}

/* A number from 1 to `max`, and the words that must follow it. */
static int number(struct policy_parser *p, const char *what, uint32_t max, uint32_t *to)
{
    const struct word *w = lex_expect(&p->l, what);
    uint64_t value;

    if (!w)
        return -1;
    if (!str_u64(w->text, &value) || value == 0 || value > max)
        return lex_error(&p->l, w, "'%.*s' is no number from 1 to %u", STR_ARG(w->text), max);
    *to = (uint32_t)value;
    return 0;
}

/* The keywords of the statements here: a list of names ends before the next of them. */
static bool is_keyword(const struct word *w)
{
    static const char *const words[] = {"minutes", "group",   "claim", "hours",  "platform",  "reason",
                                        "cite",    "because", "by",    "except", "assumption"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word_is(w, words[i]))
            return true;
    return false;
}

/* A list of names, as one reads it into its condition. */
struct names {
    enum arg_kind kind;
    struct a_list *to;
};

static int part_names(struct policy_parser *p, void *to)
{
    const struct names *names = to;
    const struct word *w = lex_expect(&p->l, names->kind == ARG_GROUPS ? "a group" : "a platform");
    struct policy_numbers numbers = {.n = 0};
    int result = w ? 0 : -1;

    while (w && result == 0) {
        result = policy_arg(p, names->kind, w, &numbers);
        w = lex_peek(&p->l);
        if (w && !is_keyword(w))
            w = lex_word(&p->l);
        else
            w = NULL;
    }
    if (result == 0 && numbers.no_memory)
        result = lex_error(&p->l, &p->l.words[0], "out of memory");
    if (result == 0)
        *names->to = build_numbers(p->b, numbers.p, numbers.n);
    free(numbers.p);
    return result;
}

/* Words that are kept as they are: ids of reasons, earlier versions. */
static int read_words(struct policy_parser *p, const char *what, bool names, struct a_list *to)
{
    const struct word *w = lex_expect(&p->l, what);
    struct str words[NAMES_MAX];
    uint32_t n = 0;

    if (!w)
        return -1;
    while (w) {
        if (names && check_name(p, w, what))
            return -1;
        if (w->text.n == 0)
            return lex_error(&p->l, w, "this is empty: write %s", what);
        if (n == NAMES_MAX)
            return lex_error(&p->l, w, "at most %d of these", NAMES_MAX);
        words[n++] = w->text;
        w = lex_peek(&p->l);
        w = w && !is_keyword(w) ? lex_word(&p->l) : NULL;
    }
    *to = build_words_in_order(p->b, words, n);
    return 0;
}

static int part_reasons(struct policy_parser *p, void *list)
{
    return read_words(p, "a reason", true, list);
}

static int part_versions(struct policy_parser *p, void *list)
{
    return read_words(p, "an earlier version", false, list);
}

/* `30 a day` */
static int part_minutes(struct policy_parser *p, void *minutes)
{
    if (number(p, "a number of minutes, as in 'minutes 30 a day'", MINUTES_A_DAY, minutes))
        return -1;
    if (!lex_accept(&p->l, "a") || !lex_accept(&p->l, "day"))
        return lex_error(&p->l, &p->l.words[p->l.at - 1],
                         "minutes are counted a day: write 'minutes %u a day'", *(uint32_t *)minutes);
    return 0;
}

static int part_hours(struct policy_parser *p, void *hours)
{
    return number(p, "a number of hours, as in 'hours 24'", EMERGENCY_HOURS_MAX, hours);
}

/* `claim yes`, `claim no`, `claim 2 a day` */
static int part_claim(struct policy_parser *p, void *claim)
{
    static const char *const answers[] = {"no", "yes"};
    const struct word *w = lex_expect(&p->l, "yes, no or how often a day, as in 'claim 2 a day'");
    uint64_t times;

    if (!w)
        return -1;
    if (word_is(w, answers[0]) || word_is(w, answers[1])) {
        *(uint32_t *)claim = word_is(w, answers[1]) ? CLAIMS_ANY : 0;
        return 0;
    }
    if (!str_u64(w->text, &times))
        return lex_unknown(&p->l, w, "answer", answers, 2);
    if (times == 0 || times > CLAIMS_MAX)
        return lex_error(&p->l, w, "'%.*s' is no number from 1 to %d: for none at all write 'claim no'",
                         STR_ARG(w->text), CLAIMS_MAX);
    if (!lex_accept(&p->l, "a") || !lex_accept(&p->l, "day"))
        return lex_error(&p->l, &p->l.words[p->l.at - 1], "claims are bounded a day: write 'claim %u a day'",
                         (unsigned)times);
    *(uint32_t *)claim = (uint32_t)times;
    return 0;
}

int policy_allowance(struct policy_parser *p)
{
    struct a_allowance row = {.minutes = 0};
    const struct names groups = {ARG_GROUPS, &row.groups};
    const struct policy_part parts[] = {
        {"minutes", part_minutes, &row.minutes},
        {"group", part_names, (void *)(uintptr_t)&groups},
        {"claim", part_claim, &row.claim},
        {"cite", policy_part_text, &row.cite},
        {"assumption", policy_part_text, &row.assumption},
    };
    const struct word *name = lex_peek(&p->l);
    uint32_t index;

    if (own_name(p, SECTION_ALLOWANCES, "the allowance's name", &index) ||
        policy_parts(p, parts, sizeof parts / sizeof *parts))
        return -1;
    if (row.minutes == 0)
        return lex_error(&p->l, name, "allowance '%.*s' needs 'minutes N a day'", STR_ARG(name->text));
    row.name = build_str(p->b, name->text);
    *(struct a_allowance *)build_at(p->b, SECTION_ALLOWANCES, index) = row;
    return 0;
}

static bool has_reason(const struct policy_parser *p, const struct a_emergency *e, struct str reason)
{
    for (uint32_t i = 0; i < e->reasons.n; i++)
        if (str_eq(build_text(p->b, *(struct a_str *)build_at(p->b, SECTION_WORDS, e->reasons.at + i)),
                   reason))
            return true;
    return false;
}

/* The standing keeps the reason and nothing else: it must tell which emergency was declared. */
static int own_reasons(struct policy_parser *p, const struct word *name, const struct a_emergency *row)
{
    for (uint32_t i = 0; i < row->reasons.n; i++) {
        struct str reason =
            build_text(p->b, *(struct a_str *)build_at(p->b, SECTION_WORDS, row->reasons.at + i));

        for (uint32_t k = 0; k < build_count(p->b, SECTION_EMERGENCIES); k++)
            if (has_reason(p, build_at(p->b, SECTION_EMERGENCIES, k), reason))
                return lex_error(&p->l, name,
                                 "reason '%.*s' belongs to another emergency already: name it otherwise",
                                 STR_ARG(reason));
    }
    return 0;
}

int policy_emergency(struct policy_parser *p)
{
    struct a_emergency row = {.hours = EMERGENCY_HOURS_MAX};
    const struct names groups = {ARG_GROUPS, &row.groups}, platforms = {ARG_PLATFORMS, &row.platforms};
    const struct policy_part parts[] = {
        {"group", part_names, (void *)(uintptr_t)&groups},
        {"platform", part_names, (void *)(uintptr_t)&platforms},
        {"hours", part_hours, &row.hours},
        {"reason", part_reasons, &row.reasons},
        {"cite", policy_part_text, &row.cite},
        {"assumption", policy_part_text, &row.assumption},
    };
    const struct word *name = lex_peek(&p->l);
    uint32_t index;

    if (own_name(p, SECTION_EMERGENCIES, "the emergency's name", &index) ||
        policy_parts(p, parts, sizeof parts / sizeof *parts))
        return -1;
    if (row.groups.n == 0)
        return lex_error(&p->l, name, "emergency '%.*s' needs 'group': who may declare it",
                         STR_ARG(name->text));
    if (row.reasons.n == 0)
        return lex_error(&p->l, name, "emergency '%.*s' needs 'reason': the reasons that can be given for it",
                         STR_ARG(name->text));
    if (own_reasons(p, name, &row))
        return -1;
    row.name = build_str(p->b, name->text);
    *(struct a_emergency *)build_at(p->b, SECTION_EMERGENCIES, index) = row;
    return 0;
}

/* `re-read by 2026-06-01 except 2.0 2.1`, or `re-read none` */
int policy_reread(struct policy_parser *p)
{
    struct a_meta *m = build_meta(p->b);
    const struct policy_part parts[] = {
        {"by", policy_part_date, &m->reread_day},
        {"except", part_versions, &m->reread_except},
    };

    if (!lex_peek(&p->l))
        return lex_error(&p->l, &p->l.words[0],
                         "'re-read' must be followed by 'by DATE', 'except VERSION ...', or both; or by "
                         "'none'");
    if (lex_accept(&p->l, "none")) {
        m->reread_day = REREAD_NONE;
        return lex_peek(&p->l)
                   ? lex_error(&p->l, lex_peek(&p->l), "'re-read none' says all: end the line here")
                   : 0;
    }
    return policy_parts(p, parts, sizeof parts / sizeof *parts);
}

static int part_age(struct policy_parser *p, void *minutes)
{
    if (number(p, "a number of minutes, as in 'max-age 10 minutes'", MINUTES_A_DAY, minutes))
        return -1;
    return lex_accept(&p->l, "minutes")
               ? 0
               : lex_error(&p->l, &p->l.words[p->l.at - 1], "'max-age %u' must be followed by 'minutes'",
                           *(uint32_t *)minutes);
}

static int part_missing(struct policy_parser *p, void *missing)
{
    static const char *const answers[] = {"unused", "unsure"}; /* enum standing_missing */
    const struct word *w = lex_expect(&p->l, "unused or unsure");

    for (uint32_t i = 0; w && i < 2; i++)
        if (word_is(w, answers[i])) {
            *(uint32_t *)missing = i;
            return 0;
        }
    return w ? lex_unknown(&p->l, w, "answer", answers, 2) : -1;
}

/* `standing max-age 10 minutes missing unused` */
int policy_standing(struct policy_parser *p)
{
    struct a_meta *m = build_meta(p->b);
    const struct policy_part parts[] = {
        {"max-age", part_age, &m->standing_minutes},
        {"missing", part_missing, &m->standing_missing},
    };

    if (!lex_peek(&p->l))
        return lex_error(
            &p->l, &p->l.words[0],
            "'standing' must be followed by 'max-age N minutes', 'missing unused' or 'missing unsure'");
    return policy_parts(p, parts, sizeof parts / sizeof *parts);
}
