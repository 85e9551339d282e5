#include "record/gaps.h"

#include "core/clock.h"
#include "record/anchor_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* How far a writer has come: its events are numbered through its segments. */
struct writer {
    unsigned char process[8];
    uint64_t last;
    int64_t time;
};

struct looking {
    const char *folder; /* of the day */
    void (*each)(void *to, const struct gap *g);
    void *to;
    struct writer *writers;
    size_t n, room;
    struct writer *now;    /* whose segment is read */
    int64_t minute, beat;  /* the last anchored minute; the one before it */
    struct diag *d;
};

static void say(const struct looking *l, enum gap_kind kind, const int64_t from_to[2], uint64_t number)
{
    const struct gap g = {kind, from_to[0], from_to[1], number};

    l->each(l->to, &g);
}

/* ---- numbers that are missing ---- */

static void take_record(void *to, const struct chain_record *r)
{
    struct looking *l = to;
    struct writer *w = l->now;

    if (!r->sound)
        return;
    if (w->last && r->event.sequence > w->last + 1)
        say(l, GAP_LOST, (const int64_t[]){w->time, r->event.time}, r->event.sequence - w->last - 1);
    w->last = r->event.sequence;
    w->time = r->event.time;
}

static struct writer *writer_of(struct looking *l, const unsigned char process[8])
{
    struct writer *w;

    for (size_t i = 0; i < l->n; i++)
        if (memcmp(l->writers[i].process, process, sizeof l->writers[i].process) == 0)
            return &l->writers[i];
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : 16;
        struct writer *more = realloc(l->writers, room * sizeof *more);

        if (!more)
            return NULL;
        l->writers = more;
        l->room = room;
    }
    w = &l->writers[l->n++];
    *w = (struct writer){.last = 0};
    memcpy(w->process, process, sizeof w->process);
    return w;
}

static int look_at_segment(struct looking *l, const char *name)
{
    struct chain_segment s = {.live = false};
    char path[ANCHOR_PATH];

    if ((size_t)snprintf(path, sizeof path, "%s/%s", l->folder, name) >= sizeof path)
        return diag_error(l->d, l->folder, ": is too long a name", NULL);
    if (chain_read(path, NULL, NULL, &s, l->d) != 0) /* whose it is comes first */
        return -1;
    l->now = writer_of(l, s.header.process);
    if (!l->now)
        return diag_error(l->d, "out of memory", NULL, NULL);
    s = (struct chain_segment){.live = false};
    return chain_read(path, take_record, l, &s, l->d);
}

/* ---- what the anchors tell ---- */

static void take_line(void *to, const struct ledger_line *line)
{
    struct looking *l = to;
    struct str how = ledger_field(line, "how");

    if (l->minute && line->time + GAP_CLOCK_LEAST < l->minute)
        say(l, GAP_CLOCK, (const int64_t[]){line->time, l->minute}, (uint64_t)(l->minute - line->time));
    if (str_eq(how, STR("torn")))
        say(l, GAP_TORN, (const int64_t[]){l->beat ? l->beat : line->time, line->time}, 1);
    else if (str_eq(how, STR("broken")) || str_eq(how, STR("cut")))
        say(l, GAP_BROKEN, (const int64_t[]){l->beat ? l->beat : line->time, line->time}, 0);
    l->minute = line->time;
    if (str_eq(line->word, STR("minute")))
        l->beat = line->time;
}

static int look_at_day(struct looking *l, const char *date)
{
    char path[ANCHOR_PATH], name[32];
    struct ledger_read read;
    struct dirent **names;
    bool there;
    int n, result;

    snprintf(name, sizeof name, "anchors %s", date);
    if ((size_t)snprintf(path, sizeof path, "%s/anchors", l->folder) >= sizeof path)
        return diag_error(l->d, l->folder, ": is too long a name", NULL);
    result = ledger_read(path, name, NULL, take_line, l, &read, &there, l->d);
    n = access(l->folder, F_OK) == 0 ? anchor_segments(l->folder, &names) : 0;
    for (int i = 0; i < n; i++) {
        result |= look_at_segment(l, names[i]->d_name);
        free(names[i]);
    }
    if (n > 0)
        free(names);
    return n < 0 ? diag_error(l->d, l->folder, ": cannot be listed", NULL) : result;
}

int gaps_of(const char *record, const int32_t from_to[2], void (*each)(void *to, const struct gap *g), void *to,
            struct diag *d)
{
    char folder[ANCHOR_PATH], date[ANCHOR_DATE];
    struct looking l = {.folder = folder, .each = each, .to = to, .d = d};
    int result = 0;

    for (int32_t day = from_to[0]; day <= from_to[1] && result == 0; day++) {
        anchor_date(day, date);
        if ((size_t)snprintf(folder, sizeof folder, "%s/days/%s", record, date) >= sizeof folder)
            result = diag_error(d, record, ": is too long a name", NULL);
        else
            result = look_at_day(&l, date);
    }
    free(l.writers);
    return result;
}
