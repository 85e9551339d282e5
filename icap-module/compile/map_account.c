#include "compile/map_account.h"

#include "core/template.h"

/* Said in the place of a name: nothing is caught there. */
static bool is_word(struct str form)
{
    return str_eq(form, STR(ACCOUNT_NOBODY)) || str_eq(form, STR(ACCOUNT_NOT_TOLD)) ||
           str_eq(form, STR(ACCOUNT_OF_PAGE));
}

static unsigned count_catches(struct str form)
{
    unsigned n = 0;

    for (size_t i = 0; i < form.n; i++)
        n += str_eq(str_upto(str_from(form, i), 9), STR("{account}"));
    return n;
}

int map_check_form(struct map_rows *r, const struct word *form)
{
    if (is_word(form->text) || count_catches(form->text) == 1)
        return 0;
    return lex_error(
        r->l, form,
        "an account's form holds {account} once, or is '-' where none is concerned, '?' where it "
        "cannot be told, 'page' where an address is sent along");
}

/* An alternative without {account} would give an empty name. */
int map_check_catches(struct map_rows *r)
{
    if (map_catches(r) > 1)
        return lex_error(r->l, r->l->words, "two places catch a name: one is wanted");
    if (!r->path_catches && map_catches(r) > 0)
        return 0;
    for (uint32_t i = 0; i < r->paths.n; i++)
        if (!template_captures(r->paths.p[i]))
            return lex_error(r->l, r->l->words, "the path '%.*s' does not catch the name with {account}",
                             STR_ARG(r->paths.p[i]));
    return 0;
}

/* "account page KEY NAME": the parameter's value is an address. */
static int check_page(struct map_rows *r)
{
    if (r->row.source == FROM_NOTHING || r->row.source == FROM_COOKIE)
        return lex_error(r->l, r->l->words,
                         "'account page' needs what holds the page's address: query, form, json or header");
    if (r->row.key_value.n)
        return lex_error(r->l, r->l->words, "'account page' reads the whole value: write its name alone");
    return 0;
}

/* An account is of one kind; a search finds people and is nobody's. */
static int check_concern(struct map_rows *r, const struct word *form)
{
    if (r->row.flags & ROW_ORGANISATION && is_word(form->text))
        return lex_error(r->l, form, "with '%.*s' no account is named that could be an organisation's",
                         STR_ARG(form->text));
    if (r->row.flags & ROW_PEOPLE_SEARCH && !str_eq(form->text, STR(ACCOUNT_NOT_TOLD)))
        return lex_error(r->l, form, "a people-search is about many people: write 'account ?'");
    return 0;
}

int map_check_account(struct map_rows *r, const struct word *form)
{
    bool word = is_word(form->text);

    if (check_concern(r, form))
        return -1;
    if (word && (map_catches(r) || r->except.n))
        return lex_error(r->l, form, "with '%.*s' nothing is caught and nothing excepted",
                         STR_ARG(form->text));
    if (str_eq(form->text, STR(ACCOUNT_OF_PAGE)))
        return check_page(r);
    if (word)
        return 0;
    if (map_catches(r) == 0)
        return lex_error(r->l, form,
                         "nothing in this statement catches the account: a path, value or host with "
                         "{account}, or a pattern with one capture");
    if (r->pattern_captures > 1)
        return lex_error(r->l, form,
                         "the pattern of an account has one capture; use (?:...) for other groups");
    return map_check_catches(r);
}
