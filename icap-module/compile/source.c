#include "compile/source.h"

#include "compile/encoding.h"
#include "compile/source_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_MAX = 64 << 20, PATH_ROOM = 4096 };

/* Folders of a source and what is read in them. */
static const struct folder {
    const char *path, *end;
    const char *beside; /* and files that end so, or NULL */
    bool shared;        /* also beside the councils, for all of them */
    const char *others;   /* a file of another tool's that is no mistake, or NULL */
    const char *database; /* what is no text, and becomes one (source_internal.h), or NULL */
} folders[] = {
    {"platforms", ".map", ".case", true, NULL, NULL},
    {"pages", ".page", NULL, true, NULL, NULL},
    {"categories", ".csv", NULL, true, "categories.map", NULL}, /* portreeve lists import */
    {"restrictions", ".map", NULL, true, NULL, NULL},
    {"calendars", ".csv", NULL, true, NULL, NULL},
    {"registers", ".csv", NULL, false, NULL, "networks.mmdb"},
    {"tests", ".case", NULL, false, NULL, NULL},
    {"tests/registers", ".csv", NULL, false, NULL, "networks.mmdb"},
};

static int complain(struct diag *d, const char *path, const char *what, int error)
{
    return diag_error(d, path, what, error ? strerror(error) : NULL);
}

/* Reads to the end; one byte stays free behind it. The bytes read, or -1 with errno set. */
static ssize_t read_all(int fd, char **bytes, size_t room)
{
    size_t n = 0;

    for (;;) {
        ssize_t got;

        if (n + 1 >= room) {
            char *larger = realloc(*bytes, room * 2);

            if (!larger)
                return -1;
            *bytes = larger;
            room *= 2;
        }
        got = read(fd, *bytes + n, room - n - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            return (ssize_t)n;
        n += (size_t)got;
        if (n > TEXT_MAX) {
            errno = EFBIG;
            return -1;
        }
    }
}

int source_read_file(const char *path, struct str *text, struct diag *d)
{
    enum { SMALL = 4096 };
    struct stat st;
    char *bytes = NULL;
    size_t room;
    ssize_t n;
    int result = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    *text = STR_NONE;
    if (fd < 0)
        return complain(d, path, ": cannot be opened: ", errno);
    room = fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size <= TEXT_MAX ? (size_t)st.st_size + 2 : SMALL;
    bytes = malloc(room);
    n = bytes ? read_all(fd, &bytes, room) : -1;
    if (n < 0) {
        complain(d, path, ": cannot be read: ", errno);
        goto out;
    }
    bytes[n] = '\0';
    *text = (struct str){bytes, (size_t)n};
    bytes = NULL;
    result = 0;
out:
    free(bytes);
    close(fd);
    return result;
}

/* Every text ends with the end of a line, so that a bundle gives back the same bytes. */
static bool end_last_line(struct str *text)
{
    char *p;

    if (text->n == 0 || text->p[text->n - 1] == '\n')
        return true;
    p = realloc((char *)text->p, text->n + 2);
    if (!p)
        return false;
    p[text->n] = '\n';
    p[text->n + 1] = '\0';
    *text = (struct str){p, text->n + 1};
    return true;
}

/* Adds a file to the source; takes the text over, also when it fails. */
static int add(struct source *s, struct str path, struct str text, struct diag *d)
{
    struct source_file *files = realloc(s->files, (s->n + 1) * sizeof *files);
    char *copy = malloc(path.n + 1);

    if (files)
        s->files = files;
    if (!files || !copy || !end_last_line(&text)) {
        free(copy);
        free((char *)text.p);
        return diag_error(d, "there is not enough memory to read the policy's files", NULL, NULL);
    }
    memcpy(copy, path.p, path.n);
    copy[path.n] = '\0';
    s->files[s->n++] = (struct source_file){{copy, path.n}, text};
    return 0;
}

static int by_path(const void *a, const void *b)
{
    return str_cmp(((const struct source_file *)a)->path, ((const struct source_file *)b)->path);
}

static void sort_files(struct source *s)
{
    if (s->n)
        qsort(s->files, s->n, sizeof *s->files, by_path);
}

/* While files are still being added the list is not sorted. */
static bool has(const struct source *s, struct str path)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->files[i].path, path))
            return true;
    return false;
}

