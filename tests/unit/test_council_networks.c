/* A council's own database of networks, network by network, and as the text of a register. */
#include "compile/source_internal.h"
#include "core/networks.h"

#include "mmdb.h"
#include "unit.h"

#include <unistd.h>

static char folder[64], path[96], told[1 << 14];
static struct diag d;
static struct mmdb m;
static struct networks *n;

/* A network with texts; its record is its own. */
static void council(const char *network, const char *name, const char *kind, const char *note)
{
    uint32_t i = m.n_networks;

    m.texts[i][0] = name;
    m.texts[i][1] = kind;
    m.texts[i][2] = note;
    ck_assert_int_eq(mmdb_add(&m, network, i), 0);
}

static void setup(void)
{
    diag_init(&d);
    snprintf(folder, sizeof folder, "/tmp/portreeve-council-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/networks.mmdb", folder);
    mmdb_init(&m);
    m.record = MMDB_COUNCIL;
    m.type = "our networks";
    council("10.1.0.0/16", "town-hall", "site", "the \"old\"\none");
    council("10.3.0.0/17", "central-library", "library", NULL);
    council("10.9.4.2/32", "visitors", "guest", "");
    council("fd00:1::/32", "town-hall", "site", "six");
    n = NULL;
    told[0] = '\0';
}

static void teardown(void)
{
    networks_free(n);
    unlink(path);
    rmdir(folder);
}

static void publish(void)
{
    size_t size;
    unsigned char *bytes = mmdb_bytes(&m, &size);

    ck_assert_int_eq(mmdb_publish(bytes, size, path), 0);
    free(bytes);
}

static void tell(void *to, const struct networks_row *row)
{
    (void)to;
    snprintf(told + strlen(told), sizeof told - strlen(told), "%.*s %.*s %.*s;", STR_ARG(row->cidr),
             STR_ARG(row->name), STR_ARG(row->kind));
}

static const char *each(void)
{
    const char *problem;

    publish();
    ck_assert_msg(networks_map(path, NETWORKS_COUNCIL, &n, &d) == 0, "%s", d.messages[0].text);
    problem = networks_each(n, tell, NULL);
    networks_free(n);
    n = NULL;
    return problem;
}

#define FOUR "10.1.0.0/16 town-hall site;10.3.0.0/17 central-library library;10.9.4.2/32 visitors guest;"
#define ALL FOUR "fd00:1::/32 town-hall site;"

START_TEST(every_network_is_told)
{
    ck_assert_ptr_null(each());
    ck_assert_str_eq(told, ALL);
}
END_TEST

/* Writers cut a network in two where another lies in it; what has one record is one again. */
START_TEST(halves_are_one)
{
    ck_assert_int_eq(mmdb_add(&m, "10.3.128.0/18", 1), 0);
    ck_assert_int_eq(mmdb_add(&m, "10.3.192.0/18", 1), 0);
    ck_assert_int_eq(mmdb_add(&m, "10.2.0.0/16", 1), 0);
    ck_assert_ptr_null(each());
    ck_assert_str_eq(told, "10.1.0.0/16 town-hall site;10.2.0.0/15 central-library library;"
                           "10.9.4.2/32 visitors guest;fd00:1::/32 town-hall site;");
}
END_TEST

/* The node that `bits` of zeros, or of what `address` has, lead to; made where there is none. */
static uint32_t node_at(const unsigned char address[16], unsigned bits)
{
    uint32_t node = 0;

    for (unsigned i = 0; i < bits; i++) {
        unsigned side = address[i / 8] >> (7 - i % 8) & 1;

        if (!m.nodes[node][side])
            m.nodes[node][side] = m.n_nodes++;
        node = m.nodes[node][side];
    }
    return node;
}

/* As mmdb writers alias IPv4: ::ffff:0:0/96 and 2002::/16 lead to the node of ::/96. */
START_TEST(what_stands_for_ipv4_again_is_told_once)
{
    static const unsigned char zeros[16], mapped[16] = {[10] = 0xff, [11] = 0xff},
                                          six_to_four[16] = {0x20, 0x02};
    uint32_t four = node_at(zeros, 96);

    m.nodes[node_at(mapped, 95)][1] = four;
    m.nodes[node_at(six_to_four, 15)][0] = four;
    ck_assert_ptr_null(each());
    ck_assert_str_eq(told, ALL);
}
END_TEST

