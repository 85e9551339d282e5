#include "core/standing_build.h"

#include <stdlib.h>

static int by_user(const void *a, const void *b)
{
    const struct fact_in *x = a, *y = b;
    int d = str_cmp(x->user, y->user);

    if (d)
        return d;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    d = str_cmp(x->what, y->what);
    return d ? d : (x->from > y->from) - (x->from < y->from);
}

/* Where the parts lie, and how long they are. */
struct layout {
    uint64_t strings, slots, size;
    uint32_t users;
};

static bool first_of_user(const struct fact_in *facts, uint32_t i)
{
    return i == 0 || !str_eq(facts[i - 1].user, facts[i].user);
}

static struct layout plan(const struct fact_in *facts, uint32_t n)
{
    struct layout l = {.slots = 4};

    for (uint32_t i = 0; i < n; i++) {
        l.strings += facts[i].what.n;
        if (first_of_user(facts, i)) {
            l.users++;
            l.strings += facts[i].user.n;
        }
    }
    while (l.slots < 2 * (uint64_t)l.users)
        l.slots *= 2;
    l.size = sizeof(struct standing_header) + (uint64_t)n * sizeof(struct s_fact) +
             l.slots * sizeof(uint32_t) + l.strings;
    return l;
}

static struct a_str put(char *strings, uint32_t *used, struct str s)
{
    struct a_str a = {*used, (uint32_t)s.n};

    if (s.n)
        memcpy(strings + *used, s.p, s.n);
    *used += (uint32_t)s.n;
    return a;
}

static void fill(const struct fact_in *facts, uint32_t n, unsigned char *base, struct standing_header *h)
{
    struct s_fact *rows = (void *)(base + h->facts.at);
    uint32_t *table = (void *)(base + h->table.at);
    char *strings = (char *)base + h->strings.at;
    uint32_t used = 0, mask = h->table.n - 1;

    for (uint32_t i = 0; i < n; i++) {
        const struct fact_in *f = &facts[i];

        rows[i] = (struct s_fact){.kind = f->kind, .from = f->from, .until = f->until, .number = f->number};
        if (first_of_user(facts, i)) {
            uint32_t at = str_hash(f->user) & mask;

            while (table[at])
                at = (at + 1) & mask;
            table[at] = i + 1;
            rows[i].user = put(strings, &used, f->user);
        } else {
            rows[i].user = rows[i - 1].user;
        }
        rows[i].what = put(strings, &used, f->what);
    }
}

int standing_build(struct fact_in *facts, uint32_t n, int64_t as_of, void **bytes, size_t *size,
                   struct diag *d)
{
    struct standing_header *h;
    struct layout l;
    uint32_t at = sizeof *h;

    if (n)
        qsort(facts, n, sizeof *facts, by_user);
    l = plan(facts, n);
    if (l.size > STANDING_SIZE_MAX)
        return diag_error(d, "the standing would be over 64 MiB: more facts than it is made for", NULL, NULL);
    h = calloc(1, l.size);
    if (!h)
        return diag_error(d, "out of memory while the standing is laid out", NULL, NULL);
    memcpy(h->magic, STANDING_MAGIC, sizeof h->magic);
    h->version = STANDING_VERSION;
    h->size = (uint32_t)l.size;
    h->as_of[0] = (uint32_t)(uint64_t)as_of;
    h->as_of[1] = (uint32_t)((uint64_t)as_of >> 32);
    h->facts = (struct a_list){at, n};
    at += n * (uint32_t)sizeof(struct s_fact);
    h->table = (struct a_list){at, (uint32_t)l.slots};
    at += (uint32_t)(l.slots * sizeof(uint32_t));
    h->strings = (struct a_list){at, (uint32_t)l.strings};
    fill(facts, n, (unsigned char *)h, h);
    h->check = standing_check_sum(h, l.size);
    *bytes = h;
    *size = l.size;
    return 0;
}
