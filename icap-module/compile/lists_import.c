/* Folders, archives and files of lists: which file is which list's, within bounds. */
#include "compile/lists_import_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libpsl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PIECE = LISTS_PIECE,
    ARENA = 1 << 16,
    FILES_MAX = LISTS_FILES,
    DEPTH_MAX = 8,
    TALLIES_MAX = 2048,
    DAY = 86400
};

const char *const lists_left_words[LEFT_COUNT] = {
#define LEFT(name, text) text,
    LISTS_LEFT(LEFT)
#undef LEFT
};

int lists_wrong(struct diag *d, const char *format, ...)
{
    char text[DIAG_TEXT], seen[DIAG_TEXT];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    diag_copy(seen, sizeof seen, str_of(text)); /* archives' paths may speak to a terminal */
    return diag_error(d, seen, NULL, NULL);
}

struct lists_import *lists_import_new(const struct lists_how *how, struct diag *d)
{
    struct lists_import *i = calloc(1, sizeof *i);
    void *room = malloc(ARENA);

    if (i) {
        i->how = how;
        i->suffixes = psl_builtin();
        i->tallies = calloc(TALLIES_MAX, sizeof *i->tallies);
        i->numbers = calloc(TALLIES_MAX, sizeof *i->numbers);
    }
    if (!i || !room || !i->tallies || !i->numbers || lists_guard(i, d) != 0) {
        free(room);
        lists_import_free(i);
        diag_error(d, "there is not enough memory to read lists", NULL, NULL);
        return NULL;
    }
    arena_init(&i->arena, room, ARENA);
    if (!i->suffixes) {
        lists_import_free(i);
        diag_error(d, "libpsl was built without the public suffix list: install another one", NULL, NULL);
        return NULL;
    }
    return i;
}

void lists_import_free(struct lists_import *i)
{
    if (!i)
        return;
    lists_guard_free(&i->guarded);
    free(i->arena.base);
    free(i->tallies);
    free(i->numbers);
    free(i);
}

/* ---- which list ---- */

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* The row of that name; of several sources the one that is asked for. -1: none; -2: several. */
static int find_row(const struct lists_import *i, struct str source, struct str name)
{
    const struct lists_map *m = i->how->map;
    int found = -1;

    for (uint32_t k = 0; k < m->n_rows; k++) {
        if (!str_eq(m->rows[k].name, name) || (source.n && !str_eq(m->sources[m->rows[k].source].id, source)))
            continue;
        if (found >= 0)
            return -2;
        found = (int)k;
    }
    return found;
}

/* "domains", "urls", "expressions" of squidGuard; UT1 parts its largest list ("domains.1"). */
static enum list_format squidguard(struct str base)
{
    static const enum list_format formats[] = {LIST_DOMAINS, LIST_URLS, LIST_EXPRESSIONS};
    struct str stem = str_upto(base, str_find(base, '.'));
    uint64_t part;

    if (stem.n < base.n && !str_u64(str_from(base, stem.n + 1), &part))
        return LIST_AUTO;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (str_eq(stem, str_of(list_format_words[formats[i]])))
            return formats[i];
    return LIST_AUTO;
}

/* The folder that a path's last part lies in. */
static struct str folder_of(const char *path)
{
    struct str s = {path, (size_t)(base_of(path) - path)};

    if (s.n)
        s.n--;
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == '/')
            return str_from(s, i);
    return s;
}

static void note_unmapped(struct lists_import *i, struct str name)
{
    struct str have = str_of(i->unmapped), rest = have;

    while (rest.n)
        if (str_eq(str_cut(&rest, ' '), name))
            return;
    if (have.n + name.n + 2 > sizeof i->unmapped)
        return;
    if (have.n)
        i->unmapped[have.n++] = ' ';
    diag_copy(i->unmapped + have.n, sizeof i->unmapped - have.n, name);
}

/* The tally and number of a row's list. */
static int begin_list(struct lists_import *i, const struct lists_row *row, struct list_lines *l,
                      struct diag *d)
{
    const struct lists_source *s = &i->how->map->sources[row->source];
    char name[LISTS_ID];
    uint32_t k = 0;

