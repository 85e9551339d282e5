#include "tools/review_shadow.h"

#include "store/intern.h"
#include "tools/history.h"
#include "tools/json_words.h"

#include <stdlib.h>

enum { WHO = sizeof(uint32_t) + PSEUDONYM_SIZE };

/* Events that differ in nothing that is told. */
struct row {
    unsigned char key[EVENT_MAX]; /* an event without time, person, code and all that is not told */
    size_t size;
    uint64_t n, people;
    uint64_t nameless; /* events of nobody who is recorded */
    uint64_t of_rule;  /* events of its rule in that version, all rows together */
};

struct shadow_review {
    uint64_t events, held_back;
    struct row *rows;
    size_t n, room;
    struct intern by_key;
    struct intern who; /* a row and a pseudonym: who was counted there; forgotten with the review */
    bool crowded;      /* `who` is full: people beyond that are not counted */
    bool no_memory;
};

struct shadow_review *shadow_review_new(void)
{
    return calloc(1, sizeof(struct shadow_review));
}

void shadow_review_free(struct shadow_review *r)
{
    if (!r)
        return;
    intern_clear(&r->by_key);
    intern_clear(&r->who);
    free(r->rows);
    free(r);
}

/* The row of such an event; NULL without memory. Of what shadow held back no rule stands behind, the event's own is told: "default",
 * or none. */
static struct row *row_of(struct shadow_review *r, const struct event *e)
{
    const struct event told = {.policy = e->policy,
                               .platform = e->platform,
                               .activity = e->activity,
                               .categories = e->categories,
                               .people = UINT32_MAX,
                               .shadow = true,
                               .would = e->would,
                               .would_rule = e->would_rule.n ? e->would_rule : e->rule};
    struct row row = {.n = 0};
    struct str key;
    const struct interned *known;

    row.size = event_encode(&told, row.key, sizeof row.key);
    key = (struct str){(const char *)row.key, row.size};
    known = row.size ? intern_find(&r->by_key, key) : NULL;
    if (known)
        return &r->rows[known->id];
    if (r->n == r->room) {
        size_t room = r->room ? r->room * 2 : 64;
        struct row *grown = realloc(r->rows, room * sizeof *grown);

        if (!grown)
            return NULL;
        r->rows = grown;
        r->room = room;
    }
    if (!row.size || r->n >= INTERN_MAX / 2 || !intern_put(&r->by_key, key, (int64_t)r->n))
        return NULL;
    r->rows[r->n] = row;
    return &r->rows[r->n++];
}

/* A full table would begin anew and count people twice: rather nobody is counted any more, and few are not
 * called few. */
static void count_person(struct shadow_review *r, struct row *row,
                         const unsigned char pseudonym[PSEUDONYM_SIZE])
{
    uint32_t at = (uint32_t)(row - r->rows);
    char bytes[WHO];

    memcpy(bytes, &at, sizeof at);
    memcpy(bytes + sizeof at, pseudonym, PSEUDONYM_SIZE);
    if (intern_find(&r->who, (struct str){bytes, sizeof bytes}))
        return;
    r->crowded |= r->who.used >= INTERN_MAX / 2;
    if (r->crowded)
        return;
    if (intern_put(&r->who, (struct str){bytes, sizeof bytes}, 0))
        row->people++;
    else
        r->no_memory = true;
}

