#include "core/networks_internal.h"

#include <arpa/inet.h>
#include <stdlib.h>

static const char *const number_path[] = {"autonomous_system_number", NULL};
static const char *const country_paths[][3] = {{"country", "iso_code", NULL}, {"country_code", NULL}};

/* ---- look-up ---- */

/* IPv4 inside IPv6: mapped (RFC 4291 2.5.5.2) and behind a translator (RFC 6052 2.1). */
static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
static const unsigned char nat64[12] = {0x00, 0x64, 0xff, 0x9b};

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static bool read_address(struct str text, union address *to)
{
    char z[INET6_ADDRSTRLEN];
    unsigned char bytes[16];

    *to = (union address){0};
    if (text.n == 0 || text.n >= sizeof z)
        return false;
    memcpy(z, text.p, text.n);
    z[text.n] = '\0';
    to->any.sa_family = AF_INET;
    if (inet_pton(AF_INET, z, &to->v4.sin_addr) == 1)
        return true;
    if (inet_pton(AF_INET6, z, bytes) != 1)
        return false;
    if (memcmp(bytes, mapped, 12) == 0 || memcmp(bytes, nat64, 12) == 0) {
        memcpy(&to->v4.sin_addr, bytes + 12, 4);
        return true;
    }
    to->any.sa_family = AF_INET6;
    memcpy(&to->v6.sin6_addr, bytes, 16);
    return true;
}

/* False: the record cannot be read. A record without a number is one of nobody's network. */
static bool read_number(MMDB_entry_s *entry, uint32_t *number)
{
    MMDB_entry_data_s data;
    int error = MMDB_aget_value(entry, &data, number_path);

    *number = 0;
    if (error != MMDB_SUCCESS)
        return error == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR;
    if (data.has_data && data.type == MMDB_DATA_TYPE_UINT32)
        *number = data.uint32;
    return !data.has_data || data.type == MMDB_DATA_TYPE_UINT32;
}

/* "GB" -> the number. False: what stands there is no country's code. */
static bool code_number(const MMDB_entry_data_s *data, uint32_t *country)
{
    char letters[2];

    if (data->type != MMDB_DATA_TYPE_UTF8_STRING)
        return false;
    if (data->data_size == 0) /* nobody's: some databases write an empty text */
        return true;
    if (data->data_size != 2)
        return false;
    for (unsigned i = 0; i < 2; i++) {
        letters[i] = ascii_lower(data->utf8_string[i]);
        if (letters[i] < 'a' || letters[i] > 'z')
            return false;
    }
    *country = (uint32_t)letters[0] << 8 | (uint32_t)letters[1];
    return true;
}

/* As read_number. */
static bool read_country(MMDB_entry_s *entry, uint32_t *country)
{
    *country = 0;
    for (unsigned i = 0; i < 2; i++) {
        MMDB_entry_data_s data;
        int error = MMDB_aget_value(entry, &data, country_paths[i]);

        if (error == MMDB_SUCCESS && data.has_data)
            return code_number(&data, country);
        if (error != MMDB_SUCCESS && error != MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR)
            return false;
    }
    return true;
}

static bool read_record(const struct networks *n, MMDB_entry_s *entry, uint32_t *value)
{
    if (n->kind == NETWORKS_COUNCIL)
        return true; /* whether its texts are right is for the register's reader to say */
    return n->kind == NETWORKS_OWNERS ? read_number(entry, value) : read_country(entry, value);
}

static uint32_t look_up(const struct networks *n, enum networks_kind kind, struct str address)
{
    union address a;
    MMDB_lookup_result_s result;
    uint32_t value = 0;
    int error;

    if (!n || n->kind != kind || !read_address(address, &a) ||
        (a.any.sa_family == AF_INET6 && n->base.metadata.ip_version == 4))
        return 0;
    result = MMDB_lookup_sockaddr(&n->base, &a.any, &error);
    if (error == MMDB_SUCCESS && result.found_entry)
        read_record(n, &result.entry, &value);
    return value;
}

uint32_t networks_owner(const struct networks *n, struct str address)
{
    return look_up(n, NETWORKS_OWNERS, address);
}

uint32_t networks_country(const struct networks *n, struct str address)
{
    return look_up(n, NETWORKS_COUNTRIES, address);
}

