/* One place, many spellings: all must read the same, and what cannot be read must say so. */
#include "core/request.h"

#include "core/url.h"
#include "unit.h"

static char storage[256 * 1024];
static struct arena arena;

static enum normalised normalise(struct request *r, const char *method, const char *target)
{
    arena_init(&arena, storage, sizeof storage);
    r->method = str_of(method);
    r->target = str_of(target);
    return request_normalise(r, &arena);
}

static const char *const same[] = {
    "https://www.facebook.com/HavantBorough?x=1",
    "https://WWW.Facebook.COM/HavantBorough?x=1",
    "https://www.facebook.com./HavantBorough?x=1",
    "https://www.facebook.com../HavantBorough?x=1",
    "https://www.facebook.com%2e%2E./HavantBorough?x=1",
    "https://www.facebook.com/other/%2e%2e/HavantBorough?x=1",
    "https://www.facebook.com:443/HavantBorough?x=1",
    "https://user:pw@www.facebook.com/HavantBorough?x=1",
    "https://news.example@www.facebook.com/HavantBorough?x=1",
    "https://www.facebook.com//HavantBorough?x=1",
    "https://www.facebook.com/./HavantBorough?x=1",
    "https://www.facebook.com/groups/../HavantBorough?x=1",
    "https://www.facebook.com/%48avantBorough?x=1",
    "https://www.facebook.com/%2548avantBorough?x=1",
    "https://www.facebook.com/%252548avantBorough?x=1",
    "https://www.facebook.com\\HavantBorough?x=1",
    "https://www%2Efacebook.com/HavantBorough?x=1",
    "https://www.facebook.com/HavantBorough?x=1#frag",
    "HTTPS://www.facebook.com/HavantBorough?x=1",
};

START_TEST(spellings_of_one_place)
{
    struct request r = {0};

    ck_assert_msg(normalise(&r, "GET", same[_i]) == NORMALISED, "%s", same[_i]);
    ck_assert_slice(r.host, "www.facebook.com");
    ck_assert_slice(r.path, "/HavantBorough");
    ck_assert_slice(r.query, "x=1");
    ck_assert_slice(r.scheme, "https");
}
END_TEST

static const struct {
    const char *method, *target;
} malformed[] = {
    {"GET", ""},
    {"GET", "/no-host"},
    {"GET", "https://"},
    {"GET", "https:///path"},
    {"GET", "https://exa mple.com/"},
    {"GET", "https://example.com/a b"},
    {"GET", "https://example.com/\x01"},
    {"GET", "https://ex\xc3\xa4mple.com/"},
    {"GET", "https://example..com/"},
    {"GET", "https://www.example.xn--com-/"},
    {"GET", "https://www.xn--example-.com/"},
    {"GET", "https://.example.com/"},
    {"GET", "https://example.com:0/"},
    {"GET", "https://example.com:65536/"},
    {"GET", "https://example.com:8x/"},
    {"GET", "https://[::1/"},
    {"GET", "https://[::1]x/"},
    {"GET", "https://[zz]/"},
    {"GET", "https://[fb.cc]/"},
    {"GET", "https://[::1:.]/"},
    {"GET", "https://[::1%25eth0]/"},
    {"G ET", "https://example.com/"},
    {"", "https://example.com/"},
    {"CONNECT", ""},
    {"CONNECT", ":443"},
    {"CONNECT", "[::1"},
    {"CONNECT", "www.facebook.com:443@example.com"},
    {"CONNECT", "www.facebook.com:443/?x=@example.com:443"},
    {"NONE", "http://www.facebook.com/?x=@example.com"},
    {"GET", "https://www.facebook.com/other/%252e%252e/HavantBorough"},
    {"GET", "https://www.facebook.com/other/%25252e./HavantBorough"},
    {"GET", "https://www.facebook.com/other/.%252e"},
};

START_TEST(what_cannot_be_read)
{
    struct request r = {0};

    ck_assert_msg(normalise(&r, malformed[_i].method, malformed[_i].target) == MALFORMED, "%s %s", malformed[_i].method,
                  malformed[_i].target);
    ck_assert_uint_eq(r.host.n, 0);
}
END_TEST

START_TEST(a_nul_and_an_endless_target)
{
    static char big[REQUEST_TARGET_MAX + 1];
    struct request r = {.method = STR("GET"), .target = {"https://example.com/\0x", 22}};

    arena_init(&arena, storage, sizeof storage);
    ck_assert_int_eq(request_normalise(&r, &arena), MALFORMED);
    memset(big, 'a', sizeof big);
    memcpy(big, "https://a/", 10);
    r.target = (struct str){big, sizeof big};
    ck_assert_int_eq(request_normalise(&r, &arena), MALFORMED);
    r.target.n = REQUEST_TARGET_MAX;
    ck_assert_int_eq(request_normalise(&r, &arena), NORMALISED);
}
END_TEST

