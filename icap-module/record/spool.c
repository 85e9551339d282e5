#include "record/spool.h"

#include "core/clock.h"
#include "record/seal.h"
#include "record/segment.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* The lock is held to write into the segment in hand, to take the next one for it, and to say who makes one;
 * never over a call of segment_make or segment_finish, which are all of the file work. */
struct spool {
    struct segment_home home; /* what spool_open sets */
    pthread_mutex_t lock;     /* guards what follows */
    pthread_cond_t made;      /* `making` has become false */
    struct segment now;       /* in hand, or none */
    struct segment next;      /* ready to follow it, or none */
    bool making;              /* a thread makes the next one, */
    int64_t patience;         /* and until this monotonic second others wait for it */
    int64_t retry;            /* monotonic second before which no segment is tried */
    int64_t look;             /* monotonic second from which the segments' places are looked at again */
    struct timespec named;    /* of the last segment; the maker's alone */
    uint64_t number;          /* segments made or tried */
    uint64_t used;            /* number of the last one that an event was written to */
    uint64_t sequence;        /* events so far, the lost ones too */
    struct spool_counts counts;
};

static int64_t monotonic(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec;
}

/* Takes a segment out of the spool: it is then the caller's. */
static struct segment take(struct segment *from)
{
    struct segment s = *from;

    *from = (struct segment){0};
    return s;
}

/* Under the lock: whether the caller is to make the next one. A failed attempt has been made lately: no. */
static bool claim(struct spool *s)
{
    int64_t now;

    if (s->making || s->next.base)
        return false;
    now = monotonic();
    if (now < s->retry)
        return false;
    s->making = true;
    s->patience = now + SPOOL_PATIENCE;
    s->number++;
    return true;
}

/* By the one thread that has claimed it. The lock is held at both ends and free meanwhile. `full` is finished
 * first: on a full disk it is what the importer frees. */
static void make_next(struct spool *s, struct segment *full)
{
    const struct segment_order order = {.number = s->number, .first = s->sequence + 1, .follows = s->used};
    struct segment made = {0};
    int error;

    pthread_mutex_unlock(&s->lock);
    segment_finish(&s->home, full);
    error = segment_make(&s->home, &order, &s->named, &made);
    pthread_mutex_lock(&s->lock);
    s->counts.error = error;
    if (error)
        s->retry = monotonic() + 1;
    s->next = made;
    s->making = false;
    pthread_cond_broadcast(&s->made);
}

/* Under the lock, which is free while it waits. False when the disk takes too long. */
static bool wait_for_maker(struct spool *s)
{
    struct timespec until = {.tv_sec = s->patience};

    /* A wait may end early (a library that sets the clock for a test ends it at once): only the clock counts.
     */
    if (pthread_cond_timedwait(&s->made, &s->lock, &until) != ETIMEDOUT || !s->making ||
        monotonic() < s->patience)
        return true;
    s->counts.error = EBUSY;
    return false;
}

/* Under the lock, which may be free meanwhile. On true an event fits; on false it is lost. A segment that has
 * been used up is left in *full for the caller to finish without the lock; *full is none before. */
static bool find_room(struct spool *s, struct segment *full)
{
    for (;;) {
        if (segment_has_room(&s->now))
            return true;
        if (s->next.base) {
            *full = take(&s->now);
            s->now = take(&s->next);
            return true;
        }
        if (s->making) {
            if (!wait_for_maker(s))
                return false;
            continue;
        }
        *full = take(&s->now);
        if (!claim(s))
            return false;
        make_next(s, full);
    }
}

/* Leaves one that no reader finds any more; by one thread, once a second. Under the lock, which is free while
 * it looks: the segment may have been used up by then. */
static void leave_if_gone(struct spool *s, struct segment *which)
{
    struct segment seen = *which, gone = {0};
    bool is_gone;

    if (!seen.base)
        return;
    pthread_mutex_unlock(&s->lock);
    is_gone = segment_gone(&s->home, &seen);
    pthread_mutex_lock(&s->lock);
    if (!is_gone || which->base != seen.base || which->inode != seen.inode)
        return;
    gone = take(which);
    pthread_mutex_unlock(&s->lock);
    segment_finish(&s->home, &gone);
    pthread_mutex_lock(&s->lock);
}

