/* The standing opened: the proof, done once, and look-ups that cannot fail after it. */
#include "core/standing.h"

#include <stdlib.h>

struct standing {
    const unsigned char *base;
    const struct standing_header *header;
    const struct s_fact *facts;
    const uint32_t *table;
    void *mapping; /* given back by standing_free, or NULL */
    size_t mapping_size;
    int (*unmap)(void *, size_t);
};

uint32_t standing_check_sum(const struct standing_header *h, size_t size)
{
    size_t from = offsetof(struct standing_header, as_of);

    return artefact_sum((const unsigned char *)h + from, size - from);
}

struct str standing_str(const struct standing *s, struct a_str a)
{
    return (struct str){(const char *)s->base + s->header->strings.at + a.at, a.n};
}

/* -1, with the row in the message; rows count from 0 as in the file. */
static int fail(struct diag *d, uint32_t row, const char *what)
{
    struct message *m = diag_at(d, SEVERITY_ERROR, STR_NONE, 0, 0);
    struct text t;

    if (!m)
        return -1;
    text_init(&t, m->text, sizeof m->text - 1);
    text_puts(&t, "the standing is damaged: row ");
    text_put_u64(&t, row);
    text_puts(&t, ": ");
    text_puts(&t, what);
    text_puts(&t, "; portreeved writes it anew");
    m->text[t.n] = '\0';
    return -1;
}

static bool run_in(struct a_list l, uint32_t row_size, size_t size)
{
    return l.at >= sizeof(struct standing_header) && (row_size == 1 || l.at % 4 == 0) &&
           (uint64_t)l.at + (uint64_t)l.n * row_size <= size;
}

static bool string_in(const struct standing *s, struct a_str a)
{
    return (uint64_t)a.at + a.n <= s->header->strings.n;
}

/* What a number, an end and a `what` must be for the kind; NULL when all is well. */
static const char *wrong_for_kind(const struct s_fact *f)
{
    switch (f->kind) {
    case FACT_ACK:
        return f->number ? "a number where none belongs" : f->what.n ? NULL : "about nothing";
    case FACT_USED:
    case FACT_GIVEN:
        return f->number > MINUTES_A_DAY ? "more minutes than a day has" : f->what.n ? NULL : "about nothing";
    case FACT_BREAK:
        return f->what.n || f->number ? "a break with words or a number" : f->until ? NULL : "without an end";
    case FACT_EMERGENCY:
    case FACT_PLAYING:
        return f->number   ? "a number where none belongs"
               : !f->until ? "without an end"
               : f->what.n ? NULL
                           : "about nothing";
    default:
        return "an unknown kind of fact (made by a newer version?)";
    }
}

static int prove_fact(const struct standing *s, uint32_t i, struct diag *d)
{
    const struct s_fact *f = &s->facts[i];
    const char *wrong;

    if (!string_in(s, f->user) || !string_in(s, f->what))
        return fail(d, i, "a string lies outside");
    if (f->user.n == 0 || f->user.n > STANDING_USER_MAX || f->what.n > STANDING_WHAT_MAX)
        return fail(d, i, "a name that is empty or too long");
    wrong = wrong_for_kind(f);
    if (wrong)
        return fail(d, i, wrong);
    if (f->until && f->until < f->from)
        return fail(d, i, "it ends before it begins");
    if (i > 0 && str_cmp(standing_str(s, f[-1].user), standing_str(s, f->user)) > 0)
        return fail(d, i, "the users are not in order");
    return 0;
}

static bool first_of_user(const struct standing *s, uint32_t i)
{
    return i == 0 || !str_eq(standing_str(s, s->facts[i - 1].user), standing_str(s, s->facts[i].user));
}

/* Index of the user's first fact, or NO_INDEX. Ends, since a slot is empty. */
static uint32_t find(const struct standing *s, struct str user)
{
    uint32_t mask = s->header->table.n - 1, slot;

    for (uint32_t at = str_hash(user) & mask; (slot = s->table[at]) != 0; at = (at + 1) & mask)
        if (str_eq(standing_str(s, s->facts[slot - 1].user), user))
            return slot - 1;
    return NO_INDEX;
}

/* Slots point to first facts, one is empty, and every user is found: nobody's facts are lost by a bad table.
 */
static int prove_table(const struct standing *s, struct diag *d)
{
    uint32_t n = s->header->table.n;
    bool empty = false;

    if (n == 0 || (n & (n - 1)) != 0)
        return fail(d, 0, "the number of slots is no power of two");
    for (uint32_t i = 0; i < n; i++) {
        if (s->table[i] > s->header->facts.n)
            return fail(d, i, "a slot points outside");
        if (s->table[i] && !first_of_user(s, s->table[i] - 1))
            return fail(d, i, "a slot points into the midst of somebody's facts");
        empty |= s->table[i] == 0;
    }
    if (!empty)
        return fail(d, 0, "no slot is empty");
    for (uint32_t i = 0; i < s->header->facts.n; i++)
        if (first_of_user(s, i) && find(s, standing_str(s, s->facts[i].user)) != i)
            return fail(d, i, "the table does not lead to its user");
    return 0;
}

