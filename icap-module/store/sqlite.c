/* The store in one SQLite file: opening, transactions, statements. WAL, so that `portreeve ref` reads while
 * portreeved writes; synchronous FULL, because a segment is deleted once its events are committed. */
#include "store/sqlite_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

static const char *const statements[SQL_COUNT] = {
#define STATEMENT(name, sql) [SQL_##name] = (sql),
#include "store/sqlite_statements.def"
};

int store_failed(struct store *s, const char *what, struct diag *d)
{
    char text[DIAG_TEXT];

    snprintf(text, sizeof text, ": %s: %s", what, s->db ? sqlite3_errmsg(s->db) : "out of memory");
    return diag_error(d, s->path ? s->path : "the store", text, NULL);
}

sqlite3_stmt *store_statement(struct store *s, enum statement which)
{
    sqlite3_reset(s->statements[which]);
    sqlite3_clear_bindings(s->statements[which]);
    return s->statements[which];
}

int store_step(struct store *s, sqlite3_stmt *q, const char *what, struct diag *d)
{
    int got = sqlite3_step(q);

    if (got == SQLITE_ROW)
        return 1;
    if (got != SQLITE_DONE)
        store_failed(s, what, d);
    sqlite3_reset(q);
    return got == SQLITE_DONE ? 0 : -1;
}

int store_run(struct store *s, sqlite3_stmt *q, const char *what, struct diag *d)
{
    int got;

    while ((got = store_step(s, q, what, d)) == 1)
        ;
    return got;
}

void store_bind_str(sqlite3_stmt *q, int at, struct str text)
{
    sqlite3_bind_text(q, at, text.n ? text.p : "", (int)text.n, SQLITE_STATIC);
}

void store_bind_blob(sqlite3_stmt *q, int at, const void *bytes, size_t n)
{
    sqlite3_bind_blob(q, at, n ? bytes : "", (int)n, SQLITE_STATIC);
}

struct str store_column(sqlite3_stmt *q, int at)
{
    const char *p = (const char *)sqlite3_column_text(q, at);

    return (struct str){p, p ? (size_t)sqlite3_column_bytes(q, at) : 0};
}

static int run_text(struct store *s, const char *sql, struct diag *d)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return store_failed(s, "cannot be prepared", d);
    return 0;
}

static int version_of(struct store *s, unsigned *version, struct diag *d)
{
    sqlite3_stmt *q = NULL;
    int result = -1;

    if (sqlite3_prepare_v2(s->db, "PRAGMA user_version", -1, &q, NULL) == SQLITE_OK &&
        sqlite3_step(q) == SQLITE_ROW) {
        *version = (unsigned)sqlite3_column_int(q, 0);
        result = 0;
    } else {
        store_failed(s, "cannot be read", d);
    }
    sqlite3_finalize(q);
    if (result == 0 && *version > store_schema_version)
        return diag_error(d, s->path, ": was written by a newer portreeved: use that one", NULL);
    return result;
}

/* Step by step, each with its number in one transaction. */
static int bring_up_to_date(struct store *s, struct diag *d)
{
    unsigned version;

    if (version_of(s, &version, d) != 0)
        return -1;
    for (; version < store_schema_version; version++) {
        char number[64];

        snprintf(number, sizeof number, "PRAGMA user_version = %u; COMMIT", version + 1);
        if (run_text(s, "BEGIN IMMEDIATE", d) != 0)
            return -1;
        if (run_text(s, store_schema[version], d) != 0 || run_text(s, number, d) != 0) {
            sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
            return -1;
        }
    }
    return 0;
}

/* One writer: a second portreeved would import the same segments and delete what this one reads. */
static int take_lock(struct store *s, struct diag *d)
{
    char name[4096];

    if ((size_t)snprintf(name, sizeof name, "%s.lock", s->path) >= sizeof name)
        return diag_error(d, s->path, ": is too long a name", NULL);
    s->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (s->lock < 0)
        return diag_error(d, name, ": cannot be made: ", strerror(errno));
    if (flock(s->lock, LOCK_EX | LOCK_NB) != 0)
        return diag_error(d, s->path, ": another portreeved has it open", NULL);
    return 0;
}

static int prepare_all(struct store *s, struct diag *d)
{
    for (int i = 0; i < SQL_COUNT; i++)
        if (sqlite3_prepare_v3(s->db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &s->statements[i],
                               NULL) != SQLITE_OK)
            return store_failed(s, statements[i], d);
    return 0;
}

static int open_file(struct store *s, bool writing, struct diag *d)
{
    int flags = writing ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
    int fd;

    if (writing) { /* made by us, so that it has our mode; SQLite gives the files beside it the same */
        if (take_lock(s, d) != 0)
            return -1;
        fd = open(s->path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
        if (fd < 0)
            return diag_error(d, s->path, ": cannot be opened: ", strerror(errno));
        close(fd);
    }
    if (sqlite3_open_v2(s->path, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return store_failed(s, "cannot be opened", d);
    sqlite3_busy_timeout(s->db, 2000);
    if (run_text(s, "PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -65536",
                 d) != 0)
        return -1;
    if (writing &&
        (run_text(s, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8000",
                  d) != 0 ||
         bring_up_to_date(s, d) != 0))
        return -1;
    return prepare_all(s, d);
}

static int open_store(const char *path, bool writing, struct store **store, struct diag *d)
{
    struct store *s = calloc(1, sizeof *s);

    *store = NULL;
    if (!s)
        return diag_error(d, path, ": out of memory", NULL);
    s->lock = -1;
    s->path = strdup(path);
    if (!s->path || open_file(s, writing, d) != 0) {
        store_close(s);
        return -1;
    }
    *store = s;
    return 0;
}

int store_open(const char *path, struct store **s, struct diag *d)
{
    return open_store(path, true, s, d);
}

int store_open_read(const char *path, struct store **s, struct diag *d)
{
    return open_store(path, false, s, d);
}

void store_close(struct store *s)
{
    if (!s)
        return;
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(s->statements[i]);
    sqlite3_close(s->db);
    intern_clear(&s->names);
    intern_clear(&s->people);
    intern_clear(&s->days);
    if (s->lock >= 0)
        close(s->lock);
    free(s->text);
    free(s->path);
    free(s);
}

int store_begin(struct store *s, struct diag *d)
{
    return store_run(s, store_statement(s, SQL_BEGIN), "cannot be written", d);
}

int store_commit(struct store *s, struct diag *d)
{
    return store_run(s, store_statement(s, SQL_COMMIT), "cannot be written", d);
}

void store_rollback(struct store *s)
{
    if (!sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    intern_clear(&s->names); /* numbers that were given out since the beginning are gone */
    intern_clear(&s->people);
    intern_clear(&s->days);
    s->has_hour = false;
}
