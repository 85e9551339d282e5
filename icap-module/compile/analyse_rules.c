/* What is said of rules that do nothing, or nothing of their own. */
#include "compile/analyse.h"

#include <stdio.h>
#include <stdlib.h>

static struct str id_of(const struct study *s, uint32_t rule)
{
    return build_text(s->c->b, check_rule_at(s->c, rule)->id);
}

static const char *verb_of(const struct study *s, uint32_t rule)
{
    return word_of(WORDS_VERB, check_rule_at(s->c, rule)->verb);
}

/* "forbid 'b' (line 12)" */
static const char *other_name(const struct study *s, uint32_t rule, char *to, size_t size)
{
    unsigned line = analyse_line(s, SECTION_RULES, rule);

    if (line)
        snprintf(to, size, "%s '%.*s' (line %u)", verb_of(s, rule), STR_ARG(id_of(s, rule)), line);
    else
        snprintf(to, size, "%s '%.*s'", verb_of(s, rule), STR_ARG(id_of(s, rule)));
    return to;
}

enum { OTHER_MAX = ARTEFACT_NAME_MAX + 40 };

/* --- why a rule is dead
 * --------------------------------------------------------------------------------------- */

static bool empty_together(const struct study *s, uint32_t rule, uint32_t x, uint32_t y)
{
    const struct a_rule *r = check_rule_at(s->c, rule);
    struct region *region = region_new(s->world, SURE);
    bool empty;

    if (!region)
        return false;
    region_add(s->world, region, (struct a_list){r->clauses.at + x, 1});
    if (x != y)
        region_add(s->world, region, (struct a_list){r->clauses.at + y, 1});
    region_settle(s->world, region);
    empty = region->empty;
    free(region);
    return empty;
}

/* The first two clauses that never surely hold together (one that never does by itself: both are it); false
 * when it takes more. */
static bool find_culprits(const struct study *s, uint32_t rule, uint32_t *x, uint32_t *y)
{
    uint32_t n = check_rule_at(s->c, rule)->clauses.n;

    for (*x = *y = 0; *x < n; *y = ++*x)
        if (empty_together(s, rule, *x, *y))
            return true;
    for (*y = 1; *y < n; ++*y)
        for (*x = 0; *x < *y; ++*x)
            if (empty_together(s, rule, *x, *y))
                return true;
    return false;
}

/* "'except group'" */
static const char *clause_word(const struct study *s, uint32_t rule, uint32_t i, char to[48])
{
    const struct a_clause *clause = check_clause_at(s->c, check_rule_at(s->c, rule), i);

    snprintf(to, 48, "'%s%s'", clause->flags & CLAUSE_EXCEPT ? "except " : "",
             condition_by_number(clause->condition)->word);
    return to;
}

/* What to look at when a condition of that kind is among those that never hold. */
static const char *hint_of(const struct study *s, uint32_t rule, uint32_t i)
{
    switch (check_kind_of(check_clause_at(s->c, check_rule_at(s->c, rule), i))) {
    case ARG_ACTIVITIES:
        return " (acts are what the rows 'activity' of the platform's map know)";
    case ARG_IDENTITIES:
        return " (who is signed in is what the rows 'identity' of the platform's map tell)";
    case ARG_ROLES:
        return " (roles are what the platform's map gives its hosts)";
    case ARG_HOSTS:
        return " (hosts are those of the platform's map; of a must-work host no rule is asked)";
    case ARG_GRANT:
        return " (a grant is inert only where 'grants need' asks for a step)";
    case ARG_DURING:
        return " (it is always own time or work time, never both)";
    default:
        return "";
    }
}

static void say_dead(struct study *s, const struct analysis *a, uint32_t rule, const char *what)
{
    char first[48], second[48];
    struct str id = id_of(s, rule);
    const char *hint;
    uint32_t x, y;

    if (!find_culprits(s, rule, &x, &y)) {
        check_say(s->c, a->severity, SECTION_RULES, rule,
                  "%s '%.*s' %s: its conditions never all hold together; take one of them out [%s]",
                  verb_of(s, rule), STR_ARG(id), what, a->id);
        return;
    }
    hint = hint_of(s, rule, y);
    if (x != y && !*hint)
        hint = hint_of(s, rule, x);
    clause_word(s, rule, x, first);
    clause_word(s, rule, y, second);
    if (x == y)
        check_say(s->c, a->severity, SECTION_RULES, rule,
                  "%s '%.*s' %s: nothing ever fulfils %s%s; mend its words, or take the rule out [%s]",
                  verb_of(s, rule), STR_ARG(id), what, first, hint, a->id);
    else
        check_say(
            s->c, a->severity, SECTION_RULES, rule,
            "%s '%.*s' %s: %s and %s never hold together%s; take one of them out, or mend its words [%s]",
            verb_of(s, rule), STR_ARG(id), what, first, second, hint, a->id);
}

/* A reason whose conditions may hold, but only where the default does not refuse. */
static bool only_elsewhere(const struct study *s, uint32_t rule)
{
    return check_rule_at(s->c, rule)->verb == VERB_REASON && !s->rules[rule].regions[POSSIBLE]->empty;
}

void analyse_dead(struct study *s, const struct analysis *a)
{
    for (uint32_t i = 0; i < s->n_rules; i++) {
        struct str id = id_of(s, i);

        if (s->rules[i].fate != FATE_DEAD)
            continue;
        if (only_elsewhere(s, i))
            check_say(s->c, a->severity, SECTION_RULES, i,
                      "reason '%.*s' is never shown: where it matches the default does not refuse; to "
                      "refuse, write "
                      "'forbid', or widen the scope [%s]",
                      STR_ARG(id), a->id);
        else if (!s->rules[i].regions[POSSIBLE]->empty && s->rules[i].regions[SURE]->empty)
            say_dead(s, a, i, "can never match, and what is unsure is let through");
        else
            say_dead(s, a, i, "can never match");
    }
}

