/* What the analysis says of a policy is held against what policy_judge does with it: rules made at random
 * (always the same), judged over requests of every kind that the little maps know. A rule that is called
 * dead, shadowed, contradictory or outranked must never be the one that decides; without the rules that are
 * called superfluous every answer must be the same; and no request may lie in a set that is called empty, or
 * outside one that is said to hold it. */
#include "compile/analyse.h"
#include "core/match.h"
#include "core/standing_build.h"
#include "record/seal.h"
#include "unit.h"

#include <stdio.h>

enum { POLICIES = 400, RULES_MAX = 8, TODAY = 20585, NOON = TODAY * 86400 + 43200 };

static const char alpha[] =
    "platform alpha \"Alpha\"\nclass social\nfamily one\nmedia interactive\nversion 1\n"
    "host main .alpha.example\nhost upload up.alpha.example\nhost cdn .pictures.example\n"
    "reserved login about api\nactivity login path /login\nactivity signup path /signup\n"
    "activity post method POST path /api header X-Op=Create\nactivity react method POST path /api header "
    "X-Op=Like\n"
    "embed path /plugins/**\nbackground path /beacon/**\n"
    "account - path /login /about/**\naccount {account} path /{account}/**\nidentity cookie uid\n";
static const char beta[] = "platform beta \"Beta\"\nclass streaming\nmedia broadcast-only\nversion 1\n"
                           "host main beta.example\nhost main .shows.example below /beta/**\n"
                           "activity stream path /watch/**\naccount {account} path /channel/{account}\n";
static const char gamma_map[] =
    "platform gamma \"Gamma\"\nclass messaging\nfamily one\nmedia interactive\nversion 1\n"
    "host main .gamma.example\nactivity message method POST path /send\n"
    "activity message method WS path /ws\nidentity cookie sid opaque\n";
static const char accounts[] = "platform,account,aliases,owner,flags\nalpha,Council,100,C,conversations\n"
                               "alpha,Library,101,L,\nbeta,Council,,C,member\n";
static const char members[] = "user,groups,class\nmem,g0,member\nplain,,\n";
static const char grants[] =
    "user,group,platforms,accounts,activities,approved_by,approved_on,aup_signed_on,expires\n"
    "liv,,alpha,Council,view post,D,2026-05-01,2026-05-01,\n"
    "liv,,alpha,Library,react,D,2026-05-01,2026-05-01,\n"
    "ine,,alpha beta,,view,D,2026-05-01,,\n"
    "exp,,alpha,,view,D,2025-01-01,2025-01-01,2026-01-01\n"
    ",g1,beta gamma,,view stream message,D,2026-05-01,2026-05-01,\n";
static const char shifts[] =
    "user,group,from,until,days,work,breaks\nliv,,2026-01-01,2026-05-12,Mon-Sun,08:00-14:00,\n"
    "exp,,2026-01-01,2026-05-01,Mon-Sun,08:00-14:00,\n";
static const char hosts[] = "host,category\n.adult.example,adult\nboth.adult.example,gambling\n"
                            "bets.alpha.example,gambling\n.works.example,adult\n";

/* --- policies at random
 * ----------------------------------------------------------------------------------------- */

static uint64_t state;

static unsigned pick(unsigned n)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % n;
}

