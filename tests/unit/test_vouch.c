/* Vouching: who is asking, for one request, for a minute. */
#include "record/vouch.h"
#include "unit.h"

enum { NOW = 1800000000 };

static struct seal_key key;
static struct vouch_request mine = {STR("GET"), STR("/mine"), NOW};
static char text[VOUCH_TEXT], room[VOUCH_ROOM];
static struct vouched told;

static void begin(void)
{
    struct diag d;

    diag_init(&d);
    ck_assert_int_eq(seal_init(&d), 0);
    for (unsigned i = 0; i < sizeof key.bytes; i++)
        key.bytes[i] = (unsigned char)i;
}

static struct str written(const char *user)
{
    struct str value = vouch_write(&key, &(struct vouch_who){str_of(user), STR_NONE}, &mine, text);

    ck_assert_uint_gt(value.n, 0);
    return value;
}

static bool good(struct str value, const struct vouch_request *r)
{
    return vouch_check(&key, value, r, room, &told);
}

START_TEST(what_is_written_is_believed)
{
    struct str value = written("a.user");
    unsigned char first[VOUCH_NONCE];

    ck_assert(good(value, &mine));
    ck_assert_slice(told.user, "a.user");
    ck_assert_int_eq(told.expiry, NOW + VOUCH_SECONDS);
    memcpy(first, told.nonce, sizeof first);
    ck_assert(good(written("a.user"), &mine));
    ck_assert_mem_ne(first, told.nonce, sizeof first);
}
END_TEST

/* Made with Python's hashlib.blake2b(key=bytes(range(32)), person=b"portreeve-vouch\0"). */
START_TEST(the_form_is_the_one_that_is_written_down)
{
    struct str value =
        STR("v1.1800000060.ZGVmZ2hpamtsbW5vcHFycw.YS51c2Vy.2MoFxbvswbAk1W4_ndc_vW9_hp3d3zCAXzpvYJLwAS8");

    ck_assert(good(value, &mine));
    ck_assert_slice(told.user, "a.user");
    ck_assert_int_eq(told.nonce[0], 100);
}
END_TEST

START_TEST(it_is_bound_to_method_and_path)
{
    struct str value = written("a.user");
    static const struct vouch_request others[] = {
        {STR("POST"), STR("/mine"), NOW},  {STR("GET"), STR("/mine/"), NOW},
        {STR("GET"), STR("/min"), NOW},    {STR("get"), STR("/mine"), NOW},
        {STR("GET"), STR("/"), NOW},       {STR(""), STR("/mine"), NOW},
        {STR("GET"), STR("/mine\0"), NOW}, {STR("GET"), STR(""), NOW},
        {STR("GET\0"), STR("/mine"), NOW}, {STR("GET\0/mine"), STR("x"), NOW},
    };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        ck_assert_msg(!good(value, &others[i]), "row %zu", i);
}
END_TEST

START_TEST(it_ends_after_a_minute)
{
    struct str value = written("a.user");
    struct vouch_request later = mine;

    later.now = NOW + VOUCH_SECONDS;
    ck_assert(good(value, &later));
    later.now++;
    ck_assert(!good(value, &later));
    later.now = NOW - VOUCH_AHEAD;
    ck_assert(good(value, &later));
    later.now--; /* a clock that was set forth made it: it would live too long */
    ck_assert(!good(value, &later));
}
END_TEST

START_TEST(another_key_vouches_for_nobody)
{
    struct str value = written("a.user");

    key.bytes[31] ^= 1;
    ck_assert(!good(value, &mine));
    ck_assert_uint_eq(told.user.n, 0);
}
END_TEST

/* Every byte changed to every other, every length, and more behind it. */
START_TEST(no_other_text_is_believed)
{
    struct str value = written("a.user");
    char forged[VOUCH_TEXT + 1];

    for (size_t i = 0; i < value.n; i++) {
        memcpy(forged, value.p, value.n);
        for (int c = 0; c < 256; c++) {
            if ((char)c == value.p[i])
                continue;
            forged[i] = (char)c;
            ck_assert_msg(!good((struct str){forged, value.n}, &mine), "byte %zu as %d", i, c);
        }
        ck_assert_msg(!good(str_upto(value, i), &mine), "cut to %zu", i);
    }
    memcpy(forged, value.p, value.n);
    memcpy(forged + value.n, "=", 1);
    ck_assert(!good((struct str){forged, value.n + 1}, &mine));
    ck_assert(!good(STR_NONE, &mine));
    ck_assert(!good(STR("v1...."), &mine));
}
END_TEST

START_TEST(names_have_limits)
{
    char name[VOUCH_USER + 1];

    memset(name, 'x', sizeof name);
    ck_assert(good(vouch_write(&key, &(struct vouch_who){{name, VOUCH_USER}, STR_NONE}, &mine, text), &mine));
    ck_assert_uint_eq(told.user.n, VOUCH_USER);
    ck_assert_uint_eq(vouch_write(&key, &(struct vouch_who){{name, VOUCH_USER + 1}, STR_NONE}, &mine, text).n,
                      0);
    ck_assert_uint_eq(vouch_write(&key, &(struct vouch_who){STR_NONE, STR_NONE}, &mine, text).n, 0);
    ck_assert_uint_eq(vouch_write(&key, &(struct vouch_who){STR("a\0b"), STR_NONE}, &mine, text).n, 0);
}
END_TEST

START_TEST(groups_are_told_with_the_name)
{
    char many[VOUCH_GROUPS + 1], name[VOUCH_USER];
    struct vouch_who who = {STR("a.user"), STR("comms,duty officers")};
    struct str value = vouch_write(&key, &who, &mine, text);
    size_t dot = str_find(value, '.');

    ck_assert(good(value, &mine));
    ck_assert_slice(told.user, "a.user");
    ck_assert_slice(told.groups, "comms,duty officers");
    ck_assert(good(written("a.user"), &mine));
    ck_assert_uint_eq(told.groups.n, 0);
    memset(many, 'x', sizeof many);
    memset(name, 'y', sizeof name);
    who = (struct vouch_who){{name, sizeof name}, {many, VOUCH_GROUPS}};
    value = vouch_write(&key, &who, &mine, text); /* the longest of both */
    ck_assert(good(value, &mine));
    ck_assert_uint_eq(told.user.n + told.groups.n, VOUCH_ROOM);
    text[dot - 1] = '1'; /* what was signed as one form is none of the other */
    ck_assert(!good(value, &mine));
    who.groups.n = VOUCH_GROUPS + 1;
    ck_assert_uint_eq(vouch_write(&key, &who, &mine, text).n, 0);
    who.groups = STR("a\0b");
    ck_assert_uint_eq(vouch_write(&key, &who, &mine, text).n, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("vouch");
    TCase *t = tcase_create("vouch");

    tcase_add_checked_fixture(t, begin, NULL);
    tcase_add_test(t, what_is_written_is_believed);
    tcase_add_test(t, the_form_is_the_one_that_is_written_down);
    tcase_add_test(t, it_is_bound_to_method_and_path);
    tcase_add_test(t, it_ends_after_a_minute);
    tcase_add_test(t, another_key_vouches_for_nobody);
    tcase_add_test(t, no_other_text_is_believed);
    tcase_add_test(t, names_have_limits);
    tcase_add_test(t, groups_are_told_with_the_name);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
