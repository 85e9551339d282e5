/* The spool: whole records through kill -9 and full disks; torn and tampered ones are skipped and counted. */
#include "spool_fixture.h"

#include <signal.h>
#include <stdatomic.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

START_TEST(events_come_back_in_order)
{
    struct spool *s = open_spool(0);
    struct spool_read result;
    struct seen seen;

    append(s, 1000);
    result = read_all(folder, &seen); /* while it is being written */
    ck_assert_uint_eq(result.events, 1000);
    ck_assert_uint_eq(result.torn, 0);
    append(s, 1);
    ck_assert_uint_eq(spool_counts(s).written, 1001);
    spool_close(s);
    result = read_all(folder, &seen);
    ck_assert_uint_eq(seen.n, 1001);
    ck_assert_uint_eq(seen.last, 1001);
    ck_assert(seen.in_order);
    ck_assert_uint_eq(result.torn, 0);
}
END_TEST

START_TEST(a_full_segment_is_followed_by_the_next)
{
    struct spool *s = open_spool(SMALL);
    char path[512] = "", next[512] = "";
    struct stat st;
    struct seen seen;
    unsigned n;

    append(s, 1000);
    spool_close(s);
    n = segments(0, path, sizeof path);
    ck_assert_uint_gt(n, 10);
    segments(1, next, sizeof next);
    ck_assert_str_lt(path, next);
    ck_assert_ptr_nonnull(strstr(path, "-gate_1-"));
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_int_eq(st.st_size, SMALL);
    ck_assert_uint_eq(st.st_mode & 07, 0);
    read_all(folder, &seen);
    ck_assert_uint_eq(seen.n, 1000);
    ck_assert(seen.in_order);
}
END_TEST

START_TEST(a_header_says_whence)
{
    struct spool *s = open_spool(SMALL);
    struct segment_header h;
    char path[512] = "";
    int fd;

    append(s, 100);
    spool_close(s);
    segments(2, path, sizeof path);
    fd = open(path, O_RDONLY);
    ck_assert_int_eq(read(fd, &h, sizeof h), sizeof h);
    close(fd);
    ck_assert_uint_eq(h.number, 3);
    ck_assert_uint_gt(h.first, 2);
    ck_assert_str_eq(h.node, "gate_1");
    ck_assert_uint_eq(strlen(h.boot), 36);
    ck_assert_uint_eq(h.pid, (uint32_t)getpid());
    ck_assert_int_gt(h.created, 1700000000);
}
END_TEST

START_TEST(nothing_is_written_before_the_first_event)
{
    char path[512];

    spool_close(open_spool(0));
    ck_assert_uint_eq(segments(0, path, sizeof path), 0);
}
END_TEST

/* The child counts in shared memory each event that spool_append took; after kill -9 all of these are there,
 * and at most the one more whose commit word was stored before the count. */
START_TEST(kill_9_in_a_storm_loses_nothing)
{
    _Atomic uint64_t *taken = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    ck_assert_ptr_ne(taken, MAP_FAILED);
    for (unsigned round = 0; round < 20; round++) {
        struct spool_read result;
        struct seen seen;
        uint64_t before;
        pid_t pid;

        atomic_store(taken, 0);
        pid = fork();
        ck_assert_int_ge(pid, 0);
        if (pid == 0) {
            struct spool *s; /* no assertion here: its message would mix with the parent's */

            if (spool_open(folder, NULL, SMALL * 4, &s, &d) != 0)
                _exit(1);
            for (;;) {
                struct event e = sample();

                if (spool_append(s, &e) == 0)
                    atomic_fetch_add(taken, 1);
            }
        }
        while (atomic_load(taken) < 2000 + 997 * round)
            sched_yield();
        kill(pid, SIGKILL);
        ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
        before = atomic_load(taken);
        result = read_all(folder, &seen);
        ck_assert_uint_ge(seen.n, before);
        ck_assert_uint_le(seen.n, before + 1);
        ck_assert_uint_eq(seen.last, seen.n); /* no gap */
        ck_assert_uint_le(result.torn, 1);
        end();
        begin();
    }
    munmap((void *)taken, 4096);
}
END_TEST

