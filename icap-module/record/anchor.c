/* Each minute's heads. Days, roots and receipts: anchor_day.c. */
#include "record/anchor_internal.h"

#include "core/clock.h"
#include "record/file.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { DAY = 86400, HOUR = 3600 };

static const char *const ends[] = {[CHAIN_OPEN] = "open",
                                   [CHAIN_CLOSED] = "closed",
                                   [CHAIN_TORN] = "torn",
                                   [CHAIN_BROKEN] = "broken",
                                   [CHAIN_CUT] = "cut"};

void anchor_date(int32_t day, char to[ANCHOR_DATE])
{
    clock_format_date(day, to);
    to[ANCHOR_DATE - 1] = '\0';
}

int anchor_day_path(const struct anchor *a, int32_t day, const char *name, char path[ANCHOR_PATH],
                    struct diag *d)
{
    char date[ANCHOR_DATE];
    int n;

    anchor_date(day, date);
    n = snprintf(path, ANCHOR_PATH, "%s/days/%s", a->how.record, date);
    if (n >= ANCHOR_PATH - ANCHOR_NAME)
        return diag_error(d, a->how.record, ": is too long a name", NULL);
    if (name)
        snprintf(path + n, ANCHOR_PATH - (size_t)n, "/%s", name);
    return 0;
}

int anchor_day_make(const struct anchor *a, int32_t day, struct diag *d)
{
    char path[ANCHOR_PATH];

    if (anchor_day_path(a, day, NULL, path, d) != 0)
        return -1;
    return access(path, X_OK) == 0 ? 0 : file_make_folder(path, d);
}

int32_t anchor_today(const struct anchor *a, int64_t now)
{
    int32_t today = clock_local(now).day;

    return a->rooted != INT32_MIN && today <= a->rooted ? a->rooted + 1 : today;
}

int32_t anchor_day_of(const struct anchor *a, const struct segment_header *h, int64_t now)
{
    int32_t today = anchor_today(a, now), day = clock_local(h->created).day;

    return day > today || (a->rooted != INT32_MIN && day <= a->rooted) ? today : day;
}

int anchor_list(const struct anchor *a, int32_t day, struct ledger **l, struct diag *d)
{
    char path[ANCHOR_PATH], name[32], date[ANCHOR_DATE];

    anchor_date(day, date);
    snprintf(name, sizeof name, "anchors %s", date);
    return anchor_day_make(a, day, d) != 0 || anchor_day_path(a, day, "anchors", path, d) != 0
               ? -1
               : ledger_begin(path, name, l, d);
}

void anchor_put(struct ledger *l, int64_t now, const char *word, const char *segment,
                const struct chain_segment *s)
{
    char at[24], records[24], last[24], head[2 * CHAIN_HASH + 1];
    struct ledger_field fields[] = {{"segment", str_of(segment)}, {"at", {at, 0}},
                                    {"records", {records, 0}},    {"last", {last, 0}},
                                    {"head", {head, 0}},          {"how", str_of(ends[s->end])}};
    const bool is_end = strcmp(word, "end") == 0;

    chain_hex(s->head.hash, head);
    fields[1].value.n = (size_t)snprintf(at, sizeof at, "%llu", (unsigned long long)s->head.at);
    fields[2].value.n =
        (size_t)snprintf(records, sizeof records, "%llu", (unsigned long long)s->head.records);
    fields[3].value.n = (size_t)snprintf(last, sizeof last, "%llu", (unsigned long long)s->head.last);
    fields[4].value = str_of(head);
    ledger_put(l, now, word, fields, is_end ? 6 : 5, NULL);
}

static int is_segment(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name), suffix = strlen(SEGMENT_SUFFIX);

    return n > suffix && n < ANCHOR_NAME && strcmp(entry->d_name + n - suffix, SEGMENT_SUFFIX) == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

int anchor_segments(const char *folder, struct dirent ***names)
{
    return scandir(folder, names, is_segment, by_name);
}

