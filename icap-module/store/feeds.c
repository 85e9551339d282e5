/* Lines that wait for a feed's receiver, and how far each feed is. */
#include "store/backend.h"

static struct feed_row row_of(struct store *s, enum statement q, int at)
{
    const struct store_backend *b = s->backend;

    return (struct feed_row){.id = b->number(s, q, at),
                             .next = (uint64_t)b->number(s, q, at + 1),
                             .sent = (uint64_t)b->number(s, q, at + 2),
                             .sent_at = b->number(s, q, at + 3),
                             .lost = (uint64_t)b->number(s, q, at + 4),
                             .lost_at = b->number(s, q, at + 5),
                             .file = (uint64_t)b->number(s, q, at + 6),
                             .size = (uint64_t)b->number(s, q, at + 7)};
}

static int find(struct store *s, struct str name, struct feed_row *row, struct diag *d)
{
    int got;

    s->backend->clear(s, SQL_FEED);
    s->backend->bind_text(s, SQL_FEED, 1, name);
    got = store_step(s, SQL_FEED, "a feed cannot be read", d);
    if (got == 1)
        *row = row_of(s, SQL_FEED, 0);
    s->backend->clear(s, SQL_FEED);
    return got;
}

static int count(struct store *s, struct feed_row *row, struct diag *d)
{
    const struct store_backend *b = s->backend;
    int got;

    b->clear(s, SQL_FEED_WAITING);
    b->bind_number(s, SQL_FEED_WAITING, 1, row->id);
    got = store_step(s, SQL_FEED_WAITING, "a feed cannot be read", d);
    if (got == 1) {
        row->waiting = (uint64_t)b->number(s, SQL_FEED_WAITING, 0);
        row->oldest = b->number(s, SQL_FEED_WAITING, 1);
    }
    b->clear(s, SQL_FEED_WAITING);
    return got == 1 ? 0 : -1;
}

int store_feed(struct store *s, struct str name, struct feed_row *row, struct diag *d)
{
    int got = find(s, name, row, d);

    if (got == 0) {
        s->backend->clear(s, SQL_FEED_ADD);
        s->backend->bind_text(s, SQL_FEED_ADD, 1, name);
        if (store_run(s, SQL_FEED_ADD, "a feed cannot be written", d) != 0)
            return -1;
        got = find(s, name, row, d);
    }
    if (got == 0)
        return store_failed(s, "a feed cannot be written", "what was written is not there", d);
    return got < 0 ? -1 : count(s, row, d);
}

int store_feed_put(struct store *s, const struct feed_row *row, struct diag *d)
{
    const int64_t values[] = {(int64_t)row->next, (int64_t)row->sent, row->sent_at,       (int64_t)row->lost,
                              row->lost_at,       (int64_t)row->file, (int64_t)row->size, row->id};

    s->backend->clear(s, SQL_FEED_PUT);
    store_bind_numbers(s, SQL_FEED_PUT, 1, values, 8);
    return store_run(s, SQL_FEED_PUT, "a feed cannot be written", d);
}

int store_feed_add(struct store *s, int64_t feed, const struct feed_waiting *line, struct diag *d)
{
    const int64_t values[] = {feed, line->due, (int64_t)line->number};

    s->backend->clear(s, SQL_FEED_LINE_ADD);
    store_bind_numbers(s, SQL_FEED_LINE_ADD, 1, values, 3);
    s->backend->bind_text(s, SQL_FEED_LINE_ADD, 4, line->text);
    return store_run(s, SQL_FEED_LINE_ADD, "a feed's line cannot be written", d);
}

int store_feed_due(struct store *s, int64_t feed, const struct feed_asked *asked,
                   bool (*each)(void *to, const struct feed_waiting *line), void *to, struct diag *d)
{
    const struct store_backend *b = s->backend;
    const int64_t values[] = {feed, asked->now, asked->limit};
    int got;

    b->clear(s, SQL_FEED_DUE);
    store_bind_numbers(s, SQL_FEED_DUE, 1, values, 3);
    while ((got = store_step(s, SQL_FEED_DUE, "a feed's lines cannot be read", d)) == 1) {
        struct feed_waiting line = {b->number(s, SQL_FEED_DUE, 0), (uint64_t)b->number(s, SQL_FEED_DUE, 1),
                                    b->slice(s, SQL_FEED_DUE, 2)};

        if (!each(to, &line))
            break;
    }
    b->clear(s, SQL_FEED_DUE);
    return got < 0 ? -1 : 0;
}

int store_feed_drop(struct store *s, int64_t feed, const struct feed_waiting *upto, uint64_t *dropped,
                    struct diag *d)
{
    const int64_t values[] = {feed, upto->due, (int64_t)upto->number};

    s->backend->clear(s, SQL_FEED_DROP);
    store_bind_numbers(s, SQL_FEED_DROP, 1, values, 3);
    if (store_run(s, SQL_FEED_DROP, "a feed's lines cannot be taken away", d) != 0)
        return -1;
    *dropped = (uint64_t)s->backend->changed(s, SQL_FEED_DROP);
    return 0;
}

int store_feeds(struct store *s, void (*each)(void *to, struct str name, const struct feed_row *row),
                void *to, struct diag *d)
{
    int got;

    s->backend->clear(s, SQL_FEEDS);
    while ((got = store_step(s, SQL_FEEDS, "feeds cannot be read", d)) == 1) {
        struct feed_row row = row_of(s, SQL_FEEDS, 1);

        each(to, s->backend->slice(s, SQL_FEEDS, 0), &row);
    }
    return got;
}

int store_feed_forget(struct store *s, int64_t feed, struct diag *d)
{
    const enum statement steps[] = {SQL_FEED_FORGET_LINES, SQL_FEED_FORGET};

    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        s->backend->clear(s, steps[i]);
        s->backend->bind_number(s, steps[i], 1, feed);
        if (store_run(s, steps[i], "a feed cannot be taken away", d) != 0)
            return -1;
    }
    return 0;
}
