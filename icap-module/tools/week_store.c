/* Of the weekly summary: sums, rules on trial, alerts and receipts, out of the store. */
#include "store/standing_write.h"
#include "tools/review_shadow.h"
#include "tools/week.h"

#include <stdlib.h>

struct str week_keep(struct week_look *w, struct str s)
{
    return str_of(pool_print(&w->pool, "%.*s", STR_ARG(s)));
}

/* ---- sums ---- */

/* The line of that name, made when it is new; NULL without memory. */
static struct week_line *line_of(struct week_look *w, struct week_lines *in, bool several, struct str name)
{
    struct week_line *grown;

    for (size_t i = 0; i < in->n; i++)
        if (in->p[i].several == several && (several || str_eq(in->p[i].name, name)))
            return &in->p[i];
    grown = pool_grow(&w->pool, in->p, in->n, sizeof *grown);
    if (!grown)
        return NULL;
    in->p = grown;
    in->p[in->n] = (struct week_line){.name = several ? STR_NONE : week_keep(w, name), .several = several};
    return &in->p[in->n++];
}

struct adding {
    struct week_look *w;
    bool now;
};

static void add(const struct adding *a, struct week_lines *in, bool several, struct str name, const struct cell *c)
{
    struct week_line *l = line_of(a->w, in, several, name);

    if (l)
        (a->now ? l->now : l->before)[c->action < ACTION_COUNT ? c->action : ACTION_COUNT] += c->events;
}

static void take_cell(void *to, const struct cell *c)
{
    const struct adding *a = to;
    struct week_facts *f = &a->w->facts;
    bool any_activity = c->activity == CELL_ALL;
    const char *activity = c->activity < ACTIVITY_COUNT ? word_of(WORDS_ACTIVITY, c->activity) : "not known";

    if (!a->now)
        f->has_before = true;
    add(a, &f->sites, c->all_platforms, c->platform, c);
    add(a, &f->rules, c->all_rules, c->rule, c);
    add(a, &f->activities, any_activity, str_of(activity), c);
}

/* Most first; what could not be told apart last; then by name, so that the same week reads the same. */
static int in_order(const void *one, const void *other)
{
    const struct week_line *a = one, *b = other;

    if (a->several != b->several)
        return a->several ? 1 : -1;
    if (week_sum(a->now) != week_sum(b->now))
        return week_sum(a->now) < week_sum(b->now) ? 1 : -1;
    return str_cmp(a->name, b->name);
}

static void sort(struct week_lines *l)
{
    if (l->n)
        qsort(l->p, l->n, sizeof *l->p, in_order);
}

/* ---- what is new ---- */

struct earlier {
    const struct week_lines *sites;
    bool *met; /* by site of this week */
    bool any;
};

static void take_earlier(void *to, const struct cell *c)
{
    struct earlier *e = to;

    e->any = true;
    for (size_t i = 0; i < e->sites->n; i++)
        if (!c->all_platforms && str_eq(e->sites->p[i].name, c->platform))
            e->met[i] = true;
}

static int look_back(struct week_look *w, struct store *s, struct diag *d)
{
    struct week_facts *f = &w->facts;
    struct earlier e = {&f->sites, pool_take(&w->pool, f->sites.n + 1), false};
    const int32_t weeks[2] = {f->monday - WEEK_HISTORY * WEEK_DAYS, f->monday};

    if (!e.met || store_cells(s, weeks, take_earlier, &e, d) != 0)
        return -1;
    f->first = !e.any;
    for (size_t i = 0; i < f->sites.n; i++) {
        const struct week_line *l = &f->sites.p[i];
        struct str *grown;

        if (l->several || !l->name.n || !week_sum(l->now) || e.met[i])
            continue;
        grown = pool_grow(&w->pool, f->seen, f->n_seen, sizeof *grown);
        if (!grown)
            return -1;
        f->seen = grown;
        f->seen[f->n_seen++] = l->name;
    }
    return 0;
}

