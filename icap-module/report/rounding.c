#include "report/rounding.h"

#include <stdbool.h>

uint32_t rounding_steps(uint32_t seconds)
{
    return (seconds + ROUNDING_STEP / 2) / ROUNDING_STEP;
}

/* The row that most deserves one step more, or n. A rest above is negative where a row has more than it is
 * due. */
static size_t most_short(const uint32_t *seconds, const uint32_t *most, const uint32_t *steps, size_t n)
{
    size_t best = n;
    int64_t best_rest = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t rest = (int64_t)seconds[i] - (int64_t)steps[i] * ROUNDING_STEP;

        if ((most && steps[i] >= most[i]) || (best < n && rest <= best_rest))
            continue;
        best = i;
        best_rest = rest;
    }
    return best;
}

void rounding_rows(uint32_t total, const uint32_t *seconds, const uint32_t *most, uint32_t *steps, size_t n)
{
    uint32_t left = total;

    for (size_t i = 0; i < n; i++) {
        steps[i] = seconds[i] / ROUNDING_STEP;
        if (most && steps[i] > most[i])
            steps[i] = most[i];
        if (steps[i] > left)
            steps[i] = left;
        left -= steps[i];
    }
    while (left) {
        size_t i = most_short(seconds, most, steps, n);

        if (i == n)
            return;
        steps[i]++;
        left--;
    }
}
