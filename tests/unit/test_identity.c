/* Keyed digests of sign-ins, what they count for, and the codes and lines of enrolment. */
#include "core/policy.h"
#include "record/enrol.h"
#include "record/seal.h"

#include "../fuzz/fuzz.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct scratch *scratch;
static struct snapshot snapshot;
static struct verdict verdict;
static struct request request;

static void begin(void)
{
    struct diag d;

    diag_init(&d);
    ck_assert_int_eq(seal_init(&d), 0);
    scratch = scratch_new();
    snapshot = (struct snapshot){.policy = fuzz_policy(), .identity_key = fuzz_identity_key()};
}

static void end(void)
{
    scratch_free(scratch);
}

static enum identity ask(const char *user, const char *target, const char *cookie)
{
    static struct header header;

    header = (struct header){STR("Cookie"), str_of(cookie)};
    request = (struct request){.method = STR("GET"), .target = str_of(target), .user = str_of(user),
                               .headers = &header, .n_headers = 1, .now = 1779000000, .body_whole = true};
    verdict = policy_judge(&snapshot, NULL, &request, scratch);
    return verdict.what.identity;
}

#define COUNCIL "https://stage.example/Council"
#define WALKS "https://stage.example/groups/Walks"
#define NOBODY "https://stage.example/"

static void expect_digest(struct digest d, const char *hex)
{
    char text[DIGEST_TEXT];
    struct text t;

    text_init(&t, text, sizeof text);
    digest_put(&t, &d);
    ck_assert_slice(text_str(&t), hex);
}

/* Checked against another implementation of BLAKE2b (Python's hashlib), key and all. */
START_TEST(a_digest_is_blake2b_of_platform_and_value)
{
    struct identity_key key = {.id = 0};
    char text[KEY_TEXT];
    struct text t;

    for (unsigned char i = 0; i < DIGEST_KEY; i++)
        key.bytes[i] = i;
    identity_key_name(&key);
    expect_digest(identity_digest(&key, STR("facebook"), STR("100000000000021")), "d-99b0cf2cdb736b9e0a6d87982e5b60e6");
    text_init(&t, text, sizeof text);
    identity_key_put(&t, key.id);
    ck_assert_slice(text_str(&t), "k-87aad2a5");
}
END_TEST

START_TEST(another_platform_value_or_key_is_another_digest)
{
    const struct identity_key *key = fuzz_identity_key();
    struct identity_key other = identity_key_of_words(STR("other"));
    struct digest d = identity_digest(key, STR("x"), STR("12")), e;

    ck_assert_uint_ne(key->id, other.id);
    e = identity_digest(key, STR("x"), STR("12"));
    ck_assert(digest_eq(&d, &e));
    e = identity_digest(key, STR("x"), STR("13"));
    ck_assert(!digest_eq(&d, &e));
    e = identity_digest(key, STR("x1"), STR("2"));
    ck_assert(!digest_eq(&d, &e));
    e = identity_digest(&other, STR("x"), STR("12"));
    ck_assert(!digest_eq(&d, &e));
}
END_TEST

START_TEST(the_forms_are_read_back)
{
    struct digest d, e = identity_digest(fuzz_identity_key(), STR("x"), STR("1"));
    static const char *const none[] = {"", "d-", "7dd3512ed8d89316fdeb8d2d3874255d", "d-7dd3512ed8d89316fdeb8d2d3874255",
                                       "d-7dd3512ed8d89316fdeb8d2d3874255dd", "d-7dd3512ed8d89316fdeb8d2d3874255g",
                                       "k-7dd3512ed8d89316fdeb8d2d3874255d"};
    char text[DIGEST_TEXT];
    struct text t;
    uint32_t id;

    text_init(&t, text, sizeof text);
    digest_put(&t, &e);
    ck_assert(digest_read(text_str(&t), &d) && digest_eq(&d, &e));
    ck_assert(digest_read(STR("D-7DD3512ED8D89316FDEB8D2D3874255D"), &d));
    expect_digest(d, "d-7dd3512ed8d89316fdeb8d2d3874255d");
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_msg(!digest_read(str_of(none[i]), &d), "%s", none[i]);
    ck_assert(identity_key_read_id(STR("k-dcf6973d"), &id) && id == 0xdcf6973d);
    ck_assert(!identity_key_read_id(STR("k-00000000"), &id));
    ck_assert(!identity_key_read_id(STR("dcf6973d"), &id));
}
END_TEST

