#include "tools/event_lines.h"

#include "core/clock.h"
#include "record/spool.h"
#include "store/store.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static struct str text_of(const json_t *o, const char *key)
{
    const json_t *value = json_object_get(o, key);

    return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)} : STR_NONE;
}

/* The number of a word; `unknown` for null, -1 for a word that the list has not. */
static int word_at(const json_t *o, const char *key, enum word_list_id list, int unknown)
{
    const json_t *value = json_object_get(o, key);

    return json_is_string(value) ? word_find(list, text_of(o, key)) : unknown;
}

static bool read_categories(const json_t *o, uint32_t *bits)
{
    const json_t *list = json_object_get(o, "categories");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *word = json_array_get(list, i);
        int k = json_is_string(word) ? word_find(WORDS_CATEGORY, str_of(json_string_value(word))) : -1;

        if (k < 0)
            return false;
        *bits |= 1u << k;
    }
    return true;
}

static bool read_words(const json_t *o, struct event *e)
{
    int action = word_at(o, "action", WORDS_ACTION, -1), why = word_at(o, "why", WORDS_WHY, -1);
    int activity = word_at(o, "activity", WORDS_ACTIVITY, ACTIVITY_COUNT);
    int confidence = word_at(o, "confidence", WORDS_CONFIDENCE, -1), origin = word_at(o, "origin", WORDS_ORIGIN, -1);
    int identity = word_at(o, "identity", WORDS_IDENTITY, -1), people = word_at(o, "people", WORDS_PEOPLE, PEOPLE_COUNT);
    int would = word_at(o, "would", WORDS_ACTION, action);

    if (action < 0 || why < 0 || activity < 0 || confidence < 0 || origin < 0 || identity < 0 || people < 0 || would < 0)
        return false;
    e->action = (enum action)action;
    e->why = (enum why)why;
    e->activity = (enum activity)activity;
    e->confidence = (enum confidence)confidence;
    e->origin = (enum origin)origin;
    e->identity = (enum identity)identity;
    e->people = people == PEOPLE_COUNT ? 0xffffffff : (uint32_t)people;
    e->would = (enum action)would;
    return true;
}

static void read_place(const json_t *o, struct event *e)
{
    struct str country = text_of(o, "country");
    json_int_t asn = json_integer_value(json_object_get(o, "asn"));

    if (country.n == 2)
        e->country = (uint32_t)(unsigned char)country.p[0] << 8 | (unsigned char)country.p[1];
    if (asn > 0 && asn <= (json_int_t)UINT32_MAX)
        e->asn = (uint32_t)asn;
    e->has_place = e->country || e->asn;
}

static bool read_pseudonym(const json_t *o, struct event *e)
{
    static const char digits[] = "0123456789abcdef";
    struct str hex = text_of(o, "pseudonym");

    e->has_pseudonym = hex.n > 0;
    if (hex.n && hex.n != sizeof e->pseudonym * 2)
        return false;
    for (size_t i = 0; i < hex.n; i++) {
        const char *digit = memchr(digits, hex.p[i], sizeof digits - 1);

        if (!digit)
            return false;
        e->pseudonym[i / 2] = (unsigned char)(e->pseudonym[i / 2] << 4 | (digit - digits));
    }
    return true;
}

/* Slices point into `o`. */
static bool read_event(const json_t *o, struct event *e)
{
    *e = (struct event){.policy = text_of(o, "policy"),
                        .rule = text_of(o, "rule"),
                        .platform = text_of(o, "platform"),
                        .account = text_of(o, "account"),
                        .code = text_of(o, "code"),
                        .shadow = json_is_true(json_object_get(o, "shadow")),
                        .would_rule = text_of(o, "would_rule")};
    if (!json_is_object(o) || clock_parse(text_of(o, "time"), &e->time) != 0 || !read_words(o, e) ||
        !read_categories(o, &e->categories) || !read_pseudonym(o, e))
        return false;
    read_place(o, e);
    return true;
}

static int read_lines(const char *path, void (*each)(void *to, const struct event *e), void *to, struct events_read *result,
                      struct diag *d)
{
    FILE *f = fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    int status = 0;

    if (!f)
        return diag_error(d, path, ": cannot be opened: ", strerror(errno));
    while ((n = getline(&line, &room, f)) >= 0) {
        json_t *o = json_loadb(line, (size_t)n, 0, NULL);
        struct event e;

        if (n <= 1)
            continue;
        if (o && read_event(o, &e))
            each(to, &e);
        else
            result->unreadable++;
        json_decref(o);
    }
    if (ferror(f))
        status = diag_error(d, path, ": cannot be read to its end: ", strerror(errno));
    free(line);
    fclose(f);
    return status;
}

/* Those of the time that is asked for go on. */
struct window {
    const int64_t *from_until;
    void (*each)(void *to, const struct event *e);
    void *to;
    uint64_t events;
};

static void pass(void *to, const struct event *e)
{
    struct window *w = to;

    if (e->time < w->from_until[0] || e->time >= w->from_until[1])
        return;
    w->events++;
    w->each(w->to, e);
}

/* How a file begins. */
static size_t head_of(const char *path, char head[16])
{
    FILE *f = fopen(path, "re");
    size_t n = f ? fread(head, 1, 16, f) : 0;

    if (f)
        fclose(f);
    return n;
}

static int read_store(const char *name, struct window *w, struct diag *d)
{
    struct store *s = NULL;
    int result = store_open_read(name, &s, d);

    if (result == 0)
        result = store_between(s, w->from_until, pass, w, d);
    store_close(s);
    return result;
}

int events_read(const char *path, const int64_t from_until[2], void (*each)(void *to, const struct event *e), void *to,
                struct events_read *result, struct diag *d)
{
    struct window w = {from_until, each, to, 0};
    struct spool_read read = {0};
    struct stat st = {0};
    char head[16];
    int status;
    size_t n;

    if (!store_is_shared(path) && stat(path, &st) != 0)
        return diag_error(d, path, ": cannot be opened: ", strerror(errno));
    n = store_is_shared(path) || S_ISDIR(st.st_mode) ? 0 : head_of(path, head);
    if (store_is_shared(path) || (n == 16 && memcmp(head, "SQLite format 3", 16) == 0)) {
        status = read_store(path, &w, d);
    } else if (n && head[0] == '{') {
        status = read_lines(path, pass, &w, result, d);
    } else {
        status = spool_read(path, pass, &w, &read, d);
        result->torn += read.torn;
    }
    result->events += w.events;
    return status;
}