/* Each line: a condition and its words, any of which may be taken together. */
static const char *const vocabulary[][8] = {
    {"platform", "alpha", "beta", "gamma"},
    {"class", "social", "streaming", "messaging"},
    {"media", "interactive", "broadcast-only"},
    {"host", ".alpha.example", "up.alpha.example", ".example", ".adult.example", "a.works.example"},
    {"role", "main", "cdn", "upload"},
    {"category", "adult", "gambling"},
    {"activity", "view", "post", "signup", "stream", "message", "unknown"},
    {"activity", "view", "post", "react", "unknown"},
    {"activity", "granted"},
    {"account", "registered", "unregistered", "unknown", "none", "alpha:Council", "beta:Council"},
    {"account", "granted"},
    {"account-flag", "conversations", "member"},
    {"identity", "registered", "other", "none", "unknown"},
    {"origin", "person", "embed", "background", "unknown"},
    {"user", "known", "unknown"},
    {"groups", "resolved", "unresolved"},
    {"group", "g0", "g1", "g2"},
    {"people", "member", "employee", "public"},
    {"grant", "live", "expired", "none", "inert"},
    {"grant", "inert aup", "inert approval"},
    {"network", "10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/16", "192.0.2.0/24", "2001:db8::/32"},
    {"port", "3128", "8080"},
    {"known-by", "sign-in", "shared", "address", "nothing"},
    {"during", "own-time", "work-time"},
    {"during", "own-time", "lunch", "late"},
    {"allowance", "a0", "a1", "a2"},
    {"emergency", "e0", "e1"},
    {"country", "gb", "ru", "unknown", "none"},
    {"asn", "AS64500", "unknown", "none"},
};

enum { CONDITIONS = sizeof vocabulary / sizeof *vocabulary, LINES_MAX = 5, LINE_MAX = 120 };

struct draft {
    char lines[LINES_MAX][LINE_MAX];
    unsigned rows[LINES_MAX]; /* of the vocabulary */
    unsigned n, verb;
};

static void draw_words(struct draft *r, unsigned at, bool except)
{
    const char *const *words = vocabulary[r->rows[at]];
    char *line = r->lines[at];
    unsigned n = 1, first, count;
    size_t used = (size_t)snprintf(line, LINE_MAX, "    %s%s", except ? "except " : "", words[0]);

    while (n < 8 && words[n])
        n++;
    first = pick(n - 1);
    count = 1 + pick(2) + pick(2);
    for (unsigned i = 0; i < count && i < n - 1; i++)
        used += (size_t)snprintf(line + used, LINE_MAX - used, " %s", words[1 + (first + i) % (n - 1)]);
}

static void draw_line(struct draft *r)
{
    if (r->n == LINES_MAX)
        return;
    r->rows[r->n] = pick(CONDITIONS);
    draw_words(r, r->n, pick(4) == 0);
    r->n++;
}

/* The same condition once more, with other words or turned around. */
static void draw_twin(struct draft *r)
{
    if (r->n == 0 || r->n == LINES_MAX)
        return;
    r->rows[r->n] = r->rows[pick(r->n)];
    draw_words(r, r->n, pick(2));
    r->n++;
}

/* Half of the rules are another one with a line more, less or changed, so that they have to do with each
 * other. */
static void draw_rule(struct draft *rules, unsigned i)
{
    struct draft *r = &rules[i];
    unsigned lines = pick(LINES_MAX);

    r->n = 0;
    if (i > 0 && pick(2))
        *r = rules[pick(i)];
    else
        while (r->n < lines)
            draw_line(r);
    r->verb = pick(5);
    switch (pick(5)) {
    case 0:
        r->n -= r->n > 0;
        break;
    case 1:
        draw_line(r);
        break;
    case 2:
        draw_twin(r);
        break;
    case 3:
        if (r->n) {
            unsigned at = pick(r->n);

            draw_words(r, at, pick(4) == 0);
        }
        break;
    default:
        break;
    }
}

/* The first three: one of an hour, one of the other hours, one of both. */
static void draw_pair(struct draft *rules)
{
    struct draft *r = rules;

    r->n = 0;
    draw_line(r);
    rules[1] = rules[2] = *r;
    for (unsigned i = 0; i < 2; i++) {
        rules[i].verb = 0;
        snprintf(rules[i].lines[rules[i].n++], LINE_MAX, "    during %s-time", i ? "work" : "own");
    }
    rules[2].verb = 1;
}

static const char *one_of(const char *a, const char *b)
{
    return pick(2) ? a : b;
}

