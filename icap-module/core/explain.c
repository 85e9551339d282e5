#include "core/explain.h"

#include "core/ask.h"
#include "core/during.h"
#include "core/match.h"
#include "core/place.h"
#include "core/restrict.h"

static const struct a_rule *rule_at(const struct artefact *a, uint32_t i)
{
    return &ARTEFACT_ROWS(a, RULES, struct a_rule)[i];
}

/* ---- one argument of each kind ---- */

static void put_account(const struct artefact *a, uint32_t arg, struct text *t)
{
    static const char *const words[] = {"registered", "unregistered", "unknown", "none"};
    const struct a_account *account;

    if (arg >= ACCOUNT_IS_REGISTERED) {
        text_puts(t, words[arg - ACCOUNT_IS_REGISTERED]);
        return;
    }
    account = &ARTEFACT_ROWS(a, ACCOUNTS, struct a_account)[arg];
    text_put(t, artefact_str(a, ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[account->platform].id));
    text_putc(t, ':');
    text_put(t, artefact_str(a, account->name));
}

static void put_hex(struct text *t, uint32_t v)
{
    static const char digits[] = "0123456789abcdef";
    bool some = false;

    for (int shift = 12; shift >= 0; shift -= 4) {
        unsigned d = v >> shift & 15;

        some |= d != 0;
        if (some || shift == 0)
            text_putc(t, digits[d]);
    }
}

/* 10.0.0.0/8, or all eight groups of an IPv6 address. */
static void put_network(const uint32_t *args, struct text *t)
{
    bool v4 = args[0] == 0 && args[1] == 0 && args[2] == 0xffff && args[4] >= 96;

    if (v4)
        for (int shift = 24; shift >= 0; shift -= 8) {
            text_put_u64(t, args[3] >> shift & 255);
            if (shift)
                text_putc(t, '.');
        }
    else
        for (int i = 0; i < 8; i++) {
            put_hex(t, args[i / 2] >> (i % 2 ? 0 : 16) & 0xffff);
            if (i < 7)
                text_putc(t, ':');
        }
    text_putc(t, '/');
    text_put_u64(t, v4 ? args[4] - 96 : args[4]);
}

static void put_word(enum word_list_id list, uint32_t value, struct text *t)
{
    text_puts(t, value < word_lists[list].n ? word_of(list, value) : "unknown");
}

/* A country or an AS number, or what stands for one that is not known. */
static void put_place(enum arg_kind kind, uint32_t value, struct text *t)
{
    char letters[2];

    if (value == PLACE_IS_UNKNOWN || value == PLACE_IS_NONE)
        text_puts(t, value == PLACE_IS_NONE ? "none" : "unknown");
    else if (kind == ARG_COUNTRIES)
        text_put(t, place_country(value, letters));
    else {
        text_puts(t, "AS");
        text_put_u64(t, value);
    }
}

uint32_t explain_arg(const struct artefact *a, uint32_t number, const uint32_t *args, uint32_t n,
                     struct text *t)
{
    static const char *const media[] = {"interactive", "broadcast-only"};
    static const char *const user[] = {"unknown", "known"};
    static const char *const groups[] = {"unresolved", "resolved"};

