/* What no list may name: the map's `protect`, and the policy's must-work hosts. */
#include "compile/lists_import_internal.h"

#include <stdlib.h>

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool has(const struct str *names, size_t n, struct str name)
{
    return n && bsearch(&name, names, n, sizeof name, by_bytes);
}

static size_t labels(struct str name)
{
    size_t n = 1;

    for (size_t i = 0; i < name.n; i++)
        n += name.p[i] == '.';
    return n;
}

static void add(struct lists_guarded *g, struct str name)
{
    bool below = name.n && name.p[0] == '.';

    name = str_from(name, below);
    g->names[g->n_names++] = name;
    if (below)
        g->below[g->n_below++] = name;
    for (size_t at = str_find(name, '.') + 1; at < name.n; at += str_find(str_from(name, at), '.') + 1)
        g->parents[g->n_parents++] = str_from(name, at);
}

int lists_guard(struct lists_import *i, struct diag *d)
{
    struct lists_guarded *g = &i->guarded;
    const struct lists_map *map = i->how->map;
    size_t n = map->n_protect + i->how->n_must_work, parents = 0;

    for (size_t k = 0; k < map->n_protect; k++)
        parents += labels(map->protect[k]);
    for (size_t k = 0; k < i->how->n_must_work; k++)
        parents += labels(i->how->must_work[k]);
    g->names = calloc(n + 1, sizeof *g->names);
    g->below = calloc(n + 1, sizeof *g->below);
    g->parents = calloc(parents + 1, sizeof *g->parents);
    if (!g->names || !g->below || !g->parents)
        return diag_error(d, "there is not enough memory to read lists", NULL, NULL);
    for (size_t k = 0; k < map->n_protect; k++)
        add(g, map->protect[k]);
    for (size_t k = 0; k < i->how->n_must_work; k++)
        add(g, i->how->must_work[k]);
    qsort(g->names, g->n_names, sizeof *g->names, by_bytes);
    qsort(g->below, g->n_below, sizeof *g->below, by_bytes);
    qsort(g->parents, g->n_parents, sizeof *g->parents, by_bytes);
    return 0;
}

void lists_guard_free(struct lists_guarded *g)
{
    free(g->names);
    free(g->below);
    free(g->parents);
}

bool lists_is_guarded(const struct lists_guarded *g, struct str name, unsigned flags)
{
    if (has(g->names, g->n_names, name) || (!(flags & CATDB_EXACT) && has(g->parents, g->n_parents, name)))
        return true;
    for (size_t at = 0; at < name.n; at += str_find(str_from(name, at), '.') + 1)
        if (has(g->below, g->n_below, str_from(name, at)))
            return true;
    return false;
}
