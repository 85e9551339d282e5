/* The client's side of N persistent ICAP connections in one thread: each sends its next request
 * when the answer to the one before is complete (a closed loop: a stalled server is asked less, so
 * its stalls show in the slowest answers rather than in the rate). */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include "latency.h"
#include "workload.h"

enum { CLIENT_STATUS_MAX = 600 };

struct client_options {
    const char *address; /* IPv4, numeric */
    uint16_t port;
    unsigned connections;
    uint64_t count;      /* requests to be sent at most; the file is gone through again and again */
    uint64_t time_ns;    /* nothing is sent after this; what is under way is waited for */
    uint64_t timeout_ns; /* for one answer, and for a connection */
    uint64_t max_errors; /* the run is given up when so many failed */
    bool enforce;        /* compare answers with the statuses that the file expects */
    const char *file;    /* for messages */
};

/* An answer with a status other than 200, 204 and 206, a malformed or unexpected one, a timeout and
 * a connection that breaks are errors. They are in no latency. A connection that the server closes
 * with `Connection: close` is none. */
struct client_totals {
    uint64_t requests; /* answered well */
    uint64_t errors;
    uint64_t reconnects;
    uint64_t bytes_in;
    uint64_t elapsed_ns;
    uint64_t icap[CLIENT_STATUS_MAX]; /* answers by ICAP status, failed ones too; 100 counts the
                                         continuations */
    uint64_t http[CLIENT_STATUS_MAX]; /* encapsulated responses by HTTP status */
    uint64_t page_bytes;              /* body of the last of them */
    struct latency latency;
};

/* 0, also when requests failed: look at totals->errors, the first ten of which are told on standard
 * error. -1 with a message when nothing could be started. */
int client_run(const struct client_options *o, const struct workload *w,
               struct client_totals *totals);

#endif
