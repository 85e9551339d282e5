/* The calendars of an artefact as text. */
#include "compile/hours.h"
#include "compile/out.h"

static void print_windows(struct out *o, struct a_list windows)
{
    static const char *const kinds[WINDOW_KINDS] = {"work", "own", "window"};

    for (uint32_t i = 0; i < windows.n; i++) {
        const struct a_window *w = &ARTEFACT_ROWS(o->a, WINDOWS, struct a_window)[windows.at + i];
        char room[80];
        struct text t;

        if (i == 0 || w[-1].kind != w->kind || w[-1].time != w->time) {
            out_puts(o, i ? "\n    " : "    ");
            out_puts(o, kinds[w->kind]);
            out_puts(o, w->time == NO_INDEX ? "" : " ");
            if (w->time != NO_INDEX)
                out_name(o, out_text(o, ARTEFACT_ROWS(o->a, TIMES, struct a_time)[w->time].name));
        }
        text_init(&t, room, sizeof room);
        hours_put(w, &t);
        out_puts(o, " ");
        out_str(o, text_str(&t));
    }
    out_puts(o, windows.n ? "\n" : "");
}

static void print_closed(struct out *o, struct a_list closed)
{
    const uint32_t *days = artefact_numbers(o->a, closed);

    out_puts(o, closed.n ? "    closed" : "");
    for (uint32_t i = 0; i + 1 < closed.n; i += 2) {
        out_puts(o, " ");
        out_date(o, days[i]);
        if (days[i + 1] != days[i]) {
            out_puts(o, " to ");
            out_date(o, days[i + 1]);
        }
    }
    out_puts(o, closed.n ? "\n" : "");
}

/* Whoever has another calendar: said in the default one. */
static void print_calendar_groups(struct out *o)
{
    for (uint32_t i = 0; i < o->a->n[SECTION_CALENDAR_GROUPS]; i++) {
        const struct a_calendar_group *g = &ARTEFACT_ROWS(o->a, CALENDAR_GROUPS, struct a_calendar_group)[i];

        out_puts(o, "    group ");
        out_name(o, out_text(o, ARTEFACT_ROWS(o->a, GROUPS, struct a_group)[g->group].name));
        out_puts(o, g->calendar == NO_INDEX ? " shifts" : " calendar ");
        if (g->calendar != NO_INDEX)
            out_name(o, out_text(o, ARTEFACT_ROWS(o->a, CALENDARS, struct a_calendar)[g->calendar].name));
        out_puts(o, "\n");
    }
}

static void print_calendar(struct out *o, uint32_t index)
{
    const struct a_calendar *c = &ARTEFACT_ROWS(o->a, CALENDARS, struct a_calendar)[index];
    bool is_default = ARTEFACT_ROWS(o->a, META, struct a_meta)->calendar == index;

    out_puts(o, "calendar ");
    out_name(o, out_text(o, c->name));
    out_puts(o, is_default ? "\n    default\n" : "\n");
    print_windows(o, c->windows);
    if (c->region != NO_INDEX) {
        out_puts(o, "    holidays ");
        out_name(o, out_text(o, ARTEFACT_ROWS(o->a, REGIONS, struct a_region)[c->region].name));
        out_puts(o, "\n");
    }
    print_closed(o, c->closed);
    if (is_default)
        print_calendar_groups(o);
    out_part(o, "    cite ", c->cite);
    out_puts(o, c->cite.n ? "\n" : "");
    out_part(o, "    assumption ", c->assumption);
    out_puts(o, c->assumption.n ? "\n" : "");
}

void print_calendars(struct out *o)
{
    const struct a_meta *m = ARTEFACT_ROWS(o->a, META, struct a_meta);

    for (uint32_t i = 0; i < o->a->n[SECTION_CALENDARS]; i++)
        print_calendar(o, i);
    if (m->shifts == NO_INDEX)
        return;
    out_puts(o, m->shifts == SHIFTS_DEFAULT ? "shifts default" : "shifts unsure");
    if (m->shift_weeks) {
        out_puts(o, " last ");
        out_number(o, m->shift_weeks);
        out_puts(o, " weeks");
    }
    out_part(o, " cite ", m->shift_cite);
    out_part(o, "\n    assumption ", m->shift_assumption);
    out_puts(o, "\n");
}
