/* shifts.csv and bank-holidays.csv: what is taken, which rows hold when, and what is said of wrong ones. */
#include "compile/compile.h"
#include "compile/hours.h"
#include "core/clock.h"
#include "unit.h"

#include <stdio.h>

static struct builder *b;
static struct diag diag;

static const char holidays[] =
    "region,date,name\nengland-and-wales,2026-05-25,Spring\nscotland,15/06/2026,\"World, Cup\"\n"
    "england-and-wales,2026-01-01,New Year\n";

static void setup(void)
{
    static const char *const groups[] = {"leisure", "schools"};
    const struct a_calendar_group by_rota = {.group = 0, .calendar = NO_INDEX};

    b = build_new();
    diag_init(&diag);
    for (unsigned i = 0; i < 2; i++) {
        struct a_group g = {.name = build_str(b, str_of(groups[i])), .mode = NO_INDEX, .people = NO_INDEX};

        build_row(b, SECTION_GROUPS, &g);
    }
    build_row(b, SECTION_CALENDAR_GROUPS, &by_rota);
    build_meta(b)->shifts = SHIFTS_UNSURE;
    ck_assert_int_eq(parse_holidays(b, STR("h.csv"), STR(holidays), &diag), 0);
}

static void teardown(void)
{
    build_free(b);
}

#define HEAD "user,group,from,until,days,week,work,breaks,holidays,note\n"

static void expect_error(const char *row, const char *part)
{
    char text[600];

    build_free(b);
    setup();
    snprintf(text, sizeof text, HEAD "%s\n", row);
    ck_assert_msg(parse_shifts(b, STR("shifts.csv"), str_of(text), &diag) == -1, "taken: %s", row);
    ck_assert_uint_eq(diag.errors, 1);
    ck_assert_msg(strstr(diag.messages[0].text, part) != NULL, "%s", diag.messages[0].text);
}

static const struct {
    const char *row, *part;
} wrong[] = {
    {"a,leisure,2026-01-05,,Mon-Fri,,09:00-17:00,,,", "a user or about a group"},
    {",,2026-01-05,,Mon-Fri,,09:00-17:00,,,", "a user or about a group"},
    {",leisur,2026-01-05,,Mon-Fri,,09:00-17:00,,,", "did you mean 'leisure'"},
    {",schools,2026-01-05,,Mon-Fri,,09:00-17:00,,,", "'group schools shifts'"},
    {"a,,,,Mon-Fri,,09:00-17:00,,,", "the day from which it holds"},
    {"a,,2026-01-05,2026-01-04,Mon-Fri,,09:00-17:00,,,", "is before"},
    {"a,,2026-01-05,,Mon-Fry,,09:00-17:00,,,", "unknown weekday 'Fry': did you mean 'Fri'"},
    {"a,,2026-01-05,,,,09:00-17:00,,,", "write the days of the week"},
    {"a,,2026-01-05,,Mon,3/2,09:00-17:00,,,", "no week of a rota"},
    {"a,,2026-01-05,,Mon,1/9,09:00-17:00,,,", "no week of a rota"},
    {"a,,2026-01-05,,Mon,,,,,", "or 'off'"},
    {"a,,2026-01-05,,Mon,,off,12:00-12:30,,", "who is off has no breaks"},
    {"a,,2026-01-05,,Mon,,22:00-06:00,,,", "ends before it begins"},
    {"a,,2026-01-05,,Mon,,09:00-17:00 next-day,,,", "as long as a day"},
    {"a,,2026-01-05,,Mon,,9 to 5,,,", "is no stretch of time"},
    {"a,,2026-01-05,,Mon,,09:00-12:00 11:00-15:00,,,", "overlap"},
    {"a,,2026-01-05,,Mon,,09:00-17:00,18:00-18:30,,", "not within the hours of work"},
    {"a,,2026-01-05,,Mon,,09:00-17:00,16:45-17:15,,", "not within the hours of work"},
    {"a,,2026-01-05,,Mon,,09:00-17:00,,england,", "unknown region of bank holidays 'england'"},
    {"a,,2026-01-05,,Mon Tue,,09:00-17:00,,,\nA,,2026-01-05,,Tue,,16:00-18:00,,,", "overlap those of row 2"},
    {"a,,2026-01-05,,Mon,,22:00-06:00 next-day,,,\na,,2026-01-05,,Tue,,05:00-09:00,,,",
     "overlap those of row 2"},
    {"a,,2026-01-05,,Sun,,22:00-06:00 next-day,,,\na,,2026-01-05,,Mon,,05:00-09:00,,,",
     "overlap those of row 2"},
    {"a,,2026-01-05,,Mon,1/2,09:00-17:00,,,\na,,2026-01-05,,Mon,1/3,09:00-17:00,,,",
     "overlap those of row 2"},
    {"a,,2026-01-05,,Mon,,09:00-17:00,,scotland,\na,,2026-01-05,,Tue,,09:00-17:00,,,", "has other holidays"},
};

