#include "compile/cases.h"
#include "compile/compile.h"

#include "unit.h"

#include <stdlib.h>

static const char map[] = "platform facebook \"Facebook\"\nclass social\nversion 1\nhost main .facebook.com\n"
                          "operation header X-FB-Friendly-Name\n"
                          "activity post method POST op ComposerStoryCreateMutation\n"
                          "activity react method POST form like=1\n"
                          "account {account} role main path /{account}/** except api\n"
                          "identity cookie c_user\n";

static const char policy[] =
    "policy \"P\" version 1 from 2026-04-01\ncouncil \"C\"\nowner \"O\"\n"
    "approved-by \"O\" on 2026-03-18\nreview-due 2027-03-31\n"
    "contact service-desk \"the desk\" mail desk@council.example\n"
    "group comms \"may post\"\n"
    "default deny cite \"5\" because \"It is shut.\" page default-deny\n"
    "permit comms-all\n    group comms\n    because \"B\"\n    cite \"5\"\n"
    "forbid counted\n    group comms\n    activity react\n    shadow\n    because \"B\"\n"
    "    cite \"6\"\n";

static const char page[] = "status 403\ntitle \"Web\"\nh1 \"No\"\np \"Shut.\"\n";

static struct policy *p;
static unsigned char *bytes;
static struct diag d;
static struct case_result result;

static void setup(void)
{
    struct source_file files[] = {
        {STR("council.policy"), STR(policy)},
        {STR("pages/default-deny.page"), STR(page)},
        {STR("platforms/facebook.map"), STR(map)},
        {STR("registers/accounts.csv"), STR("platform,account\nfacebook,Anytown\n")},
    };
    struct source s = {files, sizeof files / sizeof *files};
    size_t size;

    diag_init(&d);
    ck_assert_msg(compile_source(&s, 20585, 0, &bytes, &size, &d) == 0, "%s", d.messages[0].text);
    ck_assert_int_eq(policy_open_mem(bytes, size, &p, &d), 0);
    diag_init(&d);
    result = (struct case_result){0, 0};
}

static void teardown(void)
{
    policy_free(p);
    free(bytes);
}

static int run(const char *text)
{
    return cases_run(&(struct snapshot){.policy = p}, STR("tests/x.case"), str_of(text), &result, &d);
}

#define AT "at 2026-05-12T10:00:00+01:00\n"

static void passes(const char *text)
{
    int answer = run(text);

    ck_assert_msg(answer == 0 && result.failed == 0 && d.errors == 0, "%s", d.messages[0].text);
}

START_TEST(a_case_passes)
{
    passes(AT "case \"nobody gets in\"\n    user alice groups\n    GET https://www.facebook.com/Anytown\n"
              "    expect refuse rule default page default-deny why default\n"
              "    expect platform facebook class social activity view account Anytown account-state named\n"
              "    expect confidence likely identity none category none step none bump no shadow none would "
              "none\n");
    ck_assert_uint_eq(result.passed, 1);
}
END_TEST

START_TEST(a_case_fails_with_what_came)
{
    ck_assert_int_eq(run(AT
                         "# a comment\n\ncase \"nobody gets in\"\n    GET https://www.facebook.com/Anytown\n"
                         "    expect allow rule comms-all account other\n"),
                     0);
    ck_assert_uint_eq(result.failed, 1);
    ck_assert_uint_eq(result.passed, 0);
    ck_assert_uint_eq(d.errors, 1);
    ck_assert_uint_eq(d.messages[0].line, 4);
    ck_assert_str_eq(d.messages[0].file, "tests/x.case");
    ck_assert_str_eq(d.messages[0].text,
                     "case 'nobody gets in': expected action allow, not refuse; rule comms-all, "
                     "not default; account other, not Anytown");
}
END_TEST

START_TEST(cases_do_not_touch_each_other)
{
    passes(AT "case \"one\"\n    user alice\n    groups comms\n    header Cookie: c_user=1\n"
              "    GET https://www.facebook.com/Anytown\n    expect allow rule comms-all identity other\n"
              "case \"two\"\n    GET https://www.facebook.com/Anytown\n    expect refuse identity none\n");
    ck_assert_uint_eq(result.passed, 2);
}
END_TEST

START_TEST(groups_are_resolved_or_not)
{
    passes(AT
           "case \"no line: not resolved\"\n    user alice\n    GET https://www.facebook.com/\n"
           "    expect refuse why unsure\n"
           "case \"an empty line: none\"\n    user alice\n    groups\n    GET https://www.facebook.com/\n"
           "    expect refuse why default\n"
           "case \"with a name\"\n    user alice\n    groups Other COMMS\n    GET https://www.facebook.com/\n"
           "    expect allow why rule\n");
}
END_TEST

