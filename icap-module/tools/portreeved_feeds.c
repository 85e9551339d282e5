/* Feeds: lines are made while events are imported and wait in the store; here they are taken to their
 * receivers, a batch a turn, and nothing of it waits. What a full queue has no room for is counted, not kept.
 */
#include "feed/sink.h"
#include "tools/portreeved.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

enum {
    DEAF = 30 /* s in which nothing goes */,
    AGAIN = 2,
    AGAIN_MAX = 60,
    AGE = 7 * 86400,
    TIDY = 3600,
    NAME = 1024
};

struct one {
    struct feed feed;
    struct feed_row row; /* as in the store, and what this transaction has added */
    bool known, changed; /* known: `row` is what the store has */
    bool placed;         /* the sink knows where its file ended */
    struct feed_sink sink;
    struct feed_batch batch;
    struct feed_waiting last; /* of the batch */
    bool went;                /* the batch is with the receiver; the store does not say so yet */
    size_t moved;
    int64_t moved_at, again_at, pause, tidied;
    char problem[DIAG_TEXT];
    int64_t since;
};

struct daemon_feeds {
    struct one feeds[FEEDS_MAX];
    unsigned n;
    uint64_t room;
    char node[STORE_NAME];
    int64_t now;
};

/* ---- in, with the import ---- */

static int know(const struct daemon_feeds *f, struct one *o, struct store *s, struct diag *d)
{
    char name[NAME];

    if (o->known)
        return 0;
    snprintf(name, sizeof name, "%s %s", f->node, o->feed.text);
    if (store_feed(s, str_of(name), &o->row, d) != 0)
        return -1;
    if (!o->placed) {
        o->sink.file = o->row.file;
        o->sink.size = o->row.size;
    }
    o->known = o->placed = true;
    o->changed = false;
    return 0;
}

/* Orders the lines of an hour by nothing that anybody did. */
static uint64_t any_number(void)
{
    uint64_t n = 0;

    while (getrandom(&n, sizeof n, 0) != sizeof n)
        ;
    return n >> 2;
}

static int put_line(struct daemon_feeds *f, struct one *o, struct store *s, const struct event *e,
                    struct diag *d)
{
    char text[FEED_LINE];
    struct feed_item item = {e, o->feed.kind == FEED_SECURITY ? o->row.next : any_number(), f->node};
    struct feed_waiting line = {feed_due(&o->feed, e, f->now), item.number, {text, 0}};

    o->changed = true;
    o->row.next++;
    line.text.n = o->row.waiting < f->room ? feed_line(&o->feed, &item, text) : 0;
    if (line.text.n == 0) {
        o->row.lost++;
        o->row.lost_at = f->now;
        return 0;
    }
    o->row.waiting++;
    return store_feed_add(s, o->row.id, &line, d);
}

static int on_event(void *to, struct store *s, const struct event *e, struct diag *d)
{
    struct daemon_feeds *f = to;

    for (unsigned i = 0; i < f->n; i++) {
        struct one *o = &f->feeds[i];

        if (feed_takes(&o->feed, e) && (know(f, o, s, d) != 0 || put_line(f, o, s, e, d) != 0))
            return -1;
    }
    return 0;
}

static int on_end(void *to, struct store *s, struct diag *d)
{
    struct daemon_feeds *f = to;

    for (unsigned i = 0; i < f->n; i++) {
        if (f->feeds[i].changed && store_feed_put(s, &f->feeds[i].row, d) != 0)
            return -1;
        f->feeds[i].changed = false;
    }
    return 0;
}

static void on_undone(void *to)
{
    struct daemon_feeds *f = to;

    for (unsigned i = 0; i < f->n; i++)
        f->feeds[i].known = false;
}

struct import_also daemon_feeds_also(struct daemon_feeds *f, int64_t now)
{
    if (!f)
        return (struct import_also){0};
    f->now = now;
    return (struct import_also){on_event, on_end, on_undone, f};
}

/* ---- out ---- */

static bool load_line(void *to, const struct feed_waiting *line)
{
    struct one *o = to;

    if (!feed_batch_add(&o->batch, &o->feed, line->text))
        return false;
    o->last = (struct feed_waiting){line->due, line->number, STR_NONE};
    return true;
}

