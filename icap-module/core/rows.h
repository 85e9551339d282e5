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
    uint32_t first, second; /* str_hash of the path's first two segments */
    uint32_t bits;          /* the request's, of enum key_bit */
    struct str operation;   /* the operation's name in lower case, or empty */
    uint32_t operation_hash;
    bool unsure; /* a pattern could not be tried (subject too long, attempts used up, limit met) */
};

/* Rows and their keys, walked from front to back. */
struct row_range {
    const struct a_row *row, *end;
    const struct a_key *key;
};

/* The next row whose selectors all hold, or NULL; the range then begins behind it. What {account} caught in
 * *captured (left alone without one). */
const struct a_row *next_match(struct row_context *c, struct row_range *r, struct str *captured);

/* The row asks for no operation, or for the request's. */
bool row_names_operation(const struct row_context *c, const struct a_row *row);

/* The value that a row's source and key name (a cookie's, header's, field's), or STR_NONE. */
struct str row_value(struct row_context *c, const struct a_row *row);

uint32_t row_method_of(struct str method);

#endif
