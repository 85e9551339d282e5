/* bt-1, second half: spans become seconds, minute by minute, and each minute is given out once. */
#include "report/browsing_internal.h"

#include "core/clock.h"

#include <stdlib.h>

/* What one platform did in one clock minute; a bit a second. */
struct cell {
    int64_t minute; /* UTC */
    uint64_t low, likely, high;
    uint32_t platform;
};

struct cells {
    struct cell *p;
    size_t n, room;
};

static int by_minute(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;

    if (x->minute != y->minute)
        return x->minute < y->minute ? -1 : 1;
    return x->platform < y->platform ? -1 : x->platform > y->platform;
}

static int push(struct cells *c, const struct cell *cell)
{
    if (c->n == c->room) {
        size_t room = c->room ? 2 * c->room : 1024;
        struct cell *p = realloc(c->p, room * sizeof *p);

        if (!p)
            return -1;
        c->p = p;
        c->room = room;
    }
    c->p[c->n++] = *cell;
    return 0;
}

int64_t minute_of(int64_t utc)
{
    return utc >= 0 ? utc / 60 : -((-utc + 59) / 60);
}

/* The seconds [from, to) of that minute as bits. */
static uint64_t seconds_in(int64_t minute, const struct span *s)
{
    int64_t begin = minute * 60;
    unsigned from = s->from > begin ? (unsigned)(s->from - begin) : 0;
    unsigned to = s->to < begin + 60 ? (unsigned)(s->to - begin) : 60;

    return ((UINT64_C(1) << to) - 1) & ~((UINT64_C(1) << from) - 1);
}

static int cut_span(struct cells *c, const struct span *s)
{
    for (int64_t minute = minute_of(s->from); minute <= minute_of(s->to - 1); minute++) {
        struct cell cell = {.minute = minute, .platform = s->platform};
        uint64_t bits = seconds_in(minute, s);

        cell.low = s->figure == LOW ? bits : 0;
        cell.likely = s->figure == LIKELY ? bits : 0;
        cell.high = s->figure == HIGH ? bits : 0;
        if (push(c, &cell) != 0)
            return -1;
    }
    return 0;
}

/* One cell a platform and minute. */
static void merge(struct cells *c)
{
    size_t n = 0;

    if (c->n)
        qsort(c->p, c->n, sizeof *c->p, by_minute);
    for (size_t i = 0; i < c->n; i++) {
        struct cell *last = n ? &c->p[n - 1] : NULL;

        if (last && by_minute(last, &c->p[i]) == 0) {
            last->likely |= c->p[i].likely;
            last->high |= c->p[i].high;
            last->low |= c->p[i].low;
        } else {
            c->p[n++] = c->p[i];
        }
    }
    c->n = n;
}

