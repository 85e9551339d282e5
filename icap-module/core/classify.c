/* Stage 4: which platform, which activity, whose account, signed in as whom, by a person or a page's
 * machinery, and how sure. Knows nothing of users and rules. Where the request does not tell, the answer is
 * unknown. */
#include "core/lookup.h"
#include "core/rows.h"
#include "core/template.h"
#include "core/url.h"

/* What the Referer (or Origin) header says. */
struct page_before {
    bool there;
    bool has_path; /* a full address, not the bare origin that browsers send to other hosts */
    struct url url;
    uint32_t platform; /* or NO_INDEX */
};

struct work {
    struct row_context rows;
    const struct a_platform *platform;
    struct page_before before;
    bool background; /* a background row matched */
    bool named_part; /* a part of a page (by its own word) at an address that could name an account */
    struct classification *out;
};

/* A platform's rows of one kind. */
struct row_range {
    const struct a_row *row, *end;
};

static struct row_range rows_of(const struct work *w, enum row_kind kind)
{
    const struct a_row *row = &ARTEFACT_ROWS(w->rows.a, ROWS, struct a_row)[w->platform->rows.at];

    for (unsigned k = 0; k < (unsigned)kind; k++)
        row += w->platform->kinds[k];
    return (struct row_range){row, row + w->platform->kinds[kind]};
}

static uint32_t platform_of_host(const struct artefact *a, struct str host, struct str path)
{
    struct host_hits hits = lookup_host(a, host);

    if (!hits.platform)
        return NO_INDEX;
    if (hits.platform->path.n && !template_match(artefact_str(a, hits.platform->path), path, NULL))
        return NO_INDEX;
    return hits.platform->platform;
}

/* Browsers cut an address longer than this to its origin (W3C Referrer Policy, "determine request's
 * referrer"); one that comes all the same is some other program's, and walking it once a row would take
 * milliseconds. */
enum { REFERER_MAX = 4096 };

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
    struct page_before b = {.platform = NO_INDEX};
    struct str address = request_header(r, STR("referer"));

    if (!address.n)
        address = request_header(r, STR("origin"));
    if (address.n > REFERER_MAX)
        address = origin_of(address);
    if (!address.n || str_eq(address, STR("null")) || url_parse(address, arena, &b.url) != 0)
        return b;
    b.there = true;
    b.has_path = b.url.path.n > 1 || b.url.query.n;
    b.platform = platform_of_host(a, b.url.host, b.url.path);
    return b;
}

static bool one_family(const struct artefact *a, uint32_t one, uint32_t other)
{
    const struct a_platform *rows = ARTEFACT_ROWS(a, PLATFORMS, struct a_platform);

    return other != NO_INDEX && rows[one].family.n > 0 &&
           str_eq(artefact_str(a, rows[one].family), artefact_str(a, rows[other].family));
}

/* Pictures and styles serve all platforms of one family (a company's): the page that asks for them says
 * which. Another company's page never does, or its Referer would open the gate. */
static uint32_t choose_platform(const struct artefact *a, const struct request *r, const struct a_host *host,
                                const struct page_before *before)
{
    if (host->path.n && r->kind == REQUEST_PLAIN &&
        !template_match(artefact_str(a, host->path), r->path, NULL))
        return NO_INDEX;
    if (host->flags & HOST_SHARED && r->kind == REQUEST_PLAIN && before->platform != host->platform)
        return NO_INDEX;
    if ((host->role == ROLE_CDN || host->role == ROLE_MEDIA) &&
        one_family(a, host->platform, before->platform))
        return before->platform;
    return host->platform;
}

static struct str first_segment(struct str path)
{
    struct str rest = path;

    while (rest.n && rest.p[0] == '/')
        rest = str_from(rest, 1);
    return str_cut(&rest, '/');
}

static const struct a_row *first_row(struct work *w, enum row_kind kind, struct str *captured)
{
    for (struct row_range r = rows_of(w, kind); r.row < r.end; r.row++)
        if (row_match(&w->rows, r.row, captured))
            return r.row;
    return NULL;
}