const struct source_file *source_find(const struct source *s, struct str path)
{
    struct source_file key = {.path = path};

    return s->n ? bsearch(&key, s->files, s->n, sizeof *s->files, by_path) : NULL;
}

void source_free(struct source *s)
{
    for (size_t i = 0; i < s->n; i++) {
        free((char *)s->files[i].path.p);
        free((char *)s->files[i].text.p);
    }
    free(s->files);
    *s = (struct source){NULL, 0};
}

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);

    return n > m && strcmp(name + n - m, end) == 0;
}

/* Files that people and their editors leave beside what counts. */
static bool is_note(const char *name)
{
    return name[0] == '.' || ends_with(name, "~") || strncmp(name, "README", 6) == 0 ||
           ends_with(name, ".md") || ends_with(name, ".txt");
}

static int not_read(struct diag *d, const char *path, const char *end)
{
    struct message *m = diag_at(d, SEVERITY_WARNING, str_of(path), 0, 0);

    if (m)
        snprintf(m->text, sizeof m->text, "this file is not read: a name in this folder must end in '%s'",
                 end);
    return 0;
}

/* DIR/registers/networks.mmdb: its networks stand in the source as a register, by the name of what they are. */
static int read_networks(struct source *s, const char *full, struct str path, struct diag *d)
{
    char name[PATH_ROOM];
    struct str text;

    if (snprintf(name, sizeof name, "%s.csv", full) >= (int)sizeof name)
        return complain(d, full, ": the path is too long", 0);
    if (access(name, F_OK) == 0)
        return complain(d, name, ": is what networks.mmdb beside it is read as: remove one of them", 0);
    if (source_read_networks(full, &text, d) != 0)
        return -1;
    snprintf(name, sizeof name, "%.*s.csv", STR_ARG(path));
    return add(s, str_of(name), text, d);
}

/* One file of a folder, unless the source has one of that path. */
static int read_entry(struct source *s, const char *root, const struct folder *folder, const char *name,
                      struct diag *d)
{
    char full[PATH_ROOM], path[PATH_ROOM];
    struct stat st;
    struct str text;

    if (snprintf(path, sizeof path, "%s/%s", folder->path, name) >= (int)sizeof path ||
        snprintf(full, sizeof full, "%s/%s", root, path) >= (int)sizeof full)
        return diag_error(d, root, ": the path is too long", NULL);
    if (is_note(name) || has(s, str_of(path)) || strcmp(path, "tests/registers") == 0 ||
        (folder->others && strcmp(name, folder->others) == 0))
        return 0;
    if (folder->database && strcmp(name, folder->database) == 0)
        return read_networks(s, full, str_of(path), d);
    if (!ends_with(name, folder->end) && !(folder->beside && ends_with(name, folder->beside)))
        return not_read(d, full, folder->end);
    if (stat(full, &st) != 0)
        return complain(d, full, ": cannot be opened: ", errno);
    if (!S_ISREG(st.st_mode))
        return complain(d, full, ": is no regular file", 0);
    if (source_read_file(full, &text, d) != 0)
        return -1;
    if (strcmp(folder->end, ".csv") == 0 && encoding_to_utf8(str_of(path), &text, d) != 0) {
        free((char *)text.p);
        return -1;
    }
    return add(s, str_of(path), text, d);
}

/* What is one file for all councils; one of the council's own wins. */
static const char *const shared[] = {"carriers.map", "never-log.map"};