/* 2^127 ways through 128 nodes. */
START_TEST(a_tree_that_is_none)
{
    mmdb_init(&m);
    m.record = MMDB_COUNCIL;
    m.n_nodes = 127;
    for (uint32_t i = 0; i + 1 < m.n_nodes; i++)
        m.nodes[i][0] = m.nodes[i][1] = i + 1;
    ck_assert_ptr_nonnull(strstr(each(), "its tree is none"));
    ck_assert_str_eq(told, "");
    m.nodes[126][0] = m.nodes[126][1] = 1; /* and round and round */
    ck_assert_ptr_nonnull(strstr(each(), "its tree is none"));
}
END_TEST

/* 8,192 leaves with records by turns. */
START_TEST(too_many_networks)
{
    enum { DEPTH = 13 };
    uint32_t first;

    mmdb_init(&m);
    m.record = MMDB_COUNCIL;
    council("10.1.0.0/16", "a", "site", NULL);
    council("10.2.0.0/16", "b", "site", NULL);
    first = m.n_nodes;
    m.n_nodes += (1 << DEPTH) - 1;
    m.nodes[0][1] = first;
    for (uint32_t i = 0; i < (1 << DEPTH) - 1; i++)
        for (uint32_t side = 0; side < 2; side++)
            m.nodes[first + i][side] =
                2 * i + 1 + side < (1 << DEPTH) - 1 ? first + 2 * i + 1 + side : MMDB_LEAF + side;
    ck_assert_ptr_nonnull(strstr(each(), "more than 4,096 networks"));
    ck_assert_str_eq(told, "");
}
END_TEST

START_TEST(a_register_s_text)
{
    struct str text;

    publish();
    ck_assert_msg(source_read_networks(path, &text, &d) == 0, "%s", d.messages[0].text);
    ck_assert_msg(
        str_eq(text, STR("cidr,name,kind,note\n10.1.0.0/16,\"town-hall\",\"site\",\"the \"\"old\"\" one\"\n"
                         "10.3.0.0/17,\"central-library\",\"library\",\"\"\n"
                         "10.9.4.2/32,\"visitors\",\"guest\",\"\"\n"
                         "fd00:1::/32,\"town-hall\",\"site\",\"six\"\n")),
        "%.*s", STR_ARG(text));
    free((char *)(uintptr_t)text.p);
}
END_TEST

START_TEST(what_is_no_text)
{
    struct str text;

    m.texts[1][2] = "caf\xe9";
    publish();
    ck_assert_int_eq(source_read_networks(path, &text, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "no UTF-8"));
    ck_assert_ptr_null(text.p);
}
END_TEST

/* Each byte turned over: refused, or read to its end. */
START_TEST(every_byte_turned)
{
    size_t size;
    unsigned char *bytes = mmdb_bytes(&m, &size);
    unsigned bad = 0;

    for (size_t i = 0; i < size; i++) {
        struct str text;

        bytes[i] ^= 0xff;
        ck_assert_int_eq(mmdb_publish(bytes, size, path), 0);
        diag_init(&d);
        if (source_read_networks(path, &text, &d) != 0) {
            bad++;
            ck_assert_uint_eq(d.errors, 1);
        }
        free((char *)(uintptr_t)text.p);
        bytes[i] ^= 0xff;
    }
    ck_assert_uint_gt(bad, 20);
    free(bytes);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("council networks");
    TCase *t = tcase_create("all");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 120);
    tcase_add_test(t, every_network_is_told);
    tcase_add_test(t, halves_are_one);
    tcase_add_test(t, what_stands_for_ipv4_again_is_told_once);
    tcase_add_test(t, a_tree_that_is_none);
    tcase_add_test(t, too_many_networks);
    tcase_add_test(t, a_register_s_text);
    tcase_add_test(t, what_is_no_text);
    tcase_add_test(t, every_byte_turned);
    suite_add_tcase(s, t);
    return run_suite(s);
}
