/* bt-1, first half: which spans of time a person's requests speak for. */
#include "report/browsing_internal.h"

#include <stdlib.h>

const struct browsing_settings browsing_bt1 = {.cap = 180,
                                               .low_gap = 60,
                                               .tail = 30,
                                               .gap = 600,
                                               .extra = 60,
                                               .media_cap = 600,
                                               .media_gap = 60,
                                               .background_cap = 3600,
                                               .regular_run = 3,
                                               .regular_least = 15};

enum mark { ACT, SIGN, MEDIA, MACHINE, ENDING, DROPPED };

/* One event in order of time, and what it is taken for. */
struct trace {
    int64_t at;
    uint32_t platform;
    enum mark mark;
};

/* A series of bursts of one kind on one platform, watched for a machine's regularity. */
struct series {
    int64_t burst, last; /* begin of the latest burst, and its last request */
    int64_t gap;
    uint32_t run; /* equal gaps so far */
    bool begun;
    size_t *links; /* of each step of this kind, the one before; SIZE_MAX = none */
    size_t newest;
};

static enum mark mark_of(const struct use *u)
{
    if (u->origin == ORIGIN_EMBED)
        return DROPPED;
    if (!u->through)
        return u->origin == ORIGIN_PERSON ? ENDING : DROPPED;
    if (u->origin == ORIGIN_PERSON)
        return ACT;
    if (u->origin == ORIGIN_UNKNOWN)
        return SIGN; /* also the call that starts a player again */
    return u->activity == ACTIVITY_STREAM ? MEDIA : MACHINE;
}

static int by_time(const void *a, const void *b)
{
    const struct trace *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->platform != y->platform)
        return x->platform < y->platform ? -1 : 1;
    return (int)x->mark - (int)y->mark;
}

static size_t take_steps(const struct browsing_input *in, struct trace *steps)
{
    size_t n = 0;

    for (size_t i = 0; i < in->n; i++) {
        const struct use *u = &in->uses[i];
        enum mark mark = mark_of(u);

        if (mark != DROPPED)
            steps[n++] = (struct trace){u->at, u->platform, mark};
    }
    qsort(steps, n, sizeof *steps, by_time);
    return n;
}

static bool as_before(int64_t gap, int64_t before)
{
    int64_t slack = before / 32 > 2 ? before / 32 : 2, off = gap > before ? gap - before : before - gap;

    return off <= slack;
}

/* The newest burst and those of its run before it are a machine's; the first of a run has opened the page.
 * Returns how many were taken so. */
static uint32_t condemn(const struct series *s, struct trace *steps, int64_t since)
{
    uint32_t n = 0;

    for (size_t i = s->newest; i != SIZE_MAX && steps[i].at >= since; i = s->links[i])
        if (steps[i].mark != MACHINE) {
            steps[i].mark = MACHINE;
            n++;
        }
    return n;
}

/* A page that loads itself anew, or asks every half minute, does so with equal gaps; people do not. Requests
 * closer than regular_least are one burst. */
static uint32_t watch(struct series *s, struct trace *steps, size_t i, const struct browsing_settings *set)
{
    int64_t at = steps[i].at, gap = at - s->burst;
    bool new_burst = !s->begun || at - s->last >= set->regular_least;

    s->links[i] = s->newest;
    s->newest = i;
    s->last = at;
    if (new_burst) {
        s->run = s->begun && as_before(gap, s->gap) ? s->run + 1 : 1;
        s->gap = gap;
        s->burst = at;
        s->begun = true;
    }
    if (s->run < set->regular_run)
        return 0;
    return condemn(s, steps,
                   new_burst && s->run == set->regular_run ? at - gap * (s->run - 1) - gap / 2 : s->burst);
}

/* -1 where memory ran out. */
static int find_machines(struct trace *steps, size_t n, const struct browsing_settings *set,
                         uint32_t *regular)
{
    struct series *series = calloc(2 * (size_t)BROWSING_PLATFORMS, sizeof *series);
    size_t *links = calloc(n + 1, sizeof *links);
    int result = -1;

    if (!series || !links)
        goto out;
    for (size_t i = 0; i < 2 * (size_t)BROWSING_PLATFORMS; i++) {
        series[i].links = links;
        series[i].newest = SIZE_MAX;
    }
    *regular = 0;
    for (size_t i = 0; i < n; i++)
        if (steps[i].mark == ACT || steps[i].mark == SIGN) {
            bool act = steps[i].mark == ACT;
            uint32_t found = watch(&series[2 * (size_t)steps[i].platform + (act ? 0 : 1)], steps, i, set);

            *regular += act ? found : 0;
        }
    result = 0;
out:
    free(series);
    free(links);
    return result;
}

static void add(struct spans *s, enum browsing_figure figure, uint32_t platform, struct moment_span at)
{
    if (at.to > at.from && s->n < s->room)
        s->p[s->n++] = (struct span){at.from, at.to, platform, figure};
}

/* ---- likely and low ---- */

/* What is known of one platform while time goes on. */
struct playing {
    bool acted;
    int64_t act;                 /* the last one on this platform */
    int64_t heard;               /* the last act or piece of media */
    struct moment_span unproven; /* media since the last act: low once an act follows */
};

