/* The policy against its registers as they stand: rules that wait for a row, groups that are empty, accounts
 * that nobody may use. A register that is still empty is told once, not for every rule. */
#include "compile/analyse.h"

#include <stdlib.h>

/* --- rules that wait
 * -------------------------------------------------------------------------------------------- */

/* What a rule can wait for, and what is said of the first that does. */
static const struct {
    unsigned flag;
    const char *text;
} waits[] = {
    {WORLD_ANY_ACCOUNTS,
     "cannot match yet: no account that would do is in registers/accounts.csv; add the council's accounts"},
    {WORLD_ANY_GRANTS,
     "cannot match yet: no grant for such a platform is in registers/grants.csv; add the approvals"},
    {WORLD_ANY_PEOPLE,
     "cannot match yet: no register, group or people-default makes anybody of that class; say who is"},
    {0, "cannot match yet: of accounts, grants and classes of people the registers lack more than one; add "
        "them"},
};

enum { WAITS = sizeof waits / sizeof *waits };

struct waiting {
    struct world *worlds[WAITS]; /* with only that one thing free; the last: the registers as they stand */
    uint32_t first[WAITS], n[WAITS];
};

static bool empty_in(const struct world *w, const struct a_rule *r)
{
    struct region *region = region_of(w, r, SURE);
    bool empty = region && region->empty;

    free(region);
    return empty;
}

static bool make_worlds(struct study *s, struct waiting *w)
{
    bool made = true;

    for (unsigned i = 0; i < WAITS; i++) {
        w->worlds[i] = world_new(s->c->b, waits[i].flag);
        made &= w->worlds[i] != NULL;
    }
    return made;
}

static void count_waiting(struct study *s, struct waiting *w)
{
    for (uint32_t i = 0; i < s->n_rules; i++) {
        const struct a_rule *r = check_rule_at(s->c, i);
        unsigned k = 0;

        if (s->rules[i].fate == FATE_DEAD || s->rules[i].fate == FATE_UNSURE_ONLY ||
            !empty_in(w->worlds[WAITS - 1], r))
            continue;
        while (k + 1 < WAITS && empty_in(w->worlds[k], r))
            k++;
        if (w->n[k]++ == 0)
            w->first[k] = i;
    }
}

static void say_waiting(struct study *s, const struct analysis *a, uint32_t rule, uint32_t n,
                        const char *text)
{
    const struct a_rule *r = check_rule_at(s->c, rule);
    struct str id = build_text(s->c->b, r->id);

    if (n == 1)
        check_say(s->c, a->severity, SECTION_RULES, rule, "%s '%.*s' %s [%s]", word_of(WORDS_VERB, r->verb),
                  STR_ARG(id), text, a->id);
    else
        check_say(s->c, a->severity, SECTION_RULES, rule, "%s '%.*s' and %u more like it %s [%s]",
                  word_of(WORDS_VERB, r->verb), STR_ARG(id), n - 1, text, a->id);
}

void analyse_idle(struct study *s, const struct analysis *a)
{
    struct waiting w = {.n = {0}};

    if (make_worlds(s, &w))
        count_waiting(s, &w);
    for (unsigned k = 0; k < WAITS; k++) {
        world_free(w.worlds[k]);
        if (w.n[k])
            say_waiting(s, a, w.first[k], w.n[k], waits[k].text);
    }
}

/* --- groups
 * ----------------------------------------------------------------------------------------------------- */

static bool has(const struct study *s, struct a_list list, uint32_t number)
{
    const uint32_t *numbers = build_numbers_at(s->c->b, list);

    for (uint32_t i = 0; i < list.n; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

static bool has_member(const struct study *s, uint32_t group)
{
    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_MEMBERS); i++)
        if (has(s, ((const struct a_member *)build_at(s->c->b, SECTION_MEMBERS, i))->groups, group))
            return true;
    return false;
}

/* The rule that names the group, or NO_INDEX. */
static uint32_t naming_rule(const struct study *s, uint32_t group)
{
    for (uint32_t i = 0; i < s->n_rules; i++) {
        const struct a_rule *r = check_rule_at(s->c, i);

        for (uint32_t k = 0; k < r->clauses.n; k++) {
            const struct a_clause *clause = check_clause_at(s->c, r, k);

            if (check_kind_of(clause) == ARG_GROUPS && has(s, clause->args, group))
                return i;
        }
    }
    return NO_INDEX;
}

