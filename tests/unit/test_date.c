#include "compile/date.h"
#include "core/clock.h"
#include "unit.h"

#include <stdio.h>

/* All of these are the first of April 2026, a Wednesday. */
static const char *const first_of_april[] = {
    "2026-04-01",
    "2026-4-1",
    "2026/04/01",
    "2026.04.01",
    "01/04/2026",
    "1/4/2026",
    "1/04/2026",
    "01/04/26",
    "1/4/26",
    "01-04-2026",
    "1-4-2026",
    "01.04.2026",
    "1.4.2026",
    "01.04.26",
    "01 04 2026",
    "1 April 2026",
    "01 Apr 2026",
    "1 APRIL 2026",
    "01-Apr-26",
    "1-apr-2026",
    "01-Apr-2026",
    "1/Apr/2026",
    "1.Apr.2026",
    "1. April 2026",
    "1st April 2026",
    "1 April, 2026",
    "2026-Apr-01",
    "April 1, 2026",
    "Apr 1st, 2026",
    "Wednesday, 1 April 2026",
    "Wednesday 1 April 2026",
    "wed 01/04/2026",
    "Wed. 1 Apr 2026",
    "Wednesday 2026-04-01",
    "2026-04-01 00:00",
    "2026-04-01 00:00:00",
    "2026-04-01T00:00",
    "2026-04-01T00:00:00",
    "2026-04-01T00:00:00.000",
    "01/04/2026 0:00",
    "01/04/2026 09:30",
    "01/04/2026, 23:59:59",
    "Wednesday, 1 April 2026 00:00:00",
    "  1  April\t2026 ",
    "1\xc2\xa0"
    "April\xc2\xa0"
    "2026",
    "\xe2\x80\x8e"
    "01/\xe2\x80\x8e"
    "04/\xe2\x80\x8e"
    "2026",
    "01 / 04 / 2026",
};

static const struct {
    const char *text, *why;
} refused[] = {
    /* Excel's numbers: 46113 days from 1899-12-30 (its 1900 is a leap year). */
    {"46113", "it stands for 2026-04-01 in sheets whose count of days begins in 1900"},
    {"46113.5", "it stands for 2026-04-01"},
    {"46113.", "it stands for 2026-04-01"},
    {"32874", "it stands for 1990-01-01"},
    {"32873", "is a bare number: write the date"},
    {"109574", "it stands for 2199-12-31"},
    {"109575", "is a bare number: write the date"},
    {"2026", "is a bare number: write the date"},
    {"20260401", "is a bare number: write it as 2026-04-01"},
    {"99999999", "is a bare number"},
    {"99999999999999999999999999", "is a bare number"},
    /* The month never comes first. */
    {"04/13/2026", "looks like month/day/year: write it as 2026-04-13"},
    {"4/25/26", "looks like month/day/year: write it as 2026-04-25"},
    {"04-13-2026", "looks like month/day/year"},
    {"02/30/2026", "has no such month"},
    {"13/13/2026", "has no such month"},
    {"2026-13-04", "has no such month"},
    /* Either order. */
    {"26-04-01", "may begin with the day or with the year"},
    {"01-04-26", "may begin with the day or with the year"},
    {"01 04 26", "may begin with the day or with the year"},
    /* Days that are none. */
    {"2026-02-29", "is not a day of the calendar"},
    {"29/02/2100", "is not a day of the calendar"},
    {"31/04/2026", "is not a day of the calendar"},
    {"31 June 2026", "is not a day of the calendar"},
    {"0/4/2026", "is not a day of the calendar"},
    {"32/4/2026", "is not a day of the calendar"},
    {"1/0/2026", "has no such month"},
    {"Monday, 1 April 2026", "is not a Monday but a Wednesday"},
    {"Wednesday, 04/01/2026", "is not a Wednesday but a Sunday"},
    {"2026-04-01 24:00", "has a time of day that cannot be read"},
    {"2026-04-01 10:60", "has a time of day that cannot be read"},
    {"2026-04-01 9:30 AM", "has a time of day that cannot be read"},
    {"2026-03-31T23:30:00Z", "has a time of day that cannot be read"},
    {"10:30", "has a time of day that cannot be read"},
    /* Years far away are mistakes. */
    {"01/04/0206", "has a year"},
    {"01/04/1926", "has a year"},
    {"01/04/2926", "has a year"},
    /* Words. */
    {"N/A", "leave the cell empty until there is one"},
    {"tbc", "leave the cell empty until there is one"},
    {"-", "leave the cell empty until there is one"},
    {"no", "leave the cell empty until there is one"},
    {"yes", "not when. Write the day"},
    {"Y", "not when. Write the day"},
    {"1 avril 2026", "'avril' is no English month"},
    {"1 Ap 2026", "'ap' is no English month"},
    {"Apr-26", "is not a whole date"},
    {"1 April", "is not a whole date"},
    {"04/2026", "is not a whole date"},
    {"Apr-01-26", "is not a date"},
    {"soon", "is not a date"},
    {"", "is not a date"},
    {"2026-04-", "is not a date"},
    {"-04-01-2026", "is not a date"},
    {"1/4/2026/", "is not a date"},
    {"1/4-2026", "is not a date"},
    {"1,4,2026", "is not a date"},
    {"01/04/02026", "is not a date"},
    {"001/04/2026", "is not a date"},
    {"1/004/2026", "is not a date"},
    {"+1/4/2026", "is not a date"},
    {"1/4/2026 approved", "is not a date"},
    {"approved 1/4/2026", "is not a date"},
    {"1 4 june", "is not a date"},
    {"2026 4 june", "is not a date"},
    {"june may 2026", "is not a date"},
    {"Monday", "is not a date"},
    {"1 April 2026 and then a text that is longer than any date can ever be", "is not a date"},
    {"1/4/\xff"
     "2026",
     "is not a date"},
    {"01.0\xd9\xa4.2026", "is not a date"},
};