    snprintf(name, sizeof name, "%.*s/%.*s", STR_ARG(s->id), STR_ARG(row->name));
    while (k < i->n_tallies && strcmp(i->tallies[k].name, name) != 0)
        k++;
    if (k == i->n_tallies) {
        int number = lists_list(i->how->to, &(struct list_in){.name = str_of(name),
                                                              .source = s->title,
                                                              .licence = s->licence,
                                                              .categories = 1u << row->category});

        if (number < 0 || i->n_tallies == TALLIES_MAX)
            return lists_wrong(d, "%s: there are too many lists", name);
        i->numbers[i->n_tallies] = number;
        memcpy(i->tallies[i->n_tallies++].name, name, sizeof name);
    }
    l->tally = &i->tallies[k];
    l->list = i->numbers[k];
    return 0;
}

int lists_begin_file(struct lists_import *i, const char *path, struct str source, int64_t changed,
                     struct list_lines *l, struct diag *d)
{
    struct str base = str_of(base_of(path)), name = folder_of(path);
    enum list_format format = squidguard(base);
    int row;

    *l = (struct list_lines){.i = i, .csv_column = -1};
    if (format == LIST_AUTO)
        name = base;
    row = find_row(i, source, name);
    if (row == -1 && format == LIST_AUTO)
        row = find_row(i, source, name = str_upto(base, str_find(base, '.')));
    if (row == -2)
        return lists_wrong(d, "%s: several sources of the map have a list '%.*s': say which, SOURCE=PATH",
                           path, STR_ARG(name));
    if (row == -1 && format != LIST_AUTO)
        note_unmapped(i, name);
    if (row < 0 || i->how->map->rows[row].category < 0)
        return 0;
    if (++i->files > FILES_MAX)
        return lists_wrong(d, "%s: more than %d files", path, FILES_MAX);
    if (begin_list(i, &i->how->map->rows[row], l, d) != 0)
        return -1;
    l->format = i->how->map->rows[row].format != LIST_AUTO ? i->how->map->rows[row].format : format;
    if (changed > 0)
        lists_date(i->how->to, l->list, (uint32_t)(changed / DAY));
    return 1;
}

int lists_count_bytes(struct lists_import *i, const char *path, size_t n, struct diag *d)
{
    i->bytes += n;
    return i->bytes <= i->how->bytes_max
               ? 0
               : lists_wrong(d, "%s: more than %llu MiB, unpacked: no list is so large, or say --max-size",
                             path, (unsigned long long)(i->how->bytes_max >> 20));
}

int lists_full(const char *path, struct diag *d)
{
    return lists_wrong(
        d,
        "%s: there is no room for its names: the memory is full, the lists are too large for one file, or "
        "its names are made to be slow to find",
        path);
}

/* ---- files and folders ---- */

