/* Whose time it is, minute by minute over two years, against hours written down by hand for a few people of
 * tests/policies/time: with clocks, holidays, rotas and midnights of their own, not those of core. */
#include "compile/compile.h"
#include "core/during.h"
#include "core/standing_build.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

static struct policy *policy;
static unsigned char *bytes;
static struct scratch *scratch;

static void setup(void)
{
    const char *root = getenv("srcdir");
    char dir[512];
    struct source s;
    struct diag d;
    size_t size;

    diag_init(&d);
    snprintf(dir, sizeof dir, "%s/tests/policies/time", root ? root : ".");
    ck_assert_msg(source_read_folder(dir, dir, NULL, &s, &d) == 0, "%s", d.messages[0].text);
    ck_assert_msg(compile_source(&s, 20585, 0, &bytes, &size, &d) == 0, "%s", d.messages[0].text);
    source_free(&s);
    ck_assert_int_eq(policy_open_mem(bytes, size, &policy, &d), 0);
    scratch = scratch_new();
}

static void teardown(void)
{
    scratch_free(scratch);
    policy_free(policy);
    free(bytes);
}

/* A standing in which that person is on a break until then. To be given back with break_over. */
static struct standing *on_break(const char *user, int64_t from, int64_t until, void **standing_bytes)
{
    struct diag d;
    struct fact_in fact = {
        .user = str_of(user), .kind = FACT_BREAK, .from = (uint32_t)from, .until = (uint32_t)until};
    struct standing *standing;
    size_t size;

    diag_init(&d);
    ck_assert_int_eq(standing_build(&fact, 1, from, standing_bytes, &size, &d), 0);
    ck_assert_int_eq(standing_open_mem(*standing_bytes, size, &standing, &d), 0);
    return standing;
}

static void break_over(struct standing *standing, void *standing_bytes)
{
    standing_free(standing);
    free(standing_bytes);
}

static enum hours hours_of(const char *user, int64_t now, const struct standing *standing, struct text *t)
{
    struct snapshot snapshot = {.policy = policy, .standing = standing};
    struct request r = {
        .method = STR("GET"), .target = STR("https://stage.example/"), .user = str_of(user), .now = now};
    struct verdict v = policy_judge(&snapshot, NULL, &r, scratch);

    return during_hours(&snapshot, &r, &v, t);
}

/* --- by hand: minutes since Monday 2026-01-05 00:00, local --- */

enum { HOUR = 60, DAY = 24 * HOUR, WEEK = 7 * DAY };
static const int64_t monday = 1767571200; /* 2026-01-05T00:00Z */

static int minutes_of(int64_t utc)
{
    static const int64_t summers[][2] = {{1774746000, 1792890000}, {1806195600, 1824944400}};

    for (unsigned i = 0; i < 2; i++)
        if (utc >= summers[i][0] && utc < summers[i][1])
            utc += 3600;
    return (int)((utc - monday) / 60);
}

static bool among(int day, const int *days, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (days[i] == day)
            return true;
    return false;
}

/* England and Wales, as days since that Monday: 2026 from Good Friday on, 2027. */
static bool holiday(int day)
{
    static const int days[] = {88, 91, 119, 140, 238, 354, 357, 361, 445, 448, 483, 511, 602, 721, 722};

    return among(day, days, sizeof days / sizeof *days);
}

static enum hours office(int m)
{
    int day = m / DAY, weekday = day % 7, minute = m % DAY;

    if (weekday == 6 && minute < 6 * HOUR)
        return HOURS_WORK; /* Saturday's night; no holiday is a Saturday */
    if (holiday(day))
        return HOURS_OWN;
    if (weekday == 5)
        return minute >= 22 * HOUR ? HOURS_WORK : HOURS_OWN;
    if (weekday > 5 || minute < 8 * HOUR + 45 || minute >= (weekday == 4 ? 16 * HOUR + 40 : 17 * HOUR))
        return HOURS_OWN;
    if (minute >= 12 * HOUR + 30 && minute < 13 * HOUR + 30)
        return HOURS_OWN;
    if ((weekday == 0 || weekday == 2) && minute >= 16 * HOUR && minute < 16 * HOUR + 15)
        return HOURS_OWN;
    return HOURS_WORK;
}

static enum hours gym(int m)
{
    int minute = m % DAY, begin = m / WEEK % 2 ? 14 * HOUR : 6 * HOUR;

    if (m / DAY % 7 > 4 || minute < begin || minute >= begin + 8 * HOUR)
        return HOURS_OWN;
    return minute >= begin + 4 * HOUR && minute < begin + 4 * HOUR + 30 ? HOURS_OWN : HOURS_WORK;
}

