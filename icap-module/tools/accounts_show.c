/* accounts FILE|DIR: the council's accounts: who answers for each, who may act as it, and what nobody looks
 * after any more. */
#include "tools/accounts.h"
#include "tools/cmd.h"
#include "tools/json_words.h"
#include "tools/look.h"
#include "tools/status.h"

#include "core/match.h"

#include <stdio.h>

enum { ACCOUNTS_VERSION = 1 };

static const uint32_t LOOKING = 1u << ACTIVITY_VIEW | 1u << ACTIVITY_STREAM | 1u << ACTIVITY_LOGIN;

/* ---- facts ---- */

static bool has(const struct look *l, struct a_list list, uint32_t number)
{
    for (uint32_t i = 0; i < list.n; i++)
        if (artefact_numbers(l->a, list)[i] == number)
            return true;
    return false;
}

static bool is_officer(const struct look *l, const struct a_account *account, struct str user)
{
    for (uint32_t i = 0; i < account->officers.n; i++)
        if (str_eq(artefact_str(l->a, ARTEFACT_ROWS(l->a, WORDS, struct a_str)[account->officers.at + i]),
                   user))
            return true;
    return account->officers.n == 0;
}

/* The grant lets its holder use the account now: as the judge sees it (core/match_grant.c). */
static bool opens(const struct look *l, const struct a_grant *g, uint32_t index)
{
    const struct a_account *account = &ARTEFACT_ROWS(l->a, ACCOUNTS, struct a_account)[index];
    uint32_t missing;

    if (!has(l, g->platforms, account->platform) ||
        (g->accounts.n ? !has(l, g->accounts, index) : account->flags & ACCOUNT_MEMBER))
        return false;
    return match_grant_state(l->meta, g, l->today, l->at, &missing) == GRANT_STATE_LIVE &&
           (!g->user.n || look_holder(l, g) != KNOWN_MOVED);
}

/* Who has a live grant for it, and for what; what the account's officers alone may do is left out for others.
 */
static json_t *holders_of(const struct look *l, uint32_t index)
{
    const struct a_account *account = &ARTEFACT_ROWS(l->a, ACCOUNTS, struct a_account)[index];
    json_t *list = json_array();

    for (uint32_t i = 0; i < l->a->n[SECTION_GRANTS]; i++) {
        const struct a_grant *g = &ARTEFACT_ROWS(l->a, GRANTS, struct a_grant)[i];
        struct str user = artefact_str(l->a, g->user);
        uint32_t may = g->activities;

        if (!opens(l, g, index))
            continue;
        if (g->user.n && !is_officer(l, account, user))
            may &= LOOKING;
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o}", "person",
                                        g->user.n ? look_person(l, user, look_known(l, user)) : json_null(),
                                        "group", g->user.n ? json_null() : look_group(l, g->group),
                                        "activities", json_bits(WORDS_ACTIVITY, may)));
    }
    return list;
}

static json_t *somebody(const struct look *l, struct a_str who)
{
    struct str user = artefact_str(l->a, who);

    return who.n ? look_person(l, user, look_known(l, user)) : json_null();
}

static bool left(const json_t *person)
{
    return json_is_object(person) && strcmp(status_text(person, "known"), known_words[KNOWN_LEFT]) == 0;
}

static json_t *officers_of(const struct look *l, const struct a_account *account)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < account->officers.n; i++)
        json_array_append_new(
            list, somebody(l, ARTEFACT_ROWS(l->a, WORDS, struct a_str)[account->officers.at + i]));
    return list;
}