static uint32_t count_bits(uint64_t bits)
{
    return (uint32_t)__builtin_popcountll(bits);
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Gives `total` out by `weights` in whole seconds; what is left by division goes to the largest rests, the
 * first platform first. No share is larger than its weight: total <= the weights' sum. */
static void give_out(uint32_t total, const uint32_t *weights, uint32_t *shares, size_t n)
{
    uint32_t rests[BROWSING_PLATFORMS], sum = 0, left = total;

    for (size_t i = 0; i < n; i++)
        sum += weights[i];
    for (size_t i = 0; i < n; i++) {
        shares[i] = sum ? total * weights[i] / sum : 0;
        rests[i] = sum ? total * weights[i] % sum : 0;
        left -= shares[i];
    }
    for (; left && sum; left--) {
        size_t best = 0;

        for (size_t i = 1; i < n; i++)
            if (rests[i] > rests[best])
                best = i;
        shares[best]++;
        rests[best] = 0;
    }
}

/* The seconds of one minute, by platform and figure. */
struct minute {
    const struct cell *cells;
    size_t n;
    struct range shares[BROWSING_PLATFORMS], total;
};

static void share(struct minute *m)
{
    uint32_t weights[BROWSING_PLATFORMS], shares[BROWSING_PLATFORMS], likely, high;
    uint64_t all_likely = 0, all_high = 0;

    for (size_t i = 0; i < m->n; i++) {
        all_likely |= m->cells[i].likely;
        all_high |= m->cells[i].high;
        weights[i] = count_bits(m->cells[i].likely);
    }
    likely = count_bits(all_likely);
    high = count_bits(all_high);
    give_out(likely, weights, shares, m->n);
    for (size_t i = 0; i < m->n; i++) {
        m->shares[i].s[LIKELY] = shares[i];
        m->shares[i].s[LOW] = smaller(count_bits(m->cells[i].low & m->cells[i].likely), shares[i]);
        weights[i] = count_bits(m->cells[i].high) - shares[i];
    }
    /* what is likely stays where it is; only the rest of the minute is shared by what may have been */
    give_out(high - likely, weights, shares, m->n);
    m->total = (struct range){{0, likely, high}};
    for (size_t i = 0; i < m->n; i++) {
        m->shares[i].s[HIGH] = m->shares[i].s[LIKELY] + shares[i];
        m->total.s[LOW] += m->shares[i].s[LOW];
    }
}

static void put(struct range *to, const struct range *more)
{
    for (size_t f = 0; f < BROWSING_FIGURES; f++)
        to->s[f] += more->s[f];
}

static bool works(const struct working_pattern *p, struct local_time at)
{
    for (uint32_t i = 0; i < p->n_off; i++)
        if (p->off[i] == at.day)
            return false;
    for (uint32_t i = 0; i < p->n; i++)
        if (p->windows[i].weekdays >> at.weekday & 1 && at.minute >= p->windows[i].from &&
            at.minute < p->windows[i].to)
            return true;
    return false;
}

bool working_at(const struct working_pattern *p, int64_t utc)
{
    return works(p, clock_local(utc));
}

static bool within(const struct moment_span *spans, size_t n, int64_t minute)
{
    for (size_t i = 0; i < n; i++)
        if (minute_of(spans[i].from) <= minute && minute * 60 < spans[i].to)
            return true;
    return false;
}

static void put_day(const struct browsing_input *in, struct browsing *out, const struct minute *m,
                    struct local_time at)
{
    struct browsing_day *day = &out->days[at.day - in->first];
    uint32_t band = 0;

    put(&day->time, &m->total);
    while (band < in->n_edges && at.minute >= in->edges[band])
        band++;
    day->bands[band] += m->total.s[LIKELY];
    day->hours[at.minute / 60 % 24] += m->total.s[LIKELY];
}

/* `seen`: the last day on which each platform was met, so that days are counted once. */
static void put_minute(const struct browsing_input *in, struct browsing *out, struct minute *m, int32_t *seen)
{
    struct local_time at = clock_local(m->cells->minute * 60);
    bool work;

    if (at.day < in->first || at.day > in->last)
        return;
    work = in->pattern && works(in->pattern, at);
    share(m);
    put(&out->time, &m->total);
    put_day(in, out, m, at);
    if (work) {
        put(&out->work, &m->total);
        put(&out->days[at.day - in->first].work, &m->total);
    }
    if (within(in->claims, in->n_claims, m->cells->minute))
        out->claimed += m->total.s[LIKELY];
    if (work && within(in->breaks, in->n_breaks, m->cells->minute))
        out->breaks += m->total.s[LIKELY];
    for (size_t i = 0; i < m->n; i++) {
        uint32_t number = m->cells[i].platform;
        struct browsing_platform *p = &out->platforms[number];

        put(&p->time, &m->shares[i]);
        if (work)
            put(&p->work, &m->shares[i]);
        if (m->shares[i].s[HIGH] && seen[number] != at.day) {
            seen[number] = at.day;
            p->days++;
        }
    }
}

static void put_minutes(const struct browsing_input *in, const struct cells *c, struct browsing *out)
{
    int32_t seen[BROWSING_PLATFORMS];
    struct minute m;

    for (size_t i = 0; i < BROWSING_PLATFORMS; i++)
        seen[i] = INT32_MIN;
    for (size_t i = 0; i < c->n; i += m.n) {
        m.cells = &c->p[i];
        m.n = 1;
        while (i + m.n < c->n && c->p[i + m.n].minute == c->p[i].minute)
            m.n++;
        put_minute(in, out, &m, seen);
    }
}

static bool sane(const struct browsing_input *in)
{
    if (in->last < in->first || in->last - in->first >= BROWSING_DAYS || in->n_edges > BROWSING_EDGES)
        return false;
    for (size_t i = 0; i < in->n; i++)
        if (in->uses[i].platform >= BROWSING_PLATFORMS)
            return false;
    return true;
}

int browsing_estimate(const struct browsing_input *in, struct browsing *out)
{
    struct spans s = {0};
    struct cells c = {0};
    int result = -1;

    *out = (struct browsing){0};
    if (!sane(in) || spans_of_uses(in, &s) != 0)
        goto out;
    for (size_t i = 0; i < s.n; i++)
        if (cut_span(&c, &s.p[i]) != 0)
            goto out;
    merge(&c);
    out->n_days = (uint32_t)(in->last - in->first) + 1;
    out->regular = s.regular;
    for (size_t p = 0; p < BROWSING_PLATFORMS; p++) {
        out->platforms[p].visits = s.visits[p];
        out->platforms[p].minutes = s.minutes[p];
    }
    put_minutes(in, &c, out);
    result = 0;
out:
    free(s.p);
    free(c.p);
    return result;
}
