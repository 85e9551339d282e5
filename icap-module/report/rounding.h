/* Seconds become steps of five minutes, once, at the very end. Figures of one table are rounded together, so
 * that rows add up to their total, which is the only figure that is rounded by itself. Nothing finer is ever
 * printed. */
#ifndef REPORT_ROUNDING_H
#define REPORT_ROUNDING_H

#include <stddef.h>
#include <stdint.h>

enum { ROUNDING_STEP = 300, ROUNDING_ROWS = 512 };

/* To the nearest step, halves up. */
uint32_t rounding_steps(uint32_t seconds);

/* Gives out `total` steps over n rows (at most ROUNDING_ROWS) by their seconds: each whole step first, what
 * is left to the largest rests, the first row first. No row gets more than most[i] steps, where `most` is
 * there; the caller has seen to it that they hold `total` together. */
void rounding_rows(uint32_t total, const uint32_t *seconds, const uint32_t *most, uint32_t *steps, size_t n);

#endif