struct anchored *anchor_find(struct anchor *a, const char *name)
{
    for (size_t i = 0; i < a->n; i++)
        if (strcmp(a->known[i].name, name) == 0)
            return &a->known[i];
    return NULL;
}

static struct anchored *know(struct anchor *a, const char *name)
{
    struct anchored *k = anchor_find(a, name);

    if (k)
        return k;
    if (a->n == a->room) {
        size_t room = a->room ? 2 * a->room : 64;
        struct anchored *bigger = realloc(a->known, room * sizeof *bigger);

        if (!bigger)
            return NULL;
        a->known = bigger;
        a->room = room;
    }
    k = &a->known[a->n++];
    *k = (struct anchored){.seen = true};
    snprintf(k->name, sizeof k->name, "%s", name);
    return k;
}

/* Segments that are in no spool any more are forgotten. */
static void forget(struct anchor *a)
{
    size_t n = 0;

    for (size_t i = 0; i < a->n; i++)
        if (a->known[i].seen)
            a->known[n++] = a->known[i];
    a->n = n;
    for (size_t i = 0; i < n; i++)
        a->known[i].seen = false;
}

/* One minute's lines: one list at a time, that of the day whose segments are being looked at. */
struct minute {
    struct anchor *a;
    int64_t now;
    struct ledger *list;
    int32_t day;
    uint64_t grown, segments;
    struct diag *d;
};

static void put_minute(struct minute *m)
{
    char grown[24], segments[24];
    const struct ledger_field fields[] = {
        {"grown", {grown, (size_t)snprintf(grown, sizeof grown, "%llu", (unsigned long long)m->grown)}},
        {"segments",
         {segments, (size_t)snprintf(segments, sizeof segments, "%llu", (unsigned long long)m->segments)}}};

    ledger_put(m->list, m->now, "minute", fields, 2, m->a->how.key);
}

static int end_list(struct minute *m)
{
    struct ledger *l = m->list;

    if (!l)
        return 0;
    put_minute(m);
    m->list = NULL;
    m->grown = 0;
    return ledger_end(l, NULL, m->d);
}

static int take_list(struct minute *m, int32_t day)
{
    if (m->list && m->day == day)
        return 0;
    if (end_list(m) != 0)
        return -1;
    m->day = day;
    return anchor_list(m->a, day, &m->list, m->d);
}

