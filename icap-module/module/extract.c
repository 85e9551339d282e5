#include "module/extract.h"

#include "module/conf.h"

#include <time.h>

static struct str header_line(const ci_headers_list_t *list, int i)
{
    return str_of(list->headers[i]);
}

/* "Name: value"; false where there is no colon or the name is not one word. */
static bool split_header(struct str line, struct header *h)
{
    size_t colon = str_find(line, ':');

    h->name = str_upto(line, colon);
    h->value = str_trim(str_from(line, colon + 1));
    return colon > 0 && colon < line.n && h->name.p[0] != ' ' && h->name.p[colon - 1] != ' ' &&
           h->name.p[colon - 1] != '\t';
}

/* "GET http://host/path HTTP/1.1". A blank inside the target stays in it: the judge calls that malformed. */
static void read_request_line(struct request *r, struct str line)
{
    size_t end;

    r->method = str_cut(&line, ' ');
    end = line.n;
    while (end > 0 && line.p[end - 1] != ' ')
        end--;
    if (end > 0 && str_istarts(str_from(line, end), STR("HTTP/")))
        line = str_upto(line, end - 1);
    r->target = line;
}

/* Asked for every line: nearly all are told by their first letter. */
bool header_is_ours(struct str line)
{
    struct str rest = str_trim(line), bump = str_of(settings()->bump_header);

    return str_istarts(rest, STR("X-Portreeve-")) ||
           (str_istarts(rest, bump) && str_ieq(str_trim(str_upto(rest, str_find(rest, ':'))), bump));
}

static void read_http_headers(struct exchange *x, const ci_headers_list_t *list)
{
    struct header *headers = x->worker->headers;
    size_t n = 0;

    read_request_line(&x->request, header_line(list, 0));
    for (int i = 1; i < list->used; i++) {
        struct str line = header_line(list, i);

        if (line.n == 0)
            continue;
        x->ours |= header_is_ours(line);
        if (n < REQUEST_HEADERS_MAX && split_header(line, &headers[n]))
            n++;
        else
            x->sloppy = true; /* one too many also: it could be the cookie that tells who is signed in */
    }
    x->request.headers = headers;
    x->request.n_headers = n;
}

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int base64_decode(struct str text, char *to, size_t size, size_t *n)
{
    size_t padding = 0, used = 0;
    uint32_t bits = 0;

    if (text.n == 0 || text.n % 4 != 0 || text.n / 4 * 3 > size)
        return -1;
    while (padding < 2 && text.p[text.n - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i < text.n; i++) {
        int value = i < text.n - padding ? sextet(text.p[i]) : 0;

        if (value < 0)
            return -1;
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 == 3) {
            to[used++] = (char)(bits >> 16);
            to[used++] = (char)(bits >> 8);
            to[used++] = (char)bits;
            bits = 0;
        }
    }
    for (size_t i = 0; i < padding; i++)
        if (to[--used] != 0) /* bits behind the end: two texts would name one user */
            return -1;
    *n = used;
    return 0;
}

/* Squid writes '-' for what it does not know. */
static struct str known(struct str value)
{
    return str_eq(value, STR("-")) ? STR_NONE : value;
}

/* A name with a control byte in it is no name. */
static struct str read_user(struct worker *w, struct str value)
{
    struct str user = known(value);

    if (settings()->user_encoding == USER_BASE64 && user.n) {
        if (base64_decode(user, w->user, sizeof w->user, &user.n) != 0)
            return STR_NONE;
        user.p = w->user;
    }
    for (size_t i = 0; i < user.n; i++)
        if ((unsigned char)user.p[i] < 0x20 || user.p[i] == 0x7f)
            return STR_NONE;
    return user;
}

/* More groups than a request may carry are not told by halves: the missing one might be what a rule asks for.
 */
static void read_groups(struct exchange *x, struct str value)
{
    struct str *groups = x->worker->groups;
    struct str rest = value;
    size_t n = 0;

    if (str_eq(value, STR("-")))
        return;
    while (rest.n) {
        struct str group = str_trim(str_cut(&rest, ','));

        if (group.n == 0)
            continue;
        if (n == REQUEST_GROUPS_MAX)
            return;
        groups[n++] = group;
    }
    x->request.has_groups = true;
    x->request.groups = groups;
    x->request.n_groups = n;
}