static int prove_header(const struct standing_header *h, size_t size, struct diag *d)
{
    if (size < sizeof *h || memcmp(h->magic, STANDING_MAGIC, sizeof h->magic) != 0)
        return diag_error(d, "this is no standing file: portreeved writes it", NULL, NULL);
    if (h->version != STANDING_VERSION)
        return diag_error(d, "the standing was written by another version of portreeve: restart portreeved",
                          NULL, NULL);
    if (size > STANDING_SIZE_MAX || h->size != size)
        return diag_error(d, "the standing is cut short or has grown: portreeved writes it anew", NULL, NULL);
    if (h->check != standing_check_sum(h, size))
        return diag_error(d, "the standing is damaged (its sum does not match): portreeved writes it anew",
                          NULL, NULL);
    if (h->as_of[1] != 0)
        return diag_error(d, "the standing is of a time after 2106: look at the server's clock", NULL, NULL);
    if (!run_in(h->strings, 1, size) || !run_in(h->facts, sizeof(struct s_fact), size) ||
        !run_in(h->table, sizeof(uint32_t), size))
        return diag_error(d,
                          "the standing is damaged: a part lies outside the file; portreeved writes it anew",
                          NULL, NULL);
    return 0;
}

static int prove(const struct standing *s, struct diag *d)
{
    for (uint32_t i = 0; i < s->header->facts.n; i++)
        if (prove_fact(s, i, d) != 0)
            return -1;
    return prove_table(s, d);
}

int standing_open_mem(const void *bytes, size_t size, struct standing **standing, struct diag *d)
{
    const struct standing_header *h = bytes;
    struct standing *s;

    if (prove_header(h, size, d) != 0)
        return -1;
    s = calloc(1, sizeof *s);
    if (!s)
        return diag_error(d, "out of memory while opening the standing", NULL, NULL);
    s->base = bytes;
    s->header = h;
    s->facts = (const void *)(s->base + h->facts.at);
    s->table = (const void *)(s->base + h->table.at);
    if (prove(s, d) != 0) {
        standing_free(s);
        return -1;
    }
    *standing = s;
    return 0;
}

void standing_own_mapping(struct standing *s, void *mapping, size_t size, int (*unmap)(void *, size_t))
{
    s->mapping = mapping;
    s->mapping_size = size;
    s->unmap = unmap;
}

void standing_free(struct standing *s)
{
    if (!s)
        return;
    if (s->mapping)
        s->unmap(s->mapping, s->mapping_size);
    free(s);
}

int64_t standing_as_of(const struct standing *s)
{
    return (int64_t)((uint64_t)s->header->as_of[1] << 32 | s->header->as_of[0]);
}

struct facts standing_all(const struct standing *s)
{
    return s ? (struct facts){s, s->facts, s->header->facts.n} : (struct facts){0};
}

struct facts standing_facts(const struct standing *s, struct str user)
{
    uint32_t at = s && user.n ? find(s, user) : NO_INDEX, end;

    if (at == NO_INDEX)
        return (struct facts){0};
    for (end = at + 1; end < s->header->facts.n && !first_of_user(s, end);)
        end++;
    return (struct facts){s, s->facts + at, end - at};
}

bool fact_holds(const struct s_fact *f, int64_t now)
{
    return f->from <= now && (f->until == 0 || now < f->until);
}

static bool about(const struct facts *facts, uint32_t i, enum fact kind, struct str what, int64_t now)
{
    const struct s_fact *f = &facts->rows[i];

    return f->kind == kind && (!what.p || str_eq(standing_str(facts->of, f->what), what)) &&
           fact_holds(f, now);
}

bool facts_have(const struct facts *facts, enum fact kind, struct str what, int64_t now)
{
    for (uint32_t i = 0; i < facts->n; i++)
        if (about(facts, i, kind, what, now))
            return true;
    return false;
}

uint32_t facts_since(const struct facts *facts, enum fact kind, struct str what, int64_t now)
{
    uint32_t latest = 0;

    for (uint32_t i = 0; i < facts->n; i++)
        if (about(facts, i, kind, what, now) && facts->rows[i].from > latest)
            latest = facts->rows[i].from;
    return latest;
}

uint32_t facts_until(const struct facts *facts, enum fact kind, struct str what, int64_t now)
{
    uint32_t latest = 0;

    for (uint32_t i = 0; i < facts->n; i++)
        if (about(facts, i, kind, what, now) && facts->rows[i].until > latest)
            latest = facts->rows[i].until;
    return latest;
}

uint32_t facts_sum(const struct facts *facts, enum fact kind, struct str what, int64_t now)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < facts->n; i++)
        if (about(facts, i, kind, what, now))
            sum += facts->rows[i].number;
    return sum > UINT32_MAX ? UINT32_MAX : (uint32_t)sum;
}

bool standing_has(const struct standing *s, struct str user, enum fact kind, struct str what, int64_t now)
{
    struct facts facts = standing_facts(s, user);

    return facts_have(&facts, kind, what, now);
}

uint32_t standing_since(const struct standing *s, struct str user, enum fact kind, struct str what,
                        int64_t now)
{
    struct facts facts = standing_facts(s, user);

    return facts_since(&facts, kind, what, now);
}

uint32_t standing_sum(const struct standing *s, struct str user, enum fact kind, struct str what, int64_t now)
{
    struct facts facts = standing_facts(s, user);

    return facts_sum(&facts, kind, what, now);
}
