#include "core/work.h"

struct row_range rows_of(const struct work *w, enum row_kind kind)
{
    uint32_t at = w->platform->rows.at;
    const struct a_row *row;

    for (unsigned k = 0; k < (unsigned)kind; k++)
        at += w->platform->kinds[k];
    row = &ARTEFACT_ROWS(w->rows.a, ROWS, struct a_row)[at];
    return (struct row_range){row, row + w->platform->kinds[kind],
                              &ARTEFACT_ROWS(w->rows.a, KEYS, struct a_key)[at]};
}

static struct str next_segment(struct str *rest)
{
    while (rest->n && rest->p[0] == '/')
        *rest = str_from(*rest, 1);
    return str_cut(rest, '/');
}

struct str first_segment(struct str path)
{
    return next_segment(&path);
}

const struct a_row *first_row(struct work *w, enum row_kind kind, struct str *captured)
{
    struct row_range r = rows_of(w, kind);

    return next_match(&w->rows, &r, captured);
}

void hold_operation(struct work *w, struct str operation)
{
    char *p = operation.n ? arena_alloc(&w->rows.scratch->arena, operation.n) : NULL;

    for (size_t i = 0; p && i < operation.n; i++)
        p[i] = ascii_lower(operation.p[i]);
    w->rows.operation = p ? (struct str){p, operation.n} : STR_NONE;
    w->rows.operation_hash = str_hash(w->rows.operation);
    w->rows.bits =
        w->rows.operation.n ? w->rows.bits & ~(uint32_t)KEY_NO_OPERATION : w->rows.bits | KEY_NO_OPERATION;
}

void start_rows(struct work *w, const struct request *r, enum role role)
{
    struct str rest = r->path;

    w->rows.request = r;
    w->rows.role = role;
    w->rows.first = str_hash(next_segment(&rest));
    w->rows.second = str_hash(next_segment(&rest));
    w->rows.bits = (1u << role) << KEY_ROLE | row_method_of(r->method) << KEY_METHOD;
    if (!str_ieq(request_header(r, STR("upgrade")), STR("websocket")))
        w->rows.bits |= KEY_NO_UPGRADE;
    if (!w->before.there || w->before.site == w->out->platform)
        w->rows.bits |= KEY_NO_OTHER_SITE;
    hold_operation(w, STR_NONE);
}

bool is_document(const struct request *r)
{
    struct str dest = request_header(r, STR("sec-fetch-dest"));

    if (dest.n)
        return str_ieq(dest, STR("document"));
    return str_istarts(request_header(r, STR("accept")), STR("text/html"));
}

bool one_of(struct str word, const char *const *words)
{
    for (; *words; words++)
        if (str_ieq(word, str_of(*words)))
            return true;
    return false;
}

bool page_part(struct str dest)
{
    static const char *const dests[] = {"serviceworker", "manifest", "worker", "sharedworker",
                                        "report",        "image",    "style",  "script",
                                        "font",          "track",    NULL};

    return one_of(dest, dests);
}

static bool on_page(struct work *w, const struct url *u, bool (*ask)(struct work *))
{
    struct request page = {.method = STR("GET"), .host = u->host, .path = u->path, .query = u->query};
    struct row_context call = w->rows;
    bool found;

    w->on_page = true;
    start_rows(w, &page, ROLE_MAIN);
    found = ask(w);
    w->on_page = false;
    call.unsure = w->rows.unsure;
    w->rows = call;
    return found;
}

bool by_page_before(struct work *w, bool (*ask)(struct work *))
{
    if (w->on_page || w->before.platform != w->out->platform || !w->before.has_path)
        return false;
    return on_page(w, &w->before.url, ask);
}

static bool is_ours(const struct work *w, const struct url *u)
{
    struct host_hits hits = lookup_host(w->rows.a, u->host);

    return hits.platform && hits.platform->platform == w->out->platform &&
           host_serves(w->rows.a, hits.platform, u->path);
}

bool by_page_named(struct work *w, struct str address, bool (*ask)(struct work *))
{
    struct arena *arena = &w->rows.scratch->arena;
    struct url u = {.host = w->rows.request->host, .path = STR("/")};

    if (w->on_page || address.n > REFERER_MAX)
        return false;
    if (str_istarts(address, STR("/"))) {
        u.query = str_upto(address, str_find(address, '#'));
        u.path = path_canonical(str_cut(&u.query, '?'), arena);
    } else if (url_parse(address, arena, &u) != 0) {
        return false;
    }
    return u.path.p && is_ours(w, &u) && on_page(w, &u, ask);
}

uint32_t account_platform(const struct work *w)
{
    return identity_platform(w->rows.a, w->out->platform);
}

uint32_t find_registered(struct work *w, struct str name)
{
    char key[160];
    struct text t;
    uint32_t account;

    text_init(&t, key, sizeof key);
    lookup_fold(w->platform, name, &t);
    account = t.cut ? NO_INDEX : lookup_account(w->rows.a, account_platform(w), text_str(&t));
    digest_wipe(key, t.n); /* it may be the id of who is signed in */
    return account;
}
