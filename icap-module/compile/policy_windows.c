/* Policies: the windows of calendars, and the names that calendars and windows have. */
#include "compile/hours.h"
#include "compile/policy_calendar.h"

static const char *const kind_words[WINDOW_KINDS] = {"work", "own", "window"};

bool calendar_is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", s.p[i]))
            return false;
    return s.n > 0 && s.p[0] >= 'a' && s.p[0] <= 'z' && !hours_is_day(s);
}

static int kind_of(const struct word *w)
{
    for (int i = 0; i < WINDOW_KINDS; i++)
        if (word_is(w, kind_words[i]))
            return i;
    return -1;
}

void policy_declare_calendar(struct policy_parser *p, const struct lexer *l)
{
    struct a_calendar row = {.region = NO_INDEX};

    if (l->n < 2 || build_find_calendar(p->b, l->words[1].text) != NO_INDEX)
        return;
    row.name = build_str(p->b, l->words[1].text);
    build_row(p->b, SECTION_CALENDARS, &row);
    for (unsigned i = 2; i + 1 < l->n; i++) {
        const struct word *w = &l->words[i + 1];
        struct a_time time;

        if (!l->words[i].starts_line || kind_of(&l->words[i]) < 0 || w->starts_line ||
            !calendar_is_name(w->text) || build_find_time(p->b, w->text) != NO_INDEX)
            continue;
        time.name = build_str(p->b, w->text);
        build_row(p->b, SECTION_TIMES, &time);
    }
}

/* The weekday that was perhaps meant, whatever its case; NULL: none. */
static const char *near_weekday(struct str word)
{
    static const char *const names[] = {"Mon",      "Tue",    "Wed",      "Thu",     "Fri",
                                        "Sat",      "Sun",    "Monday",   "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday", "Sunday"};
    char folded[12];

    if (word.n == 0 || word.n > sizeof folded)
        return NULL;
    for (size_t i = 0; i < word.n; i++)
        folded[i] = ascii_lower(word.p[i]);
    if (folded[0] >= 'a' && folded[0] <= 'z')
        folded[0] = (char)(folded[0] - 'a' + 'A');
    return diag_nearest((struct str){folded, word.n}, names, sizeof names / sizeof *names);
}

static int unknown_weekday(struct policy_parser *p, const struct word *w)
{
    const char *near = near_weekday(w->text);

    if (!near)
        return lex_unknown(&p->l, w, "weekday", weekday_names, 7);
    return lex_error(&p->l, w, "unknown weekday '%.*s': did you mean '%s'?", STR_ARG(w->text), near);
}

/* The name that stands before the days; *time stays NO_INDEX without one. */
static int read_name(struct policy_parser *p, enum window_kind kind, uint32_t *time)
{
    const struct word *w = lex_line_peek(&p->l), *keyword = &p->l.words[p->l.at - 1];

    if (kind == WINDOW_NAMED && (!w || !calendar_is_name(w->text)))
        return lex_error(&p->l, w ? w : keyword,
                         "a window has a name, of small letters, digits and '-', by which rules ask for it: "
                         "'window late Mon-Fri 18:00-20:00'");
    if (!w || w->quoted || !calendar_is_name(w->text))
        return 0;
    lex_line_word(&p->l);
    if (word_find(WORDS_HOURS, w->text) >= 0)
        return lex_error(&p->l, w, "'%.*s' is what rules call all such time: take another name",
                         STR_ARG(w->text));
    /* Written small: 'munday 09:00-17:00'. */
    if (lex_line_peek(&p->l) && lex_line_peek(&p->l)->text.p[0] <= '9' && near_weekday(w->text))
        return unknown_weekday(p, w);
    *time = build_find_time(p->b, w->text);
    return *time == NO_INDEX ? -1 : 0; /* there since policy_declare_calendar, unless memory is short */
}

/* Windows of one kind that are open together say something twice. */
static int check_window(struct policy_parser *p, const struct calendar *c, const struct word *w,
                        const struct a_window *window)
{
    for (uint32_t i = 0; i < c->row.windows.n; i++) {
        const struct a_window *other = &c->windows[i];

        if (other->time == window->time && window->time != NO_INDEX && other->kind != window->kind)
            return lex_error(&p->l, w,
                             "the window of that name in line %u is '%s', this one '%s': take another name",
                             c->places[i]->line, kind_words[other->kind], kind_words[window->kind]);
        if (other->kind == window->kind && (window->kind != WINDOW_NAMED || other->time == window->time) &&
            hours_meet(other, window))
            return lex_error(&p->l, w, "'%.*s' overlaps '%.*s' in line %u: write the days and times once",
                             STR_ARG(w->text), STR_ARG(c->places[i]->text), c->places[i]->line);
    }
    return 0;
}

/* One stretch of time on the days before it. */
static int read_span(struct policy_parser *p, struct calendar *c, const struct word *w,
                     struct a_window *window)
{
    const struct word *next = lex_line_peek(&p->l);
    bool over = next && word_is(next, "next-day");
    char why[HOURS_WHY];

    if (over)
        lex_line_word(&p->l);
    if (!window->days)
        return lex_error(&p->l, w, "'%.*s' has no days in front of it: write them like 'Mon-Fri %.*s'",
                         STR_ARG(w->text), STR_ARG(w->text));
    if (hours_span(w->text, over, window, why) != 0)
        return lex_error(&p->l, w, "'%.*s' %s", STR_ARG(w->text), why);
    if (c->row.windows.n == WINDOWS_MAX)
        return lex_error(&p->l, w, "a calendar has at most %d windows", WINDOWS_MAX);
    if (check_window(p, c, w, window))
        return -1;
    c->places[c->row.windows.n] = w;
    c->windows[c->row.windows.n++] = *window;
    return 0;
}

static int read_days(struct policy_parser *p, const struct word *w, uint32_t *days)
{
    struct word at = *w;

    if (hours_days(w->text, days, &at.text))
        return 0;
    at.column = w->column + (unsigned)(at.text.p - w->text.p);
    at.offset = w->offset + (size_t)(at.text.p - w->text.p);
    return unknown_weekday(p, &at);
}

/* `work Mon-Thu 08:45-17:00 Fri 08:45-16:40`, the cursor behind the kind. */
int calendar_windows(struct policy_parser *p, struct calendar *c, enum window_kind kind)
{
    const struct word *w;
    struct a_window window = {.time = NO_INDEX, .kind = kind, .cycle = 1};
    bool days_last = false, some = false;
    uint32_t days;

    if (read_name(p, kind, &window.time))
        return -1;
    while ((w = lex_line_word(&p->l)) != NULL) {
        if (w->text.n && w->text.p[0] >= '0' && w->text.p[0] <= '9') {
            if (read_span(p, c, w, &window))
                return -1;
            days_last = false;
            some = true;
            continue;
        }
        if (read_days(p, w, &days))
            return -1;
        window.days = days_last ? window.days | days : days;
        days_last = true;
    }
    if (!some || days_last)
        return lex_error(&p->l, &p->l.words[p->l.at - 1], "'%s' lacks times: write '%s Mon-Fri 09:00-17:00'",
                         kind_words[kind], kind_words[kind]);
    return 0;
}
