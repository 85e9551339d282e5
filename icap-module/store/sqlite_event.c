/* Events and minutes: what an import writes. */
#include "store/sqlite_internal.h"

/* The two tables of words: how one is found and how it is made. */
struct words_of {
    struct intern *known;
    enum statement find, add;
    bool blob;
};

static void bind_word(sqlite3_stmt *q, const struct words_of *w, struct str text)
{
    if (w->blob)
        store_bind_blob(q, 1, text.p, text.n);
    else
        store_bind_str(q, 1, text);
}

static struct interned *word(struct store *s, const struct words_of *w, struct str text, struct diag *d)
{
    struct interned *known = intern_find(w->known, text);
    sqlite3_stmt *q;
    int64_t id = 0;
    int got;

    if (known)
        return known;
    q = store_statement(s, w->find);
    bind_word(q, w, text);
    got = store_step(s, q, "cannot be read", d);
    if (got < 0)
        return NULL;
    if (got == 1) {
        id = sqlite3_column_int64(q, 0);
        sqlite3_reset(q);
    } else {
        q = store_statement(s, w->add);
        bind_word(q, w, text);
        if (store_run(s, q, "cannot be written", d) != 0)
            return NULL;
        id = sqlite3_last_insert_rowid(s->db);
    }
    known = intern_put(w->known, text, id);
    if (!known)
        store_failed(s, "out of memory", d);
    return known;
}

struct interned *store_name(struct store *s, struct str text, struct diag *d)
{
    return word(s, &(struct words_of){&s->names, SQL_NAME_ID, SQL_NAME_ADD, false}, text, d);
}

struct interned *store_person(struct store *s, struct str pseudonym, struct diag *d)
{
    return word(s, &(struct words_of){&s->people, SQL_PERSON_ID, SQL_PERSON_ADD, true}, pseudonym, d);
}

int store_segment(struct store *s, struct str name, struct store_segment *segment, struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_SEGMENT);
    int got;

    store_bind_str(q, 1, name);
    got = store_step(s, q, "cannot be read", d);
    if (got == 1) {
        *segment = (struct store_segment){sqlite3_column_int64(q, 0), (uint64_t)sqlite3_column_int64(q, 1)};
        sqlite3_reset(q);
        return 0;
    }
    if (got < 0)
        return -1;
    q = store_statement(s, SQL_SEGMENT_ADD);
    store_bind_str(q, 1, name);
    if (store_run(s, q, "cannot be written", d) != 0)
        return -1;
    *segment = (struct store_segment){sqlite3_last_insert_rowid(s->db), 0};
    return 0;
}

int store_segment_read(struct store *s, const struct store_segment *segment, struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_SEGMENT_READ);

    sqlite3_bind_int64(q, 1, segment->id);
    sqlite3_bind_int64(q, 2, (int64_t)segment->next);
    return store_run(s, q, "cannot be written", d);
}

static struct str pseudonym_of(const struct event *e)
{
    return (struct str){(const char *)e->pseudonym, e->has_pseudonym ? PSEUDONYM_SIZE : 0};
}

/* The first columns: who, and what has a number in `name`. */
static int bind_words(struct store *s, sqlite3_stmt *q, const struct event *e, struct diag *d)
{
    const struct {
        int at;
        struct str text;
    } words[] = {{6, e->policy}, {7, e->rule}, {8, e->platform}, {9, e->account}, {20, e->would_rule}};
    const struct interned *w = store_person(s, pseudonym_of(e), d);

    if (!w)
        return -1;
    sqlite3_bind_int64(q, 2, w->id);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        w = store_name(s, words[i].text, d);
        if (!w)
            return -1;
        sqlite3_bind_int64(q, words[i].at, w->id);
    }
    return 0;
}

