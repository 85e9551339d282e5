/* Writes small ASN or country databases, or one of a council's own networks (MaxMind DB specification 2.0):
 * IPv6 trees of 24-bit records, IPv4 below ::/96.
 */
#ifndef TESTS_MMDB_H
#define TESTS_MMDB_H

#include <arpa/inet.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MMDB_NODES = 9000, MMDB_NETWORKS = 64 };

struct mmdb {
    uint32_t nodes[MMDB_NODES][2]; /* 0 = empty, n = node n, LEAF + i = the i-th network's record */
    uint32_t n_nodes, numbers[MMDB_NETWORKS], n_networks;
    const char *type; /* of the database */
    enum mmdb_record { MMDB_ASN, MMDB_COUNTRY, MMDB_COUNTRY_FLAT, MMDB_COUNCIL } record;
    const char *texts[MMDB_NETWORKS][3]; /* of MMDB_COUNCIL: name, kind, note; NULL = none; by the network's number */
};

enum { MMDB_LEAF = 1 << 20 };

static inline void mmdb_init(struct mmdb *m)
{
    memset(m, 0, sizeof *m);
    m->n_nodes = 1;
    m->type = "Test-ASN";
}

/* "157.240.0.0/16" or "2a03:2880::/29". 0, or -1 where it is no network. */
static inline int mmdb_add(struct mmdb *m, const char *network, uint32_t number)
{
    unsigned char bytes[16] = {0};
    char text[64];
    char *slash;
    int v4, bits;
    uint32_t node = 0;

    snprintf(text, sizeof text, "%s", network);
    slash = strchr(text, '/');
    if (!slash || m->n_networks == MMDB_NETWORKS)
        return -1;
    *slash = '\0';
    bits = (int)strtol(slash + 1, NULL, 10);
    v4 = !strchr(text, ':');
    if (inet_pton(v4 ? AF_INET : AF_INET6, text, v4 ? bytes + 12 : bytes) != 1)
        return -1;
    bits += v4 ? 96 : 0;
    for (int i = 0; i < bits; i++) {
        unsigned side = bytes[i / 8] >> (7 - i % 8) & 1;

        if (i == bits - 1) {
            m->nodes[node][side] = MMDB_LEAF + m->n_networks;
        } else {
            if (m->nodes[node][side] == 0)
                m->nodes[node][side] = m->n_nodes++;
            if (m->n_nodes >= MMDB_NODES || m->nodes[node][side] >= MMDB_LEAF)
                return -1;
            node = m->nodes[node][side];
        }
    }
    m->numbers[m->n_networks++] = number;
    return 0;
}

static inline size_t mmdb_string(unsigned char *to, const char *text)
{
    size_t n = strlen(text), at = 0;

    if (n < 29) {
        to[at++] = (unsigned char)(2 << 5 | n);
    } else {
        to[at++] = 2 << 5 | 29;
        to[at++] = (unsigned char)(n - 29);
    }
    memcpy(to + at, text, n);
    return at + n;
}

/* {"autonomous_system_number": uint32} */
static inline size_t mmdb_record(unsigned char *to, uint32_t number)
{
    size_t at = 0;

    to[at++] = 7 << 5 | 1;
    at += mmdb_string(to + at, "autonomous_system_number");
    to[at++] = 6 << 5 | 4;
    for (int i = 3; i >= 0; i--)
        to[at++] = (unsigned char)(number >> 8 * i);
    return at;
}

enum { MMDB_RECORD_SIZE = 1 + 1 + 24 + 5 };

/* {"country": {"iso_code": "RU"}} as MaxMind's, or {"country_code": "RU"}; `country` is two letters, the
 * first times 256 and the second, and is written in capitals. */
static inline size_t mmdb_country(unsigned char *to, uint32_t country, enum mmdb_record record)
{
    const char code[3] = {(char)toupper((int)(country >> 8)), (char)toupper((int)(country & 0xff)), 0};
    size_t at = 0;

    to[at++] = 7 << 5 | 1;
    if (record == MMDB_COUNTRY) {
        at += mmdb_string(to + at, "country");
        to[at++] = 7 << 5 | 1;
    }
    at += mmdb_string(to + at, record == MMDB_COUNTRY ? "iso_code" : "country_code");
    return at + mmdb_string(to + at, code);
}

