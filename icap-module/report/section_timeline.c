/* 5: days and hours; the table first, then the picture. What the person says stands beside the days. */
#include "report/sections.h"

#include "core/clock.h"

enum { CHART_DAYS = 62 };

static const char *band_name(const struct facts *f, uint32_t band)
{
    struct pool *p = &f->doc->pool;

    if (band == 0)
        return pool_print(p, "#before %s", words_clock(p, f->edges[0]));
    if (band == f->n_edges)
        return pool_print(p, "#after %s", words_clock(p, f->edges[band - 1]));
    return pool_print(p, "#%s to %s", words_clock(p, f->edges[band - 1]), words_clock(p, f->edges[band]));
}

static bool on_day(int64_t from, int64_t to, int32_t day)
{
    return clock_local(from).day <= day && day <= clock_local(to).day;
}

static const char *add_note(const struct facts *f, const char *notes, const char *more)
{
    return pool_print(&f->doc->pool, "%s%s%s", notes, *notes ? "; " : "", more);
}

static const char *clock_at(const struct facts *f, int64_t utc)
{
    return words_clock(&f->doc->pool, clock_local(utc).minute);
}

static const char *notes_of(const struct facts *f, int32_t day)
{
    struct pool *p = &f->doc->pool;
    const char *notes = "";

    INPUT_EACH(const struct input_note, f->in->notes, n)
    if (on_day(n->from, n->to, day))
        notes = add_note(f, notes,
                         pool_print(p, "the person says, %s to %s: %s", clock_at(f, n->from),
                                    clock_at(f, n->to), doc_said(f->doc, n->words)));
    INPUT_EACH(const struct input_claim, f->in->claims, c)
    if (on_day(c->from, c->to, day))
        notes = add_note(f, notes,
                         pool_print(p, "pressed \"%s\", %s to %s",
                                    str_eq(c->what, STR("work")) ? "this was for work" : "I am on a break",
                                    clock_at(f, c->from), clock_at(f, c->to)));
    INPUT_EACH(const struct input_gap, f->in->gaps, g)
    if (on_day(g->from, g->to, day))
        notes = add_note(f, notes,
                         pool_print(p, "gap %s to %s: %s", clock_at(f, g->from), clock_at(f, g->to),
                                    doc_said(f->doc, g->what)));
    INPUT_EACH(const int32_t, f->in->pattern.off, off)
    if (*off == day)
        notes = add_note(f, notes, "no work on this day, by the working hours");
    return *notes ? notes : " ";
}

static bool used(const struct facts *f, uint32_t number)
{
    return f->browsing.days[number].time.s[HIGH] > 0;
}

static void put_day(const struct facts *f, struct table *t, uint32_t number)
{
    struct doc *d = f->doc;
    const struct rounded *r = &f->rounded;
    int32_t day = f->in->panel.from + (int32_t)number;

    doc_cell(d, t, "%s", words_short_day(&d->pool, day));
    for (uint32_t band = 0; band <= f->n_edges; band++)
        doc_cell(d, t, "%s",
                 f->browsing.days[number].bands[band] ? words_steps(&d->pool, r->bands[number][band]) : "-");
    doc_cell(d, t, "%s", words_steps(&d->pool, r->days[number][LIKELY]));
    doc_cell(d, t, "%s to %s", words_steps(&d->pool, r->days[number][LOW]),
             words_steps(&d->pool, r->days[number][HIGH]));
    doc_cell(d, t, "%s", f->in->has_pattern ? words_steps(&d->pool, r->day_work[number]) : "not split");
    doc_cell(d, t, "%s", notes_of(f, day));
}

static struct table *begin(const struct facts *f)
{
    const char *columns[DOC_COLUMNS] = {"Day"};
    size_t n = 1;

    for (uint32_t band = 0; band <= f->n_edges; band++)
        columns[n++] = band_name(f, band);
    columns[n++] = "#Likely, all day";
    columns[n++] = "#Low to high";
    columns[n++] = "#Likely, in work time";
    columns[n++] = "Beside it";
    columns[n] = NULL;
    return doc_table(f->doc, "Likely time in each part of the day", columns);
}

static void mark_work(const struct facts *f, int32_t day, struct chart_row *row)
{
    int64_t noon = (int64_t)day * 86400 + 43200;

    for (int64_t t = noon - 46800; f->in->has_pattern && t < noon + 46800; t += 900) {
        struct local_time at = clock_local(t);

        if (at.day == day && working_at(&f->pattern, t))
            row->work[at.minute / 60 % 24] |= (uint8_t)(1u << at.minute % 60 / 15);
    }
}

static void draw(const struct facts *f)
{
    struct doc *d = f->doc;
    struct chart *c;

    if (f->browsing.n_days > CHART_DAYS)
        return;
    c = doc_chart(d, CHART_HOURS, "Likely time in each hour of each day");
    if (!c)
        return;
    c->text = "One row a day, one field an hour. A bar as tall as its field is a whole hour; where in the "
              "hour it was is not shown. The thick "
              "line below a row marks working hours. The table above holds the same times.";
    for (uint32_t i = 0; i < f->browsing.n_days; i++) {
        int32_t day = f->in->panel.from + (int32_t)i;
        struct chart_row *row = doc_chart_row(d, c, words_short_day(&d->pool, day));

        for (size_t h = 0; row && h < 24; h++)
            row->hours[h] = f->rounded.hours[i][h] * 5;
        if (row)
            mark_work(f, day, row);
    }
}

/* A day without use is shown where somebody has said something of it. */
static bool beside(const struct facts *f, uint32_t number)
{
    int32_t day = f->in->panel.from + (int32_t)number;

    INPUT_EACH(const struct input_note, f->in->notes, n)
    if (on_day(n->from, n->to, day))
        return true;
    return false;
}

void section_timeline(const struct facts *f)
{
    struct doc *d = f->doc;
    struct table *t;
    uint32_t without = 0;

    if (f->browsing.time.s[HIGH] == 0 && !f->in->notes.n) {
        doc_text(d, BLOCK_PARAGRAPH, "There is no day with use to show.");
        return;
    }
    doc_text(d, BLOCK_PARAGRAPH, "Times of the day are local time. %s",
             f->in->has_pattern
                 ? "The parts of the day follow the working hours in section 2."
                 : "The case gives no working hours, so no part of the day is called work time or own time.");
    t = begin(f);
    for (uint32_t i = 0; i < f->browsing.n_days; i++) {
        if (used(f, i) || beside(f, i))
            put_day(f, t, i);
        else
            without++;
    }
    if (without)
        doc_text(d, BLOCK_PARAGRAPH, "On the other %s of the period no use was found.",
                 words_count(&d->pool, without, "day", "days"));
    draw(f);
}
