/* 4: time on each site, as a range. */
#include "report/sections.h"

static bool shown(const struct facts *f, size_t number)
{
    return f->browsing.platforms[number].time.s[HIGH] > 0 || f->browsing.platforms[number].minutes > 0;
}

static const char *name_of(const struct facts *f, size_t number)
{
    const struct input_platform *p = f->in->platforms.p;

    return doc_said(f->doc, p[number].name);
}

static bool met_before(const struct facts *f, size_t until, const struct input_event *e)
{
    for (size_t i = 0; i < until; i++)
        if (f->events[i]->action == ACTION_ALLOW && f->events[i]->origin == ORIGIN_PERSON &&
            str_eq(f->events[i]->platform, e->platform) && str_eq(f->events[i]->rule, e->rule))
            return true;
    return false;
}

/* The rules by which the person's acts there went through, each once. */
static const char *rules_of(const struct facts *f, size_t number)
{
    const struct input_platform *p = f->in->platforms.p;
    const char *names = "";

    for (size_t i = 0; i < f->in->events.n; i++) {
        const struct input_event *e = f->events[i];

        if (e->action == ACTION_ALLOW && e->origin == ORIGIN_PERSON && str_eq(e->platform, p[number].id) &&
            !met_before(f, i, e))
            names = pool_print(&f->doc->pool, "%s%s%s", names, *names ? ", " : "",
                               e->rule.n ? doc_said(f->doc, e->rule) : "default");
    }
    return *names ? names : "-";
}

static void put_row(const struct facts *f, struct table *t, size_t number)
{
    struct doc *d = f->doc;
    const struct browsing_platform *p = &f->browsing.platforms[number];
    const uint32_t *r = f->rounded.platforms[number];
    uint32_t work = f->rounded.platform_work[number];

    doc_cell(d, t, "%s", name_of(f, number));
    doc_cell(d, t, "%s", rules_of(f, number));
    doc_cell(d, t, "%u", p->days);
    doc_cell(d, t, "%u", p->visits);
    for (size_t figure = 0; figure < BROWSING_FIGURES; figure++)
        doc_cell(d, t, "%s", words_steps(&d->pool, r[figure]));
    doc_cell(d, t, "%s", f->in->has_pattern ? words_steps(&d->pool, work) : "not split");
    doc_cell(d, t, "%s", f->in->has_pattern ? words_steps(&d->pool, r[LIKELY] - work) : "not split");
}

static void put_total(const struct facts *f, struct table *t)
{
    struct doc *d = f->doc;
    const struct rounded *r = &f->rounded;

    doc_cell(d, t, "All together");
    doc_cell(d, t, " ");
    doc_cell(d, t, " ");
    doc_cell(d, t, " ");
    for (size_t figure = 0; figure < BROWSING_FIGURES; figure++)
        doc_cell(d, t, "%s", words_steps(&d->pool, r->total[figure]));
    doc_cell(d, t, "%s", f->in->has_pattern ? words_steps(&d->pool, r->work) : "not split");
    doc_cell(d, t, "%s",
             f->in->has_pattern ? words_steps(&d->pool, r->total[LIKELY] - r->work) : "not split");
    if (t)
        t->total = true;
}

static void draw(const struct facts *f)
{
    struct doc *d = f->doc;
    struct chart *c = doc_chart(d, CHART_RANGES, "Low, likely and high time on each site");

    if (c)
        c->text = "Each bar runs from the low to the high figure of one site; the mark in it is the likely "
                  "figure. The table "
                  "above holds the same figures.";
    for (size_t i = 0; i <= f->in->platforms.n; i++) {
        bool total = i == f->in->platforms.n;
        const uint32_t *steps = total ? f->rounded.total : f->rounded.platforms[i];
        struct chart_row *row;

        if (!total && !shown(f, i))
            continue;
        row = doc_chart_row(d, c, total ? "All together" : name_of(f, i));
        for (size_t figure = 0; row && figure < BROWSING_FIGURES; figure++)
            row->range[figure] = steps[figure] * 5;
    }
}

void section_platforms(const struct facts *f)
{
    struct doc *d = f->doc;
    struct table *t;

    if (f->browsing.time.s[HIGH] == 0) {
        doc_text(d, BLOCK_PARAGRAPH, "No use of these sites was found in the period.");
        return;
    }
    doc_text(d, BLOCK_PARAGRAPH,
             "Times are hours and minutes, in steps of five minutes; 0:00 stands for less than three "
             "minutes. Low is what "
             "can be shown from the person's own clicks. High is all that cannot be ruled out. A minute on "
             "two sites is shared "
             "between them, so nothing is counted twice.");
    t = doc_table(d, "Estimated time on each site",
                  COLUMNS("Site", "Let through by", "#Days", "#Visits", "#Low", "#Likely", "#High",
                          "#Likely, in work time", "#Likely, in own time"));
    for (size_t i = 0; i < f->in->platforms.n; i++)
        if (shown(f, i))
            put_row(f, t, i);
    put_total(f, t);
    draw(f);
}
