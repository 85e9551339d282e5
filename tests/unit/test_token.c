/* Sealed tokens: what a page carries to the portal, and nobody else can read or make. */
#include "record/token.h"
#include "unit.h"

enum { NOW = 1800000000 };

static struct seal_key key;
static char text[TOKEN_TEXT];
static unsigned char room[TOKEN_BOX];
static struct token opened;

static void begin(void)
{
    struct diag d;

    diag_init(&d);
    ck_assert_int_eq(seal_init(&d), 0);
    memset(key.bytes, 7, sizeof key.bytes);
}

static struct token example(void)
{
    return (struct token){.ask = ASK_COACH,
                          .user = STR("a.user"),
                          .platform = STR("facebook"),
                          .rule = STR("coach-personal"),
                          .version = STR("3.2"),
                          .back = STR("https://www.facebook.com/somebody?id=7"),
                          .expiry = NOW + 600};
}

static bool opens(struct str s)
{
    return token_open(&key, s, NOW, room, &opened);
}

START_TEST(what_is_sealed_is_opened)
{
    struct token t = example();
    struct str s = token_seal(&key, &t, text);

    ck_assert(opens(s));
    ck_assert_int_eq(opened.ask, ASK_COACH);
    ck_assert_slice(opened.user, "a.user");
    ck_assert_slice(opened.platform, "facebook");
    ck_assert_slice(opened.rule, "coach-personal");
    ck_assert_slice(opened.version, "3.2");
    ck_assert_slice(opened.back, "https://www.facebook.com/somebody?id=7");
    ck_assert_int_eq(opened.expiry, NOW + 600);
    ck_assert_mem_eq(opened.nonce, t.nonce, sizeof t.nonce);
}
END_TEST

START_TEST(parts_may_be_missing_but_for_the_user)
{
    struct token t = {.ask = ASK_COUNT, .user = STR("u"), .expiry = NOW};

    ck_assert(opens(token_seal(&key, &t, text)));
    ck_assert_int_eq(opened.ask, ASK_COUNT);
    ck_assert_uint_eq(opened.back.n, 0);
    t.user = STR_NONE;
    ck_assert_uint_eq(token_seal(&key, &t, text).n, 0);
}
END_TEST

START_TEST(no_two_tokens_are_alike)
{
    struct token a = example(), b = example();
    char other[TOKEN_TEXT];
    struct str s = token_seal(&key, &a, text);

    ck_assert(!str_eq(s, token_seal(&key, &b, other)));
    ck_assert_mem_ne(a.nonce, b.nonce, sizeof a.nonce);
}
END_TEST

/* In the text or in the bytes that it stands for. */
START_TEST(nothing_of_it_can_be_read)
{
    static const char *const parts[] = {"a.user", "facebook", "coach", "somebody", "https", "3.2", "id=7"};
    struct token t = example();
    struct str s = token_seal(&key, &t, text);
    unsigned char box[TOKEN_BOX];
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) { /* base64url by hand */
        const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        const char *at = strchr(alphabet, s.p[i]);
        unsigned value = at ? (unsigned)(at - alphabet) : 64;

        ck_assert_uint_lt(value, 64);
        for (int bit = 5; bit >= 0; bit--, n++) {
            if (n % 8 == 0)
                box[n / 8] = 0;
            box[n / 8] |= (unsigned char)((value >> bit & 1) << (7 - n % 8));
        }
    }
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        ck_assert_ptr_null(memmem(box, n / 8, parts[i], strlen(parts[i])));
        ck_assert_ptr_null(memmem(s.p, s.n, parts[i], strlen(parts[i])));
    }
}
END_TEST

START_TEST(it_ends_when_it_says)
{
    struct token t = example();
    struct str s = token_seal(&key, &t, text);

    ck_assert(token_open(&key, s, t.expiry, room, &opened));
    ck_assert(!token_open(&key, s, t.expiry + 1, room, &opened));
    ck_assert_uint_eq(opened.user.n, 0);
}
END_TEST

