/* The log of who looked: what others write into it, what was changed, what was lawfully erased, a full disk. */
#include "core/clock.h"
#include "record/accesslog.h"
#include "record/seal.h"
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static struct diag d;
static char path[64];
static struct sign_key key, other;

static int64_t at(const char *text)
{
    int64_t t = 0;

    ck_assert_int_eq(clock_parse(str_of(text), &t), 0);
    return t;
}

static void setup(void)
{
    unsigned char seed[32] = {1};

    diag_init(&d);
    ck_assert_int_eq(seal_init(&d), 0);
    sign_key_of_seed(seed, &key);
    seed[0] = 2;
    sign_key_of_seed(seed, &other);
    snprintf(path, sizeof path, "/tmp/portreeve-access-XXXXXX");
    close(mkstemp(path));
}

static void teardown(void)
{
    unlink(path);
}

static size_t text_of(char text[65536])
{
    FILE *f = fopen(path, "re");
    size_t n = fread(text, 1, 65535, f);

    fclose(f);
    text[n] = '\0';
    return n;
}

static void put(const char *text, size_t n)
{
    FILE *f = fopen(path, "we");

    fwrite(text, 1, n, f);
    fclose(f);
}

static void look(const char *when, struct str by)
{
    struct access_entry e = {.by = by,
                             .role = STR("ict"),
                             .what = STR("why"),
                             .result = STR("told"),
                             .more = {{"code", STR("K7M4-29QX")}},
                             .n_more = 1};

    ck_assert_msg(accesslog_add(path, &e, at(when), NULL, &d) == 0, "%s", d.messages[0].text);
}

struct seen {
    unsigned n;
    char by[8][LEDGER_VALUE + 1];
};

static void see(void *to, int64_t time, const struct access_entry *e)
{
    struct seen *s = to;

    ck_assert_int_gt(time, 0);
    ck_assert_slice(e->what, "why");
    ck_assert_slice(e->role, "ict");
    ck_assert_uint_eq(e->n_more, 1);
    ck_assert_str_eq(e->more[0].key, "code");
    ck_assert_slice(e->more[0].value, "K7M4-29QX");
    snprintf(s->by[s->n], sizeof s->by[0], "%.*s", STR_ARG(e->by));
    s->n++;
}

static struct ledger_read read_it(const unsigned char *public, struct seen *seen)
{
    struct ledger_read read;

    *seen = (struct seen){.n = 0};
    ck_assert_int_eq(accesslog_read(path, &(struct access_wanted){.public = public}, see, seen, &read, &d), 0);
    return read;
}

START_TEST(names_of_any_bytes_stay_one_line_each)
{
    static const char *const names[] = {"O'Neill \"x\"", "two\nlines\r\n3 2026-01-01T00:00:00Z look by=me h=00", "=1+1|cmd",
                                        "\xe2\x80\xaeresu.a", "100% a=b", "\xff\xfe"};
    char emoji[4097] = "";
    struct seen seen;
    struct ledger_read read;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        look("2026-03-18T10:00:00Z", str_of(names[i]));
    for (size_t i = 0; i + 4 < sizeof emoji; i += 4)
        memcpy(emoji + i, "\xf0\x9f\x98\x80", 5);
    look("2026-03-18T10:00:00Z", str_of(emoji));
    read = read_it(NULL, &seen);
    ck_assert_int_eq(read.fault, LEDGER_SOUND);
    ck_assert_uint_eq(seen.n, 7);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_str_eq(seen.by[i], names[i]);
    ck_assert_uint_eq(strlen(seen.by[6]), LEDGER_VALUE); /* cut, and the line is whole all the same */
}
END_TEST

START_TEST(a_changed_byte_and_a_missing_line_are_seen)
{
    char text[65536], changed[65536];
    struct ledger_read read;
    struct seen seen;
    size_t n;

    for (unsigned i = 0; i < 3; i++)
        look("2026-03-18T10:00:00Z", STR("a.user"));
    n = text_of(text);
    for (size_t i = 0; i < n; i++) {
        memcpy(changed, text, n + 1);
        changed[i] ^= 1;
        put(changed, n);
        ck_assert_int_eq(accesslog_read(path, &(struct access_wanted){.since = 0}, NULL, &seen, &read, &d), 0);
        ck_assert_msg(read.fault != LEDGER_SOUND, "byte %zu", i);
    }
    for (unsigned line = 0; line < 2; line++) { /* of the last one the daily root tells */
        char *from = line ? strchr(text, '\n') + 1 : text, *to = strchr(from, '\n') + 1;

        memcpy(changed, text, (size_t)(from - text));
        memcpy(changed + (from - text), to, n - (size_t)(to - text));
        put(changed, n - (size_t)(to - from));
        ck_assert_int_eq(read_it(NULL, &seen).fault, LEDGER_NUMBER);
    }
}
END_TEST