/* A policy's text. */
static void draw_policy(char *text, size_t size)
{
    static const char *const verbs[] = {"forbid", "permit", "require notice", "require coach", "reason"};
    struct draft rules[RULES_MAX];
    bool pair = pick(8) == 0;
    size_t at = (size_t)snprintf(
        text, size,
        "policy \"P\" version 1 from 2026-04-01\ncouncil \"C\"\nowner \"O\"\napproved-by \"O\" on "
        "2026-03-18\n"
        "review-due 2027-03-31\ngroup g0\ngroup g1 people employee\ngroup g2 shadow\ngrants need aup%s\n"
        "calendar day\n    default\n    work Mon-Fri 09:00-17:00\n    own lunch Mon-Fri 12:00-13:00\n"
        "    group g1 calendar night\n%scalendar night\n    work Mon-Sun 20:00-04:00 next-day\n"
        "    window late Mon-Fri 10:00-12:30\n%s"
        "standing missing %s\nallowance a0 minutes 30 a day\nallowance a1 minutes 10 a day group g0 g1\n"
        "allowance a2 minutes 5 a day\nemergency e0 group g0 reason x\nemergency e1 group g1 platform alpha "
        "reason y\n"
        "default %s page p\nunsure %s page p\nunknown-writes %s\nmalformed refuse page p\n%s%smust-work "
        ".works.example\n",
        one_of("", " approval last 12 months"), one_of("", "    group g2 shifts\n"),
        one_of("shifts unsure\n", "shifts default\n"), one_of("unused", "unsure"), one_of("allow", "deny"),
        one_of("allow", "refuse"), one_of("allow", "refuse"), one_of("", "people-default public\n"),
        one_of("", "scope class social streaming\n"));

    for (unsigned i = 0; i < RULES_MAX; i++) {
        if (i == 0 && pair)
            draw_pair(rules);
        else if (i > 2 || !pair)
            draw_rule(rules, i);
        /* names in another order than the text's */
        at +=
            (size_t)snprintf(text + at, size - at, "%s r%u\n", verbs[rules[i].verb], (i * 5 + 3) % RULES_MAX);
        for (unsigned k = 0; k < rules[i].n; k++)
            at += (size_t)snprintf(text + at, size - at, "%s\n", rules[i].lines[k]);
        at += (size_t)snprintf(text + at, size - at, "    because \"%s\"\n    page %s\n", one_of("x", "y"),
                               one_of("p", "q"));
        if (rules[i].verb == 1 && pick(4) == 0)
            at += (size_t)snprintf(text + at, size - at, "    waives coach\n");
        if (rules[i].verb != 4 && pick(6) == 0)
            at += (size_t)snprintf(text + at, size - at, "    shadow\n");
    }
}

/* --- what is made of a text
 * ------------------------------------------------------------------------------------- */

static void add_page(struct builder *b, const char *name)
{
    struct a_page row = {.name = build_str(b, str_of(name)),
                         .html = build_str(b, STR("html")),
                         .status = 403,
                         .step = NO_INDEX};
    struct a_page step = row;

    step.step = STEP_AUP;
    build_row(b, SECTION_PAGES, &row);
    build_row(b, SECTION_PAGES, &step);
}

/* NULL when the text holds what the language does not take. */
static struct builder *parse(const char *text)
{
    struct builder *b = build_new();
    struct diag d;

    diag_init(&d);
    add_page(b, "p");
    add_page(b, "q");
    parse_map(b, STR("a"), str_of(alpha), &d);
    parse_map(b, STR("b"), str_of(beta), &d);
    parse_map(b, STR("g"), str_of(gamma_map), &d);
    parse_accounts(b, STR("accounts"), str_of(accounts), &d);
    ck_assert_msg(d.errors == 0, "%s", d.messages[0].text);
    if (parse_policy(b, STR("p"), str_of(text), &d) != 0) {
        build_free(b);
        return NULL;
    }
    parse_members(b, STR("members"), str_of(members), &d);
    parse_shifts(b, STR("shifts"), str_of(shifts), &d);
    parse_grants(b, STR("grants"), str_of(grants), &d);
    parse_hosts(b, STR("hosts"), str_of(hosts), &d);
    ck_assert_msg(d.errors == 0, "%s", d.messages[0].text);
    return b;
}

