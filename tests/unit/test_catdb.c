/* The category database: what is found at which host and address, and that nothing is read outside whatever
 * the bytes are. */
#include "core/categories.h"

#include "lists_fixture.h"
#include "unit.h"

#include <stdio.h>

enum { NOW = 1779000000 };

static unsigned char *bytes;
static size_t size;
static struct catdb db;
static struct diag d;

static struct lists *small(void)
{
    struct lists *l = lists_new();
    int adult = lists_of(l, "x/adult", CATEGORY_ADULT), drugs = lists_of(l, "x/drugs", CATEGORY_DRUGS),
        phish = lists_of(l, "x/phish", CATEGORY_PHISHING), malware = lists_of(l, "y/malware", CATEGORY_MALWARE);

    ck_assert_int_eq(lists_name(l, STR("bad.example"), adult, 0), LISTS_NEW);
    ck_assert_int_eq(lists_name(l, STR("bad.example"), drugs, 0), LISTS_NEW);
    ck_assert_int_eq(lists_name(l, STR("bad.example"), malware, 0), LISTS_NEW);
    ck_assert_int_eq(lists_name(l, STR("bad.example"), malware, 0), LISTS_KNOWN);
    ck_assert_int_eq(lists_name(l, STR("only.example"), adult, CATDB_EXACT), LISTS_NEW);
    ck_assert_int_eq(lists_name(l, STR("wide.example"), adult, CATDB_EXACT), LISTS_NEW);
    ck_assert_int_eq(lists_name(l, STR("wide.example"), adult, 0), LISTS_KNOWN);
    ck_assert_int_eq(lists_name(l, STR("deep.bad.example"), phish, 0), LISTS_NEW);
    ck_assert_int_eq(lists_name(l, STR("198.51.100.7"), malware, 0), LISTS_NEW);
    ck_assert_int_eq(lists_url(l, STR("host.example"), STR("/a/b"), phish), LISTS_NEW);
    ck_assert_int_eq(lists_url(l, STR("host.example"), STR("/watch?v=abc"), adult), LISTS_NEW);
    ck_assert_int_eq(lists_url(l, STR("host.example"), STR("/?page=7"), adult), LISTS_NEW);
    ck_assert_int_eq(lists_name(l, STR("xn--bcher-kva.example"), adult, 0), LISTS_NEW);
    return l;
}

static void open_bytes(void)
{
    diag_init(&d);
    ck_assert_int_eq(catdb_open(bytes, size, &db, &d), 0);
}

static void start(void)
{
    bytes = lists_bytes(small(), NOW, &size, &d);
    ck_assert_ptr_nonnull(bytes);
    open_bytes();
}

static void end(void)
{
    free(bytes);
}

static void gather(void *to, const struct catdb_list *list, struct str host, struct str url)
{
    (void)host, (void)url;
    *(uint32_t *)to |= list->categories;
}

static uint32_t at(const char *host, const char *path, const char *query)
{
    struct catdb_question q = {str_of(host), str_of(path), str_of(query), host[0] >= '0' && host[0] <= '9'};
    uint32_t of = 0;

    catdb_ask(&db, &q, gather, &of);
    return of;
}

enum { ADULT = 1 << CATEGORY_ADULT, DRUGS = 1 << CATEGORY_DRUGS, PHISH = 1 << CATEGORY_PHISHING,
       MALWARE = 1 << CATEGORY_MALWARE };

START_TEST(names_hold_at_label_boundaries)
{
    ck_assert_uint_eq(at("bad.example", "", ""), ADULT | DRUGS | MALWARE);
    ck_assert_uint_eq(at("www.bad.example", "", ""), ADULT | DRUGS | MALWARE);
    ck_assert_uint_eq(at("a.deep.bad.example", "", ""), ADULT | DRUGS | MALWARE | PHISH);
    ck_assert_uint_eq(at("notbad.example", "", ""), 0);
    ck_assert_uint_eq(at("example", "", ""), 0);
    ck_assert_uint_eq(at("bad.example.org", "", ""), 0);
    ck_assert_uint_eq(at("only.example", "", ""), ADULT);
    ck_assert_uint_eq(at("www.only.example", "", ""), 0);
    ck_assert_uint_eq(at("www.wide.example", "", ""), ADULT);
    ck_assert_uint_eq(at("198.51.100.7", "", ""), MALWARE);
    ck_assert_uint_eq(at("98.51.100.7", "", ""), 0);
    ck_assert_uint_eq(at("xn--bcher-kva.example", "", ""), ADULT);
    ck_assert_uint_eq(at("", "", ""), 0);
}
END_TEST