    switch (condition_by_number(number)->args) {
    case ARG_PLATFORMS:
        text_put(t, artefact_str(a, ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[*args].id));
        break;
    case ARG_CLASSES:
        put_word(WORDS_CLASS, *args, t);
        break;
    case ARG_MEDIA:
        text_puts(t, media[*args]);
        break;
    case ARG_HOSTS:
        text_put(t, artefact_str(a, (struct a_str){args[0], args[1]}));
        return 2;
    case ARG_ROLES:
        put_word(WORDS_ROLE, *args, t);
        break;
    case ARG_CATEGORIES:
        put_word(WORDS_CATEGORY, *args, t);
        break;
    case ARG_ACTIVITIES:
        put_word(WORDS_ACTIVITY, *args, t);
        break;
    case ARG_ACCOUNTS:
        put_account(a, *args, t);
        break;
    case ARG_ACCOUNT_FLAGS:
        text_puts(t, *args == ACCOUNT_MEMBER ? "member" : "conversations");
        break;
    case ARG_IDENTITIES:
        put_word(WORDS_IDENTITY, *args, t);
        break;
    case ARG_ORIGINS:
        put_word(WORDS_ORIGIN, *args, t);
        break;
    case ARG_USER:
        text_puts(t, user[*args]);
        break;
    case ARG_GROUPS_STATE:
        text_puts(t, groups[*args]);
        break;
    case ARG_GROUPS:
        text_put(t, artefact_str(a, ARTEFACT_ROWS(a, GROUPS, struct a_group)[*args].name));
        break;
    case ARG_PEOPLE:
        put_word(WORDS_PEOPLE, *args, t);
        break;
    case ARG_KNOWN_BY:
        put_word(WORDS_KNOWN_BY, *args, t);
        break;
    case ARG_CONCERNS:
        put_word(WORDS_CONCERN, *args, t);
        break;
    case ARG_NETWORKS:
        put_network(args, t);
        return 5;
    case ARG_PORTS:
        text_put_u64(t, *args);
        break;
    case ARG_DURING:
        text_put(t, *args >= DURING_OWN_TIME
                        ? str_of(word_of(WORDS_HOURS, *args - DURING_OWN_TIME))
                        : artefact_str(a, ARTEFACT_ROWS(a, TIMES, struct a_time)[*args].name));
        break;
    case ARG_ALLOWANCES:
        text_put(t, artefact_str(a, ARTEFACT_ROWS(a, ALLOWANCES, struct a_allowance)[*args].name));
        break;
    case ARG_EMERGENCIES:
        text_put(t, artefact_str(a, ARTEFACT_ROWS(a, EMERGENCIES, struct a_emergency)[*args].name));
        break;
    case ARG_SIGHTS:
        put_word(WORDS_SIGHT, *args, t);
        break;
    case ARG_COUNTRIES:
    case ARG_ASNS:
        put_place(condition_by_number(number)->args, *args, t);
        break;
    case ARG_GRANT:
        return n; /* put_clause writes it as a whole */
    }
    return 1;
}

/* "grant live", "grant inert aup", "account granted", joined by " and ". */
static void put_grant(const uint32_t *args, struct text *t)
{
    const char *and = "";

    if (args[0]) {
        text_puts(t, "grant");
        for (uint32_t s = 0; s < GRANT_STATE_COUNT; s++)
            if (args[0] >> s & 1) {
                text_putc(t, ' ');
                put_word(WORDS_GRANT_STATE, s, t);
            }
        for (uint32_t s = 0; s < STEP_COUNT; s++)
            if (args[1] >> s & 1) {
                text_putc(t, ' ');
                put_word(WORDS_STEP, s, t);
            }
        and = " and ";
    }
    if (args[2] & GRANT_NAMES_ACCOUNT) {
        text_puts(t, and);
        text_puts(t, "account granted");
        and = " and ";
    }
    if (args[2] & GRANT_NAMES_ACTIVITY) {
        text_puts(t, and);
        text_puts(t, "activity granted");
    }
}

void explain_condition(const struct artefact *a, const struct a_clause *clause, struct text *t)
{
    const uint32_t *args = artefact_numbers(a, clause->args);
    const struct condition *c = condition_by_number(clause->condition);

    if (c->args == ARG_GRANT) {
        put_grant(args, t);
        return;
    }
    text_puts(t, c->word);
    for (uint32_t i = 0; i < clause->args.n;) {
        text_putc(t, ' ');
        i += explain_arg(a, clause->condition, args + i, clause->args.n - i, t);
    }
}

static void put_clause(const struct artefact *a, const struct a_clause *clause, struct text *t)
{
    if (clause->flags & CLAUSE_EXCEPT)
        text_puts(t, "except ");
    explain_condition(a, clause, t);
}

/* ---- the story ---- */

