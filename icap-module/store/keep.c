/* Stores by purpose: what goes into them, how they are erased chunk by chunk, what is held. */
#include "store/backend.h"

#include "store/standing_write.h"

enum { HOUR = 3600, HOURS_A_DAY = 24 };

const char *const keep_words[KEEP_COUNT] = {"events", "security", "corporate", "aggregates"};

/* ---- in ---- */

static bool is_corporate(const struct event *e)
{
    static const char *const none[] = {"", "other", "unknown", "none"};

    if (e->action != ACTION_ALLOW || e->activity == ACTIVITY_VIEW)
        return false;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (str_eq(e->account, str_of(none[i])))
            return false;
    return true;
}

int store_keep(struct store *s, const struct event *e, const struct event_row *row, struct diag *d)
{
    if (event_is_security(e) && s->backend->add_event(s, KEEP_SECURITY, row, d) != 0)
        return -1;
    return is_corporate(e) ? s->backend->add_event(s, KEEP_CORPORATE, row, d) : 0;
}

int store_kept(struct store *s, enum keep which, const int64_t from_until[2],
               void (*each)(void *to, const struct event *e), void *to, struct diag *d)
{
    enum statement q = which == KEEP_SECURITY ? SQL_SECURITY_BETWEEN : SQL_CORPORATE_BETWEEN;

    if (which != KEEP_SECURITY && which != KEEP_CORPORATE)
        return store_failed(s, "cannot be asked for", "these are not kept for a purpose of their own", d);
    s->backend->clear(s, q);
    store_bind_numbers(s, q, 1, from_until, 2);
    return store_each_event(s, q, each, to, d);
}

/* ---- out ---- */

/* Statements by store: what is next, erasing it, what is left of it. */
static const struct {
    enum statement next, erase, left;
} by_store[KEEP_COUNT] = {
    [KEEP_EVENTS] = {SQL_EVENTS_NEXT, SQL_EVENTS_ERASE, SQL_EVENTS_LEFT},
    [KEEP_SECURITY] = {SQL_SECURITY_NEXT, SQL_SECURITY_ERASE, SQL_SECURITY_LEFT},
    [KEEP_CORPORATE] = {SQL_CORPORATE_NEXT, SQL_CORPORATE_ERASE, SQL_CORPORATE_LEFT},
    [KEEP_AGGREGATES] = {SQL_AGGREGATES_NEXT, SQL_AGGREGATES_ERASE, SQL_AGGREGATES_ERASE},
};

void store_on_erased(struct store *s,
                     int (*each)(void *to, struct store *s, const struct erased *e, struct diag *d), void *to)
{
    s->on_erased = each;
    s->on_erased_to = to;
}

static int write_receipt(struct store *s, const struct erased *e, struct diag *d)
{
    const int64_t values[] = {e->day, e->store, (int64_t)e->events, (int64_t)e->held, e->at};

    if (!e->events && !e->held)
        return 0;
    s->backend->clear(s, SQL_ERASED_ADD);
    store_bind_numbers(s, SQL_ERASED_ADD, 1, values, 5);
    if (store_run(s, SQL_ERASED_ADD, "a receipt cannot be written", d) != 0)
        return -1;
    return s->on_erased ? s->on_erased(s->on_erased_to, s, e, d) : 0;
}

/* An hour of events (a day of sums), ERASE_CHUNK rows at most; *whole: all of it that no hold keeps is gone.
 */
static int erase_at(struct store *s, int64_t hour, struct erased *e, bool *whole, struct diag *d)
{
    const int64_t values[] = {hour, ERASE_CHUNK};
    const bool sums = e->store == KEEP_AGGREGATES;
    enum statement erase = by_store[e->store].erase, left = by_store[e->store].left;
    int64_t held = 0;

    s->backend->clear(s, erase);
    store_bind_numbers(s, erase, 1, values, sums ? 1 : 2);
    if (store_run(s, erase, "cannot be erased", d) != 0)
        return -1;
    e->events = (uint64_t)s->backend->changed(s, erase);
    *whole = sums || e->events < ERASE_CHUNK;
    if (*whole && !sums) {
        s->backend->clear(s, left);
        store_bind_numbers(s, left, 1, &hour, 1);
        if (store_ask(s, left, 0, &held, d) != 0)
            return -1;
    }
    e->held = (uint64_t)held;
    if (*whole && !held && e->store == KEEP_EVENTS) {
        s->backend->clear(s, SQL_HOUR_DONE);
        store_bind_numbers(s, SQL_HOUR_DONE, 1, &hour, 1);
        if (store_run(s, SQL_HOUR_DONE, "cannot be erased", d) != 0)
            return -1;
    }
    return write_receipt(s, e, d);
}

