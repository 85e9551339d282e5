/* What badrequest.c and badbytes.c share: the one makes the request of its parts, the other the long runs of
 * bytes in them. */
#ifndef BENCH_BADREQUEST_INTERNAL_H
#define BENCH_BADREQUEST_INTERNAL_H

#include "badrequest.h"

#include "core/text.h"

enum { TARGET_MAX = 8191, HEAD_MAX = 64 * 1024, STORAGE = 16 * HEAD_MAX, LINE_COST = 4, FILL_MAX = 64 };

struct bad_request {
    const struct artefact *a;
    const struct a_host **hosts; /* those that name a platform first */
    uint32_t n_hosts, n_platform_hosts;
    const struct bad_genes *genes;
    const struct a_platform *platform;
    struct header headers[REQUEST_HEADERS_MAX];
    size_t n_headers;
    size_t left; /* of HEAD_MAX */
    struct str groups[REQUEST_GROUPS_MAX];
    struct text text;
    char storage[STORAGE];
};

/* The value of a gene, within its range. */
uint32_t bad_gene(const struct bad_request *b, enum bad_gene g);

/* The platform's map row that a gene names. */
const struct a_row *bad_row(const struct bad_request *b, enum bad_gene g);

/* What has been written since b->text.n was `mark`. */
struct str bad_from(const struct bad_request *b, size_t mark);

/* Left out where it would break a bound. */
void bad_add_header(struct bad_request *b, struct str name, struct str value);

/* What repeats "key=value" in a query or a form is made of. */
enum {
    BAD_PAIRS_NONE,
    BAD_PAIRS_EMPTY,
    BAD_PAIRS_KEY,
    BAD_PAIRS_NEAR,
    BAD_PAIRS_ESCAPED,
    BAD_PAIRS_LONG,
    BAD_PAIRS_VALUES
};

void bad_repeat(struct bad_request *b, struct str what, size_t size);

/* A key with its last byte changed. */
void bad_put_near(struct bad_request *b, struct str key);

/* A path of the shape in gene `shape`, its row, filling and size in the three genes behind it; at most `room`
 * bytes. */
void bad_put_path(struct bad_request *b, enum bad_gene shape, size_t room);

/* "key=value" again and again, `size` bytes. */
void bad_put_pairs(struct bad_request *b, uint32_t shape, struct str key, size_t size);

void bad_add_body(struct bad_request *b, struct request *r);

#endif