static void find_operation(struct work *w)
{
    for (struct row_range r = rows_of(w, ROW_OPERATION); r.row < r.end && !w->rows.operation.n; r.row++) {
        size_t mark = w->rows.scratch->arena.used;

        w->rows.operation = str_upto(row_value(&w->rows, r.row), 128);
        if (!w->rows.operation.n)
            w->rows.scratch->arena.used = mark;
    }
    w->rows.operation_hash = str_hash(w->rows.operation);
}

/* Held against rows as the page at that address would be: for the account that a call is made from. */
static void start_rows(struct work *w, const struct request *r, enum role role)
{
    w->rows.request = r;
    w->rows.role = role;
    w->rows.method = row_method_of(r->method);
    w->rows.first = str_hash(first_segment(r->path));
    w->rows.operation = STR_NONE;
    w->rows.operation_hash = 0;
    w->rows.upgrade = str_ieq(request_header(r, STR("upgrade")), STR("websocket"));
    w->rows.other_site = w->before.there && w->before.platform != w->out->platform;
}

static bool is_document(const struct request *r)
{
    struct str dest = request_header(r, STR("sec-fetch-dest"));

    if (dest.n)
        return str_ieq(dest, STR("document"));
    return str_istarts(request_header(r, STR("accept")), STR("text/html"));
}

/* What no row names: a safe method reads; hosts made for one purpose say so; any other write is unknown. */
static void default_activity(struct work *w)
{
    struct classification *c = w->out;
    bool unsafe = request_unsafe(w->rows.request);

    c->confidence = CONFIDENCE_LIKELY;
    if (c->role == ROLE_LOGINS)
        c->activity = ACTIVITY_LOGIN;
    else if (c->role == ROLE_MANAGE)
        c->activity = ACTIVITY_ADMIN;
    else if (c->role == ROLE_MEDIA && !unsafe)
        c->activity = ACTIVITY_STREAM;
    else if (c->role == ROLE_UPLOADS && unsafe)
        c->activity = ACTIVITY_UPLOAD;
    else if ((!unsafe || w->background) && !w->rows.unsure)
        c->activity = ACTIVITY_VIEW; /* telemetry is posted, but nobody writes anything */
    else
        c->confidence = CONFIDENCE_UNKNOWN;
    if (c->activity == ACTIVITY_VIEW && c->role == ROLE_MAIN && is_document(w->rows.request))
        c->confidence = CONFIDENCE_SURE;
}

static void find_activity(struct work *w)
{
    const struct a_row *row = first_row(w, ROW_ACTIVITY, NULL);
    struct classification *c = w->out;

    if (!row) {
        default_activity(w);
        return;
    }
    c->activity = (enum activity)row->value;
    c->confidence = row->flags & ROW_LIKELY ? CONFIDENCE_LIKELY : CONFIDENCE_SURE;
}

/* "groups/{account}" with the caught name put in. */
static struct str write_account(struct work *w, const struct a_row *row, struct str caught)
{
    struct str format = artefact_str(w->rows.a, row->format);
    size_t hole = str_find(format, '{');
    char *p = arena_alloc(&w->rows.scratch->arena, format.n + caught.n);
    struct text t;

    if (!p)
        return STR_NONE;
    text_init(&t, p, format.n + caught.n);
    text_put(&t, str_upto(format, hole));
    text_put(&t, caught);
    text_put(&t, str_from(format, hole + sizeof "{account}" - 1));
    return text_str(&t);
}

/* The form that names are compared in, as the registers' aliases were written by the compiler. */
static uint32_t find_registered(struct work *w, struct str name)
{
    bool dots = w->platform->flags & PLATFORM_DOTS_IGNORED;
    bool fold = !(w->platform->flags & PLATFORM_CASE_MATTERS);
    char key[160];
    struct text t;

    text_init(&t, key, sizeof key);
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] != '.' || !dots)
            text_putc(&t, fold ? ascii_lower(name.p[i]) : name.p[i]);
    return t.cut ? NO_INDEX : lookup_account(w->rows.a, w->out->platform, text_str(&t));
}

/* A name as platforms allow them: letters, digits, - _ . @ and bytes above ASCII; anything else names nobody.
 */
static bool plausible_account(struct str s)
{
    if (s.n == 0 || s.n > 100)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = ascii_lower(s.p[i]);

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
              c == '@' || c == ':' || c == '%' || (unsigned char)c >= 0x80))
            return false;
    }
    return true;
}

