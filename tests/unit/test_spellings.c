/* Every spelling of a place gets the answer of the plain one, or is malformed: never another platform, never
 * none. A table of places on the real maps, and a table of respellings; each is tried on each. */
#include "compile/compile.h"
#include "core/networks.h"
#include "core/policy.h"
#include "core/text.h"

#include "mmdb.h"
#include "unit.h"

#include <unistd.h>

enum { SPELT = 2048 };

/* A place in its parts. `host` and `path` begin without what stands between. */
struct place {
    const char *host, *path, *query, *platform;
};

static const struct place places[] = {
    {"www.facebook.com", "/HavantBorough", "", "facebook"},
    {"m.facebook.com", "/HavantBorough/photos", "ref=1", "facebook"},
    {"www.facebook.com", "/groups/anytownwalks/", "", "facebook"},
    {"www.facebook.com", "/profile.php", "id=100064", "facebook"},
    {"facebook.com", "/", "", "facebook"},
    {"graph.facebook.com", "/v2.0/me", "", "facebook"},
    {"www.instagram.com", "/havantborough/", "", "instagram"},
    {"www.instagram.com", "/p/Cxyz/", "hl=en", "instagram"},
    {"x.com", "/HavantBorough/status/1790", "", "x"},
    {"twitter.com", "/HavantBorough", "lang=en", "x"},
    {"mobile.twitter.com", "/i/lists/12", "", "x"},
    {"www.linkedin.com", "/company/havant-borough-council/", "", "linkedin"},
    {"www.linkedin.com", "/in/a-person/", "", "linkedin"},
    {"uk.linkedin.com", "/company/havant", "", "linkedin"},
    {"www.youtube.com", "/watch", "v=abcdefghijk", "youtube"},
    {"www.youtube.com", "/@HavantBoroughCouncil/videos", "", "youtube"},
    {"youtu.be", "/abcdefghijk", "", NULL}, /* a short link counts with a Referer alone */
    {"www.youtube-nocookie.com", "/embed/abcdefghijk", "", "youtube"},
    {"www.messenger.com", "/t/12345/", "", "messenger"},
    {"web-archive-org.translate.goog", "/web/2020/https:/www.facebook.com/HavantBorough", "", "facebook"},
    {"translate.google.com", "/translate", "u=https%3A%2F%2Fwww.facebook.com%2FHavantBorough", "facebook"},
    {"r.jina.ai", "/https:/x.com/HavantBorough", "", "x"},
    {"157.240.1.35", "/HavantBorough", "", "facebook"},
    {"[2a03:2880:f12f::1]", "/HavantBorough", "", "facebook"},
    {"www.example.com", "/HavantBorough", "", NULL},
};

static void put_query(struct text *t, const struct place *p)
{
    if (p->query[0]) {
        text_putc(t, '?');
        text_puts(t, p->query);
    }
}

static void put_rest(struct text *t, const struct place *p)
{
    text_puts(t, p->path);
    put_query(t, p);
}

/* ---- parts written in another way ---- */

static void put_capitals(struct text *t, const char *s, bool all)
{
    for (size_t i = 0; s[i]; i++)
        text_putc(t, s[i] >= 'a' && s[i] <= 'z' && (all || i % 2) ? (char)(s[i] - 'a' + 'A') : s[i]);
}

/* Every letter and digit but those of escapes as %XX, so many times over. */
static void put_escaped(struct text *t, const char *s, unsigned layers, bool capitals)
{
    const char *digits = capitals ? "0123456789ABCDEF" : "0123456789abcdef";

    for (size_t i = 0; s[i]; i++) {
        if (!((s[i] >= 'a' && s[i] <= 'z') || (s[i] >= 'A' && s[i] <= 'Z') || (s[i] >= '0' && s[i] <= '9'))) {
            text_putc(t, s[i]);
            continue;
        }
        text_putc(t, '%');
        for (unsigned k = 1; k < layers; k++)
            text_puts(t, "25");
        text_putc(t, digits[s[i] >> 4]);
        text_putc(t, digits[s[i] & 15]);
    }
}

/* Each respelling writes a whole target. Those that browsers make of the plain form, or servers take for it.
 */
