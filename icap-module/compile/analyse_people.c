/* Elected members who would inherit what was written for employees, people for whom nobody answers, grants
 * of people who have left. */
#include "compile/analyse.h"

#include <stdlib.h>

static bool names_class(const struct study *s, const struct a_clause *clause, enum people people)
{
    const uint32_t *args = build_numbers_at(s->c->b, clause->args);

    for (uint32_t i = 0; check_kind_of(clause) == ARG_PEOPLE && i < clause->args.n; i++)
        if (args[i] == (uint32_t)people)
            return true;
    return false;
}

/* The first rule with a clause that names one class of people, and not the other (PEOPLE_COUNT: whatever else
 * it names); NO_INDEX without. */
static uint32_t rule_naming(const struct study *s, enum people people, enum people not )
{
    for (uint32_t i = 0; i < s->n_rules; i++) {
        const struct a_rule *r = check_rule_at(s->c, i);

        for (uint32_t k = 0; k < r->clauses.n; k++) {
            const struct a_clause *clause = check_clause_at(s->c, r, k);

            if (names_class(s, clause, people) && !names_class(s, clause, not ))
                return i;
        }
    }
    return NO_INDEX;
}

/* Somebody would be taken for an employee who is a member. */
static void say_unsaid(struct study *s, const struct analysis *a)
{
    const struct a_meta *m = s->c->meta;
    bool by_default = m->people_default != NO_INDEX && m->people_default != PEOPLE_MEMBER;

    if (by_default || rule_naming(s, PEOPLE_EMPLOYEE, PEOPLE_COUNT) != NO_INDEX)
        check_say(
            s->c, a->severity, SECTION_META, STATEMENT_PEOPLE,
            "what holds for elected members is not said, so that they get what was written for others: add "
            "'members as-employees cite \"...\"', or 'members own-rules cite \"...\"' and their rules "
            "(people member) [%s]",
            a->id);
}

void analyse_members(struct study *s, const struct analysis *a)
{
    uint32_t rule;

    switch ((enum members_rule)s->c->meta->members) {
    case MEMBERS_AS_EMPLOYEES:
        rule = rule_naming(s, PEOPLE_EMPLOYEE, PEOPLE_MEMBER);
        if (rule != NO_INDEX)
            check_say(s->c, a->severity, SECTION_RULES, rule,
                      "rule '%.*s' names employees and not members, whom the policy treats as employees: add "
                      "'member', or say 'members own-rules' [%s]",
                      STR_ARG(build_text(s->c->b, check_rule_at(s->c, rule)->id)), a->id);
        break;
    case MEMBERS_OWN_RULES:
        if (rule_naming(s, PEOPLE_MEMBER, PEOPLE_COUNT) == NO_INDEX)
            check_say(s->c, a->severity, SECTION_META, STATEMENT_MEMBERS,
                      "members are said to have rules of their own, and no rule names them: write one with "
                      "'people member', or say 'members as-employees' [%s]",
                      a->id);
        break;
    case MEMBERS_UNSAID:
    case MEMBERS_RULES:
        say_unsaid(s, a);
        break;
    }
}

static bool needs_sponsor(const struct a_member *m)
{
    return m->people == PEOPLE_AGENCY || m->people == PEOPLE_CASUAL || m->people == PEOPLE_CONSULTANT ||
           m->people == PEOPLE_INTERIM || m->people == PEOPLE_VOLUNTEER;
}

/* Only where the registers name sponsors at all. */
void analyse_no_sponsor(struct study *s, const struct analysis *a)
{
    uint32_t n = 0, first = NO_INDEX;
    bool some = false;

    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_MEMBERS); i++) {
        const struct a_member *m = build_at(s->c->b, SECTION_MEMBERS, i);

        some |= m->sponsor.n > 0;
        if (m->sponsor.n || !needs_sponsor(m))
            continue;
        first = n++ ? first : i;
    }
    if (some && n)
        check_say(
            s->c, a->severity, SECTION_MEMBERS, first,
            "nobody answers for this person, who is no employee (%u such): name a sponsor, in the directory "
            "as their manager [%s]",
            n, a->id);
}

