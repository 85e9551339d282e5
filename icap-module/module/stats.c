#include "module/stats.h"

#include "module/compat.h"

#include <time.h>

static int numbers[COUNTER_COUNT];

void stats_register(const char *group)
{
    static const char *const labels[COUNTER_COUNT] = {
#define COUNTER(name, label) "portreeve " label,
        COUNTERS(COUNTER)
#undef COUNTER
    };

    for (int i = 0; i < COUNTER_COUNT; i++)
        numbers[i] = compat_stat_register(labels[i], group);
}

void stats_count(enum counter c)
{
    ci_stat_uint64_inc(numbers[c], 1);
}

int64_t stats_clock(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void stats_time(int64_t since)
{
    static const struct {
        int64_t below; /* ns */
        enum counter counter;
    } buckets[] = {{100000, COUNT_WITHIN_100},   {250000, COUNT_WITHIN_250},   {500000, COUNT_WITHIN_500},
                   {1000000, COUNT_WITHIN_1000}, {2500000, COUNT_WITHIN_2500}, {10000000, COUNT_WITHIN_10000}};
    int64_t took = stats_clock() - since;

    for (size_t i = 0; i < sizeof buckets / sizeof *buckets; i++)
        if (took <= buckets[i].below) {
            stats_count(buckets[i].counter);
            return;
        }
    stats_count(COUNT_LATER);
}