#define SPELLING(name) static void name(struct text *t, const struct place *p)
#define HOST_AS(name, write)                                                                                 \
    SPELLING(name)                                                                                           \
    {                                                                                                        \
        text_puts(t, "https://");                                                                            \
        write;                                                                                               \
        put_rest(t, p);                                                                                      \
    }
#define AROUND(name, before, after)                                                                          \
    HOST_AS(name, (text_puts(t, before), text_puts(t, p->host), text_puts(t, after)))
#define PATH_AS(name, write)                                                                                 \
    SPELLING(name)                                                                                           \
    {                                                                                                        \
        text_puts(t, "https://");                                                                            \
        text_puts(t, p->host);                                                                               \
        write;                                                                                               \
        put_query(t, p);                                                                                     \
    }
#define SCHEME(name, scheme)                                                                                 \
    SPELLING(name)                                                                                           \
    {                                                                                                        \
        text_puts(t, scheme);                                                                                \
        text_puts(t, p->host);                                                                               \
        put_rest(t, p);                                                                                      \
    }

SCHEME(plain, "https://")
SCHEME(scheme_capitals, "HTTPS://")
SCHEME(scheme_mixed, "hTTpS://")
SCHEME(scheme_http, "http://")
HOST_AS(host_capitals, put_capitals(t, p->host, true))
HOST_AS(host_mixed, put_capitals(t, p->host, false))
HOST_AS(host_escaped, put_escaped(t, p->host, 1, false))
HOST_AS(host_escaped_capitals, put_escaped(t, p->host, 1, true))
HOST_AS(host_escaped_twice, put_escaped(t, p->host, 2, false))
AROUND(trailing_dot, "", ".")
AROUND(trailing_dots, "", "...")
AROUND(trailing_dot_escaped, "", "%2e")
AROUND(trailing_dot_and_port, "", ".:443")
AROUND(port_443, "", ":443")
AROUND(port_80, "", ":80")
AROUND(port_odd, "", ":8443")
AROUND(port_empty, "", ":")
AROUND(port_zeros, "", ":00443")
AROUND(userinfo, "user:secret@", "")
AROUND(userinfo_host, "www.example.com@", "")
AROUND(userinfo_host_port, "www.example.com:443@", "")
AROUND(userinfo_twice, "a@b@", "")
AROUND(userinfo_escaped, "www.example.com%2f@", "")
AROUND(userinfo_empty, "@", "")
PATH_AS(path_escaped, put_escaped(t, p->path, 1, false))
PATH_AS(path_escaped_capitals, put_escaped(t, p->path, 1, true))
PATH_AS(path_escaped_twice, put_escaped(t, p->path, 2, false))
PATH_AS(path_escaped_thrice, put_escaped(t, p->path, 3, true))
PATH_AS(path_escaped_fivefold, put_escaped(t, p->path, 5, false))
PATH_AS(path_escaped_endlessly, put_escaped(t, p->path, 20, false))
PATH_AS(double_slash, (text_puts(t, "/"), text_puts(t, p->path)))
PATH_AS(many_slashes, (text_puts(t, "////"), text_puts(t, p->path)))
PATH_AS(dot_segment, (text_puts(t, "/."), text_puts(t, p->path)))
PATH_AS(dots_there_and_back, (text_puts(t, "/x/.."), text_puts(t, p->path)))
PATH_AS(dots_above_the_root, (text_puts(t, "/../.."), text_puts(t, p->path)))
PATH_AS(dots_escaped, (text_puts(t, "/x/%2e%2E"), text_puts(t, p->path)))
PATH_AS(dots_half_escaped, (text_puts(t, "/x/.%2e"), text_puts(t, p->path)))
PATH_AS(dots_escaped_twice, (text_puts(t, "/x/%252e%252e"), text_puts(t, p->path)))
PATH_AS(backslash, (text_puts(t, "\\"), text_puts(t, p->path + 1)))
PATH_AS(backslash_dots, (text_puts(t, "\\x\\.."), text_puts(t, p->path)))
PATH_AS(a_tab, (text_puts(t, "\t"), text_puts(t, p->path)))
PATH_AS(a_line_end, (text_puts(t, p->path), text_puts(t, "\r\n")))
PATH_AS(a_blank, (text_puts(t, " "), text_puts(t, p->path)))
PATH_AS(a_delete, (text_puts(t, p->path), text_puts(t, "\x7f")))
AROUND(tab_in_host, "\t", "")
AROUND(escaped_tab_in_host, "%09", "")
AROUND(escaped_nul, "", "%00")
AROUND(escaped_nul_and_host, "", "%00.example.com")
AROUND(escaped_slash_in_host, "", "%2f.example.com")
AROUND(escaped_at_in_host, "www.example.com%40", "")
AROUND(escaped_hash_in_host, "", "%23.example.com")
AROUND(backslash_at, "www.example.com\\@", "")
AROUND(leading_dot, ".", "")
AROUND(leading_dot_escaped, "%2e", "")
AROUND(soft_hyphen, "", "\xc2\xad")
AROUND(soft_hyphen_escaped, "", "%C2%AD")
AROUND(zero_width, "\xe2\x80\x8b", "")
AROUND(semicolon_port, "", ":443;x")
AROUND(second_port, "", ":443:443")
AROUND(port_above, "", ":65979")
SCHEME(no_scheme, "")
SCHEME(scheme_relative, "//")
SCHEME(one_slash, "https:/")
SCHEME(no_slashes, "https:")
SCHEME(three_slashes, "https:///")
SCHEME(backslashes, "https:\\\\")

