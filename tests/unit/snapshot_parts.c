/* What lies beside the policy in a snapshot: the ASN database and the standing. */
#include "snapshot_fixture.h"

#include "core/standing_build.h"
#include "lists_fixture.h"
#include "mmdb.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* An ASN database in which one address lies in the network of that number. */
void publish_owner(uint32_t number)
{
    static struct mmdb m;
    unsigned char *bytes;
    size_t n;

    mmdb_init(&m);
    ck_assert_int_eq(mmdb_add(&m, "192.0.2.1/32", number), 0);
    bytes = mmdb_bytes(&m, &n);
    ck_assert_int_eq(mmdb_publish(bytes, n, owners), 0);
    free(bytes);
}

uint32_t owner_in(const struct loaded *l)
{
    return l ? networks_owner(l->view.networks, STR("192.0.2.1")) : 0;
}

START_TEST(networks_are_swapped_beside_the_policy)
{
    struct loaded *first, *second, *third;

    publish_owner(1);
    start(1);
    ck_assert_int_eq(snapshot_networks(owners, NETWORKS_OWNERS, &d), 0);
    first = snapshot_pin();
    ck_assert_uint_eq(owner_in(first), 1);
    publish_owner(2);
    snapshot_child();
    second = snapshot_pin();
    ck_assert_uint_eq(owner_in(second), 2);
    ck_assert_uint_eq(owner_in(first), 1); /* pinned is pinned */
    ck_assert_ptr_eq(first->policy, second->policy);
    publish_version(2); /* another policy, the same database */
    third = snapshot_pin();
    ck_assert_uint_eq(version_in(third), 2);
    ck_assert_uint_eq(owner_in(third), 2);
    ck_assert_uint_eq(alive(), 2);
    snapshot_unpin(first);
    ck_assert_uint_eq(version_in(second), 1);
    ck_assert_uint_eq(alive(), 2);
    snapshot_unpin(second);
    ck_assert_uint_eq(alive(), 1);
    snapshot_stop();
    ck_assert_uint_eq(owner_in(third), 2);
    snapshot_unpin(third);
    ck_assert_uint_eq(alive(), 0);
}
END_TEST

START_TEST(a_bad_database_is_told_once_and_changes_nothing)
{
    unsigned said;

    start(1);
    ck_assert_int_eq(snapshot_networks(owners, NETWORKS_OWNERS, &d), -1);
    ck_assert_uint_eq(version_now(), 1); /* without one, nothing is known */
    publish_owner(7);
    snapshot_child();
    ck_assert_int_eq(mmdb_publish("no database", 11, owners), 0);
    snapshot_child();
    ck_assert_uint_eq(bad, 1);
    said = lines;
    snapshot_child();
    ck_assert_uint_eq(bad, 1);
    ck_assert_uint_eq(lines, said);
    ck_assert_uint_eq(version_now(), 1);
    {
        struct loaded *l = snapshot_pin();

        ck_assert_uint_eq(owner_in(l), 7);
        snapshot_unpin(l);
    }
}
END_TEST

/* A database may be there before any policy is. */
START_TEST(networks_wait_for_a_policy)
{
    struct loaded *l;

    publish_owner(3);
    ck_assert_int_eq(snapshot_networks(owners, NETWORKS_OWNERS, &d), 0);
    ck_assert_int_eq(snapshot_start(policy_path, &d), -1);
    ck_assert_ptr_null(snapshot_pin());
    publish_version(1);
    snapshot_child();
    l = snapshot_pin();
    ck_assert_uint_eq(owner_in(l), 3);
    snapshot_unpin(l);
}
END_TEST

/* A standing in which somebody has used so many minutes; renamed into place, and its word raised. */
void publish_used(uint32_t minutes, bool raise)
{
    static uint64_t raised;
    struct fact_in fact = {STR("mary"), FACT_USED, STR("personal"), 1, 0, minutes};
    char aside[128], word[128];
    void *bytes;
    size_t n;

    snprintf(aside, sizeof aside, "%s.new", standing);
    ck_assert_int_eq(standing_build(&fact, 1, 1779000000, &bytes, &n, &d), 0);
    write_file(aside, (struct str){bytes, n});
    ck_assert_int_eq(rename(aside, standing), 0);
    free(bytes);
    if (raise) {
        int fd;

        snprintf(word, sizeof word, "%s.generation", standing);
        fd = open(word, O_WRONLY | O_CREAT, 0644);
        ck_assert_int_ge(fd, 0);
        raised++;
        ck_assert_int_eq(pwrite(fd, &raised, sizeof raised, 0), (ssize_t)sizeof raised);
        close(fd);
    }
}

