/* Matching the rows of a platform map against a request. */
#ifndef CORE_ROWS_H
#define CORE_ROWS_H

#include "core/policy_internal.h"

/* What stays the same while one request is held against many rows. */
struct row_context {
    const struct policy *policy;
    const struct artefact *a;
    const struct request *request;
    struct scratch *scratch;
    enum role role;
    uint32_t method;      /* one bit of enum row_method */
    uint32_t first;       /* str_hash of the path's first segment */
    struct str operation; /* the operation's name, or empty */
    uint32_t operation_hash;
    bool upgrade;    /* a WebSocket is asked for */
    bool other_site; /* Referer or Origin is there and of another platform or site */
    bool unsure;     /* a pattern could not be tried (subject too long, attempts used up, limit met) */
};

/* The row's selectors all hold; what {account} caught in *captured (left alone without one). */
bool row_match(struct row_context *c, const struct a_row *row, struct str *captured);

/* The value that a row's source and key name (a cookie's, header's, field's), or STR_NONE. */
struct str row_value(struct row_context *c, const struct a_row *row);

uint32_t row_method_of(struct str method);

#endif