START_TEST(addresses_hold_at_segment_boundaries)
{
    ck_assert_uint_eq(at("host.example", "", ""), 0);
    ck_assert_uint_eq(at("host.example", "/", ""), 0);
    ck_assert_uint_eq(at("host.example", "/a", ""), 0);
    ck_assert_uint_eq(at("host.example", "/a/b", ""), PHISH);
    ck_assert_uint_eq(at("host.example", "/A/B/", ""), PHISH);
    ck_assert_uint_eq(at("host.example", "/a/b/c/d", "x=1"), PHISH);
    ck_assert_uint_eq(at("host.example", "/a/b", "x=1"), PHISH);
    ck_assert_uint_eq(at("host.example", "/a/bc", ""), 0);
    ck_assert_uint_eq(at("www.host.example", "/a/b", ""), PHISH);
    ck_assert_uint_eq(at("other.host.example", "/a/b", ""), 0);
    ck_assert_uint_eq(at("host.example", "/watch", "v=ABC"), ADULT);
    ck_assert_uint_eq(at("host.example", "/watch", "v=abc&t=1"), ADULT);
    ck_assert_uint_eq(at("host.example", "/watch", "v=abcd"), 0);
    ck_assert_uint_eq(at("host.example", "/watch", ""), 0);
    ck_assert_uint_eq(at("host.example", "/", "page=7"), ADULT);
    ck_assert_uint_eq(at("host.example", "/", "page=8"), 0);
}
END_TEST

START_TEST(it_is_proven_and_the_same_again)
{
    size_t n = 0;
    unsigned char *again = lists_bytes(small(), NOW, &n, &d);

    ck_assert_int_eq(lists_check(&db, &d), 0);
    ck_assert_uint_eq(n, size);
    ck_assert_int_eq(memcmp(again, bytes, n), 0);
    free(again);
    ck_assert_uint_eq(db.header->lists, 4);
    ck_assert_uint_eq(db.header->urls, 3);
    ck_assert_uint_eq(db.header->filled[CATEGORY_ADULT], 6);
    ck_assert_uint_eq(db.header->filled[CATEGORY_ILLEGAL], 0);
}
END_TEST

/* Each single broken byte is told by the sum; behind a sum that was made to fit, by what it breaks, or it
 * leaves a sound file. Nothing is read outside the allocation (address sanitizer). */
START_TEST(broken_bytes_stay_inside)
{
    unsigned refused = 0;

    for (size_t i = 0; i < size; i += i < 2048 ? 7 : 1) {
        unsigned char was = bytes[i];
        static const unsigned char to[] = {0, 1, 0x7f, 0xff};

        for (unsigned k = 0; k < sizeof to; k++) {
            struct catdb broken;

            bytes[i] = to[k];
            diag_init(&d);
            if (catdb_open(bytes, size, &broken, &d) != 0)
                continue;
            db = broken;
            at("www.bad.example", "/a/b", "c=d");
            at("host.example", "/a/b", "");
            if (to[k] != was)
                ck_assert_int_eq(lists_check(&db, &d), -1);
            catdb_sum(bytes, size, ((struct catdb_header *)(void *)(bytes + CATDB_AT))->sum);
            refused += lists_check(&db, &d) != 0;
        }
        bytes[i] = was;
        open_bytes();
        catdb_sum(bytes, size, ((struct catdb_header *)(void *)(bytes + CATDB_AT))->sum);
    }
    ck_assert_uint_gt(refused, 1000);
}
END_TEST

/* A table without an empty slot does not hold a look-up for long. */
START_TEST(walks_have_an_end)
{
    struct catdb_header *h = (struct catdb_header *)(void *)(bytes + CATDB_AT);

    h->probes = CATDB_PROBES + 1;
    ck_assert_int_eq(catdb_open(bytes, size, &db, &d), -1);
    h->probes = 1;
    open_bytes();
    ck_assert_uint_le(catdb_walk(&db, STR("bad.example")), 1);
}
END_TEST

