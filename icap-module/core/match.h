/* One small function for each condition; no effects, three answers (Kleene). */
#ifndef CORE_MATCH_H
#define CORE_MATCH_H

#include "core/policy.h"

enum answer { NO = 0, YES, UNSURE };

/* How a condition's words are read; what its numbers in SECTION_NUMBERS mean. */
enum arg_kind {
    ARG_PLATFORMS,     /* platform ids -> SECTION_PLATFORMS */
    ARG_CLASSES,       /* enum class */
    ARG_MEDIA,         /* "interactive" = 0, "broadcast-only" = 1 */
    ARG_HOSTS,         /* pairs: offset and length in SECTION_STRINGS, exact or ".example.com" */
    ARG_ROLES,         /* enum role */
    ARG_CATEGORIES,    /* enum category */
    ARG_ACTIVITIES,    /* enum activity; ACTIVITY_COUNT = "unknown" */
    ARG_ACCOUNTS,      /* SECTION_ACCOUNTS written platform:name, or enum account_word */
    ARG_ACCOUNT_FLAGS, /* enum account_flag_bit */
    ARG_IDENTITIES,    /* enum identity */
    ARG_ORIGINS,       /* enum origin */
    ARG_USER,          /* "unknown" = 0, "known" = 1 */
    ARG_GROUPS_STATE,  /* "unresolved" = 0, "resolved" = 1 */
    ARG_GROUPS,        /* SECTION_GROUPS */
    ARG_PEOPLE,        /* enum people */
    ARG_GRANT,         /* three numbers: bit set of enum grant_state (0: "live" is meant, not written),
                          bit set of enum step (which must be missing; only with inert), enum grant_ask */
    ARG_NETWORKS,      /* five numbers each: 128-bit address (IPv4 mapped), prefix length */
    ARG_PORTS          /* port numbers */
};

/* Words that stand for an account; numbers above every index. */
enum account_word {
    ACCOUNT_IS_REGISTERED = 0xfffffff0u,
    ACCOUNT_IS_UNREGISTERED = 0xfffffff1u,
    ACCOUNT_IS_UNKNOWN = 0xfffffff2u,
    ACCOUNT_IS_NONE = 0xfffffff3u
};

/* `account granted` and `activity granted` belong to the rule's grant clause: one and the same grant must
 * name both. */
enum grant_ask { GRANT_NAMES_ACCOUNT = 1, GRANT_NAMES_ACTIVITY = 2 };

/* All that a matcher may look at. */
struct match {
    const struct policy *policy;
    const struct artefact *artefact;
    const struct snapshot *snapshot;
    const struct request *request;
    const struct classification *what;
    const struct person *who;
    int32_t today; /* local day of request->now */
    enum step *step; /* match_grant says here which step an inert grant lacks */
};

struct condition {
    uint32_t number;
    const char *word;
    enum arg_kind args;
    enum answer (*match)(const struct match *m, const uint32_t *args, uint32_t n);
    const char *unsure;
};

extern const struct condition conditions[];
extern const unsigned n_conditions;

/* NULL when there is none. */
const struct condition *condition_by_number(uint32_t number);
const struct condition *condition_by_word(struct str word);

/* One clause, with its `except` turned around. */
enum answer match_clause(const struct match *m, const struct a_clause *clause);

/* All clauses of a rule: the least of them (NO before UNSURE before YES). */
enum answer match_rule(const struct match *m, const struct a_rule *rule);

/* Kleene's and, or, not. */
enum answer answer_and(enum answer a, enum answer b);
enum answer answer_or(enum answer a, enum answer b);
enum answer answer_not(enum answer a);

#endif
