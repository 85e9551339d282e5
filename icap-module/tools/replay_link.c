/* Which unknown each clause, group and question of the two policies is. */
#include "tools/replay_internal.h"

#include "core/conditions.h"
#include "core/explain.h"

#include <stdlib.h>

enum { TEXT = 512 };

static uint16_t unknown_of(struct replay *r, struct str text, bool group)
{
    struct unknown *grown;

    for (size_t i = 0; i < r->n_unknowns; i++)
        if (r->unknowns[i].group == group && str_eq(str_of(r->unknowns[i].text), text))
            return (uint16_t)i;
    grown = r->n_unknowns + 1 < NO_UNKNOWN ? realloc(r->unknowns, (r->n_unknowns + 1) * sizeof *grown) : NULL;
    if (grown) {
        r->unknowns = grown;
        r->unknowns[r->n_unknowns] = (struct unknown){strndup(text.p ? text.p : "", text.n), group, false};
    }
    if (!grown || !r->unknowns[r->n_unknowns].text) {
        r->no_memory = true;
        return NO_UNKNOWN;
    }
    return (uint16_t)r->n_unknowns++;
}

/* Own time and work time are one question with two answers. */
static void link_clause(struct replay *r, struct side *s, uint32_t i)
{
    const struct a_clause *clause = &replay_clauses(s)[i];
    const uint32_t *args = artefact_numbers(s->a, clause->args);
    char words[TEXT];
    struct text t;

    text_init(&t, words, sizeof words);
    s->negated[i] = condition_by_number(clause->condition)->args == ARG_DURING && clause->args.n == 1 &&
                    args[0] == DURING_WORK_TIME;
    if (s->negated[i])
        text_puts(&t, "during own-time");
    else
        explain_condition(s->a, clause, &t);
    s->clause[i] = unknown_of(r, text_str(&t), false);
}

static void link_question(struct replay *r, struct side *s, uint32_t i)
{
    const struct a_rule *rule = &replay_rules(s)[i];
    char words[TEXT];
    struct text t;

    s->question[i] = NO_UNKNOWN;
    if (rule->verb != VERB_REQUIRE)
        return;
    text_init(&t, words, sizeof words);
    text_puts(&t, "require ");
    text_puts(&t, word_of(WORDS_ASK, rule->ask));
    text_putc(&t, ' ');
    text_put(&t, artefact_str(s->a, rule->id));
    text_puts(&t, " answered");
    s->question[i] = unknown_of(r, text_str(&t), false);
}

static bool link_side(struct replay *r, struct side *s)
{
    uint32_t n_clauses = s->a->n[SECTION_CLAUSES], n_rules = s->a->n[SECTION_RULES], n_groups = s->a->n[SECTION_GROUPS];
    size_t before = r->n_unknowns;

    s->clause = calloc(n_clauses + 1, sizeof *s->clause);
    s->negated = calloc(n_clauses + 1, sizeof *s->negated);
    s->clauses = malloc(n_clauses + 1);
    s->relevant = calloc(n_clauses + 1, 1);
    s->question = calloc(n_rules + 1, sizeof *s->question);
    s->answered = calloc(n_rules + 1, 1);
    s->group = calloc(n_groups + 1, sizeof *s->group);
    if (!s->clause || !s->negated || !s->clauses || !s->relevant || !s->question || !s->answered || !s->group)
        return false;
    for (uint32_t i = 0; i < n_clauses; i++)
        link_clause(r, s, i);
    for (uint32_t i = 0; i < n_rules; i++) {
        link_question(r, s, i);
        if (s == &r->sides[NEW] && s->question[i] != NO_UNKNOWN && s->question[i] >= before)
            r->unknowns[s->question[i]].fixed = true;
    }
    for (uint32_t i = 0; i < n_groups; i++)
        s->group[i] = unknown_of(r, artefact_str(s->a, ARTEFACT_ROWS(s->a, GROUPS, struct a_group)[i].name), true);
    s->supposed = (struct supposed){s->clauses, s->answered};
    s->view = (struct snapshot){.policy = s->policy, .supposed = &s->supposed};
    return !r->no_memory;
}

bool replay_link(struct replay *r)
{
    return link_side(r, &r->sides[OLD]) && link_side(r, &r->sides[NEW]);
}

void replay_unlink(struct replay *r)
{
    for (int i = 0; i < SIDES; i++) {
        struct side *s = &r->sides[i];

        free(s->clause);
        free(s->negated);
        free(s->clauses);
        free(s->relevant);
        free(s->question);
        free(s->answered);
        free(s->group);
    }
    for (size_t i = 0; i < r->n_unknowns; i++)
        free(r->unknowns[i].text);
    free(r->unknowns);
}