START_TEST(an_own_profile_counts_for_its_person_and_their_page)
{
    ck_assert_int_eq(ask("alice", COUNCIL, "uid=u%3D555"), IDENTITY_REGISTERED);
    ck_assert_int_eq(ask("DOM\\Alice", COUNCIL, "uid=u%3D555"), IDENTITY_REGISTERED);
    ck_assert_int_eq(ask("alice", WALKS, "uid=u%3D555"), IDENTITY_REGISTERED); /* a second page of hers */
    ck_assert_int_eq(ask("alice", "https://stage.example/Somebody", "uid=u%3D555"), IDENTITY_OTHER);
    ck_assert_int_eq(ask("alice", NOBODY, "uid=u%3D555"), IDENTITY_UNKNOWN);
    ck_assert_int_eq(ask("bob", COUNCIL, "uid=u%3D555"), IDENTITY_OTHER);
    ck_assert_int_eq(ask("", COUNCIL, "uid=u%3D555"), IDENTITY_OTHER);
    ck_assert(!verdict.what.identity_untold);
}
END_TEST

START_TEST(an_accounts_sign_in_counts_for_whoever_uses_it)
{
    ck_assert_int_eq(ask("bob", COUNCIL, "uid=u%3D666"), IDENTITY_REGISTERED);
    ck_assert_int_eq(ask("alice", NOBODY, "uid=u%3D666"), IDENTITY_REGISTERED);
    ck_assert_int_eq(ask("alice", COUNCIL, "uid=u%3D777000"), IDENTITY_OTHER);
    ck_assert_int_eq(ask("alice", COUNCIL, "uid=u%3D12345"), IDENTITY_REGISTERED); /* the account's number */
    ck_assert_int_eq(ask("alice", COUNCIL, "a=b"), IDENTITY_NONE);
    ck_assert_int_eq(ask("alice", COUNCIL, "uid=666"), IDENTITY_UNKNOWN); /* a form that the map does not know */
}
END_TEST

static void expect_untold(const struct identity_key *key)
{
    snapshot.identity_key = key;
    ck_assert_int_eq(ask("alice", COUNCIL, "uid=u%3D555"), IDENTITY_UNKNOWN);
    ck_assert(verdict.what.identity_untold);
    ck_assert_int_eq(ask("alice", COUNCIL, "uid=u%3D12345"), IDENTITY_REGISTERED);
    ck_assert(!verdict.what.identity_untold);
    ck_assert_int_eq(ask("alice", COUNCIL, "a=b"), IDENTITY_NONE);
}

START_TEST(without_the_registers_key_nobody_can_tell)
{
    struct identity_key other = identity_key_of_words(STR("other"));

    expect_untold(NULL);
    expect_untold(&other);
}
END_TEST

/* What was decoded or copied for the comparison is wiped, so that a later look at the worker's memory finds nothing. */
START_TEST(no_id_stays_in_the_arena)
{
    static const char id[] = "9988776655443322";
    char cookie[64];

    memset(scratch->arena.base, 0, scratch->arena.size);
    snprintf(cookie, sizeof cookie, "uid=u%%3D%s", id);
    ck_assert_int_eq(ask("alice", COUNCIL, cookie), IDENTITY_OTHER);
    ck_assert_ptr_null(memmem(scratch->arena.base, scratch->arena.size, id, sizeof id - 1));
}
END_TEST

