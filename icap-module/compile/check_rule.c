/* What is doubtful about a single rule. */
#include "compile/check.h"

/* The class or category that the clause speaks of but the scope does not: its word, or NULL. */
static const char *outside_scope(const struct check *c, const struct a_clause *clause)
{
    const uint32_t *args = build_numbers_at(c->b, clause->args);
    enum arg_kind kind = check_kind_of(clause);

    for (uint32_t i = 0; i < clause->args.n; i++) {
        uint32_t class = args[i];

        if (kind == ARG_CATEGORIES && !(c->meta->scope_categories >> args[i] & 1))
            return word_of(WORDS_CATEGORY, args[i]);
        if (kind == ARG_ACCOUNTS && args[i] < ACCOUNT_IS_REGISTERED)
            class = ((const struct a_account *)build_at(c->b, SECTION_ACCOUNTS, args[i]))->platform;
        else if (kind != ARG_PLATFORMS && kind != ARG_CLASSES)
            continue;
        if (kind != ARG_CLASSES)
            class = ((const struct a_platform *)build_at(c->b, SECTION_PLATFORMS, class))->class;
        if (!(c->meta->scope_classes >> class & 1))
            return word_of(WORDS_CLASS, class);
    }
    return NULL;
}

static void check_scope(struct check *c, uint32_t i)
{
    const struct a_rule *r = check_rule_at(c, i);

    for (uint32_t k = 0; k < r->clauses.n; k++) {
        const struct a_clause *clause = check_clause_at(c, r, k);
        const char *word = clause->flags & CLAUSE_EXCEPT ? NULL : outside_scope(c, clause);

        if (!word)
            continue;
        check_say(c, SEVERITY_WARNING, SECTION_RULES, i,
                  "rule '%.*s' speaks of '%s', which is outside the scope: nothing "
                  "will be recorded of it; add it to 'scope %s'",
                  STR_ARG(build_text(c->b, r->id)), word,
                  check_kind_of(clause) == ARG_CATEGORIES ? "category" : "class");
        return;
    }
}

/* A reason gives words to the default refusal, nothing else. */
static void check_reason(struct check *c, uint32_t i)
{
    const struct a_rule *r = check_rule_at(c, i);
    struct str id = build_text(c->b, r->id);

    if (c->meta->default_action == ACTION_ALLOW && c->meta->unknown_write_action == ACTION_ALLOW)
        check_say(c, SEVERITY_WARNING, SECTION_RULES, i,
                  "reason '%.*s' words a default refusal, but the default is to "
                  "allow: it will never be seen (to refuse, write 'forbid')",
                  STR_ARG(id));
    else if (r->page == NO_INDEX && r->because.n == 0 && r->cite.n == 0)
        check_say(c, SEVERITY_WARNING, SECTION_RULES, i,
                  "reason '%.*s' says nothing: give it a page, because or cite", STR_ARG(id));
    for (uint32_t k = 0; k < r->clauses.n; k++) {
        const struct a_clause *clause = check_clause_at(c, r, k);
        const uint32_t *args = build_numbers_at(c->b, clause->args);

        /* Somebody who has a live grant for just this is not refused by default: perhaps a permit was meant.
         */
        if (check_kind_of(clause) == ARG_GRANT && !(clause->flags & CLAUSE_EXCEPT) && args[2] &&
            (args[0] == 0 || args[0] == 1u << GRANT_STATE_LIVE))
            check_say(c, SEVERITY_WARNING, SECTION_RULES, i,
                      "reason '%.*s' asks for a live grant, but a reason never allows "
                      "anything: write 'permit' if it should",
                      STR_ARG(id));
    }
}

/* Of a tunnel that stays closed no more is known than who asks for which host. */
static void check_host_only(struct check *c, uint32_t i)
{
    const struct a_rule *r = check_rule_at(c, i);

    for (uint32_t k = 0; k < r->clauses.n; k++) {
        const struct a_clause *clause = check_clause_at(c, r, k);

        switch (check_kind_of(clause)) {
        case ARG_ACTIVITIES:
        case ARG_ACCOUNTS:
        case ARG_ACCOUNT_FLAGS:
        case ARG_IDENTITIES:
        case ARG_ORIGINS:
            check_say(c, SEVERITY_ERROR, SECTION_RULES, i,
                      "%s '%.*s' is 'host-only', and of a tunnel that stays closed no '%s' is known: take "
                      "one of the two out",
                      word_of(WORDS_VERB, r->verb), STR_ARG(build_text(c->b, r->id)),
                      condition_by_number(clause->condition)->word);
            break;
        default:
            break;
        }
    }
}

void check_rule(struct check *c, uint32_t i)
{
    const struct a_rule *r = check_rule_at(c, i);
    struct str id = build_text(c->b, r->id);
    const char *verb = word_of(WORDS_VERB, r->verb);

    if (r->verb == VERB_REASON)
        check_reason(c, i);
    if (r->verb == VERB_SET)
        check_set(c, i);
    if (r->flags & RULE_HOST_ONLY)
        check_host_only(c, i);
    if (r->verb == VERB_FORBID || r->verb == VERB_PERMIT || r->verb == VERB_SET) {
        const char *missing = r->because.n ? (r->cite.n ? NULL : "cite")
                              : r->cite.n  ? "because"
                                           : "because, no cite";

        if (missing && !(r->assumption.n && r->because.n))
            check_say(c, SEVERITY_WARNING, SECTION_RULES, i,
                      "%s '%.*s' has no %s: say why, and which clause it rests on", verb, STR_ARG(id),
                      missing);
        if (r->clauses.n == 0 && r->verb != VERB_SET)
            check_say(c, SEVERITY_WARNING, SECTION_RULES, i,
                      "%s '%.*s' has no condition: it matches every request", verb, STR_ARG(id));
    }
    if (check_shows_page(r) && r->page == NO_INDEX && c->meta->default_page != NO_INDEX)
        check_say(c, SEVERITY_WARNING, SECTION_RULES, i,
                  "%s '%.*s' has no page: people will see the page of the default, "
                  "which does not fit",
                  verb, STR_ARG(id));
    if (r->verb != VERB_SET) /* nothing is recorded of what is set */
        check_scope(c, i);
}
