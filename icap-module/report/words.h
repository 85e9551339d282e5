/* How a report says days, times and spans: as people write them. Texts live in the pool. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "report/pool.h"

const char *words_day(struct pool *p, int32_t day);       /* "Tue 3 Mar 2026" */
const char *words_short_day(struct pool *p, int32_t day); /* "Tue 3 Mar" */
const char *words_date(struct pool *p, int32_t day);      /* "3 March 2026" */
const char *words_time(struct pool *p, int64_t utc);      /* "3 Mar 2026, 14:05": local */
const char *words_clock(struct pool *p, uint32_t minute); /* "14:05" */
const char *words_steps(struct pool *p, uint32_t steps);  /* steps of five minutes, for tables: "1:25" */
const char *words_spoken(struct pool *p, uint32_t steps); /* for sentences: "1 hour 25 minutes" */
const char *words_count(struct pool *p, uint64_t n, const char *one,
                        const char *more); /* "1 act", "3 acts" */

#endif
