/* Stage 4, on a carrier's host: the address inside the address. */
#include "core/carrier.h"

#include "core/categories.h"
#include "core/lookup.h"
#include "core/template.h"
#include "core/text.h"

enum { SPELLINGS = 3 }; /* so many times over an inner address may be percent-encoded */

static bool ends_authority(char c)
{
    return c == '/' || c == '\\' || c == '?' || c == '#';
}

static struct str authority_of(struct str text)
{
    size_t n = 0;

    while (n < text.n && !ends_authority(text.p[n]))
        n++;
    return str_upto(text, n);
}

/* Cuts "https:" and its slashes off (of two, one is left where the address stood in a path); false for
 * another scheme. Without one carriers take http or https, and which does not matter. */
static bool cut_scheme(struct str *text, bool *had)
{
    struct str name = str_upto(*text, str_find(*text, ':'));
    struct str rest = str_from(*text, name.n + 1);
    bool web = str_ieq(name, STR("https")) || str_ieq(name, STR("http"));

    if (rest.n && (rest.p[0] == '/' || rest.p[0] == '\\')) {
        if (!web && str_find(name, '/') == name.n)
            return false;
        if (web)
            *text = rest;
        *had |= web;
    }
    while (text->n && (text->p[0] == '/' || text->p[0] == '\\'))
        *text = str_from(*text, 1);
    return true;
}

/* Up to the first blank (of what was a tab or line end, too): no address has one. */
static struct str up_to_blank(struct str text)
{
    text = str_trim(text);
    return str_upto(text, str_find(text, ' '));
}

enum reading { NO_ADDRESS, READ, UNREADABLE };

/* Reads an address as a carrier would; `query` stands behind it where it has none of its own. */
static enum reading read_address(struct str text, struct str query, struct arena *a, struct url *u)
{
    bool had = false;
    struct str host;
    char *p;

    text = up_to_blank(text);
    for (int i = 0;; i++) {
        if (!cut_scheme(&text, &had))
            return UNREADABLE;
        host = authority_of(text);
        if (i == SPELLINGS || str_find(host, '%') == host.n)
            break;
        text = up_to_blank(percent_decode(text, false, a));
    }
    if (!had && str_find(host, '.') == host.n && str_find(host, '[') == host.n)
        return NO_ADDRESS;
    p = text.n <= REQUEST_TARGET_MAX ? arena_alloc(a, text.n + 8) : NULL;
    if (!p || !text.n)
        return UNREADABLE;
    memcpy(p, "https://", 8);
    memcpy(p + 8, text.p, text.n);
    if (url_parse((struct str){p, text.n + 8}, a, u) != 0)
        return UNREADABLE;
    if (!u->query.n)
        u->query = query;
    return READ;
}

/* ---- where it stands ---- */

/* What the place says: the address, and the query that goes with it. */
struct found {
    bool there, contradicts; /* a key is there twice, with different values */
    struct str text, query;
};

/* An address with its '?' encoded is one with a query, to carriers that decode what they take. */
static bool hides_query(struct str text)
{
    for (size_t i = 0; i + 2 < text.n; i++)
        if (str_ieq(str_upto(str_from(text, i), 3), STR("%3f")))
            return true;
    return false;
}

/* The rest of the path behind a prefix of templates, one for each segment. */
static struct found in_path(struct str prefix, const struct request *r, struct arena *a)
{
    struct found f = {.text = r->path, .query = r->query};

    while (prefix.n) {
        struct str want, have;

        prefix = str_from(prefix, 1);
        f.text = str_from(f.text, 1);
        want = str_upto(prefix, str_find(prefix, '/'));
        have = str_upto(f.text, str_find(f.text, '/'));
        if (!have.n || !glob_match(want, have, NULL))
            return (struct found){0};
        prefix = str_from(prefix, want.n);
        f.text = str_from(f.text, have.n);
    }
    f.text = str_from(f.text, 1);
    if (!r->query.n && hides_query(f.text))
        f.text = percent_decode(f.text, false, a);
    f.there = f.text.n > 0;
    return f;
}

static struct found in_query(struct str key, struct str query, struct arena *a)
{
    struct found f = {0};

    while (query.n) {
        struct str value = str_cut(&query, '&');
        struct str name = str_cut(&value, '=');

        if (!value.n || !percent_is(name, key))
            continue;
        f.contradicts |= f.there && !str_eq(f.text, value);
        f.there = true;
        f.text = value;
    }
    f.text = percent_decode(f.text, true, a);
    return f;
}

/* The list of an escape's kinds, as "0,1": holds that one. */
static bool lists(struct str list, char kind)
{
    while (list.n)
        if (str_eq(str_cut(&list, ','), (struct str){&kind, 1}))
            return true;
    return false;
}

/* www-facebook-com.translate.goog: '-' stands for a dot, "--" for '-'. What does not fit one label is cut off
 * its front into _x_tr_hp; "0-" marks an internationalised name, "1-" one that begins so itself (Google
 * Search Central, "Translation-related features: decode the hostname"). */
