/* metrics: for Prometheus and for what watches health. It prints, or (--http) answers one request on standard
 * input: systemd starts it for each (portreeve-metrics.socket), so that nothing listens by itself and nothing
 * that serves people is held up. */
#include "core/text.h"
#include "tools/cmd.h"
#include "tools/metrics.h"
#include "tools/status.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { REQUEST_SIZE = 8192, PATIENCE = 5000 /* ms between two bytes of a request */ };

struct metrics_options {
    struct status s;
    const char *icap;
    bool http;
};

static bool take_spool(void *to, const char *value)
{
    ((struct metrics_options *)to)->s.spool = value;
    return true;
}

static bool take_standing(void *to, const char *value)
{
    ((struct metrics_options *)to)->s.standing = value;
    return true;
}

static bool take_icap(void *to, const char *value)
{
    ((struct metrics_options *)to)->icap = value;
    return true;
}

static bool take_http(void *to, const char *value)
{
    (void)value;
    ((struct metrics_options *)to)->http = true;
    return true;
}

static const struct option_row rows[] = {
    {"--spool", false, take_spool},
    {"--standing", false, take_standing},
    {"--icap", false, take_icap},
    {"--http", true, take_http},
};

/* The head of a request, to its empty line; false when it does not come. */
static bool read_head(char to[REQUEST_SIZE])
{
    size_t n = 0;

    for (;;) {
        struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
        ssize_t got;

        if (n == REQUEST_SIZE - 1 || poll(&p, 1, PATIENCE) <= 0)
            return false;
        got = read(STDIN_FILENO, to + n, REQUEST_SIZE - 1 - n);
        if (got <= 0)
            return false;
        n += (size_t)got;
        to[n] = '\0';
        if (strstr(to, "\r\n\r\n") || strstr(to, "\n\n"))
            return true;
    }
}

static void answer(const char *status, const char *type, const char *body, size_t n)
{
    printf("HTTP/1.0 %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nConnection: close\r\nCache-Control: "
           "no-store\r\n\r\n",
           status, type, n);
    fwrite(body, 1, n, stdout);
}

static void answer_ready(const json_t *facts, const char *counters)
{
    char *body = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&body, &n);
    bool ready;

    if (!to)
        return;
    ready = metrics_ready(facts, counters, to);
    if (ready)
        fputs("ready\n", to);
    fclose(to);
    answer(ready ? "200 OK" : "503 Service Unavailable", "text/plain; charset=utf-8", body, n);
    free(body);
}

static void answer_metrics(const json_t *facts, const char *counters, int64_t now)
{
    char *body = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&body, &n);

    if (!to)
        return;
    metrics_write(to, facts, counters, now);
    fclose(to);
    answer("200 OK", "text/plain; version=0.0.4; charset=utf-8", body, n);
    free(body);
}

static bool asks(const char *head, const char *path)
{
    size_t n = strlen(path);

    return strncmp(head, "GET ", 4) == 0 && strncmp(head + 4, path, n) == 0 &&
           (head[4 + n] == ' ' || head[4 + n] == '?');
}

static int serve(struct metrics_options *o)
{
    static const char live[] = "c-icap answers\n", dead[] = "c-icap does not answer\n",
                      nothing[] = "there is /metrics, /health/live and /health/ready\n";
    char head[REQUEST_SIZE] = "", *counters;
    json_t *facts;

    if (!read_head(head))
        return EXIT_BAD_INPUT;
    counters = metrics_ask(o->icap);
    facts = status_all(&o->s);
    if (asks(head, "/metrics"))
        answer_metrics(facts, counters, o->s.at);
    else if (asks(head, "/health/ready"))
        answer_ready(facts, counters);
    else if (asks(head, "/health/live"))
        answer(counters ? "200 OK" : "503 Service Unavailable", "text/plain; charset=utf-8",
               counters ? live : dead, strlen(counters ? live : dead));
    else
        answer("404 Not Found", "text/plain; charset=utf-8", nothing, strlen(nothing));
    json_decref(facts);
    free(counters);
    return EXIT_DONE;
}

static int print(struct metrics_options *o)
{
    char *counters = metrics_ask(o->icap);
    json_t *facts = status_all(&o->s);

    metrics_write(stdout, facts, counters, o->s.at);
    json_decref(facts);
    free(counters);
    return EXIT_DONE;
}

int cmd_metrics(int argc, char **argv)
{
    struct metrics_options o = {.s = {.at = now_utc()}, .icap = "127.0.0.1:1344"};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 1 || !strchr(o.icap, ':')) {
        fprintf(stderr, "portreeve metrics: write 'portreeve metrics FILE [--spool DIR] [--standing FILE] "
                        "[--icap ADDRESS:PORT] "
                        "[--http]'\n");
        return EXIT_BAD_INPUT;
    }
    o.s.file = argv[1];
    return o.http ? serve(&o) : print(&o);
}