START_TEST(headers_are_taken_as_they_stand)
{
    passes(
        AT
        "case \"with blanks\"\n    POST https://www.facebook.com/api/graphql/\n"
        "    header X-FB-Friendly-Name:   ComposerStoryCreateMutation\n"
        "    header Cookie: a=b; c_user=12;  d=e\n    header \"sec-ch-ua: \\\"Chromium\\\";v=\\\"120\\\"\"\n"
        "    expect refuse activity post identity other\n");
}
END_TEST

START_TEST(bodies_have_escapes)
{
    passes(AT "case \"form\"\n    POST https://www.facebook.com/Anytown\n"
              "    header Content-Type: application/x-www-form-urlencoded\n    body \"a=\\\"\\x26like=1\"\n"
              "    expect activity react\n"
              "case \"no form\"\n    POST https://www.facebook.com/Anytown\n"
              "    header Content-Type: application/x-www-form-urlencoded\n    body \"a=\\\\x26like=1\"\n"
              "    expect activity unknown\n");
}
END_TEST

START_TEST(tunnels_client_and_port)
{
    passes(AT "case \"tunnel\"\n    client 10.1.2.3     port 3128\n    CONNECT www.facebook.com:443\n"
              "    expect allow bump yes platform facebook activity unknown\n"
              "case \"with a name\"\n    CONNECT 192.0.2.1:443 sni www.facebook.com\n    expect bump no\n");
}
END_TEST

START_TEST(what_shadow_held_back_can_be_expected)
{
    passes(AT
           "case \"counted\"\n    user alice\n    groups comms\n    POST https://www.facebook.com/Anytown\n"
           "    header Content-Type: application/x-www-form-urlencoded\n    body \"like=1\"\n"
           "    expect allow rule comms-all shadow refuse would counted\n");
}
END_TEST

static void refuse(const char *text, const char *why)
{
    diag_init(&d);
    ck_assert_int_eq(run(text), -1);
    ck_assert_msg(strstr(d.messages[0].text, why) != NULL, "%s", d.messages[0].text);
}

START_TEST(cases_that_cannot_be_read)
{
    refuse("case \"x\"\n    GET https://a.example/\n    expect allow\n", "say what time it is first");
    refuse("at noon\n", "no time");
    refuse(AT "case\n", "must be followed by a sentence");
    refuse(AT "case \"x\"\n    expect allow\n", "has no request");
    refuse(AT "case \"x\"\n    GET https://a.example/\n", "expects nothing");
    refuse(AT "case \"x\"\n    GET https://a.example/\n    expect allow refuse\n", "action already");
    refuse(AT "case \"x\"\n    GET https://a.example/\n    expect rule comms-al\n",
           "did you mean 'comms-all'?");
    refuse(AT "case \"x\"\n    GET https://a.example/\n    expect page defaul-deny\n",
           "did you mean 'default-deny'?");
    refuse(AT "case \"x\"\n    GET https://a.example/\n    expect platform facebok\n",
           "did you mean 'facebook'?");
    refuse(AT "case \"x\"\n    GET https://a.example/\n    expect activity pst\n", "did you mean 'post'?");
    refuse(AT "case \"x\"\n    GET https://a.example/\n    expect rulle default\n", "did you mean 'rule'?");
    refuse(AT "case \"x\"\n    GET https://a.example/\n    expect rule\n", "needs a word");
    refuse(AT "case \"x\"\n    GET https://a.example/\n    expect page none page none\n", "twice");
    refuse(AT "case \"x\"\n    usr alice\n    GET https://a.example/\n    expect allow\n",
           "did you mean 'user'?");
    refuse(AT "case \"x\"\n    header Cookie\n    GET https://a.example/\n    expect allow\n",
           "'Name: value'");
    refuse(AT "case \"x\"\n    port 70000\n    GET https://a.example/\n    expect allow\n", "no port");
    refuse(AT "cases \"x\"\n", "did you mean 'case'?");
    refuse("at 2026-05-12 \"\n", "no end");
    ck_assert_uint_eq(result.passed + result.failed, 0);
}
END_TEST

START_TEST(a_wrong_case_does_not_hide_the_next)
{
    ck_assert_int_eq(run(AT "case \"x\"\n    usr alice\n    GET https://www.facebook.com/\n    expect allow\n"
                            "case \"y\"\n    GET https://www.facebook.com/\n    expect refuse\n"),
                     -1);
    ck_assert_uint_eq(result.passed, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cases");
    TCase *t = tcase_create("cases");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_case_passes);
    tcase_add_test(t, a_case_fails_with_what_came);
    tcase_add_test(t, cases_do_not_touch_each_other);
    tcase_add_test(t, groups_are_resolved_or_not);
    tcase_add_test(t, headers_are_taken_as_they_stand);
    tcase_add_test(t, bodies_have_escapes);
    tcase_add_test(t, tunnels_client_and_port);
    tcase_add_test(t, what_shadow_held_back_can_be_expected);
    tcase_add_test(t, cases_that_cannot_be_read);
    tcase_add_test(t, a_wrong_case_does_not_hide_the_next);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