static bool one_of(struct str word, const char *const *words)
{
    for (; *words; words++)
        if (str_ieq(word, str_of(*words)))
            return true;
    return false;
}

/* Fetched for a page and never a page itself, by what the browser says it is for. */
static bool page_part(struct str dest)
{
    static const char *const dests[] = {"serviceworker", "manifest", "worker", "sharedworker",
                                        "report",        "image",    "style",  "script",
                                        "font",          "track",    NULL};

    return one_of(dest, dests);
}

/* The account rows against the request in w->rows; false when none says anything. Acts and parts of pages go
 * to addresses of the site's own making: a bare first segment of such a path names nobody, unless the row
 * speaks of the method. */
static bool account_by_rows(struct work *w)
{
    bool bare = !request_unsafe(w->rows.request) &&
                !page_part(request_header(w->rows.request, STR("sec-fetch-dest")));
    struct classification *c = w->out;

    for (struct row_range r = rows_of(w, ROW_ACCOUNT); r.row < r.end; r.row++) {
        const struct a_row *row = r.row;
        struct str caught = STR_NONE;

        if (!row_match(&w->rows, row, &caught))
            continue;
        if (str_eq(artefact_str(w->rows.a, row->format), STR("-"))) {
            c->account_state = ACCOUNT_STATE_NOBODY;
            return true;
        }
        if (!plausible_account(caught) ||
            (row->first == 0 && lookup_word(w->rows.a, w->platform->reserved, first_segment(caught))))
            continue;
        if (!bare && row->first == 0 && !row->methods && row->path.n) {
            w->named_part |= !request_unsafe(w->rows.request);
            continue;
        }
        c->account = write_account(w, row, caught);
        if (!c->account.n)
            return false;
        c->account_state = ACCOUNT_STATE_NAMED;
        if (row->flags & ROW_LIKELY && c->confidence == CONFIDENCE_SURE)
            c->confidence = CONFIDENCE_LIKELY;
        return true;
    }
    return false;
}

/* What `ask` finds in the rows for the platform's own page that the call is made from. */
static bool by_page_before(struct work *w, bool (*ask)(struct work *))
{
    struct request page = {.method = STR("GET"), .path = w->before.url.path, .query = w->before.url.query};
    struct row_context call = w->rows;
    bool found;

    if (w->before.platform != w->out->platform || !w->before.has_path)
        return false;
    page.host = w->before.url.host;
    start_rows(w, &page, ROLE_MAIN);
    found = ask(w);
    call.unsure = w->rows.unsure;
    w->rows = call;
    return found;
}

/* A call inside the platform's own page (single-page apps load no page when one moves on) takes the account
 * of the page it is made from. */
static bool account_by_page_before(struct work *w)
{
    struct classification *c = w->out;
    bool found = by_page_before(w, account_by_rows);

    if (found && c->account_state == ACCOUNT_STATE_NAMED && c->confidence == CONFIDENCE_SURE)
        c->confidence = CONFIDENCE_LIKELY;
    return found;
}

static void find_account(struct work *w)
{
    struct classification *c = w->out;

    c->account_state = ACCOUNT_STATE_UNKNOWN;
    if (!account_by_rows(w)) {
        if (c->role == ROLE_CDN || c->activity == ACTIVITY_LOGIN || c->activity == ACTIVITY_SIGNUP)
            c->account_state = ACCOUNT_STATE_NOBODY;
        else if (!is_document(w->rows.request) && !w->named_part)
            account_by_page_before(w); /* never in the place of an account that the address itself may name */
    }
    if (c->account_state == ACCOUNT_STATE_NAMED)
        c->registered = find_registered(w, c->account);
}

static void find_identity(struct work *w)
{
    struct classification *c = w->out;

    for (struct row_range r = rows_of(w, ROW_IDENTITY); r.row < r.end; r.row++) {
        struct str value = row_value(&w->rows, r.row);
        struct str prefix = artefact_str(w->rows.a, r.row->format);

        if (value.n && str_eq(prefix, STR("-"))) { /* opaque: signed in, but it does not say as whom */
            c->identity = IDENTITY_UNKNOWN;
            return;
        }
        if (prefix.n && str_istarts(value, prefix))
            value = str_from(value, prefix.n);
        if (value.n) {
            c->identity = find_registered(w, value) != NO_INDEX ? IDENTITY_REGISTERED : IDENTITY_OTHER;
            return;
        }
        if (c->role == ROLE_MAIN)
            c->identity = IDENTITY_NONE; /* the platform sends it with every page of a signed-in person */
    }
}

