/* The store in PostgreSQL, which several nodes may share. */
#include "store/postgres.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const postgres_texts[SQL_COUNT] = {
#define STATEMENT(name, sql) [SQL_##name] = (sql),
#define DIFFERS(name, sqlite, postgres) [SQL_##name] = (postgres),
#include "store/statements.def"
};

static struct postgres *of(struct store *s)
{
    return (struct postgres *)(void *)s;
}

/* ---- statements ---- */

static void finish(struct query *q)
{
    PQclear(q->result);
    q->result = NULL;
    q->row = 0;
}

static void clear(struct store *s, enum statement which)
{
    struct query *q = &of(s)->queries[which];

    finish(q);
    memset(q->values, 0, sizeof q->values);
}

static void bind(struct query *q, int at, const char *value, int length, int format)
{
    q->values[at - 1] = value;
    q->lengths[at - 1] = length;
    q->formats[at - 1] = format;
}

static void bind_number(struct store *s, enum statement which, int at, int64_t value)
{
    struct query *q = &of(s)->queries[which];

    snprintf(q->numbers[at - 1], NUMBER_TEXT, "%" PRId64, value);
    bind(q, at, q->numbers[at - 1], 0, 0);
}

static void bind_bytes(struct store *s, enum statement which, int at, struct str value)
{
    bind(&of(s)->queries[which], at, value.n ? value.p : "", (int)value.n, 1);
}

static struct link *link_of(struct postgres *s, enum statement which)
{
    return which <= SQL_HOUR_ADD ? &s->words : &s->main;
}

/* A link that broke while nothing was begun is no reason to fail: it is tried once more on a new one. Twice
 * run does no harm, what is outside of transactions can be (statements.def). */
static int execute(struct postgres *s, enum statement which, const char *what, struct diag *d)
{
    struct query *q = &s->queries[which];
    struct link *l = link_of(s, which);
    bool alone = l->words || !s->store.begun;
    char name[NUMBER_TEXT];

    snprintf(name, sizeof name, "s%d", which);
    for (int tries = 0;; tries++) {
        ExecStatusType status;
        bool again;

        if (alone ? postgres_connect(s, l, true, d) != 0 : !l->c)
            return alone ? -1 : postgres_failed(s, l, NULL, what, d);
        q->result = PQexecPrepared(l->c, name, q->n, q->values, q->lengths, q->formats, 1);
        status = PQresultStatus(q->result);
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
            break;
        again = alone && !tries && postgres_lost(l, q->result);
        if (!again)
            postgres_failed(s, l, q->result, what, d);
        if (postgres_lost(l, q->result))
            postgres_drop(l);
        finish(q);
        if (!again)
            return -1;
    }
    q->changed = strtoll(PQcmdTuples(q->result), NULL, 10);
    q->row = -1;
    return 0;
}

static int step(struct store *store, enum statement which, const char *what, struct diag *d)
{
    struct postgres *s = of(store);
    struct query *q = &s->queries[which];

    if (!q->result) {
        if (execute(s, which, what, d) != 0)
            return -1;
        s->tell |= which == SQL_ACT_ADD && q->changed > 0;
    }
    if (++q->row < PQntuples(q->result))
        return 1;
    finish(q);
    return 0;
}

static int64_t big_endian(const unsigned char *p, int n)
{
    uint64_t value = n && p[0] & 0x80 ? UINT64_MAX : 0;

    for (int i = 0; i < n; i++)
        value = value << 8 | p[i];
    return (int64_t)value;
}

/* Numbers are binary: of 2, 4 or 8 bytes. */
static int64_t number(struct store *s, enum statement which, int at)
{
    const struct query *q = &of(s)->queries[which];

    return PQgetisnull(q->result, q->row, at) ? 0
                                              : big_endian((const void *)PQgetvalue(q->result, q->row, at),
                                                           PQgetlength(q->result, q->row, at));
}

static struct str slice(struct store *s, enum statement which, int at)
{
    const struct query *q = &of(s)->queries[which];

    return (struct str){PQgetvalue(q->result, q->row, at), (size_t)PQgetlength(q->result, q->row, at)};
}

static int64_t changed(struct store *s, enum statement which)
{
    return of(s)->queries[which].changed;
}

/* ---- transactions ---- */

static int begin(struct store *store, struct diag *d)
{
    struct postgres *s = of(store);

    s->tell = false;
    for (int tries = 0;; tries++) {
        struct diag ignored;

        if (postgres_connect(s, &s->main, true, d) != 0)
            return -1;
        diag_init(&ignored);
        if (postgres_run(s, &s->main, "BEGIN", "cannot be written", tries ? d : &ignored) == 0)
            return 0;
        if (tries)
            return -1;
        postgres_drop(&s->main);
    }
}

