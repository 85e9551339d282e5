/* When the record was not whole, as its folder tells; and what looks like a gap and is none. */
#include "record/gaps.h"
#include "record_fixture.h"

/* A worker that is killed between making its segment and its first event, just when a minute is anchored: nothing was cut off. */
START_TEST(test_anchored_empty)
{
    struct anchor *a = open_anchor();
    struct spool *s = open_spool(SMALL);
    unsigned char whole[SMALL];
    char path[512];
    size_t n;

    append(s, 2);
    spool_close(s);
    segments(0, path, sizeof path);
    n = load(path);
    memcpy(whole, bytes, n);
    memset(bytes + record_at(0), 0, n - record_at(0));
    store(n);
    ck_assert_int_eq(anchor_minute(a, now, &d), 0);
    passes(folder);
    memcpy(bytes, whole, n);
    store(n);
    ck_assert_int_eq(anchor_minute(a, now + 60, &d), 0);
    passes(folder);
    memset(bytes + record_at(0), 0, n - record_at(0));
    store(n);
    fails(folder, "was truncated: it ends behind record 0");
    anchor_close(a);
}
END_TEST

START_TEST(test_kept_empty)
{
    struct anchor *a = open_anchor();
    struct spool *s = open_spool(SMALL);
    char path[512];
    size_t n;

    append(s, 1);
    spool_close(s);
    segments(0, path, sizeof path);
    n = load(path);
    memset(bytes + record_at(0), 0, n - record_at(0));
    store(n);
    ck_assert_int_eq(anchor_minute(a, now + 120, &d), 0);
    ck_assert_int_eq(anchor_keep(a, path, now + 121, &d), 0);
    unlink(path);
    passes(record);
    anchor_close(a);
}
END_TEST

static struct gap found[8];
static unsigned n_found;

static void take_gap(void *to, const struct gap *g)
{
    (void)to;
    ck_assert_uint_lt(n_found, 8);
    found[n_found++] = *g;
}

static void look_for_gaps(void)
{
    const int32_t today = clock_local(now).day;

    n_found = 0;
    ck_assert_msg(gaps_of(record, (const int32_t[]){today, today}, take_gap, NULL, &d) == 0, "%s", d.messages[0].text);
}

/* A full disk: the events that no segment had room for are missing by their numbers. */
START_TEST(test_gap_of_a_full_disk)
{
    struct anchor *a = open_anchor();
    struct spool *s = open_spool(SMALL);
    static char long_name[2 * EVENT_MAX];
    struct event e = sample();
    char path[512];

    memset(long_name, 'a', sizeof long_name - 1);
    e.account = str_of(long_name); /* fits into no segment */
    append(s, 2);
    ck_assert_int_eq(anchor_minute(a, now, &d), 0);
    look_for_gaps();
    ck_assert_uint_eq(n_found, 0);
    for (int i = 0; i < 3; i++)
        ck_assert_int_ne(spool_append(s, &e), 0);
    append(s, 2);
    spool_close(s);
    segments(0, path, sizeof path);
    ck_assert_int_eq(anchor_keep(a, path, now + 60, &d), 0);
    look_for_gaps();
    ck_assert_uint_eq(n_found, 1);
    ck_assert_int_eq(found[0].kind, GAP_LOST);
    ck_assert_uint_eq(found[0].number, 3);
    anchor_close(a);
}
END_TEST

START_TEST(test_gap_of_a_clock)
{
    struct anchor *a = open_anchor();

    ck_assert_int_eq(anchor_minute(a, now, &d), 0);
    ck_assert_int_eq(anchor_minute(a, now - 1, &d), 0);
    look_for_gaps();
    ck_assert_uint_eq(n_found, 0);
    ck_assert_int_eq(anchor_minute(a, now - 30, &d), 0);
    look_for_gaps();
    ck_assert_uint_eq(n_found, 1);
    ck_assert_int_eq(found[0].kind, GAP_CLOCK);
    ck_assert_uint_eq(found[0].number, 29);
    ck_assert_int_eq(found[0].from, now - 30);
    anchor_close(a);
}
END_TEST

START_TEST(test_gap_of_a_killed_writer)
{
    struct anchor *a = open_anchor();
    struct spool *s = open_spool(SMALL);
    char path[512];
    size_t n;

    append(s, 3);
    spool_close(s);
    segments(0, path, sizeof path);
    n = load(path);
    memset(bytes + record_at(2), 0, sizeof(uint32_t));
    store(n);
    ck_assert_int_eq(anchor_keep(a, path, now, &d), 0);
    look_for_gaps();
    ck_assert_uint_eq(n_found, 1);
    ck_assert_int_eq(found[0].kind, GAP_TORN);
    anchor_close(a);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("gaps");
    TCase *tests = tcase_create("gaps");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, test_gap_of_a_full_disk);
    tcase_add_test(tests, test_gap_of_a_clock);
    tcase_add_test(tests, test_gap_of_a_killed_writer);
    tcase_add_test(tests, test_anchored_empty);
    tcase_add_test(tests, test_kept_empty);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
