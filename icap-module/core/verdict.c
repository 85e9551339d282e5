/* What is told of a verdict: in events, on pages, to whoever asks why. */
#include "core/conditions.h"
#include "core/policy_internal.h"

static const struct a_rule *rule_at(const struct artefact *a, uint32_t i)
{
    return &ARTEFACT_ROWS(a, RULES, struct a_rule)[i];
}

uint32_t verdict_person_rule(const struct policy *p, const struct verdict *v)
{
    const uint32_t rules[] = {v->rule, v->shadow ? v->would_rule : RULE_NONE};

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i] != RULE_NONE && rule_at(&p->artefact, rules[i])->verb == VERB_REQUIRE &&
            rule_at(&p->artefact, rules[i])->ask == ASK_PERSON)
            return rules[i];
    return RULE_NONE;
}

uint32_t verdict_categories(const struct policy *p, const struct verdict *v)
{
    const struct artefact *a = &p->artefact;
    uint32_t named = 0;

    if (v->action != ACTION_REFUSE)
        return 0;
    if (v->rule == RULE_NONE)
        return v->what.categories & ARTEFACT_ROWS(a, META, struct a_meta)->scope_categories;
    for (uint32_t i = 0; i < rule_at(a, v->rule)->clauses.n; i++) {
        const struct a_clause *c = &ARTEFACT_ROWS(a, CLAUSES, struct a_clause)[rule_at(a, v->rule)->clauses.at + i];
        const uint32_t *args = artefact_numbers(a, c->args);

        if (condition_by_number(c->condition)->args != ARG_CATEGORIES || c->flags & CLAUSE_EXCEPT)
            continue;
        for (uint32_t k = 0; k < c->args.n; k++)
            named |= 1u << args[k];
    }
    return v->what.categories & named;
}

struct str verdict_rule(const struct policy *p, const struct verdict *v)
{
    if (v->rule != RULE_NONE)
        return artefact_str(&p->artefact, rule_at(&p->artefact, v->rule)->id);
    return v->why == WHY_DEFAULT || v->why == WHY_UNSURE ? STR("default") : STR("");
}

struct str verdict_because(const struct policy *p, const struct verdict *v)
{
    const struct a_meta *meta = ARTEFACT_ROWS(&p->artefact, META, struct a_meta);

    if (v->rule != RULE_NONE && rule_at(&p->artefact, v->rule)->because.n)
        return artefact_str(&p->artefact, rule_at(&p->artefact, v->rule)->because);
    if (v->why == WHY_SCOPE || v->why == WHY_MALFORMED)
        return STR("");
    return artefact_str(&p->artefact, meta->default_because);
}

struct str verdict_cite(const struct policy *p, const struct verdict *v)
{
    const struct a_meta *meta = ARTEFACT_ROWS(&p->artefact, META, struct a_meta);

    if (v->rule != RULE_NONE)
        return artefact_str(&p->artefact, rule_at(&p->artefact, v->rule)->cite);
    if (v->why == WHY_SCOPE || v->why == WHY_MALFORMED)
        return STR("");
    return artefact_str(&p->artefact, meta->default_cite);
}
