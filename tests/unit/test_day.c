/* The key of a day: one for all processes, gone when the day is; and what is digested with it. */
#include "unit.h"

#include "record/day.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TODAY = 20585, MAKERS = 8 };

static char home[64];
static struct diag d;

static void begin(void)
{
    snprintf(home, sizeof home, "/tmp/portreeve-day-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
    diag_init(&d);
}

static void end(void)
{
    ck_assert_int_eq(day_keys_retire(home, INT32_MAX, &d), 0);
    ck_assert_msg(rmdir(home) == 0, "something is left in %s: %s", home, strerror(errno));
}

static struct seal_key made(int32_t day)
{
    struct seal_key key = {{0}};

    ck_assert_msg(day_key_make(home, day, &key, &d) == 0, "%s", d.messages[0].text);
    return key;
}

static bool is_there(int32_t day)
{
    struct seal_key key;
    bool there = true;

    ck_assert_int_eq(day_key_read(home, day, &key, &there, &d), 0);
    return there;
}

START_TEST(each_day_has_its_own)
{
    struct seal_key one, again, other;

    begin();
    ck_assert(!is_there(TODAY));
    one = made(TODAY);
    again = made(TODAY);
    other = made(TODAY + 1);
    ck_assert(is_there(TODAY));
    ck_assert_mem_eq(one.bytes, again.bytes, sizeof one.bytes);
    ck_assert_mem_ne(one.bytes, other.bytes, sizeof one.bytes);
    end();
}
END_TEST

START_TEST(many_makers_get_the_same)
{
    struct seal_key mine, theirs;
    int ends[2];

    begin();
    ck_assert_int_eq(pipe(ends), 0);
    for (int i = 0; i < MAKERS; i++) {
        pid_t child = fork();

        ck_assert_int_ge(child, 0);
        if (child == 0) {
            if (day_key_make(home, TODAY, &mine, &d) != 0)
                memset(&mine, i, sizeof mine);
            _exit(write(ends[1], &mine, sizeof mine) == (ssize_t)sizeof mine ? 0 : 1);
        }
    }
    mine = made(TODAY);
    for (int i = 0; i < MAKERS; i++) {
        ck_assert_int_eq(read(ends[0], &theirs, sizeof theirs), (ssize_t)sizeof theirs);
        ck_assert_mem_eq(mine.bytes, theirs.bytes, sizeof mine.bytes);
        ck_assert_int_gt(wait(NULL), 0);
    }
    close(ends[0]);
    close(ends[1]);
    end();
}
END_TEST

START_TEST(days_that_are_over_are_forgotten)
{
    char name[128];
    FILE *f;

    begin();
    made(TODAY - 1);
    made(TODAY);
    snprintf(name, sizeof name, "%s/minutes-%d.key.77", home, TODAY - 2); /* a maker that was killed */
    f = fopen(name, "w");
    ck_assert_ptr_nonnull(f);
    fclose(f);
    ck_assert_int_eq(day_keys_retire(home, TODAY, &d), 0);
    ck_assert(!is_there(TODAY - 1));
    ck_assert(is_there(TODAY));
    ck_assert_int_ne(access(name, F_OK), 0);
    end();
}
END_TEST

START_TEST(a_key_for_all_to_read_is_none)
{
    struct seal_key key;
    char name[128];
    bool there;

    begin();
    made(TODAY);
    snprintf(name, sizeof name, "%s/minutes-%d.key", home, TODAY);
    ck_assert_int_eq(chmod(name, 0644), 0);
    ck_assert_int_eq(day_key_make(home, TODAY, &key, &d), -1);
    ck_assert_int_eq(day_key_read(home, TODAY, &key, &there, &d), -1);
    ck_assert_int_eq(day_key_make("/nowhere", TODAY, &key, &d), -1);
    end();
}
END_TEST

START_TEST(a_digest_is_of_person_and_day)
{
    unsigned char a[DAY_DIGEST], again[DAY_DIGEST], b[DAY_DIGEST], tomorrow[DAY_DIGEST];
    unsigned char pseudonym[PSEUDONYM_SIZE];
    struct seal_key key, next;

    begin();
    key = made(TODAY);
    next = made(TODAY + 1);
    day_digest(&key, STR("a.user"), a);
    day_digest(&key, STR("a.user"), again);
    day_digest(&key, STR("b.user"), b);
    day_digest(&next, STR("a.user"), tomorrow);
    seal_pseudonym(&key, STR("a.user"), pseudonym);
    ck_assert_mem_eq(a, again, sizeof a);
    ck_assert_mem_ne(a, b, sizeof a);
    ck_assert_mem_ne(a, tomorrow, sizeof a);
    ck_assert_mem_ne(a, pseudonym, sizeof a); /* another purpose */
    end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("day");
    TCase *t = tcase_create("keys");

    diag_init(&d);
    if (seal_init(&d) != 0)
        return 1;
    tcase_add_test(t, each_day_has_its_own);
    tcase_add_test(t, many_makers_get_the_same);
    tcase_add_test(t, days_that_are_over_are_forgotten);
    tcase_add_test(t, a_key_for_all_to_read_is_none);
    tcase_add_test(t, a_digest_is_of_person_and_day);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