START_TEST(another_key_opens_nothing)
{
    struct token t = example();
    struct str s = token_seal(&key, &t, text);

    key.bytes[0] ^= 0x80;
    ck_assert(!opens(s));
}
END_TEST

START_TEST(no_other_text_is_opened)
{
    struct token t = example();
    struct str s = token_seal(&key, &t, text);
    char forged[TOKEN_TEXT + 1];
    static const unsigned char strange[] = {0, ' ', '\n', '=', '+', '/', '.', 0x80, 0xc1, 0xff};

    for (size_t i = 0; i < s.n; i++) {
        memcpy(forged, s.p, s.n);
        forged[i] = forged[i] == 'A' ? 'B' : 'A';
        ck_assert_msg(!opens((struct str){forged, s.n}), "byte %zu", i);
        for (unsigned k = 0; k < sizeof strange; k++) { /* 0xc1: 'A' with its highest bit */
            forged[i] = (char)strange[k];
            ck_assert_msg(!opens((struct str){forged, s.n}), "byte %zu", i);
        }
        ck_assert_msg(!opens(str_upto(s, i)), "cut to %zu", i);
    }
    memcpy(forged, s.p, s.n);
    forged[s.n] = '=';
    ck_assert(!opens((struct str){forged, s.n + 1}));
    memset(forged, 'A', sizeof forged);
    ck_assert(!opens((struct str){forged, sizeof forged}));
    ck_assert(!opens((struct str){forged, TOKEN_TEXT}));
    ck_assert(!opens(STR_NONE));
}
END_TEST

START_TEST(parts_have_limits)
{
    static char long_text[TOKEN_BACK + 1];
    struct token t = example();

    memset(long_text, 'x', sizeof long_text);
    t.back = (struct str){long_text, TOKEN_BACK};
    ck_assert(opens(token_seal(&key, &t, text)));
    ck_assert_uint_eq(opened.back.n, TOKEN_BACK);
    t.user = t.platform = t.rule = (struct str){long_text, TOKEN_NAME};
    ck_assert(opens(token_seal(&key, &t, text)));
    t.version = t.user; /* together they are too long */
    ck_assert_uint_eq(token_seal(&key, &t, text).n, 0);
    t = example();
    t.back = (struct str){long_text, TOKEN_BACK + 1};
    ck_assert_uint_eq(token_seal(&key, &t, text).n, 0);
    t = example();
    t.rule = (struct str){long_text, TOKEN_NAME + 1};
    ck_assert_uint_eq(token_seal(&key, &t, text).n, 0);
}
END_TEST

/* No length in between breaks it. */
START_TEST(every_length_is_whole)
{
    static char long_text[TOKEN_BACK];
    struct token t = example();

    memset(long_text, 'x', sizeof long_text);
    t.user = t.platform = t.rule = t.version = (struct str){long_text, TOKEN_NAME};
    for (size_t n = TOKEN_BACK - 128; n <= TOKEN_BACK; n++) {
        struct str s;

        t.back = (struct str){long_text, n};
        s = token_seal(&key, &t, text);
        ck_assert_uint_lt(s.n, TOKEN_TEXT);
        if (s.n)
            ck_assert(opens(s));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("token");
    TCase *c = tcase_create("token");

    tcase_add_checked_fixture(c, begin, NULL);
    tcase_add_test(c, what_is_sealed_is_opened);
    tcase_add_test(c, parts_may_be_missing_but_for_the_user);
    tcase_add_test(c, no_two_tokens_are_alike);
    tcase_add_test(c, nothing_of_it_can_be_read);
    tcase_add_test(c, it_ends_when_it_says);
    tcase_add_test(c, another_key_opens_nothing);
    tcase_add_test(c, no_other_text_is_opened);
    tcase_add_test(c, parts_have_limits);
    tcase_add_test(c, every_length_is_whole);
    suite_add_tcase(suite, c);
    return run_suite(suite);
}