static void ignore(void *to, const struct event *e)
{
    (void)to, (void)e;
}

/* The commit word comes last: whoever reads along never sees half a record. */
START_TEST(a_reader_may_follow_the_writer)
{
    pid_t pid = fork();
    uint64_t torn = 0, events = 0;

    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        struct spool *s;

        if (spool_open(folder, NULL, 1 << 20, &s, &d) != 0)
            _exit(1);
        for (;;) {
            struct event e = sample();

            spool_append(s, &e);
            if (e.sequence % 100000 == 0)
                empty(); /* what has been read is not needed any more */
        }
    }
    for (int i = 0; i < 300 || events == 0; i++) {
        struct spool_read result = {0};
        struct diag messages;

        diag_init(&messages); /* of segments that went away between listing and opening */
        spool_read(folder, ignore, NULL, &result, &messages);
        torn += result.torn;
        events += result.events;
    }
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    ck_assert_uint_eq(torn, 0);
}
END_TEST

/* The first `n` bytes of the record after the last, with no commit word: what a writer killed in mid-record
 * leaves. */
static void tear(const char *path, size_t n)
{
    unsigned char record[RECORD_SPACE] = {0};
    struct event e = sample();
    int fd = open(path, O_RDWR);
    off_t at = sizeof(struct segment_header);
    uint32_t length = 0;

    ck_assert_int_ge(fd, 0);
    for (;;) {
        ck_assert_int_eq(pread(fd, &length, sizeof length, at), sizeof length);
        if (length == 0 || length == RECORD_END)
            break;
        at += (off_t)record_size(length);
    }
    ck_assert_uint_gt(event_encode(&e, record + RECORD_HEAD, EVENT_MAX), 0);
    ck_assert_int_eq(pwrite(fd, record, n, at), (ssize_t)n);
    close(fd);
}

START_TEST(a_torn_last_record_is_skipped_and_counted)
{
    struct spool *s = open_spool(0);
    char path[512] = "";
    struct spool_read result;
    struct seen seen;

    append(s, 10);
    segments(0, path, sizeof path);
    tear(path, 40);
    result = read_all(folder, &seen);
    ck_assert_uint_eq(seen.n, 10);
    ck_assert_uint_eq(result.torn, 0); /* its writer lives: the record may still become whole */
    spool_close(s);
    tear(path, 40);
    result = read_all(path, &seen);
    ck_assert_uint_eq(seen.n, 10);
    ck_assert_uint_eq(result.torn, 1);
}
END_TEST

START_TEST(a_damaged_record_is_skipped_and_the_next_is_read)
{
    struct spool *s = open_spool(0);
    char path[512] = "";
    struct spool_read result;
    struct seen seen;
    uint32_t length;
    int fd;

    append(s, 10);
    spool_close(s);
    segments(0, path, sizeof path);
    fd = open(path, O_RDWR);
    ck_assert_int_eq(pread(fd, &length, sizeof length, sizeof(struct segment_header)), sizeof length);
    ck_assert_int_eq(pwrite(fd, "x", 1, (off_t)(sizeof(struct segment_header) + record_size(length) + 50)),
                     1);
    result = read_all(path, &seen);
    ck_assert_uint_eq(seen.n, 9);
    ck_assert_uint_eq(result.torn, 1);
    length = EVENT_MAX + 1; /* a length that cannot be: nothing behind it can be told */
    ck_assert_int_eq(pwrite(fd, &length, sizeof length, sizeof(struct segment_header)), sizeof length);
    result = read_all(path, &seen);
    ck_assert_uint_eq(seen.n, 0);
    ck_assert_uint_eq(result.torn, 1);
    close(fd);
}
END_TEST

