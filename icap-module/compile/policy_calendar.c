/* Policies: calendars, whose they are, and what holds where a rota says nothing. */
#include "compile/policy_calendar.h"

#include <stdlib.h>

enum calendar_line {
    LINE_WORK = WINDOW_WORK,
    LINE_OWN = WINDOW_OWN,
    LINE_WINDOW = WINDOW_NAMED,
    LINE_HOLIDAYS,
    LINE_CLOSED,
    LINE_GROUP,
    LINE_DEFAULT,
    LINE_CITE,
    LINE_ASSUMPTION,
    CALENDAR_LINES
};

static const char *const line_words[CALENDAR_LINES] = {"work",  "own",     "window", "holidays",  "closed",
                                                       "group", "default", "cite",   "assumption"};

static int read_region(struct policy_parser *p, struct calendar *c)
{
    const struct word *w = lex_line_word(&p->l);
    const char *const *names;
    size_t n;

    c->row.region = build_find_region(p->b, w->text);
    if (c->row.region != NO_INDEX)
        return 0;
    names = build_names(p->b, SECTION_REGIONS, &n);
    if (n == 0)
        return lex_error(
            &p->l, w, "no bank holidays are known: calendars/bank-holidays.csv is missing beside platforms/");
    return lex_unknown(&p->l, w, "region of bank holidays", names, n);
}

