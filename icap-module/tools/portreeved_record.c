/* The record folder: anchors each minute, a root each day, erasure when its time has come. */
#include "core/clock.h"
#include "record/accesslog.h"
#include "record/anchor.h"
#include "record/epoch.h"
#include "tools/portreeved.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

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

static void erase(struct daemon_record *r, int64_t now, struct diag *d)
{
    enum { HOUR = 3600 };

    if (now - r->erased < HOUR)
        return;
    r->erased = now;
    erase_days(r, now, d);
    erase_looks(r, now, d);
}

void daemon_record_step(struct daemon_record *r, int64_t now, struct diag *d)
{
    if (!r || (now >= r->anchored && now - r->anchored < ANCHOR_EVERY))
        return;
    r->anchored = now;
    anchor_minute(r->anchor, now, d);
    erase(r, now, d);
}
