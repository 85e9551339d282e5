#include "workload.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/text.h"

enum { LINE_MAX_BYTES = 16 * 1024, HEAD_SIZE = 2 * LINE_MAX_BYTES, MESSAGE_SIZE = 2 * HEAD_SIZE };

/* One line of the file, taken apart. `fields` is what stands behind the first tab. */
struct asked {
    struct str method, url, user, fields;
    struct str authority;
    bool body;
};

/* Of an answer, where answers are what is asked about. */
static bool has_body(const struct workload_options *o, struct str method)
{
    if (o->answer.n)
        return o->body > 0;
    return o->body && (str_eq(method, STR("POST")) || str_eq(method, STR("PUT")) ||
                       str_eq(method, STR("PATCH")));
}

/* What belongs into the Host header: the URL's authority without user information. */
static struct str authority_of(struct str url)
{
    const char *scheme = url.n ? memmem(url.p, url.n, "://", 3) : NULL;
    struct str a = scheme ? str_from(url, (size_t)(scheme - url.p) + 3) : url;
    size_t at;

    for (size_t i = 0; i < a.n; i++)
        if (a.p[i] == '/' || a.p[i] == '?' || a.p[i] == '#')
            a.n = i;
    at = str_find(a, '@');
    return at < a.n ? str_from(a, at + 1) : a;
}

static void put_header(struct text *t, const char *name, struct str value)
{
    if (!value.n)
        return;
    text_puts(t, name);
    text_puts(t, ": ");
    text_put(t, value);
    text_puts(t, "\r\n");
}

/* Writes the fields of one kind: those with `mark` in front ('@'), or those with none (0). */
static void put_fields(struct text *t, struct str fields, char mark)
{
    while (fields.n) {
        struct str f = str_trim(str_cut(&fields, '\t'));
        char kind = 0;

        if (f.n && (f.p[0] == '@' || f.p[0] == '='))
            kind = f.p[0];
        if (!f.n || kind != mark)
            continue;
        text_put(t, str_from(f, kind ? 1 : 0));
        text_puts(t, "\r\n");
    }
}

