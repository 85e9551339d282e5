/* The requests to be sent, read from a text file and written out as ICAP bytes before the clock
 * starts, so that the load generator costs the server's machine as little as it can.
 *
 * One request a line; empty lines and lines that begin with # are skipped:
 *
 *     METHOD URL [USER] {TAB FIELD}
 *
 * A FIELD is `Name: value` (a header of the HTTP request), `@Name: value` (a header of the ICAP
 * request, such as
 * @X-Sni: www.example.org) or `=STATUS` (what the answer must be when expectations are enforced:
 * the HTTP status of an encapsulated response, else the ICAP status). A line without USER carries
 * the user of the options. URL is what Squid would send: absolute, or host:port for CONNECT and
 * NONE (NONE carries no HTTP header at all). */
#ifndef BENCH_WORKLOAD_H
#define BENCH_WORKLOAD_H

#include "reply.h"

enum { WORKLOAD_PREVIEW = 1024 };

/* All slices outlive workload_read only as far as the caller wants; nothing of them is kept. */
struct workload_options {
    struct str server; /* host:port of the ICAP server */
    struct str service;
    struct str client_ip; /* X-Client-IP */
    struct str user;      /* X-Client-Username where the line names none; empty = no such header */
    struct str groups;    /* X-Groups; empty = no such header */
    struct str allow;     /* the value of Allow; empty = no such header */
    struct str answer;    /* answers of this type are asked about (RESPMOD); empty = requests are */
    size_t body;          /* bytes of body of each POST, PUT and PATCH, or of each answer; 0 = none */
};

struct workload_item {
    size_t at;       /* in `bytes` */
    size_t n;        /* up to and with the end of the preview */
    unsigned line;   /* of the file */
    unsigned expect; /* status that the answer must have, 0 = any */
    bool body;       /* carries the body of the options */
};

struct workload {
    char *bytes;
    size_t used, size;
    struct workload_item *items;
    size_t n, room;
    char *rest;               /* what 100 Continue asks for: the body behind the preview, chunked */
    size_t rest_n;            /* 0 when the preview holds the whole body */
    bool no_content, partial; /* what `allow` says */
};

/* 0, or -1 with a message on standard error that names file and line. workload_free is due in both
 * cases. */
int workload_read(struct workload *w, const char *path, const struct workload_options *o);
void workload_free(struct workload *w);

/* What may be answered to this item. */
struct reply_allow workload_allow(const struct workload *w, const struct workload_item *item);

#endif
