/* Whose network an address lies in: small databases made here, broken ones, and MaxMind's own where they are
 * at hand. */
#include "core/networks.h"

#include "mmdb.h"
#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[96];
static struct diag d;
static struct mmdb m;
static struct networks *n;

static void setup(void)
{
    diag_init(&d);
    snprintf(folder, sizeof folder, "/tmp/portreeve-networks-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/owners.mmdb", folder);
    mmdb_init(&m);
    ck_assert_int_eq(mmdb_add(&m, "157.240.0.0/16", 32934), 0);
    ck_assert_int_eq(mmdb_add(&m, "2a03:2880::/29", 32934), 0);
    ck_assert_int_eq(mmdb_add(&m, "104.244.42.0/24", 13414), 0);
    ck_assert_int_eq(mmdb_add(&m, "192.0.2.1/32", 4199999999u), 0);
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

static int open_small(void)
{
    size_t size;
    unsigned char *bytes = mmdb_bytes(&m, &size);

    publish(bytes, size);
    free(bytes);
    return networks_map(path, NETWORKS_OWNERS, &n, &d);
}

static const struct {
    const char *address;
    uint32_t number;
} owners[] = {
    {"157.240.1.35", 32934},
    {"157.241.0.1", 0},
    {"104.244.42.1", 13414},
    {"104.244.43.1", 0},
    {"192.0.2.1", 4199999999u},
    {"192.0.2.2", 0},
    {"2a03:2880:f12f::1", 32934},
    {"2a03:2890::1", 0},
    {"::ffff:157.240.1.35", 32934},
    {"64:ff9b::9df0:123", 32934},
    {"::1", 0},
    {"", 0},
    {"www.facebook.com", 0},
    {"157.240.1", 0},
    {"1.2.3.256", 0},
    {"157.240.1.35.157.240.1.35.157.240.1.35.157.240.1.35", 0},
};

START_TEST(an_address_has_an_owner)
{
    ck_assert_msg(open_small() == 0, "%s", d.messages[0].text);
    ck_assert_uint_eq(networks_owner(n, str_of(owners[_i].address)), owners[_i].number);
}
END_TEST

START_TEST(without_a_database_nobody_owns)
{
    ck_assert_uint_eq(networks_owner(NULL, STR("157.240.1.35")), 0);
}
END_TEST

static void refused(const char *why)
{
    ck_assert_int_eq(networks_map(path, NETWORKS_OWNERS, &n, &d), -1);
    ck_assert_ptr_null(n);
    ck_assert_uint_eq(d.errors, 1);
    ck_assert_msg(strstr(d.messages[0].text, why) != NULL, "%s", d.messages[0].text);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, path));
}

START_TEST(what_is_no_asn_database)
{
    m.type = "Test-City";
    ck_assert_int_eq(open_small(), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "is no ASN database"));
    diag_init(&d);
    publish("hello", 5);
    refused("no sound MaxMind database");
    diag_init(&d);
    unlink(path);
    refused("cannot be opened");
}
END_TEST

/* Each byte of the tree and of the records turned over: refused, or as sound as before. Never a crash, and
 * never a look-up that fails later. */
START_TEST(every_byte_turned)
{
    size_t size;
    unsigned char *bytes = mmdb_bytes(&m, &size);
    unsigned bad = 0;

    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 0xff;
        publish(bytes, size);
        diag_init(&d);
        if (networks_map(path, NETWORKS_OWNERS, &n, &d) == 0) {
            for (size_t k = 0; k < sizeof owners / sizeof *owners; k++)
                networks_owner(n, str_of(owners[k].address));
            networks_free(n);
            n = NULL;
        } else {
            bad++;
            ck_assert_uint_eq(d.errors, 1);
        }
        bytes[i] ^= 0xff;
    }
    free(bytes);
    ck_assert_uint_gt(bad, size / 4);
}
END_TEST

START_TEST(every_length)
{
    size_t size;
    unsigned char *bytes = mmdb_bytes(&m, &size);

    for (size_t i = 0; i < size; i++) {
        publish(bytes, i);
        diag_init(&d);
        ck_assert_int_eq(networks_map(path, NETWORKS_OWNERS, &n, &d), -1);
    }
    free(bytes);
}
END_TEST

