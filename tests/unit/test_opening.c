/* Cases, openings and the log of accesses. */
#include "core/clock.h"
#include "record/accesslog.h"
#include "record/opening.h"
#include "unit.h"

#include <stdio.h>
#include <unistd.h>

static struct diag d;
static struct opening_case c;
static struct opening made, back;
static struct private_key signer;

static int64_t at(const char *text)
{
    int64_t t = 0;

    ck_assert_int_eq(clock_parse(str_of(text), &t), 0);
    return t;
}

static void setup(void)
{
    diag_init(&d);
    ck_assert_int_eq(seal_init(&d), 0);
    ck_assert_int_eq(private_make(PRIVATE_SIGNER, STR("ig"), &signer, &d), 0);
    c = (struct opening_case){.ref = "HR-2026-014",
                              .from = clock_day(2026, 3, 2),
                              .to = clock_day(2026, 3, 15),
                              .expires = at("2026-04-17T23:00:00Z")};
    ck_assert(opening_case_name(&c, STR("COUNCIL\\A.User")));
    ck_assert(opening_case_name(&c, STR("a.maiden-name@council.example")));
    ck_assert(opening_case_id(&c, STR("5F3C")));
}

START_TEST(test_case)
{
    ck_assert_str_eq(c.ref, "HR-2026-014");
    ck_assert_uint_eq(c.n, 3);
    ck_assert_str_eq(c.names[0], "a.user");
    ck_assert_str_eq(c.names[1], "a.maiden-name");
    ck_assert_str_eq(c.names[2], "5F3C"); /* as the directory has it */
    ck_assert_int_eq(opening_case_check(&c, at("2026-04-17T22:59:59Z"), &d), 0);
    ck_assert_int_eq(opening_case_check(&c, at("2026-04-17T23:00:00Z"), &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "has expired"));
    diag_init(&d);
    ck_assert_int_eq(opening_case_check(&c, at("2026-03-01T12:00:00Z"), &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "has not begun"));
    diag_init(&d);
    c.to = c.from - 1;
    ck_assert_int_eq(opening_case_check(&c, at("2026-03-20T12:00:00Z"), &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "ends before it starts"));
}
END_TEST

START_TEST(test_names_wrong)
{
    char longest[CASE_NAME + 1];

    memset(longest, 'a', sizeof longest);
    ck_assert(!opening_case_name(&c, STR("")));
    ck_assert(!opening_case_name(&c, STR("a\x01"
                                         "b")));
    ck_assert(!opening_case_id(&c, STR("5F3C\n")));
    ck_assert(!opening_case_name(&c, (struct str){longest, sizeof longest}));
    ck_assert_uint_eq(c.n, 3);
    while (c.n < CASE_NAMES)
        ck_assert(opening_case_name(&c, STR("a.another")));
    ck_assert(!opening_case_name(&c, STR("a.another")));
}
END_TEST

static struct str make(void)
{
    const struct epoch e = {.id = epoch_id(clock_day(2026, 3, 1), 1),
                            .from = at("2026-03-01T00:00:00Z"),
                            .until = at("2026-03-31T23:00:00Z"),
                            .key = {{5}}};
    size_t size;
    char *text;

    made = (struct opening){.ref = "HR-2026-014",
                            .subject = "a.user",
                            .from = c.from,
                            .to = c.to,
                            .made = at("2026-03-18T10:00:00Z"),
                            .expires = at("2026-04-17T23:00:00Z"),
                            .holders = {"alice", "bob"},
                            .n = 3};
    opening_name(&c, &e, &made.epochs[0]);
    made.epochs[1] = (struct opening_epoch){.id = epoch_id(clock_day(2026, 2, 1), 1),
                                            .from = at("2026-02-01T00:00:00Z"),
                                            .until = at("2026-03-01T00:00:00Z"),
                                            .destroyed = true,
                                            .destroyed_at = at("2026-03-10T00:00:00Z")};
    made.epochs[2] =
        (struct opening_epoch){.from = at("2026-01-01T00:00:00Z"), .until = at("2026-02-01T00:00:00Z")};
    text = opening_write(&made, &signer, &size, &d);
    ck_assert_ptr_nonnull(text);
    return (struct str){text, size};
}

