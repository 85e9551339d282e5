/* Rules as sets of requests, for the analyses of compile/analyse*.c.
 *
 * A request is a point: a platform, an activity, an account, a group of people and so on. Every condition
 * speaks of one of these dimensions, so a rule is the product of one set for each. It has two such products:
 * SURE, where all its conditions hold, and POSSIBLE, where none of them fails (core/match.h: yes, and yes or
 * unsure).
 *
 * What is promised: a region that is called empty holds no request, and one that is called within another
 * holds none that the other does not. Where the reasoning does not reach, it answers that there may be
 * requests. That rests on two things: a region is cut down only by what no request can be (an account on
 * another platform, an activity that a map never gives), and core/classify.c, person.c and match*.c do what
 * is said here. tests/unit/test_analyse.c holds both against each other with rules made at random.
 *
 * Pure: nothing but the builder's rows is read. */
#ifndef COMPILE_ANALYSE_SETS_H
#define COMPILE_ANALYSE_SETS_H

#include "compile/build.h"

/* The dimensions with few states: each is a bit of a mask. */
enum dimension {
    DIMENSION_ACTIVITY, /* enum activity, ACTIVITY_COUNT = unknown */
    DIMENSION_IDENTITY, /* enum identity, IDENTITY_COUNT = the host is no platform's */
    DIMENSION_ORIGIN,   /* enum origin */
    DIMENSION_ROLE,     /* enum role, ROLE_COUNT = the host is no platform's */
    DIMENSION_USER,     /* enum user_state */
    DIMENSION_KNOWN_BY, /* enum known_by */
    DIMENSION_GROUPS,   /* enum groups_state */
    DIMENSION_PEOPLE,   /* enum people, PEOPLE_COUNT = unknown */
    DIMENSION_TIME,     /* enum hours, HOURS_COUNT = unsure: one of both always holds */
    DIMENSION_GRANT,    /* the states of analyse_grant.c */
    DIMENSIONS
};

/* What the registers may hold: as they stand, or anything that may be written into them one day. */
enum world_flag { WORLD_ANY_ACCOUNTS = 1, WORLD_ANY_GRANTS = 2, WORLD_ANY_PEOPLE = 4, WORLD_ANY = 7 };

/* States of the account dimension; the registered accounts stand behind them, in the order of their section.
 */
enum account_bit {
    ACCOUNT_BIT_UNKNOWN,
    ACCOUNT_BIT_NOBODY,
    ACCOUNT_BIT_UNREGISTERED,
    ACCOUNT_BIT_TO_COME, /* one for each set of flags: accounts that the register may get (WORLD_ANY_ACCOUNTS)
                          */
    ACCOUNT_BIT_FIRST = ACCOUNT_BIT_TO_COME + 4
};

/* What a request on one platform can be. */
struct feasible {
    uint64_t masks[DIMENSIONS];
    uint64_t *accounts;
};

/* A host by itself, or (`all`) with everything below it, as conditions and host rows write it. */
struct host_pattern {
    struct str name; /* without a leading dot */
    bool all;
};

/* A host row that is a platform's or must-work. */
struct world_host {
    struct host_pattern pattern;
    uint32_t index, platform; /* SECTION_HOSTS; SECTION_PLATFORMS or NO_INDEX */
    bool must_work;
};

/* What requests there can be at all. Platforms: those of the maps; behind them one for each class and media,
 * for maps to come; last, no platform. */
struct world {
    struct builder *b;
    unsigned flags;
    uint32_t n_platforms, n_states; /* of the maps; with those to come and none */
    uint32_t platform_words, account_words;
    struct feasible *on; /* n_states */
    uint64_t people;     /* mask: what a person's class can be */
    uint64_t hours;      /* mask of DIMENSION_TIME: unsure only where calendars can differ or rotas end */
    struct world_host *hosts;
    uint32_t n_hosts;
};

enum sureness { SURE, POSSIBLE };

struct region {
    enum sureness sureness;
    bool empty;
    uint64_t masks[DIMENSIONS];
    struct a_list clauses[2]; /* SECTION_CLAUSES: their names and numbers (hosts, groups, networks ...) */
    unsigned n_lists;
    uint64_t bits[]; /* platforms, accounts, and room for the work */
};

/* NULL without memory. */
struct world *world_new(struct builder *b, unsigned flags);
void world_free(struct world *w);

/* Every request of the world. NULL without memory; free() gives it back. */
struct region *region_new(const struct world *w, enum sureness s);
/* Keeps those that fulfil the clauses (at most two lists a region). */
void region_add(const struct world *w, struct region *r, struct a_list clauses);
void region_limit(struct region *r, enum dimension d, uint64_t mask);
/* Keeps those on platforms of these classes (bit set). */
void region_limit_classes(const struct world *w, struct region *r, uint32_t classes);
/* Cuts off what no request can be, and finds out whether it is empty. Before any question about a region. */
void region_settle(const struct world *w, struct region *r);

/* The rule's own, settled. */
struct region *region_of(const struct world *w, const struct a_rule *rule, enum sureness s);

/* What of a settled region has those states of a dimension, settled. NULL without memory. */
struct region *region_slice(const struct world *w, const struct region *r, enum dimension d, uint64_t mask);

bool region_within(const struct world *w, const struct region *a, const struct region *b);
/* Whether a request may be in both. */
bool region_meets(const struct world *w, const struct region *a, const struct region *b);

bool region_has_platform(const struct region *r, uint32_t platform);
bool region_has_account(const struct world *w, const struct region *r, uint32_t account);
/* Whether it holds requests outside the classes (bit set), or on no platform. */
bool region_leaves_classes(const struct world *w, const struct region *r, uint32_t classes);

/* The class and media ("broadcast only") of a platform's number, one of the maps or one to come; false for
 * none. */
bool world_platform(const struct world *w, uint32_t platform, uint32_t *class, bool *broadcast_only);

/* Platforms of one company, which share the hosts of their pictures; one and the same, too. */
bool world_one_family(const struct world *w, uint32_t one, uint32_t other);

/* Of one clause (analyse_grant.c): the states of DIMENSION_GRANT in which it is fulfilled. */
uint64_t grant_mask(const uint32_t args[3], bool except, enum sureness s);
/* The states that there can be, by the steps that grants need; without any grant. */
uint64_t grant_feasible(uint32_t needs);
uint64_t grant_none(void);
/* Cuts states, accounts (word 0: only its first three states, and `registered`: any of the others) and
 * activities down to what goes together. */
struct grant_fit {
    uint64_t states, activities;
    bool unknown, others, registered; /* what the account can be */
};
void grant_fit(struct grant_fit *f);
/* The states with a live grant, and those where it names the account. */
uint64_t grant_live(void);
uint64_t grant_naming(void);

/* Conditions that name things by lists (analyse_lists.c). */
/* A condition `during` that speaks of nothing but own and work time, which DIMENSION_TIME knows. */
bool lists_of_hours(const struct world *w, const struct a_clause *clause);
bool lists_empty(const struct world *w, const struct region *r);
bool lists_imply(const struct world *w, const struct region *a, const struct region *b);
/* Whether the region's hosts can be that platform's. */
bool lists_allow_platform(const struct world *w, const struct region *r, uint32_t platform);

/* The clauses of a region one after the other: NULL behind the last. */
const struct a_clause *region_clause(const struct world *w, const struct region *r, uint32_t i);

struct host_pattern host_pattern_of(struct str text); /* "a.b" or ".b" */
/* All that x matches, y does. */
bool host_pattern_below(struct host_pattern x, struct host_pattern y);

#endif
