#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS_MAX = 64, SWEEP_MS = 50, ERRORS_TOLD = 10 };

#define MS_NS UINT64_C(1000000)

struct conn {
    int fd; /* -1 = not connected */
    bool connecting;
    bool answered;       /* the answer is there, the rest of the body is still going out */
    bool waits_for_room; /* epoll watches for EPOLLOUT */
    const struct workload_item *item; /* under way; NULL = none */
    struct str out;                   /* still to be sent now */
    uint64_t started;                 /* of the request, or of the connection attempt */
    struct reply reply;
    size_t fill;
    char *buffer; /* REPLY_HEAD_MAX bytes */
};

struct client {
    const struct client_options *o;
    const struct workload *w;
    struct client_totals *totals;
    struct sockaddr_in server;
    struct conn *conns;
    char *buffers;
    int epoll;
    unsigned open; /* connections with a socket */
    uint64_t started, now;
    uint64_t sent; /* requests begun */
};

static uint64_t clock_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * (1000 * MS_NS) + (uint64_t)t.tv_nsec;
}

static bool may_send(const struct client *c)
{
    return c->sent < c->o->count && c->now - c->started < c->o->time_ns &&
           c->totals->errors < c->o->max_errors;
}

static void shut(struct client *c, struct conn *conn)
{
    if (conn->fd < 0)
        return;
    close(conn->fd); /* which also takes it out of epoll */
    conn->fd = -1;
    conn->item = NULL;
    c->open--;
}

/* Counts an error and tells it; the connection is closed. */
static void fail(struct client *c, struct conn *conn, const char *what)
{
    unsigned line = conn->item ? conn->item->line : 0;

    c->totals->errors++;
    if (c->totals->errors <= ERRORS_TOLD) {
        fprintf(stderr, "icapload: connection %td", conn - c->conns);
        if (line)
            fprintf(stderr, ", %s:%u", c->o->file, line);
        if (conn->item && conn->reply.icap_status)
            fprintf(stderr, ", ICAP status %u", conn->reply.icap_status);
        if (conn->item && conn->reply.http_status)
            fprintf(stderr, ", HTTP status %u", conn->reply.http_status);
        fprintf(stderr, ": %s\n", what);
    }
    shut(c, conn);
}

static void watch(struct client *c, struct conn *conn, int operation, bool room)
{
    struct epoll_event e = {.events = EPOLLIN | (room ? (uint32_t)EPOLLOUT : 0u), .data.ptr = conn};

    conn->waits_for_room = room;
    if (epoll_ctl(c->epoll, operation, conn->fd, &e) != 0)
        fail(c, conn, "epoll_ctl failed; use fewer connections (-c)");
}

static void dial(struct client *c, struct conn *conn)
{
    int on = 1;

    conn->item = NULL;
    conn->connecting = true;
    conn->answered = false;
    conn->fill = 0;
    conn->started = c->now;
    conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (conn->fd < 0) {
        fail(c, conn, "no socket; raise the limit of open files or use fewer connections (-c)");
        return;
    }
    c->open++;
    setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(conn->fd, (const struct sockaddr *)&c->server, sizeof c->server) != 0 &&
        errno != EINPROGRESS) {
        fail(c, conn, "cannot connect; see whether the server runs and listens on this port (-p)");
        return;
    }
    watch(c, conn, EPOLL_CTL_ADD, true);
}

static void push(struct client *c, struct conn *conn)
{
    while (conn->out.n) {
        ssize_t n = send(conn->fd, conn->out.p, conn->out.n, MSG_NOSIGNAL);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (n < 0) {
            fail(c, conn, "the server closed the connection while a request was being sent");
            return;
        }
        conn->out = str_from(conn->out, (size_t)n);
    }
    if (conn->waits_for_room != (conn->out.n > 0))
        watch(c, conn, EPOLL_CTL_MOD, conn->out.n > 0);
}

/* Sends the next request, or closes the connection when there is none. */
static void begin(struct client *c, struct conn *conn)
{
    if (!may_send(c)) {
        shut(c, conn);
        return;
    }
    conn->item = &c->w->items[c->sent % c->w->n];
    c->sent++;
    conn->out = (struct str){c->w->bytes + conn->item->at, conn->item->n};
    conn->answered = false;
    conn->started = c->now;
    reply_init(&conn->reply, workload_allow(c->w, conn->item));
    push(c, conn);
}

/* What is wrong with a complete answer; NULL = nothing. */
static const char *judge(const struct client *c, const struct conn *conn)
{
    unsigned status = conn->reply.icap_status;
    unsigned outcome = conn->reply.http_status ? conn->reply.http_status : status;

    if (status != 200 && status != 204 && status != 206)
        return "not an answer to REQMOD; look into the server's log";
    if (c->o->enforce && conn->item->expect && conn->item->expect != outcome)
        return "not the status that the file expects (= behind a tab)";
    if (conn->fill)
        return "bytes behind the end of the answer";
    return NULL;
}

/* The answer is complete and, if there was a body to be sent, that has gone too. */
static void next(struct client *c, struct conn *conn)
{
    if (conn->reply.close) {
        c->totals->reconnects++;
        shut(c, conn);
        if (may_send(c))
            dial(c, conn);
        return;
    }
    begin(c, conn);
}