/* Every byte of a small segment, three wrong values each: refused, skipped or read, never a crash. */
START_TEST(no_byte_of_a_segment_can_crash_the_reader)
{
    static const unsigned char flips[] = {0x01, 0x80, 0xff};
    struct spool *s = open_spool(SMALL);
    char path[512] = "";
    int fd;

    append(s, 5);
    spool_close(s);
    segments(0, path, sizeof path);
    fd = open(path, O_RDWR);
    for (off_t at = 0; at < 700; at++)
        for (size_t i = 0; i < sizeof flips; i++) {
            struct spool_read result = {0};
            unsigned char was, now;

            ck_assert_int_eq(pread(fd, &was, 1, at), 1);
            now = was ^ flips[i];
            ck_assert_int_eq(pwrite(fd, &now, 1, at), 1);
            diag_init(&d);
            ck_assert_int_eq(spool_read(path, ignore, NULL, &result, &d),
                             at < (off_t)offsetof(struct segment_header, process) ? -1 : 0);
            ck_assert_uint_le(result.events, 5);
            ck_assert_int_eq(pwrite(fd, &was, 1, at), 1);
        }
    close(fd);
}
END_TEST

START_TEST(cut_files_are_read_as_far_as_they_go)
{
    struct spool *s = open_spool(SMALL);
    struct spool_read result;
    char path[512] = "";

    append(s, 5);
    spool_close(s);
    segments(0, path, sizeof path);
    for (off_t size = 600; size >= 0; size--) {
        ck_assert_int_eq(truncate(path, size), 0);
        diag_init(&d);
        result = (struct spool_read){0};
        ck_assert_int_eq(spool_read(path, ignore, NULL, &result, &d), size < 256 ? -1 : 0);
        ck_assert_uint_lt(result.events, 5);
    }
}
END_TEST

START_TEST(what_is_no_segment_is_said_and_the_rest_read)
{
    struct spool *s = open_spool(0);
    struct spool_read result = {0};
    struct seen seen = {.in_order = true, .right = true};
    char path[512];
    int fd;

    append(s, 3);
    spool_close(s);
    snprintf(path, sizeof path, "%s/0-not-a-segment.spool", folder);
    fd = open(path, O_WRONLY | O_CREAT, 0600);
    ck_assert_int_eq(write(fd, path, sizeof path), sizeof path);
    close(fd);
    snprintf(path, sizeof path, "%s/9-unborn.spool.new", folder);
    close(open(path, O_WRONLY | O_CREAT, 0600));
    ck_assert_int_eq(spool_read(folder, see, &seen, &result, &d), -1);
    ck_assert_uint_eq(d.errors, 1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "is no spool segment"));
    ck_assert_uint_eq(seen.n, 3);
}
END_TEST

START_TEST(a_writer_holds_its_segment)
{
    struct spool *s = open_spool(0);
    char path[512] = "";
    uint32_t length = 0;
    int fd;

    append(s, 1);
    segments(0, path, sizeof path);
    fd = open(path, O_RDONLY);
    ck_assert_int_ne(flock(fd, LOCK_SH | LOCK_NB), 0);
    spool_close(s);
    ck_assert_int_eq(flock(fd, LOCK_SH | LOCK_NB), 0);
    ck_assert_int_eq(pread(fd, &length, sizeof length, sizeof(struct segment_header)), sizeof length);
    ck_assert_int_eq(pread(fd, &length, sizeof length,
                           (off_t)(sizeof(struct segment_header) + record_size(length))),
                     sizeof length);
    ck_assert_uint_eq(length, RECORD_END); /* closed in good order */
    close(fd);
}
END_TEST

