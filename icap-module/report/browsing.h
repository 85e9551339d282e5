/* Browsing time, version bt-1: how long one person may have used the sites that the policy speaks of, as a
 * range and never as one number. A pure function: no clock, no file, no state; the same input gives the same
 * seconds.
 *
 * A proxy sees requests, not people. What a figure stands on is who made a request, as the module told
 * (core/origin.c): person       a page opened, a post sent, a button that the browser vouches for: an *act*
 *   unknown      a call of a page's script: scrolling looks so, and so does a page that asks by itself
 *   background   pieces of media, machinery that the map knows
 *   embed        part of another site's page: never counted, by any of the three figures
 * Requests that were refused or asked about are no use of a site; a person's own end the time before them.
 *
 *   likely   from each act to the next one, at most `cap`; after the last act of a visit `tail`. Media: while
 * pieces come, at most `media_cap` after the last act on that platform. low      what is proven: the time
 * between two acts on one platform that are at most `low_gap` apart, and media that an act began and a later
 * one ended; of it, what is likely. high     all that came from the site, joined where it is at most `gap`
 * apart, and `extra`; what a machine sends by itself (background, or as regular as a clock) keeps it open for
 * `background_cap` only, media for as long as they come.
 *
 * low <= likely <= high holds in every clock minute, so it holds in every sum. A minute belongs to the
 * platforms that were active in it together: the sums over platforms never exceed the clock. Why each choice:
 * portreeve.report(5). */
#ifndef REPORT_BROWSING_H
#define REPORT_BROWSING_H

#include "core/words.h"

#define BROWSING_VERSION "bt-1"

enum {
    BROWSING_PLATFORMS = 64,
    BROWSING_EDGES = 8,
    BROWSING_WINDOWS = 32,
    BROWSING_DAYS = 400,
    BROWSING_FIGURES = 3
};

enum browsing_figure { LOW, LIKELY, HIGH };

/* One event, as much of it as counts. */
struct use {
    int64_t at;        /* seconds since 1970 UTC */
    uint32_t platform; /* number in a list of the caller's, below BROWSING_PLATFORMS */
    enum activity activity;
    enum origin origin;
    bool through; /* it went to the site */
};

/* All in seconds. */
struct browsing_settings {
    uint32_t cap, tail, gap, extra, low_gap;
    uint32_t media_cap, media_gap; /* pieces of media further apart than media_gap are not one play */
    uint32_t background_cap;
    uint32_t regular_run, regular_least; /* so many equal gaps, of that length or more, are a machine's */
};

extern const struct browsing_settings browsing_bt1;

/* Local minutes of the day, [from, to); weekdays: bit 0 is Monday. */
struct working_window {
    uint32_t weekdays, from, to;
};

/* The agreed hours of work, as the case has them. All other time is the person's own. */
struct working_pattern {
    uint32_t n, n_off;
    struct working_window windows[BROWSING_WINDOWS];
    int32_t off[BROWSING_DAYS]; /* days without work: leave, holidays */
};

/* [from, to) in seconds UTC. */
struct moment_span {
    int64_t from, to;
};

struct browsing_input {
    const struct use *uses; /* in any order */
    size_t n;
    const struct browsing_settings *settings;
    const struct working_pattern *pattern; /* NULL: no split into own time and work time */
    int32_t first, last;                   /* local days, both counted; at most BROWSING_DAYS */
    uint32_t edges[BROWSING_EDGES];        /* local minutes at which bands of the day end, rising */
    uint32_t n_edges;
    const struct moment_span *claims; /* what the person says was for work */
    const struct moment_span *breaks; /* when the person said, at the time, that it was a break */
    size_t n_claims, n_breaks;
};

/* Seconds by enum browsing_figure. */
struct range {
    uint32_t s[BROWSING_FIGURES];
};

struct browsing_platform {
    struct range time, work;
    uint32_t days, visits; /* days with an act or a visit; visits begun by an act */
    uint32_t minutes;      /* clock minutes with an act: what `low` never exceeds but for media */
};

struct browsing_day {
    struct range time, work;
    uint32_t bands[BROWSING_EDGES + 1]; /* likely */
    uint32_t hours[24];                 /* likely; on the day that has an hour twice, both are in it */
};

struct browsing {
    struct range time, work; /* work: zero without a pattern */
    uint32_t claimed;        /* likely seconds that lie in a claim */
    uint32_t breaks;         /* likely seconds of work time that lie in a break */
    uint32_t regular; /* requests of a person's kind that came as regularly as a clock's and were left out */
    uint32_t n_days;
    struct browsing_platform platforms[BROWSING_PLATFORMS];
    struct browsing_day days[BROWSING_DAYS];
};

/* -1 where memory ran out, a platform or activity is out of range, or the days are too many or end before
 * they begin. */
int browsing_estimate(const struct browsing_input *in, struct browsing *out);

/* Is it work time by the pattern, at that moment? */
bool working_at(const struct working_pattern *p, int64_t utc);

#endif
