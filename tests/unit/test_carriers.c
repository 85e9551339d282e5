/* carriers.map as text, what the policy says of carriers, and what stands inside. */
#include "compile/compile.h"
#include "core/explain.h"
#include "core/policy.h"
#include "core/text.h"

#include "unit.h"

#include <stdio.h>

static const char map_text[] = "platform stage \"Stage\"\nclass social\nversion 1\nhost main .stage.example\n"
                               "reserved about\naccount {account} path /{account}\nidentity cookie uid\n";
static const char page_text[] = "status 403\ntitle \"T\"\nh1 \"H\"\np \"P\"\n";
static const char carriers_text[] = "version 2026-11-30\nsource \"made up\"\n"
                                    "carrier tr host .tr.example name\n"
                                    "carrier tr host old.tr.example query u\n"
                                    "carrier ar host ar.example www.ar.example path /{url} /*/{url}\n"
                                    "carrier ar host ar.example hidden path /*\n"
                                    "carrier ca host ca.example query q after \"cache:\"\n"
                                    "carrier amp host amp.example path /amp/s/{url} if-open\n";

static struct policy *policy;
static unsigned char *bytes;
static struct scratch *scratch;
static struct diag d;

/* A policy whose head has these lines. */
static void make(const char *head)
{
    static char text[2000];
    struct source_file files[] = {
        {STR("carriers.map"), STR(carriers_text)},
        {STR("council.policy"), {text, 0}},
        {STR("pages/no.page"), STR(page_text)},
        {STR("platforms/stage.map"), STR(map_text)},
        {STR("registers/accounts.csv"), STR("platform,account\nstage,Council\n")},
        {STR("registers/hosts.csv"),
         STR("host,category,owner,note\n.bets.example,gambling,ICT,test\nca.example,drugs,ICT,test\n")},
    };
    struct source s = {files, sizeof files / sizeof *files};
    size_t size;

    files[1].text.n = (size_t)snprintf(
        text, sizeof text,
        "policy \"P\" version 1 from 2026-04-01\ncouncil \"C\"\nowner \"O\"\napproved-by \"O\" on "
        "2026-03-18\n"
        "review-due 2027-03-31\ndefault deny cite \"5\" because \"It is shut.\" page no\nunsure refuse page "
        "no\n"
        "malformed refuse page no\n%s"
        "forbid bets\n    category gambling\n    because \"B\"\n    cite \"6\"\n    page no\n"
        "forbid one-host\n    host .shut.example\n    because \"B\"\n    cite \"6\"\n    page no\n"
        "permit council\n    account stage:Council\n    activity view\n    because \"B\"\n    cite \"7\"\n",
        head);
    diag_init(&d);
    ck_assert_msg(compile_source(&s, 20600, 0, &bytes, &size, &d) == 0, "%u: %s", d.messages[0].line,
                  d.messages[0].text);
    ck_assert_int_eq(policy_open_mem(bytes, size, &policy, &d), 0);
    scratch = scratch_new();
}

static void unmake(void)
{
    policy_free(policy);
    free(bytes);
    scratch_free(scratch);
}

static struct verdict judge(struct request *r, const char *target)
{
    const struct snapshot snapshot = {.policy = policy};

    *r = (struct request){.method = strchr(target, '/') ? STR("GET") : STR("CONNECT"),
                          .target = str_of(target),
                          .user = STR("alice"),
                          .has_groups = true,
                          .now = 1779000000};
    return policy_judge(&snapshot, NULL, r, scratch);
}

static void expect(const char *target, enum action action, enum why why, enum carried carried)
{
    struct request r;
    struct verdict v = judge(&r, target);

    ck_assert_msg(v.action == action && v.why == why && v.what.carried == carried, "%s: %s by %s, carried %d",
                  target, word_of(WORDS_ACTION, v.action), word_of(WORDS_WHY, v.why), (int)v.what.carried);
    ck_assert((v.what.carrier == NO_INDEX) == (carried == CARRIED_NOTHING));
    ck_assert((v.what.inner_host.n > 0) == (carried == CARRIED_PAGE));
}

START_TEST(the_address_inside_is_judged)
{
    make("");
    expect("https://www-stage-example.tr.example/Council", ACTION_ALLOW, WHY_RULE, CARRIED_PAGE);
    expect("https://www-stage-example.tr.example/Other", ACTION_REFUSE, WHY_DEFAULT, CARRIED_PAGE);
    expect("https://old.tr.example/?u=stage.example/Council", ACTION_ALLOW, WHY_RULE, CARRIED_PAGE);
    expect("https://ar.example/2020/https://stage.example/Other", ACTION_REFUSE, WHY_DEFAULT, CARRIED_PAGE);
    expect("https://amp.example/amp/s/stage.example/Other", ACTION_REFUSE, WHY_DEFAULT, CARRIED_PAGE);
    /* Its categories count, and a rule's hosts, whether or not it is a platform's. */
    expect("https://ar.example/https://www.bets.example/", ACTION_REFUSE, WHY_RULE, CARRIED_PAGE);
    expect("https://ar.example/https://old.tr.example/%3Fu=www.bets.example", ACTION_REFUSE, WHY_RULE,
           CARRIED_PAGE);
    expect("https://ar.example/https://x.shut.example/", ACTION_REFUSE, WHY_RULE, CARRIED_PAGE);
    expect("https://ar.example/https://news.example/", ACTION_ALLOW, WHY_SCOPE, CARRIED_PAGE);
    expect("https://www-bets-example.tr.example/", ACTION_REFUSE, WHY_RULE, CARRIED_PAGE);
    unmake();
}
END_TEST