START_TEST(all_spellings_are_the_same_day)
{
    char why[DATE_WHY] = "";
    uint32_t day = 0;

    ck_assert_msg(date_parse(str_of(first_of_april[_i]), &day, why) == 0, "'%s' %s", first_of_april[_i], why);
    ck_assert_msg(day == (uint32_t)clock_day(2026, 4, 1), "'%s' is day %u", first_of_april[_i], day);
}
END_TEST

START_TEST(what_is_no_date_is_refused_with_its_reason)
{
    char why[DATE_WHY] = "";
    uint32_t day = 77;

    ck_assert_msg(date_parse(str_of(refused[_i].text), &day, why) == -1, "'%s' was read", refused[_i].text);
    ck_assert_msg(strstr(why, refused[_i].why) != NULL, "'%s' %s", refused[_i].text, why);
    ck_assert_uint_eq(day, 77);
}
END_TEST

static uint32_t read_day(const char *text)
{
    char why[DATE_WHY] = "";
    uint32_t day = 0;

    ck_assert_msg(date_parse(str_of(text), &day, why) == 0, "'%s' %s", text, why);
    return day;
}

START_TEST(every_month_has_its_name_and_number)
{
    static const char *const names[] = {"jan",  "Feb",    "MARCH", "april",   "may", "June",
                                        "july", "August", "Sept",  "October", "nov", "December"};

    for (unsigned m = 1; m <= 12; m++) {
        char text[32];

        snprintf(text, sizeof text, "3 %s 2027", names[m - 1]);
        ck_assert_uint_eq(read_day(text), (uint32_t)clock_day(2027, m, 3));
        snprintf(text, sizeof text, "3/%u/2027", m);
        ck_assert_uint_eq(read_day(text), (uint32_t)clock_day(2027, m, 3));
    }
}
END_TEST

START_TEST(leap_days_are_days_in_leap_years_only)
{
    ck_assert_uint_eq(read_day("2024-02-29") + 1, read_day("2024-03-01"));
    ck_assert_uint_eq(read_day("29-Feb-24") + 1, read_day("1/3/24"));
}
END_TEST

START_TEST(a_register_of_2199_is_read)
{
    ck_assert_uint_eq(read_day("31/12/2199"), (uint32_t)clock_day(2199, 12, 31));
    ck_assert_uint_eq(read_day("1/1/1990"), (uint32_t)clock_day(1990, 1, 1));
    ck_assert_uint_eq(read_day("31/12/99"), (uint32_t)clock_day(2099, 12, 31));
}
END_TEST

START_TEST(names_that_excel_took_for_dates_are_known)
{
    ck_assert(date_was_name(STR("02-Jan")));
    ck_assert(date_was_name(STR("2-jan")));
    ck_assert(date_was_name(STR("12-Sep")));
    ck_assert(!date_was_name(STR("jan2")));
    ck_assert(!date_was_name(STR("jan-2")));
    ck_assert(!date_was_name(STR("02-jane")));
    ck_assert(!date_was_name(STR("2026-jan")));
    ck_assert(!date_was_name(STR("02-Jan-26")));
    ck_assert(!date_was_name(STR("02-abc")));
    ck_assert(!date_was_name(STR("")));
}
END_TEST

START_TEST(policies_write_iso_alone)
{
    uint32_t day;

    ck_assert_ptr_null(date_parse_iso(STR("2026-05-12"), &day));
    ck_assert_uint_eq(day, 20585);
    ck_assert_ptr_nonnull(date_parse_iso(STR("12/05/2026"), &day));
    ck_assert_ptr_nonnull(date_parse_iso(STR("2026-5-12"), &day));
    ck_assert_ptr_nonnull(date_parse_iso(STR("2026-13-12"), &day));
    ck_assert_ptr_nonnull(date_parse_iso(STR_NONE, &day));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("date");
    TCase *tests = tcase_create("date");

    tcase_add_loop_test(tests, all_spellings_are_the_same_day, 0,
                        (int)(sizeof first_of_april / sizeof *first_of_april));
    tcase_add_loop_test(tests, what_is_no_date_is_refused_with_its_reason, 0,
                        (int)(sizeof refused / sizeof *refused));
    tcase_add_test(tests, every_month_has_its_name_and_number);
    tcase_add_test(tests, leap_days_are_days_in_leap_years_only);
    tcase_add_test(tests, a_register_of_2199_is_read);
    tcase_add_test(tests, names_that_excel_took_for_dates_are_known);
    tcase_add_test(tests, policies_write_iso_alone);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