/* The first record, written over: MMDB_RECORD_SIZE bytes behind the tree. */
static void with_record(const void *record, size_t length)
{
    size_t size;
    unsigned char *bytes = mmdb_bytes(&m, &size);

    memcpy(bytes + (size_t)m.n_nodes * 6 + 16, record, length);
    publish(bytes, size);
    free(bytes);
}

START_TEST(records_that_are_none)
{
    static const struct {
        const char *bytes;
        size_t n;
    } records[] = {
        {"\x20\x00", 2},             /* a pointer to itself */
        {"\x20\x02\x20\x00", 4},     /* to a pointer */
        {"\x3f\xff\xff\xff\xff", 5}, /* out of the file */
        {"\xe1\x44name", 6},         /* a map that goes on in another record: cut by what is there */
        {"\xff\xff\xff\xff", 4},     /* a map of 16 million */
        {"\x00\x05", 2},             /* the kind "container" */
        {"\x00\xff", 2},             /* no kind */
        {"\x67\x00", 2},             /* a double of 7 bytes */
        {"\xe1\x58"
         "autonomous_system_number"
         "\x42ix",
         29}, /* a number in words */
        {"\x01\x04\x01\x04\x01\x04\x01\x04\x01\x04\x01\x04\x01\x04\x01\x04\x01\x04\x01\x04",
         20}, /* lists in lists */
    };

    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        diag_init(&d);
        with_record(records[i].bytes, records[i].n);
        ck_assert_msg(networks_map(path, NETWORKS_OWNERS, &n, &d) == -1, "record %zu", i);
        ck_assert_ptr_nonnull(strstr(d.messages[0].text, "is damaged"));
    }
}
END_TEST

START_TEST(a_record_without_a_number_is_nobodys)
{
    with_record("\xe1\x58"
                "Autonomous_system_number"
                "\xc4\0\0\0\1",
                31);
    ck_assert_msg(networks_map(path, NETWORKS_OWNERS, &n, &d) == 0, "%s", d.messages[0].text);
    ck_assert_uint_eq(networks_owner(n, STR("157.240.1.35")), 0);
    ck_assert_uint_eq(networks_owner(n, STR("104.244.42.1")), 13414);
}
END_TEST

/* MaxMind's test databases, which are not shipped. */
static const struct {
    const char *file;
    bool good;
} theirs[] = {
    {"GeoLite2-ASN-Test.mmdb", true},
    {"GeoLite2-Country-Test.mmdb", false},
    {"GeoIP2-Anonymous-IP-Test.mmdb", false},
    {"GeoIP2-City-Test-Broken-Double-Format.mmdb", false},
    {"GeoIP2-City-Test-Invalid-Node-Count.mmdb", false},
};

START_TEST(maxminds_own)
{
    const char *root = getenv("PORTREEVE_MMDB"), *source = getenv("srcdir");
    char file[512];
    int result;

    if (root)
        snprintf(file, sizeof file, "%s/%s", root, theirs[_i].file);
    else
        snprintf(file, sizeof file, "%s/../shared/data/mmdb/%s", source ? source : ".", theirs[_i].file);
    if (access(file, R_OK) != 0) {
        fprintf(stderr, "test_networks: %s is not here: skipped\n", file);
        return;
    }
    result = networks_map(file, NETWORKS_OWNERS, &n, &d);
    ck_assert_msg((result == 0) == theirs[_i].good, "%s: %s", file, d.n ? d.messages[0].text : "taken");
    if (result == 0) {
        ck_assert_uint_eq(networks_owner(n, STR("1.128.0.1")), 1221);
        ck_assert_uint_eq(networks_owner(n, STR("127.0.0.1")), 0);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("networks");
    TCase *t = tcase_create("all");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, an_address_has_an_owner, 0, sizeof owners / sizeof *owners);
    tcase_add_test(t, without_a_database_nobody_owns);
    tcase_add_test(t, what_is_no_asn_database);
    tcase_add_test(t, every_byte_turned);
    tcase_add_test(t, every_length);
    tcase_add_test(t, records_that_are_none);
    tcase_add_test(t, a_record_without_a_number_is_nobodys);
    tcase_add_loop_test(t, maxminds_own, 0, sizeof theirs / sizeof *theirs);
    suite_add_tcase(s, t);
    return run_suite(s);
}
