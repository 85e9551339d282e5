/* Policies: the words behind a condition, one reader for each kind (enum arg_kind). */
#include "compile/policy_parse.h"

#include <arpa/inet.h>
#include <stdlib.h>

void policy_number(struct policy_numbers *to, uint32_t number)
{
    enum { FIRST_ROOM = 16 };

    if (to->n == to->room) {
        uint32_t room = to->room ? to->room * 2 : FIRST_ROOM;
        uint32_t *p = realloc(to->p, room * sizeof *p);

        if (!p) {
            to->no_memory = true;
            return;
        }
        to->p = p;
        to->room = room;
    }
    to->p[to->n++] = number;
}

/* Two states, the second of which is 1. */
static int read_state(struct policy_parser *p, const struct word *w, const char *const words[2],
                      struct policy_numbers *to)
{
    for (uint32_t i = 0; i < 2; i++) {
        if (word_is(w, words[i])) {
            policy_number(to, i);
            return 0;
        }
    }
    return lex_unknown(&p->l, w, "word", words, 2);
}

static int read_word(struct policy_parser *p, const struct word *w, enum word_list_id list,
                     struct policy_numbers *to)
{
    int value = lex_word_of(&p->l, w, list);

    if (value < 0)
        return -1;
    policy_number(to, (uint32_t)value);
    return 0;
}

static int read_activity(struct policy_parser *p, const struct word *w, struct policy_numbers *to)
{
    const struct word_list *list = &word_lists[WORDS_ACTIVITY];
    const char *words[ACTIVITY_COUNT + 2];
    int value = w->quoted ? -1 : word_find(WORDS_ACTIVITY, w->text);

    if (word_is(w, "unknown"))
        value = ACTIVITY_COUNT;
    if (value >= 0) {
        policy_number(to, (uint32_t)value);
        return 0;
    }
    memcpy(words, list->words, ACTIVITY_COUNT * sizeof *words);
    words[ACTIVITY_COUNT] = "unknown";
    words[ACTIVITY_COUNT + 1] = "granted";
    return lex_unknown(&p->l, w, list->what, words, ACTIVITY_COUNT + 2);
}

static uint32_t find_named(const struct builder *b, enum section s, struct str name)
{
    return s == SECTION_PLATFORMS     ? build_find_platform(b, name)
           : s == SECTION_ALLOWANCES  ? build_find_allowance(b, name)
           : s == SECTION_EMERGENCIES ? build_find_emergency(b, name)
                                      : build_find_group(b, name);
}

static const char *named(enum section s)
{
    return s == SECTION_PLATFORMS     ? "platform"
           : s == SECTION_ALLOWANCES  ? "allowance"
           : s == SECTION_EMERGENCIES ? "emergency"
                                      : "group";
}

static int read_named(struct policy_parser *p, const struct word *w, enum section s,
                      struct policy_numbers *to)
{
    uint32_t index = find_named(p->b, s, w->text);
    const char *const *names;
    size_t n;

    if (index != NO_INDEX) {
        policy_number(to, index);
        return 0;
    }
    names = build_names(p->b, s, &n);
    if (n == 0 && s == SECTION_GROUPS)
        return lex_error(&p->l, w,
                         "unknown group '%.*s': declare it with a statement 'group %.*s \"what it is\"'",
                         STR_ARG(w->text), STR_ARG(w->text));
    if (n == 0 && s != SECTION_PLATFORMS)
        return lex_error(&p->l, w, "unknown %s '%.*s': the policy has no statement '%s'", named(s),
                         STR_ARG(w->text), named(s));
    return lex_unknown(&p->l, w, named(s), names, n);
}

/* The account on that platform whose name is nearest, as PLATFORM:NAME, for the message. */
static int unknown_account(struct policy_parser *p, const struct word *w, uint32_t platform, struct str name)
{
    uint32_t n = build_count(p->b, SECTION_ACCOUNTS);
    size_t all;
    const char *const *names = build_names(p->b, SECTION_ACCOUNTS, &all);
    const char **own = calloc(n + 1, sizeof *own);
    const char *near = NULL;
    size_t kept = 0;

    for (uint32_t i = 0; own && i < n && i < all; i++) {
        const struct a_account *account = build_at(p->b, SECTION_ACCOUNTS, i);

        if (account->platform == platform)
            own[kept++] = names[i];
    }
    if (own)
        near = diag_nearest(name, own, kept);
    if (near)
        lex_error(&p->l, w, "no account '%.*s' in the register: did you mean '%.*s:%s'?", STR_ARG(w->text),
                  (int)(w->text.n - name.n - 1), w->text.p, near);
    else
        lex_error(&p->l, w, "no account '%.*s' in the register: add it to accounts.csv, or mend the name",
                  STR_ARG(w->text));
    free(own);
    return -1;
}