static const struct {
    const char *target, *sni, *host;
    bool address;
    unsigned port;
} tunnels[] = {
    {"www.facebook.com:443", "", "www.facebook.com", false, 443},
    {"127.0.0.11:443", "www.facebook.com", "www.facebook.com", false, 443},
    {"127.0.0.11:443", "-", "127.0.0.11", true, 443},
    {"example.com:443", "www.facebook.com..", "www.facebook.com", false, 443},
    {"www.facebook.com..:443", "", "www.facebook.com", false, 443},
    {"127.0.0.11:443", "bad name", "127.0.0.11", true, 443},
    {"[2001:DB8::1]:443", "", "2001:db8::1", true, 443},
    {"0x7f.1:443", "", "127.0.0.1", true, 443},
    {"2130706433:443", "", "127.0.0.1", true, 443},
    {"0300.0250.0.0x0A:443", "", "192.168.0.10", true, 443},
    {"1.2.3.256:443", "", "1.2.3.256", true, 443},
    {"1.2.3.4.5:443", "", "1.2.3.4.5", true, 443},
    {"4294967296:443", "", "4294967296", true, 443},
    {"[2001:0db8:0:0:0:0:0:1]:443", "", "2001:db8::1", true, 443},
    {"[::ffff:10.0.0.1]:443", "", "10.0.0.1", true, 443},
    {"[::FFFF:0a00:1]:443", "", "10.0.0.1", true, 443},
    {"face.1e100:443", "", "face.1e100", false, 443},
};

START_TEST(tunnels_by_name_address_and_hello)
{
    struct request r = {.sni = str_of(tunnels[_i].sni)};

    ck_assert_int_eq(normalise(&r, "CONNECT", tunnels[_i].target), NORMALISED);
    ck_assert_int_eq(r.kind, REQUEST_CONNECT);
    ck_assert_slice(r.host, tunnels[_i].host);
    ck_assert_msg(r.host_is_address == tunnels[_i].address, "%s", tunnels[_i].target);
    ck_assert_uint_eq(r.port, tunnels[_i].port);
}
END_TEST

static const struct {
    const char *sent, *name;
} users[] = {
    {"alice", "alice"},       {"DOM\\Alice", "alice"},        {"Alice@COUNCIL.EXAMPLE", "alice"}, {"  bob ", "bob"},
    {"DOM\\x\\carol", "carol"}, {"d@e@f", "d"},                 {"", ""},                            {"\\", ""},
};

START_TEST(sign_in_names)
{
    arena_init(&arena, storage, sizeof storage);
    ck_assert_slice(user_canonical(str_of(users[_i].sent), &arena), users[_i].name);
}
END_TEST

START_TEST(a_cookie_is_a_whole_pair)
{
    static const struct {
        const char *list, *value; /* of "uid"; NULL: not there */
    } lists[] = {
        {"uid=1", "1"},          {"a=b;uid=2", "2"},   {"a=b; \t uid=3 ", "3"},   {"uid=4;uid=5", "4"},
        {"a=uid=6; uid=7", "7"}, {"a=b uid=8", NULL},  {"xuid=9", NULL},          {"uidx=10; uid=11", "11"},
        {"uiduid=12", NULL},     {"uid", ""},          {"a; uid ;b", ""},         {"uid =13", NULL},
        {"a=;uid;", ""},         {"UID=14", NULL},     {"a=\"; uid=15\"", "15\""}, {"ui=1; d=2", NULL},
        {"", NULL},              {";;;uid=16", "16"},  {"uid=a=b", "a=b"},        {"a=1;uid=", ""},
    };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct header header = {STR("Cookie"), str_of(lists[i].list)};
        struct request r = {.headers = &header, .n_headers = 1};
        struct str value = request_cookie(&r, STR("uid"));

        ck_assert_msg(!value.p == !lists[i].value, "%s", lists[i].list);
        if (value.p)
            ck_assert_slice(value, lists[i].value);
    }
}
END_TEST

START_TEST(cookies_and_queries)
{
    const struct header headers[] = {
        {STR("COOKIE"), STR("a=1; c_user=100; not_c_user=7")},
        {STR("Cookie"), STR("later=2")},
    };
    struct request r = {.headers = headers, .n_headers = 2};

    ck_assert_slice(request_cookie(&r, STR("c_user")), "100");
    ck_assert_slice(request_cookie(&r, STR("later")), "2");
    ck_assert_ptr_null(request_cookie(&r, STR("user")).p);
    ck_assert_slice(query_get(STR("a=1&id=7&id=7"), STR("id")), "7");
    ck_assert_slice(query_get(STR("a=1&%69%64=7"), STR("id")), "7");
    ck_assert_slice(query_get(STR("id&x=1"), STR("id")), "");
    ck_assert_ptr_null(query_get(STR("a=1&xid=7&i=8&idx=9&%69=10"), STR("id")).p);
    /* Servers take the first or the last: which is meant cannot be told. */
    ck_assert_ptr_null(query_get(STR("a=1&id=7&id=8"), STR("id")).p);
    ck_assert_ptr_null(query_get(STR("id=7&%69d=8"), STR("id")).p);
}
END_TEST

START_TEST(method_none_names_a_host)
{
    struct request r = {0};

    ck_assert_int_eq(normalise(&r, "NONE", "www.youtube.com:443"), NORMALISED);
    ck_assert_int_eq(r.kind, REQUEST_NONE);
    ck_assert_slice(r.host, "www.youtube.com");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("request");
    TCase *t = tcase_create("all");

    tcase_add_loop_test(t, spellings_of_one_place, 0, sizeof same / sizeof *same);
    tcase_add_loop_test(t, what_cannot_be_read, 0, sizeof malformed / sizeof *malformed);
    tcase_add_test(t, a_nul_and_an_endless_target);
    tcase_add_loop_test(t, tunnels_by_name_address_and_hello, 0, sizeof tunnels / sizeof *tunnels);
    tcase_add_loop_test(t, sign_in_names, 0, sizeof users / sizeof *users);
    tcase_add_test(t, a_cookie_is_a_whole_pair);
    tcase_add_test(t, cookies_and_queries);
    tcase_add_test(t, method_none_names_a_host);
    suite_add_tcase(s, t);
    return run_suite(s);
}
