/* Where a feed's lines go. Nothing here waits: a receiver that is down, slow or deaf is looked at again with
 * the next step. (A file's fsync is the one exception: a feed's file belongs on a local disk.)
 *
 * What has been sent:
 *   file      written and synced. Its end is remembered (file, size) in the store together with the lines'
 *             removal, so that after kill -9 what is there already is not written again, and a torn line is
 *             finished. Whoever rotates it renames it: the next batch makes it anew.
 *   tcp       the receiver's machine has acknowledged every byte. What its program had not read when it died
 *             is lost, and what was on its way when a link broke comes twice: syslog has no answer.
 *   unix      the receiver's queue has taken the datagram. */
#ifndef FEED_SINK_H
#define FEED_SINK_H

#include "feed/feed.h"

enum { FEED_BATCH = 200 /* lines */, FEED_BATCH_BYTES = 256 << 10 };

/* Lines as they stand in the store, framed for their place. */
struct feed_batch {
    char *bytes;
    size_t n, ends[FEED_BATCH];
    unsigned lines;
};

/* False: there is no room for it in this batch, or no memory (lines is 0 then). */
bool feed_batch_add(struct feed_batch *b, const struct feed *f, struct str line);
void feed_batch_clear(struct feed_batch *b);

/* Zeros but for fd -1. */
struct feed_sink {
    int fd;
    bool connecting;
    unsigned line;       /* datagrams of this batch that went */
    size_t written;      /* bytes of it */
    size_t moved;        /* counts what has gone, to see whether anything does */
    uint64_t file, size; /* of a file: which one (inode), and where the last batch ended */
};

enum feed_went { FEED_SENT, FEED_WAITS, FEED_FAILED };

/* Goes on with the batch, which stays the same until it is FEED_SENT. FEED_FAILED with a message: closed, to
 * be tried again later. */
enum feed_went feed_sink_step(struct feed_sink *s, const struct feed *f, const struct feed_batch *b,
                              struct diag *d);
void feed_sink_close(struct feed_sink *s);

/* For sink.c. */
enum feed_went feed_file_step(struct feed_sink *s, const struct feed *f, const struct feed_batch *b,
                              struct diag *d);

#endif
