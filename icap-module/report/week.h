/* The weekly summary: one page for ICT, the same for unions and Information Governance. Counts of requests by site, rule and
 * activity, and how the service went; of no person, and in no order of persons. Pure: whoever calls has gathered the facts.
 *
 * Numbers about use are sums of the store's cells (store/sums.c), each of ten or more people, and of nothing else. Slices
 * are borrowed until the document is freed. What was not looked at is said to be so (`has_...` false), never shown as none. */
#ifndef REPORT_WEEK_H
#define REPORT_WEEK_H

#include "core/policy.h"
#include "report/doc.h"

enum { WEEK_DAYS = 7, WEEK_FEW = 10 /* fewer are not told */, WEEK_ACTIONS = ACTION_COUNT + 1 /* the last: not told apart */ };

/* A site, a rule or an activity. */
struct week_line {
    struct str name; /* as in cells; empty: a host of none */
    bool several;    /* what was too little to be told apart */
    uint64_t now[WEEK_ACTIONS], before[WEEK_ACTIONS];
};

struct week_lines {
    struct week_line *p;
    size_t n;
};

/* What a rule on trial would have done. */
struct week_shadow {
    struct str rule, platform, categories, people; /* people: "10 or more"; empty: nobody is recorded */
    const char *would, *activity;
    uint64_t events;
};

struct week_unknown {
    struct str platform, version;
    uint64_t writes, unknown;
};

struct week_map {
    struct str platform, from, to; /* from empty: new */
};

/* What pages that refused by category led to at the service desk. */
struct week_desk {
    uint64_t asked, not_found;          /* codes that were looked up, once each; that no page had */
    uint64_t same_day, next_day, later; /* looked up after the page */
    uint64_t opened, refused;           /* hosts opened; openings that were refused */
    int64_t answer;                     /* median seconds from the first question to the opening; -1: none */
};

enum week_grant { WEEK_LIVE, WEEK_ENDING, WEEK_INERT, WEEK_LEFT, WEEK_MOVED, WEEK_GRANTS };

/* Of the record: `erased` are events whose time was over, of the days of this week. */
struct week_record {
    uint64_t behind_seconds, torn, feeds_lost, erased, held;
    struct str problem;
    int64_t at; /* when portreeved said so */
    bool has_daemon, has_beats;
    uint64_t beats, beats_due; /* minutes */
};

struct week_facts {
    int32_t monday;
    int64_t made;
    const struct artefact *policy;
    unsigned summed, waiting; /* bit 0 = Monday: days with sums; days that are not due yet */
    bool first;               /* there are no sums of any day before */
    bool has_before;          /* there are of the week before */
    struct week_lines sites, rules, activities;
    struct week_shadow *shadow;
    size_t n_shadow;
    bool shadow_few; /* there were others, of fewer people */
    bool has_desk, has_rot, has_maps, has_grants;
    struct week_desk desk;
    struct week_unknown *unknown;
    size_t n_unknown;
    struct week_map *maps;
    size_t n_maps;
    struct str *seen; /* sites with sums this week and in none of the weeks before that there are sums of */
    size_t n_seen;
    uint64_t grants[WEEK_GRANTS];
    struct week_record record;
    int64_t lists_made; /* 0: not looked at */
    uint64_t alerts;    /* that were raised */
    bool shared;        /* several nodes share the store: what portreeved says is this node's */
};

/* The document; -1 where memory ran out. doc_free in any case. */
int week_write(const struct week_facts *f, struct doc *d, struct diag *diag);

uint64_t week_sum(const uint64_t n[WEEK_ACTIONS]);

/* ---- parts of it, for week_service.c ---- */

void week_service(const struct week_facts *f, struct doc *d);
const char *week_number(struct doc *d, uint64_t n);     /* "12,345" */
const char *week_few(struct doc *d, uint64_t n);        /* "none", "fewer than 10", "12" */
const char *week_site(const struct week_facts *f, struct doc *d, struct str id); /* its name, else the id */

#endif
