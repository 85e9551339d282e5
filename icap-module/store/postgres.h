/* What the files of the PostgreSQL backend share (libpq). Two connections: one in which the operations run,
 * in the caller's transactions, and one for words (statements.def), which commits each by itself.
 *
 * A lost link: what runs fails, in a transaction until it is rolled back; the next thing that is wanted then
 * connects anew, once in RETRY seconds. Nothing waits longer than the limits of postgres_link.c. */
#ifndef STORE_POSTGRES_H
#define STORE_POSTGRES_H

#include "store/backend.h"

#include <libpq-fe.h>

enum { PARAMETERS = 16, NUMBER_TEXT = 24 };

/* A statement's parameters, and what came of its last run. */
struct query {
    PGresult *result;
    int row, n; /* the row in hand; parameters of the text */
    int64_t changed;
    const char *values[PARAMETERS];
    int lengths[PARAMETERS], formats[PARAMETERS];
    char numbers[PARAMETERS][NUMBER_TEXT];
};

struct bytes {
    char *p;
    size_t n, room;
};

struct link {
    PGconn *c;     /* NULL: not connected */
    int64_t tried; /* when it was last, monotonic seconds; 0 = never */
    bool words;
};

struct postgres {
    struct store store;
    char *conninfo, *node;
    bool writing;
    bool far;  /* on another machine: who answers has to be proven */
    bool tell; /* of this transaction: the other nodes shall hear of it */
    bool news; /* something may have happened that we have not been told */
    struct link main, words;
    struct query queries[SQL_COUNT];
    struct bytes events[KEEP_AGGREGATES]; /* by store: rows in COPY's binary format, not sent yet */
    struct bytes minutes[2][4];           /* columns as array literals: by person, by digest */
    unsigned n_minutes[2];
};

extern const char *const postgres_texts[SQL_COUNT];
extern const char *const postgres_schema[];
extern const unsigned postgres_schema_version;

/* ---- postgres_link.c ---- */

/* What `name` says, proven as far as it can be without the server; fills store.name. No password may stand in
 * it: everybody on the machine sees the command line. */
int postgres_name(struct postgres *s, const char *name, struct diag *d);

/* Connected, prepared, and this node's alone. `patient`: not even tried when it was just tried in vain. */
int postgres_connect(struct postgres *s, struct link *l, bool patient, struct diag *d);
void postgres_drop(struct link *l);

/* Says what the server, or the lack of one, says. Always -1. */
int postgres_failed(struct postgres *s, const struct link *l, const PGresult *r, const char *what,
                    struct diag *d);

/* Whether what failed did so because the link is gone: no answer, or one that says goodbye. libpq itself may
 * not have noticed yet. */
bool postgres_lost(const struct link *l, const PGresult *r);

/* Runs a text without parameters. */
int postgres_run(struct postgres *s, struct link *l, const char *sql, const char *what, struct diag *d);

/* ---- postgres_bulk.c ---- */

int postgres_add_event(struct store *s, enum keep into, const struct event_row *row, struct diag *d);
int postgres_add_minute(struct store *s, const struct minute_row *row, struct diag *d);
int postgres_flush(struct postgres *s, struct diag *d); /* all that is not sent yet */
void postgres_forget(struct postgres *s);               /* without sending it */

#endif
