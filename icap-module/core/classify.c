/* Stage 4: which platform, which activity, whose account, signed in as whom, by a person or a page's
 * machinery, and how sure. Knows nothing of groups and rules, and of the user no more than the name that an
 * enrolled profile belongs to. Where the request does not tell, the answer is
 * unknown. */
#include "core/classify_internal.h"
#include "core/place.h"

#include "core/categories.h"

/* "scheme://host:port" of an address. */
static struct str origin_of(struct str address)
{
    size_t n = str_find(address, ':') + sizeof "//";

    while (n < address.n && address.p[n] != '/' && address.p[n] != '?' && address.p[n] != '#' &&
           address.p[n] != '\\')
        n++;
    return str_upto(address, n);
}

static struct page_before page_before(const struct artefact *a, const struct request *r, struct arena *arena)
{
    struct page_before b = {.platform = NO_INDEX, .site = NO_INDEX};
    struct host_hits hits;
    struct str address = request_header(r, STR("referer"));

    if (!address.n)
        address = request_header(r, STR("origin"));
    if (address.n > REFERER_MAX)
        address = origin_of(address);
    if (!address.n || str_eq(address, STR("null")) || url_parse(address, arena, &b.url) != 0)
        return b;
    b.there = true;
    b.has_path = b.url.path.n > 1 || b.url.query.n;
    hits = lookup_host(a, b.url.host);
    if (!hits.platform)
        return b;
    if (host_serves(a, hits.platform, b.url.path))
        b.platform = hits.platform->platform;
    /* Of a page on another host browsers tell the origin alone: it may be in the platform's part. */
    b.site = b.has_path ? b.platform : hits.platform->platform;
    return b;
}

static bool one_family(const struct artefact *a, uint32_t one, uint32_t other)
{
    const struct a_platform *rows = ARTEFACT_ROWS(a, PLATFORMS, struct a_platform);

    return other != NO_INDEX && rows[one].family.n > 0 &&
           str_eq(artefact_str(a, rows[one].family), artefact_str(a, rows[other].family));
}

/* A tool sends its files to, and signs in at, hosts of the platform that it manages. */
static bool tool_of(const struct artefact *a, const struct a_host *host, uint32_t tool)
{
    return tool != NO_INDEX && host->role != ROLE_MAIN &&
           ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[tool].manages == host->platform;
}

/* Pictures and styles serve all platforms of one family (a company's): the page that asks for them says
 * which. Another company's page never does, or its Referer would open the gate. */
static uint32_t choose_platform(const struct artefact *a, const struct request *r, const struct a_host *host,
                                const struct page_before *before)
{
    if (r->kind == REQUEST_PLAIN && !host_serves(a, host, r->path))
        return NO_INDEX;
    if (host->flags & HOST_SHARED && r->kind == REQUEST_PLAIN && before->platform != host->platform)
        return NO_INDEX;
    if (tool_of(a, host, before->platform))
        return before->platform;
    if ((host->role == ROLE_CDN || host->role == ROLE_MEDIA) &&
        one_family(a, host->platform, before->platform))
        return before->platform;
    return host->platform;
}

/* The operations of a body, which may be a list of them. */
static void operations_of_body(struct work *w, const struct a_row *row)
{
    const struct request *r = w->rows.request;
    size_t n;

    if (body_type(r) != BODY_JSON)
        return;
    n = json_all(r->body, artefact_str(w->rows.a, row->key), w->operations, OPERATIONS_MAX,
                 &w->rows.scratch->arena);
    w->n_operations = n < OPERATIONS_MAX ? (unsigned)n : OPERATIONS_MAX;
    w->operations_left = n > OPERATIONS_MAX || (n > 0 && r->body.p[0] == '[' && !r->body_whole);
}

static void find_operations(struct work *w)
{
    struct row_range r = rows_of(w, ROW_OPERATION);
    const struct a_row *row;

    while (w->n_operations == 0 && (row = next_match(&w->rows, &r, NULL))) {
        size_t mark = w->rows.scratch->arena.used;

        w->operation_in_path = row->source == FROM_PATH;
        if (row->source == FROM_JSON) {
            operations_of_body(w, row);
        } else {
            w->operations[0] = row_value(&w->rows, row);
            w->n_operations = w->operations[0].n > 0;
        }
        if (w->n_operations == 0)
            w->rows.scratch->arena.used = mark;
    }
    for (unsigned i = 0; i < w->n_operations; i++)
        w->operations[i] = str_upto(w->operations[i], OPERATION_MAX);
}

static struct classification nothing_known(void)
{
    return (struct classification){
        .platform = NO_INDEX,
        .registered = NO_INDEX,
        .activity = ACTIVITY_COUNT,
        .confidence = CONFIDENCE_UNKNOWN,
        .account_state = ACCOUNT_STATE_UNKNOWN,
        .identity = IDENTITY_UNKNOWN,
        .origin = ORIGIN_UNKNOWN,
        .carrier = NO_INDEX,
    };
}

