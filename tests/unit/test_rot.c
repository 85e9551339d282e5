/* The shared counts of what platform maps do not know: kept by threads and processes together, never believed
 * when damaged. */
#include "record/rot.h"
#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOW = 1778580000, THREADS = 4, ROUNDS = 5000 };

static char folder[64], path[96];
static struct diag d;
static const struct rot_seen plain = {.looked = 1u << ROT_WRITE | 1u << ROT_HOST, .rot = 1u << ROT_WRITE};

static void begin(void)
{
    diag_init(&d);
    snprintf(folder, sizeof folder, "/tmp/portreeve-rot-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/" ROT_FILE, folder);
}

static void end(void)
{
    unlink(path);
    rmdir(folder);
}

static struct rot_file *opened(void)
{
    struct rot_file *f = NULL;

    ck_assert_msg(rot_open(path, &f, &d) == 0, "%s", d.messages[0].text);
    return f;
}

static struct rot_counts counts_of(const char *id, const char *version, int64_t now)
{
    struct rot_table *t = NULL;
    struct rot_counts c;

    ck_assert_msg(rot_read(path, &t, &d) == 0, "%s", d.messages[0].text);
    c = rot_of(t, str_of(id), str_of(version), now);
    rot_table_free(t);
    return c;
}

START_TEST(what_is_counted_is_read_by_platform_and_version)
{
    const struct rot_seen tunnel = {.tunnel = true, .looked = 1u << ROT_HOST, .rot = 1u << ROT_HOST};
    struct rot_file *f = opened();
    struct rot_counts c;

    rot_add(rot_slot(f, STR("facebook"), STR("2026-01-01")), &plain, NOW);
    rot_add(rot_slot(f, STR("facebook"), STR("2026-01-01")), &tunnel, NOW);
    rot_add(rot_slot(f, STR("facebook"), STR("2026-02-01")), &plain, NOW);
    rot_add(rot_slot(f, STR("face"), STR("2026-01-01")), &plain, NOW);
    c = counts_of("facebook", "2026-01-01", NOW);
    ck_assert_uint_eq(c.requests, 1);
    ck_assert_uint_eq(c.tunnels, 1);
    ck_assert_uint_eq(c.looked[ROT_HOST], 2);
    ck_assert_uint_eq(c.met[ROT_HOST], 1);
    ck_assert_uint_eq(c.looked[ROT_WRITE], 1);
    ck_assert_uint_eq(c.met[ROT_WRITE], 1);
    ck_assert_uint_eq(c.looked[ROT_OPERATION], 0);
    ck_assert_uint_eq(counts_of("facebook", "2026-02-01", NOW).requests, 1);
    ck_assert_uint_eq(counts_of("face", "2026-01-01", NOW).requests, 1);
    ck_assert_uint_eq(counts_of("fac", "2026-01-01", NOW).requests, 0);
    rot_close(f);
}
END_TEST

START_TEST(this_week_and_the_last_count)
{
    struct rot_file *f = opened();
    struct rot_slot *s = rot_slot(f, STR("x"), STR("1"));

    rot_add(s, &plain, NOW);
    rot_add(s, &plain, NOW + ROT_WEEK);
    ck_assert_uint_eq(counts_of("x", "1", NOW + ROT_WEEK).requests, 2);
    rot_add(s, &plain, NOW + 2 * ROT_WEEK);
    ck_assert_uint_eq(counts_of("x", "1", NOW + 2 * ROT_WEEK).requests, 2);
    ck_assert_uint_eq(counts_of("x", "1", NOW + 3 * ROT_WEEK).requests, 1);
    ck_assert_uint_eq(counts_of("x", "1", NOW + 4 * ROT_WEEK).requests, 0);
    rot_add(s, &plain, -1); /* a clock before 1970 */
    rot_close(f);
}
END_TEST

START_TEST(counts_outlive_those_who_count)
{
    struct rot_file *f = opened();

    rot_add(rot_slot(f, STR("x"), STR("1")), &plain, NOW);
    rot_close(f);
    f = opened();
    rot_add(rot_slot(f, STR("x"), STR("1")), &plain, NOW);
    ck_assert_uint_eq(counts_of("x", "1", NOW).requests, 2);
    rot_close(f);
}
END_TEST

static void *count(void *to)
{
    char id[8];

    for (int i = 0; i < ROUNDS; i++) {
        snprintf(id, sizeof id, "p%d", i % 7);
        rot_add(rot_slot(to, str_of(id), STR("1")), &plain, NOW);
    }
    return NULL;
}

static void count_in_threads(void)
{
    struct rot_file *f = opened();
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, count, f), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    rot_close(f);
}

START_TEST(processes_and_their_threads_share_it)
{
    uint64_t all = 0;
    char id[8];
    int status;
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        count_in_threads();
        _exit(0);
    }
    count_in_threads();
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    for (int i = 0; i < 7; i++) {
        snprintf(id, sizeof id, "p%d", i);
        all += counts_of(id, "1", NOW).requests;
    }
    /* Whoever begins a week empties its window: a few of the first may go. */
    ck_assert_uint_le(all, 2 * THREADS * ROUNDS);
    ck_assert_uint_ge(all, 2 * THREADS * ROUNDS * 9 / 10);
}
END_TEST

