#include "module/stats.h"

#include "module/compat.h"

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
