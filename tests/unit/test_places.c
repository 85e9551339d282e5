/* Where addresses lie: country databases, sound and broken; what rules may ask of them; the register of the
 * council's own networks. */
#include "compile/compile.h"
#include "core/networks.h"
#include "core/place.h"

#include "mmdb.h"
#include "unit.h"

#include <unistd.h>

static char folder[64], path[96];
static struct diag d;
static struct mmdb m;
static struct networks *n;

static void add(const char *network, const char *country)
{
    ck_assert_int_eq(mmdb_add(&m, network, (uint32_t)country[0] << 8 | (uint32_t)country[1]), 0);
}

static void setup(void)
{
    diag_init(&d);
    snprintf(folder, sizeof folder, "/tmp/portreeve-places-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/countries.mmdb", folder);
    mmdb_init(&m);
    m.type = "Test-Country";
    m.record = MMDB_COUNTRY;
    add("198.51.100.0/24", "ru");
    add("203.0.113.0/25", "gb");
    add("2001:db8:7::/48", "ie");
    n = NULL;
}

static void teardown(void)
{
    networks_free(n);
    unlink(path);
    rmdir(folder);
}

static void publish(const void *bytes, size_t size)
{
    ck_assert_int_eq(mmdb_publish(bytes, size, path), 0);
}

static int open_small(enum networks_kind kind)
{
    size_t size;
    unsigned char *bytes = mmdb_bytes(&m, &size);

    publish(bytes, size);
    free(bytes);
    return networks_map(path, kind, &n, &d);
}

static const struct {
    const char *address, *country;
} places[] = {
    {"198.51.100.7", "ru"}, {"203.0.113.1", "gb"},         {"203.0.113.200", ""},  {"2001:db8:7::1", "ie"},
    {"2001:db8:8::1", ""},  {"::ffff:198.51.100.7", "ru"}, {"www.example.ru", ""}, {"", ""},
};

START_TEST(an_address_has_a_country)
{
    char letters[2];

    m.record = _i % 2 ? MMDB_COUNTRY_FLAT : MMDB_COUNTRY; /* both ways of writing it, over all rows */
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        ck_assert_msg(n || open_small(NETWORKS_COUNTRIES) == 0, "%s", d.messages[0].text);
        ck_assert_slice(place_country(networks_country(n, str_of(places[i].address)), letters),
                        places[i].country);
        ck_assert_uint_eq(networks_owner(n, str_of(places[i].address)), 0);
    }
}
END_TEST

START_TEST(a_database_of_another_kind_is_refused)
{
    ck_assert_int_eq(open_small(NETWORKS_OWNERS), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "is no ASN database"));
    diag_init(&d);
    m.type = "Test-ASN";
    ck_assert_int_eq(open_small(NETWORKS_COUNTRIES), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "is no country database"));
    diag_init(&d);
    m.type = "geo-whois-asn-country";
    ck_assert_int_eq(open_small(NETWORKS_COUNTRIES), 0);
}
END_TEST

START_TEST(what_is_no_code_is_no_country)
{
    static const char *const codes[] = {"r1", "--", "\xc3\xa4"};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        diag_init(&d);
        mmdb_init(&m);
        m.type = "Test-Country";
        m.record = MMDB_COUNTRY;
        ck_assert_int_eq(mmdb_add(&m, "198.51.100.0/24",
                                  (uint32_t)(unsigned char)codes[i][0] << 8 | (unsigned char)codes[i][1]),
                         0);
        ck_assert_msg(open_small(NETWORKS_COUNTRIES) == -1, "%s", codes[i]);
        ck_assert_ptr_nonnull(strstr(d.messages[0].text, "is damaged"));
    }
}
END_TEST

/* As in test_networks.c: refused, or as sound as before. */
START_TEST(every_byte_turned)
{
    size_t size;
    unsigned char *bytes = mmdb_bytes(&m, &size);

    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 0xff;
        publish(bytes, size);
        diag_init(&d);
        if (networks_map(path, NETWORKS_COUNTRIES, &n, &d) == 0) {
            for (size_t k = 0; k < sizeof places / sizeof *places; k++)
                networks_country(n, str_of(places[k].address));
            networks_free(n);
            n = NULL;
        } else {
            ck_assert_uint_eq(d.errors, 1);
        }
        bytes[i] ^= 0xff;
    }
    free(bytes);
}
END_TEST