/* Letters as IDNA maps them: browsers send the plain ones; nobody sends these but to get past. */
SPELLING(full_width)
{
    text_puts(t, "https://");
    for (size_t i = 0; p->host[i]; i++) {
        char c = p->host[i];

        if (c >= 'a' && c <= 'z') {
            text_puts(t, "\xef\xbd");
            text_putc(t, (char)(0x81 + (c - 'a')));
        } else {
            text_putc(t, c);
        }
    }
    put_rest(t, p);
}

SPELLING(ideographic_stop)
{
    text_puts(t, "https://");
    for (size_t i = 0; p->host[i]; i++)
        if (p->host[i] == '.')
            text_puts(t, "\xe3\x80\x82");
        else
            text_putc(t, p->host[i]);
    put_rest(t, p);
}

SPELLING(ideographic_stop_escaped)
{
    text_puts(t, "https://");
    for (size_t i = 0; p->host[i]; i++)
        if (p->host[i] == '.')
            text_puts(t, "%E3%80%82");
        else
            text_putc(t, p->host[i]);
    put_rest(t, p);
}

/* "xn--facebook-": punycode of plain letters. */
SPELLING(punycode_of_ascii)
{
    const char *label = p->host;

    text_puts(t, "https://");
    for (const char *c = p->host; *c; c++) {
        if (c == label)
            text_puts(t, "xn--");
        if (*c == '.') {
            text_putc(t, '-');
            label = c + 1;
        }
        text_putc(t, *c);
    }
    text_putc(t, '-');
    put_rest(t, p);
}

SPELLING(empty_query)
{
    plain(t, p);
    text_puts(t, p->query[0] ? "&" : "?");
}

SPELLING(empty_parameters)
{
    text_puts(t, "https://");
    text_puts(t, p->host);
    text_puts(t, p->path);
    text_puts(t, "?&&");
    text_puts(t, p->query);
}

SPELLING(fragment)
{
    plain(t, p);
    text_puts(t, "#/www.example.com/");
}

SPELLING(query_key_escaped)
{
    struct str query = str_of(p->query);
    char key[64] = "";

    text_puts(t, "https://");
    text_puts(t, p->host);
    text_puts(t, p->path);
    if (!query.n)
        return;
    memcpy(key, query.p, str_find(query, '='));
    text_putc(t, '?');
    put_escaped(t, key, 1, false);
    text_put(t, str_from(query, str_find(query, '=')));
}

enum outcome { SAME, UNREADABLE, EITHER };

#define ROW(outcome, name)                                                                                   \
    {                                                                                                        \
#name, name, outcome                                                                                 \
    }