START_TEST(test_opening)
{
    const struct seal_key key = {{5}};
    unsigned char right[PSEUDONYM_SIZE];
    struct private_key other;
    struct str text = make();
    char *bytes = (char *)(uintptr_t)text.p;

    ck_assert_msg(opening_read_mem(text, "opening", signer.public, &back, &d) == 0, "%s", d.messages[0].text);
    ck_assert_uint_eq(back.n, 3);
    ck_assert_uint_eq(back.epochs[0].n, 3);
    seal_pseudonym(&key, STR("a.user"), right); /* what the module puts into events */
    ck_assert_mem_eq(back.epochs[0].pseudonyms[0], right, sizeof right);
    seal_pseudonym(&key, STR("5F3C"), right);
    ck_assert_mem_eq(back.epochs[0].pseudonyms[2], right, sizeof right);
    ck_assert(back.epochs[1].destroyed);
    ck_assert_uint_eq(back.epochs[2].id, 0);
    ck_assert_str_eq(back.signer, "ig");
    ck_assert_ptr_null(memmem(text.p, text.n, "maiden", 6)); /* no more names than are needed */
    for (size_t i = 0; i < text.n; i++) {
        bytes[i] ^= 1;
        ck_assert_int_eq(opening_read_mem(text, "opening", signer.public, &back, &d), -1);
        bytes[i] ^= 1;
        ck_assert_int_eq(opening_read_mem((struct str){text.p, i}, "opening", signer.public, &back, &d), -1);
    }
    ck_assert_int_eq(private_make(PRIVATE_SIGNER, STR("ig"), &other, &d), 0);
    diag_init(&d);
    ck_assert_int_eq(opening_read_mem(text, "opening", other.public, &back, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "signed by another key"));
    ck_assert_int_eq(opening_read_mem(text, "opening", NULL, &back, &d), 0);
    free(bytes);
}
END_TEST

/* ---- the log ---- */

struct seen {
    unsigned n, refused;
    char about[CASE_NAME * 3];
};

static void see(void *to, int64_t time, const struct access_entry *e)
{
    struct seen *s = to;

    ck_assert_int_gt(time, 0);
    s->n++;
    s->refused += e->refused;
    diag_copy(s->about, sizeof s->about, e->about);
}

START_TEST(test_accesslog)
{
    struct access_entry e = {
        .by = STR("alice+bob"), .what = STR("open"), .case_ref = STR("HR-1"), .about = STR("a.user")};
    struct ledger_read read;
    struct seen seen = {.n = 0};
    char path[64] = "/tmp/portreeve-access-XXXXXX", text[4096], *line;
    size_t n;
    FILE *f;

    close(mkstemp(path));
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(accesslog_add(path, &e, at("2026-03-18T10:00:00Z"), NULL, &d), 0);
    e.refused = true;
    e.about = STR("b\n\"=1+1\" \xe2\x80\xae"
                  "user");
    e.why = STR("the case has expired");
    ck_assert_int_eq(accesslog_add(path, &e, at("2026-03-18T10:00:00Z"), NULL, &d), 0);
    ck_assert_int_eq(accesslog_read(path, &(struct access_wanted){.since = 0}, see, &seen, &read, &d), 0);
    ck_assert_int_eq(read.fault, LEDGER_SOUND);
    ck_assert_uint_eq(seen.n, 4);
    ck_assert_uint_eq(seen.refused, 1);
    seen.n = 0;
    ck_assert_int_eq(accesslog_read(path, &(struct access_wanted){.about = STR("a.user"), .case_ref = STR("HR-1")}, see, &seen, &read, &d), 0);
    ck_assert_uint_eq(seen.n, 3);
    ck_assert_int_eq(accesslog_read(path, &(struct access_wanted){.about = e.about}, see, &seen, &read, &d), 0);
    ck_assert_uint_eq(seen.n, 4);
    /* Deleting one line breaks verification. */
    f = fopen(path, "re");
    n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    line = strchr(text, '\n') + 1;
    memmove(line, strchr(line, '\n') + 1, strlen(strchr(line, '\n') + 1) + 1);
    f = fopen(path, "we");
    fputs(text, f);
    fclose(f);
    ck_assert_int_eq(accesslog_read(path, &(struct access_wanted){.since = 0}, see, &seen, &read, &d), 0);
    ck_assert_int_eq(read.fault, LEDGER_NUMBER);
    unlink(path);
    ck_assert_int_eq(accesslog_add("/nowhere/log", &e, 1, NULL, &d), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("opening");
    TCase *tests = tcase_create("opening");

    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_case);
    tcase_add_test(tests, test_names_wrong);
    tcase_add_test(tests, test_opening);
    tcase_add_test(tests, test_accesslog);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