static uint32_t read_port(struct str value)
{
    uint64_t port;

    return str_u64(value, &port) && port <= 65535 ? (uint32_t)port : 0;
}

/* A word that we do not know may be another way of not knowing the person: then no name is a person's. */
static enum known_by read_known_by(struct str value)
{
    int word = word_find(WORDS_KNOWN_BY, value);

    if (!known(value).n)
        return KNOWN_BY_NOTHING;
    return word < 0 ? KNOWN_BY_ADDRESS : (enum known_by)word;
}

/* The proxy's own headers: they stand in the ICAP request, where no client can put any. The first of a name
 * counts. */
static void read_icap_headers(struct exchange *x, const ci_headers_list_t *list)
{
    const struct settings *s = settings();
    const struct str wanted[] = {STR("X-Client-IP"),      str_of(s->user_header), str_of(s->groups_header),
                                 str_of(s->sni_header),   str_of(s->port_header), str_of(s->known_by_header),
                                 str_of(s->origin_header)};
    enum { IP, USER, GROUPS, SNI, PORT, KNOWN_BY, ORIGIN, WANTED };
    struct header found[WANTED] = {0};

    for (int i = 1; i < list->used; i++) {
        struct header h;

        if (!split_header(header_line(list, i), &h))
            continue;
        for (int k = 0; k < WANTED; k++)
            if (!found[k].name.n && str_ieq(h.name, wanted[k]))
                found[k] = h;
    }
    x->request.client_ip = known(found[IP].value);
    x->request.sni = known(found[SNI].value);
    x->response.from = known(found[ORIGIN].value);
    x->request.listening_port = read_port(found[PORT].value);
    if (found[KNOWN_BY].name.n)
        x->request.known_by = read_known_by(found[KNOWN_BY].value);
    if (found[USER].name.n)
        x->request.user = read_user(x->worker, found[USER].value);
    if (found[GROUPS].name.n)
        read_groups(x, found[GROUPS].value);
}

static void read_body(struct request *r, ci_request_t *req, const char *preview, size_t n)
{
    if (!ci_req_hasbody(req)) {
        r->body_whole = true;
        return;
    }
    r->body = str_upto((struct str){preview, preview ? n : 0}, REQUEST_BODY_MAX);
    r->body_whole = ci_req_hasalldata(req) && n == r->body.n;
}

static void read_clock(struct request *r)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    r->now = now.tv_sec;
}

void extract_request(struct exchange *x, ci_request_t *req, const char *preview, size_t n)
{
    const ci_headers_list_t *http = ci_http_request_headers(req);

    x->request = (struct request){0};
    if (http && http->used > 0)
        read_http_headers(x, http);
    if (req->request_header && req->request_header->used > 0)
        read_icap_headers(x, req->request_header);
    read_body(&x->request, req, preview, n);
    read_clock(&x->request);
}

/* "HTTP/1.1 200 OK", or "ICY 200 OK" as Internet radio says. 0 where there is no such number. */
static uint32_t read_status(struct str line)
{
    struct str version = str_cut(&line, ' '), code = str_cut(&line, ' ');
    uint64_t status;

    return version.n && code.n == 3 && str_u64(code, &status) ? (uint32_t)status : 0;
}

static void read_answer_headers(struct exchange *x, const ci_headers_list_t *list)
{
    struct header *headers = x->worker->answer_headers;
    size_t n = 0;

    x->response.status = read_status(header_line(list, 0));
    for (int i = 1; i < list->used && n < WORKER_ANSWER_HEADERS; i++)
        n += split_header(header_line(list, i), &headers[n]);
    x->response.headers = headers;
    x->response.n_headers = n;
}

void extract_response(struct exchange *x, ci_request_t *req, const char *preview, size_t n)
{
    const ci_headers_list_t *asked = ci_http_request_headers(req), *answer = ci_http_response_headers(req);

    x->request = (struct request){0};
    x->response = (struct response){0};
    if (asked && asked->used > 0)
        read_http_headers(x, asked);
    if (answer && answer->used > 0)
        read_answer_headers(x, answer);
    if (req->request_header && req->request_header->used > 0)
        read_icap_headers(x, req->request_header);
    if (ci_req_hasbody(req))
        x->response.body = str_upto((struct str){preview, preview ? n : 0}, REQUEST_BODY_MAX);
    read_clock(&x->request);
}
