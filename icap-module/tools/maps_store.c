#include "tools/maps_store.h"

#include "compile/source.h"
#include "record/file.h"
#include "tools/json_words.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_ROOM = 4096, NAME_ROOM = 256 };

/* A path under construction; what is too long is no path at all. */
struct path {
    char p[PATH_ROOM];
};

static struct path __attribute__((format(printf, 1, 2))) path_of(const char *format, ...)
{
    struct path path;
    va_list args;

    va_start(args, format);
    if (vsnprintf(path.p, sizeof path.p, format, args) >= (int)sizeof path.p)
        path.p[0] = '\0'; /* opens as ENOENT */
    va_end(args);
    return path;
}

static int fails(struct diag *d, const char *path, const char *what)
{
    return diag_error(d, path, what, strerror(errno));
}

static int sync_folder(const char *path, struct diag *d)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = fd >= 0 && fsync(fd) == 0 ? 0 : fails(d, path, ": cannot be written: ");

    if (fd >= 0)
        close(fd);
    return result;
}

static int make_folder(const char *path, struct diag *d)
{
    return mkdir(path, 0755) == 0 || errno == EEXIST ? 0 : fails(d, path, ": cannot be made: ");
}

static int write_file(const char *path, struct str text, mode_t mode, struct diag *d)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    int result = 0;

    if (fd < 0 || fchmod(fd, mode) != 0 || file_write_synced(fd, text.p, text.n) != 0)
        result = fails(d, path, ": cannot be written: ");
    if (fd >= 0)
        close(fd);
    return result;
}

/* Calls `each` for every name of a folder, "." and ".." excepted. A folder that is not there holds nothing.
 */
