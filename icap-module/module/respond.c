#include "module/respond.h"

#include "core/text.h"
#include "module/conf.h"
#include "module/portal.h"
#include "module/rewrite.h"
#include "module/stats.h"
#include "record/seal.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

/* Seconds after which a browser may try again what could not be judged. */
#define RETRY_AFTER "Retry-After: 30"

/* Without a policy there is no page with a style sheet of its own. */
#define STRICT_CSP "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

static const char *reason_phrase(uint32_t status)
{
    switch (status) {
    case 200:
        return "OK";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 429:
        return "Too Many Requests";
    case 451:
        return "Unavailable For Legal Reasons";
    case 503:
        return "Service Unavailable";
    default:
        return "Not Allowed";
    }
}

/* A header line in the worker's buffer; one at a time (printf costs more than judging does). */
static void start_line(const struct exchange *x, struct text *line, const char *name)
{
    text_init(line, x->worker->line, WORKER_LINE - 1);
    text_puts(line, name);
}

static const char *end_line(struct text *line)
{
    line->p[line->n] = '\0';
    return line->p;
}

/* "facebook/no-reactions" for the proxy's log: words of the policy, nothing of the request. */
static void attribute(const struct exchange *x, ci_request_t *req)
{
    const struct verdict *v = &x->verdict;
    const struct artefact *a = policy_artefact(x->loaded->policy);
    struct str platform = STR("-"), rule;
    struct text line;

    if (v->what.host_flags & HOST_NEVER_LOG || (!v->in_scope && v->action == ACTION_ALLOW) ||
        verdict_person_rule(x->loaded->policy, v) != RULE_NONE) /* that log has the user's name beside it */
        return;
    if (v->what.platform != NO_INDEX)
        platform = artefact_str(a, ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[v->what.platform].id);
    rule = verdict_rule(x->loaded->policy, v);
    if (rule.n == 0)
        rule = str_of(word_of(WORDS_WHY, v->why));
    start_line(x, &line, "X-Attribute: ");
    text_put(&line, platform);
    text_putc(&line, '/');
    text_put(&line, rule);
    text_puts(&line, v->shadow ? ", shadow" : "");
    ci_icap_add_xheader(req, end_line(&line));
}

static void put_headers(const struct exchange *x, ci_request_t *req, const struct answer_body *b,
                        struct str csp)
{
    struct text line;

    start_line(x, &line, "HTTP/1.1 ");
    text_put_u64(&line, b->status);
    text_putc(&line, ' ');
    text_puts(&line, reason_phrase(b->status));
    ci_http_response_add_header(req, end_line(&line));
    if (b->media_type.n) {
        start_line(x, &line, "Content-Type: ");
        text_put(&line, b->media_type);
        ci_http_response_add_header(req, end_line(&line));
    }
    start_line(x, &line, "Content-Length: ");
    text_put_u64(&line, b->body.n);
    ci_http_response_add_header(req, end_line(&line));
    ci_http_response_add_header(req, "Cache-Control: no-store");
    start_line(x, &line, "Content-Security-Policy: ");
    text_put(&line, csp);
    ci_http_response_add_header(req, end_line(&line));
    ci_http_response_add_header(req, "Referrer-Policy: no-referrer");
    ci_http_response_add_header(req, "X-Content-Type-Options: nosniff");
    if (b->status == 503)
        ci_http_response_add_header(req, RETRY_AFTER);
}

/* c-icap writes an answer in four pieces (ICAP head, HTTP head, body, end), each of them a packet and a
 * wake-up of the proxy. Held back until the last, they go out as one; the kernel lets them go after 200 ms in
 * any case (tcp(7), TCP_CORK). A connection that is none of TCP's refuses the option, and nothing is lost. */
static void hold_back(struct exchange *x, const ci_request_t *req)
{
    static const int on = 1;
    int fd = req->connection ? req->connection->fd : -1;

    if (fd >= 0 && setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on) == 0)
        x->corked = fd;
}

