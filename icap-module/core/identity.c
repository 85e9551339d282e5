/* Stage 4: as whom the request's user is signed in to the platform. Three things are registered: a name or
 * number among the aliases of a registered account (the page that one acts as); a digest that stands for an
 * account; and the digest of a named administrator's own profile, which counts for that user alone, and only
 * where the request is about the account that they administer. */
#include "core/classify_internal.h"

enum { VALUE_MAX = 256 }; /* longer ones are no id */

/* What the platform's identity rows find. */
enum told {
    TOLD_NOTHING = 0, /* no such cookie or header */
    TOLD_UNREADABLE,  /* signed in, but the request does not say as whom, or not in a form that the map knows
                       */
    TOLD_VALUE
};

static enum told read_value(struct work *w, struct str *value)
{
    enum told told = TOLD_NOTHING;

    for (struct row_range r = rows_of(w, ROW_IDENTITY); r.row < r.end; r.row++) {
        struct str prefix = artefact_str(w->rows.a, r.row->format);

        *value = row_value(&w->rows, r.row);
        if (!value->n)
            continue;
        told = TOLD_UNREADABLE;
        if (str_eq(prefix, STR("-")))
            break;
        if (!str_istarts(*value, prefix)) /* another row may know this form */
            continue;
        *value = str_from(*value, prefix.n);
        if (value->n && value->n <= VALUE_MAX)
            return TOLD_VALUE;
    }
    return told;
}

/* A person's own profile. What does not say whose account it is about could be about the one they administer.
 */
static enum identity own_profile(const struct work *w, const struct a_identity *row, uint32_t n)
{
    const struct classification *c = w->out;
    const struct request *r = w->rows.request;
    struct str user = r->known_by == KNOWN_BY_ADDRESS ? STR_NONE : r->account_name; /* whoever sits there */
    bool mine = false;

    for (uint32_t i = 0; i < n; i++) {
        if (row[i].user.n == 0)
            return IDENTITY_REGISTERED; /* the account's own sign-in */
        if (!str_eq(artefact_str(w->rows.a, row[i].user), user))
            continue;
        mine = true;
        if (c->account_state == ACCOUNT_STATE_NAMED && c->registered == row[i].account)
            return IDENTITY_REGISTERED;
    }
    return mine && c->account_state != ACCOUNT_STATE_NAMED ? IDENTITY_UNKNOWN : IDENTITY_OTHER;
}

uint32_t identity_platform(const struct artefact *a, uint32_t platform)
{
    uint32_t manages = ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[platform].manages;

    return manages == NO_INDEX ? platform : manages;
}

static const struct a_platform *platform_at(const struct artefact *a, uint32_t platform)
{
    return &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[platform];
}

/* Without the key, or with another than the register's, nobody can tell. */
static enum identity by_digest(struct work *w, struct str value)
{
    const struct artefact *a = w->rows.a;
    const struct a_identity *rows = ARTEFACT_ROWS(a, IDENTITIES, struct a_identity);
    uint32_t platform = account_platform(w);
    struct digest digest;
    struct a_list run;

    if (!w->key || a->n[SECTION_IDENTITIES] == 0 || w->key->id != rows->key) {
        w->out->identity_untold = true;
        return IDENTITY_UNKNOWN;
    }
    digest = identity_digest(w->key, artefact_str(a, platform_at(a, platform)->id), value);
    run = lookup_identity(a, platform, digest.words);
    return run.n ? own_profile(w, rows + run.at, run.n) : IDENTITY_OTHER;
}

/* A field of a form or query was decoded into the arena, which the next request only overwrites in part. */
static void wipe(struct arena *arena, size_t mark)
{
    if (arena->used > mark)
        digest_wipe(arena->base + mark, arena->used - mark);
    arena->used = mark;
}

void find_identity(struct work *w)
{
    struct row_range rows = rows_of(w, ROW_IDENTITY);
    struct arena *arena = &w->rows.scratch->arena;
    struct classification *c = w->out;
    size_t mark = arena->used;
    struct str value;

    if (rows.row == rows.end)
        return;
    switch (read_value(w, &value)) {
    case TOLD_NOTHING:
        if (c->role == ROLE_MAIN) /* the platform sends it with every page of a signed-in person */
            c->identity = IDENTITY_NONE;
        break;
    case TOLD_UNREADABLE:
        break;
    case TOLD_VALUE:
        if (find_registered(w, value) != NO_INDEX)
            c->identity = IDENTITY_REGISTERED;
        else if (platform_at(w->rows.a, account_platform(w))->flags & PLATFORM_IDENTITIES)
            c->identity = by_digest(w, value);
        else
            c->identity = IDENTITY_OTHER;
        break;
    }
    wipe(arena, mark);
}

bool identity_of(const struct snapshot *s, const struct request *r, uint32_t platform,
                 struct scratch *scratch, struct digest *digest)
{
    const struct artefact *a = &s->policy->artefact;
    struct work w = {.rows = {.policy = s->policy, .a = a, .request = r, .scratch = scratch}};
    size_t mark = scratch->arena.used;
    struct str value;
    bool told;

    if (platform == NO_INDEX || !s->identity_key || r->kind != REQUEST_PLAIN)
        return false;
    w.platform = platform_at(a, platform);
    told = read_value(&w, &value) == TOLD_VALUE;
    if (told)
        *digest = identity_digest(s->identity_key,
                                  artefact_str(a, platform_at(a, identity_platform(a, platform))->id), value);
    wipe(&scratch->arena, mark);
    return told;
}