static const struct {
    const char *file;
    bool good;
} theirs[] = {
    {"GeoLite2-Country-Test.mmdb", true},
    {"GeoLite2-ASN-Test.mmdb", false},
    {"GeoIP2-Anonymous-IP-Test.mmdb", false},
    {"GeoIP2-City-Test-Broken-Double-Format.mmdb", false},
    {"GeoIP2-City-Test-Invalid-Node-Count.mmdb", false},
};

START_TEST(maxminds_own)
{
    const char *root = getenv("PORTREEVE_MMDB"), *source = getenv("srcdir");
    char file[512], letters[2];
    int result;

    if (root)
        snprintf(file, sizeof file, "%s/%s", root, theirs[_i].file);
    else
        snprintf(file, sizeof file, "%s/../shared/data/mmdb/%s", source ? source : ".", theirs[_i].file);
    if (access(file, R_OK) != 0) {
        fprintf(stderr, "test_places: %s is not here: skipped\n", file);
        return;
    }
    result = networks_map(file, NETWORKS_COUNTRIES, &n, &d);
    ck_assert_msg((result == 0) == theirs[_i].good, "%s: %s", file, d.n ? d.messages[0].text : "taken");
    if (result == 0) {
        ck_assert_slice(place_country(networks_country(n, STR("2.125.160.216")), letters), "gb");
        ck_assert_slice(place_country(networks_country(n, STR("127.0.0.1")), letters), "");
    }
}
END_TEST

START_TEST(only_the_internets_addresses_lie_somewhere)
{
    static const char *const inside[] = {"10.0.0.1",
                                         "127.0.0.1",
                                         "192.168.1.1",
                                         "172.16.0.1",
                                         "172.31.255.255",
                                         "169.254.1.1",
                                         "100.64.0.1",
                                         "0.0.0.0",
                                         "224.0.0.1",
                                         "255.255.255.255",
                                         "::1",
                                         "::",
                                         "fe80::1",
                                         "fd00::1",
                                         "ff02::1",
                                         "::ffff:10.0.0.1",
                                         "",
                                         "www.example.com"};
    static const char *const outside[] = {"8.8.8.8",      "172.32.0.1",      "192.169.0.1",     "100.128.0.1",
                                          "2a03:2880::1", "223.255.255.255", "64:ff9b::808:808"};

    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        ck_assert_msg(!networks_public(str_of(inside[i])), "%s", inside[i]);
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        ck_assert_msg(networks_public(str_of(outside[i])), "%s", outside[i]);
}
END_TEST

/* ---- rules and the register ---- */

static const char head[] =
    "policy \"P\" version 1 from 2026-01-01\ncouncil \"C\"\nowner \"O\"\n"
    "approved-by \"O\" on 2026-01-01\nreview-due 2036-01-01\ndefault allow cite \"1\"\n";

/* What is said first of a register and a rule; "" when nothing is. */
static const char *said(const char *networks, const char *rule)
{
    struct builder *b = build_new();
    static char text[2048];

    diag_init(&d);
    if (networks)
        parse_networks(b, STR("networks.csv"), str_of(networks), &d);
    snprintf(text, sizeof text, "%s%s", head, rule);
    parse_policy(b, STR("p"), str_of(text), &d);
    build_free(b);
    for (unsigned i = 0; i < d.n; i++)
        if (!strstr(d.messages[i].text, "page"))
            return d.messages[i].text;
    return "";
}

