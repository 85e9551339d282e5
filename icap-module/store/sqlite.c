/* The store in one SQLite file. WAL, so that `portreeve ref` reads while portreeved writes; synchronous FULL,
 * because a segment is deleted once its events are committed; secure_delete, because what is erased shall not
 * be found in the file's free pages. */
#include "store/backend.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct sqlite {
    struct store store;
    sqlite3 *db;
    int lock; /* held while it is open for writing; -1 for reading */
    sqlite3_stmt *statements[SQL_COUNT];
    int64_t changed[SQL_COUNT];
};

static const char *const texts[SQL_COUNT] = {
#define STATEMENT(name, sql) [SQL_##name] = (sql),
#define DIFFERS(name, sqlite, postgres) [SQL_##name] = (sqlite),
#include "store/statements.def"
};

static struct sqlite *of(struct store *s)
{
    return (struct sqlite *)(void *)s;
}

static int failed(struct sqlite *s, const char *what, struct diag *d)
{
    return store_failed(&s->store, what, s->db ? sqlite3_errmsg(s->db) : "out of memory", d);
}

/* ---- statements ---- */

static void clear(struct store *s, enum statement which)
{
    sqlite3_reset(of(s)->statements[which]);
    sqlite3_clear_bindings(of(s)->statements[which]);
}

static void bind_number(struct store *s, enum statement which, int at, int64_t value)
{
    sqlite3_bind_int64(of(s)->statements[which], at, value);
}

static void bind_bytes(struct store *s, enum statement which, int at, struct str value)
{
    sqlite3_bind_blob(of(s)->statements[which], at, value.n ? value.p : "", (int)value.n, SQLITE_STATIC);
}

static void bind_text(struct store *s, enum statement which, int at, struct str value)
{
    sqlite3_bind_text(of(s)->statements[which], at, value.n ? value.p : "", (int)value.n, SQLITE_STATIC);
}

static int step(struct store *store, enum statement which, const char *what, struct diag *d)
{
    struct sqlite *s = of(store);
    int got = sqlite3_step(s->statements[which]);

    if (got == SQLITE_ROW)
        return 1;
    if (got != SQLITE_DONE)
        failed(s, what, d);
    s->changed[which] = got == SQLITE_DONE ? sqlite3_changes64(s->db) : 0;
    sqlite3_reset(s->statements[which]);
    return got == SQLITE_DONE ? 0 : -1;
}

static int64_t number(struct store *s, enum statement which, int at)
{
    return sqlite3_column_int64(of(s)->statements[which], at);
}

static struct str slice(struct store *s, enum statement which, int at)
{
    sqlite3_stmt *q = of(s)->statements[which];
    const char *p = sqlite3_column_type(q, at) == SQLITE_BLOB ? sqlite3_column_blob(q, at)
                                                              : (const char *)sqlite3_column_text(q, at);

    return (struct str){p, p ? (size_t)sqlite3_column_bytes(q, at) : 0};
}

static int64_t changed(struct store *s, enum statement which)
{
    return of(s)->changed[which];
}

/* ---- what comes in thousands ---- */

static const enum statement add_into[KEEP_AGGREGATES] = {
    [KEEP_EVENTS] = SQL_EVENTS_ADD, [KEEP_SECURITY] = SQL_SECURITY_ADD, [KEEP_CORPORATE] = SQL_CORPORATE_ADD};

static int add_event(struct store *store, enum keep into, const struct event_row *row, struct diag *d)
{
    struct sqlite *s = of(store);
    sqlite3_stmt *q = s->statements[add_into[into]];
    const int64_t numbers[] = {row->hour, row->person, row->time, row->segment, row->sequence, row->kind};

    for (int i = 0; i < (int)(sizeof numbers / sizeof *numbers); i++)
        sqlite3_bind_int64(q, i + 1, numbers[i]);
    if (row->code.n)
        sqlite3_bind_text(q, 7, row->code.p, (int)row->code.n, SQLITE_STATIC);
    else
        sqlite3_bind_null(q, 7);
    if (row->place)
        sqlite3_bind_int64(q, 8, row->place);
    else
        sqlite3_bind_null(q, 8);
    return step(store, add_into[into], "an event cannot be written", d);
}