START_TEST(wrong_rows_say_what_is_wrong)
{
    expect_error(wrong[_i].row, wrong[_i].part);
}
END_TEST

/* What need not overlap. */
static const char *const right[] = {
    "a,,2026-01-05,,Mon,,09:00-12:00 12:00-15:00,,,",
    "a,,2026-01-05,,Mon,,22:00-06:00 next-day,23:45-00:15 next-day 05:00-05:30,,",
    "a,,2026-01-05,,Mon,1/2,09:00-17:00,,,\na,,2026-01-05,,Mon,2/2,09:00-17:00,,,",
    "a,,2026-01-05,,Mon,,09:00-17:00,,,\nb,,2026-01-05,,Mon,,09:00-17:00,,,",
    "a,,2026-01-05,,Mon,,09:00-17:00,,,\na,,2026-06-01,,Mon,,09:00-17:00,,,",
    "a,,2026-01-05,,Sat-Mon,,00:00-24:00,,,\n,leisure,2026-01-05,,Mon,,09:00-17:00,,,",
    "CORP\\a,,05/01/2026,31/01/2026,Monday;Thurs,,8:45-17:00,,scotland,note",
};

START_TEST(right_rows_are_taken)
{
    char text[600];

    snprintf(text, sizeof text, HEAD "%s\n", right[_i]);
    ck_assert_msg(parse_shifts(b, STR("shifts.csv"), str_of(text), &diag) == 0, "%s", diag.messages[0].text);
}
END_TEST

static const char *day(uint32_t n)
{
    static char text[11];

    clock_format_date((int32_t)n, text);
    return text;
}

static const struct a_period *period(uint32_t i)
{
    return build_at(b, SECTION_PERIODS, i);
}

static void check_period(uint32_t i, const char *first, const char *last, uint32_t windows)
{
    ck_assert_str_eq(day(period(i)->first), first);
    ck_assert_str_eq(day(period(i)->last), last);
    ck_assert_uint_eq(period(i)->windows.n, windows);
}

START_TEST(the_row_that_begins_latest_holds)
{
    const struct a_rota *rota;

    build_meta(b)->shift_weeks = 4;
    ck_assert_int_eq(
        parse_shifts(b, STR("s"),
                     STR(HEAD "z,,2026-03-02,,Mon,,09:00-17:00,,,\n" /* to 2026-03-29 */
                              "a,,2026-06-01,,Mon,,off,,,\n"
                              "a,,2026-01-05,2026-12-31,Mon-Fri,,09:00-17:00,12:00-12:30,,\n"
                              "a,,2026-06-10,2026-06-10,Wed,,10:00-12:00,,,\n"
                              "a,,2026-06-10,2026-06-12,Wed,,10:00-12:00 14:00-15:00 16:00-17:00,,,\n"),
                     &diag),
        0);
    ck_assert_uint_eq(build_count(b, SECTION_ROTAS), 2);
    rota = build_at(b, SECTION_ROTAS, 0);
    ck_assert_slice(build_text(b, rota->user), "a");
    ck_assert_uint_eq(rota->periods.n, 6);
    check_period(0, "2026-01-05", "2026-05-31", 2);
    check_period(1, "2026-06-01", "2026-06-09", 0);
    check_period(2, "2026-06-10", "2026-06-10", 1);
    check_period(3, "2026-06-11", "2026-06-12", 3);
    check_period(4, "2026-06-13", "2026-06-28", 0);
    check_period(5, "2026-06-29", "2026-12-31", 2);
    check_period(6, "2026-03-02", "2026-03-29", 1);
}
END_TEST

