/* What fuzz_judge.c and mutate_judge.c share. */
#ifndef TESTS_FUZZ_REQUEST_H
#define TESTS_FUZZ_REQUEST_H

#include "core/policy.h"

enum { FUZZ_HEADERS = 32, FUZZ_GROUPS = 8 };

/* The policy that requests are judged by; its rows are the words of which requests are made. */
const struct policy *fuzz_judged(void);

#endif