struct opened {
    unsigned char *bytes;
    struct policy *policy;
};

static struct opened open_policy(struct builder *b)
{
    struct opened o;
    struct diag d;
    size_t size;

    diag_init(&d);
    ck_assert_msg(build_finish(b, &o.bytes, &size, &d) == 0, "%s", d.messages[0].text);
    ck_assert_msg(policy_open_mem(o.bytes, size, &o.policy, &d) == 0, "%s", d.messages[0].text);
    return o;
}

static void close_policy(struct opened *o)
{
    policy_free(o->policy);
    free(o->bytes);
}

/* --- requests of every kind
 * ------------------------------------------------------------------------------------- */

struct asked {
    const char *method, *target;
    struct header headers[3];
};

#define HEADER(name, value)                                                                                  \
    {                                                                                                        \
        {name, sizeof(name) - 1},                                                                            \
        {                                                                                                    \
            value, sizeof(value) - 1                                                                         \
        }                                                                                                    \
    }
#define NONE                                                                                                 \
    {                                                                                                        \
        {NULL, 0},                                                                                           \
        {                                                                                                    \
            NULL, 0                                                                                          \
        }                                                                                                    \
    }
#define ALPHA "https://www.alpha.example"

static const struct asked asked[] = {
    {"GET", "https://www.council.example/", {NONE}},
    {"POST", "https://www.council.example/", {NONE}},
    {"GET", "https://198.51.100.7/", {NONE}},
    {"GET", "https://x.adult.example/", {NONE}},
    {"GET", "https://both.adult.example/", {NONE}},
    {"GET", "https://a.works.example/", {NONE}},
    {"CONNECT", "www.alpha.example:443", {NONE}},
    {"CONNECT", "beta.example:443", {NONE}},
    {"GET", ALPHA "/", {HEADER("Cookie", "uid=100")}},
    {"GET", ALPHA "/", {HEADER("Accept", "text/html"), HEADER("Sec-Fetch-Dest", "document")}},
    {"GET", ALPHA "/Council", {HEADER("Cookie", "uid=100"), HEADER("Accept", "text/html")}},
    {"GET", ALPHA "/Council", {HEADER("Cookie", "uid=7"), HEADER("Sec-Fetch-User", "?1")}},
    {"GET", ALPHA "/Library", {NONE}},
    {"GET", ALPHA "/somebody", {HEADER("Cookie", "uid=7")}},
    {"GET", ALPHA "/login", {NONE}},
    {"POST", ALPHA "/signup", {HEADER("Cookie", "uid=101")}},
    {"POST", ALPHA "/api", {HEADER("X-Op", "Create"), HEADER("Cookie", "uid=100")}},
    {"POST",
     ALPHA "/api",
     {HEADER("X-Op", "Create"), HEADER("Referer", ALPHA "/Council/x"), HEADER("Cookie", "uid=7")}},
    {"POST",
     ALPHA "/api",
     {HEADER("X-Op", "Like"), HEADER("Referer", ALPHA "/Library/x"), HEADER("Cookie", "uid=100")}},
    {"POST", ALPHA "/api", {HEADER("X-Op", "Other"), HEADER("Referer", ALPHA "/somebody")}},
    {"GET",
     ALPHA "/plugins/like",
     {HEADER("Referer", "https://news.example/"), HEADER("Sec-Fetch-Dest", "iframe")}},
    {"GET", ALPHA "/beacon/x", {NONE}},
    {"GET", "https://bets.alpha.example/Council", {NONE}},
    {"POST", "https://up.alpha.example/a", {HEADER("Cookie", "uid=100")}},
    {"GET", "https://a.pictures.example/b.png", {HEADER("Sec-Fetch-Dest", "image")}},
    {"GET", "https://a.pictures.example/b.png", {HEADER("Referer", "https://www.gamma.example/x")}},
    {"GET", "https://beta.example/channel/Council", {NONE}},
    {"GET", "https://beta.example/watch/1", {NONE}},
    {"POST", "https://beta.example/x", {NONE}},
    {"GET", "https://www.shows.example/beta/1", {NONE}},
    {"GET", "https://www.shows.example/other", {NONE}},
    {"GET", "https://www.gamma.example/a", {HEADER("Cookie", "sid=1")}},
    {"POST", "https://www.gamma.example/send", {NONE}},
};

