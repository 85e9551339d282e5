#include "compile/date.h"
#include "core/clock.h"
#include "unit.h"

static uint32_t read_day(const char *text)
{
    uint32_t day = 0;
    const char *problem = date_parse(str_of(text), &day);

    ck_assert_msg(!problem, "'%s' %s", text, problem);
    return day;
}

static void refuse(const char *text, const char *part)
{
    uint32_t day = 77;
    const char *problem = date_parse(str_of(text), &day);

    ck_assert_msg(problem != NULL, "'%s' was read", text);
    ck_assert_msg(strstr(problem, part) != NULL, "'%s' %s", text, problem);
    ck_assert_uint_eq(day, 77);
}

START_TEST(iso_and_british_dates_are_the_same_day)
{
    ck_assert_uint_eq(read_day("2026-05-12"), 20585);
    ck_assert_uint_eq(read_day("12/05/2026"), 20585);
    ck_assert_uint_eq(read_day("12/5/2026"), 20585);
    ck_assert_uint_eq(read_day("01/04/2026"), (uint32_t)clock_day(2026, 4, 1));
    ck_assert_uint_eq(read_day("1/4/2026"), (uint32_t)clock_day(2026, 4, 1));
}
END_TEST

START_TEST(leap_days_are_days_in_leap_years_only)
{
    ck_assert_uint_eq(read_day("2024-02-29") + 1, read_day("2024-03-01"));
    refuse("2026-02-29", "not a day");
    refuse("29/02/2100", "not a day");
    refuse("2026-04-31", "not a");
    refuse("31/04/2026", "not a day");
}
END_TEST

START_TEST(the_month_never_comes_first)
{
    refuse("04/25/2026", "no such month");
    ck_assert_uint_eq(read_day("04/12/2026"), (uint32_t)clock_day(2026, 12, 4));
}
END_TEST

START_TEST(other_spellings_are_refused)
{
    static const char *const texts[] = {
        "",           "2026",        "2026-4-1",   "2026/04/01",       "26-04-01",   "1 Apr 2026",
        "01-04-2026", "01/04/26",    "01.04.2026", "2026-04-01T10:00", "2026-04-",   "-04-01-2026",
        "1/4/2026/",  "01/04/02026", "+1/4/2026",  " 2026-04-01",      "2026-04-01 "};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        refuse(texts[i], "is not a date");
}
END_TEST

START_TEST(years_far_away_are_mistakes)
{
    refuse("01/04/0206", "has a year");
    refuse("01/04/1926", "has a year");
    refuse("01/04/2926", "has a year");
}
END_TEST

START_TEST(policies_write_iso_alone)
{
    uint32_t day;

    ck_assert_ptr_null(date_parse_iso(STR("2026-05-12"), &day));
    ck_assert_uint_eq(day, 20585);
    ck_assert_ptr_nonnull(date_parse_iso(STR("12/05/2026"), &day));
    ck_assert_ptr_nonnull(date_parse_iso(STR("2026-13-12"), &day));
    ck_assert_ptr_nonnull(date_parse_iso(STR_NONE, &day));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("date");
    TCase *tests = tcase_create("date");

    tcase_add_test(tests, iso_and_british_dates_are_the_same_day);
    tcase_add_test(tests, leap_days_are_days_in_leap_years_only);
    tcase_add_test(tests, the_month_never_comes_first);
    tcase_add_test(tests, other_spellings_are_refused);
    tcase_add_test(tests, years_far_away_are_mistakes);
    tcase_add_test(tests, policies_write_iso_alone);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
