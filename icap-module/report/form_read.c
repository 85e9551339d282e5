/* JSON to structs, by tables. */
#include "report/form.h"

#include "core/clock.h"

#include <stdio.h>
#include <stdlib.h>

struct reading {
    struct pool *pool;
    enum form_whole whole;
    struct diag *d;
    char path[160];
};

static int wrong(struct reading *r, const char *what, struct str value)
{
    input_say(r->d, r->path, what, value);
    return -1;
}

static struct str text_of(const json_t *v)
{
    return (struct str){json_string_value(v), json_string_length(v)};
}

/* ---- one value ---- */

static int take_text(struct reading *r, const json_t *v, void *to, bool lines)
{
    struct str text = text_of(v);
    size_t most = lines ? INPUT_TEXT : INPUT_NAME;
    char why[64];

    if (text.n > most) {
        snprintf(why, sizeof why, "has %zu bytes; at most %zu can be taken", text.n, most);
        return wrong(r, why, STR_NONE);
    }
    *(struct str *)to = input_clean(r->pool, text, lines);
    /* Marks that were made visible take more room; what is written must be read again. */
    if (((struct str *)to)->n > most)
        return wrong(r, "has too many control characters or marks of direction: write it without them", STR_NONE);
    return 0;
}

static int take_time(struct reading *r, const json_t *v, void *to)
{
    struct str text = text_of(v);
    int64_t *utc = to;

    return text.n > 10 && clock_parse(text, utc) == 0
               ? 0
               : wrong(r, "is no time: write 2026-03-18T10:02:00Z", text);
}

static int take_day(struct reading *r, const json_t *v, void *to)
{
    struct str text = text_of(v);
    int64_t utc;

    if (text.n != 10 || clock_parse(text, &utc) != 0)
        return wrong(r, "is no day: write 2026-03-18", text);
    *(int32_t *)to = clock_local(utc).day;
    return 0;
}

static int take_number(struct reading *r, const json_t *v, void *to)
{
    if (!json_is_integer(v) || json_integer_value(v) < 0)
        return wrong(r, "is no whole number from 0", STR_NONE);
    *(uint64_t *)to = (uint64_t)json_integer_value(v);
    return 0;
}

static int take_word(struct reading *r, const json_t *v, void *to, enum word_list_id list)
{
    const struct word_list *words = &word_lists[list];
    struct str text = text_of(v);
    int number = word_find(list, text);
    const char *near;
    char why[96];

    if (number >= 0) {
        *(uint32_t *)to = (uint32_t)number;
        return 0;
    }
    near = diag_nearest(text, words->words, words->n);
    snprintf(why, sizeof why, "is no %s%s%s", words->what, near ? "; did you mean " : "", near ? near : "");
    return wrong(r, why, text);
}

static int two_digits(struct str s, size_t at)
{
    if (at + 2 > s.n || s.p[at] < '0' || s.p[at] > '9' || s.p[at + 1] < '0' || s.p[at + 1] > '9')
        return -1;
    return (s.p[at] - '0') * 10 + s.p[at + 1] - '0';
}

static int take_clock(struct reading *r, const json_t *v, void *to)
{
    struct str text = text_of(v);
    int h = two_digits(text, 0), m = two_digits(text, 3);

    if (text.n != 5 || text.p[2] != ':' || h < 0 || m < 0 || m > 59 || h * 60 + m > 1440)
        return wrong(r, "is no time of the day: write 08:30", text);
    *(uint32_t *)to = (uint32_t)(h * 60 + m);
    return 0;
}