static const struct {
    const char *name;
    void (*write)(struct text *t, const struct place *p);
    enum outcome outcome;
} spellings[] = {
    ROW(SAME, plain),
    ROW(SAME, scheme_capitals),
    ROW(SAME, scheme_mixed),
    ROW(SAME, scheme_http),
    ROW(SAME, host_capitals),
    ROW(SAME, host_mixed),
    ROW(SAME, trailing_dot),
    ROW(SAME, trailing_dots),
    ROW(SAME, trailing_dot_escaped),
    ROW(SAME, trailing_dot_and_port),
    ROW(SAME, port_443),
    ROW(SAME, port_80),
    ROW(SAME, port_odd),
    ROW(SAME, port_empty),
    ROW(SAME, port_zeros),
    ROW(SAME, userinfo),
    ROW(SAME, userinfo_host),
    ROW(SAME, userinfo_host_port),
    ROW(SAME, userinfo_twice),
    ROW(SAME, userinfo_escaped),
    ROW(SAME, userinfo_empty),
    ROW(SAME, path_escaped),
    ROW(SAME, path_escaped_capitals),
    ROW(SAME, path_escaped_twice),
    ROW(SAME, path_escaped_thrice),
    ROW(SAME, path_escaped_fivefold),
    ROW(SAME, double_slash),
    ROW(SAME, many_slashes),
    ROW(SAME, dot_segment),
    ROW(SAME, dots_there_and_back),
    ROW(SAME, dots_above_the_root),
    ROW(SAME, dots_escaped),
    ROW(SAME, dots_half_escaped),
    ROW(SAME, backslash_dots),
    ROW(SAME, empty_query),
    ROW(SAME, empty_parameters),
    ROW(SAME, fragment),
    ROW(SAME, query_key_escaped),
    /* In brackets nothing is escaped; an '@' in the first segment may make two hosts of one. */
    ROW(EITHER, host_escaped),
    ROW(EITHER, host_escaped_capitals),
    ROW(EITHER, backslash),
    ROW(EITHER, path_escaped_endlessly),
    ROW(UNREADABLE, host_escaped_twice),
    ROW(UNREADABLE, dots_escaped_twice),
    ROW(UNREADABLE, a_tab),
    ROW(UNREADABLE, a_line_end),
    ROW(UNREADABLE, a_blank),
    ROW(UNREADABLE, a_delete),
    ROW(UNREADABLE, tab_in_host),
    ROW(UNREADABLE, escaped_tab_in_host),
    ROW(UNREADABLE, escaped_nul),
    ROW(UNREADABLE, escaped_nul_and_host),
    ROW(UNREADABLE, escaped_slash_in_host),
    ROW(UNREADABLE, escaped_at_in_host),
    ROW(UNREADABLE, escaped_hash_in_host),
    ROW(UNREADABLE, backslash_at),
    ROW(UNREADABLE, leading_dot),
    ROW(UNREADABLE, leading_dot_escaped),
    ROW(UNREADABLE, soft_hyphen),
    ROW(UNREADABLE, soft_hyphen_escaped),
    ROW(UNREADABLE, zero_width),
    ROW(UNREADABLE, semicolon_port),
    ROW(UNREADABLE, second_port),
    ROW(UNREADABLE, port_above),
    ROW(UNREADABLE, no_scheme),
    ROW(UNREADABLE, scheme_relative),
    ROW(UNREADABLE, one_slash),
    ROW(UNREADABLE, no_slashes),
    ROW(UNREADABLE, three_slashes),
    ROW(UNREADABLE, backslashes),
    ROW(EITHER, full_width),
    ROW(UNREADABLE, ideographic_stop),
    ROW(UNREADABLE, ideographic_stop_escaped),
    ROW(UNREADABLE, punycode_of_ascii),
};

/* ---- */

static struct policy *policy;
static struct networks *networks;
static unsigned char *bytes;
static struct scratch *scratch, *other;

static void open_networks(void)
{
    static struct mmdb m;
    char folder[] = "/tmp/portreeve-spellings-XXXXXX", path[64];
    struct diag d;
    size_t n;
    unsigned char *file;

    diag_init(&d);
    mmdb_init(&m);
    mmdb_add(&m, "157.240.0.0/16", 32934);
    mmdb_add(&m, "2a03:2880::/29", 32934);
    file = mmdb_bytes(&m, &n);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/o", folder);
    ck_assert_int_eq(mmdb_publish(file, n, path), 0);
    ck_assert_int_eq(networks_map(path, NETWORKS_OWNERS, &networks, &d), 0);
    free(file);
    unlink(path);
    rmdir(folder);
}

