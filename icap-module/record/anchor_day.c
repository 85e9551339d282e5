/* Segments that are kept, daily roots, and erasure with receipts. */
#include "record/anchor_internal.h"

#include "core/clock.h"
#include "record/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const unsigned char purpose_day[crypto_generichash_blake2b_PERSONALBYTES] = "portreeve-root";

/* What is used of a segment, and how it ends: 8 bytes more. */
static int copy_used(const char *from, const char *to, const struct chain_segment *s, struct diag *d)
{
    const uint32_t ends[2] = {s->end == CHAIN_CLOSED ? RECORD_END : 0, 0};
    unsigned char *bytes = NULL;
    size_t n = (size_t)s->head.at, size;
    bool there;
    char *text;
    int result;

    if (file_read_all(from, SIZE_MAX >> 1, &text, &size, &there, d) != 0 || !there)
        return -1;
    bytes = size >= n ? realloc(text, n + sizeof ends) : NULL;
    if (!bytes) {
        free(text);
        return diag_error(d, from, ": cannot be kept: it has become shorter, or there is no memory", NULL);
    }
    memcpy(bytes + n, ends, sizeof ends);
    result = file_replace(to, bytes, n + sizeof ends, d);
    free(bytes);
    return result;
}

/* Whether the day's folder has it already, up to the same head. */
static bool is_kept(const char *path, const struct chain_segment *s)
{
    struct chain_segment kept = {.live = false};
    struct diag ignored;

    diag_init(&ignored);
    return access(path, F_OK) == 0 && chain_read(path, NULL, NULL, &kept, &ignored) == 0 &&
           kept.head.at == s->head.at && memcmp(kept.head.hash, s->head.hash, CHAIN_HASH) == 0;
}

int anchor_keep(struct anchor *a, const char *path, int64_t now, struct diag *d)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const struct anchored *k = anchor_find(a, name);
    struct chain_segment s = {.live = false};
    char kept[ANCHOR_PATH];
    struct ledger *l;
    int32_t day;

    if (k)
        s.head = k->head;
    if (chain_read(path, NULL, NULL, &s, d) != 0)
        return -1;
    day = clock_local(s.header.created).day; /* perhaps kept when its day was closed */
    if (anchor_day_path(a, day, name, kept, d) != 0)
        return -1;
    if (is_kept(kept, &s))
        return 0;
    day = anchor_day_of(a, &s.header, now);
    if (anchor_day_make(a, day, d) != 0 || anchor_day_path(a, day, name, kept, d) != 0)
        return -1;
    if (is_kept(kept, &s))
        return 0;
    /* The line first: killed between the two, the next attempt writes both. */
    if (anchor_list(a, day, &l, d) != 0)
        return -1;
    anchor_put(l, now, "end", name, &s);
    return ledger_end(l, NULL, d) != 0 ? -1 : copy_used(path, kept, &s, d);
}

/* ---- roots ---- */

struct day_sum {
    crypto_generichash_blake2b_state state;
    uint64_t segments, records;
};

static int add_segment(struct day_sum *sum, const char *folder, const char *name, struct diag *d)
{
    struct chain_segment s = {.live = false};
    char path[ANCHOR_PATH], line[ANCHOR_PATH], head[2 * CHAIN_HASH + 1];
    size_t n;

    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path ||
        chain_read(path, NULL, NULL, &s, d) != 0)
        return -1;
    chain_hex(s.head.hash, head);
    n = (size_t)snprintf(line, sizeof line, "%s %llu %llu %s\n", name, (unsigned long long)s.head.at,
                         (unsigned long long)s.head.records, head);
    crypto_generichash_blake2b_update(&sum->state, (const unsigned char *)line, n);
    sum->segments++;
    sum->records += s.head.records;
    return 0;
}

