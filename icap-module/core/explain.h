/* The walk of decide.c told in words: what was understood, which rules matched, which nearly did and what
 * they lack. */
#ifndef CORE_EXPLAIN_H
#define CORE_EXPLAIN_H

#include "core/policy.h"
#include "core/text.h"

/* `r` and `v` as policy_judge left them, before the scratch is used again. */
void explain(const struct snapshot *snapshot, const struct request *r, const struct verdict *v,
             struct text *out);

/* One argument of a condition as the policy writes it; `n` numbers are taken from args. Returns how many were
 * used. */
uint32_t explain_arg(const struct artefact *a, uint32_t condition, const uint32_t *args, uint32_t n,
                     struct text *out);

/* A clause as the policy writes it, without its `except`. */
void explain_condition(const struct artefact *a, const struct a_clause *clause, struct text *out);

/* The lists that name the host: which, as what, whose, how old. Nothing without a category database. */
void explain_lists(const struct snapshot *s, const struct request *r, const struct classification *c,
                   struct text *t);

#endif
