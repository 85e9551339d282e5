#include "report/facts.h"

#include "core/clock.h"
#include "report/rounding.h"

#include <stdlib.h>

static int by_time(const void *a, const void *b)
{
    const struct input_event *x = *(const struct input_event *const *)a,
                             *y = *(const struct input_event *const *)b;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x < y ? -1 : x > y; /* as they stand in the input */
}

static int sort_events(struct facts *f)
{
    size_t n = 0;

    f->events = pool_take(&f->doc->pool, f->in->events.n * sizeof(struct input_event *));
    if (!f->events)
        return -1;
    INPUT_EACH(const struct input_event, f->in->events, e)
    f->events[n++] = e;
    if (n)
        /* NOLINTNEXTLINE(bugprone-sizeof-expression): of pointers */
        qsort(f->events, n, sizeof f->events[0], by_time);
    return 0;
}

static uint32_t platform_number(const struct report_input *in, struct str id)
{
    uint32_t n = 0;

    INPUT_EACH(const struct input_platform, in->platforms, p)
    {
        if (str_eq(p->id, id))
            return n;
        n++;
    }
    return BROWSING_PLATFORMS;
}

/* ---- browsing time ---- */

static bool is_edge(const struct facts *f, uint32_t minute)
{
    for (uint32_t i = 0; i < f->n_edges; i++)
        if (f->edges[i] == minute)
            return true;
    return minute == 0 || minute >= 1440;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

/* Bands of the day follow the hours of work; where there are none, or too many, plain ones do. */
static void find_bands(struct facts *f)
{
    static const uint32_t plain[] = {360, 540, 720, 840, 1020};
    bool fits = f->pattern.n > 0;

    for (uint32_t i = 0; i < 2 * f->pattern.n && fits; i++) {
        const struct working_window *w = &f->pattern.windows[i / 2];
        uint32_t minute = i % 2 ? w->to : w->from;

        if (is_edge(f, minute))
            continue;
        fits = f->n_edges < BROWSING_EDGES;
        if (fits)
            f->edges[f->n_edges++] = minute;
    }
    if (fits) {
        qsort(f->edges, f->n_edges, sizeof *f->edges, by_number);
        return;
    }
    f->n_edges = sizeof plain / sizeof *plain;
    memcpy(f->edges, plain, sizeof plain);
}

static void take_pattern(struct facts *f)
{
    INPUT_EACH(const struct input_window, f->in->pattern.windows, w)
    f->pattern.windows[f->pattern.n++] = (struct working_window){w->weekdays, w->from, w->to};
    INPUT_EACH(const int32_t, f->in->pattern.off, day)
    f->pattern.off[f->pattern.n_off++] = *day;
    find_bands(f);
}

/* Claims and notes say that it was for work, breaks that it was none. */
static void take_words(struct facts *f, struct moment_span *claims, struct moment_span *breaks)
{
    INPUT_EACH(const struct input_claim, f->in->claims, c)
    {
        if (str_eq(c->what, STR("work")))
            claims[f->counts.claims++] = (struct moment_span){c->from, c->to};
        else
            breaks[f->counts.breaks++] = (struct moment_span){c->from, c->to};
    }
    claims += f->counts.claims;
    INPUT_EACH(const struct input_note, f->in->notes, note)
    *claims++ = (struct moment_span){note->from, note->to};
}

static int try_settings(struct facts *f, const struct browsing_input *in)
{
    static const uint32_t caps[SENSITIVITY] = {60, 180, 300}, gaps[SENSITIVITY] = {300, 600, 1800};
    struct browsing_settings s = browsing_bt1;
    struct browsing_input other = *in;
    struct browsing *b = pool_take(&f->doc->pool, sizeof *b);

    if (!b)
        return -1;
    other.settings = &s;
    for (size_t c = 0; c < SENSITIVITY; c++)
        for (size_t g = 0; g < SENSITIVITY; g++) {
            s.cap = f->caps[c] = caps[c];
            s.gap = f->gaps[g] = gaps[g];
            if (browsing_estimate(&other, b) != 0)
                return -1;
            f->likely[c][g] = rounding_steps(b->time.s[LIKELY]);
            if (s.cap == browsing_bt1.cap)
                f->high[g] = rounding_steps(b->time.s[HIGH]);
        }
    return 0;
}

static int estimate(struct facts *f)
{
    const struct report_input *in = f->in;
    struct use *uses = pool_take(&f->doc->pool, in->events.n * sizeof *uses);
    struct moment_span *claims = pool_take(&f->doc->pool, (in->claims.n + in->notes.n) * sizeof *claims);
    struct moment_span *breaks = pool_take(&f->doc->pool, in->claims.n * sizeof *breaks);
    struct browsing_input b = {.settings = &browsing_bt1, .first = in->panel.from, .last = in->panel.to};

    if (!uses || !claims || !breaks)
        return -1;
    INPUT_EACH(const struct input_event, in->events, e)
    uses[b.n++] = (struct use){e->time, platform_number(in, e->platform), (enum activity)e->activity,
                               (enum origin)e->origin, e->action == ACTION_ALLOW};
    b.uses = uses;
    b.claims = claims;
    take_words(f, claims, breaks);
    b.n_claims = f->counts.claims + in->notes.n;
    b.breaks = breaks;
    b.n_breaks = f->counts.breaks;
    b.pattern = in->has_pattern ? &f->pattern : NULL;
    b.n_edges = f->n_edges;
    memcpy(b.edges, f->edges, sizeof b.edges);
    return browsing_estimate(&b, &f->browsing) == 0 ? try_settings(f, &b) : -1;
}

/* ---- rounding ---- */

/* One figure of all rows, none above the figure over it. */
static void round_column(uint32_t total, const uint32_t *seconds, uint32_t (*rows)[BROWSING_FIGURES],
                         size_t n, size_t figure)
{
    uint32_t most[ROUNDING_ROWS], steps[ROUNDING_ROWS];

    for (size_t i = 0; i < n; i++)
        most[i] = figure + 1 < BROWSING_FIGURES ? rows[i][figure + 1] : UINT32_MAX;
    rounding_rows(total, seconds, most, steps, n);
    for (size_t i = 0; i < n; i++)
        rows[i][figure] = steps[i];
}

static void round_work(uint32_t total, const uint32_t *seconds, uint32_t (*rows)[BROWSING_FIGURES],
                       uint32_t *work, size_t n)
{
    uint32_t most[ROUNDING_ROWS];

    for (size_t i = 0; i < n; i++)
        most[i] = rows[i][LIKELY];
    rounding_rows(total, seconds, most, work, n);
}

static void round_all(const struct browsing *b, struct rounded *r)
{
    uint32_t seconds[ROUNDING_ROWS];

    for (size_t f = BROWSING_FIGURES; f-- > 0;) {
        r->total[f] = rounding_steps(b->time.s[f]);
        for (size_t i = 0; i < BROWSING_PLATFORMS; i++)
            seconds[i] = b->platforms[i].time.s[f];
        round_column(r->total[f], seconds, r->platforms, BROWSING_PLATFORMS, f);
        for (size_t i = 0; i < b->n_days; i++)
            seconds[i] = b->days[i].time.s[f];
        round_column(r->total[f], seconds, r->days, b->n_days, f);
    }
    r->work = rounding_steps(b->work.s[LIKELY]);
    r->claimed = rounding_steps(b->claimed);
    r->breaks = rounding_steps(b->breaks);
    for (size_t i = 0; i < BROWSING_PLATFORMS; i++)
        seconds[i] = b->platforms[i].work.s[LIKELY];
    round_work(r->work, seconds, r->platforms, r->platform_work, BROWSING_PLATFORMS);
    for (size_t i = 0; i < b->n_days; i++)
        seconds[i] = b->days[i].work.s[LIKELY];
    round_work(r->work, seconds, r->days, r->day_work, b->n_days);
    for (size_t i = 0; i < b->n_days; i++) {
        rounding_rows(r->days[i][LIKELY], b->days[i].bands, NULL, r->bands[i], BROWSING_EDGES + 1);
        rounding_rows(r->days[i][LIKELY], b->days[i].hours, NULL, r->hours[i], 24);
    }
}

/* ---- counts ---- */

static bool same_kind(const struct input_event *a, const struct input_event *b)
{
    return str_eq(a->platform, b->platform) && a->activity == b->activity && a->origin == b->origin &&
           a->action == b->action && str_eq(a->rule, b->rule) && str_eq(a->policy, b->policy);
}

static int count_stopped(struct facts *f, const struct input_event *e)
{
    size_t i = f->n_stopped;
    struct stopped *s;

    while (i > 0 && f->stopped[i - 1].at / 60 == e->time / 60) {
        i--;
        if (same_kind(f->stopped[i].event, e)) {
            f->stopped[i].n++;
            if (!f->stopped[i].event->code.n && e->code.n)
                f->stopped[i].event = e; /* the one whose code stood on a page */
            return 0;
        }
    }
    s = pool_grow(&f->doc->pool, f->stopped, f->n_stopped, sizeof *s);
    if (!s)
        return -1;
    f->stopped = s;
    s[f->n_stopped++] = (struct stopped){e->time, e, 1};
    f->counts.stopped_person += e->origin == ORIGIN_PERSON;
    f->counts.stopped_unknown += e->origin == ORIGIN_UNKNOWN;
    f->counts.stopped_machine += e->origin == ORIGIN_EMBED || e->origin == ORIGIN_BACKGROUND;
    return 0;
}

static int count(struct facts *f)
{
    for (size_t i = 0; i < f->in->events.n; i++) {
        const struct input_event *e = f->events[i];

        f->counts.embeds += e->origin == ORIGIN_EMBED;
        if (e->action != ACTION_ALLOW) {
            if (count_stopped(f, e) != 0)
                return -1;
            continue;
        }
        f->counts.acts += e->origin == ORIGIN_PERSON;
        f->counts.perhaps += e->origin == ORIGIN_UNKNOWN;
        f->counts.machine += e->origin == ORIGIN_BACKGROUND;
    }
    return 0;
}

int facts_find(const struct report_input *in, struct doc *doc, struct facts *f)
{
    *f = (struct facts){.in = in, .doc = doc};
    take_pattern(f);
    if (sort_events(f) != 0 || estimate(f) != 0 || count(f) != 0)
        return -1;
    round_all(&f->browsing, &f->rounded);
    return 0;
}

/* ---- look-ups ---- */

const char *facts_platform(const struct facts *f, struct str id)
{
    INPUT_EACH(const struct input_platform, f->in->platforms, p)
    if (str_eq(p->id, id))
        return doc_said(f->doc, p->name);
    return doc_said(f->doc, id);
}

const struct input_policy *facts_policy(const struct facts *f, struct str version)
{
    INPUT_EACH(const struct input_policy, f->in->policies, p)
    if (str_eq(p->version, version))
        return p;
    return NULL;
}

const struct input_rule *facts_rule(const struct facts *f, const struct input_event *e)
{
    const struct input_policy *p = facts_policy(f, e->policy);

    if (p)
        INPUT_EACH(const struct input_rule, p->rules, r)
    if (str_eq(r->id, e->rule))
        return r;
    return NULL;
}
