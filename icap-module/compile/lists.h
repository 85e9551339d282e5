/* The category database from lists: names gathered in memory, written as one file (core/catdb.h), proven whole,
 * held against the file before it. Reading lists is lists_import.h's. */
#ifndef COMPILE_LISTS_H
#define COMPILE_LISTS_H

#include "core/catdb.h"

/* Names and addresses, and which lists name them. */
struct lists;

/* A list (or a local row's kind, owner and end). Texts are copied. */
struct list_in {
    struct str name, source, licence, owner;
    enum catdb_kind kind;
    uint32_t categories, date, until; /* as in struct catdb_list */
};

struct lists *lists_new(void); /* NULL without memory */
void lists_free(struct lists *l);

/* The number of that list, which is made when there is none like it; -1 when there are too many, or no memory. */
int lists_list(struct lists *l, const struct list_in *in);

/* A newer date of the list's files. */
void lists_date(struct lists *l, int list, uint32_t day);

enum lists_added { LISTS_NEW = 0, LISTS_KNOWN, LISTS_FULL /* no memory, or no room in the format */ };

/* `name`: normalised (hostname.h), no leading dot. `flags`: enum catdb_flag. */
enum lists_added lists_name(struct lists *l, struct str name, int list, unsigned flags);

/* An address below a host: `url` begins with '/', canonical, lower case, no final '/'. */
enum lists_added lists_url(struct lists *l, struct str host, struct str url, int list);

uint32_t lists_count(const struct lists *l);

/* Writes the database to an empty file that is open for reading and writing, and syncs it. The same lists in
 * the same order at the same `now` (seconds since 1970) give the same bytes. -1 with a message. */
int lists_write(const struct lists *l, int fd, int64_t now, struct diag *d);

/* Proves all of it: the sum, every record, that each is found, what the header counts. -1 with a message. */
int lists_check(const struct catdb *db, struct diag *d);

/* What a newer database adds and takes away, by category; lists alone, not local rows. */
enum { LISTS_SAMPLES = 5, LISTS_SAMPLE = 80 };

struct lists_change {
    uint32_t before, added, removed;
    char added_names[LISTS_SAMPLES][LISTS_SAMPLE], removed_names[LISTS_SAMPLES][LISTS_SAMPLE];
};

/* `from` NULL: there was none. */
void lists_compare(const struct catdb *from, const struct catdb *to,
                   struct lists_change changes[CATEGORY_COUNT]);

#endif
