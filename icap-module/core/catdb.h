/* The category database: which lists name a host or address, in one immutable file that all workers map.
 *
 * The container is D. J. Bernstein's constant database (cdb.txt of cdb-0.75; `cdb -q FILE example.com` reads
 * it, tinycdb writes it: compile/lists_write.c). A record's key is
 *
 *     example.com           a host name: canonical as struct request has it, no leading dot
 *     example.com/a/b?c=d   an address below that host, in lower case, without "www." and the path's final '/'
 *
 * and its value a run of items of three bytes: the number of a list (two bytes, the lower first) and flags.
 * The first record's key is CATDB_KEY, so that its value, the header, stands at a fixed place: struct
 * catdb_header, its rows of struct catdb_list, their text. cdb's own numbers are little-endian, the header's
 * are this machine's.
 *
 * The file is proven whole when it is made (compile/lists.h, `portreeve lists check`). catdb_open looks at the
 * header alone, so that a file of any size is ready at once; a look-up stays inside the file and within
 * CATDB_PROBES slots a probe whatever the bytes are. Not libcdb's cdb_find: it writes to its handle, knows no
 * such limit (one broken table costs a walk of it all), and waits for each suffix's memory in turn.
 *
 * It is published by renaming and never written to in place: whoever cuts a mapped file short ends the
 * processes that read it. */
#ifndef CORE_CATDB_H
#define CORE_CATDB_H

#include "core/artefact.h"
#include "core/diag.h"

#define CATDB_MAGIC "PRTVCATS"
#define CATDB_KEY "portreeve category lists"

enum {
    CATDB_VERSION = 1,
    CATDB_HEAD = 2048,                   /* cdb's table of tables */
    CATDB_AT = CATDB_HEAD + 8 + 24,      /* of the header: behind the first record's lengths and key */
    CATDB_ITEM = 3,                      /* bytes */
    CATDB_ITEMS = 64,                    /* of one record */
    CATDB_LISTS = 16384,                 /* lists, local rows included */
    CATDB_TEXT = 4 << 20,                /* bytes of the lists' text */
    CATDB_PROBES = 1024,                 /* slots that one probe may walk */
    CATDB_LABELS = 128,                  /* of a host of REQUEST_HOST_MAX bytes */
    CATDB_URL_PROBES = 24,               /* prefixes of one address that are looked for */
    CATDB_SUM = 32
};

/* A number of no list, which says that records of addresses below this host are there. */
enum { CATDB_HAS_URLS = 0xffff };

enum catdb_flag { CATDB_EXACT = 1 /* the name itself and nothing below it */ };

enum catdb_kind {
    CATDB_LISTED = 0, /* a list that was imported */
    CATDB_DENIED,     /* rows of the local lists that were written by hand: */
    CATDB_ALLOWED,    /* takes these categories off, whatever says otherwise */
    CATDB_KINDS
};

struct catdb_list {
    struct a_str name; /* "ut1/gambling", "local" */
    struct a_str source, licence;
    struct a_str owner;  /* of local rows */
    uint32_t kind;       /* enum catdb_kind */
    uint32_t categories; /* bit set by enum category */
    uint32_t date;       /* day of its files since 1970; 0 = not known */
    uint32_t until;      /* UTC second from which it holds no longer; 0 = never */
    uint32_t names, urls;
};

struct catdb_header {
    char magic[8];
    uint32_t version;
    uint32_t size;        /* of the whole file */
    uint32_t names, urls; /* records */
    uint32_t lists, text; /* rows, and bytes of text behind them */
    uint32_t made[2];     /* seconds since 1970, the lower half first */
    uint32_t probes;      /* the longest walk that a look-up in this file takes */
    uint32_t labels[2];   /* of the names: fewest, most */
    uint32_t filled[32];  /* entries by enum category; of rows that run out, too */
    unsigned char sum[CATDB_SUM]; /* BLAKE2b of the file with these bytes zero */
    uint32_t reserved;
};

/* An opened database: places in borrowed bytes. Immutable; threads and forks share it. */
struct catdb {
    const unsigned char *base;
    size_t size;
    const struct catdb_header *header;
    const struct catdb_list *lists;
    const char *text;
};

/* Looks at the header alone. The bytes, aligned to 8, must outlive *db. -1 with a message. */
int catdb_open(const void *bytes, size_t size, struct catdb *db, struct diag *d);

/* What is asked; all canonical as in struct request, path and query empty for a tunnel. */
struct catdb_question {
    struct str host, path, query;
    bool host_is_address;
};

/* An entry that says something of the question: the list, and the part of host and address that it names. */
typedef void catdb_found(void *to, const struct catdb_list *list, struct str host, struct str url);

/* Calls found for every entry, from the whole host to its last label. At most as many probes as labels, and
 * CATDB_URL_PROBES where the host has records of addresses. */
void catdb_ask(const struct catdb *db, const struct catdb_question *q, catdb_found *found, void *to);

struct str catdb_str(const struct catdb *db, struct a_str s);

/* Has the memory fetched that a catdb_get of that key begins with: for who will ask for many. */
void catdb_prefetch(const struct catdb *db, struct str key);

/* The items of the record with that key; n = 0: there is none. */
struct str catdb_get(const struct catdb *db, struct str key);

/* The records in the order of the file. False at their end (c->at == c->end), or where one is not sound. */
struct catdb_cursor {
    uint64_t at, end;
};
struct catdb_cursor catdb_begin(const struct catdb *db);
bool catdb_next(const struct catdb *db, struct catdb_cursor *c, struct str *key, struct str *items);

/* One item of a record: the number of its list. */
uint32_t catdb_item(struct str items, size_t i, unsigned *flags);

/* How many slots a look-up of the key walks until it is found; 0: it is not found. */
uint32_t catdb_walk(const struct catdb *db, struct str key);

/* BLAKE2b over the file, the place of the sum itself taken as zeros. */
void catdb_sum(const void *bytes, size_t size, unsigned char sum[CATDB_SUM]);

#endif