void analyse_unsure_only(struct study *s, const struct analysis *a)
{
    for (uint32_t i = 0; i < s->n_rules; i++)
        if (s->rules[i].fate == FATE_UNSURE_ONLY)
            say_dead(s, a, i, "can never match, only be unsure where the request does not tell");
}

/* --- what others do to a rule
 * --------------------------------------------------------------------------------- */

void analyse_contradictory(struct study *s, const struct analysis *a)
{
    char other[OTHER_MAX];

    for (uint32_t i = 0; i < s->n_rules; i++)
        if (s->rules[i].fate == FATE_CONTRADICTORY)
            check_say(s->c, a->severity, SECTION_RULES, i,
                      "permit '%.*s' allows just what %s refuses, and a forbid always wins: take one of them "
                      "out [%s]",
                      STR_ARG(id_of(s, i)), other_name(s, s->rules[i].other, other, sizeof other), a->id);
}

static void say_shadowed(struct study *s, const struct analysis *a, uint32_t i)
{
    bool by_forbid = check_rule_at(s->c, s->rules[i].other)->verb == VERB_FORBID;
    struct str id = id_of(s, i);
    char text[2 * OTHER_MAX + 8], second[OTHER_MAX];
    const char *other = other_name(s, s->rules[i].other, text, sizeof text);

    if (s->rules[i].with != NO_INDEX) {
        size_t n = strlen(text);

        snprintf(text + n, sizeof text - n, " with %s",
                 other_name(s, s->rules[i].with, second, sizeof second));
    }

    if (check_rule_at(s->c, i)->verb == VERB_PERMIT)
        check_say(
            s->c, a->severity, SECTION_RULES, i,
            "permit '%.*s' never allows anything: %s refuses all of it, and a forbid always wins; put an "
            "'except' into the forbid, or take the permit out [%s]",
            STR_ARG(id), other, a->id);
    else if (check_rule_at(s->c, i)->verb == VERB_REQUIRE)
        check_say(s->c, a->severity, SECTION_RULES, i,
                  "require '%.*s' never asks anybody: %s refuses all of it; put an 'except' into the forbid, "
                  "or take "
                  "the require out [%s]",
                  STR_ARG(id), other, a->id);
    else if (check_rule_at(s->c, i)->verb == VERB_SET)
        check_say(
            s->c, a->severity, SECTION_RULES, i,
            "set '%.*s' never sets anything: %s refuses all of it; put an 'except' into the forbid, or take "
            "the set out [%s]",
            STR_ARG(id), other, a->id);
    else
        check_say(s->c, a->severity, SECTION_RULES, i,
                  "reason '%.*s' is never shown: %s %s; put its page and words there, or take it out [%s]",
                  STR_ARG(id), other,
                  by_forbid ? "refuses all of it with a page of its own" : "allows all of it", a->id);
}

void analyse_shadowed(struct study *s, const struct analysis *a)
{
    for (uint32_t i = 0; i < s->n_rules; i++)
        if (s->rules[i].fate == FATE_SHADOWED)
            say_shadowed(s, a, i);
}

void analyse_outranked(struct study *s, const struct analysis *a)
{
    char other[OTHER_MAX];

    for (uint32_t i = 0; i < s->n_rules; i++) {
        uint32_t y = s->rules[i].other;

        if (s->rules[i].fate != FATE_OUTRANKED)
            continue;
        /* a permit's words are for logs and reports only */
        check_say(
            s->c, check_rule_at(s->c, i)->verb == VERB_PERMIT ? SEVERITY_NOTE : a->severity, SECTION_RULES, i,
            "the page and words of %s '%.*s' are never used: %s matches whenever it does and %s; put "
            "them there, "
            "or add a condition here [%s]",
            verb_of(s, i), STR_ARG(id_of(s, i)), other_name(s, y, other, sizeof other),
            check_rule_at(s->c, y)->clauses.n > check_rule_at(s->c, i)->clauses.n ? "has more conditions"
                                                                                  : "comes first by name",
            a->id);
    }
}

void analyse_redundant(struct study *s, const struct analysis *a)
{
    char other[OTHER_MAX];

    for (uint32_t i = 0; i < s->n_rules; i++)
        if (s->rules[i].fate == FATE_REDUNDANT)
            check_say(
                s->c, a->severity, SECTION_RULES, i,
                "%s '%.*s' adds nothing: %s matches whenever it does and does the same; take it out [%s]",
                verb_of(s, i), STR_ARG(id_of(s, i)), other_name(s, s->rules[i].other, other, sizeof other),
                a->id);
}

void analyse_no_effect(struct study *s, const struct analysis *a)
{
    for (uint32_t i = 0; i < s->n_rules; i++) {
        bool permit = check_rule_at(s->c, i)->verb == VERB_PERMIT;

        if (s->rules[i].fate == FATE_NO_EFFECT)
            check_say(
                s->c, a->severity, SECTION_RULES, i,
                permit
                    ? "permit '%.*s' changes nothing: the default allows, and no forbid or require has to do "
                      "with it; take it out, or keep it for the reports [%s]"
                    : "require '%.*s' never asks anybody: the default refuses, and no permit has to do with "
                      "it; add the permit, or take it out [%s]",
                STR_ARG(id_of(s, i)), a->id);
    }
}
