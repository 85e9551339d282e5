#include "compile/compile.h"
#include "compile/diag_text.h"
#include "compile/pattern.h"
#include "core/policy.h"
#include "core/template.h"
#include "unit.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#define HEAD "platform tube \"Tube\"\nclass social\nversion 1\nhost main .tube.example\n"

static struct builder *b;
static struct diag diag;

static void setup(void)
{
    b = build_new();
    diag_init(&diag);
}

static void teardown(void)
{
    build_free(b);
}

static void read_map(const char *text)
{
    int result = parse_map(b, STR("tube.map"), str_of(text), &diag);

    ck_assert_msg(result == 0, "%u: %s", diag.n ? diag.messages[0].line : 0,
                  diag.n ? diag.messages[0].text : "?");
}

/* One error, at that line, with that part in its text. */
static void expect_error(const char *text, unsigned line, const char *part)
{
    build_free(b);
    setup();
    ck_assert_msg(parse_map(b, STR("tube.map"), str_of(text), &diag) == -1, "taken: %s", text);
    ck_assert_msg(strstr(diag.messages[0].text, part) != NULL, "%s", diag.messages[0].text);
    ck_assert_msg(diag.errors == 1, "%u errors: %s, %s", diag.errors, diag.messages[0].text,
                  diag.messages[1].text);
    ck_assert_uint_eq(diag.messages[0].line, line);
}

static void expect_row_error(const char *statement, const char *part)
{
    char text[1024];

    snprintf(text, sizeof text, "%s%s\n", HEAD, statement);
    expect_error(text, 5, part);
}

static const struct a_row *row(uint32_t i)
{
    ck_assert_uint_lt(i, build_count(b, SECTION_ROWS));
    return build_at(b, SECTION_ROWS, i);
}

static const struct a_platform *platform(const char *id)
{
    uint32_t index = build_find_platform(b, str_of(id));

    ck_assert_uint_ne(index, NO_INDEX);
    return build_at(b, SECTION_PLATFORMS, index);
}

#define ck_assert_built(a, text) ck_assert_slice(build_text(b, (a)), (text))

START_TEST(the_head_says_what_the_platform_is)
{
    read_map(
        "platform tube \"The Tube\" # a comment\nclass streaming\nmedia broadcast-only\nversion 2026-11-21\n"
        "source \"S = one source\"\naccounts ignore-dots case-matters\nhost main .tube.example\n");
    ck_assert_built(platform("tube")->name, "The Tube");
    ck_assert_built(platform("tube")->version, "2026-11-21");
    ck_assert_uint_eq(platform("tube")->class, CLASS_STREAMING);
    ck_assert_uint_eq(platform("tube")->flags,
                      PLATFORM_BROADCAST_ONLY | PLATFORM_DOTS_IGNORED | PLATFORM_CASE_MATTERS);
}
END_TEST

START_TEST(hosts_have_a_role_and_may_be_shared_or_in_part)
{
    read_map(HEAD
             "host cdn .cdn.example other.example shared\nhost main WWW.Wide.example below /tube/** /a/*\n"
             "host main tube.example\n");
    ck_assert_uint_eq(build_count(b, SECTION_HOSTS), 4);
    ck_assert_uint_eq(build_host(b, STR("tube.example"))->flags, HOST_SUBDOMAINS);
    ck_assert_uint_eq(build_host(b, STR("cdn.example"))->flags, HOST_SUBDOMAINS | HOST_SHARED);
    ck_assert_uint_eq(build_host(b, STR("cdn.example"))->role, ROLE_CDN);
    ck_assert_uint_eq(build_host(b, STR("other.example"))->flags, HOST_SHARED);
    ck_assert_uint_eq(build_host(b, STR("www.wide.example"))->below.n, 2);
    ck_assert_built(
        *(struct a_str *)build_at(b, SECTION_WORDS, build_host(b, STR("www.wide.example"))->below.at),
        "/a/*");
}
END_TEST

START_TEST(a_host_has_one_platform_and_one_role)
{
    expect_error(HEAD "host cdn .tube.example\n", 5, "another role");
    expect_error(HEAD "host main tube.example below /x/**\n", 5, "another role or part");
    build_free(b);
    setup();
    read_map(HEAD);
    ck_assert_int_eq(parse_map(b, STR("b.map"),
                               STR("platform b \"B\"\nclass social\nversion 1\nhost main b.example\n"
                                   "host cdn tube.example\n"),
                               &diag),
                     -1);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "is a host of platform 'tube' already"));
    ck_assert_uint_eq(diag.messages[0].line, 5);
    ck_assert_uint_eq(diag.messages[0].column, 10);
}
END_TEST

