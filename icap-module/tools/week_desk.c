/* Of the weekly summary: what the service desk was asked about pages that refused by category, and how soon it answered. Codes
 * and hosts are counted here and go no further. */
#include "record/held.h"
#include "tools/week.h"

#include <stdlib.h>

enum { HELD_BEFORE = 31 /* days before the week of which pages are looked for */ };

/* A code that was looked up, at its first time; once a code. */
struct question {
    char code[HELD_CODE + 1];
    struct str host; /* of its page; empty: it is held no more */
    int64_t at;
    int32_t page; /* the page's local day; 0: not known */
};

struct asking {
    struct week_look *w;
    struct question *p;
    size_t n;
    int64_t *answers; /* seconds from the question to the opening, of hosts that were opened */
    size_t n_answers;
};

static struct question *question_of(struct asking *a, struct str code)
{
    for (size_t i = 0; i < a->n; i++)
        if (str_ieq(str_of(a->p[i].code), code))
            return &a->p[i];
    return NULL;
}

static void note_question(struct asking *a, const struct week_access *e)
{
    struct question *grown;

    if (!e->code.n || e->code.n > HELD_CODE || question_of(a, e->code))
        return;
    grown = pool_grow(&a->w->pool, a->p, a->n, sizeof *grown);
    if (!grown)
        return;
    a->p = grown;
    grown[a->n] = (struct question){.at = e->time};
    memcpy(grown[a->n++].code, e->code.p, e->code.n);
}

static void take_access(void *to, const struct week_access *e)
{
    struct asking *a = to;
    struct week_desk *desk = &a->w->facts.desk;

    if (str_eq(e->outcome, STR("not found")))
        desk->not_found++;
    else if (str_eq(e->command, STR("unblock")) && str_eq(e->outcome, STR("refused")))
        desk->refused++;
    else if (str_eq(e->command, STR("why")) && str_eq(e->outcome, STR("told")))
        note_question(a, e);
}

static void take_held(void *to, const struct held *h)
{
    struct asking *a = to;
    struct question *q = question_of(a, h->code);

    if (!q || q->page)
        return;
    q->page = h->day;
    q->host = week_keep(a->w, h->host);
}

/* The first question about the host that was opened. */
static void take_opening(void *to, const struct week_access *e)
{
    struct asking *a = to;
    const struct question *first = NULL;
    int64_t *grown;

    if (!str_eq(e->command, STR("unblock")) || !str_eq(e->outcome, STR("opened")))
        return;
    a->w->facts.desk.opened++;
    for (size_t i = 0; i < a->n; i++)
        if (str_eq(a->p[i].host, e->host) && a->p[i].at <= e->time && (!first || a->p[i].at < first->at))
            first = &a->p[i];
    grown = first ? pool_grow(&a->w->pool, a->answers, a->n_answers, sizeof *grown) : NULL;
    if (!grown)
        return;
    a->answers = grown;
    grown[a->n_answers++] = e->time - first->at;
}

static int by_size(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static void count(struct asking *a)
{
    struct week_desk *desk = &a->w->facts.desk;

    desk->asked = a->n;
    for (size_t i = 0; i < a->n; i++) {
        int32_t after = clock_local(a->p[i].at).day - a->p[i].page;

        *(!a->p[i].page || after > 1 ? &desk->later : after == 1 ? &desk->next_day : &desk->same_day) += 1;
    }
    desk->answer = -1;
    if (!a->n_answers)
        return;
    qsort(a->answers, a->n_answers, sizeof *a->answers, by_size);
    desk->answer = a->answers[a->n_answers / 2];
}

int week_look_desk(struct week_look *w, struct diag *d)
{
    struct asking a = {.w = w};

    if (!w->access_log)
        return 0;
    if (week_access_read(w->access_log, w->from_until, take_access, &a, d) != 0 ||
        (w->held && held_read(w->held, w->facts.monday - HELD_BEFORE, w->facts.monday + WEEK_DAYS, take_held, &a, d) != 0) ||
        week_access_read(w->access_log, w->from_until, take_opening, &a, d) != 0)
        return -1;
    w->facts.has_desk = true;
    count(&a);
    return 0;
}