static int read_account(struct policy_parser *p, const struct word *w, struct policy_numbers *to)
{
    static const struct {
        const char *word;
        uint32_t number;
    } states[] = {{"registered", ACCOUNT_IS_REGISTERED},
                  {"unregistered", ACCOUNT_IS_UNREGISTERED},
                  {"unknown", ACCOUNT_IS_UNKNOWN},
                  {"none", ACCOUNT_IS_NONE}};
    static const char *const words[] = {"registered", "unregistered", "unknown", "none", "granted"};
    struct str name = w->text, id = str_cut(&name, ':');
    uint32_t platform, alias;
    char canonical[256];

    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (word_is(w, states[i].word)) {
            policy_number(to, states[i].number);
            return 0;
        }
    }
    if (id.n == w->text.n && diag_nearest(w->text, words, 5))
        return lex_unknown(&p->l, w, "word", words, 5);
    if (id.n == w->text.n)
        return lex_error(&p->l, w,
                         "'%.*s' is no account: write PLATFORM:NAME, or registered, unregistered, unknown, "
                         "none, granted",
                         STR_ARG(w->text));
    platform = build_find_platform(p->b, id);
    if (platform == NO_INDEX) {
        struct word at = *w;
        size_t n;
        const char *const *names = build_names(p->b, SECTION_PLATFORMS, &n);

        at.text = id;
        return lex_unknown(&p->l, &at, "platform", names, n);
    }
    alias = build_find_alias(p->b, platform,
                             build_canonical_account(p->b, platform, name, canonical, sizeof canonical));
    if (alias == NO_INDEX)
        return unknown_account(p, w, platform, name);
    policy_number(to, ((const struct a_alias *)build_at(p->b, SECTION_ALIASES, alias))->account);
    return 0;
}

static int read_flag(struct policy_parser *p, const struct word *w, struct policy_numbers *to)
{
    static const char *const words[] = {"conversations", "member"};
    struct policy_numbers state = {.n = 0};
    int result = read_state(p, w, words, &state);

    to->no_memory |= state.no_memory;
    if (result == 0 && state.n)
        policy_number(to, state.p[0] ? ACCOUNT_MEMBER : ACCOUNT_CONVERSATIONS);
    free(state.p);
    return result;
}

static int read_host(struct policy_parser *p, const struct word *w, struct policy_numbers *to)
{
    struct str name;
    struct a_str kept;

    if (lex_host(&p->l, w, true, &name))
        return -1;
    kept = build_str(p->b, name);
    policy_number(to, kept.at);
    policy_number(to, kept.n);
    return 0;
}

/* Bits behind the prefix are all zero. */
static bool prefix_only(const unsigned char address[16], unsigned prefix)
{
    for (unsigned i = prefix; i < 128; i++)
        if (address[i / 8] & (0x80 >> i % 8))
            return false;
    return true;
}

const char *policy_network(struct str text, uint32_t network[5])
{
    struct str rest = text, name = str_cut(&rest, '/');
    unsigned char address[16] = {[10] = 0xff, [11] = 0xff};
    bool v4 = str_find(name, ':') == name.n;
    uint64_t prefix = v4 ? 32 : 128;
    char z[INET6_ADDRSTRLEN];

    if (name.n == 0 || name.n >= sizeof z || str_find(name, '\0') < name.n)
        return "it is no network (as in 10.0.0.0/8 or 2001:db8::/32)";
    memcpy(z, name.p, name.n);
    z[name.n] = '\0';
    if (inet_pton(v4 ? AF_INET : AF_INET6, z, v4 ? address + 12 : address) != 1)
        return "it is no network (as in 10.0.0.0/8 or 2001:db8::/32)";
    if (name.n < text.n && (!str_u64(rest, &prefix) || prefix > (v4 ? 32 : 128)))
        return "the length behind '/' is none";
    if (v4)
        prefix += 96;
    if (!prefix_only(address, (unsigned)prefix))
        return "bits behind the prefix are set: write the network's first address, or a longer prefix";
    for (unsigned i = 0; i < 4; i++)
        network[i] = (uint32_t)address[4 * i] << 24 | (uint32_t)address[4 * i + 1] << 16 |
                     (uint32_t)address[4 * i + 2] << 8 | address[4 * i + 3];
    network[4] = (uint32_t)prefix;
    return NULL;
}