static int each_name(const char *folder,
                     int (*each)(const char *folder, const char *name, void *to, struct diag *d), void *to,
                     struct diag *d)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    int result = 0;

    if (!dir)
        return errno == ENOENT ? 0 : fails(d, folder, ": cannot be listed: ");
    while (result == 0 && (entry = readdir(dir)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            result = each(folder, entry->d_name, to, d);
    closedir(dir);
    return result;
}

/* A folder of ours with all in it; three levels at most. */
static int remove_one(const char *folder, const char *name, void *to, struct diag *d)
{
    struct path path = path_of("%s/%s", folder, name);
    struct stat st;

    if (lstat(path.p, &st) != 0)
        return errno == ENOENT ? 0 : fails(d, path.p, ": cannot be taken away: ");
    if (S_ISDIR(st.st_mode) && each_name(path.p, remove_one, to, d) != 0)
        return -1;
    if ((S_ISDIR(st.st_mode) ? rmdir(path.p) : unlink(path.p)) != 0)
        return fails(d, path.p, ": cannot be taken away: ");
    return 0;
}

/* ---- what is kept ---- */

struct last {
    unsigned long number;
    char begun[NAME_ROOM]; /* a change that was cut off, or "" */
};

static int note_last(const char *folder, const char *name, void *to, struct diag *d)
{
    struct last *last = to;
    char *end;
    unsigned long number = strtoul(name[0] == '.' ? name + 1 : name, &end, 10);

    (void)folder, (void)d;
    if (*end != '-')
        return 0;
    if (name[0] == '.')
        snprintf(last->begun, sizeof last->begun, "%s", name);
    else if (number > last->number)
        last->number = number;
    return 0;
}

static int keep_files(const char *folder, const struct maps_changes *c, struct diag *d)
{
    struct path old = path_of("%s/old", folder), new = path_of("%s/new", folder);
    int result = make_folder(folder, d) || make_folder(old.p, d) || make_folder(new.p, d) ? -1 : 0;

    for (size_t i = 0; result == 0 && i < c->n; i++) {
        const struct map_change *one = &c->p[i];

        if (one->before.n)
            result = write_file(path_of("%s/%.*s", old.p, STR_ARG(one->name)).p, one->before, 0644, d);
        if (one->after.n && result == 0)
            result = write_file(path_of("%s/%.*s", new.p, STR_ARG(one->name)).p, one->after, 0644, d);
    }
    return result || sync_folder(old.p, d) || sync_folder(new.p, d) ? -1 : 0;
}

/* The change's folder, under a hidden name until it has happened. */
static int keep(const char *folder, const struct maps_changes *c, struct diag *d)
{
    json_t *o = json_pack("{s:o, s:o, s:s, s:O}", "at", json_time(time(NULL)), "by", json_publisher(), "verb",
                          c->verb, "maps", c->maps);
    char *text = json_dumps(o, JSON_INDENT(2));
    int result = text ? keep_files(folder, c, d) : diag_error(d, "out of memory", NULL, NULL);

    if (result == 0)
        result = write_file(path_of("%s/change.json", folder).p, str_of(text), 0644, d);
    if (result == 0)
        result = sync_folder(folder, d);
    free(text);
    json_decref(o);
    return result;
}

/* ---- the folder in place ---- */

static const struct map_change *change_of(const struct maps_changes *c, const char *name)
{
    for (size_t i = 0; i < c->n; i++)
        if (str_eq(c->p[i].name, str_of(name)))
            return &c->p[i];
    return NULL;
}

struct staging {
    const char *to;
    const struct maps_changes *changes;
};

static int copy_one(const char *folder, const char *name, void *to, struct diag *d)
{
    const struct staging *s = to;
    struct path from = path_of("%s/%s", folder, name);
    struct stat st;
    struct str text;
    int result;

    if (change_of(s->changes, name))
        return 0;
    if (lstat(from.p, &st) != 0)
        return fails(d, from.p, ": cannot be read: ");
    if (!S_ISREG(st.st_mode))
        return diag_error(d, from.p, ": is no file: a folder of maps that is to be updated holds files alone",
                          NULL);
    if (source_read_file(from.p, &text, d) != 0)
        return -1;
    result = write_file(path_of("%s/%s", s->to, name).p, text, st.st_mode & 07777, d);
    free((char *)(uintptr_t)text.p);
    return result;
}

static int stage(const char *place, const char *aside, const struct maps_changes *c, struct diag *d)
{
    struct staging s = {aside, c};

    if (make_folder(aside, d) != 0 || each_name(place, copy_one, &s, d) != 0)
        return -1;
    for (size_t i = 0; i < c->n; i++)
        if (c->p[i].after.n &&
            write_file(path_of("%s/%.*s", aside, STR_ARG(c->p[i].name)).p, c->p[i].after, 0644, d) != 0)
            return -1;
    return sync_folder(aside, d);
}

static int exchange(const char *place, const char *aside, struct diag *d)
{
    struct stat st;

    if (lstat(place, &st) != 0 && errno == ENOENT)
        return rename(aside, place) == 0 ? 0 : fails(d, place, ": cannot be put into place: ");
    if (!S_ISDIR(st.st_mode))
        return diag_error(d, place, ": is no folder of its own", NULL);
    if (chmod(aside, st.st_mode & 07777) != 0 ||
        renameat2(AT_FDCWD, aside, AT_FDCWD, place, RENAME_EXCHANGE) != 0)
        return fails(d, place, ": cannot be exchanged for the new folder: ");
    return 0;
}

/* ---- a change that was cut off ---- */

struct place {
    const char *folder;
    bool differs;
};

/* Each new file is in place. */
static int compare_one(const char *folder, const char *name, void *to, struct diag *d)
{
    struct place *place = to;
    struct str kept = STR_NONE, now = STR_NONE;
    struct path path = path_of("%s/%s", place->folder, name);

    if (source_read_file(path_of("%s/%s", folder, name).p, &kept, d) != 0)
        return -1;
    if (access(path.p, F_OK) != 0)
        place->differs = true;
    else if (source_read_file(path.p, &now, d) == 0)
        place->differs |= !str_eq(kept, now);
    free((char *)(uintptr_t)kept.p);
    free((char *)(uintptr_t)now.p);
    return d->errors ? -1 : 0;
}

/* A file that the change took out is gone. */
static int missing_one(const char *folder, const char *name, void *to, struct diag *d)
{
    struct place *place = to;
    struct path kept = path_of("%.*s/new/%s", (int)(strlen(folder) - strlen("/old")), folder, name);

    (void)d;
    if (access(kept.p, F_OK) != 0 && access(path_of("%s/%s", place->folder, name).p, F_OK) == 0)
        place->differs = true;
    return 0;
}

/* It had happened, or it had not; either is made whole. */
static int recover(const char *root, const char *previous, const char *begun, struct diag *d)
{
    struct path platforms = path_of("%s/platforms", root), change = path_of("%s/%s", previous, begun);
    struct place place = {.folder = platforms.p};
    bool whole = access(path_of("%s/change.json", change.p).p, F_OK) == 0;

    if (whole && (each_name(path_of("%s/new", change.p).p, compare_one, &place, d) != 0 ||
                  each_name(path_of("%s/old", change.p).p, missing_one, &place, d) != 0))
        return -1;
    if (!whole || place.differs)
        return remove_one(previous, begun, NULL, d);
    return rename(change.p, path_of("%s/%s", previous, begun + 1).p) == 0
               ? 0
               : fails(d, change.p, ": cannot be kept: ");
}

/* ---- all together ---- */

static int change(const char *root, const char *previous, const struct maps_changes *c, struct diag *d)
{
    struct path place = path_of("%s/platforms", root), aside = path_of("%s/.platforms.new", root);
    struct last last = {0};
    char date[11] = "", name[64];
    time_t now = time(NULL);
    struct tm tm;

    if (each_name(previous, note_last, &last, d) != 0)
        return -1;
    if (last.begun[0] && recover(root, previous, last.begun, d) != 0)
        return -1;
    last = (struct last){0};
    each_name(previous, note_last, &last, d);
    if (gmtime_r(&now, &tm))
        (void)strftime(date, sizeof date, "%Y-%m-%d", &tm);
    snprintf(name, sizeof name, "%06lu-%s", last.number + 1, date);
    if (remove_one(root, ".platforms.new", NULL, d) != 0 || stage(place.p, aside.p, c, d) != 0 ||
        keep(path_of("%s/.%s", previous, name).p, c, d) != 0 || sync_folder(previous, d) != 0 ||
        exchange(place.p, aside.p, d) != 0) {
        struct diag ignored; /* the next change tidies up what stays now */

        diag_init(&ignored);
        remove_one(root, ".platforms.new", NULL, &ignored);
        remove_one(previous, path_of(".%s", name).p, NULL, &ignored);
        return -1;
    }
    /* From here on it has happened. */
    if (rename(path_of("%s/.%s", previous, name).p, path_of("%s/%s", previous, name).p) != 0)
        fails(d, previous, ": what was replaced cannot be kept: ");
    sync_folder(root, d);
    sync_folder(previous, d);
    remove_one(root, ".platforms.new", NULL, d);
    return d->errors ? 1 : 0;
}

int maps_store_change(const char *root, const struct maps_changes *c, struct diag *d)
{
    struct path previous = path_of("%s/.previous", root);
    int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = -1;

    if (fd < 0)
        fails(d, root, ": cannot be opened: ");
    else if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        diag_error(d, root, ": its maps are being changed by another command; try again when it is done",
                   NULL);
    else if (make_folder(previous.p, d) == 0)
        result = change(root, previous.p, c, d);
    if (fd >= 0)
        close(fd);
    return result;
}

static int add_change(const char *folder, const char *name, void *to, struct diag *d)
{
    json_t *o;

    (void)d;
    if (name[0] == '.')
        return 0;
    o = json_load_file(path_of("%s/%s/change.json", folder, name).p, 0, NULL);
    if (!json_is_object(o)) {
        json_decref(o);
        o = json_object();
    }
    json_object_set_new(o, "name", json_string(name));
    json_array_append_new(to, o);
    return 0;
}

static int by_name(const void *a, const void *b)
{
    json_t *const *x = a, *const *y = b;

    return strcmp(json_string_value(json_object_get(*x, "name")),
                  json_string_value(json_object_get(*y, "name")));
}

/* jansson sorts nothing itself. */
static json_t *sorted(json_t *list)
{
    size_t n = json_array_size(list);
    json_t *result = json_array();
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers is meant */
    json_t **all = calloc(n + 1, sizeof *all);

    for (size_t i = 0; all && i < n; i++)
        all[i] = json_array_get(list, i);
    if (all)
        qsort(all, n, sizeof *all, by_name); /* NOLINT(bugprone-sizeof-expression) */
    for (size_t i = 0; all && i < n; i++)
        json_array_append(result, all[i]);
    free(all);
    json_decref(list);
    return result;
}

json_t *maps_store_changes(const char *root, struct diag *d)
{
    json_t *list = json_array();

    if (each_name(path_of("%s/.previous", root).p, add_change, list, d) == 0)
        return sorted(list);
    json_decref(list);
    return NULL;
}

int maps_store_file(const char *root, const char *change, const char *which, const char *name,
                    struct str *text, struct diag *d)
{
    struct path path = path_of("%s/.previous/%s/%s/%s", root, change, which, name);

    *text = STR_NONE;
    if (access(path.p, F_OK) != 0 && errno == ENOENT)
        return 0;
    return source_read_file(path.p, text, d);
}
