/* Sums by local day: platform, action, activity, rule, group; events and people. They outlive the events, so
 * that no number in them may lead to fewer than SUM_MIN people.
 *
 * Every event of the day goes into one cell at most. First by all five; where a cell so made has fewer than
 * SUM_MIN people, its events go on into the next wider one, together with all others that were too few there:
 * without the group, then without the rule, the activity, at last platform and action. What is too little
 * even then is in no sum. So a wider cell never holds what a narrower one tells, and holds SUM_MIN people by
 * itself.
 *
 * Why that is sound: nothing is shown but these cells and sums of them, and they are disjoint. Whatever is
 * taken from whatever is made of whole cells again, each of SUM_MIN people or more; there is no total that
 * small ones could be told from. A day is summed up once, when it has been over for SUM_AFTER days, and never
 * again: two versions of a number would tell who came late. The events that come later are in no sum.
 *
 * Events under no pseudonym (nobody is recorded, or a shared sign-in) stand in cells of their own, which
 * count no people; fewer than SUM_MIN events could not be of SUM_MIN people and are treated as too few. */
#include "store/backend.h"

#include "store/standing_write.h"

#include <stdlib.h>

enum { HOUR = 3600, NOBODY = 1, FIELDS = 5, LEVELS = 5 };

/* In the order in which they are given up; platform and action together. */
enum { PLATFORM, ACTION, ACTIVITY, RULE, GROUP };

struct sum_row {
    int64_t field[FIELDS]; /* 0 = all; numbers of words.def are one more */
    int64_t person, events;
};

struct sums {
    struct sum_row *rows;
    size_t n, room;
};

static int by_all(const void *a, const void *b)
{
    const struct sum_row *x = a, *y = b;
    int64_t order = (x->person == NOBODY) - (y->person == NOBODY);

    for (int i = 0; i < FIELDS && !order; i++)
        order = (x->field[i] > y->field[i]) - (x->field[i] < y->field[i]);
    if (!order)
        order = (x->person > y->person) - (x->person < y->person);
    return (int)order;
}

static bool same_cell(const struct sum_row *a, const struct sum_row *b)
{
    return (a->person == NOBODY) == (b->person == NOBODY) && memcmp(a->field, b->field, sizeof a->field) == 0;
}

static int add_row(struct sums *t, const struct sum_row *row)
{
    if (t->n == t->room) {
        size_t room = t->room ? 2 * t->room : 4096;
        struct sum_row *rows = realloc(t->rows, room * sizeof *rows);

        if (!rows)
            return -1;
        t->rows = rows;
        t->room = room;
    }
    t->rows[t->n++] = *row;
    return 0;
}

/* Whose events, which kind of cell, how many. */
static int read_day(struct store *s, int32_t day, struct sums *t, struct diag *d)
{
    const int64_t range[] = {local_midnight(day) / HOUR, local_midnight(day + 1) / HOUR};
    const struct store_backend *b = s->backend;
    int got;

    b->clear(s, SQL_SUMS_OF);
    store_bind_numbers(s, SQL_SUMS_OF, 1, range, 2);
    while ((got = store_step(s, SQL_SUMS_OF, "cannot be summed up", d)) == 1) {
        struct sum_row row = {.person = b->number(s, SQL_SUMS_OF, 5), .events = b->number(s, SQL_SUMS_OF, 6)};

        row.field[PLATFORM] = b->number(s, SQL_SUMS_OF, 0);
        row.field[ACTIVITY] = b->number(s, SQL_SUMS_OF, 1) + 1;
        row.field[ACTION] = b->number(s, SQL_SUMS_OF, 2) + 1;
        row.field[RULE] = b->number(s, SQL_SUMS_OF, 3);
        row.field[GROUP] = b->number(s, SQL_SUMS_OF, 4);
        if (add_row(t, &row) != 0) {
            b->clear(s, SQL_SUMS_OF);
            return store_failed(s, "cannot be summed up", "out of memory", d);
        }
    }
    return got;
}

static int write_cell(struct store *s, int32_t day, const struct sum_row *row, int64_t events, int64_t people,
                      struct diag *d)
{
    const int64_t values[] = {day,
                              row->field[PLATFORM],
                              row->field[ACTIVITY],
                              row->field[ACTION],
                              row->field[RULE],
                              row->field[GROUP],
                              events,
                              people};

    s->backend->clear(s, SQL_CELL_ADD);
    store_bind_numbers(s, SQL_CELL_ADD, 1, values, 8);
    return store_run(s, SQL_CELL_ADD, "a sum cannot be written", d);
}

/* One level: cells that are large enough are written; the rows of the others stay, moved to the front. */
static int settle(struct store *s, int32_t day, struct sums *t, struct diag *d)
{
    size_t kept = 0;

    qsort(t->rows, t->n, sizeof *t->rows, by_all);
    for (size_t from = 0, to; from < t->n; from = to) {
        const bool nobody = t->rows[from].person == NOBODY;
        int64_t events = 0, people = 0;

        for (to = from; to < t->n && same_cell(&t->rows[from], &t->rows[to]); to++) {
            people += to == from || t->rows[to].person != t->rows[to - 1].person;
            events += t->rows[to].events;
        }
        if ((nobody ? events : people) >= SUM_MIN) {
            if (write_cell(s, day, &t->rows[from], events, nobody ? 0 : people, d) != 0)
                return -1;
        } else {
            memmove(t->rows + kept, t->rows + from, (to - from) * sizeof *t->rows);
            kept += to - from;
        }
    }
    t->n = kept;
    return 0;
}

