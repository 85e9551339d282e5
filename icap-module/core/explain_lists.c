/* explain: which lists name the host, in words. */
#include "core/explain.h"

#include "core/categories.h"
#include "core/clock.h"

/* The story, and which database is being asked. */
struct telling {
    const struct catdb *db;
    int64_t now;
    struct text *t;
};

static void put_date(struct text *t, int32_t day)
{
    char date[10];

    clock_format_date(day, date);
    text_put(t, (struct str){date, sizeof date});
}

static void put_categories(struct text *t, uint32_t categories)
{
    const char *comma = "";

    for (unsigned k = 0; k < CATEGORY_COUNT; k++)
        if (categories >> k & 1) {
            text_puts(t, comma);
            text_puts(t, word_of(WORDS_CATEGORY, k));
            comma = ", ";
        }
}

/* "  on the list ut1/gambling as gambling: casino.example, of 2026-11-20 (CC BY-SA 4.0)" */
static void tell(void *to, const struct catdb_list *list, struct str host, struct str url)
{
    const struct telling *k = to;
    struct text *t = k->t;
    bool over = list->until && k->now >= (int64_t)list->until;

    text_puts(t, list->kind == CATDB_ALLOWED ? "  taken off " : "  on the list ");
    if (list->kind != CATDB_ALLOWED) {
        text_put(t, catdb_str(k->db, list->name));
        text_puts(t, " as ");
    }
    put_categories(t, list->categories);
    text_puts(t, ": ");
    text_put(t, host);
    text_put(t, url);
    if (list->owner.n) {
        text_puts(t, ", by ");
        text_put(t, catdb_str(k->db, list->owner));
    }
    if (list->date) {
        text_puts(t, ", of ");
        put_date(t, (int32_t)list->date);
    }
    if (list->until) {
        text_puts(t, over ? ", ended on " : ", to the end of ");
        put_date(t, clock_local((int64_t)list->until - 1).day);
    }
    text_putc(t, '\n');
}

static void ask(const struct categories *c, const struct catdb_question *q, struct telling *k)
{
    for (unsigned i = 0; i < c->n; i++) {
        k->db = &c->db[i];
        catdb_ask(k->db, q, tell, k);
    }
}

void explain_lists(const struct snapshot *s, const struct request *r, const struct classification *c,
                   struct text *t)
{
    struct telling k = {.now = r->now, .t = t};

    if (!s->categories)
        return;
    ask(s->categories, &(struct catdb_question){r->host, r->path, r->query, r->host_is_address}, &k);
    if (c->inner_host.n)
        ask(s->categories, &(struct catdb_question){.host = c->inner_host}, &k);
}
