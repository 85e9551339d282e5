/* Alerts of repeated refusals: whose refusals are to be looked at, and what came of it. */
#include "store/backend.h"

#include "core/page.h"
#include "record/seal.h"

#include <stdio.h>

static void bind_person(struct store *s, enum statement q, const unsigned char person[PSEUDONYM_SIZE])
{
    s->backend->bind_bytes(s, q, 1, (struct str){(const char *)person, PSEUDONYM_SIZE});
}

static void take_person(unsigned char to[PSEUDONYM_SIZE], struct str pseudonym)
{
    memset(to, 0, PSEUDONYM_SIZE);
    if (pseudonym.n == PSEUDONYM_SIZE)
        memcpy(to, pseudonym.p, PSEUDONYM_SIZE);
}

int store_alert_due(struct store *s, const unsigned char person[PSEUDONYM_SIZE], const int64_t from_until[2],
                    struct diag *d)
{
    const struct interned *who = store_person(s, (struct str){(const char *)person, PSEUDONYM_SIZE}, d);

    if (!who)
        return -1;
    s->backend->clear(s, SQL_ALERT_DUE_ADD);
    store_bind_numbers(s, SQL_ALERT_DUE_ADD, 1, (const int64_t[]){who->id, from_until[0], from_until[1]}, 3);
    return store_run(s, SQL_ALERT_DUE_ADD, "refusals cannot be noted", d);
}

int store_alert_next(struct store *s, struct alert_due *due, struct diag *d)
{
    const struct store_backend *b = s->backend;
    int got;

    *due = (struct alert_due){0};
    b->clear(s, SQL_ALERT_NEXT);
    got = store_step(s, SQL_ALERT_NEXT, "alerts cannot be looked for", d);
    if (got == 1) {
        due->id = b->number(s, SQL_ALERT_NEXT, 0);
        take_person(due->person, b->slice(s, SQL_ALERT_NEXT, 1));
        due->from = b->number(s, SQL_ALERT_NEXT, 2);
        due->until = b->number(s, SQL_ALERT_NEXT, 3);
    }
    b->clear(s, SQL_ALERT_NEXT);
    return got < 0 ? -1 : 0;
}

int store_alert_done(struct store *s, int64_t id, struct diag *d)
{
    s->backend->clear(s, SQL_ALERT_DONE);
    s->backend->bind_number(s, SQL_ALERT_DONE, 1, id);
    return store_run(s, SQL_ALERT_DONE, "alerts cannot be looked for", d);
}

int store_refusals(struct store *s, const unsigned char person[PSEUDONYM_SIZE], const int64_t from_until[2],
                   void (*each)(void *to, const struct event *e), void *to, struct diag *d)
{
    const struct store_backend *b = s->backend;
    int got;

    b->clear(s, SQL_REFUSALS);
    bind_person(s, SQL_REFUSALS, person);
    store_bind_numbers(s, SQL_REFUSALS, 2,
                       (const int64_t[]){from_until[0], from_until[1], ACTION_REFUSE, ORIGIN_PERSON}, 4);
    while ((got = store_step(s, SQL_REFUSALS, "refusals cannot be read", d)) == 1) {
        const struct event e = {.time = b->number(s, SQL_REFUSALS, 0),
                                .rule = b->slice(s, SQL_REFUSALS, 1),
                                .platform = b->slice(s, SQL_REFUSALS, 2)};

        each(to, &e);
    }
    return got;
}

void store_alert_reference(const unsigned char person[PSEUDONYM_SIZE], int32_t day, char to[ALERT_REFERENCE + 1])
{
    unsigned char bytes[PSEUDONYM_SIZE + 9] = "alert", digest[16];
    char code[CODE_SIZE];

    memcpy(bytes + 5, person, PSEUDONYM_SIZE);
    for (int i = 0; i < 4; i++)
        bytes[5 + PSEUDONYM_SIZE + i] = (unsigned char)((uint32_t)day >> (8 * i));
    seal_digest((struct str){(const char *)bytes, sizeof bytes}, digest);
    page_code(digest, code);
    snprintf(to, ALERT_REFERENCE + 1, "A-%.*s", CODE_SIZE, code);
}

int store_alert_add(struct store *s, const struct alert *a, bool *raised, struct diag *d)
{
    const struct store_backend *b = s->backend;
    const struct interned *who = store_person(s, (struct str){(const char *)a->person, PSEUDONYM_SIZE}, d);

    *raised = false;
    if (!who)
        return -1;
    b->clear(s, SQL_ALERT_ADD);
    store_bind_numbers(s, SQL_ALERT_ADD, 1, (const int64_t[]){who->id, a->day}, 2);
    b->bind_text(s, SQL_ALERT_ADD, 3, a->reference);
    store_bind_numbers(s, SQL_ALERT_ADD, 4, (const int64_t[]){a->time, a->from, a->until, a->count}, 4);
    b->bind_text(s, SQL_ALERT_ADD, 8, a->rules);
    b->bind_text(s, SQL_ALERT_ADD, 9, a->classes);
    if (store_run(s, SQL_ALERT_ADD, "an alert cannot be written", d) != 0)
        return -1;
    *raised = b->changed(s, SQL_ALERT_ADD) == 1;
    return 0;
}

static struct alert alert_of(struct store *s, enum statement q)
{
    const struct store_backend *b = s->backend;

    return (struct alert){.reference = b->slice(s, q, 0),
                          .day = (int32_t)b->number(s, q, 1),
                          .time = b->number(s, q, 2),
                          .from = b->number(s, q, 3),
                          .until = b->number(s, q, 4),
                          .count = (uint32_t)b->number(s, q, 5),
                          .rules = b->slice(s, q, 6),
                          .classes = b->slice(s, q, 7)};
}

int store_alerts(struct store *s, const int64_t from_until[2], void (*each)(void *to, const struct alert *a),
                 void *to, struct diag *d)
{
    int got;

    s->backend->clear(s, SQL_ALERTS);
    store_bind_numbers(s, SQL_ALERTS, 1, from_until, 2);
    while ((got = store_step(s, SQL_ALERTS, "alerts cannot be read", d)) == 1) {
        const struct alert a = alert_of(s, SQL_ALERTS);

        each(to, &a);
    }
    return got;
}

int store_alert(struct store *s, struct str reference, struct alert *a, bool *found, struct diag *d)
{
    int got;

    s->backend->clear(s, SQL_ALERT);
    s->backend->bind_text(s, SQL_ALERT, 1, reference);
    got = store_step(s, SQL_ALERT, "alerts cannot be read", d);
    *found = got == 1;
    if (got == 1) {
        *a = alert_of(s, SQL_ALERT);
        take_person(a->person, s->backend->slice(s, SQL_ALERT, 8));
    }
    return got < 0 ? -1 : 0;
}

int store_alerts_forget(struct store *s, int32_t day, struct diag *d)
{
    s->backend->clear(s, SQL_ALERTS_FORGET);
    s->backend->bind_number(s, SQL_ALERTS_FORGET, 1, day);
    return store_run(s, SQL_ALERTS_FORGET, "alerts cannot be erased", d);
}
