#include "store/import.h"

#include "record/spool.h"
#include "record/spool_segment.h"
#include "store/standing_write.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MINUTE = 60 };

struct importing {
    struct store *store;
    const struct import_how *how;
    struct import_result *result;
    struct diag *d;
    int64_t segment;
    uint64_t left;
    uint64_t at; /* how far the last segment is read; 0 = not */
    bool failed; /* the store did */
};

/* Minutes are told from midnight on, by what has passed: the hour that comes twice in October has its own
 * each time. */
static struct local_time minute_of(const struct event *e)
{
    int64_t t = e->has_day ? e->time + (int64_t)e->minute * MINUTE : e->time;
    struct local_time at = clock_local(t);

    at.minute = (uint32_t)((t - local_midnight(at.day)) / MINUTE);
    return at;
}

static int spend_on(struct importing *i, const struct event *e, struct str allowance)
{
    struct local_time at = minute_of(e);

    if (e->has_pseudonym)
        return store_minute(i->store, e->pseudonym, allowance, &at, i->d);
    return at.day == i->how->today ? store_day_minute(i->store, e->day, allowance, &at, i->d) : 0;
}

/* The LOW estimate: a person's own act that went through, on a rule that costs the allowance; never what a
 * page fetched by itself, and a minute at a time however much was done in it. */
static int spend(struct importing *i, const struct event *e)
{
    if (e->action != ACTION_ALLOW || e->origin != ORIGIN_PERSON || (!e->has_pseudonym && !e->has_day))
        return 0;
    for (size_t n = 0; n < i->how->n_spending; n++)
        if (str_eq(i->how->spending[n].rule, e->rule))
            return spend_on(i, e, i->how->spending[n].allowance);
    return 0;
}

static void take(void *to, const struct event *e)
{
    struct importing *i = to;

    if (i->failed)
        return;
    i->failed = store_event(i->store, i->segment, e, i->d) != 0 || spend(i, e) != 0 ||
                (i->how->also.event && i->how->also.event(i->how->also.to, i->store, e, i->d) != 0);
}

static int read_on(struct importing *i, const char *path, struct spool_cursor *c, struct spool_read *read)
{
    const char *name = strrchr(path, '/') + 1;
    struct store_segment segment;

    if (store_segment(i->store, str_of(name), &segment, i->d) != 0)
        return -1;
    c->at = segment.next;
    i->segment = segment.id;
    if (spool_read_on(path, c, i->left, take, i, read, i->d) != 0 || i->failed)
        return -1;
    if (segment.next == c->at)
        return 0; /* nothing to be written, nothing to be synced */
    segment.next = c->at;
    if (i->how->also.ends && i->how->also.ends(i->how->also.to, i->store, i->d) != 0)
        return -1;
    return store_segment_read(i->store, &segment, i->d);
}

/* Committed: it may go. */
static void retire(struct importing *i, const char *path, const struct spool_read *read)
{
    char kept[4096];

    if (i->how->evidence && i->how->evidence(i->how->evidence_to, path, i->d) != 0) {
        i->result->stuck++;
        return;
    }
    if (read->torn) {
        if ((size_t)snprintf(kept, sizeof kept, "%s.torn", path) < sizeof kept && rename(path, kept) != 0)
            diag_error(i->d, path, ": cannot be set aside: ", strerror(errno));
    } else if (unlink(path) != 0 && errno != ENOENT) {
        diag_error(i->d, path, ": is imported and cannot be deleted: ", strerror(errno));
    } else {
        i->result->deleted++;
    }
}

/* What of a segment is left for the next time. */
static void leave(struct importing *i, const char *path)
{
    struct stat st;

    if (stat(path, &st) == 0 && (uint64_t)st.st_size > i->at)
        i->result->behind += (uint64_t)st.st_size - i->at;
}

static int import_segment(struct importing *i, const char *path)
{
    struct spool_cursor c = {0};
    struct spool_read read = {0};

    i->failed = false;
    i->at = 0;
    if (store_begin(i->store, i->d) != 0)
        return -1;
    if (read_on(i, path, &c, &read) != 0 || store_commit(i->store, i->d) != 0) {
        store_rollback(i->store);
        if (i->how->also.undone)
            i->how->also.undone(i->how->also.to);
        return -1;
    }
    i->at = c.at;
    i->result->events += read.events;
    i->left -= read.events + read.torn < i->left ? read.events + read.torn : i->left;
    if (c.finished) {
        i->result->torn += read.torn;
        if (!i->how->keep)
            retire(i, path, &read);
    }
    return 0;
}

static int is_segment(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name), suffix = strlen(SEGMENT_SUFFIX);

    return n > suffix && strcmp(entry->d_name + n - suffix, SEGMENT_SUFFIX) == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int take_segment(struct importing *i, const char *path)
{
    bool there = i->left > 0;
    int result = 0;

    i->at = 0;
    if (there)
        result = import_segment(i, path);
    else
        i->result->more = true;
    if (result != 0 || i->left == 0)
        leave(i, path);
    return result;
}

int import_spool(struct store *s, const char *folder, const struct import_how *how,
                 struct import_result *result, struct diag *d)
{
    struct importing i = {.store = s, .how = how, .result = result, .d = d, .left = how->limit};
    struct dirent **names;
    char path[4096];
    int failed = 0;
    int n = scandir(folder, &names, is_segment, by_name);

    if (n < 0)
        return diag_error(d, folder, ": the spool cannot be listed: ", strerror(errno));
    result->more = false;
    for (int k = 0; k < n; k++) {
        if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, names[k]->d_name) < sizeof path)
            failed |= take_segment(&i, path);
        free(names[k]);
    }
    free(names);
    result->more |= i.left == 0;
    return failed ? -1 : 0;
}
