#include "record/bundle.h"

#include "record/anchor_internal.h"
#include "record/file.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH = 4 };

bool bundle_name(struct str name)
{
    if (name.n == 0 || name.n > 300)
        return false;
    while (name.n) {
        struct str part = str_cut(&name, '/');

        if (part.n == 0 || str_eq(part, STR("..")) || str_eq(part, STR(".")))
            return false;
        for (size_t i = 0; i < part.n; i++) {
            char c = part.p[i];

            if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                  c == '_' || c == '.'))
                return false;
        }
    }
    return true;
}

int bundle_sha256(const char *path, unsigned char out[32], struct diag *d)
{
    char *text;
    size_t size;
    bool there;

    if (file_read_all(path, SIZE_MAX >> 1, &text, &size, &there, d) != 0)
        return -1;
    if (!there)
        return diag_error(d, path, ": is missing", NULL);
    crypto_hash_sha256(out, (const unsigned char *)text, size);
    free(text);
    return 0;
}

/* ---- walking ---- */

struct walking {
    const char *folder;
    int (*each)(struct walking *w, const char *name, const struct stat *st);
    struct ledger *list;
    uint64_t files;
    int64_t now;
    struct diag *d;
};

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_visible(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* NOLINTNEXTLINE(misc-no-recursion): DEPTH is its bound */
static int walk(struct walking *w, const char *below, unsigned depth)
{
    char path[ANCHOR_PATH], name[ANCHOR_PATH];
    struct dirent **names;
    struct stat st = {.st_mode = 0};
    int n, result = 0;

    snprintf(path, sizeof path, "%s%s%s", w->folder, *below ? "/" : "", below);
    n = scandir(path, &names, is_visible, by_name);
    if (n < 0)
        return diag_error(w->d, path, ": cannot be listed: ", strerror(errno));
    for (int i = 0; i < n; i++) {
        if (result == 0 && ((size_t)snprintf(name, sizeof name, "%s%s%s", below, *below ? "/" : "",
                                             names[i]->d_name) >= sizeof name ||
                            (size_t)snprintf(path, sizeof path, "%s/%s", w->folder, name) >= sizeof path ||
                            lstat(path, &st) != 0))
            result = diag_error(w->d, names[i]->d_name, ": cannot be looked at", NULL);
        if (result == 0 && S_ISDIR(st.st_mode))
            result = depth < DEPTH ? walk(w, name, depth + 1)
                                   : diag_error(w->d, path, ": is too deep a folder", NULL);
        else if (result == 0)
            result = w->each(w, name, &st);
        free(names[i]);
    }
    free(names);
    return result;
}

static int count(struct walking *w, const char *name, const struct stat *st)
{
    (void)name;
    (void)st;
    w->files++;
    return 0;
}

int bundle_count(const char *folder, uint64_t *files, struct diag *d)
{
    struct walking w = {.folder = folder, .each = count, .d = d};
    int result = walk(&w, "", 0);

    *files = w.files;
    return result;
}

/* ---- making ---- */

static int put_file(struct walking *w, const char *name, const struct stat *st)
{
    char path[ANCHOR_PATH + 8], size[24], hash[2 * CHAIN_HASH + 1];
    unsigned char sum[CHAIN_HASH];
    const struct ledger_field fields[] = {
        {"name", str_of(name)},
        {"size", {size, (size_t)snprintf(size, sizeof size, "%lld", (long long)st->st_size)}},
        {"sha256", {hash, sizeof hash - 1}}};

    if (strcmp(name, BUNDLE_MANIFEST) == 0)
        return 0;
    if (!S_ISREG(st->st_mode) || !bundle_name(str_of(name)))
        return diag_error(w->d, name, ": has no place in a bundle", NULL);
    snprintf(path, sizeof path, "%s/%s", w->folder, name);
    if (bundle_sha256(path, sum, w->d) != 0)
        return -1;
    chain_hex(sum, hash);
    ledger_put(w->list, w->now, "file", fields, 3, NULL);
    w->files++;
    return 0;
}

int bundle_manifest(const struct bundle_order *o, uint64_t *files, struct diag *d)
{
    char path[ANCHOR_PATH], from[ANCHOR_DATE], to[ANCHOR_DATE], number[24];
    struct ledger_field fields[2] = {{"from", {from, ANCHOR_DATE - 1}}, {"to", {to, ANCHOR_DATE - 1}}};
    struct walking w = {.folder = o->to, .each = put_file, .now = o->now, .d = d};
    int failed;

    anchor_date(o->from_day, from);
    anchor_date(o->to_day, to);
    snprintf(path, sizeof path, "%s/" BUNDLE_MANIFEST, o->to);
    if (unlink(path) != 0 && errno != ENOENT)
        return diag_error(d, path, ": cannot be made anew: ", strerror(errno));
    if (ledger_begin(path, "manifest", &w.list, d) != 0)
        return -1;
    ledger_put(w.list, o->now, "bundle", fields, 2, NULL);
    failed = walk(&w, "", 0);
    snprintf(number, sizeof number, "%llu", (unsigned long long)w.files);
    fields[0] = (struct ledger_field){"files", str_of(number)};
    ledger_put(w.list, o->now, "whole", fields, 1, o->key);
    *files = w.files;
    return ledger_end(w.list, NULL, d) != 0 || failed ? -1 : 0;
}

static int copy(const char *from, const char *to, struct diag *d)
{
    char *text;
    size_t size;
    bool there;
    int result;

    if (file_read_all(from, SIZE_MAX >> 1, &text, &size, &there, d) != 0)
        return -1;
    result = there ? file_replace(to, text, size, d) : 0;
    free(text);
    return result;
}

static int copy_day(const struct bundle_order *o, int32_t day, struct diag *d)
{
    char from[ANCHOR_PATH], to[ANCHOR_PATH], one[2 * ANCHOR_PATH], other[2 * ANCHOR_PATH], date[ANCHOR_DATE];
    struct dirent **names;
    int n, result = 0;

    anchor_date(day, date);
    if ((size_t)snprintf(from, sizeof from, "%s/days/%s", o->record, date) >= sizeof from ||
        (size_t)snprintf(to, sizeof to, "%s/days/%s", o->to, date) >= sizeof to)
        return diag_error(d, o->record, ": is too long a name", NULL);
    if (access(from, F_OK) != 0)
        return 0; /* erased, or nothing was recorded: the lists tell */
    n = scandir(from, &names, is_visible, by_name);
    if (n < 0)
        return diag_error(d, from, ": cannot be listed: ", strerror(errno));
    result = file_make_folder(to, d);
    for (int i = 0; i < n; i++) {
        snprintf(one, sizeof one, "%s/%s", from, names[i]->d_name);
        snprintf(other, sizeof other, "%s/%s", to, names[i]->d_name);
        if (result == 0 && strcmp(names[i]->d_name, "hold") != 0)
            result = copy(one, other, d);
        free(names[i]);
    }
    free(names);
    return result;
}

int bundle_make(const struct bundle_order *o, uint64_t *files, struct diag *d)
{
    static const char *const lists[] = {"public.key", "roots", "receipts"};
    char from[ANCHOR_PATH], to[ANCHOR_PATH];

    *files = 0;
    if (access(o->to, F_OK) == 0)
        return diag_error(d, o->to, ": is there already: a bundle is made into a folder of its own", NULL);
    if (o->to_day < o->from_day)
        return diag_error(d, "the period ends before it starts", NULL, NULL);
    if ((size_t)snprintf(to, sizeof to, "%s/days", o->to) >= sizeof to || file_make_folder(to, d) != 0)
        return -1;
    for (unsigned i = 0; i < sizeof lists / sizeof *lists; i++)
        if ((size_t)snprintf(from, sizeof from, "%s/%s", o->record, lists[i]) >= sizeof from ||
            (size_t)snprintf(to, sizeof to, "%s/%s", o->to, lists[i]) >= sizeof to || copy(from, to, d) != 0)
            return -1;
    for (int32_t day = o->from_day; day <= o->to_day; day++)
        if (copy_day(o, day, d) != 0)
            return -1;
    return bundle_manifest(o, files, d);
}