static int read_file(struct lists_import *i, const char *path, int fd, struct list_lines *l, struct diag *d)
{
    static char piece[PIECE];
    ssize_t n;

    while ((n = read(fd, piece, sizeof piece)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return lists_wrong(d, "%s: cannot be read: %s", path, strerror(errno));
        if (lists_count_bytes(i, path, (size_t)n, d) != 0)
            return -1;
        if (!list_lines_feed(l, piece, (size_t)n))
            return lists_full(path, d);
    }
    return list_lines_end(l) ? 0 : lists_full(path, d);
}

/* NOLINTBEGIN(misc-no-recursion): DEPTH_MAX bounds it */
static int read_path(struct lists_import *i, const char *path, struct str source, unsigned depth,
                     struct diag *d);

static int read_folder(struct lists_import *i, const char *path, struct str source, unsigned depth,
                       struct diag *d)
{
    struct dirent **names = NULL;
    int n = depth > DEPTH_MAX ? -1 : scandir(path, &names, NULL, alphasort), result = 0;

    if (n < 0)
        return lists_wrong(d, "%s: %s", path,
                           depth > DEPTH_MAX ? "folders lie too deep in each other" : strerror(errno));
    for (int k = 0; k < n; k++) {
        char below[4096];

        if (result == 0 && names[k]->d_name[0] != '.') {
            if (snprintf(below, sizeof below, "%s/%s", path, names[k]->d_name) >= (int)sizeof below)
                result = lists_wrong(d, "%s: the path is too long", path);
            else
                result = read_path(i, below, source, depth + 1, d);
        }
        free(names[k]);
    }
    free(names);
    return result;
}

/* Below a folder links are not followed, and what the map does not know is passed over. */
static int read_path(struct lists_import *i, const char *path, struct str source, unsigned depth,
                     struct diag *d)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (depth ? O_NOFOLLOW : 0));
    struct list_lines l;
    struct stat st;
    int result;

    if (fd < 0 && errno == ELOOP && depth) {
        i->links++;
        return 0;
    }
    if (fd < 0 || fstat(fd, &st) != 0) {
        result = lists_wrong(d, "%s: cannot be opened: %s", path, strerror(errno));
    } else if (S_ISDIR(st.st_mode)) {
        result = read_folder(i, path, source, depth, d);
    } else if (!S_ISREG(st.st_mode)) {
        result = lists_wrong(d, "%s: is no file and no folder", path);
    } else if (lists_is_archive(path)) {
        result = depth ? 0 : lists_read_archive(i, path, source, d);
    } else {
        result = lists_begin_file(i, path, source, st.st_mtime, &l, d);
        if (result == 0 && depth == 0)
            result = lists_wrong(d, "%s: the map of categories has no list of that name", path);
        if (result == 1)
            result = read_file(i, path, fd, &l, d);
    }
    if (fd >= 0)
        close(fd);
    return result;
}

/* NOLINTEND(misc-no-recursion) */

int lists_import_path(struct lists_import *i, const char *path, struct str source, struct diag *d)
{
    if (source.n) {
        bool known = false;

        for (uint32_t k = 0; k < i->how->map->n_sources; k++)
            known |= str_eq(i->how->map->sources[k].id, source);
        if (!known)
            return lists_wrong(d, "%s: the map of categories has no source '%.*s'", path, STR_ARG(source));
    }
    return read_path(i, path, source, 0, d);
}

/* ---- the end ---- */

static void judge_list(const struct lists_import *i, const struct lists_tally *t, struct diag *d)
{
    uint64_t broken = t->left[LEFT_BROKEN] + t->left[LEFT_LONG];

    if (t->no_text)
        lists_wrong(d, "%s: %s", t->name, t->no_text);
    else if (t->lines == 0)
        lists_wrong(d,
                    "%s: is empty: the download may have failed; a list that is no more goes out of the map "
                    "of categories",
                    t->name);
    else if (broken > 20 && broken * 100 > t->lines * i->how->broken_percent)
        lists_wrong(d,
                    "%s: %llu of %llu lines are broken (such as %s): this is not the list that it should be",
                    t->name, (unsigned long long)broken, (unsigned long long)t->lines,
                    t->left[LEFT_BROKEN] ? t->samples[LEFT_BROKEN][0] : t->samples[LEFT_LONG][0]);
    else if (t->names + t->urls + t->twice == 0 && t->left[LEFT_REGEX] < t->lines)
        lists_wrong(d, "%s: none of its %llu lines holds", t->name, (unsigned long long)t->lines);
    if (t->left[LEFT_PROTECTED] && !i->how->leave_out)
        lists_wrong(d,
                    "%s: %llu entries would block what must work (such as %s): refused; --leave-out takes "
                    "the list without "
                    "them",
                    t->name, (unsigned long long)t->left[LEFT_PROTECTED], t->samples[LEFT_PROTECTED][0]);
}

int lists_import_done(struct lists_import *i, struct diag *d)
{
    unsigned before = d->errors;

    for (uint32_t k = 0; k < i->n_tallies; k++)
        judge_list(i, &i->tallies[k], d);
    if (i->n_tallies == 0)
        lists_wrong(d, "no list of the map of categories is there: nothing to import");
    return d->errors == before ? 0 : -1;
}

size_t lists_import_tallies(const struct lists_import *i, const struct lists_tally **tallies)
{
    *tallies = i->tallies;
    return i->n_tallies;
}

const char *lists_import_unmapped(const struct lists_import *i)
{
    return i->unmapped;
}

uint64_t lists_import_links(const struct lists_import *i)
{
    return i->links;
}
