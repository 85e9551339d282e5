/* Of the weekly summary: how the record was kept. */
#include "record/ledger.h"
#include "tools/week.h"

#include <stdio.h>

enum { MINUTE = 60, PATH_SIZE = 4096 };

struct str week_text(struct week_look *w, const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));

    return text ? week_keep(w, str_of(text)) : STR_NONE;
}

int64_t week_time(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    int64_t t;

    return text && clock_parse(str_of(text), &t) == 0 ? t : 0;
}

int week_look_daemon(struct week_look *w, struct diag *d)
{
    struct week_record *r = &w->facts.record;
    char path[PATH_SIZE];
    json_error_t error;
    json_t *o, *feed;
    size_t i;

    if (!w->standing)
        return 0;
    if ((size_t)snprintf(path, sizeof path, "%s.daemon", w->standing) >= sizeof path)
        return diag_error(d, w->standing, ": is too long a name", NULL);
    o = json_load_file(path, 0, &error);
    if (!json_is_object(o)) {
        json_decref(o);
        return diag_error(d, path, ": cannot be read; does portreeved write its standing there? ", error.text);
    }
    r->has_daemon = true;
    r->at = week_time(o, "at");
    r->behind_seconds = (uint64_t)json_integer_value(json_object_get(o, "behind_seconds"));
    r->torn = (uint64_t)json_integer_value(json_object_get(o, "torn"));
    r->problem = week_text(w, o, "problem");
    json_array_foreach(json_object_get(o, "feeds"), i, feed)
    {
        r->feeds_lost += (uint64_t)json_integer_value(json_object_get(feed, "lost"));
    }
    json_decref(o);
    return 0;
}

/* Minutes, each once: what is signed twice in one was a clock set back, or a new start. */
struct minutes {
    int64_t from, until, last;
    uint64_t n;
};

static void take_minute(void *to, const struct ledger_line *line)
{
    struct minutes *m = to;
    int64_t minute = line->time / MINUTE;

    if (!str_eq(line->word, STR("minute")) || line->time < m->from || line->time >= m->until || minute <= m->last)
        return;
    m->last = minute;
    m->n++;
}

int week_look_beats(struct week_look *w, struct diag *d)
{
    struct week_record *r = &w->facts.record;
    struct minutes m = {w->from_until[0], w->from_until[1], INT64_MIN, 0};
    int64_t until = w->facts.made < m.until ? w->facts.made : m.until;
    bool any = false;

    if (!w->record)
        return 0;
    for (int32_t day = w->facts.monday; day < w->facts.monday + WEEK_DAYS; day++) {
        char date[11] = "", path[PATH_SIZE], name[32];
        struct ledger_read read;
        bool there;

        clock_format_date(day, date);
        snprintf(name, sizeof name, "anchors %s", date);
        if ((size_t)snprintf(path, sizeof path, "%s/days/%s/anchors", w->record, date) >= sizeof path)
            return diag_error(d, w->record, ": is too long a name", NULL);
        if (ledger_read(path, name, NULL, take_minute, &m, &read, &there, d) != 0)
            return -1;
        any |= there;
    }
    r->has_beats = any;
    r->beats = m.n;
    r->beats_due = (uint64_t)(until - m.from) / MINUTE;
    return 0;
}