uint32_t used_in(const struct loaded *l)
{
    return l ? standing_sum(l->view.standing, STR("mary"), FACT_USED, STR("personal"), 1779000000) : 0;
}

static uint32_t used_now(void)
{
    struct loaded *l = snapshot_pin();
    uint32_t used = used_in(l);

    snapshot_unpin(l);
    return used;
}

START_TEST(the_standing_is_swapped_beside_the_policy)
{
    struct loaded *first, *second, *third;

    publish_used(1, true);
    start(1);
    ck_assert_int_eq(snapshot_standing(standing, &d), 0);
    first = snapshot_pin();
    ck_assert_uint_eq(used_in(first), 1);
    publish_used(2, true);
    second = snapshot_pin(); /* the word alone: nobody waits for the second to pass */
    ck_assert_uint_eq(used_in(second), 2);
    ck_assert_uint_eq(used_in(first), 1); /* pinned is pinned */
    ck_assert_ptr_eq(first->policy, second->policy);
    publish_used(3, false);
    snapshot_child(); /* the file alone, once a second */
    ck_assert_uint_eq(used_now(), 3);
    publish_version(2);
    third = snapshot_pin();
    ck_assert_uint_eq(version_in(third), 2);
    ck_assert_uint_eq(used_in(third), 3);
    snapshot_unpin(first);
    snapshot_unpin(second);
    ck_assert_uint_eq(alive(), 1);
    snapshot_stop();
    ck_assert_uint_eq(used_in(third), 3);
    snapshot_unpin(third);
    ck_assert_uint_eq(alive(), 0);
    ck_assert_uint_eq(swapped, 1); /* the policy's alone */
}
END_TEST

START_TEST(a_bad_standing_is_told_once_and_changes_nothing)
{
    unsigned said;

    start(1);
    ck_assert_int_eq(snapshot_standing(standing, &d), -1);
    ck_assert_uint_eq(version_now(), 1);
    publish_used(7, true);
    snapshot_child(); /* its word was not there before */
    ck_assert_uint_eq(used_now(), 7);
    said = bad;
    write_file(standing, STR("no standing"));
    snapshot_child();
    ck_assert_uint_eq(bad, said + 1);
    said = lines;
    snapshot_child();
    ck_assert_uint_eq(lines, said);
    ck_assert_uint_eq(used_now(), 7);
    unlink(standing); /* the daemon's folder is away: what is known stays known */
    snapshot_child();
    ck_assert_uint_eq(used_now(), 7);
}
END_TEST

/* Lists in which one host is of that category, and some other host adult. */
void publish_lists(const char *to, unsigned category)
{
    struct lists *l = lists_new();
    char aside[128];
    unsigned char *bytes;
    size_t n = 0;

    snprintf(aside, sizeof aside, "%s.new", to);
    lists_name(l, STR("bad.example"), lists_of(l, "x/one", category), 0);
    if (category != CATEGORY_ALCOHOL)
        lists_name(l, STR("filler.example"), lists_of(l, "x/adult", CATEGORY_ADULT), 0);
    bytes = lists_bytes(l, 1779000000, &n, &d);
    ck_assert_ptr_nonnull(bytes);
    write_file(aside, (struct str){(char *)bytes, n});
    ck_assert_int_eq(rename(aside, to), 0);
    free(bytes);
}

uint32_t category_in(const struct loaded *l)
{
    return l ? categories_at(&l->view, &(struct catdb_question){.host = STR("www.bad.example")}, 0, 1779000000) : 0;
}

static uint32_t category_now(void)
{
    struct loaded *l = snapshot_pin();
    uint32_t of = category_in(l);

    snapshot_unpin(l);
    return of;
}