static const char *const users[] = {"", "mem", "plain", "liv", "ine", "exp"};

static const struct {
    bool told;
    unsigned n;
    struct str names[2];
} groups[] = {{false, 0, {{NULL, 0}}},
              {true, 0, {{NULL, 0}}},
              {true, 1, {{"g0", 2}}},
              {true, 1, {{"g1", 2}}},
              {true, 2, {{"g1", 2}, {"g2", 2}}}};

static const struct {
    const char *address;
    uint32_t port;
    enum known_by known_by;
} places[] = {{"", 0, KNOWN_BY_NOTHING},
              {"10.1.2.3", 3128, KNOWN_BY_NOTHING},
              {"10.9.2.3", 0, KNOWN_BY_SHARED},
              {"192.0.2.9", 8080, KNOWN_BY_ADDRESS}};

enum {
    ASKED = sizeof asked / sizeof *asked,
    USERS = sizeof users / sizeof *users,
    GROUPS = sizeof groups / sizeof *groups,
    PLACES = sizeof places / sizeof *places,
    TIMES = 5,
    REQUESTS = ASKED * USERS * GROUPS * PLACES
};

/* What people have done: nothing that is known; something of each kind; and the same in a file that is too
 * old. */
enum { STANDINGS = 3 };

static struct standing *standings[STANDINGS];
static void *standing_bytes[STANDINGS];

static void open_standings(void)
{
    static struct fact_in facts[32];
    struct diag d;
    size_t size;

    diag_init(&d);
    for (unsigned s = 1; s < STANDINGS; s++) {
        uint32_t n = 0;

        for (unsigned u = 1; u < sizeof users / sizeof *users; u++) {
            struct str user = str_of(users[u]);

            facts[n++] =
                (struct fact_in){user, FACT_USED, u % 2 ? STR("a0") : STR("a1"), NOON - 9, NOON + 9, 30};
            if (u % 3 == 0)
                facts[n++] = (struct fact_in){user, FACT_USED, STR("a2"), NOON - 9, NOON + 9, 4};
            if (u % 2)
                facts[n++] = (struct fact_in){user,     FACT_EMERGENCY, u % 3 ? STR("x") : STR("y"),
                                              NOON - 9, NOON + 9,       0};
            if (u > 2)
                facts[n++] = (struct fact_in){user,     FACT_ACK, u % 2 ? STR("notice/1") : STR("coach/r3"),
                                              NOON - 9, 0,        0};
        }
        ck_assert_int_eq(standing_build(facts, n, s == 1 ? NOON : NOON - 3600, &standing_bytes[s], &size, &d),
                         0);
        ck_assert_msg(standing_open_mem(standing_bytes[s], size, &standings[s], &d) == 0, "%s",
                      d.messages[0].text);
    }
}

static void close_standings(void)
{
    for (unsigned s = 0; s < STANDINGS; s++) {
        standing_free(standings[s]);
        free(standing_bytes[s]);
        standings[s] = NULL;
        standing_bytes[s] = NULL;
    }
}