static int compare_pairs(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

/* `closed 2026-12-29 to 2026-12-31 2027-03-25`, the cursor behind it. */
static int read_closed(struct policy_parser *p, struct calendar *c)
{
    const struct word *w;

    while ((w = lex_line_word(&p->l)) != NULL) {
        const struct word *to = lex_line_peek(&p->l);
        uint32_t first, last;

        if (lex_date(&p->l, w, &first))
            return -1;
        last = first;
        if (to && word_is(to, "to")) {
            lex_line_word(&p->l);
            to = lex_line_word(&p->l);
            if (!to)
                return lex_error(&p->l, &p->l.words[p->l.at - 1], "'to' must be followed by the last day");
            if (lex_date(&p->l, to, &last))
                return -1;
            if (last < first)
                return lex_error(&p->l, to, "'%.*s' is before '%.*s'", STR_ARG(to->text), STR_ARG(w->text));
        }
        for (uint32_t i = 0; i + 1 < c->closed.n; i += 2)
            if (first <= c->closed.p[i + 1] && c->closed.p[i] <= last)
                return lex_error(&p->l, w, "the calendar is said to be closed on '%.*s' twice: keep one",
                                 STR_ARG(w->text));
        policy_number(&c->closed, first);
        policy_number(&c->closed, last);
    }
    return 0;
}

/* `group schools calendar term-time`, `group leisure shifts`; the cursor behind `group`. */
static int read_group(struct policy_parser *p)
{
    static const char *const words[] = {"calendar", "shifts"};
    const struct word *group = lex_line_word(&p->l), *how = lex_line_word(&p->l), *w;
    struct a_calendar_group row = {.group = build_find_group(p->b, group->text), .calendar = NO_INDEX};
    struct str file;
    unsigned line, column;
    uint32_t index;
    const char *const *names;
    size_t n;

    if (row.group == NO_INDEX) {
        names = build_names(p->b, SECTION_GROUPS, &n);
        return n ? lex_unknown(&p->l, group, "group", names, n)
                 : lex_error(&p->l, group, "unknown group '%.*s': declare it with a statement 'group'",
                             STR_ARG(group->text));
    }
    for (uint32_t i = 0; i < build_count(p->b, SECTION_CALENDAR_GROUPS); i++)
        if (((const struct a_calendar_group *)build_at(p->b, SECTION_CALENDAR_GROUPS, i))->group ==
                row.group &&
            build_place_of(p->b, SECTION_CALENDAR_GROUPS, i, &file, &line, &column))
            return lex_error(&p->l, group, "group '%.*s' has a calendar already, in line %u: keep one",
                             STR_ARG(group->text), line);
    if (!how)
        return lex_error(&p->l, group, "'%.*s' must be followed by 'calendar NAME' or 'shifts'",
                         STR_ARG(group->text));
    if (!word_is(how, "calendar") && !word_is(how, "shifts"))
        return lex_unknown(&p->l, how, "word", words, 2);
    if (word_is(how, "calendar")) {
        w = lex_line_word(&p->l);
        if (!w)
            return lex_error(&p->l, how, "'calendar' must be followed by the name of one");
        row.calendar = build_find_calendar(p->b, w->text);
        if (row.calendar == NO_INDEX) {
            names = build_names(p->b, SECTION_CALENDARS, &n);
            return lex_unknown(&p->l, w, "calendar", names, n);
        }
    }
    index = build_row(p->b, SECTION_CALENDAR_GROUPS, &row);
    build_place(p->b, SECTION_CALENDAR_GROUPS, index, p->l.file, group->line, group->column);
    return 0;
}

static int read_default(struct policy_parser *p, const struct calendar *c)
{
    struct a_meta *m = build_meta(p->b);

    if (m->calendar != NO_INDEX && m->calendar != c->index)
        return lex_error(
            &p->l, &p->l.words[p->l.at - 1],
            "calendar '%.*s' is the default already: everybody else's calendar is one",
            STR_ARG(build_text(p->b, *(struct a_str *)build_at(p->b, SECTION_CALENDARS, m->calendar))));
    m->calendar = c->index;
    return 0;
}

/* The words of a line, the cursor behind the first. */
static int read_line(struct policy_parser *p, struct calendar *c, enum calendar_line line)
{
    const struct word *keyword = &p->l.words[p->l.at - 1];
    const unsigned once = 1u << LINE_HOLIDAYS | 1u << LINE_DEFAULT | 1u << LINE_CITE | 1u << LINE_ASSUMPTION;

    if (c->said >> line & 1 && once >> line & 1)
        return lex_error(&p->l, keyword, "'%s' is said twice in one calendar: keep one", line_words[line]);
    c->said |= 1u << line;
    if (line != LINE_DEFAULT && !lex_line_peek(&p->l))
        return lex_error(&p->l, keyword, "'%s' needs something behind it, on the same line",
                         line_words[line]);
    switch (line) {
    case LINE_WORK:
    case LINE_OWN:
    case LINE_WINDOW:
        return calendar_windows(p, c, (enum window_kind)line);
    case LINE_HOLIDAYS:
        return read_region(p, c);
    case LINE_CLOSED:
        return read_closed(p, c);
    case LINE_GROUP:
        return read_group(p);
    case LINE_DEFAULT:
        return read_default(p, c);
    case LINE_CITE:
        return policy_text(p, "the clause of the council's document", &c->row.cite);
    case LINE_ASSUMPTION:
        return policy_text(p, "what is assumed, in quotes", &c->row.assumption);
    case CALENDAR_LINES:
        break;
    }
    return -1;
}

/* All lines, also those behind a wrong one. */
static void read_lines(struct policy_parser *p, struct calendar *c)
{
    const struct word *w;

    while ((w = lex_word(&p->l)) != NULL) {
        unsigned line = 0;

        while (line < CALENDAR_LINES && !word_is(w, line_words[line]))
            line++;
        if (line == CALENDAR_LINES)
            lex_unknown(&p->l, w, "line of a calendar", line_words, CALENDAR_LINES);
        else if (read_line(p, c, (enum calendar_line)line) == 0)
            lex_line_done(&p->l);
        while (lex_line_word(&p->l))
            continue;
    }
}

static int read_title(struct policy_parser *p, const struct word **name, uint32_t *index)
{
    struct str file;
    unsigned line, column;

    *name = lex_line_word(&p->l);
    if (!*name)
        return lex_error(&p->l, &p->l.words[0], "'calendar' must be followed by its name");
    if (!calendar_is_name((*name)->text))
        return lex_error(&p->l, *name,
                         "a calendar's name is made of small letters, digits and '-', and is no weekday");
    *index = build_find_calendar(p->b, (*name)->text);
    if (*index == NO_INDEX)
        return -1;
    if (build_place_of(p->b, SECTION_CALENDARS, *index, &file, &line, &column))
        return lex_error(&p->l, *name, "calendar '%.*s' is declared twice, first in line %u",
                         STR_ARG((*name)->text), line);
    build_place(p->b, SECTION_CALENDARS, *index, p->l.file, (*name)->line, (*name)->column);
    return lex_line_done(&p->l);
}

int policy_calendar(struct policy_parser *p)
{
    struct calendar c = {.row = {.region = NO_INDEX}};
    unsigned failures = p->l.failures;
    const struct word *name;

    if (read_title(p, &name, &c.index))
        return -1;
    read_lines(p, &c);
    if (c.closed.n)
        qsort(c.closed.p, c.closed.n / 2, 2 * sizeof *c.closed.p, compare_pairs);
    c.row.name = build_str(p->b, name->text);
    c.row.closed = build_numbers(p->b, c.closed.p, c.closed.n);
    c.row.windows.at = c.row.windows.n ? build_count(p->b, SECTION_WINDOWS) : 0;
    for (uint32_t i = 0; i < c.row.windows.n; i++) {
        uint32_t index = build_row(p->b, SECTION_WINDOWS, &c.windows[i]);

        build_place(p->b, SECTION_WINDOWS, index, p->l.file, c.places[i]->line, c.places[i]->column);
    }
    *(struct a_calendar *)build_at(p->b, SECTION_CALENDARS, c.index) = c.row;
    if (c.closed.no_memory)
        lex_error(&p->l, name, "out of memory");
    free(c.closed.p);
    return p->l.failures > failures ? -1 : 0;
}

static int part_weeks(struct policy_parser *p, void *weeks)
{
    enum { WEEKS_MAX = 520 };
    const struct word *w = lex_expect(&p->l, "a number of weeks, as in 'last 12 weeks'");
    uint64_t value;

    if (!w)
        return -1;
    if (!str_u64(w->text, &value) || value == 0 || value > WEEKS_MAX)
        return lex_error(&p->l, w, "'%.*s' is no number of weeks from 1 to %d", STR_ARG(w->text), WEEKS_MAX);
    *(uint32_t *)weeks = (uint32_t)value;
    if (!lex_accept(&p->l, "weeks"))
        return lex_error(&p->l, w, "'%.*s' must be followed by 'weeks'", STR_ARG(w->text));
    return 0;
}

int policy_shifts(struct policy_parser *p)
{
    static const char *const words[] = {"unsure", "default"};
    struct a_meta *m = build_meta(p->b);
    const struct policy_part parts[] = {
        {"last", part_weeks, &m->shift_weeks},
        {"cite", policy_part_text, &m->shift_cite},
    };
    const struct word *w = lex_expect(&p->l, "'unsure' or 'default'");

    if (!w)
        return -1;
    if (!word_is(w, words[0]) && !word_is(w, words[1]))
        return lex_unknown(&p->l, w, "word", words, 2);
    m->shifts = word_is(w, words[1]) ? SHIFTS_DEFAULT : SHIFTS_UNSURE;
    return policy_parts(p, parts, 2);
}