START_TEST(reserved_words_are_sorted_lower_case_and_once)
{
    const struct a_str *words;

    read_map(HEAD "reserved watch Login\nreserved about watch\n");
    ck_assert_uint_eq(platform("tube")->reserved.n, 3);
    words = build_at(b, SECTION_WORDS, platform("tube")->reserved.at);
    ck_assert_built(words[0], "about");
    ck_assert_built(words[1], "login");
    ck_assert_built(words[2], "watch");
}
END_TEST

START_TEST(alternatives_become_rows_in_order)
{
    read_map(
        HEAD
        "operation query op\nactivity react method POST path /a/* /b op like un* host x.example .y.example "
        "role main api query k=v* other-site likely\n");
    ck_assert_uint_eq(build_count(b, SECTION_ROWS), 9);
    ck_assert_uint_eq(platform("tube")->rows.at, 0);
    ck_assert_uint_eq(platform("tube")->rows.n, 9);
    for (uint32_t i = 1; i < 9; i++) {
        ck_assert_built(row(i)->path, i < 5 ? "/a/*" : "/b");
        ck_assert_uint_eq(row(i)->first, template_first(i < 5 ? STR("/a/*") : STR("/b")));
        ck_assert_built(row(i)->operation, (i - 1) / 2 % 2 ? "un*" : "like");
        ck_assert_uint_eq(row(i)->operation_hash, (i - 1) / 2 % 2 ? 0 : str_hash(STR("like")));
        ck_assert_built(row(i)->host, i % 2 ? "x.example" : ".y.example");
        ck_assert_uint_eq(row(i)->kind, ROW_ACTIVITY);
        ck_assert_uint_eq(row(i)->value, ACTIVITY_REACT);
        ck_assert_uint_eq(row(i)->methods, METHOD_POST);
        ck_assert_uint_eq(row(i)->roles, 1u << ROLE_MAIN | 1u << ROLE_API);
        ck_assert_uint_eq(row(i)->source, FROM_QUERY);
        ck_assert_built(row(i)->key, "k");
        ck_assert_built(row(i)->key_value, "v*");
        ck_assert_uint_eq(row(i)->flags, ROW_OTHER_SITE | ROW_LIKELY);
        ck_assert_uint_eq(row(i)->regex, NO_INDEX);
    }
}
END_TEST

START_TEST(a_socket_is_a_row_of_its_own)
{
    read_map(HEAD "activity message method WS path /ws\nactivity post method POST WS path /x\n");
    ck_assert_uint_eq(build_count(b, SECTION_ROWS), 3);
    ck_assert_uint_eq(row(0)->flags, ROW_UPGRADE);
    ck_assert_uint_eq(row(0)->methods, 0);
    ck_assert_uint_eq(row(1)->flags, 0);
    ck_assert_uint_eq(row(1)->methods, METHOD_POST);
    ck_assert_uint_eq(row(2)->flags, ROW_UPGRADE);
}
END_TEST

START_TEST(operations_stand_in_headers_keys_or_paths)
{
    read_map(HEAD "operation header X-Op\noperation form f\noperation json j\n"
                  "operation path /g/*/{account} /h/{account} method POST\n");
    ck_assert_uint_eq(build_count(b, SECTION_ROWS), 5);
    ck_assert_uint_eq(row(0)->source, FROM_HEADER);
    ck_assert_built(row(0)->key, "X-Op");
    ck_assert_uint_eq(row(1)->source, FROM_FORM);
    ck_assert_uint_eq(row(2)->source, FROM_JSON);
    ck_assert_uint_eq(row(3)->source, FROM_PATH);
    ck_assert_built(row(3)->path, "/g/*/{account}");
    ck_assert_uint_eq(row(4)->methods, METHOD_POST);
}
END_TEST

