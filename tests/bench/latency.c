#include "latency.h"

/* Below LATENCY_SUB a value is its own bucket; above, the eight leading bits name the bucket. */
static size_t bucket_of(uint64_t ns)
{
    unsigned shift;

    if (ns < LATENCY_SUB)
        return (size_t)ns;
    shift = 56u - (unsigned)__builtin_clzll(ns);
    return (size_t)shift * LATENCY_SUB + (size_t)(ns >> shift);
}

static uint64_t bucket_top(size_t bucket)
{
    unsigned shift;

    if (bucket < LATENCY_SUB)
        return bucket;
    shift = (unsigned)(bucket / LATENCY_SUB) - 1;
    return ((uint64_t)(bucket % LATENCY_SUB + LATENCY_SUB) << shift) + (((uint64_t)1 << shift) - 1);
}

void latency_add(struct latency *l, uint64_t ns)
{
    l->bucket[bucket_of(ns)]++;
    l->n++;
    if (ns > l->max)
        l->max = ns;
}

uint64_t latency_percentile(const struct latency *l, unsigned per_mille)
{
    uint64_t rank = l->n / 1000 * per_mille + (l->n % 1000 * per_mille + 999) / 1000;
    uint64_t seen = 0;

    for (size_t i = 0; l->n && i < LATENCY_BUCKETS; i++) {
        seen += l->bucket[i];
        if (seen >= rank && seen) {
            uint64_t top = bucket_top(i);

            return top < l->max ? top : l->max;
        }
    }
    return l->max;
}
