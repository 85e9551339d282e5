#include "tools/review_shadow.h"

#include "tools/history.h"
#include "tools/json_words.h"

#include <stdlib.h>

enum { KEY_MAX = 512 };

/* Events that differ in nothing that is told. */
struct row {
    unsigned char key[KEY_MAX]; /* an event without time, person, code and all that is not told */
    size_t size;
    uint64_t n;
    unsigned char (*people)[PSEUDONYM_SIZE]; /* the first SHADOW_FEW: more need not be told apart */
    unsigned n_people;
    uint64_t nameless; /* events of nobody who is recorded */
};

struct shadow_review {
    uint64_t events, held_back;
    struct row *rows;
    size_t n, room;
    bool no_memory;
};

struct shadow_review *shadow_review_new(void)
{
    return calloc(1, sizeof(struct shadow_review));
}

void shadow_review_free(struct shadow_review *r)
{
    for (size_t i = 0; r && i < r->n; i++)
        free(r->rows[i].people);
    free(r ? r->rows : NULL);
    free(r);
}

static struct row *row_of(struct shadow_review *r, const unsigned char *key, size_t size)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->rows[i].size == size && memcmp(r->rows[i].key, key, size) == 0)
            return &r->rows[i];
    if (r->n == r->room) {
        size_t room = r->room ? r->room * 2 : 64;
        struct row *grown = realloc(r->rows, room * sizeof *grown);

        if (!grown)
            return NULL;
        r->rows = grown;
        r->room = room;
    }
    r->rows[r->n] = (struct row){.size = size};
    memcpy(r->rows[r->n].key, key, size);
    return &r->rows[r->n++];
}

static void count_person(struct shadow_review *r, struct row *row, const unsigned char pseudonym[PSEUDONYM_SIZE])
{
    for (unsigned i = 0; i < row->n_people; i++)
        if (memcmp(row->people[i], pseudonym, PSEUDONYM_SIZE) == 0)
            return;
    if (row->n_people == SHADOW_FEW)
        return;
    if (!row->people && !(row->people = calloc(SHADOW_FEW, PSEUDONYM_SIZE))) {
        r->no_memory = true;
        return;
    }
    memcpy(row->people[row->n_people++], pseudonym, PSEUDONYM_SIZE);
}

void shadow_review_take(void *to, const struct event *e)
{
    struct shadow_review *r = to;
    struct event told = {.policy = e->policy, .platform = e->platform, .activity = e->activity,
                         .categories = e->categories, .people = UINT32_MAX, .shadow = true, .would = e->would,
                         .would_rule = e->would_rule};
    unsigned char key[EVENT_MAX];
    size_t size;
    struct row *row;

    r->events++;
    if (!e->shadow)
        return;
    r->held_back++;
    size = event_encode(&told, key, sizeof key);
    row = size && size <= KEY_MAX ? row_of(r, key, size) : NULL;
    if (!row) {
        r->no_memory = true;
        return;
    }
    row->n++;
    if (e->has_pseudonym)
        count_person(r, row, e->pseudonym);
    else
        row->nameless++;
}

static int by_number(const void *a, const void *b)
{
    const struct row *one = a, *other = b;

    return one->n < other->n ? 1 : one->n > other->n ? -1 : 0;
}

/* Where some events are of nobody who is recorded, how many people there were is not known. */
static json_t *people_json(const struct row *row)
{
    if (row->nameless)
        return json_null();
    return row->n_people < SHADOW_FEW ? json_sprintf("fewer than %d", SHADOW_FEW) : json_sprintf("%d or more", SHADOW_FEW);
}

static json_t *row_json(const struct row *row, json_t *history)
{
    struct event e;
    json_t *o, *rule;

    event_decode(&e, row->key, row->size);
    rule = history ? history_rule(history, e.policy, e.would_rule) : NULL;
    o = json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "events", (json_int_t)row->n, "people", people_json(row), "would",
                  json_word(WORDS_ACTION, e.would), "rule", json_slice(e.would_rule), "policy", json_slice(e.policy), "platform",
                  json_slice(e.platform), "categories", json_bits(WORDS_CATEGORY, e.categories), "activity",
                  json_word(WORDS_ACTIVITY, e.activity));
    json_object_set(o, "because", rule ? json_object_get(rule, "because") : json_null());
    json_object_set(o, "clause", rule ? json_object_get(rule, "cite") : json_null());
    return o;
}

json_t *shadow_review_json(struct shadow_review *r, json_t *history)
{
    json_t *rows = json_array();

    if (r->no_memory) {
        json_decref(rows);
        return NULL;
    }
    qsort(r->rows, r->n, sizeof *r->rows, by_number);
    for (size_t i = 0; i < r->n; i++)
        json_array_append_new(rows, row_json(&r->rows[i], history));
    return json_pack("{s:I, s:I, s:o}", "events", (json_int_t)r->events, "held_back", (json_int_t)r->held_back, "rows", rows);
}
