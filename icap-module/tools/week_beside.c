/* Of the weekly summary: what lies beside the store. */
#include "core/categories.h"
#include "record/rot.h"
#include "tools/cmd.h"
#include "tools/look.h"
#include "tools/maps_store.h"
#include "tools/week.h"

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
    int64_t at = week_time(change, "at");
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
            (struct week_map){week_text(w, one, "platform"), week_text(w, one, "from"), week_text(w, one, "to")};
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

/* ---- lists ---- */

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
