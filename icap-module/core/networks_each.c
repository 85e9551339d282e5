/* A council's own database of networks, told network by network (networks.h). */
#include "core/networks_internal.h"
#include "core/text.h"

#include <arpa/inet.h>
#include <stdlib.h>

enum { BITS = 128, TEXT = INET6_ADDRSTRLEN + sizeof "/128" };

struct found {
    unsigned char address[BITS / 8];
    unsigned bits;
    uint32_t record; /* its place in the data section */
};

/* The way from the root to where the walk is: a place in `nodes` and the side to take next by depth. */
struct walk {
    const struct networks *n;
    uint32_t nodes[BITS];
    unsigned char sides[BITS];
    unsigned depth, depth_max;
    unsigned char address[BITS / 8];
    uint32_t four; /* the node below which IPv4 lies in a tree of IPv6 */
    uint64_t visits;
    struct found *rows; /* NETWORKS_ROWS */
    uint32_t n_rows;
    const char *problem;
};

static const unsigned char nothing[12];

static bool is_four(const struct walk *w, const unsigned char *address, unsigned bits)
{
    return w->depth_max == 32 || (bits >= 96 && memcmp(address, nothing, sizeof nothing) == 0);
}

static void set_bit(unsigned char *address, unsigned i, bool on)
{
    unsigned char mask = (unsigned char)(0x80u >> i % 8);

    address[i / 8] = (unsigned char)(on ? address[i / 8] | mask : address[i / 8] & ~mask);
}

/* The two halves of one network, with one record. */
static bool halves(const struct found *a, const struct found *b)
{
    unsigned char other[BITS / 8];
    unsigned last = a->bits - 1;

    if (!a->bits || a->bits != b->bits || a->record != b->record ||
        a->address[last / 8] & (0x80u >> last % 8))
        return false;
    memcpy(other, a->address, sizeof other);
    set_bit(other, last, true);
    return memcmp(other, b->address, sizeof other) == 0;
}

static void add(struct walk *w, uint32_t record)
{
    struct found row = {.bits = w->depth + 1, .record = record};

    memcpy(row.address, w->address, sizeof row.address);
    for (unsigned i = row.bits; i < BITS; i++)
        set_bit(row.address, i, false);
    while (w->n_rows && halves(&w->rows[w->n_rows - 1], &row)) {
        row = w->rows[--w->n_rows];
        row.bits--;
    }
    if (w->n_rows == NETWORKS_ROWS)
        w->problem = "it has more than 4,096 networks: a council's own are fewer; is it another database?";
    else
        w->rows[w->n_rows++] = row;
}

/* One side of the node that the walk is at. */
static void step(struct walk *w, bool right)
{
    MMDB_search_node_s node;
    uint64_t record;
    unsigned type;

    if (MMDB_read_node(&w->n->base, w->nodes[w->depth], &node) != MMDB_SUCCESS) {
        w->problem = "its tree cannot be read";
        return;
    }
    record = right ? node.right_record : node.left_record;
    type = right ? node.right_record_type : node.left_record_type;
    set_bit(w->address, w->depth, right);
    if (type == MMDB_RECORD_TYPE_DATA) {
        add(w, right ? node.right_record_entry.offset : node.left_record_entry.offset);
        return;
    }
    if (type != MMDB_RECORD_TYPE_SEARCH_NODE || (record == w->four && !is_four(w, w->address, w->depth + 1)))
        return; /* nobody's; or IPv4 once more, mapped or 6to4 */
    if (w->depth + 1 == w->depth_max || ++w->visits > w->n->base.metadata.node_count) {
        w->problem = "its tree is none: parts of it lie in several places";
        return;
    }
    w->nodes[++w->depth] = (uint32_t)record;
    w->sides[w->depth] = 0;
}

static struct str text_of(MMDB_entry_s *entry, const char *field)
{
    const char *const path[] = {field, NULL};
    MMDB_entry_data_s data;

    if (MMDB_aget_value(entry, &data, path) != MMDB_SUCCESS || !data.has_data ||
        data.type != MMDB_DATA_TYPE_UTF8_STRING)
        return STR_NONE;
    return (struct str){data.utf8_string, data.data_size};
}

static void tell(const struct walk *w, const struct found *f, networks_told *told, void *to)
{
    MMDB_entry_s entry = {&w->n->base, f->record};
    bool four = is_four(w, f->address, f->bits);
    char z[TEXT];
    struct text text;
    size_t n;

    if (!inet_ntop(four ? AF_INET : AF_INET6, four && w->depth_max == BITS ? f->address + 12 : f->address, z,
                   INET6_ADDRSTRLEN))
        return; /* never: there is room */
    n = strlen(z);
    text_init(&text, z + n, sizeof z - n);
    text_puts(&text, "/");
    text_put_u64(&text, f->bits - (four && w->depth_max == BITS ? 96 : 0));
    told(to, &(struct networks_row){
                 {z, n + text.n}, text_of(&entry, "name"), text_of(&entry, "kind"), text_of(&entry, "note")});
}

const char *networks_each(const struct networks *n, networks_told *told, void *to)
{
    struct walk w = {.n = n, .four = UINT32_MAX, .depth_max = n->base.metadata.ip_version == 4 ? 32 : BITS};

    if (w.depth_max == BITS && n->base.ipv4_start_node.netmask == 96)
        w.four = n->base.ipv4_start_node.node_value;
    w.rows = calloc(NETWORKS_ROWS, sizeof *w.rows);
    if (!w.rows)
        return "there is not enough memory to read it";
    for (;;) {
        if (w.problem || (w.sides[w.depth] == 2 && w.depth == 0))
            break;
        if (w.sides[w.depth] == 2)
            w.depth--;
        else
            step(&w, w.sides[w.depth]++ == 1);
    }
    for (uint32_t i = 0; !w.problem && i < w.n_rows; i++)
        tell(&w, &w.rows[i], told, to);
    free(w.rows);
    return w.problem;
}