void respond_end(struct exchange *x)
{
    static const int off = 0;

    if (x->corked >= 0)
        setsockopt(x->corked, IPPROTO_TCP, TCP_CORK, &off, sizeof off);
    x->corked = -1;
}

/* A fresh response. With 206 it goes out straight after the preview and the upload is never sent (proxy facts
 * 2d); CONTINUE would drain it, and is what remains where the proxy offers no 206 or the body has arrived
 * whole. */
static int send_response(struct exchange *x, ci_request_t *req, const struct answer_body *b, struct str csp)
{
    bool undrained = ci_req_allow206(req) && ci_req_preview_size(req) >= 0 && ci_req_hasbody(req) &&
                     !ci_req_hasalldata(req);
    bool head = str_eq(x->request.method, STR("HEAD"));

    x->body = head ? STR_NONE : b->body;
    x->sent = 0;
    if (!ci_http_response_create(req, 1, x->body.n > 0))
        return CI_MOD_ERROR;
    put_headers(x, req, b, csp);
    hold_back(x, req);
    return undrained ? CI_MOD_ALLOW206 : CI_MOD_CONTINUE;
}

/* Of its pages; `a` may be NULL. */
static struct str policy_csp(const struct artefact *a)
{
    struct str csp = a ? artefact_str(a, ARTEFACT_ROWS(a, META, struct a_meta)->csp) : STR_NONE;

    return csp.n == 0 || csp.n > WORKER_LINE - 64 ? STR(STRICT_CSP) : csp;
}

static int refuse(struct exchange *x, ci_request_t *req, uint32_t page, bool unavailable)
{
    const struct artefact *a = x->loaded ? policy_artefact(x->loaded->policy) : NULL;
    enum form form = page_form(&x->request);
    struct page_fill fill = {.code = x->code};
    unsigned char random[5];
    struct answer_body b;

    seal_random(random, sizeof random);
    page_code(random, x->code);
    x->coded = true;
    fill.owed = x->judged && x->verdict.owed;
    if (form == FORM_PAGE && a && page_leads_to_portal(a, page))
        portal_fill(x, &fill);
    b = page_render(a, page, form, &fill, x->worker->page, WORKER_PAGE);
    if (unavailable)
        b.status = 503;
    else if (page == NO_INDEX)
        b.status = 403; /* refused without a page of its own: the built-in one is made for 503 */
    return send_response(x, req, &b, policy_csp(a));
}

int respond_enrolled(struct exchange *x, ci_request_t *req)
{
    static const char no_code[CODE_SIZE] = {'E', 'N', 'R', 'O', '-', 'L', 'L', 'E', 'D'}; /* of no event */
    const struct artefact *a = policy_artefact(x->loaded->policy);
    const struct page_fill fill = {.code = no_code};
    struct answer_body b = {200, STR("text/plain; charset=utf-8"),
                            STR("You are enrolled. The account's owner now confirms it.\n")};

    for (uint32_t i = 0; i < a->n[SECTION_PAGES]; i++)
        if (str_eq(artefact_str(a, ARTEFACT_ROWS(a, PAGES, struct a_page)[i].name), STR("enrolled"))) {
            b = page_render(a, i, FORM_PAGE, &fill, x->worker->page, WORKER_PAGE);
            break;
        }
    return send_response(x, req, &b, policy_csp(a));
}

/* Where the proxy offers neither a preview nor a 204 outside of one, c-icap sends back what it gets, and
 * cannot while the body is locked. In all other cases the lock must stay: unlocked, it would send a 200
 * behind the 204. */
static int unchanged(ci_request_t *req)
{
    if (ci_req_preview_size(req) < 0 && !ci_req_allow204(req))
        ci_req_unlock_data(req);
    return CI_MOD_ALLOW204;
}