/* Each request meets each of them somewhere among its fellows. */
static const struct standing *standing_at(unsigned i)
{
    return standings[i / 5 % STANDINGS];
}

static struct request request_at(unsigned i)
{
    const struct asked *a = &asked[i % ASKED];
    unsigned user = i / ASKED % USERS, group = i / ASKED / USERS % GROUPS, place = i / ASKED / USERS / GROUPS;
    static const int hours[TIMES] = {0, -1, -3, 9, 24}; /* lunch, late, work, night, the next day */
    struct request r = {.method = str_of(a->method),
                        .target = str_of(a->target),
                        .headers = a->headers,
                        .user = str_of(users[user]),
                        .has_groups = groups[group].told,
                        .groups = groups[group].names,
                        .n_groups = groups[group].n,
                        .client_ip = str_of(places[place].address),
                        .listening_port = places[place].port,
                        .known_by = places[place].known_by,
                        .now = NOON - 3600 + hours[i % TIMES] * 3600};

    while (r.n_headers < 3 && a->headers[r.n_headers].name.n)
        r.n_headers++;
    return r;
}

/* --- one held against the other
 * --------------------------------------------------------------------------------- */

static unsigned told[FATE_NO_EFFECT + 1], held_within, held_apart, really_within, by_pairs;

/* What the analysis says of one policy, by rule of the text and by what core makes of it. */
struct trial {
    const char *text;
    struct study study;
    struct opened policy, pruned; /* the whole, and without what is called superfluous */
    uint32_t rule[RULES_MAX];     /* the artefact's number of each rule */
    enum answer answers[RULES_MAX];
    bool outside[RULES_MAX][RULES_MAX]; /* seen in one and not in the other */
    bool within[2][2][RULES_MAX][RULES_MAX], meets[2][RULES_MAX][RULES_MAX];
};

static bool is_candidate(const struct artefact *a, uint32_t platform, uint32_t rule)
{
    struct a_list list = platform == NO_INDEX
                             ? ARTEFACT_ROWS(a, META, struct a_meta)->candidates_none
                             : ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[platform].candidates;

    for (uint32_t i = 0; i < list.n; i++)
        if (artefact_numbers(a, list)[i] == rule)
            return true;
    return false;
}

static void answer_all(struct trial *t, const struct request *r, const struct verdict *v,
                       const struct snapshot *snapshot)
{
    const struct artefact *a = policy_artefact(t->policy.policy);
    struct match_memory memory = {.client = {.looked = false}};
    enum step step;
    struct match m = {.memory = &memory,
                      .policy = t->policy.policy,
                      .artefact = a,
                      .snapshot = snapshot,
                      .request = r,
                      .what = &v->what,
                      .who = &v->who,
                      .today = clock_local(r->now).day,
                      .local = clock_local(r->now),
                      .step = &step};

    for (unsigned i = 0; i < RULES_MAX; i++)
        t->answers[i] = is_candidate(a, v->what.platform, t->rule[i])
                            ? match_rule(&m, &ARTEFACT_ROWS(a, RULES, struct a_rule)[t->rule[i]])
                            : NO;
}

static bool is_in(const struct trial *t, unsigned rule, enum sureness s)
{
    return t->answers[rule] == YES || (t->answers[rule] == UNSURE && s == POSSIBLE);
}

/* ck_assert writes to a file each time; this only when something is wrong. */
static void hold(const struct trial *t, bool holds, const char *what, unsigned request, unsigned x,
                 unsigned y)
{
    if (!holds)
        ck_abort_msg("%s (request %u, rules %u and %u of the text):\n%s", what, request, x, y, t->text);
}