START_TEST(without_a_word_in_the_policy_there_are_no_rotas)
{
    build_meta(b)->shifts = NO_INDEX;
    ck_assert_int_eq(parse_shifts(b, STR("s"),
                                  STR(HEAD "a,,2026-01-05,,Mon,,off,,,\nb,,2026-01-05,,Mon,,off,,,\n"),
                                  &diag),
                     -1);
    ck_assert_uint_eq(diag.errors, 1);
    ck_assert(strstr(diag.messages[0].text, "'shifts unsure'") != NULL);
}
END_TEST

START_TEST(holidays_are_sorted_by_region_and_day)
{
    const struct a_region *england = build_at(b, SECTION_REGIONS, 0),
                          *scotland = build_at(b, SECTION_REGIONS, 1);
    const struct a_holiday *first = build_at(b, SECTION_HOLIDAYS, england->holidays.at);

    ck_assert_uint_eq(england->holidays.n, 2);
    ck_assert_slice(build_text(b, first->name), "New Year");
    first = build_at(b, SECTION_HOLIDAYS, scotland->holidays.at);
    ck_assert_slice(build_text(b, first->name), "World, Cup");
}
END_TEST

static const struct {
    const char *row, *part;
} no_holidays[] = {
    {"Scotland,2026-01-01,x,", "is no region"},
    {"scotland,2026-01-01,x,", "another file has"},
    {"wales,,x,", "needs a date and a name"},
    {"wales,2026-01-01,,", "needs a date and a name"},
    {"wales,2026-02-29,x,", "is not a day of the calendar"},
    {"wales,2026-01-01,x,guessed", "unknown status 'guessed'"},
    {"wales,2026-01-01,x,known\nwales,2026-01-01,y,known", "row 2 has that day"},
};

START_TEST(wrong_holidays_say_what_is_wrong)
{
    char text[300];

    snprintf(text, sizeof text, "region,date,name,status\n%s\n", no_holidays[_i].row);
    ck_assert_int_eq(parse_holidays(b, STR("h2.csv"), str_of(text), &diag), -1);
    ck_assert_msg(strstr(diag.messages[0].text, no_holidays[_i].part) != NULL, "%s", diag.messages[0].text);
}
END_TEST

START_TEST(days_and_hours_there_and_back)
{
    static const char *const texts[] = {"Mon-Thu 08:45-17:00", "Mon Wed 22:00-06:00 next-day",
                                        "Mon-Sun 00:00-24:00", "Sat-Sun 00:00-00:01",
                                        "Mon Sat-Sun 23:59-24:00"};

    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str rest = str_of(texts[i]), word, unknown;
        struct a_window w = {.cycle = 1};
        char room[80], why[HOURS_WHY];
        struct text t;
        uint32_t days;

        while ((word = str_cut(&rest, ' ')).n && hours_days(word, &days, &unknown))
            w.days |= days;
        ck_assert_int_eq(hours_span(word, rest.n > 0, &w, why), 0);
        text_init(&t, room, sizeof room);
        hours_put(&w, &t);
        ck_assert_slice(text_str(&t), texts[i]);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("shifts");
    TCase *t = tcase_create("all");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, wrong_rows_say_what_is_wrong, 0, sizeof wrong / sizeof *wrong);
    tcase_add_loop_test(t, right_rows_are_taken, 0, sizeof right / sizeof *right);
    tcase_add_test(t, the_row_that_begins_latest_holds);
    tcase_add_test(t, without_a_word_in_the_policy_there_are_no_rotas);
    tcase_add_test(t, holidays_are_sorted_by_region_and_day);
    tcase_add_loop_test(t, wrong_holidays_say_what_is_wrong, 0, sizeof no_holidays / sizeof *no_holidays);
    tcase_add_test(t, days_and_hours_there_and_back);
    suite_add_tcase(s, t);
    return run_suite(s);
}