static int put_minute(struct store *store, enum statement which, const struct minute_row *row, struct diag *d)
{
    sqlite3_stmt *q = of(store)->statements[which];

    sqlite3_bind_int64(q, 1, row->day);
    if (row->digest.n)
        sqlite3_bind_blob(q, 2, row->digest.p, (int)row->digest.n, SQLITE_STATIC);
    else
        sqlite3_bind_int64(q, 2, row->person);
    sqlite3_bind_int64(q, 3, row->allowance);
    sqlite3_bind_int64(q, 4, row->minute);
    return step(store, which, "a minute cannot be written", d);
}

static int add_minute(struct store *store, const struct minute_row *row, struct diag *d)
{
    const enum statement minute = row->digest.n ? SQL_DAY_MINUTE_ADD : SQL_MINUTE_ADD;

    if (put_minute(store, minute, row, d) != 0)
        return -1;
    if (of(store)->changed[minute] == 0)
        return 0;
    return put_minute(store, row->digest.n ? SQL_DAY_USED_ADD : SQL_USED_ADD, row, d);
}

/* ---- transactions ---- */

static int run_text(struct sqlite *s, const char *sql, const char *what, struct diag *d)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : failed(s, what, d);
}

static int begin(struct store *s, struct diag *d)
{
    return run_text(of(s), "BEGIN IMMEDIATE", "cannot be written", d);
}

static int commit(struct store *s, struct diag *d)
{
    return run_text(of(s), "COMMIT", "cannot be written", d);
}

static void rollback(struct store *s)
{
    if (!sqlite3_get_autocommit(of(s)->db))
        sqlite3_exec(of(s)->db, "ROLLBACK", NULL, NULL, NULL);
}

static void close_file(struct store *store)
{
    struct sqlite *s = of(store);

    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(s->statements[i]);
    sqlite3_close(s->db);
    if (s->lock >= 0)
        close(s->lock);
    store_fini(store);
    free(s);
}

static const struct store_backend backend = {.name = "SQLite",
                                             .close = close_file,
                                             .begin = begin,
                                             .commit = commit,
                                             .rollback = rollback,
                                             .clear = clear,
                                             .bind_number = bind_number,
                                             .bind_bytes = bind_bytes,
                                             .bind_text = bind_text,
                                             .step = step,
                                             .number = number,
                                             .slice = slice,
                                             .changed = changed,
                                             .add_event = add_event,
                                             .add_minute = add_minute};

/* ---- opening ---- */

static int version_of(struct sqlite *s, unsigned *version, struct diag *d)
{
    sqlite3_stmt *q = NULL;
    int result = -1;

    if (sqlite3_prepare_v2(s->db, "PRAGMA user_version", -1, &q, NULL) == SQLITE_OK &&
        sqlite3_step(q) == SQLITE_ROW) {
        *version = (unsigned)sqlite3_column_int(q, 0);
        result = 0;
    } else {
        failed(s, "cannot be read", d);
    }
    sqlite3_finalize(q);
    if (result == 0 && *version > sqlite_schema_version)
        return diag_error(d, s->store.name, ": was written by a newer portreeved: use that one", NULL);
    return result;
}

/* Step by step, each with its number in one transaction. */
static int bring_up_to_date(struct sqlite *s, struct diag *d)
{
    unsigned version;

    if (version_of(s, &version, d) != 0)
        return -1;
    for (; version < sqlite_schema_version; version++) {
        char end[64];

        snprintf(end, sizeof end, "PRAGMA user_version = %u; COMMIT", version + 1);
        if (run_text(s, "BEGIN IMMEDIATE", "cannot be prepared", d) != 0)
            return -1;
        if (run_text(s, sqlite_schema[version], "cannot be prepared", d) != 0 ||
            run_text(s, end, "cannot be prepared", d) != 0) {
            sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
            return -1;
        }
    }
    return 0;
}

