/* What is wrong or doubtful about calendars and rotas although every line is right by itself. */
#include "compile/check.h"

#include "compile/hours.h"
#include "core/clock.h"

enum { SOON = 14, HALF_A_YEAR = 183 }; /* days */

static const struct a_calendar *calendar_at(const struct check *c, uint32_t i)
{
    return build_at(c->b, SECTION_CALENDARS, i);
}

static const struct a_window *window_at(const struct check *c, struct a_list windows, uint32_t i)
{
    return build_at(c->b, SECTION_WINDOWS, windows.at + i);
}

static const struct a_calendar_group *calendar_group_at(const struct check *c, uint32_t i)
{
    return build_at(c->b, SECTION_CALENDAR_GROUPS, i);
}

static bool some_group_has(const struct check *c, uint32_t calendar)
{
    for (uint32_t i = 0; i < build_count(c->b, SECTION_CALENDAR_GROUPS); i++)
        if (calendar_group_at(c, i)->calendar == calendar)
            return true;
    return false;
}

static void check_default(struct check *c)
{
    uint32_t n = build_count(c->b, SECTION_CALENDARS);

    if (n && c->meta->calendar == NO_INDEX)
        check_say(
            c, SEVERITY_ERROR, SECTION_CALENDARS, 0,
            "there are %u calendars, and none of them says 'default': put that line into the one that holds "
            "for everybody of whom no group says another",
            n);
}

static void check_applies(struct check *c, uint32_t i)
{
    struct str name = build_text(c->b, calendar_at(c, i)->name);

    if (c->meta->calendar == NO_INDEX || c->meta->calendar == i || some_group_has(c, i))
        return;
    check_say(
        c, SEVERITY_ERROR, SECTION_CALENDARS, i,
        "calendar '%.*s' never applies: it is not the default, and no group has it; add 'group NAME calendar "
        "%.*s' to the default calendar, or take it out",
        STR_ARG(name), STR_ARG(name));
}

static bool meets_kind(const struct check *c, struct a_list windows, const struct a_window *window,
                       enum window_kind kind)
{
    for (uint32_t i = 0; i < windows.n; i++)
        if (window_at(c, windows, i)->kind == kind && hours_meet(window_at(c, windows, i), window))
            return true;
    return false;
}

static void check_windows(struct check *c, uint32_t i)
{
    const struct a_calendar *row = calendar_at(c, i);
    struct str name = build_text(c->b, row->name);
    bool works = false;

    for (uint32_t k = 0; k < row->windows.n; k++) {
        const struct a_window *w = window_at(c, row->windows, k);

        works |= w->kind == WINDOW_WORK;
        if (w->kind == WINDOW_OWN && !meets_kind(c, row->windows, w, WINDOW_WORK))
            check_say(
                c, SEVERITY_WARNING, SECTION_WINDOWS, row->windows.at + k,
                "all of this is outside the hours of work of '%.*s', so that it is own time anyway: mend the "
                "days or times, or take it out",
                STR_ARG(name));
    }
    if (!works)
        check_say(c, SEVERITY_ERROR, SECTION_CALENDARS, i,
                  "calendar '%.*s' has no hours of work: add a line like 'work Mon-Fri 09:00-17:00'",
                  STR_ARG(name));
}

static void check_calendar_groups(struct check *c)
{
    for (uint32_t i = 0; i < build_count(c->b, SECTION_CALENDAR_GROUPS); i++) {
        const struct a_calendar_group *g = calendar_group_at(c, i);
        const struct a_group *group = build_at(c->b, SECTION_GROUPS, g->group);

        if (g->calendar != NO_INDEX && g->calendar == c->meta->calendar)
            check_say(
                c, SEVERITY_ERROR, SECTION_CALENDAR_GROUPS, i,
                "group '%.*s' would have the default calendar anyway: name another, or take the line out",
                STR_ARG(build_text(c->b, group->name)));
        if (g->calendar == NO_INDEX && c->meta->shifts == NO_INDEX)
            check_say(
                c, SEVERITY_ERROR, SECTION_CALENDAR_GROUPS, i,
                "group '%.*s' works by shifts, but the policy does not say what holds on days that no rota "
                "covers: add a statement 'shifts unsure' or 'shifts default'",
                STR_ARG(build_text(c->b, group->name)));
    }
}

/* `group` lines speak of whom the default calendar does not hold for. */
static void check_group_places(struct check *c)
{
    struct str file, other;
    unsigned line, column, first = 0, end = UINT32_MAX;

    if (c->meta->calendar == NO_INDEX ||
        !build_place_of(c->b, SECTION_CALENDARS, c->meta->calendar, &file, &first, &column))
        return;
    for (uint32_t i = 0; i < build_count(c->b, SECTION_CALENDARS); i++)
        if (build_place_of(c->b, SECTION_CALENDARS, i, &other, &line, &column) && line > first && line < end)
            end = line;
    for (uint32_t i = 0; i < build_count(c->b, SECTION_CALENDAR_GROUPS); i++)
        if (build_place_of(c->b, SECTION_CALENDAR_GROUPS, i, &other, &line, &column) &&
            (line < first || line > end))
            check_say(
                c, SEVERITY_ERROR, SECTION_CALENDAR_GROUPS, i,
                "who has another calendar is said in the default one, 'calendar %.*s': move the line there",
                STR_ARG(build_text(c->b, calendar_at(c, c->meta->calendar)->name)));
}