static inline size_t mmdb_texts(unsigned char *to, const char *const texts[3])
{
    static const char *const keys[] = {"name", "kind", "note"};
    size_t at = 1;

    to[0] = 7 << 5;
    for (int i = 0; i < 3; i++)
        if (texts[i]) {
            to[0]++;
            at += mmdb_string(to + at, keys[i]);
            at += mmdb_string(to + at, texts[i]);
        }
    return at;
}

/* Room for a record of that kind. */
static inline uint32_t mmdb_room(const struct mmdb *m)
{
    return m->record == MMDB_COUNCIL ? 512 : MMDB_RECORD_SIZE;
}

static inline size_t mmdb_number(unsigned char *to, const char *key, unsigned type, uint64_t value,
                                 unsigned size)
{
    size_t at = mmdb_string(to, key);

    if (type > 7) {
        to[at++] = (unsigned char)size;
        to[at++] = (unsigned char)(type - 7);
    } else {
        to[at++] = (unsigned char)(type << 5 | size);
    }
    for (unsigned i = size; i > 0; i--)
        to[at++] = (unsigned char)(value >> 8 * (i - 1));
    return at;
}

/* The whole file, malloc'ed. */
static inline unsigned char *mmdb_bytes(const struct mmdb *m, size_t *n)
{
    unsigned char *to =
        calloc(1, (size_t)m->n_nodes * 6 + 16 + (size_t)m->n_networks * mmdb_room(m) + 512);
    size_t at = 0;

    *n = 0;

    if (!to)
        return NULL;
    for (uint32_t i = 0; i < m->n_nodes; i++)
        for (int side = 0; side < 2; side++) {
            uint32_t value = m->nodes[i][side];

            if (value == 0)
                value = m->n_nodes;
            else if (value >= MMDB_LEAF)
                value = m->n_nodes + 16 +
                        (m->record == MMDB_COUNCIL ? m->numbers[value - MMDB_LEAF] : value - MMDB_LEAF) * mmdb_room(m);
            to[at++] = (unsigned char)(value >> 16);
            to[at++] = (unsigned char)(value >> 8);
            to[at++] = (unsigned char)value;
        }
    at += 16;
    for (uint32_t i = 0; i < m->n_networks; i++)
        if (m->record == MMDB_ASN) {
            at += mmdb_record(to + at, m->numbers[i]);
        } else if (m->record == MMDB_COUNCIL) {
            mmdb_texts(to + at, m->texts[i]);
            at += mmdb_room(m);
        } else {
            mmdb_country(to + at, m->numbers[i], m->record);
            at += MMDB_RECORD_SIZE;
        }
    memcpy(to + at, "\xab\xcd\xefMaxMind.com", 14);
    at += 14;
    to[at++] = 7 << 5 | 9;
    at += mmdb_number(to + at, "binary_format_major_version", 5, 2, 2);
    at += mmdb_number(to + at, "binary_format_minor_version", 5, 0, 2);
    at += mmdb_number(to + at, "build_epoch", 9, 1700000000, 8);
    at += mmdb_string(to + at, "database_type");
    at += mmdb_string(to + at, m->type);
    at += mmdb_string(to + at, "description");
    to[at++] = 7 << 5;
    at += mmdb_number(to + at, "ip_version", 5, 6, 2);
    at += mmdb_string(to + at, "languages");
    to[at++] = 0;
    to[at++] = 11 - 7;
    at += mmdb_number(to + at, "node_count", 6, m->n_nodes, 4);
    at += mmdb_number(to + at, "record_size", 5, 24, 2);
    *n = at;
    return to;
}

/* Beside `path`, then renamed: a file that is mapped is never written to. 0 or -1. */
static inline int mmdb_publish(const void *bytes, size_t n, const char *path)
{
    char beside[512];
    FILE *f;
    int result = -1;

    snprintf(beside, sizeof beside, "%s.new", path);
    f = fopen(beside, "wb");
    if (!f)
        return -1;
    if (fwrite(bytes, 1, n, f) == n)
        result = 0;
    if (fclose(f) != 0 || result != 0)
        return -1;
    return rename(beside, path);
}

#endif
