#include "policy_fixture.h"
#include "record/seal.h"
#include "unit.h"

struct made {
    unsigned char *bytes;
    size_t size;
    struct artefact a;
};

/* The artefact of a policy's text; `made` is to be freed. */
static struct made make(const char *text)
{
    struct builder *b = fixture_new();
    struct made m = {.size = 0};
    struct diag *d = malloc(sizeof *d);
    char *messages = fixture_messages(b, "p", text);

    diag_init(d);
    ck_assert_msg(strstr(messages, "error:") == NULL, "%.500s\n%.1000s", messages, text);
    ck_assert_int_eq(seal_init(d), 0);
    ck_assert_msg(build_finish(b, &m.bytes, &m.size, d) == 0, "%s", d->messages[0].text);
    ck_assert_int_eq(artefact_check(m.bytes, m.size, &m.a, d), 0);
    free(messages);
    free(d);
    build_free(b);
    return m;
}

/* text -> artefact -> text -> artefact: the same bytes and the same text again. */
static void expect_fixed_point(const char *text)
{
    struct made first = make(text), second;
    size_t n, again;
    char *printed = print_policy(&first.a, &n), *reprinted;

    ck_assert_ptr_nonnull(printed);
    ck_assert_uint_eq(strlen(printed), n);
    second = make(printed);
    ck_assert_uint_eq(first.size, second.size);
    ck_assert_msg(memcmp(first.bytes, second.bytes, first.size) == 0, "other bytes from\n%.1000s", printed);
    reprinted = print_policy(&second.a, &again);
    ck_assert_str_eq(reprinted, printed);
    free(reprinted);
    free(printed);
    free(first.bytes);
    free(second.bytes);
}

START_TEST(what_is_printed_parses_to_the_same_bytes)
{
    static const char *const names[] = {"unnamed.policy", "open.policy"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *text = fixture_file("tests/check/good", names[i]);

        ck_assert_msg(text != NULL, "%s cannot be read", names[i]);
        expect_fixed_point(text);
        free(text);
    }
}
END_TEST

#define HEAD                                                                                                 \
    "policy \"P\" version 1 from 2026-04-01\ncouncil \"C\"\nowner \"O\"\napproved-by \"A\" on 2026-03-01\n"  \
    "review-due 2027-03-31\n"

START_TEST(what_was_not_said_is_printed_as_said)
{
    struct made m = make(HEAD "default deny page default-deny\n");
    size_t n;
    char *printed = print_policy(&m.a, &n);

    ck_assert_str_eq(printed,
                     HEAD "mode enforce\ndefault deny page default-deny\nunsure refuse page default-deny\n"
                          "unknown-writes refuse\nmalformed refuse page default-deny\n"
                          "scope class social messaging streaming review publishing-tool\nrecord none\ncarriers open\n"
                          "standing max-age 10 minutes missing unused\n");
    free(printed);
    free(m.bytes);
    expect_fixed_point(HEAD "default deny page default-deny\n");
}
END_TEST

START_TEST(quotes_are_put_where_they_are_needed)
{
    struct made m =
        make("policy \"a \\\"b\\\" \\\\ #c\" version \"#1\" from 2026-04-01\ncouncil \"C\"\nowner \"O\"\n"
             "approved-by \"A\" on 2026-03-01\nreview-due 2027-03-31\ndefault deny page \"group chat\"\n"
             "group \"a b\"\ngroup c#d\npermit a\n    group c#d \"a b\"\n    shadow\n");
    size_t n;
    char *printed = print_policy(&m.a, &n);

    ck_assert_ptr_nonnull(strstr(printed, "policy \"a \\\"b\\\" \\\\ #c\" version \"#1\" from 2026-04-01\n"));
    ck_assert_ptr_nonnull(strstr(printed, "default deny page \"group chat\"\n"));
    ck_assert_ptr_nonnull(strstr(printed, "group \"a b\"\ngroup c#d\n"));
    ck_assert_ptr_nonnull(strstr(printed, "\npermit a\n    group c#d \"a b\"\n    shadow\n"));
    free(printed);
    free(m.bytes);
}
END_TEST

START_TEST(a_grant_clause_is_printed_in_lines)
{
    struct made m = make(HEAD "default deny page default-deny\n"
                              "permit a\n    activity granted\n    account granted\n"
                              "permit b\n    grant expired inert aup live\n    activity granted\n");
    size_t n;
    char *printed = print_policy(&m.a, &n);

    ck_assert_ptr_nonnull(strstr(printed, "\npermit a\n    account granted\n    activity granted\n"));
    ck_assert_ptr_nonnull(
        strstr(printed, "\npermit b\n    grant live inert aup expired\n    activity granted\n"));
    free(printed);
    free(m.bytes);
}
END_TEST

static void collect(void *to, const char *text)
{
    char *all = to;

    snprintf(all + strlen(all), 1000 - strlen(all), "%s\n", text);
}

START_TEST(assumptions_are_listed)
{
    struct made m =
        make(HEAD "default deny page default-deny\n    assumption \"one\"\nscope category adult\n"
                  "    assumption \"two\"\npermit b\n    assumption \"four\"\nforbid a\n    page notice\n"
                  "    assumption \"three\"\n");
    char all[1000] = "";

    list_assumptions(&m.a, collect, all);
    ck_assert_str_eq(all, "default: one\nscope: two\nforbid a: three\npermit b: four\n");
    free(m.bytes);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("print");
    TCase *t = tcase_create("print");

    tcase_add_test(t, what_is_printed_parses_to_the_same_bytes);
    tcase_add_test(t, what_was_not_said_is_printed_as_said);
    tcase_add_test(t, quotes_are_put_where_they_are_needed);
    tcase_add_test(t, a_grant_clause_is_printed_in_lines);
    tcase_add_test(t, assumptions_are_listed);
    suite_add_tcase(s, t);
    return run_suite(s);
}