START_TEST(accounts_are_caught_by_path_value_or_pattern)
{
    const struct a_str *words;

    read_map(HEAD "account groups/{account} path /groups/{account}/** except Feed all\n"
                  "account {account} path /call query \"v=*\\\"n\\\":\\\"{account}\\\"*\"\n"
                  "account {account} match \"^/[^/]*-([0-9]{9,20})/?$\" likely\n"
                  "account - path /login /help/**\n");
    ck_assert_built(row(0)->format, "groups/{account}");
    ck_assert_uint_eq(row(0)->except.n, 2);
    words = build_at(b, SECTION_WORDS, row(0)->except.at);
    ck_assert_built(words[0], "all");
    ck_assert_built(words[1], "feed");
    ck_assert_built(row(1)->key_value, "*\"n\":\"{account}\"*");
    ck_assert_uint_eq(row(2)->flags, ROW_REGEX | ROW_LIKELY);
    ck_assert_uint_eq(row(2)->regex, 0);
    ck_assert_uint_eq(row(2)->first, 0);
    ck_assert_built(row(3)->format, "-");
    ck_assert_uint_eq(build_count(b, SECTION_ROWS), 5);
}
END_TEST

START_TEST(identities_have_a_prefix_or_are_opaque)
{
    read_map(HEAD "identity cookie id after \"u%3D\"\nidentity header X-Id\nidentity cookie secret opaque\n");
    ck_assert_uint_eq(row(0)->kind, ROW_IDENTITY);
    ck_assert_uint_eq(row(0)->source, FROM_COOKIE);
    ck_assert_built(row(0)->key, "id");
    ck_assert_built(row(0)->format, "u%3D");
    ck_assert_uint_eq(row(1)->source, FROM_HEADER);
    ck_assert_uint_eq(row(1)->format.n, 0);
    ck_assert_built(row(2)->format, "-");
}
END_TEST

/* core compiles the patterns in the order of their rows, through all maps. */
START_TEST(patterns_are_numbered_through_all_maps)
{
    struct policy *policy;
    unsigned char *bytes;
    size_t size;

    read_map(HEAD "embed match \"^/a\" host x.example y.example\nembed path /b\nembed match \"^/c\"\n");
    read_map("platform b \"B\"\nclass social\nversion 1\nhost main b.example\nembed match \"^/d\"\n");
    ck_assert_uint_eq(row(0)->regex, 0);
    ck_assert_uint_eq(row(1)->regex, 1);
    ck_assert_uint_eq(row(2)->regex, NO_INDEX);
    ck_assert_uint_eq(row(3)->regex, 2);
    ck_assert_uint_eq(row(4)->regex, 3);
    ck_assert_int_eq(build_finish(b, &bytes, &size, &diag), 0);
    ck_assert_int_eq(policy_open_mem(bytes, size, &policy, &diag), 0);
    policy_free(policy);
    free(bytes);
}
END_TEST

START_TEST(unknown_words_are_told_with_the_nearest)
{
    expect_error(HEAD "hosts main x.example\n", 5, "did you mean 'host'?");
    expect_row_error("activity pots path /x", "did you mean 'post'?");
    expect_row_error("activity post paths /x", "did you mean 'path'?");
    expect_row_error("activity post role man", "did you mean 'main'?");
    expect_row_error("activity post method POTS", "did you mean 'POST'?");
    expect_row_error("host mian x.example", "did you mean 'main'?");
    expect_row_error("accounts ignore-dot", "did you mean 'ignore-dots'?");
    expect_row_error("operation headers X", "did you mean 'header'?");
    expect_error("platform a \"A\"\nclass sociall\nversion 1\nhost main x.example\n", 2,
                 "did you mean 'social'?");
}
END_TEST

START_TEST(a_whole_map_says_class_version_and_main_host)
{
    expect_error("platform a \"A\"\nversion 1\nhost main x.example\n", 0, "class");
    expect_error("platform a \"A\"\nclass social\nhost main x.example\n", 0, "version");
    expect_error("platform a \"A\"\nclass social\nversion 1\nhost cdn x.example\n", 0, "main host");
    expect_error("class social\nplatform a \"A\"\nclass social\nversion 1\nhost main x.example\n", 1,
                 "begins with");
    expect_error("", 0, "empty");
    expect_error(HEAD "class social\n", 5, "said already");
    expect_error("platform A \"A\"\nclass social\nversion 1\n", 1, "an id is made of");
    expect_error("platform a\n", 1, "its name");
}
END_TEST

START_TEST(a_platform_has_one_map)
{
    read_map(HEAD);
    ck_assert_int_eq(parse_map(b, STR("b.map"), STR(HEAD), &diag), -1);
    ck_assert_uint_eq(diag.errors, 1);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "a map of 'tube' already"));
}
END_TEST