/* Names come as the request writes them: a control byte would reach the reader's terminal. */
static void line(struct text *t, const char *key, struct str value)
{
    text_puts(t, "  ");
    text_puts(t, key);
    text_puts(t, ": ");
    for (size_t i = 0; i < value.n; i++)
        text_putc(t, (unsigned char)value.p[i] < 0x20 || value.p[i] == 0x7f ? '?' : value.p[i]);
    text_putc(t, '\n');
}

static void line_word(struct text *t, const char *key, enum word_list_id list, unsigned value)
{
    line(t, key, value < word_lists[list].n ? str_of(word_of(list, value)) : STR("unknown"));
}

/* What a carrier was asked for. */
static void tell_carrier(const struct artefact *a, const struct classification *c, struct text *t)
{
    if (c->carrier == NO_INDEX)
        return;
    line(t, "via", artefact_str(a, ARTEFACT_ROWS(a, CARRIERS, struct a_carrier)[c->carrier].id));
    if (c->carried == CARRIED_PAGE)
        line(t, "host inside", c->inner_host);
    else
        line(t, "host inside",
             c->carried == CARRIED_HIDDEN ? STR("hidden by its address") : STR("cannot be read"));
}

/* Where the address lies, and what the answer shows. */
static void tell_place(const struct classification *c, struct text *t)
{
    if (c->place.told) {
        text_puts(t, "  country: ");
        put_place(ARG_COUNTRIES, c->place.country ? c->place.country : PLACE_IS_UNKNOWN, t);
        text_puts(t, "\n  network's owner: ");
        put_place(ARG_ASNS, c->place.asn ? c->place.asn : PLACE_IS_UNKNOWN, t);
        text_putc(t, '\n');
    }
    for (unsigned i = 0; i < SIGHT_COUNT; i++)
        if (c->sights >> i & 1)
            line_word(t, "seen in the answer", WORDS_SIGHT, i);
}

static void tell_request(const struct artefact *a, const struct request *r, const struct verdict *v,
                         struct text *t)
{
    const struct classification *c = &v->what;

    text_puts(t, "What was asked\n");
    line(t, "host", r->host);
    tell_carrier(a, c, t);
    if (c->owner) {
        text_puts(t, "  by the address's network: AS");
        text_put_u64(t, c->owner);
        text_putc(t, '\n');
    }
    tell_place(c, t);
    if (c->platform == NO_INDEX) {
        line(t, "platform", STR("none that this policy's maps know"));
    } else {
        const struct a_platform *f = &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[c->platform];

        line(t, "platform", artefact_str(a, f->name));
        line_word(t, "class", WORDS_CLASS, f->class);
        line_word(t, "activity", WORDS_ACTIVITY, c->activity);
        line_word(t, "account", WORDS_ACCOUNT_STATE, c->account_state);
        if (c->account.n)
            line(t, "account name", c->account);
        if (c->account_state == ACCOUNT_STATE_NAMED)
            line(t, "in the register", c->registered == NO_INDEX ? STR("no") : STR("yes"));
        if (c->concern != CONCERN_UNTOLD)
            line_word(t, "concerns", WORDS_CONCERN, c->concern);
        line_word(t, "signed in as", WORDS_IDENTITY, c->identity);
        line_word(t, "origin", WORDS_ORIGIN, c->origin);
        line_word(t, "sure of it", WORDS_CONFIDENCE, c->confidence);
        for (unsigned i = 0; i < ROT_COUNT; i++)
            if (c->rot >> i & 1)
                line_word(t, "not in the map", WORDS_ROT, i);
    }
    for (unsigned i = 0; i < CATEGORY_COUNT; i++)
        if (c->categories >> i & 1)
            line_word(t, "listed as", WORDS_CATEGORY, i);
}

static void tell_person(const struct artefact *a, const struct request *r, const struct verdict *v,
                        struct text *t)
{
    static const char *const members[MEMBERS_RULES] = {"the policy does not say", "as employees",
                                                       "rules of their own"};
    const struct person *who = &v->who;
    bool some = false;