START_TEST(headers_are_looked_at)
{
    struct catdb_header *h = (struct catdb_header *)(void *)(bytes + CATDB_AT);

    ck_assert_int_eq(catdb_open(bytes, 0, &db, &d), -1);
    ck_assert_int_eq(catdb_open(bytes, size - 1, &db, &d), -1);
    ck_assert_int_eq(catdb_open(bytes, 2000, &db, &d), -1);
    h->version++;
    ck_assert_int_eq(catdb_open(bytes, size, &db, &d), -1);
    h->version--;
    h->text++;
    ck_assert_int_eq(catdb_open(bytes, size, &db, &d), -1);
    h->text--;
    ((struct catdb_list *)(h + 1))->name.n = 1 << 30;
    ck_assert_int_eq(catdb_open(bytes, size, &db, &d), -1);
}
END_TEST

START_TEST(changes_are_told_by_category)
{
    struct lists *l = lists_new();
    struct lists_change c[CATEGORY_COUNT];
    struct catdb newer;
    size_t n = 0;
    unsigned char *after;
    int adult = lists_of(l, "x/adult", CATEGORY_ADULT);

    lists_name(l, STR("bad.example"), adult, 0);
    lists_name(l, STR("worse.example"), adult, 0);
    after = lists_bytes(l, NOW, &n, &d);
    ck_assert_ptr_nonnull(after);
    ck_assert_int_eq(catdb_open(after, n, &newer, &d), 0);
    lists_compare(&db, &newer, c);
    ck_assert_uint_eq(c[CATEGORY_ADULT].before, 6);
    ck_assert_uint_eq(c[CATEGORY_ADULT].added, 1);
    ck_assert_str_eq(c[CATEGORY_ADULT].added_names[0], "worse.example");
    ck_assert_uint_eq(c[CATEGORY_ADULT].removed, 5);
    ck_assert_uint_eq(c[CATEGORY_DRUGS].removed, 1);
    ck_assert_str_eq(c[CATEGORY_DRUGS].removed_names[0], "bad.example");
    lists_compare(NULL, &newer, c);
    ck_assert_uint_eq(c[CATEGORY_ADULT].added, 2);
    free(after);
}
END_TEST

/* Many names: tables grow, every one is found, and no other. */
START_TEST(many_names_are_found)
{
    enum { MANY = 50000 };
    struct lists *l = lists_new();
    int list[3];
    char name[64];

    for (int k = 0; k < 3; k++) {
        snprintf(name, sizeof name, "x/%d", k);
        list[k] = lists_of(l, name, (unsigned)k);
    }
    for (int i = 0; i < MANY; i++)
        for (int k = 0; k <= i % 3; k++) {
            struct str s = {name, (size_t)snprintf(name, sizeof name, "n%d.example%d.co.uk", i, i % 7)};

            ck_assert_int_eq(lists_name(l, s, list[k], 0), LISTS_NEW);
        }
    free(bytes);
    bytes = lists_bytes(l, NOW, &size, &d);
    open_bytes();
    ck_assert_int_eq(lists_check(&db, &d), 0);
    ck_assert_uint_eq(db.header->names, MANY);
    ck_assert_uint_eq(db.header->labels[0], 4);
    for (int i = 0; i < MANY; i += 11) {
        snprintf(name, sizeof name, "www.n%d.example%d.co.uk", i, i % 7);
        ck_assert_uint_eq(at(name, "", ""), (1u << (i % 3 + 1)) - 1);
        snprintf(name, sizeof name, "n%d.example%d.co.uk", i, i % 7 + 1);
        ck_assert_uint_eq(at(name, "", ""), 0);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("catdb");
    TCase *t = tcase_create("catdb");

    tcase_add_checked_fixture(t, start, end);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, names_hold_at_label_boundaries);
    tcase_add_test(t, addresses_hold_at_segment_boundaries);
    tcase_add_test(t, it_is_proven_and_the_same_again);
    tcase_add_test(t, broken_bytes_stay_inside);
    tcase_add_test(t, walks_have_an_end);
    tcase_add_test(t, headers_are_looked_at);
    tcase_add_test(t, changes_are_told_by_category);
    tcase_add_test(t, many_names_are_found);
    suite_add_tcase(s, t);
    return run_suite(s);
}
