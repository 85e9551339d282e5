/* One small function for each condition; no effects, three answers (Kleene). */
#ifndef CORE_MATCH_H
#define CORE_MATCH_H

#include "core/conditions.h"
#include "core/policy.h"

enum answer { NO = 0, YES, UNSURE };

/* All that a matcher may look at. */
struct match {
    const struct policy *policy;
    const struct artefact *artefact;
    const struct snapshot *snapshot;
    const struct request *request;
    const struct classification *what;
    const struct person *who;
    int32_t today;   /* local day of request->now */
    enum step *step; /* match_grant says here which step an inert grant lacks */
};

/* One clause, with its `except` turned around. */
enum answer match_clause(const struct match *m, const struct a_clause *clause);

/* All clauses of a rule: the least of them (NO before UNSURE before YES). */
enum answer match_rule(const struct match *m, const struct a_rule *rule);

/* Kleene's and, or, not. */
enum answer answer_and(enum answer a, enum answer b);
enum answer answer_or(enum answer a, enum answer b);
enum answer answer_not(enum answer a);

/* For match.c's table: the one matcher with a file of its own (match_grant.c). */
enum answer match_grant(const struct match *m, const uint32_t *args, uint32_t n);

bool match_in_group(const struct person *who, uint32_t group);

#endif