/* check writes its messages to a file, too: no assertion while the limit stands. */
START_TEST(a_full_disk_loses_events_and_counts_them)
{
    struct rlimit was, small;
    struct spool *s = open_spool(64 * 1024);
    struct event e = sample();
    struct spool_counts counts;
    char path[512] = "";
    struct seen seen;
    int refused = 0;

    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &was), 0);
    small = (struct rlimit){.rlim_cur = 4096, .rlim_max = was.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    for (int i = 0; i < 100; i++)
        refused += spool_append(s, &e); /* and no SIGXFSZ */
    setrlimit(RLIMIT_FSIZE, &was);
    counts = spool_counts(s);
    ck_assert_int_eq(refused, -100);
    ck_assert_uint_eq(counts.lost, 100);
    ck_assert_int_eq(counts.error, EFBIG);
    ck_assert_uint_eq(segments(0, path, sizeof path), 0); /* nothing half-made is left */
    while (spool_append(s, &e) != 0) /* it tries again within a second or so; else the test's time runs out */
        ;
    counts = spool_counts(s);
    ck_assert_int_eq(counts.error, 0);
    read_all(folder, &seen);
    ck_assert_uint_eq(seen.n, 1);
    ck_assert_uint_eq(seen.last, counts.lost + 1); /* the gap tells how many */
    spool_close(s);
}
END_TEST

START_TEST(a_folder_that_goes_away_loses_events_only)
{
    struct spool *s = open_spool(SMALL);
    struct event e = sample();
    unsigned lost = 0;

    append(s, 1);
    end(); /* the folder and the segment's name are gone */
    for (int i = 0; i < 1000; i++)
        lost += spool_append(s, &e) != 0;
    ck_assert_uint_gt(lost, 900);
    ck_assert_uint_eq(spool_counts(s).lost, lost);
    spool_close(s);
    begin();
}
END_TEST

START_TEST(an_event_too_long_is_lost_alone)
{
    static const char a[66] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    struct spool *s = open_spool(0);
    struct event e = sample();
    struct seen seen;

    e.account = (struct str){a, 65};
    ck_assert_int_eq(spool_append(s, &e), -1);
    append(s, 1);
    spool_close(s);
    ck_assert_uint_eq(read_all(folder, &seen).torn, 0);
    ck_assert_uint_eq(seen.n, 1);
}
END_TEST

START_TEST(folders_that_cannot_be_used)
{
    struct spool *s = NULL;
    char path[512];

    snprintf(path, sizeof path, "%s/none", folder);
    ck_assert_int_eq(spool_open(path, NULL, 0, &s, &d), -1);
    ck_assert_int_eq(access(path, F_OK), -1);
    ck_assert_int_eq(spool_open("/dev/null", NULL, 0, &s, &d), -1);
    ck_assert_int_eq(spool_open(folder, NULL, 512, &s, &d), -1);
    ck_assert_int_eq(spool_open("/proc/self", NULL, 0, &s, &d), -1); /* nobody may write there */
    spool_close(s);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, path));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spool");
    TCase *t = tcase_create("segments");

    tcase_add_checked_fixture(t, begin, end);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, events_come_back_in_order);
    tcase_add_test(t, a_full_segment_is_followed_by_the_next);
    tcase_add_test(t, a_header_says_whence);
    tcase_add_test(t, nothing_is_written_before_the_first_event);
    tcase_add_test(t, kill_9_in_a_storm_loses_nothing);
    tcase_add_test(t, a_reader_may_follow_the_writer);
    tcase_add_test(t, a_torn_last_record_is_skipped_and_counted);
    tcase_add_test(t, a_damaged_record_is_skipped_and_the_next_is_read);
    tcase_add_test(t, no_byte_of_a_segment_can_crash_the_reader);
    tcase_add_test(t, cut_files_are_read_as_far_as_they_go);
    tcase_add_test(t, what_is_no_segment_is_said_and_the_rest_read);
    tcase_add_test(t, a_writer_holds_its_segment);
    tcase_add_test(t, a_full_disk_loses_events_and_counts_them);
    tcase_add_test(t, a_folder_that_goes_away_loses_events_only);
    tcase_add_test(t, an_event_too_long_is_lost_alone);
    tcase_add_test(t, folders_that_cannot_be_used);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
