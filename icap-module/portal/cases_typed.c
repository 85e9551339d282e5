/* What somebody typed into a form of a case, and what is wrong with it. */
#include "portal/cases.h"

#include "core/clock.h"

#include <stdio.h>
#include <stdlib.h>

#define FILL_IN "Fill in"

static int hex(char c)
{
    return c >= '0' && c <= '9'                             ? c - '0'
           : ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f' ? ascii_lower(c) - 'a' + 10
                                                            : -1;
}

/* application/x-www-form-urlencoded. What is no encoding stays as it is: nothing that was typed is lost. */
static struct str decoded(struct visit *v, struct str s)
{
    static const char unreadable[] = "\xef\xbf\xbd"; /* U+FFFD */
    char *to = pool_take(&v->pool, 3 * s.n + 1);
    size_t n = 0;

    for (size_t i = 0; to && i < s.n; i++) {
        int c = s.p[i] == '+' ? ' ' : (unsigned char)s.p[i];
        int high = c == '%' && i + 2 < s.n ? hex(s.p[i + 1]) : -1;
        int low = high >= 0 ? hex(s.p[i + 2]) : -1;

        if (low >= 0) {
            c = high << 4 | low;
            i += 2;
        }
        if (c == 0) {
            memcpy(to + n, unreadable, 3);
            n += 3;
        } else if (c != '\r') {
            to[n++] = (char)c;
        }
    }
    return (struct str){to, to ? n : 0};
}

struct str typed_nth(struct visit *v, const char *name, size_t nth)
{
    struct str rest = {v->a->body, v->a->n_body};

    while (rest.n) {
        struct str value = str_cut(&rest, '&');
        struct str field = str_cut(&value, '=');

        if (str_eq(field, str_of(name)) && nth-- == 0)
            return decoded(v, value);
    }
    return STR_NONE;
}

struct str typed(struct visit *v, const char *name)
{
    return input_trim(typed_nth(v, name, 0));
}

bool typed_holds(struct visit *v, const char *name, struct str value)
{
    struct str one;

    for (size_t i = 0; (one = typed_nth(v, name, i)).n; i++)
        if (str_eq(one, value))
            return true;
    return false;
}

/* ---- faults ---- */

const char *fault_of(const struct visit *v, const char *id)
{
    for (size_t i = 0; i < v->n_faults; i++)
        if (v->faults[i].id && strcmp(v->faults[i].id, id) == 0)
            return v->faults[i].text;
    return NULL;
}

void fault(struct visit *v, const char *id, const char *label, const char *what)
{
    struct fault *f;

    if (v->n_faults == VISIT_FAULTS || (id && fault_of(v, id)))
        return;
    f = &v->faults[v->n_faults++];
    f->id = id;
    if (strcmp(what, FILL_IN) == 0 && label)
        snprintf(f->text, sizeof f->text, "%s: %s", what, label);
    else
        snprintf(f->text, sizeof f->text, "%s%s%s", label ? label : "", label ? ": " : "", what);
}

/* "case.facts: is missing ('x')": the path, what, and not the value, which is in the form already. */
static void take_message(struct visit *v, struct str text, const struct field_of *rows, size_t n)
{
    struct str what = text, path = str_cut(&what, ':');
    char words[VISIT_FAULT];
    size_t end = 0;

    what = str_trim(what);
    while (end < what.n && !str_istarts(str_from(what, end), STR(" ('")))
        end++;
    what = str_upto(what, end);
    snprintf(words, sizeof words, "%.*s", STR_ARG(what));
    if (str_eq(what, STR("is missing")) || str_eq(what, STR("is empty")))
        snprintf(words, sizeof words, FILL_IN);
    for (size_t i = 0; i < n; i++)
        if (str_istarts(path, str_of(rows[i].path))) {
            fault(v, rows[i].id, rows[i].id ? rows[i].label : NULL, rows[i].id ? words : rows[i].label);
            return;
        }
    fault(v, NULL, NULL, what.n ? words : "something is wrong with it");
}

static size_t place_of(const struct fault *f, const struct field_of *rows, size_t n)
{
    size_t i = 0;

    while (f->id && i < n && (!rows[i].id || strcmp(rows[i].id, f->id) != 0))
        i++;
    return f->id ? i + 1 : 0; /* those of no field first */
}

/* In the order of the page. */
static void sort_faults(struct visit *v, const struct field_of *rows, size_t n)
{
    for (size_t i = 1; i < v->n_faults; i++)
        for (size_t k = i; k > 0 && place_of(&v->faults[k - 1], rows, n) > place_of(&v->faults[k], rows, n);
             k--) {
            struct fault swap = v->faults[k];

            v->faults[k] = v->faults[k - 1];
            v->faults[k - 1] = swap;
        }
}

