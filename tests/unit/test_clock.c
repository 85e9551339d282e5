/* Local time in the United Kingdom, by hand-checked instants. */
#include "core/clock.h"

#include "unit.h"

static const struct {
    const char *instant;
    const char *date;
    unsigned minute, weekday;
} rows[] = {
    {"2026-03-29T00:59:59Z", "2026-03-29", 59, 6},      /* the second before summer time */
    {"2026-03-29T01:00:00Z", "2026-03-29", 120, 6},     /* 01:00 becomes 02:00 */
    {"2026-10-25T00:59:59Z", "2026-10-25", 119, 6},     /* the last second of summer time */
    {"2026-10-25T01:00:00Z", "2026-10-25", 60, 6},      /* 02:00 becomes 01:00 */
    {"2026-05-31T23:30:00Z", "2026-06-01", 30, 0},      /* midnight is an hour earlier in summer */
    {"2026-12-31T23:59:59Z", "2026-12-31", 1439, 3},
    {"2024-02-29T12:00:00Z", "2024-02-29", 720, 3},
    {"2026-05-12T10:00:00+01:00", "2026-05-12", 600, 1},
    {"2026-05-12T10:00:00.123+01:00", "2026-05-12", 600, 1},
    {"2026-11-21", "2026-11-21", 720, 5},
    {"2026-05-12T10:00", "2026-05-12", 600, 1}, /* local time */
    {"2026-11-21T10:00:30", "2026-11-21", 600, 5},
    {"2026-03-29T00:59", "2026-03-29", 59, 6},
    {"2026-03-29T02:00", "2026-03-29", 120, 6},
    {"2026-10-25T00:59", "2026-10-25", 59, 6},
    {"2026-10-25T02:00", "2026-10-25", 120, 6},
};

START_TEST(instants)
{
    struct local_time t;
    int64_t utc;
    char date[11] = "";

    ck_assert_int_eq(clock_parse(str_of(rows[_i].instant), &utc), 0);
    t = clock_local(utc);
    clock_format_date(t.day, date);
    ck_assert_str_eq(date, rows[_i].date);
    ck_assert_uint_eq(t.minute, rows[_i].minute);
    ck_assert_uint_eq(t.weekday, rows[_i].weekday);
}
END_TEST

static const char *const wrong[] = {"",           "2026",       "2026-13-01", "2026-04-31", "2026-02-29",
                                    "2026-03-29T01:30", "2026-10-25T01:30:00", "2026-05-12T24:00:00Z", "12/05/2026", "2026-05-12T10:00:00+1:00",
                                    "2026-05-12T10:00:00Zx", "2026-05-12x"};

START_TEST(no_instants)
{
    int64_t utc;

    ck_assert_msg(clock_parse(str_of(wrong[_i]), &utc) == -1, "%s", wrong[_i]);
}
END_TEST

START_TEST(every_day_there_and_back)
{
    for (int32_t day = -1000; day < 60000; day++) {
        int year;
        unsigned month, mday;

        clock_date(day, &year, &month, &mday);
        ck_assert_int_eq(clock_day(year, month, mday), day);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("clock");
    TCase *t = tcase_create("all");

    tcase_add_loop_test(t, instants, 0, sizeof rows / sizeof *rows);
    tcase_add_loop_test(t, no_instants, 0, sizeof wrong / sizeof *wrong);
    tcase_add_test(t, every_day_there_and_back);
    suite_add_tcase(s, t);
    return run_suite(s);
}