static int read_port(struct policy_parser *p, const struct word *w, struct policy_numbers *to)
{
    uint64_t port;

    if (!str_u64(w->text, &port) || port == 0 || port > UINT16_MAX)
        return lex_error(&p->l, w, "'%.*s' is no port from 1 to 65535", STR_ARG(w->text));
    policy_number(to, (uint32_t)port);
    return 0;
}

/* own-time, work-time, or a window that some calendar has. */
static int read_time(struct policy_parser *p, const struct word *w, struct policy_numbers *to)
{
    int hours = w->quoted ? -1 : word_find(WORDS_HOURS, w->text);
    uint32_t index = hours < 0 ? build_find_time(p->b, w->text) : DURING_OWN_TIME + (uint32_t)hours;
    const char *const *names;
    const char **all;
    size_t n;

    if (build_count(p->b, SECTION_CALENDARS) == 0)
        return lex_error(
            &p->l, w,
            "the policy has no calendar that says when it is '%.*s': add a statement 'calendar office'",
            STR_ARG(w->text));
    if (index != NO_INDEX) {
        policy_number(to, index);
        return 0;
    }
    names = build_names(p->b, SECTION_TIMES, &n);
    all = calloc(n + HOURS_COUNT, sizeof *all);
    for (unsigned i = 0; all && i < HOURS_COUNT; i++)
        all[i] = word_of(WORDS_HOURS, i);
    if (all && n)
        memcpy(all + HOURS_COUNT, names, n * sizeof *all);
    lex_unknown(&p->l, w, "time", all, all ? n + HOURS_COUNT : 0);
    free(all);
    return -1;
}

int policy_arg(struct policy_parser *p, enum arg_kind kind, const struct word *w, struct policy_numbers *to)
{
    static const char *const media[] = {"interactive", "broadcast-only"};
    static const char *const user[] = {"unknown", "known"};
    static const char *const groups[] = {"unresolved", "resolved"};

    switch (kind) {
    case ARG_PLATFORMS:
        return read_named(p, w, SECTION_PLATFORMS, to);
    case ARG_GROUPS:
        return read_named(p, w, SECTION_GROUPS, to);
    case ARG_ALLOWANCES:
        return read_named(p, w, SECTION_ALLOWANCES, to);
    case ARG_EMERGENCIES:
        return read_named(p, w, SECTION_EMERGENCIES, to);
    case ARG_CLASSES:
        return read_word(p, w, WORDS_CLASS, to);
    case ARG_ROLES:
        return read_word(p, w, WORDS_ROLE, to);
    case ARG_CATEGORIES:
        return read_word(p, w, WORDS_CATEGORY, to);
    case ARG_KNOWN_BY:
        return read_word(p, w, WORDS_KNOWN_BY, to);
    case ARG_CONCERNS:
        return read_word(p, w, WORDS_CONCERN, to);
    case ARG_IDENTITIES:
        return read_word(p, w, WORDS_IDENTITY, to);
    case ARG_ORIGINS:
        return read_word(p, w, WORDS_ORIGIN, to);
    case ARG_PEOPLE:
        return read_word(p, w, WORDS_PEOPLE, to);
    case ARG_MEDIA:
        return read_state(p, w, media, to);
    case ARG_USER:
        return read_state(p, w, user, to);
    case ARG_GROUPS_STATE:
        return read_state(p, w, groups, to);
    case ARG_HOSTS:
        return read_host(p, w, to);
    case ARG_ACTIVITIES:
        return read_activity(p, w, to);
    case ARG_ACCOUNTS:
        return read_account(p, w, to);
    case ARG_ACCOUNT_FLAGS:
        return read_flag(p, w, to);
    case ARG_NETWORKS:
        return policy_network_arg(p, w, to);
    case ARG_PORTS:
        return read_port(p, w, to);
    case ARG_DURING:
        return read_time(p, w, to);
    case ARG_SIGHTS:
        return read_word(p, w, WORDS_SIGHT, to);
    case ARG_COUNTRIES:
        return policy_country(p, w, to);
    case ARG_ASNS:
        return policy_asn(p, w, to);
    case ARG_GRANT:
        break; /* read as a whole line, policy_rule.c */
    }
    return lex_error(&p->l, w, "this kind of condition has no reader: report it");
}
