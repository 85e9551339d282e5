/* Stage 4: what a platform's map does not know of a request. Platforms change without telling; where these
 * grow, the map has aged. Nothing here changes a verdict: it is counted, a platform at a time, and never with
 * the name of a host or operation, which may carry what a person wrote. The manual (portreeve.platform(5),
 * ROT) has the same definitions in words. */
#include "core/classify_internal.h"

static bool letters(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (ascii_lower(s.p[i]) < 'a' || ascii_lower(s.p[i]) > 'z')
            return false;
    return true;
}

/* What every site has before its domain: www, m, a language or a country ("en", "en-gb"). */
static bool usual(struct str label)
{
    if (label.n == 5 && label.p[2] == '-')
        return letters(str_upto(label, 2)) && letters(str_from(label, 3));
    return str_eq(label, STR("www")) || str_eq(label, STR("m")) || (label.n == 2 && letters(label));
}

static bool known(const struct work *w, struct str host, struct str label)
{
    const struct artefact *a = w->rows.a;
    const struct a_str *words = ARTEFACT_ROWS(a, WORDS, struct a_str) + w->platform->hosts_known.at;

    for (uint32_t i = 0; i < w->platform->hosts_known.n; i++) {
        struct str word = artefact_str(a, words[i]);
        bool below = word.n && word.p[0] == '.';

        if (below ? host_below(host, word) : glob_match(word, label, NULL))
            return true;
    }
    return false;
}

void find_host_rot(struct work *w, const struct request *r, const struct a_host *host)
{
    struct str name = artefact_str(w->rows.a, host->name);
    struct str label;

    w->out->looked |= 1u << ROT_HOST;
    if (host->role != ROLE_MAIN || host->below.n || r->host.n <= name.n + 1)
        return; /* named by the map itself */
    label = str_upto(r->host, r->host.n - name.n - 1);
    if (!usual(label) && !known(w, r->host, label))
        w->out->rot |= 1u << ROT_HOST;
}

/* Some row of the map, of whatever kind, names the operation that is held against them; in *any whether one
 * names any at all. */
static bool operation_known(const struct work *w, bool *any)
{
    const struct a_row *row = &ARTEFACT_ROWS(w->rows.a, ROWS, struct a_row)[w->platform->rows.at];
    const struct a_key *key = &ARTEFACT_ROWS(w->rows.a, KEYS, struct a_key)[w->platform->rows.at];

    for (uint32_t i = 0; i < w->platform->rows.n; i++, row++, key++) {
        if (key->operation && key->operation != w->rows.operation_hash) {
            *any = true; /* names another */
            continue;
        }
        *any |= row->operation.n > 0;
        if (row->operation.n && row_names_operation(&w->rows, row))
            return true;
    }
    return false;
}

static void find_operation_rot(struct work *w)
{
    struct arena *arena = &w->rows.scratch->arena;
    bool any = false, known_all = true;
    size_t mark = arena->used;

    /* Nearly always, and it spares the walk. */
    if (w->n_operations == 1 && w->act && (w->act->operation.n || (w->operation_in_path && w->act->path.n))) {
        w->out->looked |= 1u << ROT_OPERATION;
        return;
    }
    for (unsigned i = 0; i < w->n_operations; i++) {
        hold_operation(w, w->operations[i]);
        known_all &= operation_known(w, &any);
        arena->used = mark;
    }
    if (any)
        w->out->looked |= 1u << ROT_OPERATION;
    if (any && !known_all)
        w->out->rot |= 1u << ROT_OPERATION;
}

/* Telemetry is posted, too, and would drown what people do: machinery is not looked at. Last of all: the rows
 * may be left holding another operation. */
void find_rot(struct work *w)
{
    struct classification *c = w->out;

    if (w->background)
        return;
    if (request_unsafe(w->rows.request)) {
        c->looked |= 1u << ROT_WRITE;
        if (c->activity == ACTIVITY_COUNT)
            c->rot |= 1u << ROT_WRITE;
    }
    find_operation_rot(w);
}
