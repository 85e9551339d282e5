#include "core/categories.h"

#include "core/policy_internal.h"

const char *const categories_suffixes[CATEGORIES_FILES] = {"", CATEGORIES_LOCAL, CATEGORIES_UNBLOCKED};

/* What the databases say of one place. */
struct saying {
    int64_t now;
    uint32_t listed, allowed;
};

static void note(void *to, const struct catdb_list *list, struct str host, struct str url)
{
    struct saying *s = to;

    (void)host, (void)url;
    if (list->until && s->now >= (int64_t)list->until)
        return;
    *(list->kind == CATDB_ALLOWED ? &s->allowed : &s->listed) |= list->categories;
}

uint32_t categories_at(const struct snapshot *s, const struct catdb_question *q, uint32_t own, int64_t now)
{
    const struct categories *c = s->categories;
    struct saying says = {.now = now};

    if (!c || !policy_asks_categories(s->policy))
        return own;
    for (unsigned i = 0; i < c->n; i++)
        catdb_ask(&c->db[i], q, note, &says);
    return (own | says.listed) & ~says.allowed;
}

bool policy_asks_categories(const struct policy *p)
{
    return p->category_rules || ARTEFACT_ROWS(&p->artefact, META, struct a_meta)->scope_categories;
}

uint32_t categories_unfilled(const struct policy *p, const struct categories *c)
{
    const struct artefact *a = &p->artefact;
    uint32_t empty = p->category_rules;

    if (!c)
        return 0;
    for (uint32_t i = 0; i < a->n[SECTION_HOSTS]; i++)
        empty &= ~ARTEFACT_ROWS(a, HOSTS, struct a_host)[i].categories;
    for (unsigned i = 0; i < c->n; i++)
        for (unsigned k = 0; k < CATEGORY_COUNT; k++)
            if (c->db[i].header->filled[k])
                empty &= ~(1u << k);
    return empty;
}