/* Nights that begin on that day. */
static bool works_night(int day)
{
    return day % 7 < 5 && day != 149 /* 2026-06-03 */ && day != 354 /* 2026-12-25 */;
}

static enum hours night(int m)
{
    int day = m / DAY, minute = m % DAY;

    if (day == 354 && minute >= 20 * HOUR && minute < 22 * HOUR)
        return HOURS_WORK;
    if (minute >= 22 * HOUR)
        return works_night(day) ? HOURS_WORK : HOURS_OWN;
    if (minute >= 6 * HOUR || day == 0 || !works_night(day - 1))
        return HOURS_OWN;
    return minute >= 2 * HOUR && minute < 2 * HOUR + 30 ? HOURS_OWN : HOURS_WORK;
}

static const struct {
    const char *user;
    enum hours (*at)(int minutes);
    int days;
} people[] = {{"", office, 726}, {"nobody.special", office, 726}, {"gym", gym, 361}, {"night", night, 361}};

START_TEST(every_minute_is_as_it_was_written_down)
{
    /* every minute around what changes, elsewhere every seventh */
    for (int64_t now = monday; minutes_of(now) < people[_i].days * DAY; now += 60) {
        int m = minutes_of(now);

        if (m % DAY % 15 > 1 && m % 7)
            continue;
        if (hours_of(people[_i].user, now, NULL, NULL) != people[_i].at(m))
            ck_abort_msg("'%s' at %lld, day %d minute %d", people[_i].user, (long long)now, m / DAY, m % DAY);
    }
}
END_TEST

START_TEST(a_declared_break_is_own_time_until_it_ends)
{
    const int64_t ten = 1778576400; /* Tuesday 2026-05-12 10:00 */
    void *standing_bytes;
    struct standing *standing = on_break("somebody", ten, ten + 900, &standing_bytes);
    char room[128];
    struct text t;

    ck_assert_int_eq(hours_of("somebody", ten, NULL, NULL), HOURS_WORK);
    text_init(&t, room, sizeof room);
    ck_assert_int_eq(hours_of("somebody", ten, standing, &t), HOURS_OWN);
    ck_assert_slice(text_str(&t),
                    "Tue 2026-05-12 10:00 is own time: a break that the person declared, until 10:15");
    ck_assert_int_eq(hours_of("somebody", ten + 899, standing, NULL), HOURS_OWN);
    ck_assert_int_eq(hours_of("somebody", ten + 900, standing, NULL), HOURS_WORK);
    ck_assert_int_eq(hours_of("somebody-else", ten, standing, NULL), HOURS_WORK);
    break_over(standing, standing_bytes);
    standing = on_break("warden", ten, ten + 900, &standing_bytes);
    ck_assert_int_eq(hours_of("warden", ten, standing, NULL), HOURS_OWN); /* whose rota has ended */
    break_over(standing, standing_bytes);
}
END_TEST

START_TEST(rules_see_the_break)
{
    const int64_t ten = 1778576400;
    void *standing_bytes;
    struct standing *standing = on_break("somebody", ten, ten + 60, &standing_bytes);
    struct snapshot snapshot = {.policy = policy, .standing = standing};
    struct request r = {
        .method = STR("GET"), .target = STR("https://stage.example/"), .user = STR("somebody"), .now = ten};
    struct verdict v = policy_judge(&snapshot, NULL, &r, scratch);

    ck_assert_int_eq(v.action, ACTION_ALLOW);
    snapshot.standing = NULL;
    v = policy_judge(&snapshot, NULL, &r, scratch);
    ck_assert_int_eq(v.action, ACTION_REFUSE);
    break_over(standing, standing_bytes);
}
END_TEST

START_TEST(times_beyond_the_calendar_are_harmless)
{
    static const int64_t times[] = {INT64_MIN, INT64_MAX, -1, 0, -62135596801, 253402300800};

    for (unsigned i = 0; i < sizeof times / sizeof *times; i++)
        for (unsigned k = 0; k < sizeof people / sizeof *people; k++)
            ck_assert_int_le(hours_of(people[k].user, times[i], NULL, NULL), HOURS_COUNT);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("during");
    TCase *t = tcase_create("all");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, every_minute_is_as_it_was_written_down, 0, sizeof people / sizeof *people);
    tcase_add_test(t, a_declared_break_is_own_time_until_it_ends);
    tcase_add_test(t, rules_see_the_break);
    tcase_add_test(t, times_beyond_the_calendar_are_harmless);
    suite_add_tcase(s, t);
    return run_suite(s);
}
