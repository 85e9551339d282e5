/* Two approvals of a long period, each by an act of its own, and declining (report/case.h). */
#include "report/case.h"
#include "unit.h"

static const char profile_text[] =
    "{\"council\": \"C\", \"monitoring\": {\"clause\": \"1\", \"dpia\": \"D\", \"notice-on\": \"2026-01-05\"},"
    "\"reasons\": [{\"id\": \"E1\", \"sentence\": \"S\", \"clause\": \"1\"}], \"cannot-authorise\": [\"l.manager\"],"
    "\"may-ask\": [\"r.one\"], \"may-authorise\": [\"h.two\", \"c.four\"], \"may-release\": [\"i.three\"], \"retention\": 90}";
static const char case_text[] =
    "{\"state\": \"asked\", \"case\": {\"reference\": \"HR-1\", \"from\": \"2026-02-01\", \"to\": \"2026-03-15\", \"platforms\": "
    "[\"x\", \"facebook\"], \"expires\": \"2026-04-30T00:00:00Z\", \"asked-by\": {\"name\": \"r.one\", \"role\": \"HR\"}},"
    "\"subject\": {\"name\": \"a.user\", \"people\": \"employee\", \"former-names\": [\"a.maiden\"]}}";
static const char approval[] =
    "{\"authorised-by\": {\"name\": \"h.two\", \"role\": \"Head\"}, \"checked-by\": {\"name\": \"i.three\", \"role\": \"IG\"},"
    "\"answers\": {\"notice\": \"a\", \"extent\": \"b\", \"reasons\": \"c\", \"less-intrusive\": \"d\", \"consequences\": \"e\", "
    "\"safeguards\": \"f\"}%s}";

enum { NOW = 1773741600 }; /* 2026-03-17T10:00:00Z */

static struct case_profile profile;
static struct case_file c;
static struct diag d;
static char text[2048];

static void begin(void)
{
    diag_init(&d);
    ck_assert_int_eq(case_profile_read(STR(profile_text), &profile, &d), 0);
    ck_assert_int_eq(case_read(STR(case_text), &c, &d), 0);
}

static void end(void)
{
    case_free(&c);
    case_profile_free(&profile);
}

static struct case_step by(const char *who)
{
    diag_init(&d);
    return (struct case_step){str_of(who), NOW, &profile};
}

static struct str approved(const char *more)
{
    snprintf(text, sizeof text, approval, more);
    return str_of(text);
}

static void says(const char *what)
{
    ck_assert_uint_gt(d.n, 0);
    ck_assert_msg(strstr(d.messages[0].text, what) != NULL, "'%s', not '%s'", d.messages[0].text, what);
}

/* As it lies on the disk between two steps. */
static void again(void)
{
    json_t *o = case_write(&c);
    char *bytes = json_dumps(o, 0);

    case_free(&c);
    diag_init(&d);
    ck_assert_msg(case_read(str_of(bytes), &c, &d) == 0, "%s", d.messages[0].text);
    json_decref(o);
    free(bytes);
}

START_TEST(two_by_two_acts)
{
    struct case_step first = by("h.two"), second;

    ck_assert_int_eq(case_propose(&c, &first, approved(", \"from\": \"2026-02-02\", \"platforms\": [\"x\"]"), &d), 0);
    ck_assert_int_eq(case_state_of(&c), CASE_ASKED);
    ck_assert_slice(c.panel.authorised_by.name, "");
    again();
    ck_assert_slice(c.proposed.answers.safeguards, "f");
    second = by("c.four");
    ck_assert_int_eq(case_second(&c, &second, STR("Chief Executive"), &d), 0);
    ck_assert_int_eq(case_state_of(&c), CASE_AUTHORISED);
    ck_assert_slice(c.panel.authorised_by.name, "h.two");
    ck_assert_slice(c.second.name, "c.four");
    ck_assert_slice(c.second.role, "Chief Executive");
    ck_assert_slice(c.panel.answers.notice, "a");
    ck_assert_uint_eq(c.panel.platforms.n, 1);
    ck_assert_uint_eq(c.proposed.authorised_by.name.n, 0);
    again();
}
END_TEST

static const struct {
    const char *who, *role, *says;
} seconds[] = {
    {"h.two", "Head", "the second approval is another person's"}, {"r.one", "HR", "whoever asks cannot decide"},
    {"a.user", "x", "about themselves"},                          {"a.maiden", "x", "about themselves"},
    {"l.manager", "x", "rules exclude this person"},              {"i.three", "IG", "whoever reviews the report"},
    {"c.four", "", "second.role: is missing"},
};

