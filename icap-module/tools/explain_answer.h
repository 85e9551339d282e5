/* What `portreeve explain` says of an answer beside what it says of a request. */
#ifndef TOOLS_EXPLAIN_ANSWER_H
#define TOOLS_EXPLAIN_ANSWER_H

#include "core/policy.h"

/* Whether that is an address as --answer-from takes one: IPv4 or IPv6, nothing before or behind. */
bool explain_is_address(const char *text);

/* Which of the steps R1 to R4 of core/decide.c an answer came to, in words. */
const char *explain_answer_step(const struct verdict *v);

#endif