static void check_sets(struct trial *t, unsigned request)
{
    for (unsigned s = SURE; s <= POSSIBLE; s++) {
        for (unsigned i = 0; i < RULES_MAX; i++) {
            if (!is_in(t, i, s))
                continue;
            hold(t, !t->study.rules[i].regions[s]->empty, "in a set that is called empty", request, i, s);
            for (unsigned k = 0; k < RULES_MAX; k++) {
                for (unsigned other = SURE; other <= POSSIBLE; other++)
                    hold(t, !t->within[s][other][i][k] || is_in(t, k, other),
                         "outside a set that is said to hold it", request, i, k);
                hold(t, t->meets[s][i][k] || !is_in(t, k, POSSIBLE), "in two sets that are said to be apart",
                     request, i, k);
                t->outside[i][k] |= s == SURE && !is_in(t, k, SURE);
            }
        }
    }
}

/* A rule with that fate is never the one that decides. */
static void check_fates(const struct trial *t, unsigned request, const struct verdict *v)
{
    for (unsigned i = 0; i < RULES_MAX; i++) {
        enum fate fate = t->study.rules[i].fate;
        bool idle = fate == FATE_DEAD || fate == FATE_CONTRADICTORY || fate == FATE_SHADOWED ||
                    fate == FATE_OUTRANKED;

        hold(t, !idle || (v->rule != t->rule[i] && v->would_rule != t->rule[i]),
             "decided by a rule that is said to do nothing", request, i, fate);
        hold(t, fate != FATE_UNSURE_ONLY || t->answers[i] != YES,
             "matches a rule that is said to be unsure at best", request, i, i);
    }
}

/* The page of what is allowed is never shown. */
static void check_same(const struct trial *t, unsigned request, const struct verdict *v,
                       const struct verdict *w)
{
    hold(t,
         v->action == w->action && v->would == w->would &&
             (v->action == ACTION_ALLOW || v->page == w->page) && v->ask == w->ask && v->bump == w->bump &&
             v->shadow == w->shadow,
         "answered in another way without the rules that are said to be superfluous", request, v->rule,
         w->rule);
}

static void check_requests(struct trial *t)
{
    struct snapshot whole = {.policy = t->policy.policy}, pruned = {.policy = t->pruned.policy};
    struct scratch *scratch = scratch_new(), *other = scratch_new();

    for (unsigned i = 0; i < REQUESTS; i++) {
        struct request r = request_at(i), again = r;
        struct verdict v, w;

        whole.standing = pruned.standing = standing_at(i);
        v = policy_judge(&whole, NULL, &r, scratch);
        w = policy_judge(&pruned, NULL, &again, other);
        answer_all(t, &r, &v, &whole);
        if (!(v.what.host_flags & HOST_MUST_WORK))
            check_sets(t, i);
        check_fates(t, i, &v);
        check_same(t, i, &v, &w);
    }
    scratch_free(scratch);
    scratch_free(other);
}

/* The policy without the rules that are called superfluous: their verbs begin a comment. */
static void prune(struct trial *t, char *text, size_t size)
{
    struct str rest = str_of(t->text);
    bool left_out = false;
    unsigned rule = 0;
    size_t at = 0;

    while (rest.n) {
        struct str line = str_cut(&rest, '\n');

        if (line.n && line.p[0] != ' ') {
            bool is_rule = str_istarts(line, STR("forbid ")) || str_istarts(line, STR("permit ")) ||
                           str_istarts(line, STR("require ")) || str_istarts(line, STR("reason "));
            enum fate fate = is_rule ? t->study.rules[rule++].fate : FATE_LIVES;

            left_out = fate != FATE_LIVES && fate != FATE_UNSURE_ONLY;
        }
        if (!left_out)
            at += (size_t)snprintf(text + at, size - at, "%.*s\n", STR_ARG(line));
    }
}

static void relate(struct trial *t)
{
    for (unsigned s = SURE; s <= POSSIBLE; s++)
        for (unsigned i = 0; i < RULES_MAX; i++)
            for (unsigned k = 0; k < RULES_MAX; k++) {
                const struct rule_study *x = &t->study.rules[i], *y = &t->study.rules[k];

                for (unsigned other = SURE; other <= POSSIBLE; other++)
                    t->within[s][other][i][k] =
                        region_within(t->study.world, x->regions[s], y->regions[other]);
                t->meets[s][i][k] = region_meets(t->study.world, x->regions[s], y->regions[POSSIBLE]);
            }
}

