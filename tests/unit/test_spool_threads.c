/* Threads that share a spool: each event once, in order, and nobody waits for a disk that another waits for;
 * segments are made ahead of need. ThreadSanitizer watches in scripts/check. */
#include "spool_fixture.h"

#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>

/* The disk, as segments are made on it: it may refuse, or hang until `go`. Stands in the C library's place.
 */
static _Atomic int refusal; /* an errno, or 0 */
static atomic_bool hanging; /* the next one says `here` and waits for `go` */
static atomic_uint makers, most_makers;
static sem_t here, go;

int posix_fallocate(int fd, off_t offset, off_t size)
{
    unsigned now = atomic_fetch_add(&makers, 1) + 1;
    int error = atomic_load(&refusal);

    if (now > atomic_load(&most_makers))
        atomic_store(&most_makers, now);
    if (atomic_exchange(&hanging, false)) {
        sem_post(&here);
        while (sem_wait(&go) != 0)
            ;
    }
    if (!error && fallocate(fd, 0, offset, size) != 0 &&
        (errno != EOPNOTSUPP || ftruncate(fd, offset + size) != 0))
        error = errno;
    atomic_fetch_sub(&makers, 1);
    return error;
}

static void begin_with_a_disk(void)
{
    begin();
    sem_init(&here, 0, 0);
    sem_init(&go, 0, 0);
}

/* How many samples stand in a segment of this size, when the next one is made, and when none fits any more.
 */
struct capacity {
    unsigned early, full;
};

static struct capacity capacity(size_t size)
{
    unsigned char bytes[EVENT_MAX];
    struct event e = sample();
    size_t each = record_size(event_encode(&e, bytes, sizeof bytes));

    return (struct capacity){(unsigned)((size / 4 * 3 - sizeof(struct segment_header) + each - 1) / each),
                             (unsigned)((size - sizeof(struct segment_header) - RECORD_SPACE) / each + 1)};
}

/* What threads got for their events. */
struct client {
    pthread_t thread;
    struct spool *spool;
    uint64_t events, written;
};

static void *append_on(void *client)
{
    struct client *c = client;

    for (uint64_t i = 0; i < c->events; i++) {
        struct event e = sample();

        c->written += spool_append(c->spool, &e) == 0;
    }
    return NULL;
}

static void send(struct client *c, struct spool *s, uint64_t events)
{
    *c = (struct client){.spool = s, .events = events};
    ck_assert_int_eq(pthread_create(&c->thread, NULL, append_on, c), 0);
}

START_TEST(threads_cross_many_segments_and_nothing_is_lost_or_doubled)
{
    struct spool *s = open_spool(SMALL);
    struct client clients[4];
    char path[512] = "";
    struct seen seen;

    for (int i = 0; i < 4; i++)
        send(&clients[i], s, 5000);
    for (int i = 0; i < 4; i++) {
        pthread_join(clients[i].thread, NULL);
        ck_assert_uint_eq(clients[i].written, 5000);
    }
    ck_assert_uint_eq(spool_counts(s).written, 20000);
    ck_assert_uint_eq(spool_counts(s).lost, 0);
    spool_close(s);
    ck_assert_uint_gt(segments(0, path, sizeof path), 400);
    ck_assert_uint_eq(read_all(folder, &seen).torn, 0);
    ck_assert_uint_eq(seen.n, 20000);
    ck_assert_uint_eq(seen.last, 20000); /* rising, as many as the last one's number: each once */
    ck_assert(seen.in_order);
    ck_assert_uint_eq(most_makers, 1);
}
END_TEST

START_TEST(threads_on_a_disk_that_fills_up_count_every_loss)
{
    struct spool *s = open_spool(SMALL);
    struct client clients[4];
    uint64_t written = 0;
    struct seen seen;

    for (int i = 0; i < 4; i++)
        send(&clients[i], s, 5000);
    while (spool_counts(s).written < 1000)
        sched_yield();
    atomic_store(&refusal, ENOSPC);
    for (int i = 0; i < 4; i++) {
        pthread_join(clients[i].thread, NULL);
        written += clients[i].written;
    }
    ck_assert_uint_ge(written, 1000);
    ck_assert_uint_eq(spool_counts(s).written, written);
    ck_assert_uint_eq(spool_counts(s).lost, 20000 - written);
    spool_close(s);
    ck_assert_uint_eq(read_all(folder, &seen).torn, 0);
    ck_assert_uint_eq(seen.n, written);
    ck_assert(seen.in_order);
}
END_TEST