/* The next batch, unless there is one in hand. */
static int load(struct one *o, struct store *s, int64_t now, struct diag *d)
{
    /* Security never waits, also where the clock was set back since. */
    const struct feed_asked asked = {o->feed.kind == FEED_SECURITY ? INT64_MAX : now, FEED_BATCH};

    if (o->batch.lines || o->row.waiting == 0)
        return 0;
    o->moved_at = now;
    return store_feed_due(s, o->row.id, &asked, load_line, o, d);
}

static int write_taken(struct one *o, struct store *s, int64_t now, struct diag *d)
{
    struct feed_row row = o->row;
    uint64_t dropped;

    if (store_feed_drop(s, row.id, &o->last, &dropped, d) != 0)
        return -1;
    row.sent += dropped;
    row.waiting -= dropped < row.waiting ? dropped : row.waiting;
    row.sent_at = now;
    row.file = o->sink.file;
    row.size = o->sink.size;
    if (store_feed_put(s, &row, d) != 0)
        return -1;
    o->row = row;
    return 0;
}

/* The receiver has the batch; where the store cannot be told, that alone is tried again. */
static int settle(struct one *o, struct store *s, int64_t now, struct diag *d)
{
    o->went = true;
    if (store_begin(s, d) != 0)
        return -1;
    if (write_taken(o, s, now, d) != 0 || store_commit(s, d) != 0) {
        store_rollback(s);
        o->known = false;
        return -1;
    }
    o->went = false;
    feed_batch_clear(&o->batch);
    return 0;
}

static void note(struct one *o, const char *problem, int64_t now)
{
    if (!problem[0] != !o->problem[0])
        o->since = now;
    snprintf(o->problem, sizeof o->problem, "%s", problem);
}

static void try_later(struct one *o, const char *why, int64_t now)
{
    o->pause = o->pause ? o->pause * 2 : AGAIN;
    if (o->pause > AGAIN_MAX)
        o->pause = AGAIN_MAX;
    o->again_at = now + o->pause;
    note(o, why, now);
}

/* What went while it was still going on: something, or too long nothing? */
static bool goes_on(struct one *o, int64_t now)
{
    if (o->sink.moved != o->moved || now < o->moved_at) {
        o->moved = o->sink.moved;
        o->moved_at = now;
        return true;
    }
    if (now - o->moved_at >= DEAF) {
        feed_sink_close(&o->sink);
        try_later(o, "the receiver takes nothing", now);
    }
    return false;
}

static bool deliver(struct one *o, struct store *s, int64_t now, struct diag *d)
{
    enum feed_went went = o->went ? FEED_SENT : feed_sink_step(&o->sink, &o->feed, &o->batch, d);

    if (went == FEED_WAITS)
        return goes_on(o, now);
    if (went == FEED_FAILED || settle(o, s, now, d) != 0) {
        try_later(o, d->n ? d->messages[d->n - 1].text : "cannot be written", now);
        return false;
    }
    o->pause = 0;
    note(o, "", now);
    return true;
}

/* Lines that nobody took for a week go: events are not kept for longer by the way of a feed. */
static int tidy(struct one *o, struct store *s, int64_t now, struct diag *d)
{
    const struct feed_waiting old = {now - AGE, INT64_MAX, STR_NONE};
    struct feed_row row = o->row;
    uint64_t dropped;

    if (now - o->tidied < TIDY && now >= o->tidied)
        return 0;
    o->tidied = now;
    if (o->batch.lines || store_begin(s, d) != 0)
        return o->batch.lines ? 0 : -1;
    if (store_feed_drop(s, row.id, &old, &dropped, d) != 0)
        goto undo;
    row.lost += dropped;
    row.waiting -= dropped < row.waiting ? dropped : row.waiting;
    if (dropped)
        row.lost_at = now;
    if ((dropped && store_feed_put(s, &row, d) != 0) || store_commit(s, d) != 0)
        goto undo;
    o->row = row;
    return 0;
undo:
    store_rollback(s);
    o->known = false;
    return -1;
}