/* Networks that no packet crosses the Internet to: the first bytes, and how many bits of them count. */
struct inside {
    unsigned char bytes[4];
    unsigned bits;
};

static const struct inside inside_four[] = {{{0}, 8},         {{10}, 8},       {{100, 64}, 10},  {{127}, 8},
                                            {{169, 254}, 16}, {{172, 16}, 12}, {{192, 168}, 16}, {{224}, 3}};
static const struct inside inside_six[] = {{{0}, 32}, {{0xfc}, 7}, {{0xfe, 0x80}, 10}, {{0xff}, 8}};

static bool begins_with(const unsigned char *bytes, const struct inside *network)
{
    for (unsigned i = 0; i < network->bits; i++)
        if ((bytes[i / 8] ^ network->bytes[i / 8]) & (0x80 >> i % 8))
            return false;
    return true;
}

bool networks_public(struct str address)
{
    union address a;
    bool four;
    const struct inside *networks;
    size_t n;

    if (!read_address(address, &a))
        return false;
    four = a.any.sa_family == AF_INET;
    networks = four ? inside_four : inside_six;
    n = four ? sizeof inside_four / sizeof *inside_four : sizeof inside_six / sizeof *inside_six;
    for (size_t i = 0; i < n; i++)
        if (begins_with(four ? (const unsigned char *)&a.v4.sin_addr : a.v6.sin6_addr.s6_addr, &networks[i]))
            return false;
    return true;
}

/* ---- proof ---- */

/* A record is walked byte by byte by our own hand: the library goes down into nested maps as deep as they
 * are. */
enum { RECORD_DEPTH = 8, RECORD_VALUES = 1024 };

struct walk {
    const unsigned char *p;
    uint32_t size;
    unsigned left; /* values that the record may still have */
};

/* What stands at *at: type and size (of a map or list: how many). Moves *at behind it. */
static bool control(const struct walk *w, uint32_t *at, unsigned *type, uint32_t *size)
{
    static const uint32_t base[] = {29, 285, 65821};
    unsigned more;

    if (*at >= w->size)
        return false;
    *type = w->p[*at] >> 5;
    *size = w->p[(*at)++] & 31;
    if (*type == MMDB_DATA_TYPE_POINTER)
        return true;
    if (*type == MMDB_DATA_TYPE_EXTENDED) {
        if (*at >= w->size)
            return false;
        *type = w->p[(*at)++] + 7u;
    }
    more = *size < 29 ? 0 : *size - 28;
    if (w->size - *at < more)
        return false;
    if (more)
        *size = 0;
    for (unsigned i = 0; i < more; i++)
        *size = *size << 8 | w->p[(*at)++];
    if (more)
        *size += base[more - 1];
    return true;
}

/* The place that a pointer's five bits and the bytes behind it name. */
static bool follow(const struct walk *w, uint32_t *at, uint32_t bits, uint32_t *to)
{
    static const uint32_t base[] = {0, 2048, 526336, 0};
    unsigned length = bits >> 3 & 3;
    uint64_t place = length == 3 ? 0 : bits & 7;

    if (w->size - *at < length + 1)
        return false;
    for (unsigned i = 0; i <= length; i++)
        place = place << 8 | w->p[(*at)++];
    place += base[length];
    *to = (uint32_t)place;
    return place < w->size;
}

static bool fits(unsigned type, uint32_t size)
{
    static const unsigned char most[16] = {
        [MMDB_DATA_TYPE_DOUBLE] = 8,  [MMDB_DATA_TYPE_UINT16] = 2, [MMDB_DATA_TYPE_UINT32] = 4,
        [MMDB_DATA_TYPE_INT32] = 4,   [MMDB_DATA_TYPE_UINT64] = 8, [MMDB_DATA_TYPE_UINT128] = 16,
        [MMDB_DATA_TYPE_BOOLEAN] = 1, [MMDB_DATA_TYPE_FLOAT] = 4};

    if (type == MMDB_DATA_TYPE_DOUBLE || type == MMDB_DATA_TYPE_FLOAT)
        return size == most[type];
    return type == MMDB_DATA_TYPE_UTF8_STRING || type == MMDB_DATA_TYPE_BYTES ||
           (type < 16 && most[type] && size <= most[type]);
}