static uint64_t cut(const char *before, int result)
{
    const struct ledger_cut c = {path, ACCESSLOG_NAME, at(before), at("2026-12-01T00:00:00Z"), &key};
    uint64_t erased;

    ck_assert_int_eq(ledger_cut(&c, &erased, &d), result);
    return erased;
}

START_TEST(what_is_erased_leaves_a_receipt)
{
    char text[65536], *number;
    struct ledger_read read;
    struct seen seen;
    struct stat st;
    size_t n;

    look("2024-01-01T10:00:00Z", STR("first"));
    look("2024-02-01T10:00:00Z", STR("second"));
    look("2026-01-01T10:00:00Z", STR("third"));
    look("2024-03-01T10:00:00Z", STR("fourth")); /* the clock was set back: it stays behind one that stays */
    ck_assert_int_eq(chmod(path, 0640), 0);
    ck_assert_uint_eq(cut("2023-01-01T00:00:00Z", 0), 0);
    ck_assert_uint_eq(cut("2025-01-01T00:00:00Z", 0), 2);
    ck_assert_uint_eq(cut("2025-01-01T00:00:00Z", 0), 0);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0640);
    read = read_it(key.public, &seen);
    ck_assert_int_eq(read.fault, LEDGER_SOUND);
    ck_assert_uint_eq(read.erased, 2);
    ck_assert_uint_eq(read.head.lines, 4);
    ck_assert_uint_eq(seen.n, 2);
    ck_assert_str_eq(seen.by[0], "third");
    look("2026-05-01T10:00:00Z", STR("fifth")); /* the list goes on */
    ck_assert_uint_eq(cut("2026-06-01T00:00:00Z", 0), 3);
    read = read_it(key.public, &seen);
    ck_assert_uint_eq(read.erased, 5);
    ck_assert_uint_eq(seen.n, 0);
    look("2026-07-01T10:00:00Z", STR("sixth"));
    ck_assert_int_eq(read_it(key.public, &seen).fault, LEDGER_SOUND);
    ck_assert_int_eq(read_it(NULL, &seen).fault, LEDGER_SOUND);
    ck_assert_int_eq(read_it(other.public, &seen).fault, LEDGER_RECEIPT);
    /* A receipt that somebody wrote to hide what they took out; it is none without the key. */
    n = text_of(text);
    number = strchr(text, ' ') + 1;
    number[3] ^= 1;
    put(text, n);
    ck_assert_int_eq(read_it(key.public, &seen).fault, LEDGER_RECEIPT);
    ck_assert_uint_eq(cut("2027-01-01T00:00:00Z", -1), 0);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "is not sound"));
}
END_TEST

START_TEST(a_full_disk_is_told_and_adds_nothing)
{
    struct access_entry e = {.by = STR("a.user"), .what = STR("why")};
    struct rlimit before, limit;
    char text[65536];
    struct seen seen;
    size_t n;

    look("2026-03-18T10:00:00Z", STR("a.user"));
    n = text_of(text);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = n + 20; /* half a line has room */
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert_int_eq(accesslog_add(path, &e, at("2026-03-18T10:00:01Z"), NULL, &d), -1);
    setrlimit(RLIMIT_FSIZE, &before);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "the access log cannot be written"));
    ck_assert_uint_eq(text_of(text), n);
    ck_assert_int_eq(read_it(NULL, &seen).fault, LEDGER_SOUND);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("access");
    TCase *t = tcase_create("access");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, names_of_any_bytes_stay_one_line_each);
    tcase_add_test(t, a_changed_byte_and_a_missing_line_are_seen);
    tcase_add_test(t, what_is_erased_leaves_a_receipt);
    tcase_add_test(t, a_full_disk_is_told_and_adds_nothing);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