START_TEST(whoever_does_not_give_the_second)
{
    struct case_step s = by("h.two");

    ck_assert_int_eq(case_propose(&c, &s, approved(""), &d), 0);
    s = by(seconds[_i].who);
    ck_assert_int_eq(case_second(&c, &s, str_of(seconds[_i].role), &d), -1);
    says(seconds[_i].says);
}
END_TEST

static const struct {
    const char *who, *more, *says;
} firsts[] = {
    {"c.four", "", "whoever takes this step authorises"},
    {"h.two", ", \"to\": \"2026-02-20\"", "so few days need no second approval"},
    {"h.two", ", \"from\": \"2026-01-20\"", "never wider"},
    {"h.two", ", \"platforms\": [\"tiktok\"]", "never added"},
    {"h.two", ", \"second\": {\"name\": \"c.four\", \"role\": \"CE\"}", "given by that person"},
    {"h.two", ", \"frm\": 1", "is no field here"},
};

START_TEST(whatever_is_no_first_approval)
{
    struct case_step s = by(firsts[_i].who);

    ck_assert_int_eq(case_propose(&c, &s, approved(firsts[_i].more), &d), -1);
    says(firsts[_i].says);
}
END_TEST

START_TEST(one_after_the_other)
{
    struct case_step s = by("c.four");

    ck_assert_int_eq(case_second(&c, &s, STR("CE"), &d), -1);
    says("nobody has given the first approval yet");
    s = by("h.two");
    ck_assert_int_eq(case_propose(&c, &s, approved(""), &d), 0);
    s = by("h.two");
    ck_assert_int_eq(case_propose(&c, &s, approved(""), &d), -1);
    says("somebody has approved it already");
}
END_TEST

START_TEST(declined)
{
    struct case_step s = by("h.two");

    ck_assert_int_eq(case_propose(&c, &s, approved(""), &d), 0);
    s = by("c.four");
    ck_assert_int_eq(case_decline(&c, &s, STR("A talk\nwill do"), &d), 0);
    ck_assert_int_eq(case_state_of(&c), CASE_CLOSED);
    again();
    ck_assert_slice(c.declined.because, "A talk\nwill do");
    ck_assert_slice(c.declined.by, "c.four");
    ck_assert_slice(c.outcome, "keep");
    ck_assert_uint_eq(c.proposed.authorised_by.name.n, 0);
    s = by("c.four");
    ck_assert_int_eq(case_decline(&c, &s, STR("again"), &d), -1);
    says("the case is 'closed'");
}
END_TEST

START_TEST(not_declined)
{
    struct case_step s = by("r.one");

    ck_assert_int_eq(case_decline(&c, &s, STR("mine"), &d), -1);
    says("whoever asks cannot decide");
    end();
    begin(); /* what a refused step left must not be gone on with */
    s = by("a.user");
    ck_assert_int_eq(case_decline(&c, &s, STR("mine"), &d), -1);
    says("about themselves");
    end();
    begin();
    s = by("h.two");
    ck_assert_int_eq(case_decline(&c, &s, STR(" \n "), &d), -1);
    says("declined.because: is missing");
}
END_TEST

/* A mark of three bytes is written as eight: what is taken must be readable again. */
START_TEST(marks_of_direction_break_no_case)
{
    static char many[3 * 2000 + 1];
    struct case_step s = by("h.two");

    for (size_t i = 0; i < 2000; i++)
        memcpy(many + 3 * i, "\xe2\x80\xae", 3);
    ck_assert_int_eq(case_decline(&c, &s, str_of(many), &d), -1);
    says("declined.because: has more than");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("case_second");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, begin, end);
    tcase_add_test(all, two_by_two_acts);
    tcase_add_loop_test(all, whoever_does_not_give_the_second, 0, (int)(sizeof seconds / sizeof *seconds));
    tcase_add_loop_test(all, whatever_is_no_first_approval, 0, (int)(sizeof firsts / sizeof *firsts));
    tcase_add_test(all, one_after_the_other);
    tcase_add_test(all, declined);
    tcase_add_test(all, not_declined);
    tcase_add_test(all, marks_of_direction_break_no_case);
    suite_add_tcase(suite, all);
    return run_suite(suite);
}