static int look_at(struct minute *m, const char *folder, const char *name)
{
    struct anchored *k = know(m->a, name);
    struct chain_segment s = {.live = false};
    char path[ANCHOR_PATH];

    if (!k || (size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
        return diag_error(m->d, name, ": cannot be looked at", NULL);
    k->seen = true;
    m->segments++;
    s.head = k->head;
    if (access(path, F_OK) != 0)
        return 0; /* imported since it was listed */
    if (chain_read(path, NULL, NULL, &s, m->d) != 0)
        return -1;
    if (s.end == CHAIN_CUT && k->head.at)
        return diag_error(m->d, path, ": is shorter than it was when it was anchored", NULL);
    if (s.head.at == k->head.at)
        return 0;
    if (take_list(m, anchor_day_of(m->a, &s.header, m->now)) != 0)
        return -1;
    anchor_put(m->list, m->now, "head", name, &s);
    m->grown++;
    k->head = s.head;
    return 0;
}

static int look_at_spool(struct minute *m, const char *folder)
{
    struct dirent **names;
    int n = anchor_segments(folder, &names), result = 0;

    if (n < 0)
        return diag_error(m->d, folder, ": the spool cannot be listed: ", strerror(errno));
    for (int i = 0; i < n; i++) {
        result |= look_at(m, folder, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    return result;
}

/* UTC second of local midnight. */
static int64_t midnight(int32_t day)
{
    int64_t t = (int64_t)day * DAY;

    return clock_local(t - HOUR).day == day ? t - HOUR : t;
}

/* Days that are over, one after the other. */
static int close_days(struct anchor *a, int64_t now, struct diag *d)
{
    int32_t today = clock_local(now).day;

    if (a->rooted == INT32_MIN)
        return 0;
    while (a->rooted < today - 1 && now >= midnight(a->rooted + 2) + ANCHOR_SETTLE)
        if (anchor_root(a, a->rooted + 1, now, d) != 0)
            return -1;
    return 0;
}

int anchor_minute(struct anchor *a, int64_t now, struct diag *d)
{
    struct minute m = {.a = a, .now = now, .d = d};
    int32_t today = anchor_today(a, now);
    int result = 0;

    for (size_t i = 0; i < a->how.n_spools; i++)
        result |= look_at_spool(&m, a->how.spools[i]);
    if (!m.list || m.day != today) /* a minute is anchored also when nothing has grown */
        result |= take_list(&m, today);
    result |= end_list(&m);
    forget(a);
    if (a->rooted == INT32_MIN)
        a->rooted = today - 1; /* the record begins today */
    return close_days(a, now, d) != 0 || result != 0 ? -1 : 0;
}

/* ---- opening ---- */

static void take_root(void *to, const struct ledger_line *line)
{
    struct anchor *a = to;
    char date[ANCHOR_DATE] = "";
    int64_t noon;

    diag_copy(date, sizeof date, ledger_field(line, "day"));
    if (clock_parse(str_of(date), &noon) == 0)
        a->rooted = clock_local(noon).day;
}

/* The day before the first that anything was kept of. */
static void find_first(struct anchor *a)
{
    char path[ANCHOR_PATH];
    struct dirent **names;
    int64_t noon;
    int n;

    snprintf(path, sizeof path, "%s/days", a->how.record);
    n = scandir(path, &names, NULL, by_name);
    for (int i = 0; i < n; i++) {
        struct str date = str_of(names[i]->d_name);

        if (a->rooted == INT32_MIN && date.n == ANCHOR_DATE - 1 && clock_parse(date, &noon) == 0)
            a->rooted = clock_local(noon).day - 1;
        free(names[i]);
    }
    if (n >= 0)
        free(names);
}

static int own(const struct anchor *a, struct diag *d)
{
    unsigned char public[SIGN_PUBLIC];
    char path[ANCHOR_PATH];

    snprintf(path, sizeof path, "%s/public.key", a->how.record);
    if (access(path, F_OK) != 0)
        return sign_public_write(path, a->how.key->public, d);
    if (sign_public_read(path, public, d) != 0)
        return -1;
    return memcmp(public, a->how.key->public, sizeof public) == 0
               ? 0
               : diag_error(d, path,
                            ": this record is signed with another key: give that one, or begin a record "
                            "folder of its own",
                            NULL);
}

int anchor_open(const struct anchor_how *how, struct anchor **made, struct diag *d)
{
    struct anchor *a = calloc(1, sizeof *a);
    struct ledger_read read;
    char path[ANCHOR_PATH];
    bool there;

    *made = NULL;
    if (!a)
        return diag_error(d, "out of memory", NULL, NULL);
    a->how = *how;
    a->rooted = INT32_MIN;
    if ((size_t)snprintf(path, sizeof path, "%s/days", how->record) >= sizeof path - ANCHOR_NAME ||
        file_make_folder(path, d) != 0 || own(a, d) != 0)
        goto out;
    snprintf(path, sizeof path, "%s/roots", how->record);
    if (ledger_read(path, "roots", how->key->public, take_root, a, &read, &there, d) != 0)
        goto out;
    if (read.fault != LEDGER_SOUND && read.fault != LEDGER_TORN) {
        diag_error(d, path, ": a line ", ledger_fault_words(read.fault));
        goto out;
    }
    if (a->rooted == INT32_MIN)
        find_first(a);
    *made = a;
    return 0;
out:
    free(a);
    return -1;
}

void anchor_close(struct anchor *a)
{
    if (!a)
        return;
    free(a->known);
    free(a);
}
