/* What the fuzz targets share. Each target is one LLVMFuzzerTestOneInput: libFuzzer drives it (configure
 * --enable-fuzz), and replay.c drives it over the committed corpus in the plain test run. A target that
 * shapes its inputs has an LLVMFuzzerCustomMutator, too. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include "core/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size); /* libFuzzer's own, or replay.c's */

/* What must hold does not: says which, and ends the process as a crash would. */
_Noreturn void fuzz_broken(const char *what);
#define FUZZ_HOLDS(condition)                                                                                \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            fuzz_broken(#condition);                                                                         \
    } while (0)

/* The artefact of a small council made in memory, once; never fails (a broken build aborts). */
struct policy;
const struct policy *fuzz_policy(void);
const struct policy *fuzz_open_policy(void); /* the same, but that what no rule speaks of is allowed */
struct str fuzz_artefact(void);
struct identity_key;
const struct identity_key *fuzz_identity_key(void); /* that of its register: the ids 555 and 666 are enrolled */

/* A builder that knows the platforms, accounts, groups, contacts and pages that texts under test may speak
 * of. build_free gives it back. */
struct builder;
struct diag;
struct builder *fuzz_builder(void);

/* What was built, opened: it must be sound. The caller's, as the bytes below it are. */
struct policy *fuzz_finish(struct builder *b, struct diag *d, unsigned char **bytes);

/* Splits the input at newlines: the next field, without its end. */
struct str fuzz_line(struct str *rest);

/* Copies of pieces of an input, each with poisoned bytes on both sides: under ASan a read beyond one is seen,
 * although the pieces lay side by side. Valid until fuzz_unbox; what does not fit is cut. */
void fuzz_unbox(void);
struct str fuzz_box(struct str s);

/* Numbers for mutators, the same from the same seed. */
struct dice {
    uint64_t state;
};
uint32_t dice_below(struct dice *d, uint32_t n); /* 0 when n is 0 */
bool dice_one_in(struct dice *d, uint32_t n);

/* A line-wise mutation of a text: lines and words taken out, doubled, moved, or put in from `lines` (NULL at
 * the end) and the closed vocabulary. The new size. */
size_t fuzz_mutate_text(uint8_t *data, size_t size, size_t max_size, unsigned seed, const char *const *lines);

#endif
