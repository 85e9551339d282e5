#include "module/rewrite.h"

#include "core/restrict.h"
#include "module/extract.h"
#include "module/stats.h"

/* The room of the worker's page: a request that goes through has none. The new head is written there, then
 * c-icap's list is filled from it; a body that is passed on goes through it later. */
static struct text room_of(struct exchange *x)
{
    struct text t;

    text_init(&t, x->worker->page, sizeof x->worker->page);
    return t;
}

static bool is_changed(const struct change *changes, uint32_t n, struct str line)
{
    struct str name = str_trim(str_upto(line, str_find(line, ':')));

    for (uint32_t i = 0; i < n; i++)
        if (changes[i].kind != PLACE_QUERY && str_ieq(changes[i].name, name))
            return true;
    return false;
}

/* "GET https://host/path?query HTTP/1.1" with the new query. False when the address would be too long for the
 * proxy. */
static bool put_request_line(const struct exchange *x, const struct change *changes, uint32_t n,
                             struct str line, struct text *t)
{
    struct str target = x->request.target;
    size_t start = (size_t)(target.p - line.p), before;
    bool query = false;

    for (uint32_t i = 0; i < n; i++)
        query |= changes[i].kind == PLACE_QUERY;
    if (!query) {
        text_put(t, line);
        return true;
    }
    text_put(t, str_upto(line, start));
    before = t->n;
    restrict_target(changes, n, target, t);
    if (t->n - before > REQUEST_TARGET_MAX)
        return false;
    text_put(t, str_from(line, start + target.n));
    return true;
}

/* A line that goes on in the next one becomes one line (RFC 9112 5.2): what stands there is no header of its
 * own to anybody. */
static void put_line(struct text *t, struct str line)
{
    for (size_t i = 0; i < line.n; i++)
        text_putc(t, line.p[i] == '\r' || line.p[i] == '\n' ? ' ' : line.p[i]);
    text_putc(t, '\0');
}

/* Every line with a NUL behind it, as c-icap takes them. */
static bool put_head(const struct exchange *x, const struct change *changes, uint32_t n,
                     const ci_headers_list_t *list, struct text *t)
{
    if (!put_request_line(x, changes, n, str_of(list->headers[0]), t))
        return false;
    text_putc(t, '\0');
    for (int i = 1; i < list->used; i++) {
        struct str line = str_of(list->headers[i]);

        if (line.n == 0 || is_changed(changes, n, line) || (x->ours && header_is_ours(line)))
            continue;
        put_line(t, line);
    }
    for (uint32_t i = 0; i < n; i++) {
        if (changes[i].kind != PLACE_HEADER)
            continue;
        text_put(t, changes[i].name);
        text_puts(t, ": ");
        text_put(t, changes[i].value);
        text_putc(t, '\0');
    }
    if (x->added.n)
        put_line(t, x->added);
    return !t->cut;
}

enum rewritten rewrite_head(struct exchange *x, ci_request_t *req)
{
    ci_headers_list_t *list = ci_http_request_headers(req);
    struct change changes[CHANGES_MAX];
    uint32_t n =
        x->judged ? restrict_changes(policy_artefact(x->loaded->policy), &x->verdict, false, changes) : 0;
    struct text t = room_of(x);

    if (n == 0 && !x->ours && x->added.n == 0)
        return REWRITE_NOTHING;
    if (!list || list->used == 0 || !put_head(x, changes, n, list, &t))
        return REWRITE_FAILED;
    ci_headers_reset(list);
    for (size_t at = 0; at < t.n; at += strlen(t.p + at) + 1)
        if (!ci_headers_add(list, t.p + at))
            return REWRITE_FAILED;
    if (x->ours)
        stats_count(COUNT_FORGED);
    if (n)
        stats_count(COUNT_RESTRICTED);
    return REWRITE_DONE;
}

/* Where all of the body has come with the preview, a 206 is none of the answers (proxy facts 2d). */
int rewrite_body(struct exchange *x, ci_request_t *req, const char *preview, size_t n)
{
    bool all = ci_req_hasalldata(req);

    if (!ci_req_hasbody(req))
        return CI_MOD_CONTINUE;
    if (ci_req_preview_size(req) >= 0 && ci_req_allow206(req) && !all)
        return ci_request_206_origin_body(req, 0) ? CI_MOD_ALLOW206 : CI_MOD_ERROR;
    if (n > sizeof x->worker->page)
        return CI_MOD_ERROR;
    if (n)
        memcpy(x->worker->page, preview, n);
    x->passing = (struct passing){.on = true, .end = n, .whole = all};
    ci_req_unlock_data(req); /* what has come goes out before the rest is there */
    return CI_MOD_CONTINUE;
}

static int take(struct exchange *x, const char *in, int size)
{
    struct passing *p = &x->passing;
    size_t n = size > 0 ? (size_t)size : 0;

    if (p->at) { /* what is left moves to the front */
        memmove(x->worker->page, x->worker->page + p->at, p->end - p->at);
        p->end -= p->at;
        p->at = 0;
    }
    if (n > sizeof x->worker->page - p->end)
        n = sizeof x->worker->page - p->end;
    if (n)
        memcpy(x->worker->page + p->end, in, n);
    p->end += n;
    return (int)n;
}

static int give(struct exchange *x, char *out, int size)
{
    struct passing *p = &x->passing;
    size_t n = size > 0 ? (size_t)size : 0;

    if (n > p->end - p->at)
        n = p->end - p->at;
    if (n)
        memcpy(out, x->worker->page + p->at, n);
    p->at += n;
    return n == 0 && p->whole ? CI_EOF : (int)n;
}

int rewrite_io(struct exchange *x, char *out, int *out_size, const char *in, int *in_size)
{
    if (in && in_size)
        *in_size = take(x, in, *in_size);
    if (out && out_size)
        *out_size = give(x, out, *out_size);
    return CI_OK;
}