/* On a carrier's host: the request for the page inside in *inner, and what is known of its host. */
static bool look_inside(struct work *w, const struct snapshot *snapshot, const struct request *r,
                        struct request *inner)
{
    const struct artefact *a = w->rows.a;
    struct classification *c = w->out;
    struct carried_page page;

    if (ARTEFACT_ROWS(a, META, struct a_meta)->carriers == CARRIERS_IGNORE)
        return false;
    page = carrier_follow(snapshot, r, &w->rows.scratch->arena);
    c->carried = page.carried;
    c->carrier = page.carrier;
    c->categories |= page.categories;
    c->host_flags |= page.never_log;
    if (page.carried != CARRIED_PAGE)
        return false;
    *inner = *r;
    inner->scheme = page.inner.scheme;
    c->inner_host = inner->host = page.inner.host;
    inner->host_is_address = page.inner.host_is_address;
    inner->path = page.inner.path;
    inner->query = page.inner.query;
    return true;
}

/* The host is an address, and the network that it lies in is a platform's own. */
static bool owned(struct work *w, const struct networks *networks, const struct request *r)
{
    uint32_t number = networks_owner(networks, r->host);
    const struct a_owner *owner = number ? lookup_owner(w->rows.a, number) : NULL;

    if (!owner)
        return false;
    w->out->platform = owner->platform;
    w->out->role = ROLE_MAIN;
    w->out->owner = number;
    w->owner = owner;
    return true;
}

/* The same request with the platform's own host in the address's place, for rows that speak of hosts. */
static const struct request *by_name(const struct work *w, const struct request *r, struct request *named)
{
    struct str host = artefact_str(w->rows.a, w->owner->host);

    *named = *r;
    named->host = host.n ? host : r->host;
    return named;
}

static bool find_platform(struct work *w, const struct snapshot *snapshot, const struct request *r,
                          const struct host_hits *hits)
{
    const struct artefact *a = w->rows.a;
    struct classification *c = w->out;

    if (!hits->platform)
        return r->host_is_address && snapshot->networks && owned(w, snapshot->networks, r);
    if (!w->inside) /* the page before is the carrier's */
        w->before = page_before(a, r, &w->rows.scratch->arena);
    c->platform = choose_platform(a, r, hits->platform, &w->before);
    c->role = (enum role)hits->platform->role;
    return c->platform != NO_INDEX;
}

/* By an address of another sort than the platform's own: what the carrier or the network makes of the request
 * is not certain. */
static void hedge(struct work *w)
{
    if (w->out->confidence == CONFIDENCE_SURE)
        w->out->confidence = CONFIDENCE_LIKELY;
}

/* The work on a request that may be a platform's. */
static void classify_further(const struct snapshot *snapshot, const struct request *r, struct host_hits hits,
                             struct scratch *s, struct classification *c)
{
    const struct policy *p = snapshot->policy;
    struct work w = {.rows = {.policy = p, .a = &p->artefact, .scratch = s},
                     .before = {.platform = NO_INDEX},
                     .key = snapshot->identity_key,
                     .out = c};
    struct request inner;
    bool own;

    if (hits.flags & HOST_CARRIER && (w.inside = look_inside(&w, snapshot, r, &inner))) {
        r = &inner;
        hits = lookup_host(w.rows.a, r->host);
    }
    if (!find_platform(&w, snapshot, r, &hits))
        return;
    own = !w.inside && !w.owner; /* what comes by other ways says nothing of the map's age */
    w.platform = &ARTEFACT_ROWS(w.rows.a, PLATFORMS, struct a_platform)[c->platform];
    if (own)
        find_host_rot(&w, r, hits.platform);
    if (r->kind != REQUEST_PLAIN)
        return; /* a tunnel: the host is all there is */
    if (w.owner)
        r = by_name(&w, r, &inner);
    start_rows(&w, r, c->role);
    find_operations(&w);
    find_activity(&w);
    find_account(&w);
    if (!w.inside) /* a carrier is sent none of the platform's cookies: one that comes was made up */
        find_identity(&w);
    find_origin(&w);
    if (own)
        find_rot(&w);
    else
        hedge(&w);
}

struct classification classify(const struct snapshot *snapshot, const struct request *r, struct scratch *s)
{
    struct classification c = nothing_known();
    struct host_hits hits = lookup_host(&snapshot->policy->artefact, r->host);

    c.host_flags = hits.flags;
    if (r->host_is_address)
        c.place = place_of(snapshot, r->host);
    c.categories = hits.categories;
    if (!(hits.flags & HOST_MUST_WORK)) /* which is never refused, whatever lists it */
        c.categories =
            categories_at(snapshot, &(struct catdb_question){r->host, r->path, r->query, r->host_is_address},
                          hits.categories, r->now);
    /* Most requests end here: they are no business of any map. */
    if (hits.platform || hits.flags & HOST_CARRIER || (r->host_is_address && snapshot->networks))
        classify_further(snapshot, r, hits, s, &c);
    return c;
}
