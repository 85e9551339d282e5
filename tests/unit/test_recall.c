/* Recall: what workers remember for a while, in memory that threads and processes share without a lock. */
#include "core/recall.h"
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    NOW = 1778580000,
    MINUTE = 60,
    HOUR = 3600,
    DAY = 24 * HOUR,
    BUCKETS = 64,
    THREADS = 4,
    ROUNDS = 20000
};

static const unsigned char salt[DIGEST_KEY] = "of this test";
static struct recall *table;

static void begin(void)
{
    void *memory =
        mmap(NULL, recall_size(BUCKETS), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    ck_assert_ptr_ne(memory, MAP_FAILED);
    table = recall_init(memory, BUCKETS, salt);
}

static void end(void)
{
    munmap(table, recall_size(BUCKETS));
}

static struct recall_key visit_of(const char *who, const char *whose)
{
    const struct str parts[] = {STR("visit"), str_of(who), str_of(whose)};

    return recall_key(table, parts, 3, RECALL_SITTING);
}

static struct recall_key mark_of(const char *who)
{
    const struct str parts[] = {STR("mark"), str_of(who)};

    return recall_key(table, parts, 2, UINT32_MAX);
}

static void visit(const char *who, int64_t when)
{
    struct recall_key key = visit_of(who, "somebody");

    ck_assert(recall_note(table, &key, when, 7 * DAY));
}

static uint32_t visits(const char *who, int64_t now, uint32_t within)
{
    struct recall_key key = visit_of(who, "somebody");

    return recall_visits(table, &key, now, within);
}

START_TEST(visits_before_the_present_one_are_counted)
{
    ck_assert_uint_eq(visits("alice", NOW, 7 * DAY), 0);
    for (int i = 5; i > 0; i--)
        visit("alice", NOW - i * DAY);
    ck_assert_uint_eq(visits("alice", NOW, 7 * DAY), 5);
    ck_assert_uint_eq(visits("alice", NOW, 2 * DAY), 2);
    ck_assert_uint_eq(visits("bob", NOW, 7 * DAY), 0);
    visit("alice", NOW); /* the present one */
    ck_assert_uint_eq(visits("alice", NOW, 7 * DAY), 5);
    ck_assert_uint_eq(visits("alice", NOW + HOUR, 7 * DAY), 6);
}
END_TEST

START_TEST(a_sitting_is_one_visit_however_long_it_lasts)
{
    for (int i = 0; i < 60; i++)
        visit("alice", NOW + i * 5 * MINUTE);
    ck_assert_uint_eq(visits("alice", NOW + 300 * MINUTE, 7 * DAY), 0);
    ck_assert_uint_eq(visits("alice", NOW + 320 * MINUTE, 7 * DAY), 1);
}
END_TEST

START_TEST(other_people_and_other_profiles_are_others)
{
    struct recall_key key = visit_of("alice", "somebody"), other = visit_of("alice", "somebodyelse"),
                      joined = visit_of("alices", "omebody");

    ck_assert(key.tag != other.tag && key.tag != joined.tag);
    visit("alice", NOW - HOUR);
    ck_assert_uint_eq(recall_visits(table, &other, NOW, DAY), 0);
    ck_assert_uint_eq(recall_visits(table, &joined, NOW, DAY), 0);
}
END_TEST

START_TEST(a_mark_is_one_and_tells_when)
{
    struct recall_key key = mark_of("alice"), other = mark_of("bob");

    ck_assert_int_eq(recall_latest(table, &key, NOW), 0);
    ck_assert(recall_note(table, &key, NOW - DAY, 7 * DAY) && recall_note(table, &key, NOW - HOUR, 7 * DAY));
    ck_assert_int_eq(recall_latest(table, &key, NOW), NOW - HOUR);
    ck_assert_int_eq(recall_latest(table, &other, NOW), 0);
}
END_TEST

/* A key that sees another table's cells finds nothing in them: its salt is another. */
START_TEST(with_another_salt_nothing_is_found)
{
    static const unsigned char other[DIGEST_KEY] = "of another start";
    struct recall_key before, after;

    visit("alice", NOW - HOUR);
    before = visit_of("alice", "somebody");
    recall_init(table, BUCKETS, other);
    after = visit_of("alice", "somebody");
    ck_assert(before.tag != after.tag);
    ck_assert_uint_eq(visits("alice", NOW, DAY), 0);
}
END_TEST

static unsigned used(void)
{
    const uint64_t *word = (const uint64_t *)(const void *)table;
    size_t cells = (size_t)BUCKETS * RECALL_WAYS, first = recall_size(BUCKETS) / 8 - cells;
    unsigned n = 0;

    for (size_t i = 0; i < cells; i++)
        n += word[first + i] != 0;
    return n;
}

static void fill_all(int64_t when, uint32_t keep)
{
    char name[16];

    for (int i = 0; i < 64 * BUCKETS; i++) {
        struct recall_key key;

        snprintf(name, sizeof name, "u%d", i);
        key = mark_of(name);
        ck_assert(recall_note(table, &key, when, keep));
    }
}

/* Nothing is kept longer than the policy asks, beyond the next note in the same bucket. */
START_TEST(what_is_too_old_is_wiped)
{
    fill_all(NOW, DAY);
    ck_assert_uint_gt(used(), BUCKETS * RECALL_WAYS * 9 / 10);
    for (int i = 0; i < 4 * BUCKETS; i++) {
        char name[16];
        struct recall_key key;

        snprintf(name, sizeof name, "v%d", i);
        key = mark_of(name);
        ck_assert(recall_note(table, &key, NOW + 2 * DAY, DAY));
    }
    ck_assert_uint_le(used(), 4 * BUCKETS + 4 * RECALL_WAYS);
}
END_TEST

/* A full bucket loses the oldest, and one who comes back all the time takes no more than their part. */
START_TEST(a_full_table_forgets_the_oldest)
{
    struct recall_key key = mark_of("alice"), other;
    int64_t t = NOW;

    ck_assert(recall_note(table, &key, NOW - 3 * HOUR, 7 * DAY));
    fill_all(NOW, 7 * DAY);
    ck_assert_int_eq(recall_latest(table, &key, NOW), 0);
    for (int i = 0; i < 200; i++, t += 20 * MINUTE)
        visit("alice", t);
    ck_assert_uint_ge(visits("alice", t, 7 * DAY), RETURNS_MAX);
    other = visit_of("alice", "somebody");
    ck_assert_uint_le(recall_visits(table, &other, t, 7 * DAY), RETURNS_MAX + 2);
}
END_TEST

START_TEST(a_clock_that_is_set_back_makes_no_visit)
{
    visit("alice", NOW + DAY);
    ck_assert_uint_eq(visits("alice", NOW, 7 * DAY), 0);
    visit("alice", NOW);
    ck_assert_uint_eq(visits("alice", NOW + HOUR, 7 * DAY), 1);
    ck_assert_uint_eq(visits("alice", NOW - 3 * MINUTE, 7 * DAY),
                      0); /* a thread whose clock is a bit behind */
}
END_TEST

static void *come_at_once(void *unused)
{
    struct recall_key key = visit_of("alice", "somebody");

    for (int i = 0; i < ROUNDS; i++)
        recall_note(table, &key, NOW + i / 2000 * HOUR, 7 * DAY);
    return unused;
}

/* A page's requests reach several workers in one moment: still one visit. */
START_TEST(threads_that_note_the_same_visit_count_it_once)
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, come_at_once, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_uint_le(visits("alice", NOW + 10 * HOUR, 7 * DAY), 10);
    ck_assert_uint_ge(visits("alice", NOW + 10 * HOUR, 7 * DAY), 8);
}
END_TEST