static void finish(struct client *c, struct conn *conn)
{
    const char *wrong = judge(c, conn);

    c->totals->icap[conn->reply.icap_status]++;
    if (conn->reply.http_status) {
        c->totals->http[conn->reply.http_status]++;
        c->totals->page_bytes = conn->reply.body_bytes;
    }
    if (wrong) {
        fail(c, conn, wrong);
        return;
    }
    c->totals->requests++;
    latency_add(&c->totals->latency, c->now - conn->started);
    conn->answered = true;
    if (!conn->out.n || conn->reply.close)
        next(c, conn);
}

/* 100: the rest of the body goes out. */
static void resume(struct client *c, struct conn *conn)
{
    c->totals->icap[100]++;
    conn->out = (struct str){c->w->rest, c->w->rest_n};
    push(c, conn);
}

static void feed(struct client *c, struct conn *conn)
{
    enum reply_result result = REPLY_CONTINUE;

    while (result == REPLY_CONTINUE && conn->item) {
        struct str bytes = {conn->buffer, conn->fill};
        size_t used;

        result = reply_feed(&conn->reply, bytes, &used);
        conn->fill -= used;
        if (conn->fill && used)
            memmove(conn->buffer, conn->buffer + used, conn->fill);
        if (result == REPLY_CONTINUE)
            resume(c, conn);
    }
    if (!conn->item)
        return;
    if (result == REPLY_BAD)
        fail(c, conn, conn->reply.error);
    else if (result == REPLY_DONE)
        finish(c, conn);
    else if (conn->fill == REPLY_HEAD_MAX)
        fail(c, conn, "the answer's head is longer than 64 KiB");
}

static void pull(struct client *c, struct conn *conn)
{
    ssize_t n = recv(conn->fd, conn->buffer + conn->fill, REPLY_HEAD_MAX - conn->fill, 0);

    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return;
    c->now = clock_ns();
    if (n <= 0) {
        fail(c, conn,
             conn->answered ? "the server closed the connection before it had the whole body"
                            : "the server closed the connection without a complete answer");
        return;
    }
    c->totals->bytes_in += (uint64_t)n;
    conn->fill += (size_t)n;
    if (conn->answered)
        fail(c, conn, "bytes behind the end of the answer");
    else
        feed(c, conn);
}

static void greet(struct client *c, struct conn *conn)
{
    int wrong = 0;
    socklen_t size = sizeof wrong;

    getsockopt(conn->fd, SOL_SOCKET, SO_ERROR, &wrong, &size);
    if (wrong) {
        fail(c, conn, "cannot connect; see whether the server runs and listens on this port (-p)");
        return;
    }
    conn->connecting = false;
    begin(c, conn);
}

static void on_event(struct client *c, struct conn *conn, uint32_t events)
{
    if (conn->connecting) {
        greet(c, conn);
        return;
    }
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
        pull(c, conn);
    if (conn->fd < 0 || conn->connecting || !(events & EPOLLOUT))
        return;
    push(c, conn);
    if (conn->fd >= 0 && conn->answered && !conn->out.n)
        next(c, conn);
}

/* Ends what took too long, and replaces connections that failed while there is something left to
 * send. */
static void sweep(struct client *c)
{
    for (unsigned i = 0; i < c->o->connections; i++) {
        struct conn *conn = &c->conns[i];

        if (conn->fd >= 0 && c->now - conn->started > c->o->timeout_ns)
            fail(c, conn,
                 conn->connecting ? "no connection in time" : "no complete answer in time (-T)");
        if (conn->fd < 0 && may_send(c))
            dial(c, conn);
    }
}

static void loop(struct client *c)
{
    struct epoll_event events[EVENTS_MAX];
    uint64_t swept = c->now;

    sweep(c);
    while (c->open > 0 || may_send(c)) {
        int n = epoll_wait(c->epoll, events, EVENTS_MAX, SWEEP_MS);

        c->now = clock_ns();
        for (int i = 0; i < n; i++)
            on_event(c, events[i].data.ptr, events[i].events);
        if (c->now - swept >= SWEEP_MS * MS_NS) {
            swept = c->now;
            sweep(c);
        }
    }
}

static int prepare(struct client *c)
{
    unsigned n = c->o->connections;

    c->server = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(c->o->port)};
    if (inet_pton(AF_INET, c->o->address, &c->server.sin_addr) != 1) {
        fprintf(stderr, "icapload: %s: no IPv4 address; give one such as 127.0.0.1 (-H)\n",
                c->o->address);
        return -1;
    }
    c->epoll = epoll_create1(EPOLL_CLOEXEC);
    c->conns = calloc(n, sizeof *c->conns);
    c->buffers = malloc((size_t)n * REPLY_HEAD_MAX);
    if (c->epoll < 0 || !c->conns || !c->buffers) {
        fprintf(stderr, "icapload: no memory or descriptors for %u connections; use fewer (-c)\n",
                n);
        return -1;
    }
    for (unsigned i = 0; i < n; i++) {
        c->conns[i].fd = -1;
        c->conns[i].buffer = c->buffers + (size_t)i * REPLY_HEAD_MAX;
    }
    return 0;
}

int client_run(const struct client_options *o, const struct workload *w,
               struct client_totals *totals)
{
    struct client c = {.o = o, .w = w, .totals = totals, .epoll = -1};
    int result = prepare(&c);

    if (result == 0) {
        c.started = c.now = clock_ns();
        loop(&c);
        totals->elapsed_ns = c.now - c.started;
    }
    if (c.epoll >= 0)
        close(c.epoll);
    free(c.conns);
    free(c.buffers);
    return result;
}
