/* Stage 4: a person's own act, part of another site's page, or a page's machinery. */
#include "core/classify_internal.h"

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

static bool ends_with_one_of(struct str path, const char *const *ends)
{
    for (; *ends; ends++) {
        struct str end = str_of(*ends);

        if (path.n > end.n && str_ieq(str_from(path, path.n - end.n), end))
            return true;
    }
    return false;
}

/* The pieces of a stream that its player asks for by itself, a hundred a minute. What a person asks for is
 * the manifest (RFC 8216 HLS, ISO/IEC 23009-1 DASH), the player's own call, or the page. */
static bool segment(const struct request *r, const struct classification *c)
{
    static const char *const manifests[] = {".m3u8", ".m3u", ".mpd", ".f4m", "/manifest", NULL};
    static const char *const segments[] = {".ts",   ".m4s",  ".m4a",  ".m4v", ".mp4", ".aac", ".mp3",
                                           ".cmfv", ".cmfa", ".webm", ".vtt", ".key", NULL};

    if (c->activity != ACTIVITY_STREAM || ends_with_one_of(r->path, manifests))
        return false;
    return c->role == ROLE_MEDIA || ends_with_one_of(r->path, segments);
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
static enum origin origin_of_request(struct work *w)
{
    const struct request *r = w->rows.request;
    const struct classification *c = w->out;
    struct str dest = request_header(r, STR("sec-fetch-dest"));
    struct str site = request_header(r, STR("sec-fetch-site"));
    bool document = str_ieq(dest, STR("document"));
    bool cross =
        str_ieq(site, STR("cross-site")) || (!site.n && w->before.there && w->before.site != c->platform);

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
    if (cross && w->before.site != c->platform && (dest.n || !is_document(r)))
        return ORIGIN_EMBED;
    if (c->role == ROLE_EMBEDS)
        return ORIGIN_EMBED;
    if (machinery(r, dest) || segment(r, c))
        return ORIGIN_BACKGROUND;
    if ((c->activity == ACTIVITY_VIEW || c->activity == ACTIVITY_STREAM) && !is_document(r) &&
        by_page_before(w, is_embed))
        return ORIGIN_EMBED; /* an embed's own calls, as long as they read */
    if (str_ieq(request_header(r, STR("sec-fetch-user")), STR("?1")) || is_write(c->activity))
        return ORIGIN_PERSON;
    return ORIGIN_UNKNOWN;
}

void find_origin(struct work *w)
{
    w->out->origin = origin_of_request(w);
}
