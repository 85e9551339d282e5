/* The categories of a host or address: the policy's own list (registers/hosts.csv, in the artefact) and the
 * category database together. What a local list allows is in no category; then what any list says counts. */
#ifndef CORE_CATEGORIES_H
#define CORE_CATEGORIES_H

#include "core/catdb.h"
#include "core/policy.h"

/* The big lists, and the council's local ones beside them (FILE and FILE.local), which can be made anew within
 * milliseconds: an unblocked host must not wait for an import. */
struct categories {
    struct catdb db[2];
    unsigned n;
    void *mappings[2]; /* given back by categories_free, or NULL */
};

#define CATEGORIES_LOCAL ".local"

/* In mapfile.c, as it reads files. FILE.local may be missing. -1 with messages, and *c untouched. */
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