static void hear_media(struct spans *s, struct playing *p, const struct trace *at,
                       const struct browsing_settings *set)
{
    int64_t end = at->at < p->act + set->media_cap ? at->at : p->act + set->media_cap;

    if (p->acted && at->at - p->heard <= set->media_gap && end > p->heard) {
        add(s, LIKELY, at->platform, (struct moment_span){p->heard, end});
        if (p->unproven.to == 0)
            p->unproven.from = p->heard;
        p->unproven.to = end;
    }
    p->heard = at->at;
}

static void hear_act(struct spans *s, struct playing *p, const struct trace *at,
                     const struct browsing_settings *set)
{
    if (p->unproven.to && at->at - p->unproven.to <= set->gap)
        add(s, LOW, at->platform, p->unproven);
    if (p->acted && at->at - p->act <= set->low_gap)
        add(s, LOW, at->platform, (struct moment_span){p->act, at->at});
    *p = (struct playing){.acted = true, .act = at->at, .heard = at->at};
}

static bool by_person(const struct trace *s)
{
    return s->mark == ACT || s->mark == ENDING;
}

/* From an act to what the person did next, wherever that was. */
static void credit(struct spans *s, const struct trace *act, const struct trace *next,
                   const struct browsing_settings *set)
{
    int64_t time = set->tail;

    if (next && next->at - act->at <= set->gap)
        time = next->at - act->at < set->cap ? next->at - act->at : set->cap;
    add(s, LIKELY, act->platform, (struct moment_span){act->at, act->at + time});
}

static void find_likely(struct spans *s, const struct trace *steps, size_t n,
                        const struct browsing_settings *set)
{
    struct playing playing[BROWSING_PLATFORMS] = {0};
    const struct trace *act = NULL;

    for (size_t i = 0; i < n; i++) {
        struct playing *p = &playing[steps[i].platform];

        if (steps[i].mark == MEDIA)
            hear_media(s, p, &steps[i], set);
        if (!by_person(&steps[i]))
            continue;
        if (act)
            credit(s, act, &steps[i], set);
        act = steps[i].mark == ACT ? &steps[i] : NULL;
        if (!act)
            continue;
        if (!p->acted || act->at - p->act > set->gap)
            s->visits[act->platform]++;
        if (!p->acted || minute_of(act->at) != minute_of(p->act))
            s->minutes[act->platform]++;
        hear_act(s, p, act, set);
    }
    if (act)
        credit(s, act, NULL, set);
}

/* ---- high ---- */

struct visit {
    bool open, somebody; /* somebody: an act, or a call that may have been a person's, is in it */
    int64_t from, last;
    int64_t sign; /* the last that may have been a person's, or media */
};

static void close_visit(struct spans *s, struct visit *v, uint32_t platform,
                        const struct browsing_settings *set)
{
    if (v->open && v->somebody)
        add(s, HIGH, platform, (struct moment_span){v->from, v->last + set->extra});
    *v = (struct visit){0};
}

static void find_high(struct spans *s, const struct trace *steps, size_t n,
                      const struct browsing_settings *set)
{
    struct visit visits[BROWSING_PLATFORMS] = {0};

    for (size_t i = 0; i < n; i++) {
        const struct trace *at = &steps[i];
        struct visit *v = &visits[at->platform];

        if (at->mark == ENDING ||
            (at->mark == MACHINE && (!v->open || at->at - v->sign > set->background_cap)))
            continue;
        if (v->open && at->at - v->last > set->gap) {
            close_visit(s, v, at->platform, set);
            if (at->mark == MACHINE)
                continue;
        }
        if (!v->open) {
            v->open = true;
            v->from = at->at;
        }
        v->last = at->at;
        if (at->mark != MACHINE)
            v->sign = at->at;
        v->somebody = v->somebody || at->mark == ACT || at->mark == SIGN;
    }
    for (uint32_t p = 0; p < BROWSING_PLATFORMS; p++)
        close_visit(s, &visits[p], p, set);
}

/* What is likely is possible, too: the time after the last act may reach beyond the visit. */
static void hold_likely(struct spans *s)
{
    size_t n = s->n;

    for (size_t i = 0; i < n; i++)
        if (s->p[i].figure == LIKELY)
            add(s, HIGH, s->p[i].platform, (struct moment_span){s->p[i].from, s->p[i].to});
}

int spans_of_uses(const struct browsing_input *in, struct spans *s)
{
    struct trace *steps = calloc(in->n + 1, sizeof *steps);
    size_t n;
    int result = -1;

    /* an event gives a likely span, two of low, and a visit at most; each likely one is held by a high one */
    *s = (struct spans){.room = 5 * in->n + BROWSING_PLATFORMS};
    s->p = calloc(s->room, sizeof *s->p);
    if (!steps || !s->p)
        goto out;
    n = take_steps(in, steps);
    if (find_machines(steps, n, in->settings, &s->regular) != 0)
        goto out;
    find_likely(s, steps, n, in->settings);
    find_high(s, steps, n, in->settings);
    hold_likely(s);
    result = 0;
out:
    free(steps);
    return result;
}