static void *note_many(void *from)
{
    char name[24];

    for (int i = 0; i < ROUNDS / 10; i++) {
        struct recall_key key;

        snprintf(name, sizeof name, "%d-%d", *(const int *)from, i % 100);
        key = mark_of(name);
        recall_note(table, &key, NOW, 7 * DAY);
        recall_latest(table, &key, NOW);
    }
    return NULL;
}

START_TEST(threads_lose_nothing_where_there_is_room)
{
    pthread_t threads[THREADS];
    int from[THREADS];
    char name[24];

    for (int i = 0; i < THREADS; i++) {
        from[i] = i;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, note_many, &from[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS * 100; i++) {
        struct recall_key key;

        snprintf(name, sizeof name, "%d-%d", i / 100, i % 100);
        key = mark_of(name);
        ck_assert_int_ne(recall_latest(table, &key, NOW + HOUR), 0);
    }
}
END_TEST

/* As c-icap's children: what one notes the others know. */
START_TEST(children_share_it)
{
    pid_t child = fork();
    int status;

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        visit("alice", NOW - HOUR);
        _exit(0);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_uint_eq(visits("alice", NOW, DAY), 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("recall");
    TCase *all = tcase_create("all");

    tcase_add_checked_fixture(all, begin, end);
    tcase_add_test(all, visits_before_the_present_one_are_counted);
    tcase_add_test(all, a_sitting_is_one_visit_however_long_it_lasts);
    tcase_add_test(all, other_people_and_other_profiles_are_others);
    tcase_add_test(all, a_mark_is_one_and_tells_when);
    tcase_add_test(all, with_another_salt_nothing_is_found);
    tcase_add_test(all, what_is_too_old_is_wiped);
    tcase_add_test(all, a_full_table_forgets_the_oldest);
    tcase_add_test(all, a_clock_that_is_set_back_makes_no_visit);
    tcase_add_test(all, threads_that_note_the_same_visit_count_it_once);
    tcase_add_test(all, threads_lose_nothing_where_there_is_room);
    tcase_add_test(all, children_share_it);
    suite_add_tcase(s, all);
    return run_suite(s);
}
