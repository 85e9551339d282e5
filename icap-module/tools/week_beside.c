/* Of the weekly summary: what lies beside the store. */
#include "core/categories.h"
#include "record/ledger.h"
#include "record/rot.h"
#include "store/standing_write.h"
#include "tools/cmd.h"
#include "tools/look.h"
#include "tools/maps_store.h"
#include "tools/week.h"

#include "core/match.h"

#include <stdio.h>

enum { MINUTE = 60, PATH_SIZE = 4096 };

static struct str text_of(struct week_look *w, const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));

    return text ? week_keep(w, str_of(text)) : STR_NONE;
}

static int64_t time_of(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    int64_t t;

    return text && clock_parse(str_of(text), &t) == 0 ? t : 0;
}

/* ---- maps ---- */

int week_look_rot(struct week_look *w, struct diag *d)
{
    struct week_facts *f = &w->facts;
    struct rot_table *t = NULL;

    if (!w->rot)
        return 0;
    if (rot_read(w->rot, &t, d) != 0)
        return -1;
    f->has_rot = f->made - w->from_until[1] < ROT_WEEK;
    for (uint32_t i = 0; f->has_rot && i < f->policy->n[SECTION_PLATFORMS]; i++) {
        const struct a_platform *p = &ARTEFACT_ROWS(f->policy, PLATFORMS, struct a_platform)[i];
        struct str id = artefact_str(f->policy, p->id), version = artefact_str(f->policy, p->version);
        struct rot_counts n = rot_of(t, id, version, f->made);
        struct week_unknown *grown;

        if (!n.looked[ROT_WRITE])
            continue;
        grown = pool_grow(&w->pool, f->unknown, f->n_unknown, sizeof *grown);
        if (!grown)
            break;
        f->unknown = grown;
        grown[f->n_unknown++] = (struct week_unknown){id, version, n.looked[ROT_WRITE], n.met[ROT_WRITE]};
    }
    rot_table_free(t);
    return 0;
}

static void take_change(struct week_look *w, const json_t *change)
{
    struct week_facts *f = &w->facts;
    int64_t at = time_of(change, "at");
    json_t *one;
    size_t i;

    if (at < w->from_until[0] || at >= w->from_until[1])
        return;
    json_array_foreach(json_object_get(change, "maps"), i, one)
    {
        struct week_map *grown = pool_grow(&w->pool, f->maps, f->n_maps, sizeof *grown);

        if (!grown)
            return;
        f->maps = grown;
        grown[f->n_maps++] =
            (struct week_map){text_of(w, one, "platform"), text_of(w, one, "from"), text_of(w, one, "to")};
    }
}

int week_look_maps(struct week_look *w, struct diag *d)
{
    json_t *all, *one;
    size_t i;

    if (!w->maps)
        return 0;
    all = maps_store_changes(w->maps, d);
    if (!all)
        return -1;
    json_array_foreach(all, i, one)
    {
        take_change(w, one);
    }
    json_decref(all);
    w->facts.has_maps = true;
    return 0;
}

/* ---- grants ---- */

int week_look_grants(struct week_look *w, struct diag *d)
{
    static const enum week_grant of[] = {WEEK_LEFT, WEEK_MOVED, WEEK_INERT, WEEK_ENDING, WEEK_LIVE};
    static const char *const words[] = {"left", "moved", "inert", "ending", "live"};
    struct week_facts *f = &w->facts;
    json_t *counts = grants_counts(f->policy, f->made);

    if (!counts)
        return diag_error(d, "the grants cannot be counted", NULL, NULL);
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        f->grants[of[i]] = (uint64_t)json_integer_value(json_object_get(counts, words[i]));
    json_decref(counts);
    f->has_grants = f->policy->n[SECTION_GRANTS] > 0;
    return 0;
}

/* ---- the record ---- */

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
    r->at = time_of(o, "at");
    r->behind_seconds = (uint64_t)json_integer_value(json_object_get(o, "behind_seconds"));
    r->torn = (uint64_t)json_integer_value(json_object_get(o, "torn"));
    r->problem = text_of(w, o, "problem");
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

int week_look_lists(struct week_look *w, struct diag *d)
{
    struct categories *c;
    const struct catdb_header *h;

    if (!w->categories)
        return 0;
    if (categories_map(w->categories, &c, d) != 0)
        return -1;
    h = c->db[0].header;
    w->facts.lists_made = (int64_t)h->made[1] << 32 | h->made[0];
    categories_free(c);
    return 0;
}