static void count(struct trial *t)
{
    for (unsigned i = 0; i < RULES_MAX; i++) {
        told[t->study.rules[i].fate]++;
        by_pairs += t->study.rules[i].with != NO_INDEX;
        for (unsigned k = 0; k < RULES_MAX; k++) {
            bool empty = t->study.rules[i].regions[SURE]->empty;

            held_within += i != k && !empty && t->within[SURE][SURE][i][k];
            really_within += i != k && !empty && !t->outside[i][k];
            held_apart += i < k && !empty && !t->meets[SURE][i][k];
        }
    }
}

static void try_policy(const char *text, struct builder *b)
{
    struct trial *t = calloc(1, sizeof *t);
    struct diag d;
    struct check c = {.b = b, .d = &d, .meta = build_meta(b)};
    struct rule_study rules[RULES_MAX] = {{{NULL, NULL}, NULL, FATE_LIVES, 0, 0}};
    static char pruned[8192];
    struct builder *without;

    diag_init(&d);
    t->text = text;
    t->study = (struct study){.c = &c, .today = TODAY, .n_rules = RULES_MAX, .rules = rules};
    t->study.world = world_new(b, WORLD_ANY);
    ck_assert(analyse_fates(&t->study));
    relate(t);
    for (unsigned i = 0; i < RULES_MAX; i++) {
        char id[4] = {'r', (char)('0' + (i * 5 + 3) % RULES_MAX)};

        t->rule[i] = (uint32_t)(id[1] - '0'); /* sorted by name */
        ck_assert_slice(build_text(b, check_rule_at(&c, i)->id), id);
    }
    prune(t, pruned, sizeof pruned);
    without = parse(pruned);
    ck_assert_msg(without != NULL, "%s", pruned);
    t->policy = open_policy(b);
    t->pruned = open_policy(without);
    check_requests(t);
    count(t);
    close_policy(&t->policy);
    close_policy(&t->pruned);
    for (unsigned i = 0; i < RULES_MAX; i++) {
        free(rules[i].regions[SURE]);
        free(rules[i].regions[POSSIBLE]);
        free(rules[i].acts);
    }
    world_free(t->study.world);
    build_free(without);
    free(t);
}

START_TEST(what_is_said_of_rules_holds_for_every_request)
{
    static char text[8192];
    struct diag d;

    diag_init(&d);
    ck_assert_int_eq(seal_init(&d), 0);
    state = 0x9e3779b97f4a7c15u;
    open_standings();
    for (unsigned n = 0; n < POLICIES;) {
        struct builder *b;

        draw_policy(text, sizeof text);
        b = parse(text);
        if (!b)
            continue;
        try_policy(text, b);
        build_free(b);
        n++;
    }
    close_standings();
    printf("fates:");
    for (unsigned i = 0; i <= FATE_NO_EFFECT; i++)
        printf(" %u", told[i]);
    printf("; within %u (of %u seen so), apart %u; by pairs %u\n", held_within, really_within, held_apart,
           by_pairs);
    /* A test that meets nothing proves nothing. */
    for (unsigned i = 0; i <= FATE_NO_EFFECT; i++)
        ck_assert_msg(told[i] >= 3, "too few rules of fate %u: %u", i, told[i]);
    ck_assert_uint_ge(held_within, 200);
    ck_assert_uint_ge(held_apart, 200);
    ck_assert_uint_ge(by_pairs, 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("analyse-sound");
    TCase *t = tcase_create("analyse-sound");

    tcase_set_timeout(t, 600);
    tcase_add_test(t, what_is_said_of_rules_holds_for_every_request);
    suite_add_tcase(s, t);
    return run_suite(s);
}
