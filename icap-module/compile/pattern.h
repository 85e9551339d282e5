/* PCRE2 patterns of platform maps: only such as run within bounds on any path. */
#ifndef COMPILE_PATTERN_H
#define COMPILE_PATTERN_H

#include "core/str.h"

enum { PATTERN_CAPTURES_MAX = 16, PATTERN_COST_MAX = 24, PATTERN_PROBLEM = 160 };

/* True, and the number of captures, when the pattern
 *   - begins with '^', so that it is tried at one position only,
 *   - has literals, classes, '.', alternatives, plain groups and (?:...) groups, \d \w \s \b and escaped
 * punctuation, and none of what makes matching expensive: back-references, recursion, look-around,
 * conditions, \C, verbs;
 *   - repeats groups by '?' alone;
 *   - leaves the matcher at most 2^24 ways on a path of 2 KiB: each '*', '+' or '{n,}' counts 11, a '{n,m}'
 * the logarithm of its choices, a '?' or '|' 1, and a possessive repeat ('*+', '++', '?+'), which never goes
 * back, 0;
 *   - compiles, with at most 16 captures.
 * Else false, and what is wrong and where (the byte, from 0) in `problem`. */
bool pattern_sound(struct str pattern, unsigned *captures, char problem[PATTERN_PROBLEM], size_t *at);

#endif
