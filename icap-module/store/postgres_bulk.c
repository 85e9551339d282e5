/* What comes in thousands: events by COPY in its binary format, minutes as arrays, both at the end of a
 * transaction or when there is much of it. */
#include "store/postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS_MAX = 4 << 20 /* bytes */, MINUTES_MAX = 20000 };
enum { EVENT_FIELDS = 7, ROW_MAX = 2 + EVENT_FIELDS * 4 + 3 * 8 + 4 * 4 + EVENT_MAX };

static const char copy_head[] =
    "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, flags, length of what follows */
enum { COPY_HEAD = 19 };

static char *room_for(struct bytes *b, size_t n)
{
    if (b->room - b->n < n) {
        size_t room = 2 * (b->n + n) + 4096;
        char *p = realloc(b->p, room);

        if (!p)
            return NULL;
        b->p = p;
        b->room = room;
    }
    return b->p + b->n;
}

static char *put(char *to, int64_t value, int size)
{
    for (int i = size - 1; i >= 0; i--)
        *to++ = (char)((uint64_t)value >> 8 * i);
    return to;
}

static char *put_field(char *to, int64_t value, int size)
{
    return put(put(to, size, 4), value, size);
}

int postgres_add_event(struct store *store, enum keep into, const struct event_row *row, struct diag *d)
{
    struct postgres *s = (struct postgres *)(void *)store;
    struct bytes *b = &s->events[into];
    char *to = room_for(b, ROW_MAX + COPY_HEAD);

    if (!to || row->code.n > EVENT_MAX)
        return store_failed(store, "an event cannot be written",
                            to ? "its code is too long" : "out of memory", d);
    if (!b->n) {
        memcpy(to, copy_head, COPY_HEAD);
        to += COPY_HEAD;
    }
    to = put(to, EVENT_FIELDS, 2);
    to = put_field(to, row->time, 8);
    to = put_field(to, row->person, 4);
    to = put_field(to, row->segment, 4);
    to = put_field(to, row->sequence & INT32_MAX, 4);
    to = put_field(to, row->kind, 4);
    to = put(to, row->code.n ? (int64_t)row->code.n : -1, 4); /* -1: NULL */
    if (row->code.n)
        memcpy(to, row->code.p, row->code.n);
    to += row->code.n;
    to = row->place ? put_field(to, row->place, 8) : put(to, -1, 4);
    b->n = (size_t)(to - b->p);
    return store->begun && b->n < EVENTS_MAX ? 0 : postgres_flush(s, d);
}

static int put_text(struct bytes *b, const char *text, size_t n)
{
    char *to = room_for(b, n + 1);

    if (!to)
        return -1;
    memcpy(to, text, n);
    b->n += n;
    b->p[b->n] = '\0';
    return 0;
}

static int put_number(struct bytes *b, int64_t value)
{
    char text[NUMBER_TEXT];
    struct text t;

    text_init(&t, text, sizeof text);
    text_putc(&t, b->n ? ',' : '{');
    text_put_u64(&t, (uint64_t)value);
    return put_text(b, text, text_str(&t).n);
}

/* As an array literal has bytes: "\\x0a1b". */
static int put_digest(struct bytes *b, struct str digest)
{
    char text[2 * DAY_DIGEST + 16];
    struct text t;

    text_init(&t, text, sizeof text);
    text_putc(&t, b->n ? ',' : '{');
    text_puts(&t, "\"\\\\x");
    for (size_t i = 0; i < digest.n; i++) {
        text_putc(&t, "0123456789abcdef"[(unsigned char)digest.p[i] >> 4]);
        text_putc(&t, "0123456789abcdef"[(unsigned char)digest.p[i] & 15]);
    }
    text_putc(&t, '"');
    return put_text(b, text, text_str(&t).n);
}

