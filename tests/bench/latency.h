/* Latencies in a histogram of constant size, so that a long run costs no memory: 128 buckets for
 * each power of two, so a percentile is at most 0.8 % above the true one. The largest value is kept
 * exactly. Unit: nanoseconds. */
#ifndef BENCH_LATENCY_H
#define BENCH_LATENCY_H

#include <stddef.h>
#include <stdint.h>

enum { LATENCY_SUB = 128, LATENCY_BUCKETS = 58 * LATENCY_SUB };

struct latency {
    uint64_t bucket[LATENCY_BUCKETS];
    uint64_t n;
    uint64_t max;
};

void latency_add(struct latency *l, uint64_t ns);

/* The nearest-rank percentile: at least `per_mille` thousandths of the values are not above it (990
 * = p99). 0 when nothing was added. */
uint64_t latency_percentile(const struct latency *l, unsigned per_mille);

#endif