/* What is too few is looked at without one more of its fields. */
static void widen(struct sums *t, int level)
{
    for (size_t i = 0; i < t->n; i++) {
        if (level < FIELDS - 1)
            t->rows[i].field[FIELDS - level] = 0;
        else
            t->rows[i].field[PLATFORM] = t->rows[i].field[ACTION] = 0;
    }
}

static int sum_day(struct store *s, int32_t day, struct diag *d)
{
    struct sums t = {0};
    int result = read_day(s, day, &t, d);

    for (int level = 0; level < LEVELS && result == 0 && t.n; level++) {
        if (level)
            widen(&t, level);
        result = settle(s, day, &t, d);
    }
    free(t.rows);
    return result;
}

/* The first local day behind those that are summed up which has events; -1: there is none. */
static int next_day(struct store *s, int64_t until, int64_t *day, struct diag *d)
{
    int64_t range[2] = {0, until}, hour;

    s->backend->clear(s, SQL_SUMMED_LAST);
    if (store_ask(s, SQL_SUMMED_LAST, -1, day, d) != 0)
        return -1;
    if (*day >= 0)
        range[0] = local_midnight((int32_t)*day + 1) / HOUR;
    s->backend->clear(s, SQL_EVENTS_NEXT);
    store_bind_numbers(s, SQL_EVENTS_NEXT, 1, range, 2);
    if (store_ask(s, SQL_EVENTS_NEXT, -1, &hour, d) != 0)
        return -1;
    *day = hour < 0 ? -1 : clock_local(hour * HOUR).day;
    return 0;
}

static int sum_next(struct store *s, int64_t now, bool *more, struct diag *d)
{
    const int64_t until =
        local_midnight(clock_local(now).day - SUM_AFTER) / HOUR; /* days before this are over */
    int64_t day;

    if (next_day(s, until, &day, d) != 0)
        return -1;
    *more = false;
    if (day < 0)
        return 0;
    s->backend->clear(s, SQL_SUMMED_ADD);
    store_bind_numbers(s, SQL_SUMMED_ADD, 1, (const int64_t[]){day, now}, 2);
    if (store_run(s, SQL_SUMMED_ADD, "a sum cannot be written", d) != 0)
        return -1;
    *more = true;
    if (s->backend->changed(s, SQL_SUMMED_ADD) == 0)
        return 0; /* another node was quicker */
    return sum_day(s, (int32_t)day, d);
}

int store_sum_up(struct store *s, int64_t now, bool *more, struct diag *d)
{
    *more = false;
    if (store_begin(s, d) != 0)
        return -1;
    if (sum_next(s, now, more, d) != 0 || store_commit(s, d) != 0) {
        store_rollback(s);
        *more = false;
        return -1;
    }
    return 0;
}

int store_summed(struct store *s, const int32_t from_until[2], uint32_t *days, struct diag *d)
{
    int got;

    *days = 0;
    s->backend->clear(s, SQL_SUMMED);
    store_bind_numbers(s, SQL_SUMMED, 1, (const int64_t[]){from_until[0], from_until[1]}, 2);
    while ((got = store_step(s, SQL_SUMMED, "cannot be read", d)) == 1)
        *days |= UINT32_C(1) << ((s->backend->number(s, SQL_SUMMED, 0) - from_until[0]) & 31);
    return got;
}

/* A number of a closed list, kept one more; 0 is all of them. */
static uint32_t one_less(int64_t value, unsigned count)
{
    return value > 0 && value <= (int64_t)count ? (uint32_t)value - 1 : CELL_ALL;
}

int store_cells(struct store *s, const int32_t from_until[2], void (*each)(void *to, const struct cell *c),
                void *to, struct diag *d)
{
    const struct store_backend *b = s->backend;
    int got;

    b->clear(s, SQL_CELLS);
    store_bind_numbers(s, SQL_CELLS, 1, (const int64_t[]){from_until[0], from_until[1]}, 2);
    while ((got = store_step(s, SQL_CELLS, "cannot be read", d)) == 1) {
        struct cell c = {.day = (int32_t)b->number(s, SQL_CELLS, 0),
                         .platform = b->slice(s, SQL_CELLS, 1),
                         .activity = one_less(b->number(s, SQL_CELLS, 2), ACTIVITY_COUNT + 1),
                         .action = one_less(b->number(s, SQL_CELLS, 3), ACTION_COUNT),
                         .rule = b->slice(s, SQL_CELLS, 4),
                         .group = b->slice(s, SQL_CELLS, 5),
                         .events = (uint64_t)b->number(s, SQL_CELLS, 6),
                         .people = (uint64_t)b->number(s, SQL_CELLS, 7)};

        c.all_platforms = b->number(s, SQL_CELLS, 8) == 0;
        c.all_rules = b->number(s, SQL_CELLS, 9) == 0;
        c.all_groups = b->number(s, SQL_CELLS, 10) == 0;
        each(to, &c);
    }
    return got;
}