/* Whoever held the lock while a segment is made would stop all the others: the test's time would run out. */
START_TEST(while_one_makes_a_segment_the_others_go_on)
{
    struct spool *s = open_spool(64 * 1024);
    struct capacity c = capacity(64 * 1024);
    struct client maker, waiting;
    char path[512] = "";
    struct seen seen;

    append(s, c.early - 1);
    atomic_store(&hanging, true);
    send(&maker, s, 100); /* the first is written, and then this thread makes the next segment */
    while (sem_wait(&here) != 0)
        ;
    ck_assert_uint_eq(spool_counts(s).written, c.early);
    append(s, c.full - c.early - 1); /* there is room for these, and nobody waits */
    send(&waiting, s, 100);          /* for one of these there is, and then none */
    while (spool_counts(s).written < c.full)
        sched_yield();
    ck_assert_uint_eq(segments(1, path, sizeof path), 2);
    ck_assert_ptr_nonnull(strstr(path, SEGMENT_UNBORN));
    sem_post(&go);
    pthread_join(maker.thread, NULL);
    pthread_join(waiting.thread, NULL);
    ck_assert_uint_eq(maker.written + waiting.written, 200);
    spool_close(s);
    read_all(folder, &seen);
    ck_assert_uint_eq(seen.n, c.full + 198);
    ck_assert_uint_eq(seen.last, seen.n);
    ck_assert_uint_eq(most_makers, 1);
}
END_TEST

START_TEST(a_disk_that_hangs_holds_nobody_up_for_ever)
{
    struct spool *s = open_spool(SMALL);
    struct event e = sample();
    struct client maker;
    struct seen seen;

    atomic_store(&hanging, true);
    send(&maker, s, 1);
    while (sem_wait(&here) != 0)
        ;
    /* The first waits for SPOOL_PATIENCE; did they all, the test's time would run out. */
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(spool_append(s, &e), -1);
    ck_assert_int_eq(spool_counts(s).error, EBUSY);
    sem_post(&go);
    pthread_join(maker.thread, NULL);
    ck_assert_uint_eq(maker.written, 1); /* it waited for itself alone */
    append(s, 1);
    ck_assert_int_eq(spool_counts(s).error, 0);
    ck_assert_uint_eq(spool_counts(s).lost, 100);
    spool_close(s);
    read_all(folder, &seen);
    ck_assert_uint_eq(seen.n, 2);
    ck_assert_uint_eq(seen.last, 102);
}
END_TEST

static bool finished(unsigned nth)
{
    char path[512] = "";
    int fd;
    bool locked;

    segments(nth, path, sizeof path);
    fd = open(path, O_RDONLY);
    ck_assert_int_ge(fd, 0);
    locked = flock(fd, LOCK_SH | LOCK_NB) == 0;
    close(fd);
    return locked;
}

START_TEST(on_a_full_disk_what_is_used_up_is_finished_first)
{
    struct spool *s = open_spool(SMALL);
    struct event e = sample();
    struct seen seen;
    uint64_t n = 1;

    append(s, 1);
    atomic_store(&refusal, ENOSPC);
    while (spool_append(s, &e) == 0) {
        ck_assert(!finished(0));
        n++;
    }
    ck_assert(finished(0)); /* the importer may free it */
    ck_assert_int_eq(spool_counts(s).error, ENOSPC);
    ck_assert_uint_eq(n, capacity(SMALL).full); /* the next one could not be made; this one was filled */
    atomic_store(&refusal, 0);
    while (spool_append(s, &e) != 0) /* within a second or so */
        n++;
    spool_close(s);
    read_all(folder, &seen);
    ck_assert_uint_eq(seen.last, n + 2);
}
END_TEST

/* A process holds the next segment ready: empty, so nothing to a reader. At its end it goes; killed, it
 * stays. */
START_TEST(the_next_segment_is_made_early_and_goes_unused)
{
    struct spool *s = open_spool(SMALL);
    unsigned early = capacity(SMALL).early;
    char path[512] = "";
    struct seen seen;
    int status;
    pid_t pid;

    append(s, early - 1);
    ck_assert_uint_eq(segments(0, path, sizeof path), 1);
    append(s, 1);
    ck_assert_uint_eq(segments(0, path, sizeof path), 2);
    ck_assert(!finished(0) && !finished(1));
    read_all(folder, &seen);
    ck_assert_uint_eq(seen.n, early);
    spool_close(s);
    ck_assert_uint_eq(segments(0, path, sizeof path), 1);
    empty();
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        struct event e = sample();

        if (spool_open(folder, NULL, SMALL, &s, &d) != 0)
            _exit(1);
        for (unsigned i = 0; i < early; i++)
            spool_append(s, &e);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    ck_assert_int_eq(status, 0);
    ck_assert_uint_eq(segments(0, path, sizeof path), 2);
    ck_assert(finished(0) && finished(1));
    ck_assert_uint_eq(read_all(folder, &seen).torn, 0);
    ck_assert_uint_eq(seen.n, early);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("spool, with threads");
    TCase *t = tcase_create("segments");

    tcase_add_checked_fixture(t, begin_with_a_disk, end);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, threads_cross_many_segments_and_nothing_is_lost_or_doubled);
    tcase_add_test(t, threads_on_a_disk_that_fills_up_count_every_loss);
    tcase_add_test(t, while_one_makes_a_segment_the_others_go_on);
    tcase_add_test(t, a_disk_that_hangs_holds_nobody_up_for_ever);
    tcase_add_test(t, on_a_full_disk_what_is_used_up_is_finished_first);
    tcase_add_test(t, the_next_segment_is_made_early_and_goes_unused);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