/* The table of hours that there are. */
static int note_hour(struct store *s, int64_t hour, struct diag *d)
{
    sqlite3_stmt *q;

    if (s->has_hour && s->hour == hour)
        return 0;
    q = store_statement(s, SQL_HOUR_ADD);
    sqlite3_bind_int64(q, 1, hour);
    if (store_run(s, q, "an event cannot be written", d) != 0)
        return -1;
    s->hour = hour;
    s->has_hour = true;
    return 0;
}

int store_event(struct store *s, int64_t segment, const struct event *e, struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_EVENT_ADD);
    const int64_t numbers[] = {e->action,   e->why,        e->activity, e->confidence, e->origin,
                               e->identity, e->categories, e->people,   e->shadow,     e->would};
    const int64_t hour = e->time / 3600;

    if (note_hour(s, hour, d) != 0 || bind_words(s, q, e, d) != 0)
        return -1;
    sqlite3_bind_int64(q, 1, hour);
    sqlite3_bind_int64(q, 3, e->time);
    sqlite3_bind_int64(q, 4, segment);
    sqlite3_bind_int64(q, 5, (int64_t)e->sequence);
    for (int i = 0; i < (int)(sizeof numbers / sizeof *numbers); i++)
        sqlite3_bind_int64(q, 10 + i, numbers[i]);
    store_bind_str(q, 21, e->code);
    return store_run(s, q, "an event cannot be written", d);
}

/* A minute of somebody's: the two tables that it goes into, and who it is there. */
struct minute_of {
    enum statement minute, used;
    struct interned *who; /* whose memo tells that it is there already */
    struct str blob;      /* who: these bytes, else the number */
};

static void bind_whom(sqlite3_stmt *q, const struct minute_of *m)
{
    if (m->blob.n)
        store_bind_blob(q, 2, m->blob.p, m->blob.n);
    else
        sqlite3_bind_int64(q, 2, m->who->id);
}

static int put_minute(struct store *s, const struct minute_of *m, int64_t what, const struct local_time *at,
                      struct diag *d)
{
    const uint64_t memo = (uint64_t)what << 40 | (uint64_t)(uint32_t)at->day << 11 | at->minute;
    sqlite3_stmt *q;

    if (m->who->memo == memo)
        return 0;
    q = store_statement(s, m->minute);
    sqlite3_bind_int(q, 1, at->day);
    bind_whom(q, m);
    sqlite3_bind_int64(q, 3, what);
    sqlite3_bind_int64(q, 4, at->minute);
    if (store_run(s, q, "a minute cannot be written", d) != 0)
        return -1;
    m->who->memo = memo;
    if (sqlite3_changes(s->db) == 0)
        return 0;
    q = store_statement(s, m->used);
    sqlite3_bind_int(q, 1, at->day);
    bind_whom(q, m);
    sqlite3_bind_int64(q, 3, what);
    sqlite3_bind_int64(q, 4, at->minute);
    return store_run(s, q, "a minute cannot be written", d);
}

int store_minute(struct store *s, const unsigned char person[PSEUDONYM_SIZE], struct str allowance,
                 const struct local_time *at, struct diag *d)
{
    struct minute_of m = {SQL_MINUTE_ADD, SQL_USED_ADD, NULL, STR_NONE};
    const struct interned *what = store_name(s, allowance, d);

    if (what)
        m.who = store_person(s, (struct str){(const char *)person, PSEUDONYM_SIZE}, d);
    return m.who ? put_minute(s, &m, what->id, at, d) : -1;
}

int store_day_minute(struct store *s, const unsigned char digest[DAY_DIGEST], struct str allowance,
                     const struct local_time *at, struct diag *d)
{
    struct minute_of m = {SQL_DAY_MINUTE_ADD, SQL_DAY_USED_ADD, NULL, {(const char *)digest, DAY_DIGEST}};
    const struct interned *what = store_name(s, allowance, d);

    if (!what)
        return -1;
    m.who = intern_find(&s->days, m.blob);
    if (!m.who)
        m.who = intern_put(&s->days, m.blob, 0);
    return m.who ? put_minute(s, &m, what->id, at, d) : store_failed(s, "out of memory", d);
}
