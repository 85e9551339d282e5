/* What one thread of c-icap keeps from request to request, so that a request takes nothing from the heap. A
 * thread serves one transaction at a time, from its first byte to the release of its data. */
#ifndef MODULE_WORKER_H
#define MODULE_WORKER_H

#include "core/page.h"
#include "module/snapshot.h"

enum { WORKER_ANSWER_HEADERS = 128 }; /* of an answer; those behind them are not looked at */
enum { WORKER_USER = 256, WORKER_PAGE = 96 * 1024, WORKER_LINE = 1024, WORKER_TOKEN = 4096 };

/* A body on its way through the room of the page: bytes from `at` to `end` have come and not gone. */
struct passing {
    bool on, whole; /* whole: nothing more will come */
    size_t at, end;
};

/* One transaction. */
struct exchange {
    struct worker *worker;
    struct loaded *loaded; /* pinned; NULL = no policy */
    struct request request;
    struct response response; /* of a RESPMOD */
    bool ours;   /* a client sent a header of a name that only this service may set */
    bool sloppy; /* a header line that no proxy sends (no colon, a blank before it), or too many of them */
    struct verdict verdict;
    bool judged;
    bool coded; /* an answer with a reference code was given */
    char code[CODE_SIZE];
    struct str body; /* of the answer, */
    size_t sent;     /* and how much of it c-icap has taken */
    struct str added; /* a header line for the request that goes through, or empty */
    struct passing passing;
    int corked; /* the connection whose answer is being gathered, or -1 */
};

struct worker {
    struct scratch *scratch;
    struct exchange exchange;
    struct header headers[REQUEST_HEADERS_MAX];
    struct header answer_headers[WORKER_ANSWER_HEADERS];
    struct str groups[REQUEST_GROUPS_MAX];
    char user[WORKER_USER];
    char line[WORKER_LINE]; /* a header line under construction */
    char token[WORKER_TOKEN];
    char page[WORKER_PAGE];
};

/* Before and after all use; in the master and in each child. 0 or -1. */
int worker_init(void);
void worker_fini(void);

/* This thread's own, made at the first call and freed when the thread ends. NULL without memory. */
struct worker *worker_mine(void);

#endif
