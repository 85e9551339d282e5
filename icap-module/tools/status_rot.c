/* What platform maps do not know of the requests of this week and the last, as the module counts it. */
#include "record/rot.h"
#include "tools/json_words.h"
#include "tools/status.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { SEEN_MIN = 100 }; /* fewer say nothing */

#define ROT_ROW "  %-20s %8s %15s %15s %15s"

/* By enum rot: the members' names, what is told of them, and from how many in a hundred on it needs
 * attention. Writes are told apart by address alone on many platforms, so more of them are unknown from the
 * start. */
static const struct sign {
    const char *looked, *met, *what;
    unsigned percent;
} signs[ROT_COUNT] = {
    [ROT_WRITE] = {"writes", "unknown_writes", "writes", 10},
    [ROT_OPERATION] = {"operations", "unknown_operations", "operations", 5},
    [ROT_HOST] = {"hosts", "unmatched_hosts", "requests' hosts", 5},
};

/* Rounded down, so that what is shown never says more than what is warned of. */
static json_int_t percent_of(json_int_t part, json_int_t whole)
{
    return whole ? part * 100 / whole : 0;
}

static json_t *facts_of(struct str id, struct str version, const struct rot_counts *n)
{
    json_t *o = json_pack("{s:o, s:o, s:I, s:I}", "platform", json_slice(id), "version", json_slice(version),
                          "requests", (json_int_t)n->requests, "tunnels", (json_int_t)n->tunnels);

    for (unsigned i = 0; i < ROT_COUNT; i++) {
        json_object_set_new(o, signs[i].looked, json_integer((json_int_t)n->looked[i]));
        json_object_set_new(o, signs[i].met, json_integer((json_int_t)n->met[i]));
    }
    return o;
}

static void attend(struct status *s, const json_t *o)
{
    for (unsigned i = 0; i < ROT_COUNT; i++) {
        json_int_t looked = status_number(o, signs[i].looked), met = status_number(o, signs[i].met);

        if (looked >= SEEN_MIN && met * 100 > looked * signs[i].percent)
            status_attend(
                s,
                "%s: its map of %s does not know %lld %% of %lld %s: the platform has changed; look for "
                "a newer map and take it in with 'portreeve maps update'",
                status_text(o, "platform"), status_text(o, "version"), (long long)percent_of(met, looked),
                (long long)looked, signs[i].what);
    }
}

static void add_platforms(struct status *s, const struct rot_table *t, json_t *list)
{
    const struct artefact *a = s->served;

    for (uint32_t i = 0; a && i < a->n[SECTION_PLATFORMS]; i++) {
        const struct a_platform *p = &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[i];
        struct str id = artefact_str(a, p->id), version = artefact_str(a, p->version);
        struct rot_counts n = rot_of(t, id, version, s->at);
        json_t *o;

        if (n.requests + n.tunnels == 0)
            continue;
        o = facts_of(id, version, &n);
        attend(s, o);
        json_array_append_new(list, o);
    }
}

json_t *status_look_rot(struct status *s)
{
    char beside[4096];
    const char *file = s->rot;
    struct rot_table *t = NULL;
    json_t *o, *list = json_array();
    struct diag d;

    if (!file && s->spool &&
        (size_t)snprintf(beside, sizeof beside, "%s/" ROT_FILE, s->spool) < sizeof beside)
        file = beside;
    o = json_pack("{s:o, s:n, s:o}", "file", json_slice(str_of(file ? file : "")), "problem", "platforms",
                  list);
    if (!file || (file == beside && access(file, F_OK) != 0 && errno == ENOENT))
        return o; /* not asked about; no child has begun to count */
    diag_init(&d);
    if (rot_read(file, &t, &d) == 0) {
        add_platforms(s, t, list);
    } else {
        json_object_set_new(o, "problem", json_string(d.messages[0].text));
        status_attend(s, "%s: how well the platform maps fit cannot be told", d.messages[0].text);
    }
    rot_table_free(t);
    return o;
}

/* "12 of 345", or a dash where there was none to look at. */
static const char *share(const json_t *o, const struct sign *sign, char to[48])
{
    json_int_t looked = status_number(o, sign->looked), met = status_number(o, sign->met);

    if (looked)
        snprintf(to, 48, "%lld of %lld", (long long)met, (long long)looked);
    else
        snprintf(to, 48, "-");
    return to;
}

void status_tell_rot(struct screen *sc, const json_t *facts)
{
    const json_t *list = json_object_get(facts, "platforms"), *o;
    char requests[24], writes[48], operations[48], hosts[48];
    size_t i;

    if (json_array_size(list) == 0)
        return;
    if (!sc->all) {
        screen_put(sc, "  %zu platform(s) were met this week and the last: --all tells how well maps fit",
                   json_array_size(list));
        screen_end(sc);
        return;
    }
    screen_put(sc, "What the maps do not know, this week and the last (portreeve.platform(5), ROT):");
    screen_end(sc);
    screen_put(sc, ROT_ROW, "platform", "requests", "unknown", "unknown", "unmatched");
    screen_end(sc);
    screen_put(sc, ROT_ROW, "", "", "writes", "operations", "hosts");
    screen_end(sc);
    json_array_foreach(list, i, o)
    {
        snprintf(requests, sizeof requests, "%lld", (long long)status_number(o, "requests"));
        screen_put(sc, ROT_ROW, status_text(o, "platform"), requests, share(o, &signs[ROT_WRITE], writes),
                   share(o, &signs[ROT_OPERATION], operations), share(o, &signs[ROT_HOST], hosts));
        screen_end(sc);
    }
}
