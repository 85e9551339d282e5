/* The categories of a host or address: the policy's own list (registers/hosts.csv, in the artefact) and the
 * category database together. What a local list allows is in no category; then what any list says counts. */
#ifndef CORE_CATEGORIES_H
#define CORE_CATEGORIES_H

#include "core/catdb.h"
#include "core/policy.h"

/* The big lists, and beside them (FILE.local, FILE.unblocked) what the council allows and denies by its own register and
 * what the service desk has opened: small ones that are made anew within milliseconds, as an unblocked host must not wait
 * for an import. */
#define CATEGORIES_LOCAL ".local"
#define CATEGORIES_UNBLOCKED ".unblocked"

enum { CATEGORIES_FILES = 3 };

extern const char *const categories_suffixes[CATEGORIES_FILES]; /* behind FILE, "" first */

struct categories {
    struct catdb db[CATEGORIES_FILES];
    const char *suffix[CATEGORIES_FILES]; /* of each */
    unsigned n;
    void *mappings[CATEGORIES_FILES]; /* given back by categories_free, or NULL */
};

/* In mapfile.c, as it reads files. All but FILE itself may be missing. -1 with messages, and *c untouched. */
int categories_map(const char *path, struct categories **c, struct diag *d);
void categories_free(struct categories *c);

/* Bit set by enum category. `own`: what the artefact's rows say of the host. Pure; `now` in UTC seconds. */
uint32_t categories_at(const struct snapshot *s, const struct catdb_question *q, uint32_t own, int64_t now);

/* Some rule, or the policy's scope, asks for a category: else nothing is looked up. */
bool policy_asks_categories(const struct policy *p);

/* What rules name that neither the artefact's hosts nor the database fill; bit set by enum category. 0 without
 * a database. */
uint32_t categories_unfilled(const struct policy *p, const struct categories *c);

#endif
