/* Verdicts as JSON (jansson): one object a line, keys in a fixed order, unknown as null. */
#ifndef TOOLS_VERDICT_JSON_H
#define TOOLS_VERDICT_JSON_H

#include "core/policy.h"

#include <stdio.h>

/* platform, class, activity, account, identity, origin, confidence, categories, action, ask, why, rule,
 * because, cite, page, policy, version; and account_state, registered, step, bump, shadow, would, would_rule,
 * sets, would_set, time, when. `r` as policy_judge left it. */
void verdict_json(const struct snapshot *snapshot, const struct request *r, const struct verdict *v,
                  FILE *to);

/* Requests as JSON Lines in, verdicts out, line by line. A line that cannot be read yields {"error": ...} in
 * its place and the exit status of bad input at the end. */
int explain_batch(const struct snapshot *snapshot, struct scratch *scratch, FILE *from, FILE *to);

#endif
