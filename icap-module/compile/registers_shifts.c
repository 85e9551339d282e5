/* shifts.csv: who works when, by person or by group. What a row says is collected here; shifts.c makes rotas
 * of it. */
#include "compile/hours.h"
#include "compile/registers_internal.h"
#include "compile/shifts.h"

enum { USER, GROUP, FROM, UNTIL, DAYS, WEEK, WORK, BREAKS, HOLIDAYS, NOTE, COLUMNS };

static const struct csv_column columns[COLUMNS] = {
    [USER] = {"user", true, CSV_WORDS},          [GROUP] = {"group", false, CSV_WORDS},
    [FROM] = {"from", true, CSV_WORDS},          [UNTIL] = {"until", false, CSV_WORDS},
    [DAYS] = {"days", true, CSV_WORDS},          [WEEK] = {"week", false, CSV_WORDS},
    [WORK] = {"work", true, CSV_WORDS},          [BREAKS] = {"breaks", false, CSV_WORDS},
    [HOLIDAYS] = {"holidays", false, CSV_WORDS}, [NOTE] = {"note", false, CSV_PROSE},
};

struct reading_shifts {
    struct builder *b;
    struct shift_rows s;
    bool told; /* that the policy has no statement for it */
};

static bool works_by_rota(const struct builder *b, uint32_t group)
{
    for (uint32_t i = 0; i < build_count(b, SECTION_CALENDAR_GROUPS); i++) {
        const struct a_calendar_group *g = build_at((struct builder *)b, SECTION_CALENDAR_GROUPS, i);

        if (g->group == group && g->calendar == NO_INDEX)
            return true;
    }
    return false;
}

static int read_subject(struct builder *b, const struct csv_row *row, struct shift *shift)
{
    char name[REGISTER_NAME_MAX];
    struct str user;

    shift->group = NO_INDEX;
    if ((row->cells[USER].n > 0) == (row->cells[GROUP].n > 0)) {
        csv_wrong(row, USER, "a row is about a user or about a group: fill in one of both");
        return -1;
    }
    if (row->cells[USER].n) {
        user = register_user(row, USER, name);
        shift->user = build_str(b, user);
        return user.n ? 0 : -1;
    }
    shift->group = register_group(b, row, GROUP, row->cells[GROUP]);
    if (shift->group == NO_INDEX)
        return -1;
    if (works_by_rota(b, shift->group))
        return 0;
    csv_wrong(row, GROUP,
              "the policy does not say that '%.*s' works by shifts: add 'group %.*s shifts' to its default "
              "calendar",
              STR_ARG(row->cells[GROUP]), STR_ARG(row->cells[GROUP]));
    return -1;
}

/* The first and the last day on which the row holds. */
static int read_days_of_year(struct builder *b, const struct csv_row *row, struct shift *shift)
{
    const struct a_meta *meta = build_meta(b);

    if (register_day(row, FROM, &shift->first) || register_day(row, UNTIL, &shift->last))
        return -1;
    if (!shift->first) {
        csv_wrong(row, FROM, "the cell is empty: a shift needs the day from which it holds");
        return -1;
    }
    if (!shift->last)
        shift->last = meta->shift_weeks ? shift->first + 7 * meta->shift_weeks - 1 : SHIFT_FOR_EVER;
    if (shift->last >= shift->first)
        return 0;
    csv_wrong(row, UNTIL, "'%.*s' is before '%.*s', from which the row holds", STR_ARG(row->cells[UNTIL]),
              STR_ARG(row->cells[FROM]));
    return -1;
}

static int read_weekdays(const struct csv_row *row, uint32_t *days)
{
    struct csv_choice choice = {"weekday", weekday_names, 7};
    struct str rest = row->cells[DAYS], word, unknown;

    *days = 0;
    while (csv_word(&rest, &word)) {
        uint32_t some;

        if (!hours_days(word, &some, &unknown)) {
            csv_unknown(row, DAYS, unknown, &choice);
            return -1;
        }
        *days |= some;
    }
    if (*days)
        return 0;
    csv_wrong(row, DAYS, "the cell is empty: write the days of the week, like Mon-Fri");
    return -1;
}

/* "1/2": the first of every two weeks, counted from the week (Monday to Sunday) in which the row begins. */
static int read_week(const struct csv_row *row, struct shift *shift)
{
    struct str all = row->cells[WEEK], which = str_cut(&all, '/');
    uint64_t n, of;

    shift->cycle = 1;
    shift->phase = 0;
    if (!row->cells[WEEK].n)
        return 0;
    if (!str_u64(which, &n) || !str_u64(all, &of) || n < 1 || n > of || of > CYCLE_MAX) {
        csv_wrong(row, WEEK, "'%.*s' is no week of a rota: 1/2 is the first of every two (at most %d)",
                  STR_ARG(row->cells[WEEK]), CYCLE_MAX);
        return -1;
    }
    shift->cycle = (uint32_t)of;
    shift->phase = (uint32_t)(((shift->first + 3) / 7 + n - 1) % of); /* 1970-01-01 was a Thursday */
    return 0;
}

static int add_span(const struct csv_row *row, unsigned column, struct shift *shift,
                    const struct a_window *window)
{
    if (shift->n == SHIFT_SPANS) {
        csv_wrong(row, column, "more than %d stretches of time in one row", SHIFT_SPANS);
        return -1;
    }
    for (uint32_t i = 0; i < shift->n; i++)
        if (shift->windows[i].kind == window->kind && hours_meet(&shift->windows[i], window)) {
            csv_wrong(row, column, "two stretches of time in this cell overlap");
            return -1;
        }
    shift->windows[shift->n++] = *window;
    return 0;
}