static void setup(void)
{
    const char *maps = getenv("PORTREEVE_MAPS");
    char council[512];
    struct source s;
    struct diag d;
    size_t size;

    diag_init(&d);
    snprintf(council, sizeof council, "%s/councils/unnamed-council", maps ? maps : "policy-maps");
    ck_assert_msg(source_read_folder(council, NULL, NULL, &s, &d) == 0, "%s", d.messages[0].text);
    ck_assert_msg(compile_source(&s, 20600, 0, &bytes, &size, &d) == 0, "%s", d.messages[0].text);
    ck_assert_int_eq(policy_open_mem(bytes, size, &policy, &d), 0);
    source_free(&s);
    open_networks();
    scratch = scratch_new();
    other = scratch_new();
}

static void teardown(void)
{
    policy_free(policy);
    networks_free(networks);
    free(bytes);
    scratch_free(scratch);
    scratch_free(other);
}

static struct verdict judge(struct request *r, struct scratch *s)
{
    const struct snapshot snapshot = {.policy = policy, .networks = networks};

    r->user = STR("a.user");
    r->now = 1779000000;
    return policy_judge(&snapshot, NULL, r, s);
}

static const char *differs(const struct verdict *a, const struct verdict *b)
{
    const struct classification *x = &a->what, *y = &b->what;

    return x->platform != y->platform             ? "platform"
           : x->activity != y->activity           ? "activity"
           : x->account_state != y->account_state ? "account state"
           : !str_eq(x->account, y->account)      ? "account"
           : x->registered != y->registered       ? "registered"
           : x->role != y->role                   ? "role"
           : x->carrier != y->carrier             ? "carrier"
           : x->categories != y->categories       ? "categories"
           : x->confidence != y->confidence       ? "confidence"
           : a->action != b->action               ? "action"
           : a->why != b->why                     ? "why"
           : a->rule != b->rule                   ? "rule"
                                                  : NULL;
}

static struct str target_of(unsigned spelling, const struct place *p, char *to)
{
    struct text t;

    text_init(&t, to, SPELT);
    spellings[spelling].write(&t, p);
    return text_str(&t);
}

START_TEST(each_spelling_of_each_place)
{
    char plain_to[SPELT], spelt_to[SPELT];
    const struct place *p = &places[_i];
    struct request r = {.method = STR("GET"), .target = target_of(0, p, plain_to)};
    struct verdict v = judge(&r, scratch);

    ck_assert_uint_ne(v.why, WHY_MALFORMED);
    ck_assert_msg((v.what.platform != NO_INDEX) == (p->platform != NULL), "%s", plain_to);
    if (p->platform)
        ck_assert_slice(
            artefact_str(
                policy_artefact(policy),
                ARTEFACT_ROWS(policy_artefact(policy), PLATFORMS, struct a_platform)[v.what.platform].id),
            p->platform);
    for (unsigned i = 1; i < sizeof spellings / sizeof *spellings; i++) {
        struct request again = {.method = STR("GET"), .target = target_of(i, p, spelt_to)};
        struct verdict w = judge(&again, other);
        bool malformed = w.why == WHY_MALFORMED, v6 = p->host[0] == '[';
        const char *what = malformed ? NULL : differs(&v, &w);

        ck_assert_msg(spellings[i].outcome != SAME || !malformed || v6, "%s: %.*s is malformed",
                      spellings[i].name, STR_ARG(again.target));
        ck_assert_msg(spellings[i].outcome != UNREADABLE || malformed || v6, "%s: %.*s is read",
                      spellings[i].name, STR_ARG(again.target));
        ck_assert_msg(!what, "%s: %.*s: another %s", spellings[i].name, STR_ARG(again.target), what);
        ck_assert_msg(!malformed || w.action == ACTION_REFUSE, "%s", spellings[i].name);
    }
}
END_TEST

/* The proxy asks by the address in the request line and writes the Host header anew (RFC 9112 3.2.2): it is
 * not believed. */
