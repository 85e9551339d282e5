/* To PostgreSQL and back again: where it is, connecting, the schema, the lock of this node. */
#include "store/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { RETRY = 2 /* s */, NODE_NAME = 256 };

/* portreeved is one thread: this is how long it may stand still for a server that does not answer. */
static const char *const defaults[][2] = {
    {"connect_timeout", "3"},     {"tcp_user_timeout", "8000"}, {"keepalives_idle", "3"},
    {"keepalives_interval", "2"}, {"keepalives_count", "3"},    {"fallback_application_name", "portreeved"},
};
enum { N_DEFAULTS = sizeof defaults / sizeof *defaults };

/* Segments are deleted once they are committed: committed has to mean on the disk. Words may be late: the
 * commit of what refers to them takes them along. */
static const char setup_main[] =
    "SET client_min_messages = warning; SET lock_timeout = '3s'; SET statement_timeout = '60s';"
    "SET idle_in_transaction_session_timeout = '60s';"
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = "
    "'off';"
    "LISTEN portreeve";
static const char setup_words[] = "SET client_min_messages = warning; SET lock_timeout = '5s'; SET "
                                  "statement_timeout = '60s'; SET synchronous_commit = off";
static const char setup_read[] = "SET client_min_messages = warning; SET default_transaction_read_only = on; "
                                 "SET statement_timeout = '60s'";

/* Numbers of ours among PostgreSQL's advisory locks. */
enum { LOCK_NODE = 0x50545256, LOCK_SCHEMA = 0x50545257 };

