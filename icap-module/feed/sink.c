#include "feed/sink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* ---- batches ---- */

static size_t frame(const struct feed *f, struct str line, char head[24])
{
    if (f->place != FEED_TCP)
        return 0;
    return (size_t)snprintf(head, 24, "%zu ", line.n);
}

bool feed_batch_add(struct feed_batch *b, const struct feed *f, struct str line)
{
    char head[24];
    size_t n = frame(f, line, head), whole = n + line.n + (f->place == FEED_FILE);

    if (!b->bytes)
        b->bytes = malloc(FEED_BATCH_BYTES);
    if (!b->bytes || b->lines == FEED_BATCH || whole > FEED_BATCH_BYTES - b->n)
        return false;
    memcpy(b->bytes + b->n, head, n);
    memcpy(b->bytes + b->n + n, line.p, line.n);
    b->n += whole;
    if (f->place == FEED_FILE)
        b->bytes[b->n - 1] = '\n';
    b->ends[b->lines++] = b->n;
    return true;
}

void feed_batch_clear(struct feed_batch *b)
{
    free(b->bytes);
    memset(b, 0, sizeof *b);
}

/* ---- sockets ---- */

static enum feed_went failed(struct feed_sink *s, const struct feed *f, const char *why, struct diag *d)
{
    feed_sink_close(s);
    diag_error(d, f->text, ": ", why);
    return FEED_FAILED;
}

static enum feed_went open_socket(struct feed_sink *s, const struct feed *f, const struct sockaddr *to,
                                  socklen_t size, struct diag *d)
{
    int kind = f->place == FEED_UNIX ? SOCK_DGRAM : SOCK_STREAM;

    s->fd = socket(to->sa_family, kind | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->fd < 0)
        return failed(s, f, strerror(errno), d);
    if (connect(s->fd, to, size) == 0)
        return FEED_SENT;
    if (errno == EPROTOTYPE)
        return failed(s, f, "is a stream socket; the feed wants one that takes datagrams, as /dev/log does",
                      d);
    if (errno != EINPROGRESS)
        return failed(s, f, strerror(errno), d);
    s->connecting = true;
    return FEED_WAITS;
}

static enum feed_went open_tcp(struct feed_sink *s, const struct feed *f, struct diag *d)
{
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(f->port)};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(f->port)};

    if (inet_pton(AF_INET, f->address, &four.sin_addr) == 1)
        return open_socket(s, f, (const struct sockaddr *)&four, sizeof four, d);
    inet_pton(AF_INET6, f->address, &six.sin6_addr); /* feed_read has tried it */
    return open_socket(s, f, (const struct sockaddr *)&six, sizeof six, d);
}

static enum feed_went open_unix(struct feed_sink *s, const struct feed *f, struct diag *d)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};

    snprintf(to.sun_path, sizeof to.sun_path, "%s", f->path);
    return open_socket(s, f, (const struct sockaddr *)&to, sizeof to, d);
}

static enum feed_went finish_connecting(struct feed_sink *s, const struct feed *f, struct diag *d)
{
    struct pollfd p = {.fd = s->fd, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;

    if (poll(&p, 1, 0) <= 0)
        return FEED_WAITS;
    if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error)
        return failed(s, f, strerror(error ? error : errno), d);
    s->connecting = false;
    return FEED_SENT;
}

/* A receiver that has gone says so by an end; one that talks is not listened to. */
static bool is_gone(const struct feed_sink *s)
{
    char rest[256];
    ssize_t n;

    while ((n = recv(s->fd, rest, sizeof rest, MSG_DONTWAIT)) > 0)
        ;
    return n == 0 || (errno != EAGAIN && errno != EINTR);
}

static bool is_full(void)
{
    return errno == EAGAIN || errno == ENOBUFS || errno == EINTR;
}

static enum feed_went send_stream(struct feed_sink *s, const struct feed *f, const struct feed_batch *b,
                                  struct diag *d)
{
    int waiting;

    if (is_gone(s))
        return failed(s, f, "the receiver has closed the connection", d);
    while (s->written < b->n) {
        ssize_t n = send(s->fd, b->bytes + s->written, b->n - s->written, MSG_NOSIGNAL);

        if (n < 0)
            return is_full() ? FEED_WAITS : failed(s, f, strerror(errno), d);
        s->written += (size_t)n;
        s->moved += (size_t)n;
    }
    if (ioctl(s->fd, TIOCOUTQ, &waiting) != 0)
        return failed(s, f, strerror(errno), d);
    if (waiting > 0)
        return FEED_WAITS;
    s->written = 0;
    return FEED_SENT;
}

static enum feed_went send_datagrams(struct feed_sink *s, const struct feed *f, const struct feed_batch *b,
                                     struct diag *d)
{
    for (; s->line < b->lines; s->line++) {
        size_t from = s->line ? b->ends[s->line - 1] : 0;

        if (send(s->fd, b->bytes + from, b->ends[s->line] - from, MSG_NOSIGNAL) < 0)
            return is_full() ? FEED_WAITS : failed(s, f, strerror(errno), d);
        s->moved++;
    }
    s->line = 0;
    return FEED_SENT;
}

enum feed_went feed_sink_step(struct feed_sink *s, const struct feed *f, const struct feed_batch *b,
                              struct diag *d)
{
    enum feed_went went = FEED_SENT;

    if (f->place == FEED_FILE)
        return feed_file_step(s, f, b, d);
    if (s->fd < 0)
        went = f->place == FEED_TCP ? open_tcp(s, f, d) : open_unix(s, f, d);
    else if (s->connecting)
        went = finish_connecting(s, f, d);
    if (went != FEED_SENT)
        return went;
    return f->place == FEED_TCP ? send_stream(s, f, b, d) : send_datagrams(s, f, b, d);
}

/* Datagrams that went are not sent again; of a stream nobody knows how far it came. */
void feed_sink_close(struct feed_sink *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    s->connecting = false;
    s->written = 0;
}
