#include "compile/shifts.h"

#include <stdlib.h>

static bool same_subject(const struct shift *x, const struct shift *y)
{
    /* equal strings are one in a builder */
    return x->user.at == y->user.at && x->user.n == y->user.n && x->group == y->group;
}

static uint32_t *slot_of(const struct shift_rows *s, const struct shift *like)
{
    uint32_t i = (like->user.at * 2654435761u ^ like->user.n ^ (like->group + 1) * 40503u) & (s->size - 1);

    while (s->slots[i] && !same_subject(&s->p[s->slots[i] - 1], like))
        i = (i + 1) & (s->size - 1);
    return &s->slots[i];
}

uint32_t shifts_last(const struct shift_rows *s, const struct shift *like)
{
    return s->size ? *slot_of(s, like) - 1 : NO_INDEX; /* an empty slot gives NO_INDEX */
}

static bool grow(struct shift_rows *s)
{
    if (s->n == s->room) {
        uint32_t room = s->room ? s->room * 2 : 64;
        struct shift *p = realloc(s->p, room * sizeof *p);

        if (!p)
            return false;
        s->p = p;
        s->room = room;
    }
    if (s->used >= s->size / 2) {
        uint32_t size = s->size ? s->size * 2 : 128;
        uint32_t *slots = calloc(size, sizeof *slots);

        if (!slots)
            return false;
        free(s->slots);
        s->slots = slots;
        s->size = size;
        s->used = 0;
        for (uint32_t i = 0; i < s->n; i++) {
            uint32_t *slot = slot_of(s, &s->p[i]);

            s->used += *slot == 0;
            *slot = i + 1;
        }
    }
    return true;
}

void shifts_add(struct shift_rows *s, const struct shift *shift)
{
    uint32_t *slot;

    if (!grow(s)) {
        s->no_memory = true;
        return;
    }
    slot = slot_of(s, shift);
    s->used += *slot == 0;
    s->p[s->n] = *shift;
    s->p[s->n].before = *slot - 1;
    *slot = ++s->n;
}

void shifts_free(struct shift_rows *s)
{
    free(s->p);
    free(s->slots);
}

/* --- rotas --- */

struct making {
    struct builder *b;
    struct shift **rows; /* sorted: subject, first day, last day from the latest, line */
    uint32_t n;
    bool no_memory;
};

static int compare(uint32_t x, uint32_t y)
{
    return (x > y) - (x < y);
}

static int by_subject(const void *a, const void *b)
{
    const struct shift *x = *(struct shift *const *)a, *y = *(struct shift *const *)b;
    int order = compare(x->group + 1, y->group + 1); /* users have NO_INDEX: first */

    if (order == 0)
        order = str_cmp(x->name, y->name);
    if (order == 0)
        order = compare(x->first, y->first);
    if (order == 0)
        order = compare(y->last, x->last);
    return order ? order : compare(x->number, y->number);
}

/* A pattern: the rows of the same days of the year. */
static uint32_t pattern_end(const struct making *m, uint32_t from, uint32_t end)
{
    uint32_t i = from + 1;

    while (i < end && m->rows[i]->first == m->rows[from]->first && m->rows[i]->last == m->rows[from]->last)
        i++;
    return i;
}

static struct a_list write_windows(const struct making *m, uint32_t from, uint32_t end, struct str file)
{
    struct a_list list = {build_count(m->b, SECTION_WINDOWS), 0};

    for (uint32_t i = from; i < end; i++)
        for (uint32_t k = 0; k < m->rows[i]->n; k++) {
            uint32_t index = build_row(m->b, SECTION_WINDOWS, &m->rows[i]->windows[k]);

            build_place(m->b, SECTION_WINDOWS, index, file, m->rows[i]->line, 1);
            list.n++;
        }
    return list.n ? list : (struct a_list){0, 0};
}

struct pattern {
    uint32_t first, last, region;
    struct a_list windows;
};

static void write_period(const struct making *m, struct a_rota *rota, const struct pattern *p, uint32_t first,
                         uint32_t last)
{
    struct a_period row = {first, last, p->windows, p->region};
    struct a_period *before =
        rota->periods.n ? build_at(m->b, SECTION_PERIODS, rota->periods.at + rota->periods.n - 1) : NULL;
    uint32_t index;

    if (before && before->last + 1 == first && before->windows.at == row.windows.at &&
        before->windows.n == row.windows.n && before->region == row.region) {
        before->last = last;
        return;
    }
    index = build_row(m->b, SECTION_PERIODS, &row);
    if (rota->periods.n++ == 0)
        rota->periods.at = index;
}

/* Patterns come by their first day, of those the longer first; the one on top of the stack holds. */
static void write_periods(struct making *m, struct a_rota *rota, const struct pattern *patterns, uint32_t n)
{
    uint32_t *stack = calloc(n, sizeof *stack), top = 0, next = 0, day = patterns[0].first;

    if (!stack) {
        m->no_memory = true;
        return;
    }
    while (next < n || top) {
        uint32_t last;

        while (next < n && patterns[next].first <= day)
            stack[top++] = next++;
        while (top && patterns[stack[top - 1]].last < day)
            top--;
        if (!top) {
            if (next < n)
                day = patterns[next].first;
            continue;
        }
        last = patterns[stack[top - 1]].last;
        if (next < n && patterns[next].first <= last)
            last = patterns[next].first - 1;
        write_period(m, rota, &patterns[stack[top - 1]], day, last);
        day = last + 1;
    }
    free(stack);
}

/* Rows from `from` to `end` are one subject's. */
static void write_rota(struct making *m, uint32_t from, uint32_t end, struct str file)
{
    struct pattern *patterns = calloc(end - from, sizeof *patterns);
    struct a_rota rota = {.user = m->rows[from]->user, .group = m->rows[from]->group};
    uint32_t n = 0, index;

    if (!patterns) {
        m->no_memory = true;
        return;
    }
    for (uint32_t i = from, next; i < end; i = next) {
        next = pattern_end(m, i, end);
        patterns[n++] = (struct pattern){m->rows[i]->first, m->rows[i]->last, m->rows[i]->region,
                                         write_windows(m, i, next, file)};
    }
    write_periods(m, &rota, patterns, n);
    index = build_row(m->b, SECTION_ROTAS, &rota);
    build_place(m->b, SECTION_ROTAS, index, file, m->rows[end - 1]->line, 1);
    free(patterns);
}

void shifts_build(struct shift_rows *s, struct builder *b, struct str file)
{
    struct making m = {.b = b, .n = s->n};

    /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers is meant */
    m.rows = calloc(s->n ? s->n : 1, sizeof *m.rows);
    if (!m.rows) {
        s->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < s->n; i++) {
        m.rows[i] = &s->p[i];
        m.rows[i]->name = build_text(b, m.rows[i]->user);
    }
    /* NOLINTNEXTLINE(bugprone-sizeof-expression) */
    qsort(m.rows, m.n, sizeof *m.rows, by_subject);
    for (uint32_t i = 0, end; i < m.n; i = end) {
        end = i + 1;
        while (end < m.n && same_subject(m.rows[i], m.rows[end]))
            end++;
        write_rota(&m, i, end, file);
    }
    s->no_memory |= m.no_memory;
    free(m.rows);
}