static void write_file(const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

START_TEST(a_damaged_file_is_begun_anew)
{
    struct rot_table *t;
    struct rot_file *f;

    write_file("nonsense", 8);
    ck_assert_int_eq(rot_read(path, &t, &d), -1);
    f = opened();
    rot_add(rot_slot(f, STR("x"), STR("1")), &plain, NOW);
    ck_assert_uint_eq(counts_of("x", "1", NOW).requests, 1);
    rot_close(f);
    ck_assert_int_eq(truncate(path, 500), 0);
    diag_init(&d);
    ck_assert_int_eq(rot_read(path, &t, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "no file of counts"));
    rot_close(opened());
    ck_assert_uint_eq(counts_of("x", "1", NOW).requests, 0);
}
END_TEST

START_TEST(a_file_in_use_is_left_alone)
{
    struct rot_file *f = opened(), *other;
    int fd = open(path, O_WRONLY);

    rot_add(rot_slot(f, STR("x"), STR("1")), &plain, NOW);
    ck_assert_int_eq(pwrite(fd, "OTHER", 5, 0), 5);
    ck_assert_int_eq(rot_open(path, &other, &d), -1);
    ck_assert_ptr_null(other);
    ck_assert_int_eq(pwrite(fd, "PTREE", 5, 0), 5);
    close(fd);
    ck_assert_uint_eq(counts_of("x", "1", NOW).requests, 1);
    rot_close(f);
}
END_TEST

START_TEST(another_file_in_its_place_is_noticed)
{
    struct rot_file *f = opened(), *next;
    char aside[128];

    snprintf(aside, sizeof aside, "%s.aside", path);
    ck_assert(rot_is_at(f, path));
    ck_assert_int_eq(rename(path, aside), 0);
    ck_assert(!rot_is_at(f, path));
    next = opened();
    ck_assert(!rot_is_at(f, path));
    ck_assert(rot_is_at(next, path));
    rot_close(f);
    rot_close(next);
    unlink(aside);
}
END_TEST

START_TEST(a_full_table_counts_no_more_and_is_begun_anew)
{
    struct rot_file *f = opened();
    char version[16];

    for (int i = 0; i < ROT_SLOTS; i++) {
        snprintf(version, sizeof version, "%d", i);
        ck_assert_ptr_nonnull(rot_slot(f, STR("x"), str_of(version)));
    }
    ck_assert_ptr_null(rot_slot(f, STR("y"), STR("1")));
    ck_assert_ptr_nonnull(rot_slot(f, STR("x"), STR("7")));
    rot_close(f);
    f = opened();
    ck_assert_ptr_nonnull(rot_slot(f, STR("y"), STR("1")));
    rot_close(f);
}
END_TEST

START_TEST(names_have_bounds)
{
    static const char longest[] = "0123456789012345678901234567890123456789";
    struct rot_file *f = opened();

    ck_assert_ptr_nonnull(rot_slot(f, str_of(longest), STR("a version that is longer than there is room")));
    ck_assert_ptr_null(rot_slot(f, STR("01234567890123456789012345678901234567890"), STR("1")));
    ck_assert_ptr_null(rot_slot(f, STR_NONE, STR("1")));
    rot_add(rot_slot(f, str_of(longest), STR("a version that is longer than there is room")), &plain, NOW);
    ck_assert_uint_eq(counts_of(longest, "a version that is longer", NOW).requests, 1);
    rot_close(f);
}
END_TEST

START_TEST(no_link_is_followed_and_no_folder_made)
{
    char target[128];
    struct rot_file *f;
    struct stat st;

    snprintf(target, sizeof target, "%s/elsewhere", folder);
    ck_assert_int_eq(symlink(target, path), 0);
    ck_assert_int_eq(rot_open(path, &f, &d), -1);
    ck_assert_int_ne(stat(target, &st), 0);
    unlink(path);
    snprintf(target, sizeof target, "%s/missing/x", folder);
    ck_assert_int_eq(rot_open(target, &f, &d), -1);
    rot_close(opened());
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0640);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("rot");
    TCase *t = tcase_create("rot");

    umask(0);
    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, what_is_counted_is_read_by_platform_and_version);
    tcase_add_test(t, this_week_and_the_last_count);
    tcase_add_test(t, counts_outlive_those_who_count);
    tcase_add_test(t, processes_and_their_threads_share_it);
    tcase_add_test(t, a_damaged_file_is_begun_anew);
    tcase_add_test(t, a_file_in_use_is_left_alone);
    tcase_add_test(t, another_file_in_its_place_is_noticed);
    tcase_add_test(t, a_full_table_counts_no_more_and_is_begun_anew);
    tcase_add_test(t, names_have_bounds);
    tcase_add_test(t, no_link_is_followed_and_no_folder_made);
    suite_add_tcase(s, t);
    return run_suite(s);
}