static int take_weekdays(struct reading *r, const json_t *v, void *to)
{
    static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    struct str rest = str_trim(text_of(v));
    uint32_t days = 0;

    while (rest.n) {
        struct str word = str_cut(&rest, ' ');
        unsigned i = 0;

        while (i < 7 && !str_eq(word, str_of(names[i])))
            i++;
        if (i == 7)
            return wrong(r, "is no list of weekdays: write mon tue wed thu fri sat sun", word);
        days |= 1u << i;
        rest = str_trim(rest);
    }
    *(uint32_t *)to = days;
    return days ? 0 : wrong(r, "names no weekday", STR_NONE);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int take_hex(struct reading *r, const json_t *v, void *to)
{
    struct str text = text_of(v);
    unsigned char *bytes = to;

    for (size_t i = 0; text.n == 2 * INPUT_PSEUDONYM && i < INPUT_PSEUDONYM; i++) {
        int high = hex_digit(text.p[2 * i]), low = hex_digit(text.p[2 * i + 1]);

        if (high < 0 || low < 0)
            break;
        bytes[i] = (unsigned char)(high << 4 | low);
        if (i + 1 == INPUT_PSEUDONYM)
            return 0;
    }
    return wrong(r, "is no pseudonym: 32 hexadecimal digits", text);
}

/* ---- objects and lists ---- */

/* NOLINTBEGIN(misc-no-recursion): as deep as the tables of input_shapes.c, whatever the text holds */

static int take(struct reading *r, const json_t *v, const struct field *f, char *base);

/* Longer paths are cut: the message is about the field all the same. Both return where the path ended before.
 */
static size_t go_into(struct reading *r, const char *name)
{
    size_t before = strlen(r->path);

    snprintf(r->path + before, sizeof r->path - before, "%s%s", before ? "." : "", name);
    return before;
}

static size_t go_to(struct reading *r, size_t index)
{
    size_t before = strlen(r->path);

    snprintf(r->path + before, sizeof r->path - before, "[%zu]", index);
    return before;
}

static void unknown_field(struct reading *r, const struct form *s, const char *name)
{
    const char *names[32], *near;
    char why[96];

    for (size_t i = 0; i < s->n && i < 32; i++)
        names[i] = s->fields[i].name;
    near = diag_nearest(str_of(name), names, s->n < 32 ? s->n : 32);
    snprintf(why, sizeof why, "is no field here%s%s", near ? "; did you mean " : "", near ? near : "");
    wrong(r, why, STR_NONE);
}

static bool is_empty(const struct field *f, const char *base)
{
    return f->need == NEEDED && (f->kind == FIELD_NAME || f->kind == FIELD_TEXT) &&
           ((const struct str *)(const void *)(base + f->at))->n == 0;
}

static void take_object(struct reading *r, const json_t *o, const struct form *s, char *base)
{
    const char *key;
    json_t *v;

    for (size_t i = 0; i < s->n; i++) {
        const struct field *f = &s->fields[i];
        size_t before = go_into(r, f->name);

        v = json_object_get(o, f->name);
        if (v && !json_is_null(v)) {
            if (take(r, v, f, base) == 0 && is_empty(f, base))
                wrong(r, "is empty", STR_NONE);
        } else if (f->need == NEEDED && r->whole == FORM_WHOLE) {
            wrong(r, "is missing", STR_NONE);
        }
        r->path[before] = '\0';
    }
    json_object_foreach((json_t *)(uintptr_t)o, key, v)
    {
        bool known = false;
        size_t before = go_into(r, key);

        for (size_t i = 0; i < s->n; i++)
            known = known || strcmp(s->fields[i].name, key) == 0;
        if (!known)
            unknown_field(r, s, key);
        r->path[before] = '\0';
    }
}

/* One element of a list: an object, a name or a day. */
static void take_element(struct reading *r, const json_t *v, const struct field *f, char *to)
{
    if (f->kind == FIELD_NAMES || f->kind == FIELD_DAYS) {
        struct field plain = {.name = "", .kind = f->kind == FIELD_DAYS ? FIELD_DAY : FIELD_NAME};

        take(r, v, &plain, to);
    } else if (json_is_object(v)) {
        take_object(r, v, f->shape, to);
    } else {
        wrong(r, "is no object", STR_NONE);
    }
}

static int take_list(struct reading *r, const json_t *v, const struct field *f, struct input_list *to)
{
    size_t n = json_array_size(v);
    size_t size = f->kind == FIELD_NAMES  ? sizeof(struct str)
                  : f->kind == FIELD_DAYS ? sizeof(int32_t)
                                          : f->shape->size;
    char *items;

    if (!json_is_array(v))
        return wrong(r, "is no list", STR_NONE);
    items = pool_take(r->pool, n * size);
    if (!items)
        return -1;
    for (size_t i = 0; i < n; i++) {
        size_t before = go_to(r, i);

        take_element(r, json_array_get(v, i), f, items + i * size);
        r->path[before] = '\0';
    }
    *to = (struct input_list){items, n};
    return 0;
}

static int take(struct reading *r, const json_t *v, const struct field *f, char *base)
{
    void *to = base + f->at;

    if (f->kind < FIELD_NUMBER || (f->kind >= FIELD_WORD && f->kind <= FIELD_HEX))
        if (!json_is_string(v))
            return wrong(r, "is no text", STR_NONE);
    switch (f->kind) {
    case FIELD_NAME:
    case FIELD_TEXT:
        return take_text(r, v, to, f->kind == FIELD_TEXT);
    case FIELD_TIME:
        return take_time(r, v, to);
    case FIELD_DAY:
        return take_day(r, v, to);
    case FIELD_NUMBER:
        return take_number(r, v, to);
    case FIELD_BOOL:
        *(bool *)to = json_is_true(v);
        return json_is_boolean(v) ? 0 : wrong(r, "is neither true nor false", STR_NONE);
    case FIELD_WORD:
        return take_word(r, v, to, f->words);
    case FIELD_CLOCK:
        return take_clock(r, v, to);
    case FIELD_WEEKDAYS:
        return take_weekdays(r, v, to);
    case FIELD_HEX:
        return take_hex(r, v, to);
    case FIELD_OBJECT:
        if (!json_is_object(v))
            return wrong(r, "is no object", STR_NONE);
        if (f->has)
            *(bool *)(base + f->has) = true;
        take_object(r, v, f->shape, to);
        return 0;
    case FIELD_LIST:
    case FIELD_NAMES:
    case FIELD_DAYS:
        return take_list(r, v, f, to);
    default:
        return 0;
    }
}

/* NOLINTEND(misc-no-recursion) */

int form_read(const json_t *o, const struct form *form, const struct form_target *to, struct diag *d)
{
    struct reading r = {.pool = to->pool, .whole = to->whole, .d = d};
    unsigned before = d->errors;

    if (json_is_object(o))
        take_object(&r, o, form, to->base);
    else
        wrong(&r, "one JSON object is wanted", STR_NONE);
    if (to->pool->failed)
        diag_error(d, "out of memory", NULL, NULL);
    return d->errors == before ? 0 : -1;
}

json_t *form_load(struct str json, struct diag *d)
{
    json_error_t error;
    json_t *root = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, &error);
    struct message *m;

    if (root)
        return root;
    m = diag_at(d, SEVERITY_ERROR, STR_NONE, (unsigned)(error.line > 0 ? error.line : 0), 0);
    if (m)
        diag_copy(m->text, sizeof m->text, str_of(error.text));
    return NULL;
}
