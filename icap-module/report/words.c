#include "report/words.h"

#include "core/clock.h"

static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
                                     "July",    "August",   "September", "October", "November", "December"};
static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

static const char *weekday_of(int32_t day)
{
    return weekdays[((day + 3) % 7 + 7) % 7]; /* 1970-01-01 was a Thursday */
}

const char *words_day(struct pool *p, int32_t day)
{
    unsigned month, mday;
    int year;

    clock_date(day, &year, &month, &mday);
    return pool_print(p, "%s %u %.3s %d", weekday_of(day), mday, months[(month - 1) % 12], year);
}

const char *words_short_day(struct pool *p, int32_t day)
{
    unsigned month, mday;
    int year;

    clock_date(day, &year, &month, &mday);
    return pool_print(p, "%s %u %.3s", weekday_of(day), mday, months[(month - 1) % 12]);
}

const char *words_date(struct pool *p, int32_t day)
{
    unsigned month, mday;
    int year;

    clock_date(day, &year, &month, &mday);
    return pool_print(p, "%u %s %d", mday, months[(month - 1) % 12], year);
}

const char *words_clock(struct pool *p, uint32_t minute)
{
    return pool_print(p, "%02u:%02u", (unsigned)(minute / 60), (unsigned)(minute % 60));
}

const char *words_time(struct pool *p, int64_t utc)
{
    struct local_time t = clock_local(utc);
    unsigned month, mday;
    int year;

    clock_date(t.day, &year, &month, &mday);
    return pool_print(p, "%u %.3s %d, %02u:%02u", mday, months[(month - 1) % 12], year,
                      (unsigned)(t.minute / 60), (unsigned)(t.minute % 60));
}

const char *words_steps(struct pool *p, uint32_t steps)
{
    return pool_print(p, "%u:%02u", (unsigned)(steps / 12), (unsigned)(steps % 12 * 5));
}

const char *words_spoken(struct pool *p, uint32_t steps)
{
    unsigned hours = steps / 12, minutes = steps % 12 * 5;
    const char *h = hours == 1 ? "hour" : "hours";

    if (steps == 0)
        return "under 5 minutes";
    if (hours && minutes)
        return pool_print(p, "%u %s %u minutes", hours, h, minutes);
    return hours ? pool_print(p, "%u %s", hours, h) : pool_print(p, "%u minutes", minutes);
}

const char *words_count(struct pool *p, uint64_t n, const char *one, const char *more)
{
    return pool_print(p, "%llu %s", (unsigned long long)n, n == 1 ? one : more);
}