static bool prefetched(const struct request *r)
{
    return str_istarts(request_header(r, STR("sec-purpose")), STR("prefetch")) ||
           str_ieq(request_header(r, STR("purpose")), STR("prefetch")) ||
           str_ieq(request_header(r, STR("x-moz")), STR("prefetch"));
}

/* Fetched by a page's machinery by its very kind. */
static bool machinery(const struct request *r, struct str dest)
{
    static const char *const paths[] = {"/favicon.ico", "/robots.txt", "/sw.js", "/manifest.json", NULL};

    return page_part(dest) || one_of(r->path, paths) || str_eq(r->method, STR("OPTIONS")) || prefetched(r);
}

static bool is_write(enum activity activity)
{
    return activity != ACTIVITY_VIEW && activity != ACTIVITY_STREAM && activity != ACTIVITY_COUNT;
}

static bool is_embed(struct work *w)
{
    return first_row(w, ROW_EMBED, NULL) != NULL;
}

/* Fetch Metadata (W3C) first, the map's rows next, then what the page before tells. */
static enum origin find_origin(struct work *w)
{
    const struct request *r = w->rows.request;
    const struct classification *c = w->out;
    struct str dest = request_header(r, STR("sec-fetch-dest"));
    struct str site = request_header(r, STR("sec-fetch-site"));
    bool document = str_ieq(dest, STR("document"));
    bool cross =
        str_ieq(site, STR("cross-site")) || (!site.n && w->before.there && w->before.platform != c->platform);

    if (prefetched(r) || w->background)
        return ORIGIN_BACKGROUND;
    if (document && !cross && str_ieq(request_header(r, STR("sec-fetch-mode")), STR("navigate")))
        return ORIGIN_PERSON;
    if (request_unsafe(r) && is_write(c->activity))
        return ORIGIN_PERSON; /* also in an embed: a 'like' on another site is somebody's */
    if (!document && is_embed(w))
        return ORIGIN_EMBED;
    if (document)
        return ORIGIN_PERSON;
    if (cross && w->before.platform != c->platform && (dest.n || !is_document(r)))
        return ORIGIN_EMBED;
    if (c->role == ROLE_EMBEDS)
        return ORIGIN_EMBED;
    if (machinery(r, dest))
        return ORIGIN_BACKGROUND;
    if ((c->activity == ACTIVITY_VIEW || c->activity == ACTIVITY_STREAM) && !is_document(r) &&
        by_page_before(w, is_embed))
        return ORIGIN_EMBED; /* an embed's own calls, as long as they read */
    if (str_ieq(request_header(r, STR("sec-fetch-user")), STR("?1")) || is_write(c->activity))
        return ORIGIN_PERSON;
    return ORIGIN_UNKNOWN;
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
    };
}

struct classification classify(const struct policy *p, const struct request *r, struct scratch *s)
{
    const struct artefact *a = &p->artefact;
    struct classification c = nothing_known();
    struct host_hits hits = lookup_host(a, r->host);
    struct work w = {.rows = {.policy = p, .a = a, .scratch = s}, .out = &c};

    c.categories = hits.categories;
    c.host_flags = hits.flags;
    if (!hits.platform)
        return c;
    w.before = page_before(a, r, &s->arena);
    c.platform = choose_platform(a, r, hits.platform, &w.before);
    if (c.platform == NO_INDEX)
        return c;
    c.role = (enum role)hits.platform->role;
    w.platform = &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[c.platform];
    if (r->kind != REQUEST_PLAIN)
        return c; /* a tunnel: the host is all there is */
    start_rows(&w, r, c.role);
    find_operation(&w);
    w.background = first_row(&w, ROW_BACKGROUND, NULL) != NULL;
    find_activity(&w);
    find_account(&w);
    find_identity(&w);
    c.origin = find_origin(&w);
    return c;
}