bool postgres_is(const char *name)
{
    static const char *const starts[] = {"postgresql://", "postgres://", "host=", "dbname=", "service="};

    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (strncmp(name, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static const char *option(const PQconninfoOption *all, const char *keyword)
{
    for (; all->keyword; all++)
        if (strcmp(all->keyword, keyword) == 0)
            return all->val ? all->val : "";
    return "";
}

static bool is_local(const char *host)
{
    return !*host || *host == '/' || *host == '@' || !strcmp(host, "localhost") ||
           !strcmp(host, "127.0.0.1") || !strcmp(host, "::1");
}

int postgres_name(struct postgres *s, const char *name, struct diag *d)
{
    char *why = NULL, text[512];
    PQconninfoOption *all = PQconninfoParse(name, &why);
    int result = 0;

    if (!all) {
        diag_error(d, "the store: where PostgreSQL is cannot be read: ", why ? why : "out of memory", NULL);
        PQfreemem(why);
        return -1;
    }
    s->far = !is_local(option(all, "host")) || !is_local(option(all, "hostaddr"));
    if (*option(all, "password"))
        result = diag_error(
            d,
            "the store: a password in the command line is seen by everybody on the machine: put it into "
            "a file and name that (passfile=FILE, mode 0600), or sign in by certificate or socket",
            NULL, NULL);
    else if (s->far && *option(all, "sslmode") && strncmp(option(all, "sslmode"), "verify-", 7) != 0)
        result = diag_error(d, "the store: PostgreSQL on another machine wants sslmode=verify-full",
                            " (and sslrootcert=FILE)", NULL);
    snprintf(text, sizeof text, "PostgreSQL, %s at %s",
             *option(all, "dbname") ? option(all, "dbname") : "default",
             *option(all, "host") ? option(all, "host") : "its socket");
    s->store.name = strdup(text);
    PQconninfoFree(all);
    return result != 0 || s->store.name ? result : diag_error(d, "the store: out of memory", NULL, NULL);
}

int postgres_failed(struct postgres *s, const struct link *l, const PGresult *r, const char *what,
                    struct diag *d)
{
    const char *said = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    char why[DIAG_TEXT / 2];

    snprintf(why, sizeof why, "%s", said ? said : l->c ? PQerrorMessage(l->c) : "there is no link to it");
    why[strcspn(why, "\n")] = '\0';
    return store_failed(&s->store, what, why, d);
}

bool postgres_lost(const struct link *l, const PGresult *r)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;

    return PQstatus(l->c) != CONNECTION_OK || !state || strncmp(state, "57P", 3) == 0;
}

int postgres_run(struct postgres *s, struct link *l, const char *sql, const char *what, struct diag *d)
{
    PGresult *r = PQexec(l->c, sql);
    ExecStatusType status = PQresultStatus(r);
    int result = 0;

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        result = postgres_failed(s, l, r, what, d);
    PQclear(r);
    return result;
}

/* ---- connecting ---- */

static int64_t seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec + 1; /* never 0 */
}

void postgres_drop(struct link *l)
{
    PQfinish(l->c);
    l->c = NULL;
}

static PGconn *dial(const struct postgres *s)
{
    const char *keys[N_DEFAULTS + 4], *values[N_DEFAULTS + 4];
    int n = 0;

    for (; n < N_DEFAULTS; n++) {
        keys[n] = defaults[n][0];
        values[n] = defaults[n][1];
    }
    keys[n] = "sslmode"; /* where it is not said; what is said, postgres_name has agreed to */
    values[n++] = s->far ? "verify-full" : "prefer";
    keys[n] = "dbname";
    values[n++] = s->conninfo;
    keys[n] = NULL;
    values[n] = NULL;
    return PQconnectdbParams(keys, values, 1);
}

static int64_t ask(struct link *l, const char *sql, int64_t otherwise)
{
    PGresult *r = PQexec(l->c, sql);
    int64_t value = PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1 && !PQgetisnull(r, 0, 0)
                        ? strtoll(PQgetvalue(r, 0, 0), NULL, 10)
                        : otherwise;

    PQclear(r);
    return value;
}

/* What one node at a time may do. */
static int update(struct postgres *s, struct diag *d)
{
    struct link *l = &s->main;
    int64_t version = ask(l, "SELECT max(version) FROM portreeve_schema", 0);
    char end[96];

    if (version > (int64_t)postgres_schema_version)
        return store_failed(&s->store, "is not opened", "it was written by a newer portreeved: use that one",
                            d);
    for (; version < (int64_t)postgres_schema_version; version++) {
        snprintf(end, sizeof end, "INSERT INTO portreeve_schema VALUES(%u)", (unsigned)version + 1);
        if (postgres_run(s, l, postgres_schema[version], "cannot be prepared", d) != 0 ||
            postgres_run(s, l, end, "cannot be prepared", d) != 0)
            return -1;
    }
    return 0;
}

static int bring_up_to_date(struct postgres *s, struct diag *d)
{
    char text[96];
    int result;

    snprintf(text, sizeof text, "BEGIN; SELECT pg_advisory_xact_lock(%d)", LOCK_SCHEMA);
    result = postgres_run(s, &s->main, text, "cannot be prepared", d);
    if (result == 0)
        result = postgres_run(s, &s->main,
                              "CREATE TABLE IF NOT EXISTS portreeve_schema(version integer PRIMARY KEY)",
                              "cannot be prepared", d);
    if (result == 0)
        result = update(s, d);
    if (result == 0)
        return postgres_run(s, &s->main, "COMMIT", "cannot be prepared", d);
    PQclear(PQexec(s->main.c, "ROLLBACK"));
    return -1;
}

/* One portreeved a node. The lock goes with its session: what was killed a moment ago is waited for. */
static int take_lock(struct postgres *s, struct diag *d)
{
    char key[NUMBER_TEXT];
    const char *const values[] = {key, s->node};
    PGresult *r;
    int result = 0;

    snprintf(key, sizeof key, "%d", LOCK_NODE);
    r = PQexecParams(s->main.c, "SELECT pg_advisory_lock($1::integer, hashtext($2::text))", 2, NULL, values,
                     NULL, NULL, 0);
    if (PQresultStatus(r) != PGRES_TUPLES_OK) {
        const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
        char why[NODE_NAME + 64];

        snprintf(why, sizeof why, "another portreeved of the node %s has it open", s->node);
        result = state && strcmp(state, "55P03") == 0
                     ? store_failed(&s->store, "is not opened", why, d)
                     : postgres_failed(s, &s->main, r, "cannot be opened", d);
    }
    PQclear(r);
    return result;
}

/* Each is prepared where it runs, so that one which the schema does not fit fails at once. */
static int prepare(struct postgres *s, struct link *l, struct diag *d)
{
    char name[NUMBER_TEXT];

    for (int i = 0; i < SQL_COUNT; i++) {
        PGresult *r;
        int result = 0;

        if ((i <= SQL_HOUR_ADD) != l->words ||
            (i >= SQL_EVENTS_ADD && i <= SQL_CORPORATE_ADD)) /* COPY is no statement to be prepared */
            continue;
        snprintf(name, sizeof name, "s%d", i);
        r = PQprepare(l->c, name, postgres_texts[i], 0, NULL);
        if (PQresultStatus(r) != PGRES_COMMAND_OK)
            result = postgres_failed(s, l, r, postgres_texts[i], d);
        PQclear(r);
        if (result != 0)
            return -1;
    }
    return 0;
}

/* Errors come as errors. */
static void say_nothing(void *to, const char *text)
{
    (void)to, (void)text;
}

static int set_up(struct postgres *s, struct link *l, struct diag *d)
{
    const char *setup = l->words ? setup_words : s->writing ? setup_main : setup_read;

    if (PQstatus(l->c) != CONNECTION_OK)
        return postgres_failed(s, l, NULL, "cannot be reached", d);
    PQsetNoticeProcessor(l->c, say_nothing, NULL);
    if (postgres_run(s, l, setup, "cannot be opened", d) != 0)
        return -1;
    if (!l->words && s->writing && (take_lock(s, d) != 0 || bring_up_to_date(s, d) != 0))
        return -1;
    return prepare(s, l, d);
}

int postgres_connect(struct postgres *s, struct link *l, bool patient, struct diag *d)
{
    int64_t now = seconds();

    if (l->c && PQstatus(l->c) == CONNECTION_OK)
        return 0;
    postgres_drop(l);
    if (patient && l->tried && now - l->tried < RETRY)
        return store_failed(&s->store, "cannot be reached", "it is tried again in a moment", d);
    l->tried = now;
    l->c = dial(s);
    if (set_up(s, l, d) != 0) {
        postgres_drop(l);
        l->tried = seconds();
        return -1;
    }
    s->main.tried = s->words.tried = 0; /* it is there: the other one need not wait either */
    s->news = true;
    return 0;
}
