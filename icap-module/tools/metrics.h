/* Status and c-icap's counters as Prometheus text (exposition format 0.0.4). No label names a person, group,
 * host, path or code. Counts of single platforms are told in tens, rounded down: two looks a moment apart
 * must not tell that somebody has just used one (governance L4). */
#ifndef TOOLS_METRICS_H
#define TOOLS_METRICS_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* `facts`: status_all; `counters`: the text of c-icap's info service, NULL: it does not answer. `now` in
 * seconds UTC. */
void metrics_write(FILE *to, const json_t *facts, const char *counters, int64_t now);

/* Why the gate is not ready, a line each, into `to`; true: it is. */
bool metrics_ready(const json_t *facts, const char *counters, FILE *to);

/* The text of c-icap's info service, malloc'ed; NULL: it did not answer within three seconds. `at` is
 * ADDRESS:PORT. */
char *metrics_ask(const char *at);

#endif
