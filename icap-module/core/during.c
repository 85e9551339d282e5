#include "core/during.h"

#include "core/lookup.h"
#include "core/standing.h"

/* The hours of one calendar or rota around one day. A rota may be another one on the day before. */
struct hours_of {
    struct a_list today, yesterday; /* SECTION_WINDOWS */
    bool same;                      /* the two are one list */
    struct a_list closed;
    uint32_t region[2]; /* of today and of yesterday */
};

/* What one calendar or rota says. */
struct told {
    enum hours hours;
    enum during_why why;
    uint32_t window, holiday;
    enum answer named; /* the window that was asked for is open */
};

static int32_t week_of(int32_t day)
{
    int32_t d = day + 3; /* 1970-01-01 was a Thursday */

    return d >= 0 ? d / 7 : -((-d + 6) / 7);
}

/* A minute of a day as windows are held against it. */
struct moment {
    uint32_t weekday; /* a bit */
    uint32_t minute;
    int32_t week;
};

static struct moment moment_of(int32_t day, uint32_t minute)
{
    int32_t week = week_of(day);

    return (struct moment){1u << (day + 3 - 7 * week), minute, week};
}

/* Nearly every window ends at the first comparison. */
static bool is_open(const struct a_window *w, const struct moment *m)
{
    int32_t cycle = (int32_t)w->cycle;

    return m->minute - w->begin < w->end - w->begin && w->days & m->weekday &&
           (cycle == 1 || (uint32_t)((m->week % cycle + cycle) % cycle) == w->phase);
}

/* Nothing begins on that day; *holiday says which it is, NO_INDEX = the calendar is closed. */
static bool is_off(const struct artefact *a, const struct hours_of *h, unsigned before, int32_t day,
                   uint32_t *holiday)
{
    *holiday = lookup_holiday(a, h->region[before], day);
    return *holiday != NO_INDEX || (h->closed.n && lookup_closed(a, h->closed, day));
}

/* Walks the windows of a day at a minute since its midnight. True where one of them goes on over midnight. */
static bool walk(const struct match *m, const struct hours_of *h, unsigned before, uint32_t name,
                 struct told *told)
{
    struct a_list list = before ? h->yesterday : h->today;
    const struct a_window *w = &ARTEFACT_ROWS(m->artefact, WINDOWS, struct a_window)[list.at];
    int32_t day = m->local.day - (int32_t)before;
    struct moment moment = moment_of(day, m->local.minute + before * MINUTES_A_DAY);
    uint32_t holiday = NO_INDEX;
    bool asked = false, off = false, over = false;

    for (uint32_t i = 0; i < list.n; i++, w++) {
        over |= w->end > MINUTES_A_DAY;
        if (!is_open(w, &moment))
            continue;
        if (!asked) {
            asked = true;
            off = is_off(m->artefact, h, before, day, &holiday);
        }
        if (off) {
            if (told->window == NO_INDEX && w->kind == WINDOW_WORK && told->why == DURING_WHY_OUTSIDE) {
                told->why = holiday == NO_INDEX ? DURING_WHY_CLOSED : DURING_WHY_HOLIDAY;
                told->holiday = holiday;
            }
            continue;
        }
        if (name != NO_INDEX && w->time == name)
            told->named = YES;
        if (w->kind == WINDOW_NAMED ||
            (told->window != NO_INDEX && (told->hours == HOURS_OWN || w->kind == WINDOW_WORK)))
            continue;
        told->hours = w->kind == WINDOW_OWN ? HOURS_OWN : HOURS_WORK;
        told->why = DURING_WHY_WINDOW;
        told->window = list.at + i;
    }
    return over;
}

static struct told tell(const struct match *m, const struct hours_of *h, uint32_t name)
{
    struct told told = {HOURS_OWN, DURING_WHY_OUTSIDE, NO_INDEX, NO_INDEX, NO};

    if (walk(m, h, 0, name, &told) || !h->same)
        walk(m, h, 1, name, &told);
    return told;
}

static struct told by_calendar(const struct match *m, uint32_t calendar, uint32_t name)
{
    const struct a_calendar *c = &ARTEFACT_ROWS(m->artefact, CALENDARS, struct a_calendar)[calendar];
    const struct hours_of h = {c->windows, c->windows, true, c->closed, {c->region, c->region}};

    return tell(m, &h, name);
}