static int read_shared(struct source *s, const char *root, const char *file, struct diag *d)
{
    const struct str name = str_of(file);
    char full[PATH_ROOM];
    struct str text;

    if (has(s, name))
        return 0;
    if (snprintf(full, sizeof full, "%s/%s", root, file) >= (int)sizeof full)
        return complain(d, root, ": the path is too long", 0);
    if (access(full, F_OK) != 0 && errno == ENOENT)
        return 0;
    return source_read_file(full, &text, d) ? -1 : add(s, name, text, d);
}

/* A folder that is not there holds nothing. */
static int read_one_folder(struct source *s, const char *root, const struct folder *folder, struct diag *d)
{
    char full[PATH_ROOM];
    struct dirent *entry;
    int result = 0;
    DIR *dir;

    if (snprintf(full, sizeof full, "%s/%s", root, folder->path) >= (int)sizeof full)
        return diag_error(d, root, ": the path is too long", NULL);
    dir = opendir(full);
    if (!dir)
        return errno == ENOENT ? 0 : complain(d, full, ": cannot be opened: ", errno);
    while ((entry = readdir(dir)) != NULL)
        if (read_entry(s, root, folder, entry->d_name, d) != 0)
            result = -1;
    closedir(dir);
    return result;
}

static bool holds_platforms(const char *root)
{
    char full[PATH_ROOM];
    struct stat st;

    return snprintf(full, sizeof full, "%s/platforms", root) < (int)sizeof full && stat(full, &st) == 0 &&
           S_ISDIR(st.st_mode);
}

static int read_policy(struct source *s, const char *dir, struct diag *d)
{
    char full[PATH_ROOM];
    struct str text;
    struct stat st;

    if (snprintf(full, sizeof full, "%s/council.policy", dir) >= (int)sizeof full)
        return diag_error(d, dir, ": the path is too long", NULL);
    if (stat(full, &st) != 0 && errno == ENOENT)
        return diag_error(d, dir, ": is no council's folder: it must hold a council.policy", NULL);
    if (source_read_file(full, &text, d) != 0)
        return -1;
    return add(s, STR("council.policy"), text, d);
}

int source_read_folder(const char *dir, const char *maps, const char *fallback, struct source *s,
                       struct diag *d)
{
    char beside[PATH_ROOM];
    int result;

    *s = (struct source){NULL, 0};
    result = read_policy(s, dir, d);
    if (result != 0)
        return result;
    if (!maps && snprintf(beside, sizeof beside, "%s/../..", dir) < (int)sizeof beside &&
        holds_platforms(beside))
        maps = beside;
    if (!maps)
        maps = fallback;
    if (!maps || !holds_platforms(maps))
        result = diag_error(d, maps ? maps : dir,
                            ": there are no platform maps: a folder platforms/ is missing", NULL);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (read_one_folder(s, dir, &folders[i], d) != 0)
            result = -1;
        if (maps && folders[i].shared && read_one_folder(s, maps, &folders[i], d) != 0)
            result = -1;
    }
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++)
        if (read_shared(s, dir, shared[i], d) != 0 || (maps && read_shared(s, maps, shared[i], d) != 0))
            result = -1;
    sort_files(s);
    return result;
}

int source_read_maps(const char *maps, struct source *s, struct diag *d)
{
    int result;

    *s = (struct source){NULL, 0};
    if (!holds_platforms(maps))
        return diag_error(d, maps, ": there are no platform maps: a folder platforms/ is missing", NULL);
    result = read_one_folder(s, maps, &folders[0], d);
    sort_files(s);
    return result;
}

int source_take(struct source *s, struct str path, struct str text, struct diag *d)
{
    struct source_file *same = (struct source_file *)(uintptr_t)source_find(s, path);
    int result;

    if (same && end_last_line(&text)) {
        free((char *)(uintptr_t)same->text.p);
        same->text = text;
        return 0;
    }
    result = add(s, path, text, d);
    sort_files(s);
    return result;
}