static struct found in_name(struct str suffix, const struct request *r, struct arena *a)
{
    struct found front = in_query(STR("_x_tr_hp"), r->query, a),
                 kinds = in_query(STR("_x_tr_enc"), r->query, a);
    struct str name = str_upto(r->host, r->host.n - suffix.n), path = r->path;
    struct found f = {.there = true, .contradicts = front.contradicts || kinds.contradicts};
    struct text t;
    char *p;

    if (name.n + suffix.n != r->host.n || name.n == 0)
        return (struct found){0};
    p = arena_alloc(a, front.text.n + name.n + path.n + 4);
    if (!p)
        return f;
    memcpy(p, front.text.p ? front.text.p : "", front.text.n);
    memcpy(p + front.text.n, name.p, name.n);
    name = (struct str){p, front.text.n + name.n};
    if (lists(kinds.text, '1') && str_istarts(name, STR("1-")))
        name = str_from(name, 2);
    p = arena_alloc(a, name.n + path.n + 4);
    if (!p)
        return f;
    text_init(&t, p, name.n + path.n + 4);
    if (lists(kinds.text, '0') && str_istarts(name, STR("0-"))) {
        text_puts(&t, "xn--");
        name = str_from(name, 2);
    }
    for (size_t i = 0; i < name.n; i++) {
        bool twice = name.p[i] == '-' && i + 1 < name.n && name.p[i + 1] == '-';

        text_putc(&t, name.p[i] == '-' && !twice ? '.' : name.p[i]);
        i += twice;
    }
    text_put(&t, path);
    f.text = text_str(&t);
    f.query = r->query;
    return f;
}

/* One place of a carrier's. */
static enum carried look(const struct artefact *a, const struct a_carrier *row, const struct request *r,
                         struct arena *arena, struct url *u)
{
    struct str host = artefact_str(a, row->host), path = artefact_str(a, row->path),
               after = artefact_str(a, row->after);
    struct found f;
    enum reading reading;

    if (r->kind != REQUEST_PLAIN && row->place != INSIDE_NAME)
        return CARRIED_NOTHING; /* of a tunnel the name is all that is known */
    if (row->place != INSIDE_PATH && path.n && !template_match(path, r->path, NULL))
        return CARRIED_NOTHING;
    if (row->place == INSIDE_HIDDEN)
        return CARRIED_HIDDEN;
    if (row->place == INSIDE_PATH)
        f = in_path(path, r, arena);
    else if (row->place == INSIDE_QUERY)
        f = in_query(artefact_str(a, row->key), r->query, arena);
    else
        f = in_name(host, r, arena);
    if (!f.there || (after.n && !str_istarts(f.text, after)))
        return CARRIED_NOTHING;
    reading = f.contradicts ? UNREADABLE : read_address(str_from(f.text, after.n), f.query, arena, u);
    if (reading == NO_ADDRESS && row->place != INSIDE_QUERY)
        return CARRIED_NOTHING; /* a page or host of the carrier's own */
    return reading == READ ? CARRIED_PAGE : CARRIED_UNREADABLE;
}

/* The first place of the host's that holds something. */
static enum carried look_at_all(const struct artefact *a, const struct request *r, struct arena *arena,
                                struct url *u, uint32_t *carrier)
{
    const struct a_carrier *rows = ARTEFACT_ROWS(a, CARRIERS, struct a_carrier);

    for (uint32_t i = 0; i < a->n[SECTION_CARRIERS]; i++) {
        enum carried carried = CARRIED_NOTHING;

        if (host_below(r->host, artefact_str(a, rows[i].host)))
            carried = look(a, &rows[i], r, arena, u);
        if (carried != CARRIED_NOTHING) {
            *carrier = i;
            return carried;
        }
    }
    return CARRIED_NOTHING;
}

struct carried_page carrier_follow(const struct snapshot *s, const struct request *r, struct arena *arena)
{
    const struct artefact *a = policy_artefact(s->policy);
    struct carried_page page = {.carrier = NO_INDEX};
    struct request at = {.kind = r->kind, .host = r->host, .path = r->path, .query = r->query};

    for (int depth = 0;; depth++) {
        uint32_t carrier = NO_INDEX;
        struct url u = {0};
        struct host_hits hits;
        enum carried carried = look_at_all(a, &at, arena, &u, &carrier);

        if (carried == CARRIED_NOTHING)
            return page;
        if (depth == 0)
            page.carrier = carrier;
        page.carried = carried == CARRIED_PAGE && depth == CARRIER_DEPTH ? CARRIED_UNREADABLE : carried;
        if (page.carried != CARRIED_PAGE)
            return page;
        page.inner = u;
        hits = lookup_host(a, u.host);
        page.never_log |= hits.flags & HOST_NEVER_LOG;
        page.categories |=
            hits.flags & HOST_MUST_WORK
                ? hits.categories
                : categories_at(s, &(struct catdb_question){u.host, u.path, u.query, u.host_is_address},
                                hits.categories, r->now);
        if (!(hits.flags & HOST_CARRIER))
            return page;
        at = (struct request){.kind = r->kind, .host = u.host, .path = u.path, .query = u.query};
    }
}
