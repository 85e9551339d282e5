/* What the files of the SQLite backend share. */
#ifndef STORE_SQLITE_INTERNAL_H
#define STORE_SQLITE_INTERNAL_H

#include "store/intern.h"
#include "store/store.h"

#include <sqlite3.h>

/* STATEMENT(NAME, "sql"): prepared when the store is opened, so that one which the schema does not fit fails
 * at once. In sqlite_statements.def. */
enum statement {
#define STATEMENT(name, sql) SQL_##name,
#include "store/sqlite_statements.def"
    SQL_COUNT
};

struct store {
    sqlite3 *db;
    char *path;
    int lock; /* held while it is open for writing; -1 for reading */
    sqlite3_stmt *statements[SQL_COUNT];
    struct intern names, people;
    struct intern days; /* digests of a day: only their memo is of use */
    int64_t hour;       /* known to be in the table of hours, if has_hour */
    bool has_hour;
    int (*on_act)(void *to, struct store *s, const struct act *a, struct diag *d);
    void *on_act_to;
    char *text; /* of the letter that was last asked for */
};

extern const char *const store_schema[]; /* step by step, one for each version */
extern const unsigned store_schema_version;

/* Says what SQLite says. Always -1. */
int store_failed(struct store *s, const char *what, struct diag *d);

/* A statement with its bindings cleared. */
sqlite3_stmt *store_statement(struct store *s, enum statement which);

/* Runs one that yields no row; resets it. */
int store_run(struct store *s, sqlite3_stmt *q, const char *what, struct diag *d);

/* The next row: 1, 0 = no more (it is reset then), -1 = failed (reset, with a message). */
int store_step(struct store *s, sqlite3_stmt *q, const char *what, struct diag *d);

void store_bind_str(sqlite3_stmt *q, int at, struct str text);
void store_bind_blob(sqlite3_stmt *q, int at, const void *bytes, size_t n);
struct str store_column(sqlite3_stmt *q, int at); /* until the next step */

/* The row that the store keeps for a text or a pseudonym, made when it is new; NULL with a message. */
struct interned *store_name(struct store *s, struct str text, struct diag *d);
struct interned *store_person(struct store *s, struct str pseudonym, struct diag *d);

#endif