/* A break lies within the shift: on the day on which it begins, or behind its midnight. */
static int place_break(const struct csv_row *row, struct shift *shift, struct a_window *window,
                       struct str word)
{
    for (uint32_t i = 0; i < shift->n; i++) {
        const struct a_window *work = &shift->windows[i];

        if (work->kind != WINDOW_WORK)
            continue;
        for (uint32_t later = 0; later <= MINUTES_A_DAY; later += MINUTES_A_DAY)
            if (work->begin <= window->begin + later && window->end + later <= work->end) {
                window->begin += later;
                window->end += later;
                return add_span(row, BREAKS, shift, window);
            }
    }
    csv_wrong(row, BREAKS, "'%.*s' is not within the hours of work of this row", STR_ARG(word));
    return -1;
}

static int read_times(const struct csv_row *row, unsigned column, struct shift *shift)
{
    struct str rest = row->cells[column], word, ahead;
    char why[HOURS_WHY];

    while (csv_word(&rest, &word)) {
        struct a_window window = {.time = NO_INDEX,
                                  .kind = column == WORK ? WINDOW_WORK : WINDOW_OWN,
                                  .days = shift->days,
                                  .cycle = shift->cycle,
                                  .phase = shift->phase};
        struct str behind = rest;
        bool over = csv_word(&behind, &ahead) && str_ieq(ahead, STR("next-day"));

        if (over)
            rest = behind;
        if (hours_span(word, over, &window, why) != 0) {
            csv_wrong(row, column, "'%.*s' %s", STR_ARG(word), why);
            return -1;
        }
        if (column == WORK ? add_span(row, column, shift, &window) : place_break(row, shift, &window, word))
            return -1;
    }
    return 0;
}

static int read_hours(struct builder *b, const struct csv_row *row, struct shift *shift)
{
    struct csv_choice choice = {.what = "region of bank holidays"};
    struct str region = row->cells[HOLIDAYS];

    shift->region = region.n ? build_find_region(b, region) : NO_INDEX;
    if (region.n && shift->region == NO_INDEX) {
        choice.names = build_names(b, SECTION_REGIONS, &choice.n);
        csv_unknown(row, HOLIDAYS, region, &choice);
        return -1;
    }
    if (str_ieq(row->cells[WORK], STR("off"))) {
        if (row->cells[BREAKS].n)
            csv_wrong(row, BREAKS, "who is off has no breaks: leave the cell empty");
        return row->cells[BREAKS].n ? -1 : 0;
    }
    if (!row->cells[WORK].n) {
        csv_wrong(row, WORK, "the cell is empty: write the hours of work, like 08:45-17:00, or 'off'");
        return -1;
    }
    return read_times(row, WORK, shift) || read_times(row, BREAKS, shift) ? -1 : 0;
}

/* Held against the rows of the same subject and the same days of the year before it. */
static bool fits(const struct csv_row *row, const struct shift_rows *s, const struct shift *shift)
{
    uint32_t windows = shift->n;

    for (uint32_t i = shifts_last(s, shift); i != NO_INDEX; i = s->p[i].before) {
        const struct shift *other = &s->p[i];

        if (other->first != shift->first || other->last != shift->last)
            continue;
        if (other->region != shift->region) {
            csv_wrong(row, HOLIDAYS, "row %u of the same rota has other holidays: write the same in both",
                      other->number);
            return false;
        }
        windows += other->n;
        for (uint32_t x = 0; x < shift->n; x++)
            for (uint32_t y = 0; y < other->n; y++)
                if (shift->windows[x].kind == WINDOW_WORK && other->windows[y].kind == WINDOW_WORK &&
                    hours_meet(&shift->windows[x], &other->windows[y])) {
                    csv_wrong(row, WORK, "these hours overlap those of row %u: write them once",
                              other->number);
                    return false;
                }
    }
    if (windows <= WINDOWS_MAX)
        return true;
    csv_wrong(row, WORK, "more than %d stretches of time in one rota", WINDOWS_MAX);
    return false;
}

static void take(const struct csv_row *row, void *to)
{
    struct reading_shifts *r = to;
    struct shift shift = {.number = row->number, .line = row->line};

    if (build_meta(r->b)->shifts == NO_INDEX) {
        if (!r->told)
            csv_wrong(
                row, USER,
                "the policy does not say what holds on days that a rota does not cover: add a statement "
                "'shifts unsure' or 'shifts default'");
        r->told = true;
        return;
    }
    if (read_subject(r->b, row, &shift) || read_days_of_year(r->b, row, &shift) ||
        read_weekdays(row, &shift.days) || read_week(row, &shift) || read_hours(r->b, row, &shift))
        return;
    if (fits(row, &r->s, &shift))
        shifts_add(&r->s, &shift);
}

int parse_shifts(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const struct csv_sheet sheet = {columns, COLUMNS, take};
    struct reading_shifts r = {.b = b};
    int result = csv_read(&sheet, file, text, &r, d);

    if (result == 0)
        shifts_build(&r.s, b, file);
    if (r.s.no_memory)
        result = diag_error(d, "out of memory while shifts.csv is read", NULL, NULL);
    shifts_free(&r.s);
    return result;
}