    text_puts(t, "Who asked\n");
    line(t, "user", who->user == USER_KNOWN ? r->account_name : STR("unknown"));
    text_puts(t, "  groups: ");
    for (uint32_t i = 0; who->groups && i < a->n[SECTION_GROUPS]; i++)
        if (who->groups[i / 64] >> (i % 64) & 1) {
            text_puts(t, some ? ", " : "");
            text_put(t, artefact_str(a, ARTEFACT_ROWS(a, GROUPS, struct a_group)[i].name));
            some = true;
        }
    text_puts(t, some                                   ? "\n"
                 : who->groups_state == GROUPS_RESOLVED ? "none that the policy names\n"
                                                        : "unresolved\n");
    line_word(t, "class of person", WORDS_PEOPLE, who->people);
    if (who->people == PEOPLE_MEMBER)
        line(t, "elected members", str_of(members[ARTEFACT_ROWS(a, META, struct a_meta)->members]));
    line_word(t, "known by", WORDS_KNOWN_BY, who->known_by);
    if (who->sponsor.n)
        line(t, "who answers for them", who->sponsor);
}

/* What the standing says of them, where the policy asks it. */
static void tell_standing(const struct match *m, struct text *t)
{
    const struct artefact *a = m->artefact;
    const struct standing *s = m->snapshot->standing;
    bool asked = a->n[SECTION_ALLOWANCES] || a->n[SECTION_EMERGENCIES];

    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++)
        asked |= rule_at(a, i)->verb == VERB_REQUIRE;
    if (!asked)
        return;
    line(t, "standing",
         !s                                      ? STR("no file: nothing is known")
         : standing_stale(a, s, m->request->now) ? STR("too old: what may have come since is unsure")
                                                 : STR("at hand"));
    for (uint32_t i = 0; s && i < a->n[SECTION_ALLOWANCES]; i++) {
        const struct a_allowance *row = &ARTEFACT_ROWS(a, ALLOWANCES, struct a_allowance)[i];

        text_puts(t, "  allowance ");
        text_put(t, artefact_str(a, row->name));
        text_puts(t, ": ");
        text_put_u64(t, allowance_left(a, i, match_facts(m), m->request->now));
        text_puts(t, " of ");
        text_put_u64(t, row->minutes);
        text_puts(t, " minutes left\n");
    }
}

/* "sets: YouTube-Restrict: Moderate (by youtube-moderate)", once a change. */
static void tell_sets(const struct artefact *a, const struct verdict *v, bool would, struct text *t)
{
    struct change changes[CHANGES_MAX];
    uint32_t n = restrict_changes(a, v, would, changes);

    for (uint32_t i = 0; i < n; i++) {
        const struct change *c = &changes[i];
        const struct verdict_set *s = &v->sets[c->set];

        if (would && s->set == s->would)
            continue;
        text_puts(t, would ? "  held back by shadow mode, would set: " : "  sets: ");
        text_puts(t, c->kind == PLACE_QUERY     ? "in the address "
                     : c->kind == PLACE_WITHOUT ? "takes off "
                                                : "");
        text_put(t, c->name);
        text_puts(t, c->kind == PLACE_QUERY ? "=" : c->kind == PLACE_HEADER ? ": " : "");
        text_put(t, c->value);
        text_puts(t, " (by ");
        text_put(t, artefact_str(a, rule_at(a, would ? s->would_rule : s->rule)->id));
        text_puts(t, ")\n");
    }
}

static void tell_verdict(const struct snapshot *s, const struct verdict *v, struct text *t)
{
    struct str because = verdict_because(s->policy, v);
    struct str cite = verdict_cite(s->policy, v);

    text_puts(t, "Verdict\n");
    line_word(t, "action", WORDS_ACTION, v->action);
    line_word(t, "why", WORDS_WHY, v->why);
    if (verdict_rule(s->policy, v).n)
        line(t, "rule", verdict_rule(s->policy, v));
    if (because.n)
        line(t, "because", because);
    if (cite.n)
        line(t, "clause", cite);
    if (v->page != NO_INDEX)
        line(t, "page",
             artefact_str(policy_artefact(s->policy),
                          ARTEFACT_ROWS(policy_artefact(s->policy), PAGES, struct a_page)[v->page].name));
    if (v->owed)
        line(t, "owed", STR("for something before it that was stopped inside an app; loading again goes on"));
    if (v->what.host_flags & HOST_NEVER_LOG)
        line(t, "record", STR("none, whatever is decided: the site is on the never-log list"));
    if (v->step != STEP_COUNT)
        line_word(t, "step missing", WORDS_STEP, v->step);
    if (v->bump)
        line(t, "tunnel", STR("opened, so that the requests inside are judged one by one"));
    if (v->host_only)
        line(t, "tunnel", STR("left closed by a host-only rule: the host alone decides"));
    if (v->shadow)
        line_word(t, "held back by shadow mode", WORDS_ACTION, v->would);
    tell_sets(policy_artefact(s->policy), v, false, t);
    tell_sets(policy_artefact(s->policy), v, true, t);
}

