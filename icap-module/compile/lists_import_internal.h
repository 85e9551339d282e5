/* What the files that read lists share; nobody else includes this. */
#ifndef COMPILE_LISTS_IMPORT_INTERNAL_H
#define COMPILE_LISTS_IMPORT_INTERNAL_H

#include "compile/lists_import.h"
#include "core/arena.h"

enum list_format {
    LIST_AUTO = 0,
    LIST_DOMAINS,
    LIST_URLS,
    LIST_EXPRESSIONS,
    LIST_HOSTS,
    LIST_ADBLOCK,
    LIST_RPZ,
    LIST_CSV,
    LIST_FORMATS
};
extern const char *const list_format_words[LIST_FORMATS];

struct lists_source {
    struct str id, title, licence, address;
    bool own; /* the council's: it alone may fill `illegal` */
};

struct lists_row {
    uint32_t source;
    struct str name;
    int category; /* enum category; -1: known, and not taken */
    enum list_format format;
};

struct lists_map {
    struct lists_source *sources;
    struct lists_row *rows;
    struct str *protect; /* canonical, as lists_how.must_work */
    uint32_t n_sources, n_rows, n_protect;
    struct str version;
    char *text; /* all texts above */
    size_t n_text, room;
};

/* Names that nobody may list. */
struct lists_guarded {
    struct str *names;   /* sorted: themselves, */
    struct str *below;   /* and all below them; */
    struct str *parents; /* and what such names lie below */
    size_t n_names, n_below, n_parents;
};

struct lists_import {
    const struct lists_how *how;
    struct lists_guarded guarded;
    const void *suffixes; /* psl_ctx_t */
    struct lists_tally *tallies;
    int *numbers; /* of struct lists, by tally */
    uint32_t n_tallies;
    uint64_t bytes, files, links;
    uint64_t bytes_before; /* of `bytes`, before the archive that is being read */
    char unmapped[4096];
    struct arena arena;
};

/* One file's lines, as they come in pieces. */
struct list_lines {
    struct lists_import *i;
    struct lists_tally *tally;
    int list;
    enum list_format format;
    uint64_t line;
    int csv_column; /* -1: no header yet */
    bool full, too_long, begun;
    const char *no_text; /* as the tally's, of this file */
    struct str origin;   /* of a response policy zone; in `origin_room` */
    char origin_room[256];
    size_t n_carry;
    char carry[4096]; /* the beginning of a line that has not come to its end */
};

/* False when there is no more room (full) and reading can end. */
bool list_lines_feed(struct list_lines *l, const char *bytes, size_t n);
bool list_lines_end(struct list_lines *l);

/* One entry. `flags`: enum catdb_flag. */
void list_host(struct list_lines *l, struct str text, unsigned flags);
void list_url(struct list_lines *l, struct str text);
void list_leave(struct list_lines *l, enum lists_left why, struct str text);

/* One line of that format, without its end and blanks at both ends. */
void list_line(struct list_lines *l, struct str line);

enum { LISTS_PIECE = 1 << 16 /* bytes that are read at once */, LISTS_FILES = 20000 };

/* An error, without what a terminal would obey; -1. */
__attribute__((format(printf, 2, 3))) int lists_wrong(struct diag *d, const char *format, ...);

/* What a file is to us: 1 and *l begun, 0 nothing, -1 with a message. `changed`: seconds since 1970, 0 = not
 * known. */
int lists_begin_file(struct lists_import *i, const char *path, struct str source, int64_t changed,
                     struct list_lines *l, struct diag *d);

/* n more bytes were read: -1 with a message once they are too many. */
int lists_count_bytes(struct lists_import *i, const char *path, size_t n, struct diag *d);

/* The message for a list_lines_feed that was false; -1. */
int lists_full(const char *path, struct diag *d);

/* By its name: .tar, .tar.gz ... */
bool lists_is_archive(const char *path);
int lists_read_archive(struct lists_import *i, const char *path, struct str source, struct diag *d);

int lists_guard(struct lists_import *i, struct diag *d);
void lists_guard_free(struct lists_guarded *g);
bool lists_is_guarded(const struct lists_guarded *g, struct str name, unsigned flags);

#endif