static void attend(const struct a_account *account, json_t *o)
{
    const json_t *one;
    bool gone = false;
    size_t i;

    if (!account->owner.n && !account->holder.n)
        look_attend(o, "no-owner");
    if (account->holder.n && !account->deputy.n)
        look_attend(o, "no-deputy");
    if (left(json_object_get(o, "owner_user")))
        look_attend(o, "owner-left");
    if (left(json_object_get(o, "deputy_user")))
        look_attend(o, "deputy-left");
    json_array_foreach(json_object_get(o, "officers"), i, one) gone |= left(one);
    if (gone)
        look_attend(o, "officer-left");
    if (json_array_size(json_object_get(o, "granted")) == 0)
        look_attend(o, "no-live-grant");
}

static json_t *facts_of(const struct look *l, uint32_t index)
{
    const struct a_account *account = &ARTEFACT_ROWS(l->a, ACCOUNTS, struct a_account)[index];
    json_t *o = json_pack("{s:o, s:b, s:b, s:o}", "account", look_account(l, index), "member",
                          (account->flags & ACCOUNT_MEMBER) != 0, "conversations",
                          (account->flags & ACCOUNT_CONVERSATIONS) != 0, "owner",
                          json_slice(artefact_str(l->a, account->owner)));

    json_object_set_new(o, "owner_user", somebody(l, account->holder));
    json_object_set_new(o, "deputy_user", somebody(l, account->deputy));
    json_object_set_new(o, "officers", officers_of(l, account));
    json_object_set_new(o, "granted", holders_of(l, index));
    json_object_set_new(o, "attention", json_array());
    attend(account, o);
    return o;
}

/* ---- the screen ---- */

static void tell_person(const char *what, const json_t *person)
{
    if (!json_is_object(person))
        return;
    printf("  %s ", what);
    look_print_person(person);
    putchar('\n');
}

static void tell_account(const json_t *o)
{
    const json_t *one, *attention = json_object_get(o, "attention");
    size_t i;

    status_print("%s%s", status_text(o, "account"),
                 json_is_true(json_object_get(o, "member")) ? " (an elected member's official account)" : "");
    status_print("  owner: %s", status_text(o, "owner"));
    putchar('\n');
    tell_person("owner", json_object_get(o, "owner_user"));
    tell_person("deputy", json_object_get(o, "deputy_user"));
    json_array_foreach(json_object_get(o, "officers"), i, one) tell_person("officer", one);
    json_array_foreach(json_object_get(o, "granted"), i, one)
    {
        const json_t *person = json_object_get(one, "person");

        printf("  granted ");
        if (json_is_object(person))
            look_print_person(person);
        else
            status_print("group %s", status_text(one, "group"));
        putchar(':');
        look_print_words(json_object_get(one, "activities"));
        putchar('\n');
    }
    if (json_array_size(attention)) {
        printf("  !");
        look_print_words(attention);
        putchar('\n');
    }
}

/* ---- the whole ---- */

static int list(const struct look *l, const struct accounts_options *o, const char *from)
{
    json_t *accounts = json_array(), *all;
    json_int_t attention = 0;
    const json_t *one;
    size_t i;

    for (uint32_t k = 0; k < l->a->n[SECTION_ACCOUNTS]; k++)
        json_array_append_new(accounts, facts_of(l, k));
    json_array_foreach(accounts, i, one)
    {
        attention += json_array_size(json_object_get(one, "attention")) > 0;
        if (!o->json)
            tell_account(one);
    }
    if (o->json) {
        all = json_pack("{s:i, s:o, s:o, s:O}", "schema", ACCOUNTS_VERSION, "from", json_slice(str_of(from)),
                        "at", json_time(o->now), "accounts", accounts);
        json_dumpf(all, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
        putchar('\n');
        json_decref(all);
    } else if (json_array_size(accounts) == 0) {
        printf("There are no accounts.\n");
    }
    json_decref(accounts);
    return attention ? EXIT_REFUSED : EXIT_DONE;
}

int accounts_show(const struct accounts_options *o, const char *from)
{
    struct look l;
    int result = EXIT_BAD_INPUT;

    if (look_open(from, o->maps, o->now, &l) == 0)
        result = list(&l, o, from);
    look_close(&l);
    return result;
}
