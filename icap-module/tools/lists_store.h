/* The category database's place: FILE in force, FILE.previous the one before it, FILE.changes what each import
 * added and took away, FILE.local the council's own allowed and denied hosts. */
#ifndef TOOLS_LISTS_STORE_H
#define TOOLS_LISTS_STORE_H

#include "compile/lists.h"

#include <stdio.h>

/* A database mapped by the tool, proven by the caller. */
struct lists_file {
    struct catdb db;
    void *mapping; /* NULL: none */
};

/* -1 with messages; 0 and no mapping where the file is not there and `may_lack`. */
int lists_file_open(const char *path, bool may_lack, struct lists_file *f, struct diag *d);
void lists_file_close(struct lists_file *f);

/* One import at a time: a descriptor to close at the end, or -1 with a message. */
int lists_lock(const char *path, struct diag *d);

/* Writes and proves the database beside `path`, in `aside` (PATH_MAX bytes). -1 with messages, and nothing left. */
int lists_make_aside(const struct lists *l, const char *path, int64_t now, char *aside, struct diag *d);

/* `aside` becomes PATH by renaming; what was there becomes PATH.previous where `keep`. */
int lists_publish(const char *path, const char *aside, bool keep, struct diag *d);

/* PATH and PATH.previous change places, after the latter was proven. */
int lists_rollback(const char *path, struct diag *d);

/* Adds to PATH.changes. */
int lists_log(const char *path, const char *what, int64_t now, const struct lists_change *changes, struct diag *d);

/* The changes in words, a line a category that changed. */
void lists_print_changes(FILE *to, const struct lists_change *changes);

#endif
