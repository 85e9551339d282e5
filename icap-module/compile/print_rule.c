/* The rules of an artefact as text. */
#include "compile/out.h"

#include "core/conditions.h"
#include "core/explain.h"

enum { ARG_TEXT = 1024 };

/* One argument, in the words that explain uses too. Returns how many numbers it took. */
static uint32_t put_arg(struct out *o, const struct a_clause *clause, uint32_t at)
{
    const uint32_t *args = artefact_numbers(o->a, clause->args);
    char word[ARG_TEXT];
    struct text t;
    uint32_t used;

    text_init(&t, word, sizeof word);
    used = explain_arg(o->a, clause->condition, args + at, clause->args.n - at, &t);
    o->no_memory |= t.cut;
    out_name(o, text_str(&t));
    return used;
}

static void begin_line(struct out *o, const struct a_clause *clause, const char *word)
{
    out_puts(o, clause->flags & CLAUSE_EXCEPT ? "    except " : "    ");
    out_puts(o, word);
}

/* One clause holds the rule's line about the grant and its `granted` words: a line for each. */
static void print_grant(struct out *o, const struct a_clause *clause, const uint32_t *args)
{
    if (args[0] || !args[2]) {
        begin_line(o, clause, "grant");
        for (unsigned i = 0; i < GRANT_STATE_COUNT; i++) {
            if (!(args[0] >> i & 1))
                continue;
            out_puts(o, " ");
            out_puts(o, word_of(WORDS_GRANT_STATE, i));
            if (i == GRANT_STATE_INERT)
                out_bits(o, WORDS_STEP, args[1]);
        }
        out_puts(o, "\n");
    }
    if (args[2] & GRANT_NAMES_ACCOUNT)
        begin_line(o, clause, "account granted\n");
    if (args[2] & GRANT_NAMES_ACTIVITY)
        begin_line(o, clause, "activity granted\n");
}

static void print_clause(struct out *o, const struct a_clause *clause)
{
    const struct condition *condition = condition_by_number(clause->condition);

    if (condition->args == ARG_GRANT) {
        print_grant(o, clause, artefact_numbers(o->a, clause->args));
        return;
    }
    begin_line(o, clause, condition->word);
    for (uint32_t i = 0; i < clause->args.n;) {
        out_puts(o, " ");
        i += put_arg(o, clause, i);
    }
    out_puts(o, "\n");
}

/* The values as they were given; those that are always the same are the map's. */
static void print_set(struct out *o, const struct a_set *set)
{
    const struct a_restriction *r =
        &ARTEFACT_ROWS(o->a, RESTRICTIONS, struct a_restriction)[set->restriction];

    out_puts(o, "    restriction ");
    out_name(o, out_text(o, r->id));
    for (uint32_t i = 0; i < set->values.n; i++) {
        out_puts(o, " ");
        out_name(o, out_text(o, ARTEFACT_ROWS(o->a, WORDS, struct a_str)[set->values.at + i]));
    }
    out_puts(o, "\n");
}

void print_rule(struct out *o, const struct a_rule *r)
{
    out_puts(o, "\n");
    out_puts(o, word_of(WORDS_VERB, r->verb));
    if (r->verb == VERB_REQUIRE) {
        out_puts(o, " ");
        out_puts(o, word_of(WORDS_ASK, r->ask));
    }
    out_puts(o, " ");
    out_name(o, out_text(o, r->id));
    out_puts(o, "\n");
    for (uint32_t i = 0; i < r->sets.n; i++)
        print_set(o, &ARTEFACT_ROWS(o->a, SETS, struct a_set)[r->sets.at + i]);
    for (uint32_t i = 0; i < r->clauses.n; i++)
        print_clause(o, &ARTEFACT_ROWS(o->a, CLAUSES, struct a_clause)[r->clauses.at + i]);
    if (r->returns) {
        bool days = r->within % (24 * 60 * 60) == 0;

        out_puts(o, "    returns ");
        out_number(o, r->returns);
        out_puts(o, " within ");
        out_number(o, r->within / (days ? 24 * 60 * 60 : 60 * 60));
        out_puts(o, days ? " days\n" : " hours\n");
    }
    if (r->verb == VERB_REQUIRE && r->every != NO_INDEX) {
        out_puts(o, "    every ");
        out_puts(o, word_of(WORDS_PERIOD, r->every));
        out_puts(o, "\n");
    }
    if (r->waives) {
        out_puts(o, "    waives");
        out_bits(o, WORDS_ASK, r->waives);
        out_puts(o, "\n");
    }
    out_part(o, "    because ", r->because);
    out_puts(o, r->because.n ? "\n" : "");
    out_part(o, "    cite ", r->cite);
    out_puts(o, r->cite.n ? "\n" : "");
    if (r->page != NO_INDEX) {
        out_puts(o, "   ");
        out_page(o, r->page);
        out_puts(o, "\n");
    }
    if (r->flags & RULE_SHADOW)
        out_puts(o, "    shadow\n");
    if (r->flags & RULE_HOST_ONLY)
        out_puts(o, "    host-only\n");
    out_part(o, "    assumption ", r->assumption);
    out_puts(o, r->assumption.n ? "\n" : "");
}
