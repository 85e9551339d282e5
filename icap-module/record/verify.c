#include "record/verify_internal.h"

#include "core/clock.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void verify_say(struct verifying *v, enum finding kind, const char *where, const char *format, ...)
{
    char text[512];
    va_list rest;

    va_start(rest, format);
    vsnprintf(text, sizeof text, format, rest);
    va_end(rest);
    if (kind == FINDING_FAIL)
        v->result->fails++;
    else
        v->result->notes++;
    if (v->how->say)
        v->how->say(v->how->to, kind, where, text);
}

void *verify_more(struct verifying *v, void *array, size_t n, size_t *room, size_t size)
{
    size_t wanted = *room ? 2 * *room : 256;
    void *bigger;

    if (n < *room)
        return array;
    bigger = v->no_memory ? NULL : realloc(array, wanted * size);
    if (!bigger)
        v->no_memory = true;
    else
        *room = wanted;
    return bigger;
}

static int begin(struct verifying *v, const struct verify_how *how, struct verify_result *result,
                 struct diag *d)
{
    *result = (struct verify_result){.fails = 0};
    *v = (struct verifying){.how = how, .result = result, .d = d};
    return seal_init(d);
}

static void end(struct verifying *v)
{
    free(v->anchors);
    free(v->roots);
    free(v->segments);
}

/* ---- one day ---- */

static bool is_there(const struct verifying *v, const struct anchor_row *last)
{
    return verify_is_there(v, last->name);
}

static void check_sum(struct verifying *v, const char *folder, const struct root_row *root)
{
    struct anchor_day sum;
    struct diag ignored;

    diag_init(&ignored); /* what cannot be read has been said */
    if (anchor_sum(folder, &sum, &ignored) == 0 && memcmp(sum.digest, root->digest, CHAIN_HASH) == 0)
        return;
    verify_say(v, FINDING_FAIL, root->date,
               "is not what its root tells of: %llu segment(s) with %llu records, and the root was made of "
               "%llu with %llu",
               (unsigned long long)sum.segments, (unsigned long long)sum.records,
               (unsigned long long)root->segments, (unsigned long long)root->records);
}

static int check_day(struct verifying *v, const char *record, const char *date)
{
    struct root_row *root = verify_root_of(v, date);
    struct ledger_read close;
    struct dirent **names = NULL;
    char folder[ANCHOR_PATH], path[ANCHOR_PATH + 300];
    int n;

    if ((size_t)snprintf(folder, sizeof folder, "%s/days/%s", record, date) >= sizeof folder)
        return diag_error(v->d, record, ": is too long a name", NULL);
    if (root)
        root->seen = true;
    if (root && root->receipt) {
        verify_say(v, FINDING_NOTE, date, "is erased by its receipt, and not all of it is gone yet");
        v->result->erased++;
        return 0;
    }
    v->result->days++;
    if (verify_anchors(v, record, date, &close) != 0)
        return -1;
    if (root && memcmp(close.head.hash, root->anchors, CHAIN_HASH) != 0)
        verify_say(v, FINDING_FAIL, date,
                   "its anchors are not those that its root tells of: lines were changed or removed");
    n = anchor_segments(folder, &names);
    if (n < 0)
        return diag_error(v->d, folder, ": cannot be listed: ", strerror(errno));
    for (int i = 0; names && i < n; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        verify_segment(v, path, root != NULL);
        free(names[i]);
    }
    free(names);
    if (root)
        check_sum(v, folder, root);
    else
        verify_say(v, FINDING_NOTE, date, "has no root yet");
    verify_drop_anchors(v, is_there);
    return v->no_memory ? diag_error(v->d, "out of memory", NULL, NULL) : 0;
}

static int is_day(const struct dirent *entry)
{
    int64_t noon;

    return strlen(entry->d_name) == ANCHOR_DATE - 1 && clock_parse(str_of(entry->d_name), &noon) == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int list_days(const char *record, struct dirent ***names, struct diag *d)
{
    char path[ANCHOR_PATH];
    int n;

    if ((size_t)snprintf(path, sizeof path, "%s/days", record) >= sizeof path)
        return diag_error(d, record, ": is too long a name", NULL);
    n = scandir(path, names, is_day, by_name);
    return n < 0 ? diag_error(d, path, ": is no record folder: ", strerror(errno)) : n;
}

static int check_days(struct verifying *v, const char *record)
{
    struct dirent **names = NULL;
    int n = list_days(record, &names, v->d), result = 0;

    if (n < 0)
        return -1;
    for (int i = 0; names && i < n; i++) {
        if (result == 0)
            result = check_day(v, record, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    return result;
}

/* Days with a root that are not here. */
static void check_absent(struct verifying *v)
{
    for (size_t i = 0; i < v->n_roots; i++) {
        const struct root_row *root = &v->roots[i];

        if (root->seen || (v->from[0] && (strcmp(root->date, v->from) < 0 || strcmp(root->date, v->to) > 0)))
            continue;
        if (root->receipt)
            v->result->erased++;
        else
            verify_say(v, FINDING_FAIL, root->date,
                       "is missing: it has a root, and no receipt says that it was erased");
    }
}

int verify_record(const char *folder, const struct verify_how *how, struct verify_result *result,
                  struct diag *d)
{
    struct verifying v;
    int done = -1;

    if (begin(&v, how, result, d) == 0 && verify_lists(&v, folder) == 0 && verify_manifest(&v, folder) == 0 &&
        check_days(&v, folder) == 0) {
        check_absent(&v);
        verify_missing(&v, false);
        verify_links(&v);
        done = 0;
    }
    end(&v);
    return done;
}

/* ---- a spool ---- */

static bool is_kept(const struct verifying *v, const struct anchor_row *last)
{
    (void)v;
    return last->is_end;
}

static int read_anchors(struct verifying *v, const char *record)
{
    struct dirent **names = NULL;
    int n = list_days(record, &names, v->d), result = 0;

    if (n < 0)
        return -1;
    for (int i = 0; names && i < n; i++) {
        struct ledger_read close;

        if (result == 0)
            result = verify_anchors(v, record, names[i]->d_name, &close);
        if (i + 1 < n) /* of the last day all are kept: a segment may lie in both places */
            verify_drop_anchors(v, is_kept);
        free(names[i]);
    }
    free(names);
    return result;
}

int verify_spool(const char *folder, const struct verify_how *how, struct verify_result *result,
                 struct diag *d)
{
    struct verifying v;
    struct dirent **names = NULL;
    char path[ANCHOR_PATH];
    int n, done = -1;

    if (begin(&v, how, result, d) != 0)
        return -1;
    n = anchor_segments(folder, &names);
    if (n < 0)
        diag_error(d, folder, ": the spool cannot be listed: ", strerror(errno));
    else if (!how->record || (verify_lists(&v, how->record) == 0 && read_anchors(&v, how->record) == 0))
        done = 0;
    for (int i = 0; names && i < n; i++) {
        if (done == 0 && (size_t)snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name) < sizeof path)
            verify_segment(&v, path, false);
        free(names[i]);
    }
    free(names);
    if (done == 0)
        verify_missing(&v, true);
    if (done == 0 && !how->record)
        verify_say(&v, FINDING_NOTE, folder,
                   "without a record folder (--record) there are no anchors: only sums were checked");
    end(&v);
    return v.no_memory ? diag_error(d, "out of memory", NULL, NULL) : done;
}
