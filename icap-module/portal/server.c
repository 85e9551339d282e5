/* From a connection to a page and back: who asks, what is proven of a POST, the answer's headers. */
#include "portal/asking.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

struct portal {
    struct portal_house house;
    struct MHD_Daemon *daemon;
    struct asking *waiting;
    struct once once;
    char origin[300]; /* "https://HOST" */
};

enum { CONNECTIONS = 256, CONNECTION_MEMORY = 32768, TIMEOUT = 30 };

static void (*const pages[PORTAL_COUNT])(struct asking *a) = {
    [PORTAL_CONTINUE] = page_continue,   [PORTAL_CLAIM] = page_claim,         [PORTAL_BREAK] = page_break,
    [PORTAL_ALLOWANCE] = page_allowance, [PORTAL_EMERGENCY] = page_emergency, [PORTAL_WHY] = page_why,
    [PORTAL_MINE] = page_mine,         [PORTAL_CHECK] = page_check,
};

static struct str header(struct MHD_Connection *c, const char *name)
{
    return str_of(MHD_lookup_connection_value(c, MHD_HEADER_KIND, name));
}

struct finding {
    const char *name;
    struct str value;
    unsigned n;
};

static enum MHD_Result find(void *to, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct finding *f = to;

    (void)kind;
    if (str_ieq(str_of(name), str_of(f->name))) {
        f->value = str_of(value);
        f->n++;
    }
    return MHD_YES;
}

/* One header, of the module's: two are a client's and the module's, and neither is believed. */
bool asking_signed_in(struct asking *a, const char *path, const char *method)
{
    struct vouch_request r = {str_of(method), str_of(path), a->now};
    struct finding f = {.name = VOUCH_HEADER};
    struct vouched v;

    MHD_get_connection_values(a->connection, MHD_HEADER_KIND, find, &f);
    if (f.n != 1 || !vouch_check(a->house->key, f.value, &r, a->user_room, &v))
        return false;
    a->user = a->house->current(a->house->to, v.user);
    a->groups = v.groups;
    return true;
}

/* The token with which a page inside a refused site led here. Another person's counts as none. */
static void take_token(struct asking *a, bool post)
{
    if (post ? !asking_posted(a, "t", a->token_field, sizeof a->token_field)
             : !asking_query(a, "t", a->token_field, sizeof a->token_field))
        return;
    a->token_text = str_of(a->token_field);
    a->has_token = token_open(a->house->key, a->token_text, a->now, a->token_room, &a->token) &&
                   str_eq(a->token.user, a->user);
}

bool asking_from_us(const struct asking *a)
{
    struct str site = header(a->connection, "Sec-Fetch-Site");

    return str_eq(header(a->connection, "Origin"), str_of(a->origin)) &&
           (site.n == 0 || str_eq(site, STR("same-origin")));
}

bool asking_has_form(struct asking *a)
{
    return asking_posted(a, "f", a->form_field, sizeof a->form_field) &&
           token_open(a->house->key, str_of(a->form_field), a->now, a->form_room, &a->form) &&
           str_eq(a->form.user, a->user) && str_eq(a->form.version, STR("form")) &&
           str_eq(a->form.rule, str_of(a->sealed));
}

static void front(struct asking *a)
{
    a->status = 200;
    html_begin(&a->html, "Web access at the council");
    html_p(&a->html, "Here you can see what is recorded about you, how much personal time you have left, and "
                     "why a page was stopped.");
    cases_way(a);
    html_end(&a->html);
}

