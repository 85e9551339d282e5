/* What stands behind store.h: the operations (words.c, events.c, acts.c, reads.c ...) are written once, over
 * a backend that runs statements. A backend is one table of functions; sqlite.c and postgres.c have one each.
 * All statements of both stand in statements.def.
 *
 * A statement is bound from its number, stepped until there is no more row, and read by column; what was
 * bound must live until the first step, and what is read ends with the next one. Parameters are numbered from
 * 1, columns from 0. What is not bound is NULL. */
#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include "store/intern.h"
#include "store/store.h"

enum statement {
#define STATEMENT(name, sql) SQL_##name,
#define DIFFERS(name, sqlite, postgres) SQL_##name,
#include "store/statements.def"
    SQL_COUNT
};

/* An event as a row: words and people are numbers of the store's. */
struct event_row {
    int64_t hour, person, time, segment, sequence, kind, place; /* place 0: none */
    struct str code;
};

/* A minute of an allowance: of somebody with a pseudonym (person), or known for the day alone (digest). */
struct minute_row {
    int64_t person;
    struct str digest; /* empty: by person */
    int64_t allowance, day, minute;
};

struct store_backend {
    const char *name;
    void (*close)(struct store *s); /* frees it */
    int (*begin)(struct store *s, struct diag *d);
    int (*commit)(struct store *s, struct diag *d);
    void (*rollback)(struct store *s);
    void (*clear)(struct store *s, enum statement which);
    void (*bind_number)(struct store *s, enum statement which, int at, int64_t value);
    void (*bind_bytes)(struct store *s, enum statement which, int at, struct str value);
    void (*bind_text)(struct store *s, enum statement which, int at, struct str value);
    int (*step)(struct store *s, enum statement which, const char *what, struct diag *d);
    int64_t (*number)(struct store *s, enum statement which, int at);
    struct str (*slice)(struct store *s, enum statement which, int at);
    int64_t (*changed)(struct store *s, enum statement which); /* rows that its last run wrote */
    /* In bulk: there at the latest when the transaction is committed. */
    int (*add_event)(struct store *s, enum keep into, const struct event_row *row, struct diag *d);
    int (*add_minute)(struct store *s, const struct minute_row *row, struct diag *d);
    bool (*news)(struct store *s); /* store_changed_elsewhere */
};

/* What both have; each backend's own structure begins with it. */
struct store {
    const struct store_backend *backend;
    char *name; /* as messages have it: no password is in it */
    struct intern names, people, kinds;
    struct intern days; /* digests of a day: only their memo is of use */
    int64_t hour;       /* known to be in the table of hours, if has_hour */
    bool has_hour, begun /* a transaction */;
    int (*on_act)(void *to, struct store *s, const struct act *a, struct diag *d);
    void *on_act_to;
    int (*on_erased)(void *to, struct store *s, const struct erased *e, struct diag *d);
    void *on_erased_to;
    char *text; /* of the letter that was last asked for */
};

int sqlite_open(const char *path, bool writing, struct store **s, struct diag *d);
int postgres_open(const char *name, const char *node, bool writing, struct store **s, struct diag *d);
bool postgres_is(const char *name);
extern const char *const sqlite_schema[]; /* step by step, one for each version */
extern const unsigned sqlite_schema_version;

/* "NAME: what: why". Always -1. */
int store_failed(const struct store *s, const char *what, const char *why, struct diag *d);

void store_clear_words(struct store *s); /* what is remembered of numbers and hours */
void store_fini(struct store *s);        /* what `struct store` itself holds */

/* For the operations. Bound: `n` numbers from parameter `at` on. */
void store_bind_numbers(struct store *s, enum statement which, int at, const int64_t *values, int n);

/* The next row: 1; 0 = no more; -1 = failed, with a message. */
int store_step(struct store *s, enum statement which, const char *what, struct diag *d);

/* Runs one of whose rows nobody wants any. */
int store_run(struct store *s, enum statement which, const char *what, struct diag *d);

/* One number: the first column of the first row, `otherwise` where there is none. -1 when it failed. */
int store_ask(struct store *s, enum statement which, int64_t otherwise, int64_t *value, struct diag *d);

/* The row that the store keeps for a text or a pseudonym, made when it is new; NULL with a message. */
struct interned *store_name(struct store *s, struct str text, struct diag *d);
struct interned *store_person(struct store *s, struct str pseudonym, struct diag *d);

/* Where an event's address lies, as one number; 0 = it has no place. */
int64_t store_place(const struct event *e);

/* An event into the stores of other purposes, where it is their business. */
int store_keep(struct store *s, const struct event *e, const struct event_row *row, struct diag *d);

/* Runs a statement of EVENT_COLUMNS that is bound. */
int store_each_event(struct store *s, enum statement q, void (*each)(void *to, const struct event *e),
                     void *to, struct diag *d);

/* All of an event that many others have in common, as one number. */
struct interned *store_kind(struct store *s, const struct event *e, struct diag *d);

#endif