START_TEST(account_rows_must_catch_one_name)
{
    expect_row_error("account {account} path /x", "catches the account");
    expect_row_error("account {account} path /{account} /x", "'/x' does not catch");
    expect_row_error("account {account} path /{account} query k={account}", "two places catch");
    expect_row_error("account {account} query k={account} path /{account}", "two places catch");
    expect_row_error("account {account} match \"^/x\"", "catches the account");
    expect_row_error("account {account} match \"^/(x)/(y)\"", "one capture");
    expect_row_error("account groups path /{account}", "holds {account} once");
    expect_row_error("account {account}{account} path /{account}", "holds {account} once");
    expect_row_error("account - path /{account}", "nothing is caught");
    expect_row_error("account - path /x except y", "nothing is caught");
    expect_row_error("account ? path /{account}", "nothing is caught");
    expect_row_error("account ?? path /x", "holds {account} once");
    expect_row_error("account page form url={account}", "nothing is caught");
    expect_row_error("account page path /x", "needs what holds the page's address");
    expect_row_error("account page cookie url", "needs what holds the page's address");
    expect_row_error("account page form url=/x", "reads the whole value");
    expect_row_error("account {account} path /{account} except", "followed by what it selects");
}
END_TEST

START_TEST(a_tool_manages_another_platform)
{
    read_map(
        "platform desk \"Desk\"\nclass publishing-tool\nversion 1\nhost main desk.example\nmanages tube\n");
    ck_assert_int_eq(finish_maps(b, &diag), -1);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "manages 'tube', and there is no map"));
    ck_assert_uint_eq(diag.messages[0].line, 1);
    read_map(HEAD);
    ck_assert_int_eq(finish_maps(b, &diag), 0);
    ck_assert_uint_eq(platform("desk")->manages, build_find_platform(b, STR("tube")));
    ck_assert_uint_eq(platform("tube")->manages, NO_INDEX);
    expect_row_error("manages tube", "does not manage itself");
}
END_TEST

START_TEST(a_host_may_catch_the_account)
{
    read_map(HEAD "account {account} host {account}.tube.example {account}.wide.example\n");
    ck_assert_built(row(0)->host, "{account}.tube.example");
    ck_assert_uint_eq(row(0)->flags, ROW_HOST_CATCHES);
    expect_row_error("account {account} host {account}.tube.example path /{account}", "two places catch");
    expect_row_error("account {account} host {account}.tube.example www.tube.example", "all catch");
    expect_row_error("account {account} host www.tube.example {account}.tube.example", "all catch");
    expect_row_error("account {account} host {account}tube.example", "whole first label");
    expect_row_error("account {account} host {account}.", "no host name");
    expect_row_error("account - host {account}.tube.example", "nothing is caught");
    expect_row_error("activity view host {account}.tube.example", "catches nothing");
}
END_TEST

START_TEST(other_rows_catch_nothing)
{
    expect_row_error("activity post path /{account}", "catches nothing");
    expect_row_error("activity post query k={account}", "catches nothing");
    expect_row_error("activity post path /x except y", "'except' is for account statements");
    expect_row_error("activity post path /x organisation",
                     "'organisation' and 'people-search' are for account statements");
    expect_row_error("account - path /x organisation",
                     "with '-' no account is named that could be an organisation's");
    expect_row_error("account {account} path /{account} people-search",
                     "a people-search is about many people: write 'account ?'");
    expect_row_error("embed", "true of every request");
    expect_row_error("background", "true of every request");
}
END_TEST

START_TEST(selectors_are_checked)
{
    expect_row_error("activity post path x", "begins with '/'");
    expect_row_error("activity post path /a/**/b", "'**' may only stand at the end");
    expect_row_error("activity post path /x path /y", "said already");
    expect_row_error("activity post path", "followed by what it selects");
    expect_row_error("activity post path method POST", "followed by what it selects");
    expect_row_error("activity post path /x match \"^/y\"", "exclude each other");
    expect_row_error("activity post match \"^/y\" \"^/z\"", "takes one pattern");
    expect_row_error("activity post match \"/y\"", "begins with '^'");
    expect_row_error("activity post query a=b form c", "one parameter");
    expect_row_error("activity post query =b", "NAME=VALUE");
    expect_row_error("activity post query a=", "NAME=VALUE");
    expect_row_error("activity post query a=b**", "side by side");
    expect_row_error("activity post query a=*b*c*", "at most two");
    expect_row_error("activity post cookie a=b", "a cookie's value");
    expect_row_error("activity post host not_a_host!", "no host name");
    expect_row_error("activity post op *", "something between");
    expect_row_error("activity post op a**b", "side by side");
    expect_row_error("activity post op *a*b*c*", "up to three");
    expect_row_error("operation path /x/y", "does not catch");
    expect_row_error("operation header X op y", "cannot depend on its name");
    expect_row_error("identity query x", "'cookie' or a 'header'");
    expect_row_error("reserved a/b", "one segment");
    expect_row_error("host main", "needs a host");
    expect_row_error("host main x.example below", "followed by a path");
    expect_row_error("host main x.example below y", "no path template");
    expect_row_error("host cdn shared", "needs a host");
}
END_TEST