/* COMMIT of a transaction in which something failed says ROLLBACK. */
static int commit_it(struct postgres *s, struct diag *d)
{
    PGresult *r = PQexec(s->main.c, "COMMIT");
    int result = 0;

    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        result = postgres_failed(s, &s->main, r, "cannot be written", d);
    else if (strcmp(PQcmdStatus(r), "COMMIT") != 0)
        result = store_failed(&s->store, "cannot be written", "a statement before this one failed", d);
    PQclear(r);
    return result;
}

static int commit(struct store *store, struct diag *d)
{
    struct postgres *s = of(store);

    if (!s->main.c)
        return postgres_failed(s, &s->main, NULL, "cannot be written", d);
    if (postgres_flush(s, d) != 0 ||
        (s->tell && postgres_run(s, &s->main, "NOTIFY portreeve", "cannot be written", d) != 0))
        return -1;
    return commit_it(s, d);
}

static void rollback(struct store *store)
{
    struct postgres *s = of(store);

    postgres_forget(s);
    for (int i = 0; i < SQL_COUNT; i++)
        finish(&s->queries[i]);
    if (s->main.c && PQstatus(s->main.c) == CONNECTION_OK && PQtransactionStatus(s->main.c) != PQTRANS_IDLE)
        PQclear(PQexec(s->main.c, "ROLLBACK"));
    if (s->main.c && PQtransactionStatus(s->main.c) != PQTRANS_IDLE)
        postgres_drop(&s->main); /* what cannot be told is given up: the server rolls it back */
}

/* What the others tell; of what happened while the link was down they cannot. */
static bool news(struct store *store)
{
    struct postgres *s = of(store);
    bool any = s->news;
    PGnotify *n;

    if (s->main.c && PQconsumeInput(s->main.c))
        while ((n = PQnotifies(s->main.c)) != NULL) {
            any |= n->be_pid != PQbackendPID(s->main.c);
            PQfreemem(n);
        }
    s->news = false;
    return any;
}

static void close_all(struct store *store)
{
    struct postgres *s = of(store);

    postgres_forget(s);
    for (int i = 0; i < SQL_COUNT; i++)
        finish(&s->queries[i]);
    postgres_drop(&s->main);
    postgres_drop(&s->words);
    for (int i = 0; i < KEEP_AGGREGATES; i++)
        free(s->events[i].p);
    for (int i = 0; i < 8; i++)
        free(s->minutes[i / 4][i % 4].p);
    free(s->conninfo);
    free(s->node);
    store_fini(store);
    free(s);
}

static const struct store_backend backend = {.name = "PostgreSQL",
                                             .close = close_all,
                                             .begin = begin,
                                             .commit = commit,
                                             .rollback = rollback,
                                             .clear = clear,
                                             .bind_number = bind_number,
                                             .bind_bytes = bind_bytes,
                                             .bind_text = bind_bytes,
                                             .step = step,
                                             .number = number,
                                             .slice = slice,
                                             .changed = changed,
                                             .add_event = postgres_add_event,
                                             .add_minute = postgres_add_minute,
                                             .news = news};

/* ---- opening ---- */

static int open_links(struct postgres *s, const char *name, const char *node, struct diag *d)
{
    char host[256] = "";

    if (postgres_name(s, name, d) != 0)
        return -1;
    if (!node) {
        gethostname(host, sizeof host - 1);
        node = host;
    }
    s->conninfo = strdup(name);
    s->node = strdup(node);
    if (!s->conninfo || !s->node)
        return store_failed(&s->store, "cannot be opened", "out of memory", d);
    if (postgres_connect(s, &s->main, false, d) != 0)
        return -1;
    return s->writing ? postgres_connect(s, &s->words, false, d) : 0;
}

/* The highest $N of a text: so many it wants, NULL where nothing is bound. */
static int parameters_of(const char *text)
{
    int n = 0;

    for (const char *c = strchr(text, '$'); c; c = strchr(c + 1, '$')) {
        int number = (int)strtol(c + 1, NULL, 10);

        if (number > n)
            n = number;
    }
    return n;
}

int postgres_open(const char *name, const char *node, bool writing, struct store **store, struct diag *d)
{
    struct postgres *s = calloc(1, sizeof *s);

    *store = NULL;
    if (!s)
        return diag_error(d, "the store: out of memory", NULL, NULL);
    s->store.backend = &backend;
    s->writing = writing;
    s->words.words = true;
    for (int i = 0; i < SQL_COUNT; i++)
        s->queries[i].n = parameters_of(postgres_texts[i]);
    if (open_links(s, name, node, d) != 0) {
        close_all(&s->store);
        return -1;
    }
    *store = &s->store;
    return 0;
}