int anchor_sum(const char *folder, struct anchor_day *day, struct diag *d)
{
    struct day_sum sum = {.segments = 0};
    struct dirent **names;
    int n = anchor_segments(folder, &names), result = 0;

    crypto_generichash_blake2b_init_salt_personal(&sum.state, NULL, 0, CHAIN_HASH, NULL, purpose_day);
    for (int i = 0; i < n; i++) {
        result |= add_segment(&sum, folder, names[i]->d_name, d);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    crypto_generichash_blake2b_final(&sum.state, day->digest, CHAIN_HASH);
    day->segments = sum.segments;
    day->records = sum.records;
    return n < 0 ? diag_error(d, folder, ": cannot be listed: ", strerror(errno)) : result;
}

/* What lies in a spool of that day or one before it. Nothing is appended to it any more. */
static int keep_left(struct anchor *a, const char *spool, int32_t day, int64_t now, struct diag *d)
{
    struct dirent **names;
    int n = anchor_segments(spool, &names), result = 0;

    if (n < 0)
        return diag_error(d, spool, ": the spool cannot be listed: ", strerror(errno));
    for (int i = 0; i < n; i++) {
        struct chain_segment s = {.live = false};
        const struct anchored *k = anchor_find(a, names[i]->d_name);
        char path[ANCHOR_PATH];
        struct diag ignored;

        diag_init(&ignored); /* what is no segment holds up no root */
        if (k)
            s.head = k->head;
        if ((size_t)snprintf(path, sizeof path, "%s/%s", spool, names[i]->d_name) < sizeof path &&
            chain_read(path, NULL, NULL, &s, &ignored) == 0 && s.head.records &&
            clock_local(s.header.created).day <= day)
            result |= anchor_keep(a, path, now, d);
        free(names[i]);
    }
    free(names);
    return result;
}

/* The segments made from now on tell of it. */
static int tell_spools(const struct anchor *a, struct diag *d)
{
    char path[ANCHOR_PATH];
    int result = 0;

    for (size_t i = 0; i < a->how.n_spools; i++)
        if ((size_t)snprintf(path, sizeof path, "%s/%s", a->how.spools[i], SEGMENT_ROOT) < sizeof path)
            result |= file_replace(path, a->roots.hash, CHAIN_HASH, d);
    return result;
}

static int put_root(struct anchor *a, int32_t day, const struct anchor_day *sum, int64_t now, struct diag *d)
{
    char date[ANCHOR_DATE], segments[24], records[24], digest[2 * CHAIN_HASH + 1],
        anchors[2 * CHAIN_HASH + 1], access_head[2 * CHAIN_HASH + 1], lines[24], path[ANCHOR_PATH];
    struct ledger_field fields[8];
    struct ledger_read read;
    bool there;

    anchor_date(day, date);
    snprintf(segments, sizeof segments, "%llu", (unsigned long long)sum->segments);
    snprintf(records, sizeof records, "%llu", (unsigned long long)sum->records);
    chain_hex(sum->digest, digest);
    chain_hex(sum->anchors, anchors);
    fields[0] = (struct ledger_field){"day", str_of(date)};
    fields[1] = (struct ledger_field){"segments", str_of(segments)};
    fields[2] = (struct ledger_field){"records", str_of(records)};
    fields[3] = (struct ledger_field){"digest", str_of(digest)};
    fields[4] = (struct ledger_field){"anchors", str_of(anchors)};
    snprintf(path, sizeof path, "%s/access", a->how.record);
    if (ledger_read(path, "access", NULL, NULL, NULL, &read, &there, d) != 0)
        there = false;
    if (there) {
        chain_hex(read.head.hash, access_head);
        snprintf(lines, sizeof lines, "%llu", (unsigned long long)read.head.lines);
        fields[5] = (struct ledger_field){"access", str_of(access_head)};
        fields[6] = (struct ledger_field){"access-lines", str_of(lines)};
    }
    snprintf(path, sizeof path, "%s/roots", a->how.record);
    return ledger_add(path, "roots", now, "root", fields, there ? 7 : 5, a->how.key, &a->roots, d);
}

int anchor_root(struct anchor *a, int32_t day, int64_t now, struct diag *d)
{
    struct anchor_day sum;
    struct ledger_head anchors;
    struct ledger *l;
    char folder[ANCHOR_PATH];
    int result = 0;

    for (size_t i = 0; i < a->how.n_spools; i++)
        result |= keep_left(a, a->how.spools[i], day, now, d);
    if (result != 0 || anchor_list(a, day, &l, d) != 0)
        return -1;
    ledger_put(l, now, "close", NULL, 0, a->how.key);
    if (ledger_end(l, &anchors, d) != 0 || anchor_day_path(a, day, NULL, folder, d) != 0 ||
        anchor_sum(folder, &sum, d) != 0)
        return -1;
    memcpy(sum.anchors, anchors.hash, CHAIN_HASH);
    if (put_root(a, day, &sum, now, d) != 0)
        return -1;
    a->rooted = day;
    return tell_spools(a, d);
}

/* ---- erasure ---- */

struct erasing {
    const char *date;
    bool found;
    char segments[24], records[24], digest[2 * CHAIN_HASH + 1], root[2 * CHAIN_HASH + 1];
};

static void find_root(void *to, const struct ledger_line *line)
{
    struct erasing *e = to;

    if (!str_eq(ledger_field(line, "day"), str_of(e->date)))
        return;
    e->found = true;
    diag_copy(e->segments, sizeof e->segments, ledger_field(line, "segments"));
    diag_copy(e->records, sizeof e->records, ledger_field(line, "records"));
    diag_copy(e->digest, sizeof e->digest, ledger_field(line, "digest"));
    chain_hex(line->hash, e->root);
}

static void find_receipt(void *to, const struct ledger_line *line)
{
    struct erasing *e = to;

    e->found |= str_eq(ledger_field(line, "day"), str_of(e->date));
}

static int empty_folder(const char *folder, struct diag *d)
{
    char path[ANCHOR_PATH];
    const struct dirent *entry;
    DIR *entries = opendir(folder);
    int result = 0;

    if (!entries)
        return diag_error(d, folder, ": cannot be listed: ", strerror(errno));
    while ((entry = readdir(entries)) != NULL)
        if (entry->d_name[0] != '.' &&
            ((size_t)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= sizeof path ||
             unlink(path) != 0))
            result = diag_error(d, path, ": cannot be erased: ", strerror(errno));
    closedir(entries);
    return result == 0 && rmdir(folder) != 0 ? diag_error(d, folder, ": cannot be erased: ", strerror(errno))
                                             : result;
}

/* The receipt first: if the power goes between the two, the next run finds it and goes on. */
static int erase_day(const struct anchor *a, const char *folder, const char *date, const char *reason,
                     int64_t now, struct diag *d)
{
    struct erasing root = {.date = date}, receipt = {.date = date};
    struct ledger_read read;
    char path[ANCHOR_PATH];
    bool there;

    snprintf(path, sizeof path, "%s/roots", a->how.record);
    if (ledger_read(path, "roots", a->how.key->public, find_root, &root, &read, &there, d) != 0)
        return -1;
    if (!root.found)
        return diag_error(d, folder, ": has no root, and so is not erased", NULL);
    snprintf(path, sizeof path, "%s/receipts", a->how.record);
    if (ledger_read(path, "receipts", a->how.key->public, find_receipt, &receipt, &read, &there, d) != 0)
        return -1;
    if (!receipt.found) {
        const struct ledger_field fields[] = {{"day", str_of(date)},
                                              {"segments", str_of(root.segments)},
                                              {"records", str_of(root.records)},
                                              {"digest", str_of(root.digest)},
                                              {"root", str_of(root.root)},
                                              {"reason", str_of(reason)}};

        if (ledger_add(path, "receipts", now, "erased", fields, 6, a->how.key, NULL, d) != 0)
            return -1;
    }
    return empty_folder(folder, d);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

int anchor_erase(struct anchor *a, int32_t before, const char *reason, int64_t now, unsigned *erased,
                 struct diag *d)
{
    char path[ANCHOR_PATH], hold[ANCHOR_PATH + 8];
    struct dirent **names;
    int64_t noon;
    int n, result = 0;

    *erased = 0;
    snprintf(path, sizeof path, "%s/days", a->how.record);
    n = scandir(path, &names, NULL, by_name);
    if (n < 0)
        return diag_error(d, path, ": cannot be listed: ", strerror(errno));
    for (int i = 0; i < n; i++) {
        const char *date = names[i]->d_name;
        int32_t day = strlen(date) == ANCHOR_DATE - 1 && clock_parse(str_of(date), &noon) == 0
                          ? clock_local(noon).day
                          : INT32_MAX;

        if (day < before && a->rooted != INT32_MIN && day <= a->rooted &&
            (size_t)snprintf(path, sizeof path, "%s/days/%s", a->how.record, date) < sizeof path) {
            snprintf(hold, sizeof hold, "%s/hold", path);
            if (access(hold, F_OK) != 0) {
                int failed = erase_day(a, path, date, reason, now, d);

                result |= failed;
                *erased += failed == 0;
            }
        }
        free(names[i]);
    }
    free(names);
    return result;
}
