/* What people type into the forms of cases: days, times, and bytes that are neither; and tokens that are good once. */
#include "portal/cases.h"
#include "unit.h"

static struct asking a;
static struct visit v;
static char body[4096];

static void type(const char *form)
{
    snprintf(body, sizeof body, "%s", form);
    a.body = body;
    a.n_body = strlen(body);
    v.a = &a;
    v.n_faults = 0;
}

static void finish(void)
{
    pool_free(&v.pool);
}

START_TEST(days_as_people_write_them)
{
    static const struct {
        const char *typed, *day;
    } rows[] = {
        {"18+3+2026", "2026-03-18"},        {"18%2F03%2F2026", "2026-03-18"},  {"18.3.2026", "2026-03-18"},
        {"2026-03-18", "2026-03-18"},       {"+18+March+2026+", "2026-03-18"}, {"18+mar+2026", "2026-03-18"},
        {"29+2+2028", "2028-02-29"},        {"29+2+2026", NULL},               {"31+4+2026", NULL},
        {"18+3+26", NULL},                  {"18+3", NULL},                    {"0+3+2026", NULL},
        {"18+13+2026", NULL},               {"1+2+3+2026", NULL},              {"today", NULL},
        {"99999999999999999999+3+2026", NULL}, {"%00%FF", NULL},               {"-1+3+2026", "2026-03-01"},
    };
    char form[128];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str day;

        snprintf(form, sizeof form, "x=1&d=%s", rows[i].typed);
        type(form);
        day = typed_day(&v, "d", "Day");
        ck_assert_msg(rows[i].day ? str_eq(day, str_of(rows[i].day)) : day.n == 0, "%s: %.*s", rows[i].typed, STR_ARG(day));
        ck_assert_uint_eq(v.n_faults, rows[i].day ? 0u : 1u);
    }
    type("d=");
    ck_assert_uint_eq(typed_day(&v, "d", "Day").n, 0);
    ck_assert_uint_eq(v.n_faults, 0);
    finish();
}
END_TEST

START_TEST(times_as_people_write_them)
{
    static const struct {
        const char *typed, *time;
    } rows[] = {
        {"8%3A30", "08:30"}, {"08.30", "08:30"}, {"0830", "08:30"}, {"830", "08:30"},  {"8", "08:00"},   {"17", "17:00"},
        {"24:00", "24:00"},  {"24:01", NULL},    {"8:60", NULL},    {"8:3", NULL},     {"noon", NULL},   {"-8:30", NULL},
        {"8:30:00", NULL},   {"08:30pm", NULL},  {":30", NULL},     {"8:", "08:00"},   {"%00", NULL},
    };
    char form[64];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str time;

        snprintf(form, sizeof form, "t=%s", rows[i].typed);
        type(form);
        time = typed_clock(&v, "t", "Time");
        ck_assert_msg(rows[i].time ? str_eq(time, str_of(rows[i].time)) : time.n == 0, "%s: %.*s", rows[i].typed, STR_ARG(time));
        ck_assert_uint_eq(v.n_faults, rows[i].time ? 0u : 1u);
    }
    finish();
}
END_TEST

/* Nothing that was typed is lost or cut, whatever it is. */
START_TEST(bytes_stay_what_they_were)
{
    type("a=one%0D%0Atwo%09%3C%26%22&b=50%&c=%zz%4&d=x%00y&e=%E2%80%AE&a=more&f");
    ck_assert_slice(typed_nth(&v, "a", 0), "one\ntwo\t<&\"");
    ck_assert_slice(typed_nth(&v, "a", 1), "more");
    ck_assert_uint_eq(typed_nth(&v, "a", 2).n, 0);
    ck_assert_slice(typed(&v, "b"), "50%");
    ck_assert_slice(typed(&v, "c"), "%zz%4");
    ck_assert_slice(typed(&v, "d"), "x\xef\xbf\xbdy");
    ck_assert_slice(typed(&v, "e"), "\xe2\x80\xae");
    ck_assert_uint_eq(typed(&v, "f").n, 0);
    ck_assert_uint_eq(typed(&v, "g").n, 0);
    ck_assert(typed_holds(&v, "a", STR("more")));
    ck_assert(!typed_holds(&v, "a", STR("mor")));
    finish();
}
END_TEST

START_TEST(faults_stand_in_the_order_of_the_page_and_once)
{
    static const struct field_of rows[] = {{"case.b", "b", "B"}, {"case.a", "a", "A"}, {"x", NULL, "Tell ICT."}};

    type("");
    diag_init(&v.d);
    diag_error(&v.d, "case.a: is missing", NULL, NULL);
    diag_error(&v.d, "case.a.role: is empty", NULL, NULL);
    diag_error(&v.d, "case.b: is wrong ('o.somebody')", NULL, NULL);
    diag_error(&v.d, "x.y: is missing", NULL, NULL);
    diag_error(&v.d, "what: ever", NULL, NULL);
    faults_of_step(&v, rows, 3);
    ck_assert_uint_eq(v.n_faults, 4);
    ck_assert_str_eq(v.faults[0].text, "Tell ICT.");
    ck_assert_str_eq(v.faults[1].text, "ever");
    ck_assert_str_eq(v.faults[2].text, "B: is wrong");
    ck_assert_str_eq(v.faults[3].text, "Fill in: A");
    finish();
}
END_TEST

START_TEST(a_token_is_good_once_and_not_from_before_the_start)
{
    struct once o = {.since = 1000};
    struct token t = {.expiry = 1000 + 600, .nonce = {1}}, old = {.expiry = 999 + 600, .nonce = {2}};

    ck_assert(once_use(&o, &t, 600, 1001));
    ck_assert(!once_use(&o, &t, 600, 1002));
    ck_assert(!once_use(&o, &old, 600, 1002));
    for (unsigned i = 0; i < 1000; i++) {
        struct token more = {.expiry = 2000, .nonce = {3, (unsigned char)(i >> 8), (unsigned char)i}};

        ck_assert(once_use(&o, &more, 600, 1003));
        ck_assert(!once_use(&o, &more, 600, 1003));
    }
    ck_assert_uint_eq(o.n, 1001);
    t.nonce[0] = 9;
    t.expiry = 3000;
    ck_assert(once_use(&o, &t, 600, 2500)); /* what has expired is forgotten */
    ck_assert_uint_eq(o.n, 1);
    once_free(&o);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("typed");
    TCase *all = tcase_create("all");

    tcase_add_test(all, days_as_people_write_them);
    tcase_add_test(all, times_as_people_write_them);
    tcase_add_test(all, bytes_stay_what_they_were);
    tcase_add_test(all, faults_stand_in_the_order_of_the_page_and_once);
    tcase_add_test(all, a_token_is_good_once_and_not_from_before_the_start);
    suite_add_tcase(suite, all);
    return run_suite(suite);
}