/* False where the rota does not cover the day, not even by a shift of the day before. */
static bool by_rota(const struct match *m, const struct a_rota *rota, uint32_t name, struct told *told)
{
    const struct a_period *today = rota ? lookup_period(m->artefact, rota, m->local.day) : NULL;
    const struct a_period *yesterday = rota ? lookup_period(m->artefact, rota, m->local.day - 1) : NULL;
    struct hours_of h = {.region = {NO_INDEX, NO_INDEX}};

    if (today) {
        h.today = today->windows;
        h.region[0] = today->region;
    }
    if (yesterday) {
        h.yesterday = yesterday->windows;
        h.region[1] = yesterday->region;
    }
    *told = tell(m, &h, name);
    return today || told->window != NO_INDEX;
}

/* Several of them together. */
struct sum {
    const struct match *m;
    uint32_t name;
    bool some;
    struct told told;
    struct time_view view;
};

/* One more; where it says another thing than those before it, nothing is sure. */
static void add(struct sum *s, const struct told *told, bool rota, uint32_t calendar, uint32_t group)
{
    if (!s->some) {
        s->some = true;
        s->told = *told;
        s->view.by_rota = rota;
        s->view.calendar = calendar;
        s->view.group = group;
        return;
    }
    if (s->told.named != told->named)
        s->told.named = UNSURE;
    if (s->told.hours == told->hours || s->told.hours == HOURS_COUNT)
        return;
    s->told.hours = HOURS_COUNT;
    s->told.why = DURING_WHY_DIFFER;
    s->view.other_by_rota = rota;
    s->view.other = calendar;
    s->view.other_group = group;
}

/* Steps 2 and 3; true where somebody works by a rota that says nothing of this day. */
static bool of_person(struct sum *s)
{
    const struct match *m = s->m;
    const struct a_calendar_group *rows =
        ARTEFACT_ROWS(m->artefact, CALENDAR_GROUPS, struct a_calendar_group);
    const struct a_rota *own = lookup_user_rota(m->artefact, m->request->account_name);
    bool uncovered = own != NULL;
    struct told told;

    if (own && by_rota(m, own, s->name, &told)) {
        add(s, &told, true, NO_INDEX, NO_INDEX);
        return false;
    }
    for (uint32_t i = 0; i < m->artefact->n[SECTION_CALENDAR_GROUPS]; i++) {
        if (s->name == NO_INDEX && s->told.hours == HOURS_COUNT)
            return false; /* no further one makes it sure again */
        if (!match_in_group(m->who, rows[i].group) || (own && rows[i].calendar != NO_INDEX))
            continue;
        if (rows[i].calendar != NO_INDEX) {
            told = by_calendar(m, rows[i].calendar, s->name);
            add(s, &told, false, rows[i].calendar, rows[i].group);
        } else if (by_rota(m, lookup_group_rota(m->artefact, rows[i].group), s->name, &told)) {
            add(s, &told, true, NO_INDEX, rows[i].group);
        } else {
            uncovered = true;
        }
    }
    return uncovered;
}

/* Steps 2 to 5 for the two kinds of time, and for one name. */
static void sum_up(struct sum *s)
{
    const struct a_meta *meta = ARTEFACT_ROWS(s->m->artefact, META, struct a_meta);
    bool uncovered = of_person(s);

    if (s->some)
        return;
    if (meta->calendar == NO_INDEX || (uncovered && meta->shifts != SHIFTS_DEFAULT)) {
        s->told = (struct told){HOURS_COUNT, uncovered ? DURING_WHY_NO_ROTA : DURING_WHY_NOT_SAID, NO_INDEX,
                                NO_INDEX, UNSURE};
        return;
    }
    s->view.fallback = uncovered;
    s->told = by_calendar(s->m, meta->calendar, s->name);
    s->view.calendar = meta->calendar;
}

const struct time_view *during_view(const struct match *m)
{
    struct time_view *v = &m->memory->time;
    struct sum s = {.m = m, .name = NO_INDEX, .view = {.calendar = NO_INDEX, .group = NO_INDEX}};

    if (v->looked)
        return v;
    s.view.break_until = facts_until(match_facts(m), FACT_BREAK, STR_NONE, m->request->now);
    if (s.view.break_until)
        s.told = (struct told){HOURS_OWN, DURING_WHY_BREAK, NO_INDEX, NO_INDEX, NO};
    else
        sum_up(&s);
    *v = s.view;
    v->looked = true;
    v->hours = s.told.hours;
    v->why = s.told.why;
    v->window = s.told.window;
    v->holiday = s.told.holiday;
    return v;
}

/* A window with a name is a matter of the clock alone: a declared break neither opens nor shuts it. */
static enum answer in_window(const struct match *m, uint32_t name)
{
    struct sum s = {.m = m, .name = name};

    sum_up(&s);
    return s.told.named;
}