/* Some rule asks for that time; NO_INDEX: for any. */
static bool asked_for(const struct check *c, uint32_t time)
{
    for (uint32_t i = 0; i < build_count(c->b, SECTION_CLAUSES); i++) {
        const struct a_clause *clause = build_at(c->b, SECTION_CLAUSES, i);
        const uint32_t *args = build_numbers_at(c->b, clause->args);

        if (check_kind_of(clause) != ARG_DURING)
            continue;
        for (uint32_t k = 0; k < clause->args.n; k++)
            if (time == NO_INDEX || args[k] == time)
                return true;
    }
    return false;
}

static void check_use(struct check *c)
{
    if (!asked_for(c, NO_INDEX))
        check_say(c, SEVERITY_NOTE, SECTION_CALENDARS, 0,
                  "no rule asks what time it is ('during own-time'): calendars mean nothing so far");
    for (uint32_t i = 0; i < build_count(c->b, SECTION_WINDOWS); i++) {
        const struct a_window *w = build_at(c->b, SECTION_WINDOWS, i);

        if (w->kind == WINDOW_NAMED && !asked_for(c, w->time))
            check_say(c, SEVERITY_NOTE, SECTION_WINDOWS, i, "no rule asks for this window ('during %.*s')",
                      STR_ARG(build_text(c->b, *(struct a_str *)build_at(c->b, SECTION_TIMES, w->time))));
    }
}

/* What is behind the last holiday of the list counts as if there were none. */
static void check_holidays(struct check *c, uint32_t i, int32_t today)
{
    const struct a_calendar *row = calendar_at(c, i);
    const struct a_region *region =
        row->region == NO_INDEX ? NULL : build_at(c->b, SECTION_REGIONS, row->region);
    const struct a_holiday *last;
    char date[11] = {0};

    if (!region || !region->holidays.n)
        return;
    last = build_at(c->b, SECTION_HOLIDAYS, region->holidays.at + region->holidays.n - 1);
    if ((int32_t)last->day >= today + HALF_A_YEAR)
        return;
    clock_format_date((int32_t)last->day, date);
    check_say(
        c, SEVERITY_WARNING, SECTION_CALENDARS, i,
        "the last bank holiday that is known for '%.*s' is %s: bring calendars/bank-holidays.csv up to date",
        STR_ARG(build_text(c->b, region->name)), date);
}

/* Rotas that say nothing of today, or soon will. */
static void check_rotas(struct check *c, int32_t today)
{
    uint32_t past = 0, soon = 0, first_past = 0, first_soon = 0;

    for (uint32_t i = 0; i < build_count(c->b, SECTION_ROTAS); i++) {
        const struct a_rota *rota = build_at(c->b, SECTION_ROTAS, i);
        const struct a_period *last = build_at(c->b, SECTION_PERIODS, rota->periods.at + rota->periods.n - 1);

        if ((int32_t)last->last < today) {
            if (past++ == 0)
                first_past = i;
        } else if ((int32_t)last->last < today + SOON && soon++ == 0) {
            first_soon = i;
        }
    }
    if (past)
        check_say(c, SEVERITY_WARNING, SECTION_ROTAS, first_past, "%u rota%s ended: %s; add the next rows",
                  past, past > 1 ? "s have" : " has",
                  c->meta->shifts == SHIFTS_DEFAULT ? "the default calendar holds there"
                                                    : "it cannot be told whose time it is");
    if (soon)
        check_say(c, SEVERITY_NOTE, SECTION_ROTAS, first_soon, "%u rota%s within %d days: add the next rows",
                  soon, soon > 1 ? "s end" : " ends", SOON);
}

void check_calendars(struct check *c)
{
    check_default(c);
    for (uint32_t i = 0; i < build_count(c->b, SECTION_CALENDARS); i++) {
        check_applies(c, i);
        check_windows(c, i);
    }
    check_calendar_groups(c);
    check_group_places(c);
    if (c->meta->shifts != NO_INDEX && build_count(c->b, SECTION_CALENDARS) == 0)
        check_say(c, SEVERITY_ERROR, SECTION_META, STATEMENT_SHIFTS,
                  "shifts need a calendar for everybody else: add a statement 'calendar office'");
}

void check_calendar_days(struct check *c, int32_t today)
{
    for (uint32_t i = 0; i < build_count(c->b, SECTION_CALENDARS); i++)
        check_holidays(c, i, today);
    check_rotas(c, today);
    if (build_count(c->b, SECTION_CALENDARS))
        check_use(c);
}