void analyse_unknown_person(struct study *s, const struct analysis *a)
{
    uint32_t n = 0, first = NO_INDEX;

    if (!s->c->meta->directory_read)
        return;
    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_GRANTS); i++) {
        const struct a_grant *g = build_at(s->c->b, SECTION_GRANTS, i);

        if (!g->user.n || build_find_member(s->c->b, build_text(s->c->b, g->user)) != NO_INDEX)
            continue;
        first = n++ ? first : i;
    }
    if (n)
        check_say(
            s->c, a->severity, SECTION_GRANTS, first,
            "neither people.csv nor members.csv knows who has this grant (%u such): take it out when they "
            "have left, or mend the name [%s]",
            n, a->id);
}

static bool is_in(const struct study *s, const struct a_member *m, uint32_t group)
{
    const uint32_t *groups = build_numbers_at(s->c->b, m->groups);

    for (uint32_t i = 0; i < m->groups.n; i++)
        if (groups[i] == group)
            return true;
    return false;
}

/* For each group whether the registers fill it: else the proxy alone may know who is in it. calloc'ed. */
static bool *filled_groups(const struct study *s)
{
    bool *filled = calloc(build_count(s->c->b, SECTION_GROUPS) + 1, sizeof *filled);

    for (uint32_t i = 0; filled && i < build_count(s->c->b, SECTION_MEMBERS); i++) {
        const struct a_member *m = build_at(s->c->b, SECTION_MEMBERS, i);

        for (uint32_t k = 0; k < m->groups.n; k++)
            filled[build_numbers_at(s->c->b, m->groups)[k]] = true;
    }
    return filled;
}

void analyse_moved(struct study *s, const struct analysis *a)
{
    uint32_t n = 0, first = NO_INDEX;
    bool *filled = filled_groups(s);

    for (uint32_t i = 0; filled && i < build_count(s->c->b, SECTION_GRANTS); i++) {
        const struct a_grant *g = build_at(s->c->b, SECTION_GRANTS, i);
        uint32_t member = g->user.n && g->within != NO_INDEX && filled[g->within]
                              ? build_find_member(s->c->b, build_text(s->c->b, g->user))
                              : NO_INDEX;

        if (member == NO_INDEX || is_in(s, build_at(s->c->b, SECTION_MEMBERS, member), g->within))
            continue;
        first = n++ ? first : i;
    }
    free(filled);
    if (n)
        check_say(
            s->c, a->severity, SECTION_GRANTS, first,
            "who has this grant is no longer in the group that it was given in (%u such), so that it has "
            "ended: take it out, or have it approved for their new work [%s]",
            n, a->id);
}

static bool has_left(const struct study *s, struct a_str who)
{
    return who.n && build_find_member(s->c->b, build_text(s->c->b, who)) == NO_INDEX;
}

static bool is_stale(const struct study *s, const struct a_account *account)
{
    bool stale = has_left(s, account->holder) || has_left(s, account->deputy);

    for (uint32_t i = 0; i < account->officers.n; i++)
        stale |= has_left(s, *(struct a_str *)build_at(s->c->b, SECTION_WORDS, account->officers.at + i));
    return stale;
}

void analyse_stale_owner(struct study *s, const struct analysis *a)
{
    uint32_t n = 0, first = NO_INDEX;

    if (!s->c->meta->directory_read)
        return;
    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_ACCOUNTS); i++)
        if (is_stale(s, build_at(s->c->b, SECTION_ACCOUNTS, i)))
            first = n++ ? first : i;
    if (n)
        check_say(
            s->c, a->severity, SECTION_ACCOUNTS, first,
            "neither people.csv nor members.csv knows the owner, deputy or an officer of this account (%u "
            "such): name somebody else when they have left, or mend the name [%s]",
            n, a->id);
}