/* One writer: a second portreeved would import the same segments and delete what this one reads. */
static int take_lock(struct sqlite *s, struct diag *d)
{
    char name[4096];

    if ((size_t)snprintf(name, sizeof name, "%s.lock", s->store.name) >= sizeof name)
        return diag_error(d, s->store.name, ": is too long a name", NULL);
    s->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (s->lock < 0)
        return diag_error(d, name, ": cannot be made: ", strerror(errno));
    if (flock(s->lock, LOCK_EX | LOCK_NB) != 0)
        return diag_error(d, s->store.name, ": another portreeved has it open", NULL);
    return 0;
}

/* Parameters by number: a text that names them in another order would be bound wrongly, and is refused here.
 */
static int prepare(struct sqlite *s, enum statement which, struct diag *d)
{
    sqlite3_stmt **q = &s->statements[which];
    char name[16];

    if (sqlite3_prepare_v3(s->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, q, NULL) != SQLITE_OK)
        return failed(s, texts[which], d);
    for (int i = 1; i <= sqlite3_bind_parameter_count(*q); i++) {
        snprintf(name, sizeof name, "$%d", i);
        if (sqlite3_bind_parameter_index(*q, name) != i)
            return store_failed(&s->store, texts[which], "its parameters are not in order", d);
    }
    return 0;
}

static int open_writing(struct sqlite *s, struct diag *d)
{
    int fd;

    if (take_lock(s, d) != 0)
        return -1;
    fd = open(s->store.name, O_RDWR | O_CREAT | O_CLOEXEC,
              0640); /* SQLite gives the files beside it the same mode */
    if (fd < 0)
        return diag_error(d, s->store.name, ": cannot be opened: ", strerror(errno));
    close(fd);
    return 0;
}

/* Who only reads changes nothing. */
static int is_readable(struct sqlite *s, struct diag *d)
{
    unsigned version;

    if (version_of(s, &version, d) != 0)
        return -1;
    if (version == sqlite_schema_version)
        return 0;
    return diag_error(d, s->store.name,
                      ": is of an older version: start portreeved once, which brings it up to date", NULL);
}

static int open_file(struct sqlite *s, bool writing, struct diag *d)
{
    int flags = writing ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;

    if (writing && open_writing(s, d) != 0)
        return -1;
    if (sqlite3_open_v2(s->store.name, &s->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
        return failed(s, "cannot be opened", d);
    sqlite3_busy_timeout(s->db, 2000);
    if (run_text(s, "PRAGMA foreign_keys = OFF; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -65536",
                 "cannot be opened", d) != 0)
        return -1;
    if (writing &&
        (run_text(s,
                  "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = "
                  "8000; PRAGMA secure_delete = ON",
                  "cannot be prepared", d) != 0 ||
         bring_up_to_date(s, d) != 0))
        return -1;
    if (!writing && is_readable(s, d) != 0)
        return -1;
    for (int i = 0; i < SQL_COUNT; i++)
        if (prepare(s, (enum statement)i, d) != 0)
            return -1;
    return 0;
}

int sqlite_open(const char *path, bool writing, struct store **store, struct diag *d)
{
    struct sqlite *s = calloc(1, sizeof *s);

    *store = NULL;
    if (!s)
        return diag_error(d, path, ": out of memory", NULL);
    s->lock = -1;
    s->store.backend = &backend;
    s->store.name = strdup(path);
    if (!s->store.name || open_file(s, writing, d) != 0) {
        close_file(&s->store);
        return -1;
    }
    *store = &s->store;
    return 0;
}
