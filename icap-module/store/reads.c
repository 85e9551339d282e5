/* What standing, portal and `portreeve ref` ask the store: minutes and events. */
#include "store/backend.h"

int store_used(struct store *s, int32_t day, void (*each)(void *to, const struct used *u), void *to,
               struct diag *d)
{
    const struct store_backend *b = s->backend;
    int got;

    b->clear(s, SQL_USED);
    b->bind_number(s, SQL_USED, 1, day);
    while ((got = store_step(s, SQL_USED, "cannot be read", d)) == 1) {
        struct used u = {.allowance = b->slice(s, SQL_USED, 1),
                         .minutes = (uint32_t)b->number(s, SQL_USED, 2),
                         .last = (uint32_t)b->number(s, SQL_USED, 3)};
        struct str who = b->slice(s, SQL_USED, 0);

        if (who.n != PSEUDONYM_SIZE)
            continue;
        memcpy(u.person, who.p, PSEUDONYM_SIZE);
        each(to, &u);
    }
    return got;
}

struct used_when {
    struct str allowance;
    int32_t day;
};

static int used_by(struct store *s, enum statement which, struct str who, const struct used_when *when,
                   uint32_t *minutes, struct diag *d)
{
    int64_t n = 0;
    int result;

    s->backend->clear(s, which);
    s->backend->bind_number(s, which, 1, when->day);
    s->backend->bind_bytes(s, which, 2, who);
    s->backend->bind_text(s, which, 3, when->allowance);
    result = store_ask(s, which, 0, &n, d);
    *minutes = (uint32_t)n;
    return result;
}

int store_used_by(struct store *s, const unsigned char person[PSEUDONYM_SIZE], struct str allowance,
                  int32_t day, uint32_t *minutes, struct diag *d)
{
    return used_by(s, SQL_USED_BY, (struct str){(const char *)person, PSEUDONYM_SIZE},
                   &(struct used_when){allowance, day}, minutes, d);
}

int store_day_used(struct store *s, int32_t day, void (*each)(void *to, const struct day_used *u), void *to,
                   struct diag *d)
{
    const struct store_backend *b = s->backend;
    int got;

    b->clear(s, SQL_DAY_USED);
    b->bind_number(s, SQL_DAY_USED, 1, day);
    while ((got = store_step(s, SQL_DAY_USED, "cannot be read", d)) == 1) {
        struct day_used u = {.allowance = b->slice(s, SQL_DAY_USED, 1),
                             .minutes = (uint32_t)b->number(s, SQL_DAY_USED, 2),
                             .last = (uint32_t)b->number(s, SQL_DAY_USED, 3)};
        struct str who = b->slice(s, SQL_DAY_USED, 0);

        if (who.n != DAY_DIGEST)
            continue;
        memcpy(u.digest, who.p, DAY_DIGEST);
        each(to, &u);
    }
    return got;
}

int store_day_used_by(struct store *s, const unsigned char digest[DAY_DIGEST], struct str allowance,
                      int32_t day, uint32_t *minutes, struct diag *d)
{
    return used_by(s, SQL_DAY_USED_BY, (struct str){(const char *)digest, DAY_DIGEST},
                   &(struct used_when){allowance, day}, minutes, d);
}

/* ---- events ---- */

/* One number for the two; 0 = the event has no place. */
#define PLACE ((int64_t)1 << 62)

int64_t store_place(const struct event *e)
{
    return e->has_place ? PLACE | (int64_t)(e->country & 0xffff) << 32 | (int64_t)e->asn : 0;
}

static void put_place(struct event *e, int64_t place)
{
    e->has_place = (place & PLACE) != 0;
    e->country = (uint32_t)(place >> 32) & 0xffff;
    e->asn = (uint32_t)place;
}

/* A number of a closed list; what a newer portreeved wrote reads as the first. */
static unsigned choice(struct store *s, enum statement q, int at, unsigned count)
{
    int64_t value = s->backend->number(s, q, at);

    return value >= 0 && value < (int64_t)count ? (unsigned)value : 0;
}