START_TEST(the_digest_that_enrolment_takes_is_the_one_that_judging_compares)
{
    struct digest digest, expected = identity_digest(fuzz_identity_key(), STR("stage"), STR("555"));

    ask("alice", COUNCIL, "uid=u%3D555");
    ck_assert(identity_of(&snapshot, &request, verdict.what.platform, scratch, &digest));
    ck_assert(digest_eq(&digest, &expected));
    ck_assert(!identity_of(&snapshot, &request, NO_INDEX, scratch, &digest));
    ask("alice", COUNCIL, "sess=1");
    ck_assert(!identity_of(&snapshot, &request, verdict.what.platform, scratch, &digest));
    snapshot.identity_key = NULL;
    ask("alice", COUNCIL, "uid=u%3D555");
    ck_assert(!identity_of(&snapshot, &request, verdict.what.platform, scratch, &digest));
}
END_TEST

/* ---- codes ---- */

static const struct enrolment alice = {.platform = {"stage", 5}, .account = {"Council", 7}, .user = {"alice", 5},
                                       .profile = PROFILE_OWN, .key = 0xdcf6973d, .time = 1779000000};

static struct enrol_code find(const char *before, const char *code, const char *after)
{
    char query[256];
    struct enrol_code found;

    snprintf(query, sizeof query, "%s%.*s%s", before, ENROL_CODE, code, after);
    ck_assert_msg(enrol_code_find(str_of(query), &found), "%s", query);
    return found;
}

START_TEST(a_code_holds_for_whom_it_was_made)
{
    const struct identity_key *key = fuzz_identity_key();
    struct identity_key other = identity_key_of_words(STR("other"));
    struct enrolment e = alice;
    struct enrol_code code;
    char text[ENROL_CODE];

    enrol_code_write(key, &alice, 1779000900, text);
    code = find("portreeve-enrol=", text, "");
    ck_assert(enrol_code_holds(key, &code, &e, 1779000000));
    ck_assert(enrol_code_holds(key, &code, &e, 1779000900));
    ck_assert(!enrol_code_holds(key, &code, &e, 1779000901));
    ck_assert(!enrol_code_holds(&other, &code, &e, 1779000000));
    e.user = STR("bob");
    ck_assert(!enrol_code_holds(key, &code, &e, 1779000000));
    e.user = STR("");
    ck_assert(!enrol_code_holds(key, &code, &e, 1779000000));
    e = alice;
    e.platform = STR("tube");
    ck_assert(!enrol_code_holds(key, &code, &e, 1779000000));
    e = alice;
    e.account = STR("groups/Walks");
    ck_assert(!enrol_code_holds(key, &code, &e, 1779000000));
    e = alice;
    e.profile = PROFILE_ACCOUNT;
    ck_assert(!enrol_code_holds(key, &code, &e, 1779000000));
    code.end += 900;
    ck_assert(!enrol_code_holds(key, &code, &alice, 1779000000)); /* its end is sealed, too */
}
END_TEST

START_TEST(a_code_is_found_wherever_it_stands)
{
    char text[ENROL_CODE], query[128];
    struct enrol_code code;

    enrol_code_write(fuzz_identity_key(), &alice, 1779000900, text);
    find("", text, "");
    find("q=", text, "&type=pages");
    find("q=ptrv-00&b=", text, "%20");
    find("q=ptrv-", text, "#");
    snprintf(query, sizeof query, "q=%.*s0", ENROL_CODE, text);
    ck_assert(!enrol_code_find(str_of(query), &code));
    snprintf(query, sizeof query, "q=%.*s", ENROL_CODE - 1, text);
    ck_assert(!enrol_code_find(str_of(query), &code));
    text[6] = '9'; /* of a later version */
    ck_assert(!enrol_code_find((struct str){text, ENROL_CODE}, &code));
}
END_TEST

START_TEST(every_changed_digit_breaks_the_seal)
{
    char text[ENROL_CODE];
    struct enrol_code code;

    enrol_code_write(fuzz_identity_key(), &alice, 1779000900, text);
    for (size_t i = ENROL_CODE - 2 * ENROL_SEAL; i < ENROL_CODE; i++) {
        char was = text[i];

        text[i] = was == '0' ? '1' : '0';
        ck_assert(enrol_code_find((struct str){text, ENROL_CODE}, &code));
        ck_assert(!enrol_code_holds(fuzz_identity_key(), &code, &alice, 1779000000));
        text[i] = was;
    }
}
END_TEST