static void make_page(struct asking *a, const char *path, const char *method)
{
    bool post = strcmp(method, "POST") == 0;
    int page = path[0] == '/' ? word_find(WORDS_PORTAL, str_of(path + 1)) : -1;

    if (cases_path(a->house, path))
        cases_page(a, path, method);
    else if (page < 0 && strcmp(path, "/") != 0)
        asking_none(a);
    else if (!post && strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
        asking_say(a, 405, "This page cannot do that", "Go back and use the buttons of the page.");
    else if (!asking_signed_in(a, path, method) && page == PORTAL_CHECK && !post)
        page_check(a); /* that nobody is vouched for is what it says */
    else if (!a->user.n)
        asking_say(a, 403, "We cannot tell who you are",
                   "Open this page from a council computer where you are signed in. If you are, call the "
                   "service desk.");
    else if (a->too_long)
        asking_say(a, 413, "That was too long", "Go back and use the buttons of the page.");
    else if (page < 0)
        front(a);
    else {
        a->page = (enum portal_page)page;
        snprintf(a->sealed, sizeof a->sealed, "%s", word_of(WORDS_PORTAL, a->page));
        take_token(a, post);
        a->post = post && asking_from_us(a) && asking_has_form(a);
        if (post && !a->post)
            asking_say(a, 403, "Please press the button again",
                       "The page was open for too long, or was not opened here. Go back to the site and load "
                       "it again.");
        else
            pages[page](a);
    }
}

static enum MHD_Result answer(struct asking *a)
{
    char refresh[sizeof a->back + 8];
    struct MHD_Response *r;
    enum MHD_Result result;

    if (a->html.failed || !a->html.n) {
        html_free(&a->html);
        a->status = 503;
    }
    /* MHD frees the page. */
    r = !a->html.n ? MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT)
                   : MHD_create_response_from_buffer(a->html.n, a->html.p, MHD_RESPMEM_MUST_FREE);
    if (!r)
        return MHD_NO;
    a->html = (struct html){0};
    MHD_add_response_header(r, "Content-Type", "text/html; charset=utf-8");
    MHD_add_response_header(r, "Content-Security-Policy", a->policy[0] ? a->policy : html_policy());
    MHD_add_response_header(r, "Cache-Control", "no-store");
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    /* Forms of ours tell their Origin with this one; nothing is told to anybody else. */
    MHD_add_response_header(r, "Referrer-Policy", "same-origin");
    /* No redirect: browsers hold those that follow a form against form-action, over all further ones of the
     * site's own, and stop there without a word. */
    if (a->status == 200 && a->back[0]) {
        snprintf(refresh, sizeof refresh, "0;url=%s", a->back);
        MHD_add_response_header(r, "Refresh", refresh);
    }
    result = MHD_queue_response(a->connection, a->status, r);
    MHD_destroy_response(r);
    return result;
}

/* Room is made as it is needed: forms of cases are long, and few. */
static bool room_for(struct asking *a, size_t n)
{
    size_t wanted = a->room ? a->room : PORTAL_FORM;
    char *bigger;

    if (a->most - a->n_body < n)
        return false;
    while (wanted - a->n_body < n)
        wanted *= 2;
    if (wanted == a->room)
        return true;
    bigger = realloc(a->body, wanted);
    if (!bigger)
        return false;
    a->body = bigger;
    a->room = wanted;
    return true;
}

static void collect(struct asking *a, const char *data, size_t n)
{
    if (a->too_long || !room_for(a, n)) {
        a->too_long = true;
        return;
    }
    memcpy(a->body + a->n_body, data, n);
    a->n_body += n;
}

static struct asking *begin(struct portal *p, struct MHD_Connection *c, const char *url)
{
    struct asking *a = calloc(1, sizeof *a);

    if (!a)
        return NULL;
    a->house = &p->house;
    a->connection = c;
    a->origin = p->origin;
    a->once = &p->once;
    a->most = cases_path(&p->house, url) ? PORTAL_CASE_FORM : PORTAL_FORM;
    return a;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *data, size_t *size, void **mine)
{
    struct portal *p = cls;
    struct asking *a = *mine;

    (void)version;
    if (!a) {
        *mine = begin(p, c, url);
        return *mine ? MHD_YES : MHD_NO;
    }
    if (*size) {
        collect(a, data, *size);
        *size = 0;
        return MHD_YES;
    }
    if (!a->made) {
        a->now = p->house.now(p->house.to);
        make_page(a, url, method);
        a->made = true;
        if (a->waits) {
            a->after = p->waiting;
            p->waiting = a;
            MHD_suspend_connection(c);
            return MHD_YES;
        }
    }
    return answer(a);
}