/* What the proxy is told of a tunnel: nothing, to open it, or to open it for no reason of its own. */
enum mark { MARK_NONE, MARK_OPEN, MARK_CLOSED };

/* A tunnel goes through, marked or not. A CONNECT with a body, which RFC
 * 9110 9.3.6 gives no meaning, no browser sends: such a tunnel is not made where its head has to be changed.
 */
static int let_tunnel(struct exchange *x, ci_request_t *req, enum mark mark)
{
    struct text line;

    if (!x->ours && mark == MARK_NONE)
        return unchanged(req);
    if (ci_req_hasbody(req) || (x->ours && rewrite_head(x, req) != REWRITE_DONE))
        return refuse(x, req, NO_INDEX, false);
    if (mark == MARK_NONE)
        return CI_MOD_CONTINUE;
    if (mark == MARK_OPEN)
        stats_count(COUNT_OPENED);
    start_line(x, &line, settings()->bump_header);
    text_puts(&line, mark == MARK_OPEN ? ": yes" : ": no");
    return ci_http_request_add_header(req, end_line(&line)) ? CI_MOD_CONTINUE : CI_MOD_ERROR;
}

/* What cannot be changed as it must be does not go through; nor does a header of ours in hiding
 * ("X-Portreeve-User : me"), which no browser sends and somebody behind us might read. */
static int let_through(struct exchange *x, ci_request_t *req, struct str preview)
{
    if (x->ours && x->sloppy)
        return refuse(x, req, NO_INDEX, false);
    if (x->request.kind == REQUEST_CONNECT || str_ieq(x->request.method, STR("CONNECT")))
        return let_tunnel(x, req,
                          !x->judged             ? MARK_NONE
                          : x->verdict.bump      ? MARK_OPEN
                          : x->verdict.host_only ? MARK_CLOSED
                                                 : MARK_NONE);
    switch (rewrite_head(x, req)) {
    case REWRITE_NOTHING:
        return unchanged(req);
    case REWRITE_DONE:
        return rewrite_body(x, req, preview.p, preview.n);
    case REWRITE_FAILED:
        break;
    }
    return refuse(x, req, NO_INDEX, false);
}

/* Which hosts a policy would have let through nobody knows: what the proxy asks about goes through, or none
 * of it. */
static int without_policy(struct exchange *x, ci_request_t *req, struct str preview)
{
    arena_reset(&x->worker->scratch->arena);
    request_normalise(&x->request, &x->worker->scratch->arena); /* for the form of the answer */
    if (settings()->on_missing == MISSING_ALLOW)
        return let_through(x, req, preview);
    return refuse(x, req, NO_INDEX, true);
}

int respond_portal(struct exchange *x, ci_request_t *req, struct str preview)
{
    if (x->request.kind == REQUEST_CONNECT)
        return let_tunnel(x, req, MARK_OPEN);
    portal_vouch(x);
    return let_through(x, req, preview);
}

int respond(struct exchange *x, ci_request_t *req, struct str preview)
{
    const struct verdict *v = &x->verdict;

    if (!x->judged)
        return without_policy(x, req, preview);
    attribute(x, req);
    if (v->action == ACTION_ALLOW)
        return let_through(x, req, preview);
    return refuse(x, req, v->page, v->action == ACTION_UNAVAILABLE);
}

int respond_answer(struct exchange *x, ci_request_t *req)
{
    const struct verdict *v = &x->verdict;

    if (!x->judged)
        return unchanged(req);
    attribute(x, req);
    return v->action == ACTION_ALLOW ? unchanged(req) : refuse(x, req, v->page, false);
}

int respond_body(struct exchange *x, char *to, int size)
{
    struct str next = str_upto(str_from(x->body, x->sent), size > 0 ? (size_t)size : 0);

    if (x->sent >= x->body.n)
        return CI_EOF;
    memcpy(to, next.p, next.n);
    x->sent += next.n;
    return (int)next.n;
}
