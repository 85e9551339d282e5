/* What every fuzz target shares. Each is one LLVMFuzzerTestOneInput: libFuzzer drives it (configure --enable-fuzz), and
 * replay.c drives it over the committed corpus in the plain test run. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "core/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The artefact of a small council made in memory, once; never fails (a broken build aborts). */
struct policy;
const struct policy *fuzz_policy(void);
struct str fuzz_artefact(void);

/* Splits the input at newlines: the next field, without its end. */
struct str fuzz_line(struct str *rest);

#endif
