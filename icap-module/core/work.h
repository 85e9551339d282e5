/* Stage 4: the work on one request, and a request held against the rows of a map. Shared by the files that
 * each answer one question of it; nobody else includes this. */
#ifndef CORE_WORK_H
#define CORE_WORK_H

#include "core/carrier.h"
#include "core/digest.h"
#include "core/lookup.h"
#include "core/networks.h"
#include "core/rows.h"
#include "core/scan.h"
#include "core/template.h"
#include "core/url.h"

/* What the Referer (or Origin) header says. */
struct page_before {
    bool there;
    bool has_path; /* a full address, not the bare origin that browsers send to other hosts */
    struct url url;
    uint32_t platform; /* or NO_INDEX */
    uint32_t site;     /* the same; with an origin alone also the platform that has only parts of the host */
};

/* Browsers cut an address longer than this to its origin (W3C Referrer Policy, "determine request's
 * referrer"); one that comes all the same is some other program's, and walking it once a row would take
 * milliseconds. */
enum { REFERER_MAX = 4096 };

enum { OPERATIONS_MAX = 16, OPERATION_MAX = 128 /* bytes of a name */ };

struct work {
    struct row_context rows;
    const struct a_platform *platform;
    const struct identity_key *key; /* or NULL */
    struct page_before before;
    struct str operations[OPERATIONS_MAX]; /* GraphQL clients send several in one body */
    unsigned n_operations;
    bool operation_in_path;  /* where its name is part of the path, a row's path may name it */
    bool operations_left;    /* there are more, or the body is cut off within their list */
    bool background;         /* a background row matched (with several operations: for each of them) */
    const struct a_row *act; /* the activity row that matched last, or NULL */
    bool named_part;         /* a part of a page (by its own word) at an address that could name an account */
    bool on_page; /* the rows are held against a page that the request names, not against the request */
    bool page_by_default;        /* a page to show that no activity row knows: taken for a view */
    const struct a_owner *owner; /* the host is an address in that network */
    bool inside;                 /* the request is a carrier's, seen as the one for the page inside */
    struct classification *out;
};

/* From here on the rows are held against `r`, seen as of that role, without an operation. */
void start_rows(struct work *w, const struct request *r, enum role role);

/* A platform's rows of one kind. */
struct row_range rows_of(const struct work *w, enum row_kind kind);

/* The first row of that kind that matches the request in w->rows, or NULL; what {account} caught in
 * *captured. */
const struct a_row *first_row(struct work *w, enum row_kind kind, struct str *captured);

/* The browser says that it wants a page to show. */
bool is_document(const struct request *r);

/* The rows are held against this operation from now on. */
void hold_operation(struct work *w, struct str operation);

/* Fetched for a page and never a page itself, by what the browser says it is for (Sec-Fetch-Dest). */
bool page_part(struct str dest);

bool one_of(struct str word, const char *const *words); /* ASCII case does not matter; NULL ends the list */

/* What `ask` finds in the rows for the platform's own page that the call is made from. */
bool by_page_before(struct work *w, bool (*ask)(struct work *));

/* The same for a page whose address, or path and query, the request holds. False, without asking, for one of
 * another platform, one that cannot be read, and for an address within such an address. */
bool by_page_named(struct work *w, struct str address, bool (*ask)(struct work *));

/* The first segment of a path. */
struct str first_segment(struct str path);

/* The platform whose accounts are meant: a tool's are those of the platform that it manages. */
uint32_t account_platform(const struct work *w);

/* The registered account that a name, as requests write it, belongs to; NO_INDEX when it is nobody's. */
uint32_t find_registered(struct work *w, struct str name);

#endif