static struct event event_of(struct store *s, enum statement q)
{
    const struct store_backend *b = s->backend;
    struct event e = {.sequence = (uint64_t)b->number(s, q, 0),
                      .time = b->number(s, q, 1),
                      .policy = b->slice(s, q, 2),
                      .rule = b->slice(s, q, 3),
                      .platform = b->slice(s, q, 4),
                      .account = b->slice(s, q, 5),
                      .group = b->slice(s, q, 6),
                      .would_rule = b->slice(s, q, 7),
                      .code = b->slice(s, q, 8),
                      .action = (enum action)choice(s, q, 10, ACTION_COUNT),
                      .why = (enum why)choice(s, q, 11, WHY_COUNT),
                      .activity = (enum activity)choice(s, q, 12, ACTIVITY_COUNT + 1),
                      .confidence = (enum confidence)choice(s, q, 13, CONFIDENCE_COUNT),
                      .origin = (enum origin)choice(s, q, 14, ORIGIN_COUNT),
                      .identity = (enum identity)choice(s, q, 15, IDENTITY_COUNT),
                      .categories = (uint32_t)b->number(s, q, 16),
                      .people = (uint32_t)b->number(s, q, 17),
                      .shadow = b->number(s, q, 18) != 0,
                      .would = (enum action)choice(s, q, 19, ACTION_COUNT)};
    struct str who = b->slice(s, q, 20);

    put_place(&e, b->number(s, q, 9));
    e.has_pseudonym = who.n == PSEUDONYM_SIZE;
    if (e.has_pseudonym)
        memcpy(e.pseudonym, who.p, PSEUDONYM_SIZE);
    return e;
}

int store_each_event(struct store *s, enum statement q, void (*each)(void *to, const struct event *e),
                     void *to, struct diag *d)
{
    int got;

    while ((got = store_step(s, q, "cannot be read", d)) == 1) {
        struct event e = event_of(s, q);

        each(to, &e);
    }
    return got;
}

int store_by_code(struct store *s, struct str code, void (*each)(void *to, const struct event *e), void *to,
                  struct diag *d)
{
    if (!code.n)
        return 0;
    s->backend->clear(s, SQL_BY_CODE);
    s->backend->bind_text(s, SQL_BY_CODE, 1, code);
    return store_each_event(s, SQL_BY_CODE, each, to, d);
}

int store_by_person(struct store *s, const unsigned char person[PSEUDONYM_SIZE], unsigned limit,
                    void (*each)(void *to, const struct event *e), void *to, struct diag *d)
{
    s->backend->clear(s, SQL_BY_PERSON);
    s->backend->bind_bytes(s, SQL_BY_PERSON, 1, (struct str){(const char *)person, PSEUDONYM_SIZE});
    s->backend->bind_number(s, SQL_BY_PERSON, 2, limit);
    return store_each_event(s, SQL_BY_PERSON, each, to, d);
}

int store_between(struct store *s, const int64_t from_until[2], void (*each)(void *to, const struct event *e), void *to,
                  struct diag *d)
{
    s->backend->clear(s, SQL_BETWEEN);
    store_bind_numbers(s, SQL_BETWEEN, 1, from_until, 2);
    return store_each_event(s, SQL_BETWEEN, each, to, d);
}

int store_person_between(struct store *s, const unsigned char person[PSEUDONYM_SIZE],
                         const int64_t from_until[2], void (*each)(void *to, const struct event *e), void *to,
                         struct diag *d)
{
    s->backend->clear(s, SQL_PERSON_BETWEEN);
    s->backend->bind_bytes(s, SQL_PERSON_BETWEEN, 1, (struct str){(const char *)person, PSEUDONYM_SIZE});
    store_bind_numbers(s, SQL_PERSON_BETWEEN, 2, from_until, 2);
    return store_each_event(s, SQL_PERSON_BETWEEN, each, to, d);
}

int store_count_person(struct store *s, const unsigned char person[PSEUDONYM_SIZE], uint64_t *events,
                       struct diag *d)
{
    int64_t n;

    s->backend->clear(s, SQL_COUNT_PERSON);
    s->backend->bind_bytes(s, SQL_COUNT_PERSON, 1, (struct str){(const char *)person, PSEUDONYM_SIZE});
    *events = 0;
    if (store_ask(s, SQL_COUNT_PERSON, 0, &n, d) != 0)
        return -1;
    *events = (uint64_t)n;
    return 0;
}