START_TEST(names_need_a_place)
{
    expect_error(HEAD "activity post op Create\n", 0, "no 'operation' statement");
}
END_TEST

START_TEST(all_errors_come_at_once)
{
    ck_assert_int_eq(
        parse_map(b, STR("tube.map"),
                  STR(HEAD "activity pots path /x\nhost main !\nactivity post path y\nembed path /ok\n"),
                  &diag),
        -1);
    ck_assert_uint_eq(diag.errors, 3);
    ck_assert_uint_eq(diag.messages[2].line, 7);
    ck_assert_uint_eq(build_count(b, SECTION_ROWS), 1);
}
END_TEST

START_TEST(a_statement_makes_so_many_rows_at_most)
{
    static char text[8192];
    size_t n = (size_t)snprintf(text, sizeof text, "%soperation query o\nactivity post path", HEAD);

    for (int i = 0; i < 30; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " /p%d", i);
    n += (size_t)snprintf(text + n, sizeof text - n, " op");
    for (int i = 0; i < 30; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " o%d", i);
    expect_error(text, 6, "more than 512 rows");
}
END_TEST

static bool sound(const char *pattern)
{
    char problem[PATTERN_PROBLEM];
    unsigned captures;
    size_t at;

    return pattern_sound(str_of(pattern), &captures, problem, &at);
}

START_TEST(patterns_that_run_within_bounds_are_sound)
{
    static const char *const good[] = {
        "^/[^/]*-([0-9]{9,20})(?:/.*+)?$", "^/(?:a|b)?x", "^/\\.\\d+", "^/[]a-z]+", "^a*+b*+c*+d*+e*f*", "^"};
    static const char *const bad[] = {"",
                                      "/x",
                                      "x^",
                                      "^(a+)+",
                                      "^(a*)*",
                                      "^(a|b){2,}",
                                      "^(?:a?){3}",
                                      "^(a)\\1",
                                      "^(?1)(a)",
                                      "^(?R)",
                                      "^(?=a)",
                                      "^(?<!a)b",
                                      "^(?>a)",
                                      "^(?<n>a)",
                                      "^(?i)a",
                                      "^(*LIMIT_MATCH=9)a",
                                      "^\\Ka",
                                      "^\\Qa\\E",
                                      "^\\C",
                                      "^\\R",
                                      "^a|b",
                                      "^(?:a|b)|c",
                                      "^[a",
                                      "^(a",
                                      "^a)",
                                      "^*",
                                      "^a**b**",
                                      "^a{",
                                      "^{2}",
                                      "^a*b*c*",
                                      "^a{2,}b+c*",
                                      "^[a[b]",
                                      "^a{0,2000}b{0,2000}c{0,2000}",
                                      "^a\nb",
                                      "^a\\"};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(sound(good[i]), "refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!sound(bad[i]), "taken: %s", bad[i]);
    ck_assert(sound("^()()()()()()()()()()()()()()()()"));
    ck_assert(!sound("^()()()()()()()()()()()()()()()()()"));
}
END_TEST

/* tests/check/bad/map-*.map, each with its messages in .expect: read behind another platform's map. */
static char *messages_of(const char *path)
{
    struct str text;
    char *messages;

    build_free(b);
    setup();
    read_map(HEAD);
    ck_assert_int_eq(source_read_file(path, &text, &diag), 0);
    ck_assert_msg(parse_map(b, STR("stage.map"), text, &diag) == -1, "taken: %s", path);
    messages = diag_render(&diag, NULL);
    free((char *)(uintptr_t)text.p);
    return messages;
}

START_TEST(bad_maps_say_what_is_wrong)
{
    const char *root = getenv("PORTREEVE_MAPS");
    char pattern[4096], path[4096];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/../tests/check/bad/map-*.map", root ? root : "policy-maps");
    ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
    ck_assert_uint_ge(found.gl_pathc, 7);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *messages = messages_of(found.gl_pathv[i]);
        struct str expected;

        snprintf(path, sizeof path, "%.*s.expect", (int)(strlen(found.gl_pathv[i]) - strlen(".map")),
                 found.gl_pathv[i]);
        ck_assert_int_eq(source_read_file(path, &expected, &diag), 0);
        ck_assert_str_eq(messages, expected.p);
        free((char *)(uintptr_t)expected.p);
        free(messages);
    }
    globfree(&found);
}
END_TEST

