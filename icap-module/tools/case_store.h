/* A folder of cases (REFERENCE.case, one file each) and the access log (record/accesslog.h): the file `access` there, or
 * the one log of the installation where `access` is a link to it. A line for every step and look, also for those that
 * were refused; a step is in the log before it is done. */
#ifndef TOOLS_CASE_STORE_H
#define TOOLS_CASE_STORE_H

#include "core/diag.h"

#include <jansson.h>

struct case_look {
    const char *step; /* "open", "list" */
    struct str by, reference;
    int64_t at;         /* seconds UTC */
    const char *result; /* "begun" (of what takes long), "done", "refused" */
    const char *why;    /* it was refused; NULL: it was not */
};

/* A file beside them, whole; malloc'ed and the caller's. -1 with a message, also when it is not there. */
int case_store_file(const char *path, struct str *text, struct diag *d);

/* Whoever changes cases holds the folder's lock. -1 with a message. */
int case_store_lock(const char *folder, struct diag *d);

int case_store_log(const char *folder, const struct case_look *look, struct diag *d);

/* What was logged of a case, oldest first; slices live until `each` returns. -1 with a message, also when the log is not
 * sound. */
int case_store_looks(const char *folder, struct str reference, void (*each)(void *to, const struct case_look *look),
                     void *to, struct diag *d);

/* The case's file; malloc'ed and the caller's. -1 with a message. */
int case_store_read(const char *folder, struct str reference, struct str *text, struct diag *d);

/* `fresh`: it must not be there yet. Whole or not at all. */
int case_store_write(const char *folder, struct str reference, const json_t *c, struct diag *d);
bool case_store_has(const char *folder, struct str reference);

#endif