START_TEST(what_cannot_be_read_or_is_hidden)
{
    make("");
    expect("https://old.tr.example/?u=http://[::", ACTION_REFUSE, WHY_MALFORMED, CARRIED_UNREADABLE);
    expect("https://old.tr.example/?u=a.example&u=b.example", ACTION_REFUSE, WHY_MALFORMED,
           CARRIED_UNREADABLE);
    expect("https://ca.example/?q=cache:", ACTION_REFUSE, WHY_MALFORMED, CARRIED_UNREADABLE);
    expect("https://ca.example/?q=weather", ACTION_ALLOW, WHY_SCOPE, CARRIED_NOTHING);
    expect("https://ar.example/AbC1", ACTION_REFUSE, WHY_UNSURE, CARRIED_HIDDEN);
    expect("https://www.ar.example/AbC1", ACTION_ALLOW, WHY_SCOPE, CARRIED_NOTHING);
    expect("https://ar.example/", ACTION_ALLOW, WHY_SCOPE, CARRIED_NOTHING);
    expect("https://ar-example.tr.example/AbC1", ACTION_REFUSE, WHY_UNSURE, CARRIED_HIDDEN);
    unmake();
    make("must-work ar.example\n");
    expect("https://ar.example/AbC1", ACTION_ALLOW, WHY_SCOPE, CARRIED_HIDDEN);
    expect("https://ar.example/https://www..stage.example/", ACTION_ALLOW, WHY_SCOPE, CARRIED_UNREADABLE);
    unmake();
}
END_TEST

static bool bumped(const char *target)
{
    struct request r;

    return judge(&r, target).bump;
}

START_TEST(the_policy_says_how_far)
{
    make("carriers open\n");
    ck_assert(bumped("ar.example:443") && bumped("news-example.tr.example:443") &&
              !bumped("amp.example:443"));
    unmake();
    make("carriers seen\n    assumption \"Opening costs too much.\"\n");
    ck_assert(!bumped("ar.example:443") && !bumped("news-example.tr.example:443"));
    ck_assert(bumped("stage-example.tr.example:443")); /* its name says enough */
    expect("https://ar.example/https://stage.example/Other", ACTION_REFUSE, WHY_DEFAULT, CARRIED_PAGE);
    unmake();
    make("carriers ignore\n");
    ck_assert(!bumped("ar.example:443") && !bumped("stage-example.tr.example:443"));
    expect("https://ar.example/https://stage.example/", ACTION_ALLOW, WHY_SCOPE, CARRIED_NOTHING);
    expect("https://ar.example/AbC1", ACTION_ALLOW, WHY_SCOPE, CARRIED_NOTHING);
    unmake();
    make("never-bump ar.example\n");
    ck_assert(!bumped("ar.example:443"));
    unmake();
    make("never-bump .ar.example\nmust-work .amp.example\n"); /* wider than the carriers say */
    ck_assert(!bumped("x.ar.example:443") && !bumped("ar.example:443"));
    unmake();
}
END_TEST

/* The platform's cookie is not sent to a carrier: whoever shows one made it. */
START_TEST(nobody_is_signed_in_through_a_carrier)
{
    const struct header cookie = {STR("Cookie"), STR("uid=1")};
    const struct snapshot *snapshot;
    struct request r = {.method = STR("GET"),
                        .target = STR("https://stage-example.tr.example/Council"),
                        .headers = &cookie,
                        .n_headers = 1,
                        .now = 1779000000};

    make("");
    snapshot = &(struct snapshot){.policy = policy};
    ck_assert_uint_eq(policy_judge(snapshot, NULL, &r, scratch).what.identity, IDENTITY_UNKNOWN);
    r.target = STR("https://stage.example/Council");
    ck_assert_uint_eq(policy_judge(snapshot, NULL, &r, scratch).what.identity, IDENTITY_OTHER);
    unmake();
}
END_TEST