START_TEST(a_map_has_a_size_at_most)
{
    enum { TEN_MIB = 10 << 20 };
    static const char line[] = "activity post path /x\n";
    char *text = malloc(TEN_MIB + 1);
    size_t n = sizeof HEAD - 1;

    ck_assert_ptr_nonnull(text);
    memcpy(text, HEAD, n);
    for (; n + sizeof line - 1 <= TEN_MIB; n += sizeof line - 1)
        memcpy(text + n, line, sizeof line - 1);
    ck_assert_int_eq(parse_map(b, STR("tube.map"), (struct str){text, n}, &diag), -1);
    ck_assert_uint_eq(diag.errors, 1);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "has 1024 KiB at most"));
    ck_assert_uint_eq(diag.messages[0].line, 5 + ((1 << 20) - (sizeof HEAD - 1)) / (sizeof line - 1));
    ck_assert_str_eq(diag.messages[0].source, "activity post path /x");
    free(text);
}
END_TEST

START_TEST(hosts_known_are_words_and_the_rows_hosts)
{
    const struct a_str *words;

    read_map(HEAD "hosts-known web EU-*\nhosts-known * web\nactivity view host help.tube.example path /a /b\n"
                  "account {account} host {account}.tube.example\nactivity post host .live.tube.example\n");
    ck_assert_uint_eq(platform("tube")->hosts_known.n, 6);
    words = build_at(b, SECTION_WORDS, platform("tube")->hosts_known.at);
    ck_assert_built(words[0], "*");
    ck_assert_built(words[1], ".help.tube.example");
    ck_assert_built(words[2], ".live.tube.example");
    ck_assert_built(words[3], ".tube.example");
    ck_assert_built(words[4], "eu-*");
    ck_assert_built(words[5], "web");
}
END_TEST

START_TEST(hosts_known_are_so_many_at_most)
{
    char text[2048];
    size_t n = (size_t)snprintf(text, sizeof text, "%shosts-known", HEAD);

    for (int i = 0; i < 65; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " h%d", i);
    expect_error(text, 5, "at most 64 words");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("map");
    TCase *tests = tcase_create("map");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, the_head_says_what_the_platform_is);
    tcase_add_test(tests, hosts_have_a_role_and_may_be_shared_or_in_part);
    tcase_add_test(tests, a_host_has_one_platform_and_one_role);
    tcase_add_test(tests, reserved_words_are_sorted_lower_case_and_once);
    tcase_add_test(tests, alternatives_become_rows_in_order);
    tcase_add_test(tests, a_socket_is_a_row_of_its_own);
    tcase_add_test(tests, operations_stand_in_headers_keys_or_paths);
    tcase_add_test(tests, accounts_are_caught_by_path_value_or_pattern);
    tcase_add_test(tests, identities_have_a_prefix_or_are_opaque);
    tcase_add_test(tests, patterns_are_numbered_through_all_maps);
    tcase_add_test(tests, unknown_words_are_told_with_the_nearest);
    tcase_add_test(tests, a_whole_map_says_class_version_and_main_host);
    tcase_add_test(tests, a_platform_has_one_map);
    tcase_add_test(tests, account_rows_must_catch_one_name);
    tcase_add_test(tests, a_tool_manages_another_platform);
    tcase_add_test(tests, a_host_may_catch_the_account);
    tcase_add_test(tests, other_rows_catch_nothing);
    tcase_add_test(tests, selectors_are_checked);
    tcase_add_test(tests, names_need_a_place);
    tcase_add_test(tests, all_errors_come_at_once);
    tcase_add_test(tests, bad_maps_say_what_is_wrong);
    tcase_add_test(tests, a_map_has_a_size_at_most);
    tcase_add_test(tests, hosts_known_are_words_and_the_rows_hosts);
    tcase_add_test(tests, hosts_known_are_so_many_at_most);
    tcase_add_test(tests, a_statement_makes_so_many_rows_at_most);
    tcase_add_test(tests, patterns_that_run_within_bounds_are_sound);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