static bool names_groups(const struct study *s)
{
    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_MEMBERS); i++)
        if (((const struct a_member *)build_at(s->c->b, SECTION_MEMBERS, i))->groups.n)
            return true;
    return false;
}

/* Groups that tell a class or a mode are the directory's. check.c speaks of those that nothing names. */
void analyse_empty_group(struct study *s, const struct analysis *a)
{
    for (uint32_t i = 0; names_groups(s) && i < build_count(s->c->b, SECTION_GROUPS); i++) {
        const struct a_group *g = build_at(s->c->b, SECTION_GROUPS, i);
        uint32_t rule = naming_rule(s, i);

        if (g->mode != NO_INDEX || g->people != NO_INDEX || rule == NO_INDEX || has_member(s, i))
            continue;
        check_say(s->c, a->severity, SECTION_GROUPS, i,
                  "nobody is in group '%.*s', which rule '%.*s' asks for (line %u), while members.csv fills "
                  "others: add "
                  "its members there, unless the directory knows them [%s]",
                  STR_ARG(build_text(s->c->b, g->name)),
                  STR_ARG(build_text(s->c->b, check_rule_at(s->c, rule)->id)),
                  analyse_line(s, SECTION_RULES, rule), a->id);
    }
}

/* --- accounts
 * --------------------------------------------------------------------------------------------------- */

/* The states that some grant row can bring about for the account, whatever its dates. */
static uint64_t grants_for(const struct study *s, uint32_t account)
{
    const struct a_account *row = build_at(s->c->b, SECTION_ACCOUNTS, account);
    uint64_t states = ~grant_live();

    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_GRANTS); i++) {
        const struct a_grant *g = build_at(s->c->b, SECTION_GRANTS, i);

        if (!has(s, g->platforms, row->platform))
            continue;
        states |= grant_live() & ~grant_naming();
        if (g->accounts.n ? has(s, g->accounts, account) : !(row->flags & ACCOUNT_MEMBER))
            return ~(uint64_t)0;
    }
    return states;
}

static bool may_be_used(const struct study *s, uint32_t account)
{
    const struct a_account *row = build_at(s->c->b, SECTION_ACCOUNTS, account);
    uint64_t states = grants_for(s, account);

    for (uint32_t i = 0; i < s->n_rules; i++) {
        const struct region *r = s->rules[i].acts;

        if (check_rule_at(s->c, i)->verb == VERB_PERMIT && !r->empty &&
            region_has_platform(r, row->platform) && region_has_account(s->world, r, account) &&
            r->masks[DIMENSION_GRANT] & states)
            return true;
    }
    return false;
}

static bool has_permit(const struct study *s)
{
    for (uint32_t i = 0; i < s->n_rules; i++)
        if (check_rule_at(s->c, i)->verb == VERB_PERMIT)
            return true;
    return false;
}

/* Where all is refused that nothing permits. A policy without permits, or a register of grants that nobody
 * has begun, is another matter. */
void analyse_unused_account(struct study *s, const struct analysis *a)
{
    uint32_t first = NO_INDEX, n = 0;
    const struct a_account *row;
    const struct a_platform *platform;

    if (s->c->meta->default_action != ACTION_REFUSE || !has_permit(s) ||
        !build_count(s->c->b, SECTION_GRANTS))
        return;
    for (uint32_t i = 0; i < build_count(s->c->b, SECTION_ACCOUNTS); i++) {
        row = build_at(s->c->b, SECTION_ACCOUNTS, i);
        platform = build_at(s->c->b, SECTION_PLATFORMS, row->platform);
        if (!(s->c->meta->scope_classes >> platform->class & 1) || may_be_used(s, i))
            continue;
        first = n++ ? first : i;
    }
    if (!n)
        return;
    row = build_at(s->c->b, SECTION_ACCOUNTS, first);
    platform = build_at(s->c->b, SECTION_PLATFORMS, row->platform);
    check_say(s->c, a->severity, SECTION_ACCOUNTS, first,
              "nobody may use account '%.*s:%.*s' (%u such): no grant names it and no permit takes it in; "
              "add a grant, "
              "or take the account out [%s]",
              STR_ARG(build_text(s->c->b, platform->id)), STR_ARG(build_text(s->c->b, row->name)), n, a->id);
}
