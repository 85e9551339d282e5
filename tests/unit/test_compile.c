#include "compile/compile.h"
#include "core/policy.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

static const char map[] = "platform facebook \"Facebook\"\nclass social\nversion 1\nhost main .facebook.com\n"
                          "account {account} role main path /{account}/**\n";

static const char policy[] =
    "policy \"P\" version 1 from 2026-04-01\ncouncil \"C\"\nowner \"O\"\n"
    "approved-by \"O\" on 2026-03-18\nreview-due 2027-03-31\n"
    "contact service-desk \"the desk\" mail desk@council.example\n"
    "default deny cite \"5\" because \"It is shut.\" page default-deny\n"
    "grants need approval cite \"5\"\n"
    "permit granted\n    grant live\n    account granted\n    because \"B\"\n    cite \"5\"\n";

static const char page[] = "status 403\ntitle \"Web\"\nh1 \"No\"\np \"Shut.\"\nwhy rule\n";

static const char grants[] =
    "user,platforms,approved_by,approved_on,expires\nann,facebook,O,2026-03-20,2026-04-30\n";

static const char test_grants[] = "user,platforms,approved_by,approved_on,expires\n"
                                  "bob,facebook,O,2026-03-20,2026-12-31\n";

static const char test_case[] = "at 2026-05-12\ncase \"granted\"\n    user bob\n    groups\n"
                                "    GET https://www.facebook.com/Anytown\n    expect allow rule granted\n";

static struct source_file files[9];
static struct source s;
static struct diag d;
static unsigned char *bytes;
static size_t size;

/* Files in the order of their names, as a source has them. */
static void setup(void)
{
    const struct source_file all[] = {
        {STR("council.policy"), STR(policy)},
        {STR("pages/default-deny.page"), STR(page)},
        {STR("platforms/facebook.map"), STR(map)},
        {STR("registers/accounts.csv"), STR("platform,account\nfacebook,Anytown\n")},
        {STR("registers/grants.csv"), STR(grants)},
        {STR("registers/hosts.csv"), STR("host,category\n.casino.example,gambling\n")},
        {STR("tests/registers/accounts.csv"), STR("platform,account\nfacebook,Anytown\n")},
        {STR("tests/registers/grants.csv"), STR(test_grants)},
        {STR("tests/x.case"), STR(test_case)},
    };

    memcpy(files, all, sizeof all);
    s = (struct source){files, sizeof files / sizeof *files};
    diag_init(&d);
    bytes = NULL;
}

static void teardown(void)
{
    free(bytes);
}

static int compile(unsigned flags)
{
    return compile_source(&s, 20585, flags, &bytes, &size, &d);
}

static bool says(const char *file, const char *text)
{
    for (unsigned i = 0; i < d.n; i++)
        if (strstr(d.messages[i].file, file) && strstr(d.messages[i].text, text))
            return true;
    return false;
}

static void change(size_t i, const char *path, const char *text)
{
    files[i] = (struct source_file){str_of(path), str_of(text)};
}

START_TEST(a_source_becomes_an_artefact)
{
    struct artefact a;

    ck_assert_msg(compile(COMPILE_TESTS) == 0, "%s: %s", d.messages[0].file, d.messages[0].text);
    ck_assert_int_eq(artefact_check(bytes, size, &a, &d), 0);
    ck_assert_uint_eq(a.n[SECTION_PLATFORMS], 1);
    ck_assert_uint_eq(a.n[SECTION_RULES], 1);
    ck_assert_uint_eq(a.n[SECTION_GRANTS], 1);
    ck_assert_uint_eq(a.n[SECTION_SOURCES], 8);
    ck_assert_slice(artefact_str(&a, ARTEFACT_ROWS(&a, SOURCES, struct a_source)[0].path),
                    "pages/default-deny.page");
    ck_assert_slice(artefact_str(&a, ARTEFACT_ROWS(&a, SOURCES, struct a_source)[0].text), page);
    ck_assert_slice(artefact_str(&a, ARTEFACT_ROWS(&a, GRANTS, struct a_grant)[0].user), "ann");
}
END_TEST

START_TEST(equal_input_gives_equal_bytes)
{
    unsigned char *first;
    size_t n;

    ck_assert_int_eq(compile(0), 0);
    first = bytes;
    n = size;
    ck_assert_int_eq(compile_source(&s, 30000, COMPILE_TESTS, &bytes, &size, &d),
                     0); /* the day is no input */
    ck_assert_uint_eq(size, n);
    ck_assert_mem_eq(bytes, first, n);
    free(first);
}
END_TEST

START_TEST(comments_and_the_order_of_statements_are_no_input)
{
    unsigned char *first;
    size_t n;
    static char turned[sizeof policy + 64];
    const char *rule = strstr(policy, "permit granted");

    ck_assert_int_eq(compile(0), 0);
    first = bytes;
    n = size;
    snprintf(turned, sizeof turned, "# a comment\n%s%.*s", rule, (int)(rule - policy), policy);
    change(0, "council.policy", turned);
    ck_assert_int_eq(compile(0), 0);
    ck_assert_uint_eq(size, n);
    ck_assert_mem_eq(bytes, first, n);
    free(first);
}
END_TEST

