/* The rules of an artefact as text. */
#include "compile/out.h"

#include "core/conditions.h"

#include <arpa/inet.h>
#include <stdlib.h>

static void put_network(struct out *o, const uint32_t *network)
{
    unsigned char address[16];
    char z[INET6_ADDRSTRLEN];
    bool v4 = network[0] == 0 && network[1] == 0 && network[2] == 0xffff && network[4] >= 96;

    for (unsigned i = 0; i < 16; i++)
        address[i] = (unsigned char)(network[i / 4] >> (24 - i % 4 * 8) & 0xff);
    if (!inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? address + 12 : address, z, sizeof z))
        return;
    out_puts(o, z);
    out_puts(o, "/");
    out_number(o, v4 ? network[4] - 96 : network[4]);
}

static void put_account(struct out *o, uint32_t arg)
{
    static const char *const states[] = {"registered", "unregistered", "unknown", "none"};
    const struct a_account *account;
    struct out word = {.a = o->a};

    if (arg >= ACCOUNT_IS_REGISTERED) {
        out_puts(o, states[(arg - ACCOUNT_IS_REGISTERED) % 4]);
        return;
    }
    account = &ARTEFACT_ROWS(o->a, ACCOUNTS, struct a_account)[arg];
    out_str(&word, out_text(o, ARTEFACT_ROWS(o->a, PLATFORMS, struct a_platform)[account->platform].id));
    out_puts(&word, ":");
    out_str(&word, out_text(o, account->name));
    out_name(o, (struct str){word.p, word.n});
    o->no_memory |= word.no_memory;
    free(word.p);
}

/* Kinds whose numbers are a list of words.def; WORDS_LISTS for the others. */
static enum word_list_id list_of(enum arg_kind kind)
{
    static const struct {
        enum arg_kind kind;
        enum word_list_id list;
    } lists[] = {
        {ARG_CLASSES, WORDS_CLASS},       {ARG_ROLES, WORDS_ROLE},          {ARG_CATEGORIES, WORDS_CATEGORY},
        {ARG_ACTIVITIES, WORDS_ACTIVITY}, {ARG_IDENTITIES, WORDS_IDENTITY}, {ARG_ORIGINS, WORDS_ORIGIN},
        {ARG_PEOPLE, WORDS_PEOPLE},
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i].kind == kind)
            return lists[i].list;
    return WORDS_LISTS;
}

static void put_arg(struct out *o, enum arg_kind kind, const uint32_t *arg)
{
    enum word_list_id list = list_of(kind);

    if (kind == ARG_ACTIVITIES && *arg == ACTIVITY_COUNT)
        out_puts(o, "unknown");
    else if (list != WORDS_LISTS)
        out_puts(o, word_of(list, *arg));
    else if (kind == ARG_PLATFORMS)
        out_str(o, out_text(o, ARTEFACT_ROWS(o->a, PLATFORMS, struct a_platform)[*arg].id));
    else if (kind == ARG_GROUPS)
        out_name(o, out_text(o, ARTEFACT_ROWS(o->a, GROUPS, struct a_group)[*arg].name));
    else if (kind == ARG_MEDIA)
        out_puts(o, *arg ? "broadcast-only" : "interactive");
    else if (kind == ARG_USER)
        out_puts(o, *arg ? "known" : "unknown");
    else if (kind == ARG_GROUPS_STATE)
        out_puts(o, *arg ? "resolved" : "unresolved");
    else if (kind == ARG_ACCOUNT_FLAGS)
        out_puts(o, *arg == ACCOUNT_MEMBER ? "member" : "conversations");
    else if (kind == ARG_HOSTS)
        out_name(o, out_text(o, (struct a_str){arg[0], arg[1]}));
    else if (kind == ARG_ACCOUNTS)
        put_account(o, *arg);
    else if (kind == ARG_NETWORKS)
        put_network(o, arg);
    else
        out_number(o, *arg);
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
    const uint32_t *args = artefact_numbers(o->a, clause->args);
    uint32_t step = condition->args == ARG_HOSTS ? 2 : condition->args == ARG_NETWORKS ? 5 : 1;

    if (condition->args == ARG_GRANT) {
        print_grant(o, clause, args);
        return;
    }
    begin_line(o, clause, condition->word);
    for (uint32_t i = 0; i < clause->args.n; i += step) {
        out_puts(o, " ");
        put_arg(o, condition->args, args + i);
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
    for (uint32_t i = 0; i < r->clauses.n; i++)
        print_clause(o, &ARTEFACT_ROWS(o->a, CLAUSES, struct a_clause)[r->clauses.at + i]);
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
    out_part(o, "    assumption ", r->assumption);
    out_puts(o, r->assumption.n ? "\n" : "");
}
