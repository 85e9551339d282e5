/* A store of an older version is brought up to date, and keeps what is in it. */
#include "unit.h"

#include "store/backend.h"

#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

static char home[64], file[128];
static struct diag d;

static void begin(void)
{
    snprintf(home, sizeof home, "/tmp/portreeve-schema-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(home));
    snprintf(file, sizeof file, "%s/store", home);
    diag_init(&d);
}

static void end(void)
{
    static const char *const ends[] = {"", "-wal", "-shm", ".lock"};
    char path[160];

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(path, sizeof path, "%s%s", file, ends[i]);
        unlink(path);
    }
    rmdir(home);
}

static void run(sqlite3 *db, const char *sql)
{
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
}

/* As the portreeved of schema `version` left it, with three events of two people, and one act. */
static void make(unsigned version)
{
    char number[64];
    sqlite3 *db;

    ck_assert_int_eq(sqlite3_open(file, &db), SQLITE_OK);
    for (unsigned i = 0; i < version; i++)
        run(db, sqlite_schema[i]);
    snprintf(number, sizeof number, "PRAGMA user_version = %u", version);
    run(db, number);
    run(db, "INSERT INTO name VALUES(1, '3.2'), (2, 'no-reactions'), (3, 'facebook'), (4, 'none'), (5, '');"
            "INSERT INTO person VALUES(2, x'01010101010101010101010101010101'), (3, "
            "x'02020202020202020202020202020202');"
            "INSERT INTO segment VALUES(1, 'a.spool', 640);"
            "INSERT INTO hour VALUES(494050);"
            "INSERT INTO event VALUES(494050, 2, 1778580000, 1, 1, 1, 2, 3, 4, 1, 0, 1, 1, 0, 0, 5, "
            "4294967295, 1, 2, 5, "
            "'K7M4-29QX'), (494050, 2, 1778580001, 1, 2, 1, 2, 3, 4, 1, 0, 1, 1, 0, 0, 5, 4294967295, 1, 2, "
            "5, ''), "
            "(494050, 3, 1778580002, 1, 3, 1, 2, 3, 4, 0, 0, 1, 1, 0, 0, 5, 4294967295, 0, 0, 5, '');");
    if (version > 1)
        run(db, "INSERT INTO act VALUES(x'01', x'02', 0, 'a.user', 'notice/1', 5, 5, 0, 0, '')");
    else
        run(db, "INSERT INTO act VALUES(x'01', x'02', 0, 'a.user', 'notice/1', 5, 5, 0, 0)");
    sqlite3_close(db);
}

static void see(void *to, const struct event *e)
{
    ck_assert_slice(e->policy, "3.2");
    ck_assert_slice(e->rule, "no-reactions");
    ck_assert_slice(e->platform, "facebook");
    ck_assert_slice(e->account, "none");
    ck_assert_slice(e->group, "");
    ck_assert_int_eq(e->activity, 1);
    ck_assert_uint_eq(e->categories, 5);
    ck_assert_uint_eq(e->people, 0xffffffff);
    ck_assert(!e->has_place);
    ck_assert_int_eq(e->shadow, e->action == 1);
    if (e->sequence == 1)
        ck_assert_slice(e->code, "K7M4-29QX");
    else
        ck_assert_slice(e->code, "");
    *(uint64_t *)to = *(uint64_t *)to * 10 + e->sequence;
}

static void count(void *to, const struct act *a)
{
    ck_assert_slice(a->user, "a.user");
    ++*(unsigned *)to;
}

START_TEST(nothing_is_lost_on_the_way)
{
    unsigned char who[PSEUDONYM_SIZE];
    struct store_segment segment;
    struct store *s = NULL;
    uint64_t order = 0;
    unsigned acts = 0;

    begin();
    make((unsigned)_i);
    ck_assert_int_eq(store_open_read(file, &s, &d), -1); /* who only reads changes nothing */
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "start portreeved once"));
    diag_init(&d);
    for (int again = 0; again < 2; again++) { /* the second time nothing is left to be done */
        order = 0;
        acts = 0;
        ck_assert_msg(store_open(file, NULL, &s, &d) == 0, "%s", d.messages[0].text);
        memset(who, 1, sizeof who);
        ck_assert_int_eq(store_by_person(s, who, 10, see, &order, &d), 0);
        ck_assert_uint_eq(order, 21);
        memset(who, 2, sizeof who);
        ck_assert_int_eq(store_by_person(s, who, 10, see, &order, &d), 0);
        ck_assert_uint_eq(order, 213);
        ck_assert_int_eq(store_by_code(s, STR("K7M4-29QX"), see, &order, &d), 0);
        ck_assert_uint_eq(order, 2131);
        ck_assert_int_eq(store_acts(s, 10, count, &acts, &d), 0);
        ck_assert_uint_eq(acts, 1);
        ck_assert_int_eq(store_segment(s, STR("a.spool"), &segment, &d), 0);
        ck_assert_uint_eq(segment.next, 640);
        ck_assert_int_eq(store_notes(s, who, (const int64_t[]){0, INT64_MAX}, NULL, NULL, &d), 0); /* there are none */
        store_close(s);
    }
    end();
}
END_TEST

START_TEST(a_newer_store_is_left_alone)
{
    struct store *s = NULL;
    sqlite3 *db;

    begin();
    ck_assert_int_eq(sqlite3_open(file, &db), SQLITE_OK);
    run(db, "PRAGMA user_version = 999");
    sqlite3_close(db);
    ck_assert_int_eq(store_open(file, NULL, &s, &d), -1);
    ck_assert_ptr_null(s);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "newer portreeved"));
    end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store_schema");
    TCase *t = tcase_create("store_schema");

    tcase_add_loop_test(t, nothing_is_lost_on_the_way, 1, 3);
    tcase_add_test(t, a_newer_store_is_left_alone);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
