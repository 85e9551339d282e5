/* Words that come again and again, each kept once under a number: names, pseudonyms, and the whole of what an
 * event has in common with others (its kind: the verdict without whose and when). */
#include "store/backend.h"

enum { KIND_KEY = 1024, KIND_NAMES = 6, KIND_NUMBERS = 10 };

/* A table of words: how one is found and how it is made. */
struct words_of {
    struct intern *known;
    enum statement find, add;
    void (*bind)(struct store *s, enum statement which, const void *from);
    const void *from;
};

/* Another node may make the same one at the same time: then it is not made here, and found. */
static int find(struct store *s, const struct words_of *w, int64_t *id, struct diag *d)
{
    const enum statement steps[] = {w->find, w->add, w->find};

    *id = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && *id == 0; i++) {
        w->bind(s, steps[i], w->from);
        if (store_ask(s, steps[i], 0, id, d) != 0)
            return -1;
    }
    return *id ? 0 : store_failed(s, "cannot be written", "a word that was written is not there", d);
}

static struct interned *word(struct store *s, const struct words_of *w, struct str key, struct diag *d)
{
    struct interned *known;
    int64_t id;

    if (find(s, w, &id, d) != 0)
        return NULL;
    known = intern_put(w->known, key, id);
    if (!known)
        store_failed(s, "cannot be written", "out of memory", d);
    return known;
}

static void bind_name(struct store *s, enum statement which, const void *from)
{
    s->backend->clear(s, which);
    s->backend->bind_text(s, which, 1, *(const struct str *)from);
}

static void bind_person(struct store *s, enum statement which, const void *from)
{
    s->backend->clear(s, which);
    s->backend->bind_bytes(s, which, 1, *(const struct str *)from);
}

struct interned *store_name(struct store *s, struct str text, struct diag *d)
{
    struct interned *known = intern_find(&s->names, text);
    struct words_of w = {&s->names, SQL_NAME_ID, SQL_NAME_ADD, bind_name, &text};

    return known ? known : word(s, &w, text, d);
}

struct interned *store_person(struct store *s, struct str pseudonym, struct diag *d)
{
    struct interned *known = intern_find(&s->people, pseudonym);
    struct words_of w = {&s->people, SQL_PERSON_ID, SQL_PERSON_ADD, bind_person, &pseudonym};

    return known ? known : word(s, &w, pseudonym, d);
}

/* ---- kinds ---- */

static void bind_kind(struct store *s, enum statement which, const void *from)
{
    s->backend->clear(s, which);
    store_bind_numbers(s, which, 1, from, KIND_NAMES + KIND_NUMBERS);
}

static void put_numbers(const struct event *e, int64_t to[KIND_NUMBERS])
{
    const int64_t numbers[KIND_NUMBERS] = {e->action,   e->why,        e->activity, e->confidence, e->origin,
                                           e->identity, e->categories, e->people,   e->shadow,     e->would};

    memcpy(to, numbers, sizeof numbers);
}

/* Length before each text: no two kinds have the same key. */
static size_t key_of(const struct str names[KIND_NAMES], const int64_t *numbers, char key[KIND_KEY])
{
    size_t n = 0;

    for (int i = 0; i < KIND_NUMBERS; i++, n += sizeof(uint32_t))
        memcpy(key + n, &(uint32_t){(uint32_t)numbers[i]}, sizeof(uint32_t));
    for (int i = 0; i < KIND_NAMES; i++) {
        if (names[i].n > 100)
            return 0;
        key[n++] = (char)names[i].n;
        if (names[i].n)
            memcpy(key + n, names[i].p, names[i].n);
        n += names[i].n;
    }
    return n;
}

_Static_assert(KIND_NUMBERS * 4 + KIND_NAMES * 101 <= KIND_KEY, "a kind's key fits");

struct interned *store_kind(struct store *s, const struct event *e, struct diag *d)
{
    const struct str names[KIND_NAMES] = {e->policy,  e->rule,  e->platform,
                                          e->account, e->group, e->would_rule};
    int64_t row[KIND_NAMES + KIND_NUMBERS];
    struct words_of w = {&s->kinds, SQL_KIND_ID, SQL_KIND_ADD, bind_kind, row};
    struct interned *known;
    char key[KIND_KEY];
    struct str text;

    put_numbers(e, row + KIND_NAMES);
    text = (struct str){key, key_of(names, row + KIND_NAMES, key)};
    if (!text.n) {
        store_failed(s, "an event cannot be written", "one of its names is too long", d);
        return NULL;
    }
    known = intern_find(&s->kinds, text);
    if (known)
        return known;
    for (int i = 0; i < KIND_NAMES; i++) {
        const struct interned *name = store_name(s, names[i], d);

        if (!name)
            return NULL;
        row[i] = name->id;
    }
    return word(s, &w, text, d);
}
