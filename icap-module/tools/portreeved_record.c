/* The record folder: anchors each minute, a root each day, erasure when its time has come. */
#include "core/clock.h"
#include "record/accesslog.h"
#include "record/anchor.h"
#include "record/epoch.h"
#include "record/file.h"
#include "tools/portreeved.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

struct daemon_record {
    struct anchor *anchor;
    struct sign_key key;
    int64_t anchored, erased;
    uint64_t days; /* 0 = for ever */
    unsigned access_days;
    const char *folder;
};

int daemon_record_open(const struct daemon_options *o, struct daemon_record **made, struct diag *d)
{
    struct daemon_record *r;
    struct anchor_how how = {.record = o->record, .spools = o->spools, .n_spools = o->n_spools};

    *made = NULL;
    if (!o->record)
        return 0;
    r = calloc(1, sizeof *r);
    if (!r)
        return diag_error(d, "out of memory", NULL, NULL);
    r->folder = o->record;
    how.key = &r->key;
    r->access_days = o->access_days;
    r->days = o->keep_days[KEEP_EVENTS]; /* evidence of what is erased would be what is erased */
    if ((!o->record_days || str_u64(str_of(o->record_days), &r->days)) &&
        sign_key_read(o->signing_key, &r->key, d) == 0 && anchor_open(&how, &r->anchor, d) == 0) {
        *made = r;
        return 0;
    }
    sign_key_wipe(&r->key);
    free(r);
    return -1;
}

void daemon_record_close(struct daemon_record *r, int64_t now)
{
    struct diag d;

    if (!r)
        return;
    diag_init(&d);
    if (anchor_minute(r->anchor, now, &d) != 0)
        for (unsigned i = 0; i < d.n; i++)
            fprintf(stderr, "portreeved: %s\n", d.messages[i].text);
    anchor_close(r->anchor);
    sign_key_wipe(&r->key);
    free(r);
}

int daemon_record_keep(void *to, const char *path, struct diag *d)
{
    struct daemon_record *r = to;

    return anchor_keep(r->anchor, path, (int64_t)time(NULL), d);
}

static void erase_days(struct daemon_record *r, int64_t now, struct diag *d)
{
    unsigned erased;

    if (!r->days)
        return;
    anchor_erase(r->anchor, clock_local(now).day - (int32_t)r->days, "retention", now, &erased, d);
    if (erased)
        fprintf(stderr, "portreeved: %s: %u day(s) erased, older than %llu days; see 'receipts' there\n",
                r->folder, erased, (unsigned long long)r->days);
}

/* Who looked at what has a time of its own. */
static void erase_looks(struct daemon_record *r, int64_t now, struct diag *d)
{
    char path[4096];
    const struct ledger_cut c = {.path = path,
                                 .name = ACCESSLOG_NAME,
                                 .before = epoch_midnight(clock_local(now).day - (int32_t)r->access_days),
                                 .now = now,
                                 .key = &r->key};
    uint64_t erased;

    if ((size_t)snprintf(path, sizeof path, "%s/" ACCESSLOG_NAME, r->folder) < sizeof path && ledger_cut(&c, &erased, d) == 0 &&
        erased)
        fprintf(stderr, "portreeved: %s: %llu line(s) erased, older than %u days; its first line is the receipt\n", path,
                (unsigned long long)erased, r->access_days);
}

/* ---- legal holds ---- */

#define MARK "held by the store's legal holds\n"

enum { HOLDS_MAX = 4096 };

/* Local days that some hold keeps: first, last. */
struct held_days {
    int32_t days[HOLDS_MAX][2];
    size_t n;
    bool full;
};

static void take_hold(void *to, const struct hold *h)
{
    struct held_days *held = to;

    held->full |= held->n == HOLDS_MAX;
    if (held->full)
        return;
    held->days[held->n][0] = clock_local(h->from).day;
    held->days[held->n][1] = clock_local(h->until - 1).day;
    held->n++;
}

static bool keeps(const struct held_days *held, int32_t day)
{
    for (size_t i = 0; i < held->n; i++)
        if (held->days[i][0] <= day && day <= held->days[i][1])
            return true;
    return held->full;
}

/* A day's mark is as the holds are; one that somebody has put there by hand is left alone. */
static int mark_day(const char *path, bool keep, struct diag *d)
{
    char *text = NULL;
    size_t size;
    bool there;
    int result = 0;

    if (file_read_all(path, sizeof MARK * 4, &text, &size, &there, d) != 0)
        return -1;
    if (keep && !there)
        result = file_replace(path, MARK, sizeof MARK - 1, d);
    else if (!keep && there && size == sizeof MARK - 1 && memcmp(text, MARK, size) == 0 && unlink(path) != 0)
        result = diag_error(d, path, ": cannot be taken away: ", strerror(errno));
    free(text);
    return result;
}

static int mark_days(const struct daemon_record *r, const struct held_days *held, struct diag *d)
{
    char path[4096];
    const struct dirent *e;
    int64_t noon;
    int result = 0;
    DIR *days;

    if ((size_t)snprintf(path, sizeof path, "%s/days", r->folder) >= sizeof path || !(days = opendir(path)))
        return diag_error(d, r->folder, ": its days cannot be listed", NULL);
    while ((e = readdir(days)) != NULL)
        if (strlen(e->d_name) == 10 && clock_parse(str_of(e->d_name), &noon) == 0 &&
            (size_t)snprintf(path, sizeof path, "%s/days/%s/hold", r->folder, e->d_name) < sizeof path)
            result |= mark_day(path, keeps(held, clock_local(noon).day), d);
    closedir(days);
    return result;
}

/* 0: the record's days are marked as the store's holds ask for. */
static int mark_holds(const struct daemon_record *r, struct store *s, struct diag *d)
{
    struct held_days *held = calloc(1, sizeof *held);
    int result = -1;

    if (!held)
        diag_error(d, "out of memory: no day of the record is erased", NULL, NULL);
    else if (store_holds(s, take_hold, held, d) == 0)
        result = mark_days(r, held, d);
    free(held);
    return result;
}

static void erase(struct daemon_record *r, struct store *s, int64_t now, struct diag *d)
{
    enum { HOUR = 3600 };

    if (now - r->erased < HOUR)
        return;
    r->erased = now;
    if (mark_holds(r, s, d) == 0) /* what cannot be told to be free is kept */
        erase_days(r, now, d);
    erase_looks(r, now, d);
}

void daemon_record_step(struct daemon_record *r, struct store *s, int64_t now, struct diag *d)
{
    if (!r || (now >= r->anchored && now - r->anchored < ANCHOR_EVERY))
        return;
    r->anchored = now;
    anchor_minute(r->anchor, now, d);
    erase(r, s, now, d);
}