START_TEST(what_is_printed_compiles_to_the_same_bytes)
{
    unsigned char *first;
    struct artefact a;
    size_t n, printed;
    char *text;

    ck_assert_int_eq(compile(0), 0);
    first = bytes;
    n = size;
    ck_assert_int_eq(artefact_check(first, n, &a, &d), 0);
    text = print_policy(&a, &printed);
    files[0].text = (struct str){text, printed};
    ck_assert_int_eq(compile(0), 0);
    ck_assert_uint_eq(size, n);
    ck_assert_mem_eq(bytes, first, n);
    free(first);
    free(text);
}
END_TEST

START_TEST(a_case_that_fails_publishes_nothing)
{
    change(8, "tests/x.case",
           "at 2026-05-12\ncase \"granted\"\n    user ann\n    groups\n"
           "    GET https://www.facebook.com/Anytown\n    expect allow\n");
    ck_assert_int_eq(compile(COMPILE_TESTS), -1);
    ck_assert_ptr_null(bytes);
    ck_assert(says("tests/x.case", "expected action allow, not refuse"));
    diag_init(&d);
    ck_assert_int_eq(compile(0), 0);
}
END_TEST

START_TEST(tests_have_registers_of_their_own)
{
    struct artefact a;

    ck_assert_int_eq(compile(COMPILE_TEST_REGISTERS), 0);
    ck_assert_int_eq(artefact_check(bytes, size, &a, &d), 0);
    ck_assert_slice(artefact_str(&a, ARTEFACT_ROWS(&a, GRANTS, struct a_grant)[0].user), "bob");
    for (uint32_t i = 0; i < a.n[SECTION_HOSTS]; i++) /* a register that they do not have is empty */
        ck_assert_uint_eq(ARTEFACT_ROWS(&a, HOSTS, struct a_host)[i].categories, 0);
}
END_TEST

START_TEST(without_registers_of_their_own_tests_take_those_there_are)
{
    memmove(&files[6], &files[8], sizeof files[0]);
    s.n = 7;
    ck_assert_int_eq(compile(COMPILE_TESTS), -1);
    ck_assert(says("tests/x.case", "expected action allow, not refuse"));
}
END_TEST

START_TEST(errors_of_test_registers_are_said)
{
    change(7, "tests/registers/grants.csv",
           "user,platforms,approved_by,approved_on\nbob,facebok,O,2026-03-20\n");
    ck_assert_int_eq(compile(COMPILE_TESTS), -1);
    ck_assert(says("tests/registers/grants.csv", "did you mean 'facebook'?"));
    ck_assert_uint_eq(d.errors, 1);
}
END_TEST

START_TEST(a_misspelt_register_is_an_error)
{
    change(4, "registers/grant.csv", grants);
    ck_assert_int_eq(compile(0), -1);
    ck_assert(says("registers/grant.csv", "did you mean 'grants.csv'?"));
}
END_TEST

START_TEST(errors_of_all_files_come_at_once)
{
    change(2, "platforms/facebook.map",
           "platform facebook \"Facebook\"\nclass sociall\nversion 1\n"
           "host main .facebook.com\n");
    change(5, "registers/hosts.csv", "host,category\n.casino.example,gamblin\n");
    ck_assert_int_eq(compile(0), -1);
    ck_assert(says("platforms/facebook.map", "did you mean 'social'?"));
    ck_assert(says("registers/hosts.csv", "gambling"));
}
END_TEST

START_TEST(a_source_without_policy_is_refused)
{
    s = (struct source){files + 1, 2};
    ck_assert_int_eq(compile(0), -1);
    ck_assert(says("", "there is no council.policy"));
}
END_TEST

START_TEST(the_contents_of_a_broken_page_are_an_error)
{
    change(1, "pages/default-deny.page", "status 403\n");
    ck_assert_int_eq(compile(0), -1);
    ck_assert(says("pages/default-deny.page", "no 'h1'"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("compile");
    TCase *t = tcase_create("compile");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_source_becomes_an_artefact);
    tcase_add_test(t, equal_input_gives_equal_bytes);
    tcase_add_test(t, comments_and_the_order_of_statements_are_no_input);
    tcase_add_test(t, what_is_printed_compiles_to_the_same_bytes);
    tcase_add_test(t, a_case_that_fails_publishes_nothing);
    tcase_add_test(t, tests_have_registers_of_their_own);
    tcase_add_test(t, without_registers_of_their_own_tests_take_those_there_are);
    tcase_add_test(t, errors_of_test_registers_are_said);
    tcase_add_test(t, a_misspelt_register_is_an_error);
    tcase_add_test(t, errors_of_all_files_come_at_once);
    tcase_add_test(t, a_source_without_policy_is_refused);
    tcase_add_test(t, the_contents_of_a_broken_page_are_an_error);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