static bool step_one(struct daemon_feeds *f, struct one *o, struct store *s, int64_t now)
{
    struct diag d;

    if (now < o->again_at && o->again_at - now <= AGAIN_MAX)
        return false;
    diag_init(&d);
    if (know(f, o, s, &d) != 0 || tidy(o, s, now, &d) != 0 || load(o, s, now, &d) != 0) {
        try_later(o, d.messages[0].text, now);
        return false;
    }
    return o->batch.lines && deliver(o, s, now, &d);
}

bool daemon_feeds_step(struct daemon_feeds *f, struct store *s, int64_t now)
{
    bool more = false;

    for (unsigned i = 0; f && i < f->n; i++)
        more |= step_one(f, &f->feeds[i], s, now);
    return more;
}

bool daemon_feeds_busy(const struct daemon_feeds *f)
{
    bool busy = false;

    for (unsigned i = 0; f && i < f->n; i++)
        busy |= f->feeds[i].batch.lines > 0 && !f->feeds[i].problem[0];
    return busy;
}

/* ---- opening and telling ---- */

struct orphans {
    const struct daemon_feeds *f;
    int64_t ids[16];
    unsigned n;
};

static void look_at_name(void *to, struct str name, const struct feed_row *row)
{
    struct orphans *o = to;
    size_t n = strlen(o->f->node);

    if (o->n == 16 || name.n <= n || memcmp(name.p, o->f->node, n) != 0 || name.p[n] != ' ')
        return;
    for (unsigned i = 0; i < o->f->n; i++)
        if (str_eq(str_from(name, n + 1), str_of(o->f->feeds[i].feed.text)))
            return;
    o->ids[o->n++] = row->id;
}

/* What waited for a receiver that is no longer asked for. */
static int forget_others(const struct daemon_feeds *f, struct store *s, struct diag *d)
{
    struct orphans o = {.f = f};

    if (store_feeds(s, look_at_name, &o, d) != 0)
        return -1;
    for (unsigned i = 0; i < o.n; i++)
        if (store_begin(s, d) != 0 || store_feed_forget(s, o.ids[i], d) != 0 || store_commit(s, d) != 0) {
            store_rollback(s);
            return -1;
        }
    return 0;
}

int daemon_feeds_open(const struct daemon_options *o, struct store *s, struct daemon_feeds **feeds,
                      struct diag *d)
{
    struct daemon_feeds *f = calloc(1, sizeof *f);

    *feeds = f;
    if (!f)
        return diag_error(d, "out of memory", NULL, NULL);
    f->room = o->feed_lines;
    if (o->node)
        snprintf(f->node, sizeof f->node, "%s", o->node);
    else if (gethostname(f->node, sizeof f->node - 1) != 0)
        snprintf(f->node, sizeof f->node, "-");
    for (; f->n < o->n_feeds; f->n++) {
        struct one *one = &f->feeds[f->n];

        one->sink.fd = -1;
        if (feed_read(o->feeds[f->n], &one->feed, d) != 0)
            return -1;
        for (unsigned i = 0; i < f->n; i++)
            if (!strcmp(f->feeds[i].feed.text, one->feed.text))
                return diag_error(d, one->feed.text, ": is given twice", NULL);
        if (one->feed.place == FEED_TCP && strncmp(one->feed.address, "127.", 4) != 0 &&
            strcmp(one->feed.address, "::1") != 0)
            fprintf(stderr,
                    "portreeved: %s: goes over the network as it is, readable and unsigned: see "
                    "portreeve.feeds(5)\n",
                    one->feed.text);
    }
    return forget_others(f, s, d);
}

void daemon_feeds_close(struct daemon_feeds *f)
{
    for (unsigned i = 0; f && i < f->n; i++) {
        feed_sink_close(&f->feeds[i].sink);
        feed_batch_clear(&f->feeds[i].batch);
    }
    free(f);
}

unsigned daemon_feeds_state(const struct daemon_feeds *f, struct feed_state states[FEEDS_MAX])
{
    for (unsigned i = 0; f && i < f->n; i++) {
        const struct one *o = &f->feeds[i];

        states[i] = (struct feed_state){.text = o->feed.text, .row = o->row, .since = o->since};
        memcpy(states[i].problem, o->problem, sizeof states[i].problem);
    }
    return f ? f->n : 0;
}