/* ---- the inbox ---- */

START_TEST(a_line_is_read_back)
{
    char room[ENROL_LINE], name[ENROL_LINE];
    struct enrolment e = alice, again;
    struct str line;

    e.digest = identity_digest(fuzz_identity_key(), STR("stage"), STR("555"));
    line = enrol_line_write(&e, room);
    ck_assert_slice(line, "1\t2026-05-17T06:40:00Z\tstage\tCouncil\town\talice\td-7dd3512ed8d89316fdeb8d2d3874255d\t"
                          "k-dcf6973d\n");
    ck_assert(enrol_line_read(str_upto(line, line.n - 1), &again));
    ck_assert(again.time == e.time && again.key == e.key && again.profile == PROFILE_OWN);
    ck_assert_slice(again.user, "alice");
    ck_assert(!enrol_line_read(str_upto(line, line.n - 2), &again));
    ck_assert(!enrol_line_read(str_from(line, 1), &again));
    ck_assert(!enrol_line_read(STR(""), &again));
    e.user = STR("a\tb");
    ck_assert_uint_eq(enrol_line_write(&e, room).n, 0);
    e.user = STR("a\nb");
    ck_assert_uint_eq(enrol_line_write(&e, room).n, 0);
    memset(name, 'x', sizeof name);
    e.user = (struct str){name, sizeof name};
    ck_assert_uint_eq(enrol_line_write(&e, room).n, 0);
}
END_TEST

START_TEST(the_inbox_grows_by_lines_and_is_nobodys_elses)
{
    char path[] = "/tmp/portreeve-inbox-XXXXXX", text[64];
    int fd = mkstemp(path);
    struct stat st;
    struct diag d;

    ck_assert_int_ge(fd, 0);
    close(fd);
    unlink(path);
    diag_init(&d);
    umask(0);
    ck_assert_int_eq(enrol_inbox_add(path, STR("one\n"), &d), 0);
    ck_assert_int_eq(enrol_inbox_add(path, STR("two\n"), &d), 0);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0640);
    fd = open(path, O_RDWR);
    ck_assert_int_eq(read(fd, text, sizeof text), 8);
    ck_assert_int_eq(memcmp(text, "one\ntwo\n", 8), 0);
    ck_assert_int_eq(ftruncate(fd, ENROL_INBOX_MAX + 1), 0);
    close(fd);
    ck_assert_int_eq(enrol_inbox_add(path, STR("three\n"), &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "inbox is full"));
    unlink(path);
    ck_assert_int_eq(symlink("/dev/null", path), 0);
    ck_assert_int_eq(enrol_inbox_add(path, STR("four\n"), &d), -1);
    unlink(path);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("identity");
    TCase *t = tcase_create("identity");

    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, a_digest_is_blake2b_of_platform_and_value);
    tcase_add_test(t, another_platform_value_or_key_is_another_digest);
    tcase_add_test(t, the_forms_are_read_back);
    tcase_add_test(t, an_own_profile_counts_for_its_person_and_their_page);
    tcase_add_test(t, an_accounts_sign_in_counts_for_whoever_uses_it);
    tcase_add_test(t, without_the_registers_key_nobody_can_tell);
    tcase_add_test(t, no_id_stays_in_the_arena);
    tcase_add_test(t, the_digest_that_enrolment_takes_is_the_one_that_judging_compares);
    tcase_add_test(t, a_code_holds_for_whom_it_was_made);
    tcase_add_test(t, a_code_is_found_wherever_it_stands);
    tcase_add_test(t, every_changed_digit_breaks_the_seal);
    tcase_add_test(t, a_line_is_read_back);
    tcase_add_test(t, the_inbox_grows_by_lines_and_is_nobodys_elses);
    suite_add_tcase(s, t);
    return run_suite(s);
}