/* What people said of events goes with them. */
static int erase_notes(struct store *s, int64_t before, struct diag *d)
{
    const int64_t time = before * HOUR;

    s->backend->clear(s, SQL_NOTES_ERASE);
    store_bind_numbers(s, SQL_NOTES_ERASE, 1, &time, 1);
    return store_run(s, SQL_NOTES_ERASE, "notes cannot be erased", d);
}

static int erase_chunk(struct store *s, const struct erased *what, struct erasing *how, int64_t before,
                       struct diag *d)
{
    struct erased e = {.store = what->store, .at = what->at};
    enum statement next = by_store[what->store].next;
    const int64_t range[] = {how->hour, before};
    int64_t hour;
    bool whole = false;

    s->backend->clear(s, next);
    store_bind_numbers(s, next, 1, range, 2);
    if (store_ask(s, next, -1, &hour, d) != 0)
        return -1;
    how->more = hour >= 0;
    if (!how->more)
        return what->store == KEEP_EVENTS ? erase_notes(s, before, d) : 0;
    e.day = what->store == KEEP_AGGREGATES ? (int32_t)hour : clock_local(hour * HOUR).day;
    if (erase_at(s, hour, &e, &whole, d) != 0)
        return -1;
    if (whole)
        how->hour = hour + 1;
    return 0;
}

int store_erase(struct store *s, const struct erased *what, struct erasing *how, struct diag *d)
{
    const int64_t before = what->store == KEEP_AGGREGATES ? what->day : local_midnight(what->day) / HOUR;
    struct erasing now = *how;

    if (store_begin(s, d) != 0)
        return -1;
    if (erase_chunk(s, what, &now, before, d) != 0 || store_commit(s, d) != 0) {
        store_rollback(s);
        return -1;
    }
    if (now.more)
        s->has_hour = false;
    *how = now;
    return 0;
}

int store_erased(struct store *s, void (*each)(void *to, const struct erased *e), void *to, struct diag *d)
{
    const struct store_backend *b = s->backend;
    int got;

    b->clear(s, SQL_ERASED);
    while ((got = store_step(s, SQL_ERASED, "cannot be read", d)) == 1) {
        struct erased e = {.day = (int32_t)b->number(s, SQL_ERASED, 0),
                           .events = (uint64_t)b->number(s, SQL_ERASED, 2),
                           .held = (uint64_t)b->number(s, SQL_ERASED, 3),
                           .at = b->number(s, SQL_ERASED, 4)};
        uint64_t store = (uint64_t)b->number(s, SQL_ERASED, 1);

        if (store >= KEEP_COUNT)
            continue; /* a newer portreeved's */
        e.store = (enum keep)store;
        each(to, &e);
    }
    return got;
}

/* ---- holds ---- */

int store_hold(struct store *s, const struct hold *h, struct diag *d)
{
    const struct interned *person = store_person(s, (struct str){(const char *)h->person, PSEUDONYM_SIZE}, d);
    int64_t numbers[4];

    if (!person)
        return -1;
    if (!h->reference.n || h->from >= h->until)
        return store_failed(s, "a hold is not taken",
                            "it needs a case's reference, and a period that ends after it begins", d);
    memcpy(numbers, (const int64_t[]){person->id, h->from, h->until, h->review}, sizeof numbers);
    s->backend->clear(s, SQL_HOLD_ADD);
    s->backend->bind_text(s, SQL_HOLD_ADD, 1, h->reference);
    store_bind_numbers(s, SQL_HOLD_ADD, 2, numbers, 4);
    s->backend->bind_text(s, SQL_HOLD_ADD, 6, h->by);
    store_bind_numbers(s, SQL_HOLD_ADD, 7, &h->at, 1);
    return store_run(s, SQL_HOLD_ADD, "a hold cannot be written", d);
}

int store_release(struct store *s, struct str reference, struct diag *d)
{
    s->backend->clear(s, SQL_HOLD_RELEASE);
    s->backend->bind_text(s, SQL_HOLD_RELEASE, 1, reference);
    return store_run(s, SQL_HOLD_RELEASE, "a hold cannot be released", d);
}

int store_holds(struct store *s, void (*each)(void *to, const struct hold *h), void *to, struct diag *d)
{
    const struct store_backend *b = s->backend;
    int got;

    b->clear(s, SQL_HOLDS);
    while ((got = store_step(s, SQL_HOLDS, "cannot be read", d)) == 1) {
        struct str who = b->slice(s, SQL_HOLDS, 1);
        struct hold h = {.reference = b->slice(s, SQL_HOLDS, 0),
                         .from = b->number(s, SQL_HOLDS, 2),
                         .until = b->number(s, SQL_HOLDS, 3),
                         .review = b->number(s, SQL_HOLDS, 4),
                         .by = b->slice(s, SQL_HOLDS, 5),
                         .at = b->number(s, SQL_HOLDS, 6)};

        if (who.n == PSEUDONYM_SIZE)
            memcpy(h.person, who.p, PSEUDONYM_SIZE);
        each(to, &h);
    }
    return got;
}
