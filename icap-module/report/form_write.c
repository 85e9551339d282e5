/* Structs to JSON, by the same tables that read them. */
#include "report/form.h"

#include "core/clock.h"

#include <stdio.h>
#include <time.h>

static json_t *text_value(struct str s)
{
    return s.n ? json_stringn(s.p, s.n) : NULL;
}

static json_t *day_value(int32_t day)
{
    char text[10];

    if (!day)
        return NULL;
    clock_format_date(day, text);
    return json_stringn(text, sizeof text);
}

static json_t *time_value(int64_t utc)
{
    time_t t = (time_t)utc;
    struct tm tm;
    char text[32];

    if (!utc || !gmtime_r(&t, &tm) || !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm))
        return NULL;
    return json_string(text);
}

static json_t *clock_value(uint32_t minute)
{
    char text[16];

    snprintf(text, sizeof text, "%02u:%02u", (unsigned)(minute / 60 % 100), (unsigned)(minute % 60));
    return json_string(text);
}

static json_t *weekdays_value(uint32_t days)
{
    static const char *const names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    char text[32] = "";
    struct text t;

    text_init(&t, text, sizeof text);
    for (unsigned i = 0; i < 7; i++)
        if (days >> i & 1) {
            text_puts(&t, t.n ? " " : "");
            text_puts(&t, names[i]);
        }
    return json_stringn(text, t.n);
}

static json_t *hex_value(const unsigned char *bytes)
{
    char text[2 * INPUT_PSEUDONYM + 1];

    for (size_t i = 0; i < INPUT_PSEUDONYM; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    return json_string(text);
}

/* NOLINTBEGIN(misc-no-recursion): as deep as the tables */

static json_t *list_value(const struct field *f, const struct input_list *list)
{
    json_t *items;

    if (list->n == 0)
        return NULL;
    items = json_array();
    for (size_t i = 0; i < list->n; i++) {
        if (f->kind == FIELD_NAMES)
            json_array_append_new(items, text_value(((const struct str *)list->p)[i]));
        else if (f->kind == FIELD_DAYS)
            json_array_append_new(items, day_value(((const int32_t *)list->p)[i]));
        else
            json_array_append_new(items, form_write(f->shape, (const char *)list->p + i * f->shape->size));
    }
    return items;
}

static json_t *object_value(const struct field *f, const char *base)
{
    json_t *o = form_write(f->shape, base);

    if (json_object_size(o))
        return o;
    json_decref(o);
    return NULL;
}

static json_t *value_of(const struct field *f, const char *base)
{
    const void *at = base + f->at;

    switch (f->kind) {
    case FIELD_NAME:
    case FIELD_TEXT:
        return text_value(*(const struct str *)at);
    case FIELD_TIME:
        return time_value(*(const int64_t *)at);
    case FIELD_DAY:
        return day_value(*(const int32_t *)at);
    case FIELD_NUMBER:
        return json_integer((json_int_t) * (const uint64_t *)at);
    case FIELD_BOOL:
        return json_boolean(*(const bool *)at);
    case FIELD_WORD: /* beyond the list: not known */
        return *(const uint32_t *)at < word_lists[f->words].n ? json_string(word_of(f->words, *(const uint32_t *)at)) : NULL;
    case FIELD_CLOCK:
        return clock_value(*(const uint32_t *)at);
    case FIELD_WEEKDAYS:
        return weekdays_value(*(const uint32_t *)at);
    case FIELD_HEX:
        return hex_value(at);
    case FIELD_OBJECT:
        return f->has && !*(const bool *)(base + f->has) ? NULL : object_value(f, at);
    case FIELD_LIST:
    case FIELD_NAMES:
    case FIELD_DAYS:
        return list_value(f, at);
    default:
        return NULL;
    }
}

json_t *form_write(const struct form *form, const void *base)
{
    json_t *o = json_object();

    for (size_t i = 0; i < form->n; i++) {
        json_t *v = value_of(&form->fields[i], base);

        if (v)
            json_object_set_new(o, form->fields[i].name, v);
    }
    return o;
}

/* NOLINTEND(misc-no-recursion) */
