/* The rules of two policies held against each other word for word. */
#include "tools/replay_internal.h"

#include "core/explain.h"

static struct str page_name(const struct side *s, uint32_t page)
{
    return page == NO_INDEX ? STR_NONE : artefact_str(s->a, ARTEFACT_ROWS(s->a, PAGES, struct a_page)[page].name);
}

static void put_rule(const struct side *s, const struct a_rule *rule, struct text *t)
{
    const uint32_t numbers[] = {rule->verb, rule->ask, rule->flags, rule->waives, rule->returns, rule->within, rule->every};

    text_put(t, artefact_str(s->a, rule->id));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        text_putc(t, ' ');
        text_put_u64(t, numbers[i]);
    }
    text_putc(t, ' ');
    text_put(t, page_name(s, rule->page));
    for (uint32_t i = 0; i < rule->clauses.n; i++) {
        const struct a_clause *clause = &replay_clauses(s)[rule->clauses.at + i];

        text_puts(t, clause->flags & CLAUSE_EXCEPT ? "\nexcept " : "\n");
        explain_condition(s->a, clause, t);
    }
}

static bool relevant_rule(const struct side *s, uint32_t i)
{
    const struct a_rule *rule = &replay_rules(s)[i];

    return rule->clauses.n && s->relevant[rule->clauses.at];
}

/* What decides where no rule does. */
static bool same_defaults(const struct side *old, const struct side *now)
{
    const struct a_meta *a = ARTEFACT_ROWS(old->a, META, struct a_meta), *b = ARTEFACT_ROWS(now->a, META, struct a_meta);

    return a->default_action == b->default_action && a->unsure_action == b->unsure_action &&
           a->unknown_write_action == b->unknown_write_action && a->scope_classes == b->scope_classes &&
           a->scope_categories == b->scope_categories && a->mode == b->mode &&
           str_eq(page_name(old, a->default_page), page_name(now, b->default_page)) &&
           str_eq(page_name(old, a->unsure_page), page_name(now, b->unsure_page));
}

/* The rules that can matter are word for word the same: nothing can have changed, whatever is unknown. Rules without a
 * condition always matter and are never relevant here; where there is one on either side they are compared as well. */
bool replay_same_rules(const struct looking *l)
{
    const struct side *old = &l->r->sides[OLD], *now = &l->r->sides[NEW];
    uint32_t i = 0, k = 0, n_old = old->a->n[SECTION_RULES], n_now = now->a->n[SECTION_RULES];
    char one[4096], other[4096];

    if (!same_defaults(old, now))
        return false;
    for (;; i++, k++) {
        struct text a, b;

        while (i < n_old && replay_rules(old)[i].clauses.n && !relevant_rule(old, i))
            i++;
        while (k < n_now && replay_rules(now)[k].clauses.n && !relevant_rule(now, k))
            k++;
        if (i == n_old || k == n_now)
            return i == n_old && k == n_now;
        text_init(&a, one, sizeof one);
        text_init(&b, other, sizeof other);
        put_rule(old, &replay_rules(old)[i], &a);
        put_rule(now, &replay_rules(now)[k], &b);
        if (a.cut || b.cut || !str_eq(text_str(&a), text_str(&b)))
            return false;
    }
}