void faults_of_step(struct visit *v, const struct field_of *rows, size_t n)
{
    for (unsigned i = 0; i < v->d.n; i++)
        take_message(v, str_of(v->d.messages[i].text), rows, n);
    sort_faults(v, rows, n);
}

/* ---- days ---- */

static unsigned month_of(struct str word)
{
    static const char *const names[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};

    for (unsigned i = 0; i < 12; i++)
        if (str_istarts(word, str_of(names[i])))
            return i + 1;
    return 0;
}

/* Three parts with something between them that is neither letter nor digit. */
static bool three_parts(struct str s, struct str parts[3])
{
    size_t n = 0;

    for (size_t i = 0; i < s.n;) {
        size_t end = i;

        while (end < s.n && (ascii_lower(s.p[end]) != s.p[end] || (s.p[end] >= 'a' && s.p[end] <= 'z') ||
                             (s.p[end] >= '0' && s.p[end] <= '9')))
            end++;
        if (end > i) {
            if (n == 3)
                return false;
            parts[n++] = (struct str){s.p + i, end - i};
        }
        i = end + 1;
    }
    return n == 3;
}

struct str day_of(struct visit *v, struct str text)
{
    struct str part[3], swap;
    uint64_t day, month, year;
    const char *iso = "";
    int64_t utc;

    if (three_parts(text, part)) {
        if (part[0].n == 4) {
            swap = part[0];
            part[0] = part[2];
            part[2] = swap;
        }
        month = month_of(part[1]);
        if (str_u64(part[0], &day) && (month || str_u64(part[1], &month)) && str_u64(part[2], &year) &&
            day <= 31 && month <= 12 && year >= 1996 && year <= 2200)
            iso = pool_print(&v->pool, "%04u-%02u-%02u", (unsigned)year, (unsigned)month, (unsigned)day);
    }
    return *iso && clock_parse(str_of(iso), &utc) == 0 ? str_of(iso) : STR_NONE;
}

struct str typed_day(struct visit *v, const char *id, const char *label)
{
    struct str text = typed(v, id), day = text.n ? day_of(v, text) : STR_NONE;

    if (text.n && !day.n)
        fault(v, id, label, "write a date, such as 18 3 2026");
    return day;
}

/* 8:30, 08.30, 0830, 8. */
struct str typed_clock(struct visit *v, const char *id, const char *label)
{
    struct str text = typed(v, id), rest, hours;
    uint64_t hour = 0, minute = 0;
    size_t split = str_find(text, ':') < text.n ? str_find(text, ':') : str_find(text, '.');
    bool good;

    if (!text.n)
        return STR_NONE;
    if (split >= text.n)
        split = text.n > 2 ? text.n - 2 : text.n;
    hours = str_upto(text, split);
    rest = str_from(text, split);
    if (rest.n && (rest.p[0] == ':' || rest.p[0] == '.'))
        rest = str_from(rest, 1);
    good = str_u64(hours, &hour) && hours.n <= 2 && (!rest.n || (str_u64(rest, &minute) && rest.n == 2)) &&
           minute < 60 && hour * 60 + minute <= 1440;
    if (good)
        return str_of(pool_print(&v->pool, "%02u:%02u", (unsigned)hour, (unsigned)minute));
    fault(v, id, label, "write a time, such as 08:30");
    return STR_NONE;
}

/* ---- objects ---- */

json_t *new_object(void)
{
    return json_object();
}

void put_str(json_t *o, const char *field, struct str s)
{
    if (s.n)
        json_object_set_new(o, field, json_stringn(s.p, s.n));
}

void put_typed(struct visit *v, json_t *o, const char *field, const char *id, const char *label)
{
    struct str s = typed(v, id);
    json_t *text = s.n ? json_stringn(s.p, s.n) : NULL;

    if (text)
        json_object_set_new(o, field, text);
    else if (s.n)
        fault(v, id, label, "holds characters that cannot be read");
}

struct str typed_text(struct visit *v, const char *id, const char *label)
{
    struct str s = typed(v, id);
    json_t *text = s.n ? json_stringn(s.p, s.n) : NULL;

    if (s.n && !text)
        fault(v, id, label, "holds characters that cannot be read");
    json_decref(text);
    return text ? s : STR_NONE;
}

void put_object(json_t *o, const char *field, json_t *part)
{
    json_object_set_new(o, field, part);
}

struct str text_of_object(struct visit *v, json_t *o)
{
    char *text = json_dumps(o, JSON_COMPACT);
    const char *kept = text ? pool_print(&v->pool, "%s", text) : "";

    free(text);
    json_decref(o);
    return str_of(kept);
}
