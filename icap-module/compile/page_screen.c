/* What a page of a kind of site shows to whoever looks on: nothing of the kind, so that all kinds have one page and none tells
 * its rule. */
#include "compile/pages.h"
#include "core/conditions.h"

uint32_t page_categories(struct builder *b, const struct a_rule *r)
{
    uint32_t bits = 0;

    for (uint32_t k = 0; r->verb == VERB_FORBID && k < r->clauses.n; k++) {
        const struct a_clause *clause = build_at(b, SECTION_CLAUSES, r->clauses.at + k);
        const uint32_t *args = build_numbers_at(b, clause->args);

        if (condition_by_number(clause->condition)->args != ARG_CATEGORIES || clause->flags & CLAUSE_EXCEPT)
            continue;
        for (uint32_t a = 0; a < clause->args.n; a++)
            bits |= 1u << args[a];
    }
    return bits;
}

void page_screen_check(struct builder *b, struct lexer *l, const struct page_text *page, uint32_t first)
{
    if (page->why_kind != WHY_OF_RULE)
        return;
    for (uint32_t i = 0; i < build_count(b, SECTION_RULES); i++) {
        const struct a_rule *r = build_at(b, SECTION_RULES, i);

        if (r->page == first && page_categories(b, r)) {
            lex_warning(l, NULL,
                        "forbid '%.*s' shows this page for a kind of site, and 'why rule' tells whoever looks on which: write 'why' "
                        "and a text that fits all of them",
                        STR_ARG(build_text(b, r->id)));
            return;
        }
    }
}