/* The HTTP request as a browser behind Squid sends it: long enough to be worth parsing. */
static void put_http(struct text *t, const struct workload_options *o, const struct asked *a)
{
    text_put(t, a->method);
    text_putc(t, ' ');
    text_put(t, a->url);
    text_puts(t, " HTTP/1.1\r\n");
    if (!str_eq(a->method, STR("NONE"))) {
        put_header(t, "Host", a->authority);
        put_header(t, "User-Agent",
                   STR("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 "
                       "(KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"));
        put_header(t, "Accept",
                   STR("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        put_header(t, "Accept-Encoding", STR("gzip, deflate, br"));
        put_header(t, "Accept-Language", STR("en-GB,en;q=0.9"));
    }
    if (a->body && !o->answer.n) {
        put_header(t, "Content-Type", STR("application/x-www-form-urlencoded"));
        text_puts(t, "Content-Length: ");
        text_put_u64(t, o->body);
        text_puts(t, "\r\n");
    }
    put_fields(t, a->fields, 0);
    text_puts(t, "\r\n");
}

/* The answer to it, as a server behind Squid sends it. */
static void put_answer(struct text *t, const struct workload_options *o)
{
    text_puts(t, "HTTP/1.1 200 OK\r\n");
    put_header(t, "Date", STR("Tue, 12 May 2026 09:00:00 GMT"));
    put_header(t, "Server", STR("nginx"));
    put_header(t, "Content-Type", o->answer);
    text_puts(t, "Content-Length: ");
    text_put_u64(t, o->body);
    text_puts(t, "\r\n");
    put_header(t, "Cache-Control", STR("private, max-age=0"));
    put_header(t, "Strict-Transport-Security", STR("max-age=31536000; includeSubDomains"));
    text_puts(t, "\r\n");
}

static void put_hex(struct text *t, uint64_t v)
{
    char digits[16];
    size_t at = sizeof digits;

    do {
        digits[--at] = "0123456789abcdef"[v % 16];
        v /= 16;
    } while (v);
    text_put(t, (struct str){digits + at, sizeof digits - at});
}

static void put_chunk(struct text *t, size_t n)
{
    put_hex(t, n);
    text_puts(t, "\r\n");
    for (size_t i = 0; i < n; i++)
        text_putc(t, i % 64 == 1 ? '=' : 'a');
    text_puts(t, "\r\n");
}

static size_t preview_of(size_t body)
{
    return body < WORKLOAD_PREVIEW ? body : WORKLOAD_PREVIEW;
}

static void put_message(struct text *t, const struct workload_options *o, const struct asked *a)
{
    char storage[HEAD_SIZE];
    struct text http;
    size_t preview = a->body ? preview_of(o->body) : 0, answer_at;

    text_init(&http, storage, sizeof storage);
    put_http(&http, o, a);
    answer_at = http.n;
    if (o->answer.n)
        put_answer(&http, o);
    text_puts(t, o->answer.n ? "RESPMOD icap://" : "REQMOD icap://");
    text_put(t, o->server);
    text_putc(t, '/');
    text_put(t, o->service);
    text_puts(t, " ICAP/1.0\r\n");
    put_header(t, "Host", o->server);
    put_header(t, "Allow", o->allow);
    text_puts(t, "Preview: ");
    text_put_u64(t, preview);
    text_puts(t, "\r\n");
    put_header(t, "X-Client-IP", o->client_ip);
    put_header(t, "X-Client-Username", a->user.n ? a->user : o->user);
    put_header(t, "X-Groups", o->groups);
    put_fields(t, a->fields, '@');
    text_puts(t, "Encapsulated: req-hdr=0, ");
    if (o->answer.n) {
        text_puts(t, "res-hdr=");
        text_put_u64(t, answer_at);
        text_puts(t, ", ");
    }
    text_puts(t, !a->body ? "null-body=" : o->answer.n ? "res-body=" : "req-body=");
    text_put_u64(t, http.n);
    text_puts(t, "\r\n\r\n");
    text_put(t, text_str(&http));
    t->cut |= http.cut;
    if (a->body) {
        put_chunk(t, preview);
        text_puts(t, preview == o->body ? "0; ieof\r\n\r\n" : "0\r\n\r\n");
    }
}

/* Grows an array to hold `need` units of `unit` bytes; false when memory is out. */
static bool grow(void **p, size_t *room, size_t need, size_t unit)
{
    size_t n = *room ? *room : 4096;
    void *bigger;

    if (need <= *room)
        return true;
    while (n < need)
        n *= 2;
    bigger = realloc(*p, n * unit);
    if (!bigger)
        return false;
    *p = bigger;
    *room = n;
    return true;
}

static int keep(struct workload *w, struct str message, struct workload_item item)
{
    void *bytes = w->bytes, *items = w->items;
    bool ok = grow(&bytes, &w->size, w->used + message.n, 1);

    w->bytes = bytes;
    ok = grow(&items, &w->room, w->n + 1, sizeof *w->items) && ok;
    w->items = items;
    if (!ok)
        return -1;
    memcpy(w->bytes + w->used, message.p, message.n);
    item.at = w->used;
    item.n = message.n;
    w->used += message.n;
    w->items[w->n++] = item;
    return 0;
}

/* Finds `=STATUS` among the fields; NULL or what is wrong with one of them. */
static const char *check_fields(struct str fields, unsigned *expect)
{
    while (fields.n) {
        struct str f = str_trim(str_cut(&fields, '\t'));
        uint64_t status = 0;

        if (f.n && f.p[0] == '=') {
            if (!str_u64(str_from(f, 1), &status) || status < 100 || status > 599)
                return "an expected status is = and a number from 100 to 599";
            *expect = (unsigned)status;
        } else if (f.n && str_find(f, ':') == f.n) {
            return "a field behind a tab is 'Name: value', '@Name: value' or '=STATUS'";
        }
    }
    return NULL;
}

/* NULL, or what is wrong with the line. */
static const char *read_line(struct workload *w, const struct workload_options *o, struct str line,
                             unsigned number)
{
    char storage[MESSAGE_SIZE];
    struct text message;
    struct workload_item item = {.line = number};
    struct asked a = {.fields = line};
    struct str words = str_trim(str_cut(&a.fields, '\t'));
    const char *wrong = check_fields(a.fields, &item.expect);

    a.method = str_cut(&words, ' ');
    words = str_trim(words);
    a.url = str_cut(&words, ' ');
    a.user = str_trim(words);
    a.authority = authority_of(a.url);
    a.body = item.body = has_body(o, a.method);
    if (wrong)
        return wrong;
    if (!a.authority.n || str_find(a.user, ' ') < a.user.n)
        return "a line is METHOD URL [USER], separated by blanks; put headers behind tabs";
    text_init(&message, storage, sizeof storage);
    put_message(&message, o, &a);
    if (message.cut)
        return "too long for one request; shorten its URL or headers";
    return keep(w, text_str(&message), item) ? "no memory for the requests; use a shorter file"
                                             : NULL;
}

static int make_rest(struct workload *w, size_t body)
{
    size_t more = body - preview_of(body);
    size_t size = more + 64;
    struct text t;

    if (!more)
        return 0;
    w->rest = malloc(size);
    if (!w->rest) {
        fprintf(stderr, "icapload: no memory for a body of %zu bytes; ask for a smaller one\n",
                body);
        return -1;
    }
    text_init(&t, w->rest, size);
    put_chunk(&t, more);
    text_puts(&t, "0\r\n\r\n");
    w->rest_n = t.n;
    return 0;
}

static void read_allow(struct workload *w, struct str allow)
{
    while (allow.n) {
        struct str word = str_trim(str_cut(&allow, ','));

        w->no_content |= str_eq(word, STR("204"));
        w->partial |= str_eq(word, STR("206"));
    }
}

static int read_lines(struct workload *w, FILE *f, const char *path,
                      const struct workload_options *o)
{
    char *storage = NULL;
    const char *wrong = NULL;
    size_t size = 0;
    unsigned number = 0;
    ssize_t n = 0;

    while (!wrong && (n = getline(&storage, &size, f)) >= 0) {
        struct str line = {storage, (size_t)n};

        number++;
        while (line.n && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\r'))
            line.n--;
        if (line.n > LINE_MAX_BYTES)
            wrong = "the line is longer than 16 KiB; shorten it";
        else if (str_trim(line).n && line.p[0] != '#')
            wrong = read_line(w, o, line, number);
    }
    free(storage);
    if (wrong)
        fprintf(stderr, "icapload: %s:%u: %s\n", path, number, wrong);
    else if (!w->n)
        fprintf(stderr, "icapload: %s: no request in it; write one METHOD URL [USER] a line\n",
                path);
    return wrong || !w->n ? -1 : 0;
}

int workload_read(struct workload *w, const char *path, const struct workload_options *o)
{
    int result = -1;
    FILE *f;

    *w = (struct workload){0};
    read_allow(w, o->allow);
    f = fopen(path, "r");
    if (!f) {
        fprintf(stderr, "icapload: %s: cannot be read: %s; name a file of requests with -f\n", path,
                strerror(errno));
        return -1;
    }
    if (make_rest(w, o->body) == 0)
        result = read_lines(w, f, path, o);
    fclose(f);
    return result;
}

void workload_free(struct workload *w)
{
    free(w->bytes);
    free(w->items);
    free(w->rest);
    *w = (struct workload){0};
}

struct reply_allow workload_allow(const struct workload *w, const struct workload_item *item)
{
    return (struct reply_allow){.no_content = w->no_content,
                                .partial = w->partial,
                                .preview = true,
                                .more = item->body && w->rest_n};
}
