/* What an import writes: events and minutes. */
#include "store/backend.h"

int store_segment(struct store *s, struct str name, struct store_segment *segment, struct diag *d)
{
    int64_t id = 0, next = 0;

    s->backend->clear(s, SQL_SEGMENT_ID);
    s->backend->bind_text(s, SQL_SEGMENT_ID, 1, name);
    if (store_ask(s, SQL_SEGMENT_ID, 0, &id, d) != 0)
        return -1;
    if (!id) {
        s->backend->clear(s, SQL_SEGMENT_ADD);
        s->backend->bind_text(s, SQL_SEGMENT_ADD, 1, name);
        s->backend->clear(s, SQL_SEGMENT_ID);
        s->backend->bind_text(s, SQL_SEGMENT_ID, 1, name);
        if (store_run(s, SQL_SEGMENT_ADD, "cannot be written", d) != 0 ||
            store_ask(s, SQL_SEGMENT_ID, 0, &id, d) != 0)
            return -1;
    }
    s->backend->clear(s, SQL_SEGMENT);
    store_bind_numbers(s, SQL_SEGMENT, 1, &id, 1);
    if (store_ask(s, SQL_SEGMENT, 0, &next, d) != 0)
        return -1;
    *segment = (struct store_segment){id, (uint64_t)next, (uint64_t)next};
    return 0;
}

int store_segment_read(struct store *s, const struct store_segment *segment, struct diag *d)
{
    const int64_t values[] = {(int64_t)segment->next, segment->id, (int64_t)segment->was};

    s->backend->clear(s, SQL_SEGMENT_READ);
    store_bind_numbers(s, SQL_SEGMENT_READ, 1, values, 3);
    if (store_run(s, SQL_SEGMENT_READ, "cannot be written", d) != 0)
        return -1;
    if (s->backend->changed(s, SQL_SEGMENT_READ) != 1)
        return store_failed(s, "a segment is not taken", "another portreeved has imported of it meanwhile",
                            d);
    return 0;
}

/* Hours that have events: what is looked up and erased hour by hour. */
static int note_hour(struct store *s, int64_t hour, struct diag *d)
{
    if (s->has_hour && s->hour == hour)
        return 0;
    s->backend->clear(s, SQL_HOUR_ADD);
    store_bind_numbers(s, SQL_HOUR_ADD, 1, &hour, 1);
    if (store_run(s, SQL_HOUR_ADD, "an event cannot be written", d) != 0)
        return -1;
    s->hour = hour;
    s->has_hour = true;
    return 0;
}

static struct str pseudonym_of(const struct event *e)
{
    return (struct str){(const char *)e->pseudonym, e->has_pseudonym ? PSEUDONYM_SIZE : 0};
}

int store_event(struct store *s, int64_t segment, const struct event *e, struct diag *d)
{
    struct event_row row = {.hour = e->time / 3600,
                            .time = e->time,
                            .segment = segment,
                            .sequence = (int64_t)e->sequence,
                            .place = store_place(e),
                            .code = e->code};
    const struct interned *person = store_person(s, pseudonym_of(e), d), *kind;

    if (!person)
        return -1;
    row.person = person->id;
    kind = store_kind(s, e, d);
    if (!kind || note_hour(s, row.hour, d) != 0)
        return -1;
    row.kind = kind->id;
    return s->backend->add_event(s, KEEP_EVENTS, &row, d) != 0 || store_keep(s, e, &row, d) != 0 ? -1 : 0;
}

/* `who`: whose memo tells that the minute is there already. */
static int put_minute(struct store *s, struct interned *who, struct minute_row *m, struct diag *d)
{
    const uint64_t memo =
        (uint64_t)m->allowance << 40 | (uint64_t)(uint32_t)m->day << 11 | (uint64_t)m->minute;

    if (who->memo == memo)
        return 0;
    if (s->backend->add_minute(s, m, d) != 0)
        return -1;
    who->memo = memo;
    return 0;
}

int store_minute(struct store *s, const unsigned char person[PSEUDONYM_SIZE], struct str allowance,
                 const struct local_time *at, struct diag *d)
{
    struct minute_row m = {.day = at->day, .minute = at->minute};
    const struct interned *what = store_name(s, allowance, d);
    struct interned *who =
        what ? store_person(s, (struct str){(const char *)person, PSEUDONYM_SIZE}, d) : NULL;

    if (!who)
        return -1;
    m.allowance = what->id;
    m.person = who->id;
    return put_minute(s, who, &m, d);
}

int store_day_minute(struct store *s, const unsigned char digest[DAY_DIGEST], struct str allowance,
                     const struct local_time *at, struct diag *d)
{
    struct minute_row m = {
        .day = at->day, .minute = at->minute, .digest = {(const char *)digest, DAY_DIGEST}};
    const struct interned *what = store_name(s, allowance, d);
    struct interned *who;

    if (!what)
        return -1;
    m.allowance = what->id;
    who = intern_find(&s->days, m.digest);
    if (!who)
        who = intern_put(&s->days, m.digest, 0);
    return who ? put_minute(s, who, &m, d)
               : store_failed(s, "a minute cannot be written", "out of memory", d);
}

int store_tidy(struct store *s, int64_t now, struct diag *d)
{
    const int64_t today = clock_local(now).day;
    const struct {
        enum statement which;
        int64_t before;
    } steps[] = {
        {SQL_TIDY_MINUTES, today - 1},
        {SQL_TIDY_USED, today - 1},
        {SQL_TIDY_DAY_MINUTES, today},
        {SQL_TIDY_DAY_USED, today},
    };

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        s->backend->clear(s, steps[i].which);
        store_bind_numbers(s, steps[i].which, 1, &steps[i].before, 1);
        if (store_run(s, steps[i].which, "cannot be tidied", d) != 0)
            return -1;
    }
    intern_clear(&s->days);
    s->has_hour = false; /* it may have been erased */
    return 0;
}