START_TEST(a_host_header_that_contradicts)
{
    static const char *const hosts[] = {"www.example.com", "", "x.com", "www.facebook.com:80", "a, b"};
    char plain_to[SPELT];
    const struct place *p = &places[_i];
    struct request r = {.method = STR("GET"), .target = target_of(0, p, plain_to)};
    struct verdict v = judge(&r, scratch);

    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        const struct header header = {STR("Host"), str_of(hosts[i])};
        struct request again = {.method = STR("GET"), .target = r.target, .headers = &header, .n_headers = 1};
        struct verdict w = judge(&again, other);

        ck_assert_ptr_null(differs(&v, &w));
    }
}
END_TEST

/* A number has many spellings (WHATWG URL 3.5), and IPv4 has some in IPv6. */
START_TEST(addresses)
{
    static const char *const hosts[] = {
        "157.240.1.35",       "157.240.1.35.",
        "0x9d.0xf0.0x1.0x23", "0X9DF00123",
        "0x9df00123",         "2649751843",
        "0235.0360.01.043",   "157.240.291",
        "157.15728931",       "0235.0xf0.1.35",
        "157.240.001.043",    "[::ffff:157.240.1.35]",
        "[::ffff:9df0:123]",  "[0:0:0:0:0:FFFF:9DF0:0123]",
        "%31%35%37.240.1.35", "157%2e240%2e1%2e35",
    };
    struct request r = {.method = STR("GET"), .target = STR("http://157.240.1.35/HavantBorough")};
    struct verdict v = judge(&r, scratch);

    ck_assert_uint_eq(v.what.owner, 32934);
    ck_assert_uint_eq(v.what.confidence, CONFIDENCE_LIKELY);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        char to[SPELT];
        struct request again = {.method = STR("GET"), .target = {to, 0}};
        struct verdict w;
        const char *what;

        again.target.n = (size_t)snprintf(to, sizeof to, "http://%s/HavantBorough", hosts[i]);
        w = judge(&again, other);
        what = differs(&v, &w);
        ck_assert_msg(!what, "%s: another %s", hosts[i], what);
    }
}
END_TEST

/* A tunnel's target, and an address without a server name. */
START_TEST(tunnels)
{
    static const struct {
        const char *target, *platform;
        bool bump;
    } targets[] = {
        {"www.facebook.com:443", "facebook", true},
        {"WWW.FACEBOOK.COM:443", "facebook", true},
        {"www.facebook.com.:443", "facebook", true},
        {"www.facebook.com...:443", "facebook", true},
        {"www%2efacebook.com:443", "facebook", true},
        {"www.facebook.com:8443", "facebook", true},
        {"www.facebook.com", "facebook", true},
        {"157.240.1.35:443", "facebook", false},
        {"[2a03:2880:f12f::1]:443", "facebook", false},
        {"[::ffff:157.240.1.35]:443", "facebook", false},
        {"0x9df00123:443", "facebook", false},
        {"www-facebook-com.translate.goog:443", "facebook", true},
        {"www.example.com:443", NULL, false},
        {"192.0.2.1:443", NULL, false},
    };

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct request r = {.method = STR("CONNECT"), .target = str_of(targets[i].target)};
        struct verdict v = judge(&r, scratch);
        const struct artefact *a = policy_artefact(policy);

        ck_assert_msg((v.what.platform != NO_INDEX) == (targets[i].platform != NULL), "%s",
                      targets[i].target);
        if (targets[i].platform)
            ck_assert_slice(
                artefact_str(a, ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[v.what.platform].id),
                targets[i].platform);
        ck_assert_msg(v.bump == targets[i].bump, "%s", targets[i].target);
        ck_assert_msg(v.action == (targets[i].platform && !v.bump ? ACTION_REFUSE : ACTION_ALLOW), "%s",
                      targets[i].target);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("spellings");
    TCase *t = tcase_create("all");

    tcase_add_unchecked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_loop_test(t, each_spelling_of_each_place, 0, sizeof places / sizeof *places);
    tcase_add_loop_test(t, a_host_header_that_contradicts, 0, sizeof places / sizeof *places);
    tcase_add_test(t, addresses);
    tcase_add_test(t, tunnels);
    suite_add_tcase(s, t);
    return run_suite(s);
}
