/* A made-up year of a large council, the same for the same numbers: people who use much and little, working
 * days, lunch and evenings, 44 platforms of which few make up most, refusals with codes, a little of
 * everything that an event can say. Nothing in it is anybody's. */
#ifndef TESTS_BENCH_YEAR_H
#define TESTS_BENCH_YEAR_H

#include "record/seal.h"
#include "record/spool.h"

enum {
    YEAR_DAYS = 365,
    YEAR_FIRST = 20454 /* Thursday, 2026-01-01 */,
    YEAR_MONTHS = 12,
    YEAR_VERDICTS = 6000
};

struct year {
    uint64_t events; /* of the whole year */
    unsigned people;
    unsigned char (*pseudonyms)[PSEUDONYM_SIZE]; /* month by month: each month has a key of its own */
    struct event
        *verdicts; /* YEAR_VERDICTS of them: what a map's rows, a policy's rules and people make together */
    uint64_t weight, state; /* of all days; of the random numbers */
};

/* False without memory. */
bool year_open(struct year *y, uint64_t events, unsigned people);
void year_close(struct year *y);

/* The events of a day, in the order of their times, into a spool; how many. UINT64_MAX: one was lost. */
uint64_t year_day(struct year *y, unsigned day, struct spool *to);

/* Of `person` in the month of that day. */
const unsigned char *year_pseudonym(const struct year *y, unsigned day, unsigned person);

#endif