/* Finishes one that was made on an earlier day. Under the lock, which is free while it does. */
static void leave_if_old(struct spool *s, struct segment *which, int32_t today)
{
    struct segment old = {0};

    if (!which->base || which->day >= today) /* later: the clock was set back */
        return;
    old = take(which);
    pthread_mutex_unlock(&s->lock);
    segment_finish(&s->home, &old);
    pthread_mutex_lock(&s->lock);
}

static int32_t local_day(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return clock_local(now.tv_sec).day;
}

static void look_at_places(struct spool *s)
{
    int64_t now = monotonic();

    if (now < s->look)
        return;
    s->look = now + 1;
    leave_if_gone(s, &s->next);
    leave_if_gone(s, &s->now);
    leave_if_old(s, &s->next, local_day());
    leave_if_old(s, &s->now, local_day());
}

int spool_append(struct spool *s, struct event *e)
{
    struct segment full = {0};
    bool written;

    pthread_mutex_lock(&s->lock);
    look_at_places(s);
    written = find_room(s, &full);
    e->sequence = ++s->sequence;
    written = written && segment_append(&s->now, e);
    if (written) {
        s->counts.written++;
        s->used = s->now.number;
    } else {
        s->counts.lost++;
    }
    if (s->now.base && s->now.used >= s->now.size / 4 * 3 && claim(s))
        make_next(s, &full);
    pthread_mutex_unlock(&s->lock);
    segment_finish(&s->home, &full);
    return written ? 0 : -1;
}

struct spool_counts spool_counts(struct spool *s)
{
    struct spool_counts counts;

    pthread_mutex_lock(&s->lock);
    counts = s->counts;
    pthread_mutex_unlock(&s->lock);
    return counts;
}

/* A node's name goes into file names: '-' parts their fields. */
static void name_node(struct segment_home *s, const char *node)
{
    char host[SEGMENT_NODE] = "";

    if (!node && gethostname(host, sizeof host - 1) == 0)
        node = host;
    if (!node || !*node)
        node = "unnamed";
    for (size_t i = 0; i < sizeof s->node - 1 && node[i]; i++) {
        char c = ascii_lower(node[i]);

        s->node[i] = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '.' && i) ? c : '_';
    }
}

static void name_boot(struct segment_home *s)
{
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, s->boot, sizeof s->boot - 1);

    if (fd >= 0)
        close(fd);
    if (n <= 0)
        n = snprintf(s->boot, sizeof s->boot, "00000000");
    s->boot[n] = '\0';
    s->boot[strcspn(s->boot, "\n")] = '\0';
}

/* The condition waits by the monotonic clock: a clock that is set makes nobody wait longer. */
static void prepare_waiting(struct spool *s)
{
    pthread_condattr_t by;

    pthread_mutex_init(&s->lock, NULL);
    pthread_condattr_init(&by);
    pthread_condattr_setclock(&by, CLOCK_MONOTONIC);
    pthread_cond_init(&s->made, &by);
    pthread_condattr_destroy(&by);
}

int spool_open(const char *folder, const char *node, size_t segment, struct spool **spool, struct diag *d)
{
    struct spool *s = calloc(1, sizeof *s);
    int fd = -1;

    if (!s)
        return diag_error(d, folder, ": out of memory while opening the spool", NULL);
    s->home.size = segment ? segment : SPOOL_SEGMENT;
    s->home.folder = strdup(folder);
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (!s->home.folder || fd < 0) {
        diag_error(d, folder,
                   ": the spool folder cannot be opened (it is never made here): ", strerror(errno));
        goto out;
    }
    if (s->home.size < SPOOL_SEGMENT_MIN) {
        diag_error(d, folder, ": a segment has 4096 bytes at least", NULL);
        goto out;
    }
    if (faccessat(fd, ".", W_OK | X_OK, 0) != 0) {
        diag_error(d, folder, ": the spool folder cannot be written to: ", strerror(errno));
        goto out;
    }
    close(fd);
    name_node(&s->home, node);
    name_boot(&s->home);
    seal_random(s->home.process, sizeof s->home.process);
    prepare_waiting(s);
    *spool = s;
    return 0;
out:
    if (fd >= 0)
        close(fd);
    free(s->home.folder);
    free(s);
    return -1;
}

void spool_close(struct spool *s)
{
    if (!s)
        return;
    segment_finish(&s->home, &s->now);
    segment_finish(&s->home, &s->next);
    free(s->home.folder);
    pthread_cond_destroy(&s->made);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
