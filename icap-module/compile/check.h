/* What check*.c share: nobody else includes this. */
#ifndef COMPILE_CHECK_H
#define COMPILE_CHECK_H

#include "compile/policy_parse.h"

struct check {
    struct builder *b;
    struct diag *d;
    const struct a_meta *meta;
    unsigned errors;
};

/* A message about a row, at the place where it was written (for SECTION_META: the statement's number). */
void check_say(struct check *c, enum severity severity, enum section s, uint32_t index, const char *format,
               ...) __attribute__((format(printf, 5, 6)));

/* What is wrong or doubtful about calendars; and what depends on the day (warnings only). */
void check_calendars(struct check *c);
void check_calendar_days(struct check *c, int32_t today);

/* Grants with days that have not come yet: errors. */
void check_grants(struct check *c, int32_t today);

/* What is doubtful about one rule: warnings only. */
void check_rule(struct check *c, uint32_t rule);

/* What is wrong or doubtful about what a rule of verb set sets. */
void check_set(struct check *c, uint32_t rule);

/* An alert about people where none is recorded: an error. */
void check_alert(struct check *c);

/* Sites of which nothing is recorded, and that are a platform's: errors. */
void check_never_log(struct check *c);

/* Platform maps that are out of date: a warning. */
void check_maps(struct check *c, int32_t today);

static inline const struct a_rule *check_rule_at(const struct check *c, uint32_t i)
{
    return build_at(c->b, SECTION_RULES, i);
}

static inline const struct a_clause *check_clause_at(const struct check *c, const struct a_rule *r,
                                                     uint32_t i)
{
    return build_at(c->b, SECTION_CLAUSES, r->clauses.at + i);
}

static inline enum arg_kind check_kind_of(const struct a_clause *clause)
{
    return condition_by_number(clause->condition)->args;
}

/* People see a page when it matches. */
static inline bool check_shows_page(const struct a_rule *r)
{
    return r->verb == VERB_FORBID || r->verb == VERB_REQUIRE;
}

#endif