int postgres_add_minute(struct store *store, const struct minute_row *row, struct diag *d)
{
    struct postgres *s = (struct postgres *)(void *)store;
    const int which = row->digest.n ? 1 : 0;
    struct bytes *columns = s->minutes[which];

    if (put_number(&columns[0], row->day) != 0 ||
        (which ? put_digest(&columns[1], row->digest) : put_number(&columns[1], row->person)) != 0 ||
        put_number(&columns[2], row->allowance) != 0 || put_number(&columns[3], row->minute) != 0)
        return store_failed(store, "a minute cannot be written", "out of memory", d);
    return store->begun && ++s->n_minutes[which] < MINUTES_MAX ? 0 : postgres_flush(s, d);
}

/* All answers of a COPY have to be taken, also when it went wrong. */
static int end_copy(struct postgres *s, int sent, struct diag *d)
{
    PGresult *r;
    int result = 0;

    if (sent != 1)
        result = postgres_failed(s, &s->main, NULL, "events cannot be written", d);
    while ((r = PQgetResult(s->main.c)) != NULL) {
        if (PQresultStatus(r) != PGRES_COMMAND_OK && result == 0)
            result = postgres_failed(s, &s->main, r, "events cannot be written", d);
        PQclear(r);
        if (PQstatus(s->main.c) != CONNECTION_OK)
            break;
    }
    return result;
}

static const enum statement copy_into[KEEP_AGGREGATES] = {
    [KEEP_EVENTS] = SQL_EVENTS_ADD, [KEEP_SECURITY] = SQL_SECURITY_ADD, [KEEP_CORPORATE] = SQL_CORPORATE_ADD};

static int flush_events(struct postgres *s, enum keep into, struct diag *d)
{
    struct bytes *b = &s->events[into];
    PGresult *r;
    int sent;
    char *to;

    if (!b->n)
        return 0;
    to = room_for(b, 2);
    if (!to)
        return store_failed(&s->store, "events cannot be written", "out of memory", d);
    put(to, -1, 2);
    r = PQexec(s->main.c, postgres_texts[copy_into[into]]);
    if (PQresultStatus(r) != PGRES_COPY_IN) {
        postgres_failed(s, &s->main, r, "events cannot be written", d);
        PQclear(r);
        return -1;
    }
    PQclear(r);
    sent = PQputCopyData(s->main.c, b->p, (int)b->n + 2);
    if (sent == 1)
        sent = PQputCopyEnd(s->main.c, NULL);
    b->n = 0;
    return end_copy(s, sent, d);
}

static int flush_minutes(struct postgres *s, int which, struct diag *d)
{
    const char *values[4];
    char name[NUMBER_TEXT];
    PGresult *r;
    int result = 0;

    if (!s->minutes[which][0].n)
        return 0;
    for (int i = 0; i < 4; i++) {
        if (put_text(&s->minutes[which][i], "}", 1) != 0)
            return store_failed(&s->store, "minutes cannot be written", "out of memory", d);
        values[i] = s->minutes[which][i].p;
    }
    snprintf(name, sizeof name, "s%d", which ? SQL_DAY_MINUTE_ADD : SQL_MINUTE_ADD);
    r = PQexecPrepared(s->main.c, name, 4, values, NULL, NULL, 0);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        result = postgres_failed(s, &s->main, r, "minutes cannot be written", d);
    else
        s->tell |= strcmp(PQcmdTuples(r), "0") != 0;
    PQclear(r);
    for (int i = 0; i < 4; i++)
        s->minutes[which][i].n = 0;
    s->n_minutes[which] = 0;
    return result;
}

int postgres_flush(struct postgres *s, struct diag *d)
{
    if (!s->store.begun && postgres_connect(s, &s->main, true, d) != 0)
        return -1;
    if (!s->main.c) /* what was begun ended with it */
        return postgres_failed(s, &s->main, NULL, "cannot be written", d);
    for (int i = 0; i < KEEP_AGGREGATES; i++)
        if (flush_events(s, (enum keep)i, d) != 0)
            return -1;
    return flush_minutes(s, 0, d) != 0 || flush_minutes(s, 1, d) != 0 ? -1 : 0;
}

void postgres_forget(struct postgres *s)
{
    for (int i = 0; i < KEEP_AGGREGATES; i++)
        s->events[i].n = 0;
    for (int i = 0; i < 8; i++)
        s->minutes[i / 4][i % 4].n = 0;
    s->n_minutes[0] = s->n_minutes[1] = 0;
}
