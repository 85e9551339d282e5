/* Cases: a request, and what must come of it, as text (the .case files beside a policy). */
#ifndef COMPILE_CASES_H
#define COMPILE_CASES_H

#include "core/policy.h"

struct case_result {
    unsigned passed, failed;
};

/* Runs every case of `text` against the snapshot; each failure is an error in `d` with the case's line, what
 * was expected and what came. -1 when a case cannot be read. */
int cases_run(const struct snapshot *snapshot, struct str file, struct str text, struct case_result *result,
              struct diag *d);

#endif
