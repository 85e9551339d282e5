/* Several nodes on one PostgreSQL, and what a lost link leads to. */
#define STORE_POSTGRES
#include "spool_fixture.h"
#include "store_fixture.h"

#include "core/clock.h"

#define NOW ((int64_t)1778580000) /* 2026-05-12 11:00 in London */

static void count_act(void *to, const struct act *a)
{
    (void)a;
    ++*(unsigned *)to;
}

static struct event one_event(void)
{
    struct event e = sample();

    e.has_pseudonym = true;
    memset(e.pseudonym, 1, sizeof e.pseudonym);
    return e;
}

static struct store *node(const char *name)
{
    struct store *s;

    ck_assert_msg(store_open(file, &(struct store_how){.node = name}, &s, &d) == 0, "%s", d.messages[0].text);
    return s;
}

/* The server tells in its own time. */
static bool told(struct store *s)
{
    for (int i = 0; i < 100; i++) {
        if (store_changed_elsewhere(s))
            return true;
        usleep(20000);
    }
    return false;
}

/* What one does, the other is told of and has. */
START_TEST(nodes_share)
{
    struct store *s = opened(), *other = node("gate-2");
    struct local_time at = clock_local(NOW), later = clock_local(NOW + 60);
    struct act a = {.user = STR("a.user"), .what = STR("notice/1"), .at = NOW, .from = NOW};
    const unsigned char who[PSEUDONYM_SIZE] = {1};
    enum act_result r;
    unsigned n = 0;
    uint32_t used;

    store_changed_elsewhere(s);
    store_changed_elsewhere(other);
    ck_assert(!store_changed_elsewhere(other));
    ck_assert_int_eq(store_begin(s, &d), 0);
    ck_assert_int_eq(store_act(s, &a, &r, &d), 0);
    ck_assert_int_eq(store_minute(s, who, STR("personal"), &at, &d), 0);
    ck_assert(!store_changed_elsewhere(other)); /* not before it is there */
    ck_assert_int_eq(store_commit(s, &d), 0);
    ck_assert(told(other));
    ck_assert(!store_changed_elsewhere(other));
    ck_assert(!store_changed_elsewhere(s)); /* it knows */
    ck_assert_int_eq(store_acts(other, NOW, count_act, &n, &d), 0);
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(store_begin(other, &d), 0); /* the same minute behind the other proxy, and one more */
    ck_assert_int_eq(store_minute(other, who, STR("personal"), &at, &d), 0);
    ck_assert_int_eq(store_minute(other, who, STR("personal"), &later, &d), 0);
    ck_assert_int_eq(store_act(other, &a, &r, &d), 0);
    ck_assert_int_eq(r, ACT_KNOWN);
    a.id[0] = 9; /* its token a second time */
    ck_assert_int_eq(store_act(other, &a, &r, &d), 0);
    ck_assert_int_eq(r, ACT_SPENT);
    ck_assert_int_eq(store_commit(other, &d), 0);
    ck_assert(told(s));
    ck_assert_int_eq(store_used_by(s, who, STR("personal"), at.day, &used, &d), 0);
    ck_assert_uint_eq(used, 2);
    store_close(other);
    gone(s);
}
END_TEST

/* Of two that import the same segment one has to give way, and nothing is there twice. */
START_TEST(a_segment_is_imported_by_one)
{
    struct store *s = opened(), *other = node("gate-2");
    struct store_segment mine, theirs;
    unsigned char who[PSEUDONYM_SIZE];
    struct event e = one_event();
    uint64_t n;

    memset(who, 1, sizeof who);
    ck_assert_int_eq(store_begin(s, &d), 0);
    ck_assert_int_eq(store_segment(s, STR("x"), &mine, &d), 0);
    ck_assert_int_eq(store_begin(other, &d), 0);
    ck_assert_int_eq(store_segment(other, STR("x"), &theirs, &d), 0);
    ck_assert_int_eq(theirs.id, mine.id);
    mine.next = theirs.next = 640;
    ck_assert_int_eq(store_event(s, mine.id, &e, &d), 0);
    ck_assert_int_eq(store_event(other, theirs.id, &e, &d), 0);
    ck_assert_int_eq(store_segment_read(s, &mine, &d), 0);
    ck_assert_int_eq(store_commit(s, &d), 0);
    ck_assert_int_eq(store_segment_read(other, &theirs, &d), -1);
    store_rollback(other);
    ck_assert_int_eq(store_count_person(other, who, &n, &d), 0);
    ck_assert_uint_eq(n, 1);
    store_close(other);
    gone(s);
}
END_TEST

/* The link breaks with something begun, and comes back. */
START_TEST(a_lost_link_rolls_back)
{
    struct store *s = opened();
    struct act a = {.user = STR("a.user"), .what = STR("notice/1"), .at = NOW, .from = NOW};
    struct event e = one_event();
    enum act_result r;
    unsigned n = 0;

    ck_assert_int_eq(store_begin(s, &d), 0);
    ck_assert_int_eq(store_act(s, &a, &r, &d), 0);
    ck_assert_int_eq(store_event(s, 1, &e, &d), 0);
    store_breaks();
    ck_assert_int_eq(store_commit(s, &d), -1);
    store_rollback(s);
    ck_assert_int_eq(store_acts(s, NOW, count_act, &n, &d), -1);
    store_heals();
    live_again(s);
    ck_assert(store_changed_elsewhere(s)); /* what was missed meanwhile nobody tells */
    ck_assert_int_eq(store_acts(s, NOW, count_act, &n, &d), 0);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(store_begin(s, &d), 0);
    ck_assert_int_eq(store_act(s, &a, &r, &d), 0);
    ck_assert_int_eq(store_commit(s, &d), 0);
    server("stop", NULL); /* and with nothing begun: nobody notices */
    store_heals();
    ck_assert_int_eq(store_acts(s, NOW, count_act, &n, &d), 0);
    ck_assert_uint_eq(n, 1);
    gone(s);
}
END_TEST

START_TEST(texts_are_bytes)
{
    struct store *s = opened();
    struct act a = {
        .user = STR("\xff'\"; DROP TABLE act; --"), .what = STR("\xc3\x28"), .at = NOW, .from = NOW};
    enum act_result r;
    unsigned n = 0;

    ck_assert_int_eq(store_begin(s, &d), 0);
    ck_assert_int_eq(store_act(s, &a, &r, &d), 0);
    ck_assert_int_eq(store_commit(s, &d), 0);
    ck_assert_int_eq(store_acts_of(s, a.user, count_act, &n, &d), 0);
    ck_assert_uint_eq(n, 1);
    gone(s);
}
END_TEST
int main(void)
{
    Suite *suite = suite_create("nodes");
    TCase *t = tcase_create("nodes");
    int result;

    tcase_set_timeout(t, 60);
    tcase_add_test(t, nodes_share);
    tcase_add_test(t, a_segment_is_imported_by_one);
    tcase_add_test(t, a_lost_link_rolls_back);
    tcase_add_test(t, texts_are_bytes);
    suite_add_tcase(suite, t);
    store_fixture_begin();
    result = run_suite(suite);
    store_fixture_end();
    return result;
}