bool portal_waits(const struct portal *p)
{
    return p->waiting != NULL;
}

void portal_published(struct portal *p, bool written)
{
    while (p->waiting) {
        struct asking *a = p->waiting;

        p->waiting = a->after;
        a->waits = false;
        if (!written) {
            html_free(&a->html);
            asking_say(a, 503, "This will take a few minutes",
                       "We have written it down. It will take effect in a few minutes. You do not need to do "
                       "it again.");
        }
        MHD_resume_connection(a->connection);
    }
}

static void on_end(void *cls, struct MHD_Connection *c, void **mine, enum MHD_RequestTerminationCode why)
{
    struct asking *a = *mine;

    (void)cls;
    (void)c;
    (void)why;
    if (!a)
        return;
    html_free(&a->html);
    free(a->body);
    free(a);
    *mine = NULL;
}

/* Only this machine: what the header is worth rests on nobody else reading it on its way. */
static int read_address(const struct portal_listen *at, struct sockaddr_storage *to, struct diag *d)
{
    struct sockaddr_in *four = (struct sockaddr_in *)to;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)to;

    memset(to, 0, sizeof *to);
    if (inet_pton(AF_INET, at->address, &four->sin_addr) == 1 && ntohl(four->sin_addr.s_addr) >> 24 == 127) {
        four->sin_family = AF_INET;
        four->sin_port = htons(at->port);
    } else if (inet_pton(AF_INET6, at->address, &six->sin6_addr) == 1 &&
               IN6_IS_ADDR_LOOPBACK(&six->sin6_addr)) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(at->port);
    } else {
        return diag_error(d, at->address, ": the portal listens on this machine alone: 127.0.0.1 or ::1",
                          NULL);
    }
    return 0;
}

static int listen_at(struct portal *p, const struct portal_listen *at, struct diag *d)
{
    struct sockaddr_storage address;
    unsigned flags = MHD_USE_TLS | MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;

    if (read_address(at, &address, d) != 0)
        return -1;
    if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
        return diag_error(d, "libmicrohttpd was built without TLS", NULL, NULL);
    if (address.ss_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    errno = 0;
    p->daemon = MHD_start_daemon(
        flags, at->port, NULL, NULL, on_request, p, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_HTTPS_MEM_CERT,
        at->certificate, MHD_OPTION_HTTPS_MEM_KEY, at->key, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT,
        MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_END);
    if (!p->daemon)
        return diag_error(d, "the portal cannot listen: ",
                          errno ? strerror(errno) : "are certificate and key in PEM, and do they fit?", NULL);
    return 0;
}

int portal_start(const struct portal_house *house, const struct portal_listen *at, struct portal **portal,
                 struct diag *d)
{
    struct portal *p = calloc(1, sizeof *p);

    *portal = NULL;
    if (!p)
        return diag_error(d, "the portal: out of memory", NULL, NULL);
    p->house = *house;
    p->once.since = house->now(house->to);
    if ((size_t)snprintf(p->origin, sizeof p->origin, "https://%s", house->host) >= sizeof p->origin) {
        diag_error(d, house->host, ": is too long a name", NULL);
    } else if (listen_at(p, at, d) == 0) {
        *portal = p;
        return 0;
    }
    free(p);
    return -1;
}

uint16_t portal_port(const struct portal *p)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(p->daemon, MHD_DAEMON_INFO_BIND_PORT);

    return info ? info->port : 0;
}

void portal_run(struct portal *p, int milliseconds)
{
    MHD_run_wait(p->daemon, milliseconds);
}

void portal_stop(struct portal *p)
{
    if (!p)
        return;
    portal_published(p, false);
    MHD_run(p->daemon);
    MHD_stop_daemon(p->daemon);
    once_free(&p->once);
    free(p);
}
