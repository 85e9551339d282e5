/* icapload: asks an ICAP server over persistent connections, checks every answer and measures how
 * long it took.
 *
 *     icapload -f FILE [-H ADDRESS] [-p PORT] [-s SERVICE] [-c CONNECTIONS] [-n COUNT] [-t SECONDS]
 *              [-T MS] [-U USER] [-I CLIENT-IP] [-G GROUPS] [-B BYTES] [-R TYPE] [-A ALLOW]
 *              [-e ERRORS] [-E]
 *
 * It prints one line of `name=value` to standard output; times are microseconds, percentiles over
 * the good answers:
 *
 *     requests=N errors=N seconds=S rps=R p50_us=T p99_us=T p999_us=T max_us=T
 *     reconnects=N bytes_in=N page_bytes=N (of the last response in an answer) icap_STATUS=N... http_STATUS=N...
 *
 * Exit status: 0 when every request was answered well, 1 when one failed or none was answered, 2
 * when it could not start. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "client.h"
#include "core/text.h"

enum { SERVER_SIZE = 64, CONNECTIONS_MAX = 4096, BODY_MAX = 64 * 1024 * 1024 };

#define SECOND_NS UINT64_C(1000000000)

struct options {
    struct client_options client;
    struct workload_options workload;
};

static void usage(void)
{
    fputs(
        "usage: icapload -f FILE [options]\n"
        "  -f FILE     requests: METHOD URL [USER], one a line; behind tabs 'Name: value' (for "
        "HTTP),\n"
        "              '@Name: value' (for ICAP), '=STATUS' (what the answer must be, see -E)\n"
        "  -H ADDRESS  of the ICAP server, IPv4 (127.0.0.1)\n"
        "  -p PORT     (1344)\n"
        "  -s SERVICE  (echo)\n"
        "  -c N        connections (16)\n"
        "  -n N        requests (10000)\n"
        "  -t SECONDS  nothing is sent after this time (60)\n"
        "  -T MS       longest wait for one answer (5000)\n"
        "  -U USER     X-Client-Username where the line names none\n"
        "  -I ADDRESS  X-Client-IP (192.0.2.10)\n"
        "  -G GROUPS   X-Groups\n"
        "  -B BYTES    body of every POST, PUT and PATCH, after a preview of 1024 bytes (0: none)\n"
        "  -R TYPE     ask about answers of this type (RESPMOD), each with a body of -B BYTES\n"
        "  -A LIST     the value of Allow (204)\n"
        "  -e N        give up after so many errors (20)\n"
        "  -E          enforce the statuses that the file expects\n",
        stderr);
}

static bool number(int option, const char *text, uint64_t least, uint64_t most, uint64_t *value)
{
    if (str_u64(str_of(text), value) && *value >= least && *value <= most)
        return true;
    fprintf(stderr, "icapload: -%c %s: give a number from %" PRIu64 " to %" PRIu64 "\n", option,
            text, least, most);
    return false;
}

/* Options that take a number; false with a message when it is none. */
static bool set_number(struct options *o, int option, const char *text)
{
    uint64_t v = 0;
    bool good = false;

    if (option == 'p' && (good = number(option, text, 1, 65535, &v)))
        o->client.port = (uint16_t)v;
    if (option == 'c' && (good = number(option, text, 1, CONNECTIONS_MAX, &v)))
        o->client.connections = (unsigned)v;
    if (option == 'n' && (good = number(option, text, 1, UINT32_MAX, &v)))
        o->client.count = v;
    if (option == 't' && (good = number(option, text, 1, 86400, &v)))
        o->client.time_ns = v * SECOND_NS;
    if (option == 'T' && (good = number(option, text, 1, 600000, &v)))
        o->client.timeout_ns = v * (SECOND_NS / 1000);
    if (option == 'B' && (good = number(option, text, 0, BODY_MAX, &v)))
        o->workload.body = (size_t)v;
    if (option == 'e' && (good = number(option, text, 1, UINT32_MAX, &v)))
        o->client.max_errors = v;
    return good;
}

static bool set_option(struct options *o, int option, const char *text)
{
    switch (option) {
    case 'f': o->client.file = text; return true;
    case 'H': o->client.address = text; return true;
    case 's': o->workload.service = str_of(text); return true;
    case 'U': o->workload.user = str_of(text); return true;
    case 'I': o->workload.client_ip = str_of(text); return true;
    case 'G': o->workload.groups = str_of(text); return true;
    case 'R': o->workload.answer = str_of(text); return true;
    case 'A': o->workload.allow = str_of(text); return true;
    case 'E': o->client.enforce = true; return true;
    case '?': return false;
    default: return set_number(o, option, text);
    }
}

static bool read_options(struct options *o, int argc, char **argv)
{
    int option;

    *o = (struct options){
        .client = {.address = "127.0.0.1",
                   .port = 1344,
                   .connections = 16,
                   .count = 10000,
                   .time_ns = 60 * SECOND_NS,
                   .timeout_ns = 5 * SECOND_NS,
                   .max_errors = 20},
        .workload = {.service = STR("echo"), .client_ip = STR("192.0.2.10"), .allow = STR("204")}};
    while ((option = getopt(argc, argv, "f:H:p:s:c:n:t:T:U:I:G:B:R:A:e:E")) != -1)
        if (!set_option(o, option, optarg))
            return false;
    if (o->client.file && optind == argc)
        return true;
    fputs(optind < argc ? "icapload: an argument without an option\n"
                        : "icapload: -f FILE is missing\n",
          stderr);
    return false;
}

static void print_statuses(const char *kind, const uint64_t *count)
{
    for (unsigned status = 0; status < CLIENT_STATUS_MAX; status++)
        if (count[status])
            printf(" %s_%u=%" PRIu64, kind, status, count[status]);
}

static double us(uint64_t ns)
{
    return (double)ns / 1e3;
}

static void print_totals(const struct client_totals *t)
{
    double seconds = (double)t->elapsed_ns / 1e9;

    printf("requests=%" PRIu64 " errors=%" PRIu64 " seconds=%.3f rps=%.1f", t->requests, t->errors,
           seconds, seconds > 0 ? (double)t->requests / seconds : 0.0);
    printf(" p50_us=%.1f p99_us=%.1f p999_us=%.1f max_us=%.1f",
           us(latency_percentile(&t->latency, 500)), us(latency_percentile(&t->latency, 990)),
           us(latency_percentile(&t->latency, 999)), us(t->latency.max));
    printf(" reconnects=%" PRIu64 " bytes_in=%" PRIu64 " page_bytes=%" PRIu64, t->reconnects, t->bytes_in,
           t->page_bytes);
    print_statuses("icap", t->icap);
    print_statuses("http", t->http);
    putchar('\n');
}

int main(int argc, char **argv)
{
    static struct client_totals totals;
    struct options o;
    struct workload w;
    char storage[SERVER_SIZE];
    struct text server;
    int result = 2;

    if (!read_options(&o, argc, argv)) {
        usage();
        return 2;
    }
    text_init(&server, storage, sizeof storage);
    text_puts(&server, o.client.address);
    text_putc(&server, ':');
    text_put_u64(&server, o.client.port);
    o.workload.server = text_str(&server);
    if (workload_read(&w, o.client.file, &o.workload) == 0 &&
        client_run(&o.client, &w, &totals) == 0) {
        print_totals(&totals);
        result = totals.errors || !totals.requests ? 1 : 0;
    }
    workload_free(&w);
    return result;
}
