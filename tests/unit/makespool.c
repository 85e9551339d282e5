/* makespool FOLDER LINES: events as `portreeve events` prints them, written into a spool by the recorder. */
#include "record/spool.h"
#include "tools/event_lines.h"

#include <stdio.h>

struct writing {
    struct spool *spool;
    int failed;
};

static void append(void *to, const struct event *e)
{
    struct writing *w = to;
    struct event written = *e; /* the spool numbers it */

    w->failed |= spool_append(w->spool, &written);
}

int main(int argc, char **argv)
{
    static const int64_t always[2] = {0, INT64_MAX};
    struct events_read read = {0};
    struct writing w = {NULL, 0};
    struct diag d;
    int failed;

    diag_init(&d);
    failed = argc != 3 || spool_open(argv[1], "test", SPOOL_SEGMENT_MIN * 16, &w.spool, &d) != 0;
    if (!failed)
        failed = events_read(argv[2], always, append, &w, &read, &d) != 0 || w.failed || read.unreadable;
    spool_close(w.spool);
    for (unsigned i = 0; i < d.n; i++)
        fprintf(stderr, "makespool: %s\n", d.messages[i].text);
    return failed;
}