START_TEST(explain_tells_the_carrier)
{
    static const struct {
        const char *target, *line;
    } rows[] = {
        {"https://stage-example.tr.example/Council", "  via: tr\n  host inside: stage.example\n"},
        {"https://ar.example/AbC1", "  via: ar\n  host inside: hidden by its address\n"},
        {"https://old.tr.example/?u=http://[::", "  via: tr\n  host inside: cannot be read\n"},
    };
    static char story[16384];

    make("");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct snapshot snapshot = {.policy = policy};
        struct request r;
        struct verdict v = judge(&r, rows[i].target);
        struct text t;

        text_init(&t, story, sizeof story);
        explain(&snapshot, &r, &v, &t);
        ck_assert_msg(memmem(story, t.n, rows[i].line, strlen(rows[i].line)) != NULL, "%.*s", (int)t.n,
                      story);
    }
    unmake();
}
END_TEST

static const struct {
    const char *text, *message;
    unsigned line;
} errors[] = {
    {"carrier a host .a.example name\n", "do not say their version", 0},
    {"version 1\nversion 2\n", "was said already", 2},
    {"version 1\ncarier a host .a.example name\n", "did you mean 'carrier'", 2},
    {"version 1\ncarrier A host .a.example name\n", "an id is made of", 2},
    {"version 1\ncarrier a host a.example name\n", "write '.a.example'", 2},
    {"version 1\ncarrier a host .a.example\n", "say where the address stands", 2},
    {"version 1\ncarrier a host .a.example name query u\n", "in one way", 2},
    {"version 1\ncarrier a query u\n", "a carrier has a host", 2},
    {"version 1\ncarrier a hots a.example query u\n", "did you mean 'host'", 2},
    {"version 1\ncarrier a host a.example query\n", "must be followed", 2},
    {"version 1\ncarrier a host a.example query u=1\n", "without its value", 2},
    {"version 1\ncarrier a host a.example path x/{url}\n", "is no path of a carrier", 2},
    {"version 1\ncarrier a host a.example path /**/{url}\n", "is no path of a carrier", 2},
    {"version 1\ncarrier a host a.example path /{account}/{url}\n", "is no path of a carrier", 2},
    {"version 1\ncarrier a host a.example path /x /{url}\n", "divide the statement", 2},
    {"version 1\ncarrier a host .a.example name after \"x\"\n", "'after' goes with", 2},
    {"version 1\ncarrier a host a..example query u\n", "two dots", 2},
};

START_TEST(errors_have_their_place)
{
    struct builder *b = build_new();

    diag_init(&d);
    ck_assert_int_eq(parse_carriers(b, STR("carriers.map"), str_of(errors[_i].text), &d), -1);
    ck_assert_msg(strstr(d.messages[0].text, errors[_i].message) != NULL, "%s", d.messages[0].text);
    ck_assert_uint_eq(d.messages[0].line, errors[_i].line);
    build_free(b);
}
END_TEST

START_TEST(too_many_places)
{
    static char text[16384] = "version 1\n";
    struct builder *b = build_new();
    size_t n = strlen(text);

    for (int i = 0; i < 257; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "carrier a host h%d.example query u\n", i);
    diag_init(&d);
    ck_assert_int_eq(parse_carriers(b, STR("carriers.map"), str_of(text), &d), -1);
    ck_assert_uint_eq(d.errors, 1);
    ck_assert_uint_eq(d.messages[0].line, 258);
    build_free(b);
}
END_TEST

static const struct {
    const char *words, *message;
} owner_errors[] = {
    {"owner", "must be followed by"},          {"owner 32934", "such as AS32934"},
    {"owner AS0", "such as AS32934"},          {"owner AS64512", "such as AS32934"},
    {"owner AS4294967295", "such as AS32934"}, {"owner AS1 AS1", "already"},
    {"ower AS1", "did you mean 'owner'"},
};

START_TEST(owners_have_numbers)
{
    char text[300];
    struct builder *b = build_new();

    snprintf(text, sizeof text, "platform a \"A\"\nclass social\nversion 1\nhost main a.example\n%s\n",
             owner_errors[_i].words);
    diag_init(&d);
    ck_assert_int_eq(parse_map(b, STR("a.map"), str_of(text), &d), -1);
    ck_assert_msg(strstr(d.messages[0].text, owner_errors[_i].message) != NULL, "%s", d.messages[0].text);
    ck_assert_uint_eq(d.messages[0].line, 5);
    build_free(b);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("carriers");
    TCase *t = tcase_create("all");

    tcase_add_test(t, the_address_inside_is_judged);
    tcase_add_test(t, what_cannot_be_read_or_is_hidden);
    tcase_add_test(t, the_policy_says_how_far);
    tcase_add_test(t, nobody_is_signed_in_through_a_carrier);
    tcase_add_test(t, explain_tells_the_carrier);
    tcase_add_loop_test(t, errors_have_their_place, 0, sizeof errors / sizeof *errors);
    tcase_add_test(t, too_many_places);
    tcase_add_loop_test(t, owners_have_numbers, 0, sizeof owner_errors / sizeof *owner_errors);
    suite_add_tcase(s, t);
    return run_suite(s);
}