enum answer match_during(const struct match *m, const uint32_t *args, uint32_t n)
{
    enum answer answer = NO;
    unsigned kinds = 0;

    for (uint32_t i = 0; i < n; i++) {
        enum hours hours;

        if (args[i] < DURING_OWN_TIME) {
            answer = answer_or(answer, in_window(m, args[i]));
            continue;
        }
        kinds |= 1u << (args[i] - DURING_OWN_TIME);
        hours = during_view(m)->hours;
        answer = answer_or(answer, hours == HOURS_COUNT                           ? UNSURE
                                   : (uint32_t)hours == args[i] - DURING_OWN_TIME ? YES
                                                                                  : NO);
    }
    return kinds == 3 ? YES : answer; /* it is one of both, whichever */
}

/* --- in words --- */

static void put_two(struct text *t, uint32_t n)
{
    text_putc(t, (char)('0' + n / 10 % 10));
    text_putc(t, (char)('0' + n % 10));
}

static void put_time(struct text *t, uint32_t minute)
{
    put_two(t, minute / 60 % 24);
    text_putc(t, ':');
    put_two(t, minute % 60);
}

static void put_whose(const struct match *m, struct text *t, bool rota, const uint32_t of[2])
{
    const struct artefact *a = m->artefact;

    if (!rota) {
        text_put(t, artefact_str(a, ARTEFACT_ROWS(a, CALENDARS, struct a_calendar)[of[0]].name));
        return;
    }
    text_puts(t, of[1] == NO_INDEX ? "the person's own rota" : "the rota of ");
    if (of[1] != NO_INDEX)
        text_put(t, artefact_str(a, ARTEFACT_ROWS(a, GROUPS, struct a_group)[of[1]].name));
}

static void put_window(const struct match *m, struct text *t, uint32_t window)
{
    const struct a_window *w = &ARTEFACT_ROWS(m->artefact, WINDOWS, struct a_window)[window];

    if (w->time != NO_INDEX) {
        text_put(t,
                 artefact_str(m->artefact, ARTEFACT_ROWS(m->artefact, TIMES, struct a_time)[w->time].name));
        return;
    }
    put_time(t, w->begin);
    text_putc(t, '-');
    if (w->end == MINUTES_A_DAY)
        text_puts(t, "24:00");
    else
        put_time(t, w->end);
}

static void put_why(const struct match *m, const struct time_view *v, struct text *t)
{
    const uint32_t whose[] = {v->calendar, v->group}, other[] = {v->other, v->other_group};

    if (v->why == DURING_WHY_NOT_SAID || v->why == DURING_WHY_NO_ROTA) {
        text_puts(t, v->why == DURING_WHY_NO_ROTA ? "no rota covers this day" : "the policy has no calendar");
        return;
    }
    if (v->why == DURING_WHY_BREAK) {
        text_puts(t, "a break that the person declared, until ");
        put_time(t, clock_local(v->break_until).minute);
        return;
    }
    put_whose(m, t, v->by_rota, whose);
    if (v->fallback)
        text_puts(t, " (no rota covers this day)");
    if (v->why == DURING_WHY_DIFFER) {
        text_puts(t, " and ");
        put_whose(m, t, v->other_by_rota, other);
        text_puts(t, " differ");
        return;
    }
    text_puts(t, ", ");
    if (v->why == DURING_WHY_WINDOW)
        put_window(m, t, v->window);
    else if (v->why == DURING_WHY_HOLIDAY)
        text_put(t, artefact_str(m->artefact,
                                 ARTEFACT_ROWS(m->artefact, HOLIDAYS, struct a_holiday)[v->holiday].name));
    else
        text_puts(t, v->why == DURING_WHY_CLOSED ? "closed" : "outside the hours of work");
}

void during_tell(const struct match *m, struct text *t)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const hours[] = {
        " is own time: ", " is work time: ", " cannot be told to be own or work time: "};
    const struct time_view *v = during_view(m);
    char date[10];

    clock_format_date(m->local.day, date);
    text_puts(t, days[m->local.weekday % 7]);
    text_putc(t, ' ');
    text_put(t, (struct str){date, sizeof date});
    text_putc(t, ' ');
    put_time(t, m->local.minute);
    text_puts(t, hours[v->hours <= HOURS_COUNT ? v->hours : HOURS_COUNT]);
    put_why(m, v, t);
}

enum hours during_hours(const struct snapshot *snapshot, const struct request *r, const struct verdict *v,
                        struct text *to)
{
    struct match_memory memory = {0};
    struct match m = match_for(snapshot, r, v, &memory);

    if (to)
        during_tell(&m, to);
    return during_view(&m)->hours;
}