void shadow_review_take(void *to, const struct event *e)
{
    struct shadow_review *r = to;
    struct row *row;

    r->events++;
    if (!e->shadow)
        return;
    r->held_back++;
    row = row_of(r, e);
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

/* ---- telling ---- */

static void rule_of(const struct row *row, struct str *policy, struct str *rule)
{
    struct event e;

    event_decode(&e, row->key, row->size);
    *policy = e.policy;
    *rule = e.would_rule;
}

static int by_rule(const struct row *a, const struct row *b)
{
    struct str policy[2], rule[2];
    int order;

    rule_of(a, &policy[0], &rule[0]);
    rule_of(b, &policy[1], &rule[1]);
    order = str_cmp(rule[0], rule[1]);
    return order ? order : str_cmp(policy[0], policy[1]);
}

/* Rules with most events first, each rule's rows together; then by what they say, so that the same events
 * read the same. */
static int in_order(const void *one, const void *other)
{
    const struct row *a = one, *b = other;
    int order;

    if (a->of_rule != b->of_rule)
        return a->of_rule < b->of_rule ? 1 : -1;
    order = by_rule(a, b);
    if (order)
        return order;
    if (a->n != b->n)
        return a->n < b->n ? 1 : -1;
    return str_cmp((struct str){(const char *)a->key, a->size}, (struct str){(const char *)b->key, b->size});
}

static int by_rule_alone(const void *one, const void *other)
{
    return by_rule(one, other);
}

static void sort_rows(struct shadow_review *r)
{
    if (!r->n)
        return;
    qsort(r->rows, r->n, sizeof *r->rows, by_rule_alone);
    for (size_t i = 0, k; i < r->n; i = k) {
        uint64_t sum = 0;

        for (k = i; k < r->n && by_rule(&r->rows[i], &r->rows[k]) == 0; k++)
            sum += r->rows[k].n;
        for (size_t at = i; at < k; at++)
            r->rows[at].of_rule = sum;
    }
    qsort(r->rows, r->n, sizeof *r->rows, in_order);
}

/* Where some events are of nobody who is recorded, how many people there were is not known. */
static json_t *people_json(const struct shadow_review *r, const struct row *row)
{
    if (row->nameless || (r->crowded && row->people < SHADOW_FEW))
        return json_null();
    return row->people < SHADOW_FEW
               ? json_sprintf("fewer than %d", SHADOW_FEW)
               : json_sprintf("%llu or more", (unsigned long long)(row->people - row->people % SHADOW_FEW));
}

/* Whether the rule can still be looked up. NULL: nothing was given to look it up in. */
static const char *standing_of(json_t *history, struct str policy, struct str rule)
{
    const json_t *newest = json_array_get(history, json_array_size(history) - 1);
    const json_t *version = json_object_get(newest, "version");
    struct str now = {json_string_value(version), json_string_length(version)};

    if (!history)
        return NULL;
    if (!history_has(history, policy))
        return "version-unknown";
    if (!history_rule(history, policy, rule))
        return "not-a-rule";
    return history_rule(history, now, rule) ? "in-force" : "gone";
}

static json_t *row_json(const struct shadow_review *r, const struct row *row, json_t *history)
{
    const char *standing;
    struct event e;
    json_t *o, *rule;

    event_decode(&e, row->key, row->size);
    rule = history ? history_rule(history, e.policy, e.would_rule) : NULL;
    standing = standing_of(history, e.policy, e.would_rule);
    o = json_pack("{s:I, s:I, s:o, s:o, s:s?, s:o, s:o, s:o, s:o, s:o}", "events", (json_int_t)row->n,
                  "events_of_rule", (json_int_t)row->of_rule, "people", people_json(r, row), "would",
                  json_word(WORDS_ACTION, e.would), "rule_is", standing, "rule", json_slice(e.would_rule),
                  "policy", json_slice(e.policy), "platform", json_slice(e.platform), "categories",
                  json_bits(WORDS_CATEGORY, e.categories), "activity", json_word(WORDS_ACTIVITY, e.activity));
    json_object_set(o, "because", rule ? json_object_get(rule, "because") : json_null());
    json_object_set(o, "clause", rule ? json_object_get(rule, "cite") : json_null());
    return o;
}

json_t *shadow_review_json(struct shadow_review *r, json_t *history)
{
    json_t *rows;

    if (r->no_memory)
        return NULL;
    sort_rows(r);
    rows = json_array();
    for (size_t i = 0; i < r->n; i++)
        json_array_append_new(rows, row_json(r, &r->rows[i], history));
    return json_pack("{s:I, s:I, s:o}", "events", (json_int_t)r->events, "held_back",
                     (json_int_t)r->held_back, "rows", rows);
}