START_TEST(lists_are_swapped_beside_the_policy)
{
    char local[128];
    struct loaded *first, *second;

    publish_lists(lists_path, CATEGORY_DRUGS);
    start(1);
    ck_assert_int_eq(snapshot_categories(lists_path, &d), 0);
    first = snapshot_pin();
    ck_assert_uint_eq(category_in(first), 1u << CATEGORY_DRUGS);
    publish_lists(lists_path, CATEGORY_GAMBLING);
    snapshot_child();
    second = snapshot_pin();
    ck_assert_uint_eq(category_in(second), 1u << CATEGORY_GAMBLING);
    ck_assert_uint_eq(category_in(first), 1u << CATEGORY_DRUGS); /* pinned is pinned */
    ck_assert_ptr_eq(first->policy, second->policy);
    publish_version(2);
    ck_assert_uint_eq(category_now(), 1u << CATEGORY_GAMBLING);
    snprintf(local, sizeof local, "%s%s", lists_path, CATEGORIES_LOCAL);
    publish_lists(local, CATEGORY_DRUGS); /* the local lists come beside the big ones */
    snapshot_child();
    ck_assert_uint_eq(category_now(), 1u << CATEGORY_GAMBLING | 1u << CATEGORY_DRUGS);
    unlink(local);
    snapshot_child();
    ck_assert_uint_eq(category_now(), 1u << CATEGORY_GAMBLING);
    snapshot_unpin(first);
    snapshot_unpin(second);
    snapshot_stop();
    ck_assert_uint_eq(alive(), 0);
}
END_TEST

START_TEST(bad_lists_are_told_once_and_change_nothing)
{
    char previous[128];
    unsigned said;

    snprintf(previous, sizeof previous, "%s.previous", lists_path);
    start(1);
    ck_assert_int_eq(snapshot_categories(lists_path, &d), -1);
    ck_assert_uint_eq(version_now(), 1);
    ck_assert_uint_eq(category_now(), 0);
    publish_lists(previous, CATEGORY_GAMBLING); /* what is bad at the start gives way to the last good one */
    write_file(lists_path, STR("cut"));
    snapshot_child();
    ck_assert_uint_eq(category_now(), 1u << CATEGORY_GAMBLING);
    publish_lists(lists_path, CATEGORY_DRUGS);
    snapshot_child();
    ck_assert_uint_eq(category_now(), 1u << CATEGORY_DRUGS);
    said = bad;
    write_file(lists_path, STR("no lists"));
    snapshot_child();
    ck_assert_uint_eq(bad, said + 1);
    said = lines;
    snapshot_child();
    ck_assert_uint_eq(lines, said);
    ck_assert_uint_eq(category_now(), 1u << CATEGORY_DRUGS);
    unlink(lists_path);
    snapshot_child();
    ck_assert_uint_eq(category_now(), 1u << CATEGORY_DRUGS);
}
END_TEST

START_TEST(a_category_that_nothing_fills_is_an_alarm)
{
    unsigned said;

    start(1);
    publish_lists(lists_path, CATEGORY_DRUGS);
    ck_assert_int_eq(snapshot_categories(lists_path, &d), 0);
    said = bad;
    publish_lists(lists_path, CATEGORY_ALCOHOL); /* and nothing adult, which a rule names */
    snapshot_child();
    ck_assert_uint_eq(bad, said + 1);
    snapshot_child();
    ck_assert_uint_eq(bad, said + 1);
}
END_TEST

void add_parts(TCase *t)
{
    tcase_add_test(t, lists_are_swapped_beside_the_policy);
    tcase_add_test(t, bad_lists_are_told_once_and_change_nothing);
    tcase_add_test(t, a_category_that_nothing_fills_is_an_alarm);
    tcase_add_test(t, networks_are_swapped_beside_the_policy);
    tcase_add_test(t, a_bad_database_is_told_once_and_changes_nothing);
    tcase_add_test(t, networks_wait_for_a_policy);
    tcase_add_test(t, the_standing_is_swapped_beside_the_policy);
    tcase_add_test(t, a_bad_standing_is_told_once_and_changes_nothing);
}
