/* What standing, portal and `portreeve ref` ask the store. */
#include "store/sqlite_internal.h"

int store_used(struct store *s, int32_t day, void (*each)(void *to, const struct used *u), void *to,
               struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_USED);
    int got;

    sqlite3_bind_int(q, 1, day);
    while ((got = store_step(s, q, "cannot be read", d)) == 1) {
        struct used u = {.allowance = store_column(q, 1),
                         .minutes = (uint32_t)sqlite3_column_int64(q, 2),
                         .last = (uint32_t)sqlite3_column_int64(q, 3)};

        if (sqlite3_column_bytes(q, 0) != PSEUDONYM_SIZE)
            continue;
        memcpy(u.person, sqlite3_column_blob(q, 0), PSEUDONYM_SIZE);
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
    sqlite3_stmt *q = store_statement(s, which);
    int got;

    sqlite3_bind_int(q, 1, when->day);
    store_bind_blob(q, 2, who.p, who.n);
    store_bind_str(q, 3, when->allowance);
    got = store_step(s, q, "cannot be read", d);
    *minutes = got == 1 ? (uint32_t)sqlite3_column_int64(q, 0) : 0;
    if (got == 1)
        sqlite3_reset(q);
    return got < 0 ? -1 : 0;
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
    sqlite3_stmt *q = store_statement(s, SQL_DAY_USED);
    int got;

    sqlite3_bind_int(q, 1, day);
    while ((got = store_step(s, q, "cannot be read", d)) == 1) {
        struct day_used u = {.allowance = store_column(q, 1),
                             .minutes = (uint32_t)sqlite3_column_int64(q, 2),
                             .last = (uint32_t)sqlite3_column_int64(q, 3)};

        if (sqlite3_column_bytes(q, 0) != DAY_DIGEST)
            continue;
        memcpy(u.digest, sqlite3_column_blob(q, 0), DAY_DIGEST);
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

/* A number of a closed list; what a newer portreeved wrote reads as the first. */
static unsigned choice(sqlite3_stmt *q, int at, unsigned count)
{
    unsigned value = (unsigned)sqlite3_column_int(q, at);

    return value < count ? value : 0;
}

static struct event event_of(sqlite3_stmt *q)
{
    struct event e = {.sequence = (uint64_t)sqlite3_column_int64(q, 0),
                      .time = sqlite3_column_int64(q, 1),
                      .policy = store_column(q, 2),
                      .rule = store_column(q, 3),
                      .platform = store_column(q, 4),
                      .account = store_column(q, 5),
                      .would_rule = store_column(q, 6),
                      .code = store_column(q, 7),
                      .action = (enum action)choice(q, 8, ACTION_COUNT),
                      .why = (enum why)choice(q, 9, WHY_COUNT),
                      .activity = (enum activity)choice(q, 10, ACTIVITY_COUNT + 1),
                      .confidence = (enum confidence)choice(q, 11, CONFIDENCE_COUNT),
                      .origin = (enum origin)choice(q, 12, ORIGIN_COUNT),
                      .identity = (enum identity)choice(q, 13, IDENTITY_COUNT),
                      .categories = (uint32_t)sqlite3_column_int64(q, 14),
                      .people = (uint32_t)sqlite3_column_int64(q, 15),
                      .shadow = sqlite3_column_int(q, 16) != 0,
                      .would = (enum action)choice(q, 17, ACTION_COUNT)};

    e.has_pseudonym = sqlite3_column_bytes(q, 18) == PSEUDONYM_SIZE;
    if (e.has_pseudonym)
        memcpy(e.pseudonym, sqlite3_column_blob(q, 18), PSEUDONYM_SIZE);
    return e;
}

static int each_event(struct store *s, sqlite3_stmt *q, void (*each)(void *to, const struct event *e),
                      void *to, struct diag *d)
{
    int got;

    while ((got = store_step(s, q, "cannot be read", d)) == 1) {
        struct event e = event_of(q);

        each(to, &e);
    }
    return got;
}

int store_by_code(struct store *s, struct str code, void (*each)(void *to, const struct event *e), void *to,
                  struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_BY_CODE);

    store_bind_str(q, 1, code);
    return each_event(s, q, each, to, d);
}

int store_by_person(struct store *s, const unsigned char person[PSEUDONYM_SIZE], unsigned limit,
                    void (*each)(void *to, const struct event *e), void *to, struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_BY_PERSON);

    store_bind_blob(q, 1, person, PSEUDONYM_SIZE);
    sqlite3_bind_int64(q, 2, limit);
    return each_event(s, q, each, to, d);
}

int store_count_person(struct store *s, const unsigned char person[PSEUDONYM_SIZE], uint64_t *events,
                       struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_COUNT_PERSON);
    int got;

    store_bind_blob(q, 1, person, PSEUDONYM_SIZE);
    got = store_step(s, q, "cannot be read", d);
    *events = got == 1 ? (uint64_t)sqlite3_column_int64(q, 0) : 0;
    if (got == 1)
        sqlite3_reset(q);
    return got < 0 ? -1 : 0;
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
        sqlite3_stmt *q = store_statement(s, steps[i].which);

        sqlite3_bind_int64(q, 1, steps[i].before);
        if (store_run(s, q, "cannot be tidied", d) != 0)
            return -1;
    }
    intern_clear(&s->days);
    return 0;
}
