/* Local time in the United Kingdom, by arithmetic: no tz database, no environment, no clock.
 * Summer time runs from 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October
 * (SI 1994/2798 as amended by SI 2002/262; valid from 1996). */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include "core/str.h"

struct local_time {
    int32_t day;      /* days since 1970-01-01, local */
    uint32_t minute;  /* of the day, 0..1439, local */
    uint32_t weekday; /* 0 = Monday */
};

/* `utc` in seconds since 1970-01-01T00:00:00Z. */
struct local_time clock_local(int64_t utc);

/* Days since 1970-01-01 of a date of the Gregorian calendar; month and day from 1. */
int32_t clock_day(int year, unsigned month, unsigned day);

/* The reverse. */
void clock_date(int32_t day, int *year, unsigned *month, unsigned *mday);

/* To UTC seconds: RFC 3339 (2026-05-12T10:00:00+01:00, ...Z), the same without a zone and perhaps without
 * seconds (local time: one that the clocks leave out, or that comes twice, is an error), or a date alone
 * (12:00 UTC). -1 on anything else. */
int clock_parse(struct str text, int64_t *utc);

/* "2026-05-12", 10 bytes, into `to` (not terminated). */
void clock_format_date(int32_t day, char to[10]);

#endif
