/* Requests made to be slow to judge, written down as a row of small numbers ("genes") so that a search can
 * change one of them at a time and a find can be repeated from the numbers alone. All of them are what Squid
 * lets through: a target of at most 8,191 bytes, a head of at most 64 KiB in all (request_header_max_size),
 * REQUEST_HEADERS_MAX headers, REQUEST_BODY_MAX bytes of body. */
#ifndef BENCH_BADREQUEST_H
#define BENCH_BADREQUEST_H

#include "core/policy.h"

/* GENE(name, how many values): a row is one gene. What a value means stands in badrequest.c, in the same
 * order. */
#define BAD_GENES(GENE)                                                                                      \
    GENE(host, 1048576) /* those of platforms first */                                                       \
    GENE(labels, 126)   /* in front of it, where the map takes names below it */                             \
    GENE(method, 6)                                                                                          \
    GENE(path, 9)         /* shape */                                                                        \
    GENE(path_row, 65536) /* the map's row that its pattern comes from */                                    \
    GENE(path_fill, 24)   /* what runs are filled with */                                                    \
    GENE(path_size, 8192)                                                                                    \
    GENE(query, 7)         /* shape */                                                                       \
    GENE(query_row, 65536) /* the row that its key comes from */                                             \
    GENE(query_size, 8192)                                                                                   \
    GENE(referer, 4) /* none, of this host, of another platform, Origin */                                   \
    GENE(ref_path, 9)                                                                                        \
    GENE(ref_row, 65536)                                                                                     \
    GENE(ref_fill, 24)                                                                                       \
    GENE(ref_size, 65536)                                                                                    \
    GENE(ref_query, 7)                                                                                       \
    GENE(ref_query_row, 65536)                                                                               \
    GENE(ref_query_size, 65536)                                                                              \
    GENE(cookie, 7)         /* shape */                                                                      \
    GENE(cookie_row, 65536) /* the row that its name comes from */                                           \
    GENE(cookie_size, 65536)                                                                                 \
    GENE(cookies, 128)     /* lines that it is split into */                                                 \
    GENE(referer_first, 2) /* of the two, which gets the room that there is */                               \
    GENE(headers, 257)     /* more of them */                                                                \
    GENE(header_name, 18)                                                                                    \
    GENE(headers_first, 2)                                                                                   \
    GENE(dest, 6) /* Sec-Fetch-Dest */                                                                       \
    GENE(accept, 2)                                                                                          \
    GENE(upgrade, 2)                                                                                         \
    GENE(body, 9) /* shape */                                                                                \
    GENE(body_row, 65536)                                                                                    \
    GENE(body_size, 4097)                                                                                    \
    GENE(body_whole, 2)                                                                                      \
    GENE(op, 4) /* none, a name of the map, one like it, a long one */                                       \
    GENE(op_row, 65536)                                                                                      \
    GENE(user, 4)                                                                                            \
    GENE(groups, 3)                                                                                          \
    GENE(client, 3)

enum bad_gene {
#define GENE(name, values) BAD_##name,
    BAD_GENES(GENE)
#undef GENE
        BAD_GENE_COUNT
};

struct bad_genes {
    uint32_t of[BAD_GENE_COUNT];
};

/* Storage for one request, made anew each time. */
struct bad_request;

struct bad_request *
bad_request_new(const struct artefact *a); /* NULL without memory or without a platform's host */
void bad_request_free(struct bad_request *b);

/* The request that the genes say; borrowed until the next call. Any numbers will do: each is taken modulo its
 * values. */
struct request bad_request_make(struct bad_request *b, const struct bad_genes *genes);

/* What a search has to go through: all hosts, those of them (the first) that belong to platforms, and the map
 * rows of such a host's platform. */
uint32_t bad_request_hosts(const struct bad_request *b);
uint32_t bad_request_platform_hosts(const struct bad_request *b);
uint32_t bad_request_rows(const struct bad_request *b, uint32_t host);

uint32_t bad_gene_values(enum bad_gene g);
const char *bad_gene_name(enum bad_gene g);

#endif
