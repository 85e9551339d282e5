/* Lists as their makers publish them, into a struct lists: squidGuard's and UT1's folders and archives, hosts
 * files, plain domains, Adblock-style domain rules, response policy zones, CSV. All that comes is hostile until
 * it is looked at; what is left out is counted by why, with samples, and never silently.
 *
 * Which list fills which category, and whose it is, stands in categories.map (portreeve.lists(5)). */
#ifndef COMPILE_LISTS_IMPORT_H
#define COMPILE_LISTS_IMPORT_H

#include "compile/lists.h"

/* Why a line is left out (HOSTING: in part): LEFT(NAME, "N LINES ..."). */
#define LISTS_LEFT(LEFT)                                                                                     \
    LEFT(BROKEN, "are no host name, address or rule of this format")                                         \
    LEFT(LONG, "are longer than 4,096 bytes")                                                                \
    LEFT(UNENDED, "have no end: the file may have been cut off there")                                       \
    LEFT(ALL, "would block everything")                                                                      \
    LEFT(SUFFIX, "would block a whole public suffix such as co.uk")                                          \
    LEFT(HOSTING, "name a hosting service, and are taken without its customers' names")                                          \
    LEFT(RANGE, "are ranges of addresses, which are not supported")                                          \
    LEFT(PRIVATE, "are addresses of private networks")                                                       \
    LEFT(REGEX, "are regular expressions, which are not supported")                                          \
    LEFT(RULE, "are rules about more than a domain, which are not supported")                                \
    LEFT(PROTECTED, "would block what must work")

enum lists_left {
#define LEFT(name, text) LEFT_##name,
    LISTS_LEFT(LEFT)
#undef LEFT
        LEFT_COUNT
};
extern const char *const lists_left_words[LEFT_COUNT];

/* What became of one list's lines. */
enum { LISTS_LEFT_SAMPLES = 3, LISTS_ID = 96 };

struct lists_tally {
    char name[LISTS_ID];
    uint64_t lines, names, urls, twice; /* lines without comments; entries that are new; that were there */
    uint64_t left[LEFT_COUNT];
    const char *no_text; /* what it is instead, and what to do; or NULL */
    char samples[LEFT_COUNT][LISTS_LEFT_SAMPLES][LISTS_SAMPLE]; /* "LINE: TEXT" */
};

/* categories.map. Texts live as long as it does. */
struct lists_map;
int lists_map_read(struct str file, struct str text, struct lists_map **m, struct diag *d);
void lists_map_free(struct lists_map *m);

struct lists_how {
    const struct lists_map *map;
    struct lists *to;
    const struct str *must_work; /* canonical; a leading dot means all below, too */
    size_t n_must_work;
    unsigned broken_percent; /* a list with more broken lines than that is refused */
    bool leave_out;          /* entries about what must work are left out; else the import is refused */
    uint64_t bytes_max;      /* of all that is read, unpacked */
};

struct lists_import;

/* NULL with a message. Borrows *how. */
struct lists_import *lists_import_new(const struct lists_how *how, struct diag *d);
void lists_import_free(struct lists_import *i);

/* A folder, an archive (.tar, .tar.gz, .tar.xz, ...) or a file; `source` of the map, or STR_NONE: the one that
 * has a list of that name. -1 with messages: what was gathered must not be used. */
int lists_import_path(struct lists_import *i, const char *path, struct str source, struct diag *d);

/* Whether what was read may be used: -1 with messages where a list is empty or no text, has too many broken
 * lines, no line that holds, or would block what must work. */
int lists_import_done(struct lists_import *i, struct diag *d);

/* For the report. */
size_t lists_import_tallies(const struct lists_import *i, const struct lists_tally **tallies);

/* Lists that are there and not in the map, with a blank between; "" = none. */
const char *lists_import_unmapped(const struct lists_import *i);

/* Links in folders and archives, which are never followed. */
uint64_t lists_import_links(const struct lists_import *i);

/* local.csv: host, action (allow, deny), category, owner, until, note. `name`: what its rows are called, "local" or
 * "unblocked". -1 with messages. */
int lists_local(struct lists *to, struct str name, struct str file, struct str text, struct diag *d);

#endif