static const struct {
    const char *rule, *what;
} rules[] = {
    {"forbid x\n    country gb RU\n", ""},
    {"forbid x\n    country unknown none\n", ""},
    {"forbid x\n    country uk\n", "did you mean 'gb'?"},
    {"forbid x\n    country england\n", "unknown country 'england'"},
    {"forbid x\n    country aa\n", "unknown country 'aa'"},
    {"forbid x\n    except country gb\n", "'except country' in a forbid takes in every host"},
    {"forbid x\n    except country gb none\n", ""},
    {"permit x\n    except country gb\n", ""},
    {"forbid x\n    asn 13414 AS64500 as64501\n", ""},
    {"forbid x\n    asn 0\n", "'0' is no AS number"},
    {"forbid x\n    asn AS4294967280\n", "is no AS number"},
    {"forbid x\n    asn twitter\n", "is no AS number"},
    {"forbid x\n    except asn 13414\n", "'except asn' in a forbid takes in every host"},
    {"forbid x\n    seen streaming\n", ""},
    {"forbid x\n    seen video\n", "unknown thing that is seen 'video'"},
    {"permit x\n    seen streaming\n", "only a forbid can ask it"},
    {"require notice\n    seen streaming\n", "only a forbid can ask it"},
    {"forbid x\n    except seen streaming\n", "not behind 'except'"},
    {"forbid x\n    network library\n", ""},
    {"forbid x\n    network librry\n", "did you mean 'library'?"},
    {"forbid x\n    network 10.1.0.0/8\n", "bits behind the prefix are set"},
};

START_TEST(rules_ask_for_what_there_is)
{
    const char *text = said("cidr,name,kind\n10.3.0.0/16,library,library\n", rules[_i].rule);

    ck_assert_msg(rules[_i].what[0] ? strstr(text, rules[_i].what) != NULL : !text[0], "%s: %s",
                  rules[_i].rule, text);
}
END_TEST

START_TEST(a_name_without_a_register_is_told)
{
    ck_assert_ptr_nonnull(
        strstr(said(NULL, "forbid x\n    network library\n"), "name it in registers/networks.csv"));
}
END_TEST

static const struct {
    const char *row, *what;
} rows[] = {
    {"10.3.0.0/16,library,library", ""},
    {"10.3.0.1,kiosk,site", ""},
    {"2001:db8:3::/48,visitors-1,guest", ""},
    {"10.3.0.1/16,library,library", "bits behind the prefix are set"},
    {"10.3.0.0/33,library,library", "the length behind '/' is none"},
    {"library,library,library", "it is no network"},
    {",library,library", "it is no network"},
    {"11.0.0.0/7,library,library", "bits behind the prefix"},
    {"8.0.0.0/7,library,library", "a large part of the Internet"},
    {"2000::/3,library,library", "a large part of the Internet"},
    {"10.3.0.0/16,Central Library,library", "is no name for a network"},
    {"10.3.0.0/16,,library", "is no name for a network"},
    {"10.3.0.0/16,10.3.0.0,library", "is no name for a network"},
    {"10.3.0.0/16,library,libary", "did you mean 'library'?"},
    {"10.3.0.0/16,library,", "kind"},
    {"10.1.0.0/16,other,site", "stands in row 2 already"},
};

START_TEST(the_register_is_read_strictly)
{
    char text[256];
    const char *what;

    snprintf(text, sizeof text, "cidr,name,kind,note\n10.1.0.0/16,town-hall,site,\n%s,\n", rows[_i].row);
    what = said(text, "");
    ck_assert_msg(rows[_i].what[0] ? strstr(what, rows[_i].what) != NULL : !what[0], "%s: %s", rows[_i].row,
                  what);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("places");
    TCase *t = tcase_create("databases"), *r = tcase_create("rules");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, an_address_has_a_country, 0, 2);
    tcase_add_test(t, a_database_of_another_kind_is_refused);
    tcase_add_test(t, what_is_no_code_is_no_country);
    tcase_add_test(t, every_byte_turned);
    tcase_add_loop_test(t, maxminds_own, 0, sizeof theirs / sizeof *theirs);
    tcase_add_test(t, only_the_internets_addresses_lie_somewhere);
    tcase_add_loop_test(r, rules_ask_for_what_there_is, 0, sizeof rules / sizeof *rules);
    tcase_add_test(r, a_name_without_a_register_is_told);
    tcase_add_loop_test(r, the_register_is_read_strictly, 0, sizeof rows / sizeof *rows);
    suite_add_tcase(s, t);
    suite_add_tcase(s, r);
    return run_suite(s);
}