static int look_at_sums(struct week_look *w, struct store *s, struct diag *d)
{
    struct week_facts *f = &w->facts;
    const int32_t week[2] = {f->monday, f->monday + WEEK_DAYS}, past[2] = {f->monday - WEEK_DAYS, f->monday};
    struct adding now = {w, true}, then = {w, false};
    int32_t last = clock_local(f->made).day - SUM_AFTER - 1; /* the last day that can be summed up */

    if (store_summed(s, week, &f->summed, d) != 0 || store_cells(s, week, take_cell, &now, d) != 0 ||
        store_cells(s, past, take_cell, &then, d) != 0)
        return -1;
    for (int32_t i = 0; i < WEEK_DAYS; i++)
        if (f->monday + i > last && !(f->summed >> i & 1))
            f->waiting |= 1u << i;
    sort(&f->sites);
    sort(&f->rules);
    sort(&f->activities);
    return look_back(w, s, d);
}

/* ---- rules on trial ---- */

static struct str joined(struct week_look *w, const json_t *words)
{
    const char *all = "";
    size_t i;
    json_t *one;

    json_array_foreach(words, i, one)
    {
        all = pool_print(&w->pool, "%s%s%s", all, i ? ", " : "", json_string_value(one));
    }
    return str_of(all);
}

/* As the sums: ten people, or ten requests where nobody is recorded. */
static void take_shadow(struct week_look *w, const json_t *row)
{
    struct week_facts *f = &w->facts;
    struct week_shadow s = {.events = (uint64_t)json_integer_value(json_object_get(row, "events")),
                            .people = week_text(w, row, "people"),
                            .rule = week_text(w, row, "rule"),
                            .platform = week_text(w, row, "platform")};
    const struct str would = week_text(w, row, "would"), activity = week_text(w, row, "activity");
    struct week_shadow *grown;

    if (s.people.n ? str_eq(str_upto(s.people, 5), STR("fewer")) : s.events < WEEK_FEW) {
        f->shadow_few = true;
        return;
    }
    grown = pool_grow(&w->pool, f->shadow, f->n_shadow, sizeof *grown);
    if (!grown)
        return;
    s.categories = joined(w, json_object_get(row, "categories"));
    s.would = str_eq(would, STR("ask")) ? "asked" : "refused";
    s.activity = activity.n ? activity.p : "not known";
    f->shadow = grown;
    f->shadow[f->n_shadow++] = s;
}

static int look_at_shadow(struct week_look *w, struct store *s, struct diag *d)
{
    struct shadow_review *r = shadow_review_new();
    json_t *whole = NULL, *row;
    int result = r ? store_between(s, w->from_until, shadow_review_take, r, d) : -1;
    size_t i;

    if (result == 0 && (whole = shadow_review_json(r, NULL)) == NULL)
        result = diag_error(d, "out of memory", NULL, NULL);
    json_array_foreach(json_object_get(whole, "rows"), i, row)
    {
        take_shadow(w, row);
    }
    json_decref(whole);
    shadow_review_free(r);
    return result;
}

/* ---- receipts and alerts ---- */

static void take_erased(void *to, const struct erased *e)
{
    struct week_facts *f = to;

    if (e->store != KEEP_EVENTS || e->day < f->monday || e->day >= f->monday + WEEK_DAYS)
        return;
    f->record.erased += e->events;
    f->record.held += e->held;
}

static void take_alert(void *to, const struct alert *a)
{
    (void)a;
    ((struct week_facts *)to)->alerts++;
}

int week_look_store(struct week_look *w, struct store *s, struct diag *d)
{
    w->facts.shared = store_is_shared(w->store);
    if (look_at_sums(w, s, d) != 0 || look_at_shadow(w, s, d) != 0 || store_erased(s, take_erased, &w->facts, d) != 0 ||
        store_alerts(s, w->from_until, take_alert, &w->facts, d) != 0)
        return d->errors ? -1 : diag_error(d, "out of memory", NULL, NULL);
    return 0;
}
