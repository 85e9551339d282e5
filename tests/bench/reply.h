/* One ICAP answer, read as it arrives (RFC 3507; 206 as in
 * draft-rousskov-icap-ext-partial-content).
 *
 * The reader trusts nothing: status line, header lines, Encapsulated offsets, the end of the
 * encapsulated header, every chunk and the terminating chunk are checked, and a Content-Length of
 * an encapsulated response is compared with what came. It allocates nothing; bytes belong to the
 * caller. After REPLY_BAD the connection is of no use. */
#ifndef BENCH_REPLY_H
#define BENCH_REPLY_H

#include "core/str.h"

/* What cannot be longer than this is refused: the ICAP head and the encapsulated header. Give
 * reply_feed a buffer of at least this size and it always gets on. */
enum { REPLY_HEAD_MAX = 64 * 1024 };

enum reply_result {
    REPLY_MORE = 0, /* not complete yet */
    REPLY_DONE,     /* complete; what was not used belongs to nobody */
    REPLY_CONTINUE, /* 100: send the rest of the body and read on */
    REPLY_BAD       /* `error` says why */
};

enum reply_state {
    REPLY_HEAD = 0,
    REPLY_SECTION,
    REPLY_CHUNK_SIZE,
    REPLY_CHUNK_DATA,
    REPLY_CHUNK_END,
    REPLY_TRAILER
};

/* What the question allows as an answer. */
struct reply_allow {
    bool no_content; /* 204 at any time: asked with Allow: 204 */
    bool partial;    /* 206: asked with Allow: 206 */
    bool preview;    /* asked with a preview, which allows a 204 until it is continued */
    bool more;       /* 100: the preview did not hold the whole body */
};

struct reply {
    enum reply_state state;
    struct reply_allow allow;
    const char *error;    /* static text, NULL while all is well */
    unsigned icap_status; /* 0 until the head is there */
    unsigned http_status; /* of an encapsulated response, else 0 */
    bool close;           /* the server ends the connection after this answer */
    bool response;        /* res-hdr, not req-hdr */
    bool body;            /* a chunked body follows the section */
    bool original_body;   /* 206: the last chunk asked for use-original-body */
    bool has_length;
    uint64_t length;  /* Content-Length of the encapsulated response */
    uint64_t section; /* bytes of encapsulated header */
    uint64_t chunk_left;
    uint64_t body_bytes; /* of the body, chunk framing not counted */
};

void reply_init(struct reply *r, struct reply_allow allow);

/* Reads what it can of `bytes` and sets *used to how many it took; call again with the rest and
 * more behind it. */
enum reply_result reply_feed(struct reply *r, struct str bytes, size_t *used);

#endif