/* A value at *at, which is moved behind it. NOLINTNEXTLINE(misc-no-recursion): RECORD_DEPTH bounds it. */
static bool value_sound(struct walk *w, uint32_t *at, unsigned depth, bool pointed)
{
    unsigned type;
    uint32_t size, to;

    if (depth == RECORD_DEPTH || w->left-- == 0 || !control(w, at, &type, &size)) {
        w->left = 0;
        return false;
    }
    if (type == MMDB_DATA_TYPE_POINTER)
        return !pointed && follow(w, at, size, &to) && value_sound(w, &to, depth + 1, true);
    if (type == MMDB_DATA_TYPE_MAP || type == MMDB_DATA_TYPE_ARRAY) {
        uint64_t values = type == MMDB_DATA_TYPE_MAP ? 2 * (uint64_t)size : size;

        for (; values > 0; values--)
            if (!value_sound(w, at, depth + 1, false))
                return false;
        return true;
    }
    if (!fits(type, size))
        return false;
    if (type == MMDB_DATA_TYPE_BOOLEAN)
        return true; /* its size is its value */
    if (w->size - *at < size)
        return false;
    *at += size;
    return true;
}

/* Which places of the data section are proven already: many networks share one record. */
struct proof {
    const struct networks *n;
    unsigned char *proven;
};

static bool record_sound(struct proof *p, MMDB_entry_s *entry)
{
    uint32_t at = entry->offset;
    uint32_t value;
    struct walk w = {p->n->base.data_section, p->n->base.data_section_size, RECORD_VALUES};

    if (at >= w.size)
        return false;
    if (p->proven[at / 8] >> at % 8 & 1)
        return true;
    p->proven[at / 8] |= (unsigned char)(1u << at % 8);
    return value_sound(&w, &at, 0, false) && read_record(p->n, entry, &value);
}

static bool branch_sound(struct proof *p, unsigned type, MMDB_entry_s *entry)
{
    return type == MMDB_RECORD_TYPE_SEARCH_NODE || type == MMDB_RECORD_TYPE_EMPTY ||
           (type == MMDB_RECORD_TYPE_DATA && record_sound(p, entry));
}

static int wrong(struct diag *d, const char *path, const char *what)
{
    return diag_error(d, path, what, NULL);
}

/* The databases' names for themselves: "GeoLite2-ASN", "GeoLite2-Country", "GeoIP2-City" (which has
 * countries), "geo-whois-asn-country". */
static bool is_of_kind(const char *type, enum networks_kind kind)
{
    static const char *const names[NETWORKS_KINDS][3] = {{"ASN", NULL, NULL}, {"Country", "country", "City"}};

    if (kind == NETWORKS_COUNCIL)
        return true; /* whoever wrote it gave it a name of their own */
    for (unsigned i = 0; i < 3 && names[kind][i]; i++)
        if (memmem(type, strlen(type), names[kind][i], strlen(names[kind][i])))
            return true;
    return false;
}

int networks_check(const struct networks *n, const char *path, struct diag *d)
{
    const MMDB_metadata_s *meta = &n->base.metadata;
    struct proof p = {.n = n};
    bool sound = true;

    if (!meta->database_type || !is_of_kind(meta->database_type, n->kind))
        return wrong(d, path,
                     n->kind == NETWORKS_OWNERS
                         ? ": is no ASN database: get one such as GeoLite2-ASN.mmdb"
                         : ": is no country database: get one such as GeoLite2-Country.mmdb");
    p.proven = calloc(n->base.data_section_size / 8 + 1, 1);
    if (!p.proven)
        return wrong(d, path, ": there is not enough memory to check it");
    for (uint32_t i = 0; sound && i < meta->node_count; i++) {
        MMDB_search_node_s node;

        sound = MMDB_read_node(&n->base, i, &node) == MMDB_SUCCESS &&
                branch_sound(&p, node.left_record_type, &node.left_record_entry) &&
                branch_sound(&p, node.right_record_type, &node.right_record_entry);
    }
    free(p.proven);
    return sound
               ? 0
               : wrong(
                     d, path,
                     ": is damaged: its tree or a record of it cannot be read; get it again, and replace it "
                     "by renaming");
}