/* What a `require person` counts and when it asks. */
static void tell_returns(const struct a_rule *rule, const struct verdict *v, struct text *t)
{
    if (v->returns == NO_INDEX) {
        text_puts(
            t, ": counts nothing here: only pages of one person whom the register does not know, opened by "
               "somebody known by their sign-in, count\n");
        return;
    }
    text_puts(t, ": ");
    text_put_u64(t, v->returns);
    text_puts(t, " visits before this one, and it asks from ");
    text_put_u64(t, rule->returns);
    text_puts(t, " on, once a ");
    text_puts(t, word_of(WORDS_PERIOD, rule->every));
    text_putc(t, '\n');
}

/* A rule that matched, or that one condition kept from matching. */
static void tell_rule(const struct match *m, const struct a_rule *rule, const struct verdict *v,
                      struct text *t)
{
    const struct a_clause *clauses = &ARTEFACT_ROWS(m->artefact, CLAUSES, struct a_clause)[rule->clauses.at];
    const struct a_clause *missed = NULL;
    uint32_t no = 0;
    enum answer answer = YES;

    for (uint32_t i = 0; i < rule->clauses.n; i++) {
        enum answer one = match_clause(m, &clauses[i]);

        answer = answer_and(answer, one);
        no += one == NO;
        if (one != YES && (!missed || one == NO))
            missed = &clauses[i];
    }
    if (no > 1 || (no == 1 && rule->clauses.n == 1))
        return;
    text_puts(t, "  ");
    text_puts(t, word_of(WORDS_VERB, rule->verb));
    text_putc(t, ' ');
    text_put(t, artefact_str(m->artefact, rule->id));
    text_puts(t, rule->flags & RULE_SHADOW ? " (in shadow)" : "");
    if (answer != NO && rule->verb == VERB_REQUIRE && rule->ask == ASK_PERSON) {
        tell_returns(rule, v, t);
        return;
    }
    text_puts(t, answer != NO && rule->verb == VERB_REQUIRE && match_answered(m, rule)
                     ? ": is answered already"
                 : answer == YES    ? ": matched"
                 : answer == UNSURE ? ": cannot be told, for want of: "
                                    : ": nearly, but not: ");
    if (answer != YES && missed)
        put_clause(m->artefact, missed, t);
    text_putc(t, '\n');
}

void explain(const struct snapshot *snapshot, const struct request *r, const struct verdict *v,
             struct text *t)
{
    const struct artefact *a = policy_artefact(snapshot->policy);
    enum step step = STEP_COUNT;
    struct match_memory memory = {0};
    struct match m = match_for(snapshot, r, v, &memory);

    m.step = &step;
    tell_verdict(snapshot, v, t);
    if (v->why == WHY_MALFORMED) {
        tell_carrier(a, &v->what, t);
        return;
    }
    tell_request(a, r, v, t);
    explain_lists(snapshot, r, &v->what, t);
    tell_person(a, r, v, t);
    if (a->n[SECTION_CALENDARS]) {
        text_puts(t, "When\n  time: ");
        during_tell(&m, t);
        text_putc(t, '\n');
    }
    tell_standing(&m, t);
    text_puts(t, "Rules that matched or nearly did\n");
    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++)
        if (rule_at(a, i)->verb != VERB_SET || restrict_concerns(&m, rule_at(a, i)))
            tell_rule(&m, rule_at(a, i), v, t);
}
