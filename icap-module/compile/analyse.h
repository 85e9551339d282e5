/* What check*.c and analyse*.c know of the static analysis of a policy: rules that cannot do what their
 * author thinks. Findings are warnings and notes, never errors, and each ends with its id in brackets. */
#ifndef COMPILE_ANALYSE_H
#define COMPILE_ANALYSE_H

#include "compile/analyse_sets.h"
#include "compile/check.h"

/* Says what is found in a policy without errors. `today`: local day since 1970. */
void analyse_policy(struct check *c, int32_t today);

/* What becomes of a rule, found before anything is said. */
enum fate {
    FATE_LIVES,
    FATE_DEAD,
    FATE_UNSURE_ONLY,
    FATE_CONTRADICTORY,
    FATE_SHADOWED,
    FATE_OUTRANKED,
    FATE_REDUNDANT,
    FATE_NO_EFFECT
};

struct rule_study {
    struct region *regions[2]; /* by enum sureness */
    struct region *acts;       /* where it does something at all */
    enum fate fate;
    uint32_t other; /* the rule that brings it about, or NO_INDEX */
    uint32_t with;  /* and a second one: one in own time, one in work time; or NO_INDEX */
};

struct study {
    struct check *c;
    int32_t today;
    struct world *world; /* WORLD_ANY */
    struct rule_study *rules;
    uint32_t n_rules;
};

struct analysis {
    unsigned number;
    const char *id;
    enum severity severity;
    void (*say)(struct study *s, const struct analysis *a);
    const char *sentence; /* for the manual */
};

extern const struct analysis analyses[];
extern const unsigned n_analyses;

/* Fills in the rules' fates (analyse_fate.c); false without memory. */
bool analyse_fates(struct study *s);

/* analyse_rules.c */
void analyse_dead(struct study *s, const struct analysis *a);
void analyse_unsure_only(struct study *s, const struct analysis *a);
void analyse_contradictory(struct study *s, const struct analysis *a);
void analyse_shadowed(struct study *s, const struct analysis *a);
void analyse_outranked(struct study *s, const struct analysis *a);
void analyse_redundant(struct study *s, const struct analysis *a);
void analyse_no_effect(struct study *s, const struct analysis *a);

/* analyse_set.c */
void analyse_differing(struct study *s, const struct analysis *a);
/* Both set a restriction to values of which neither is the stricter. */
bool analyse_sets_undecided(const struct study *s, const struct a_rule *x, const struct a_rule *y);
/* All that x sets y sets to the same values. */
bool analyse_sets_alike(const struct study *s, const struct a_rule *x, const struct a_rule *y);

/* analyse_broad.c */
void analyse_open(struct study *s, const struct analysis *a);
void analyse_any_account(struct study *s, const struct analysis *a);
void analyse_wide_network(struct study *s, const struct analysis *a);
void analyse_wide_host(struct study *s, const struct analysis *a);
void analyse_open_platform(struct study *s, const struct analysis *a);
void analyse_unjudged_platform(struct study *s, const struct analysis *a);
void analyse_listed_host(struct study *s, const struct analysis *a);
void analyse_listed_must_work(struct study *s, const struct analysis *a);

/* analyse_registers.c */
void analyse_idle(struct study *s, const struct analysis *a);
void analyse_empty_group(struct study *s, const struct analysis *a);
void analyse_unused_account(struct study *s, const struct analysis *a);

/* analyse_grants.c */
void analyse_wide_grant(struct study *s, const struct analysis *a);
void analyse_not_yet(struct study *s, const struct analysis *a);
void analyse_expired(struct study *s, const struct analysis *a);
void analyse_untrained(struct study *s, const struct analysis *a);
void analyse_ending(struct study *s, const struct analysis *a);
void analyse_unread(struct study *s, const struct analysis *a);

/* analyse_people.c */
void analyse_members(struct study *s, const struct analysis *a);
void analyse_no_sponsor(struct study *s, const struct analysis *a);
void analyse_unknown_person(struct study *s, const struct analysis *a);
void analyse_moved(struct study *s, const struct analysis *a);
void analyse_stale_owner(struct study *s, const struct analysis *a);

/* The line of a row, 0 when it is not known. */
unsigned analyse_line(const struct study *s, enum section section, uint32_t index);

#endif
