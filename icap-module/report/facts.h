/* What the sections tell, worked out once: browsing time rounded for print, and counts. */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include "report/browsing.h"
#include "report/doc.h"
#include "report/input.h"
#include "report/words.h"

enum { SENSITIVITY = 3 };

/* In steps of five minutes (report/rounding.h); each column adds up to its total. */
struct rounded {
    uint32_t total[BROWSING_FIGURES], work, claimed, breaks;
    uint32_t platforms[BROWSING_PLATFORMS][BROWSING_FIGURES], platform_work[BROWSING_PLATFORMS];
    uint32_t days[BROWSING_DAYS][BROWSING_FIGURES], day_work[BROWSING_DAYS];
    uint32_t bands[BROWSING_DAYS][BROWSING_EDGES + 1], hours[BROWSING_DAYS][24];
};

/* Requests that were stopped, of one kind, in one minute. */
struct stopped {
    int64_t at;
    const struct input_event *event; /* the first of them */
    uint64_t n;
};

struct counts {
    uint64_t acts, perhaps, machine, embeds;
    uint64_t claims, breaks;                                   /* that the person made at the time */
    uint64_t stopped_person, stopped_unknown, stopped_machine; /* groups: struct stopped */
};

struct facts {
    const struct report_input *in;
    struct doc *doc;
    struct browsing browsing;
    struct rounded rounded;
    struct working_pattern pattern;
    uint32_t edges[BROWSING_EDGES], n_edges;
    const struct input_event **events; /* by time */
    struct stopped *stopped;
    size_t n_stopped;
    struct counts counts;
    uint32_t caps[SENSITIVITY], gaps[SENSITIVITY];                /* seconds */
    uint32_t likely[SENSITIVITY][SENSITIVITY], high[SENSITIVITY]; /* steps, by cap and gap; by gap */
};

/* -1 where memory ran out. */
int facts_find(const struct report_input *in, struct doc *doc, struct facts *f);

const char *facts_platform(const struct facts *f, struct str id); /* its name, marked as said */
const struct input_policy *facts_policy(const struct facts *f, struct str version);
const struct input_rule *facts_rule(const struct facts *f,
                                    const struct input_event *e); /* NULL: the default */

#endif
