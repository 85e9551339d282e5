/* Folders, archives and files of lists: which file is which list's, within bounds. */
#include "compile/lists_import_internal.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libpsl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 16, ARENA = 1 << 16, FILES_MAX = 20000, DEPTH_MAX = 8, TALLIES_MAX = 2048, DAY = 86400,
       RATIO_MAX = 500, RATIO_FROM = 64 << 20 };

const char *const lists_left_words[LEFT_COUNT] = {
#define LEFT(name, text) text,
    LISTS_LEFT(LEFT)
#undef LEFT
};

__attribute__((format(printf, 2, 3))) static int wrong(struct diag *d, const char *format, ...)
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
static int begin_list(struct lists_import *i, const struct lists_row *row, struct list_lines *l, struct diag *d)
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
            return wrong(d, "%s: there are too many lists", name);
        i->numbers[i->n_tallies] = number;
        memcpy(i->tallies[i->n_tallies++].name, name, sizeof name);
    }
    l->tally = &i->tallies[k];
    l->list = i->numbers[k];
    return 0;
}

/* What a file is to us: 1 and *l begun, 0 nothing, -1 with a message. */
static int begin_file(struct lists_import *i, const char *path, struct str source, int64_t changed,
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
        return wrong(d, "%s: several sources of the map have a list '%.*s': say which, SOURCE=PATH", path,
                     STR_ARG(name));
    if (row == -1 && format != LIST_AUTO)
        note_unmapped(i, name);
    if (row < 0 || i->how->map->rows[row].category < 0)
        return 0;
    if (++i->files > FILES_MAX)
        return wrong(d, "%s: more than %d files", path, FILES_MAX);
    if (begin_list(i, &i->how->map->rows[row], l, d) != 0)
        return -1;
    l->format = i->how->map->rows[row].format != LIST_AUTO ? i->how->map->rows[row].format : format;
    if (changed > 0)
        lists_date(i->how->to, l->list, (uint32_t)(changed / DAY));
    return 1;
}

static int count_bytes(struct lists_import *i, const char *path, size_t n, struct diag *d)
{
    i->bytes += n;
    return i->bytes <= i->how->bytes_max
               ? 0
               : wrong(d, "%s: more than %llu MiB, unpacked: no list is so large, or say --max-size", path,
                       (unsigned long long)(i->how->bytes_max >> 20));
}

static int full(const char *path, struct diag *d)
{
    return wrong(d, "%s: there is no room for its names: the memory is full, the lists are too large for one file, or "
                    "its names are made to be slow to find",
                 path);
}

/* ---- archives ---- */

/* A path that leads out of the archive, or could. */
static bool tricky(const char *path)
{
    struct str rest = str_of(path);

    if (path[0] == '/' || path[0] == '\0')
        return true;
    while (rest.n)
        if (str_eq(str_cut(&rest, '/'), STR("..")))
            return true;
    return false;
}

/* A small archive that unpacks to very much. `unpacked`: of this archive alone. */
static bool bomb(struct archive *a, uint64_t unpacked)
{
    int64_t packed = archive_filter_bytes(a, -1);

    return unpacked > RATIO_FROM && packed > 0 && unpacked / (uint64_t)packed > RATIO_MAX;
}

/* libarchive has not always words. */
static int cut(struct archive *a, const char *what, struct diag *d)
{
    const char *why = archive_error_string(a);

    return wrong(d, "%s: is broken or cut off: %s", what, why ? why : "it ends too early");
}

static int read_entry(struct lists_import *i, struct archive *a, const char *what, struct list_lines *l,
                      struct diag *d)
{
    static char piece[PIECE];
    la_ssize_t n;

    while ((n = archive_read_data(a, piece, sizeof piece)) > 0) {
        if (count_bytes(i, what, (size_t)n, d) != 0)
            return -1;
        if (bomb(a, i->bytes - i->bytes_before))
            return wrong(d, "%s: unpacks to more than %d times its size: refused as a bomb", what, RATIO_MAX);
        if (l && !list_lines_feed(l, piece, (size_t)n))
            return full(what, d);
    }
    if (n < 0)
        return cut(a, what, d);
    return l && !list_lines_end(l) ? full(what, d) : 0;
}

static int take_entry(struct lists_import *i, struct archive *a, struct archive_entry *e, struct str source,
                      struct diag *d)
{
    const char *path = archive_entry_pathname(e);
    struct list_lines l;
    int begun;

    if (!path || tricky(path))
        return wrong(d, "the archive has the path '%.80s', which leads out of it: refused whole", path ? path : "");
    if (archive_entry_hardlink(e) || archive_entry_filetype(e) == AE_IFLNK) {
        i->links++;
        return 0;
    }
    if (archive_entry_filetype(e) == AE_IFDIR)
        return 0;
    if (archive_entry_filetype(e) != AE_IFREG)
        return wrong(d, "the archive has '%.80s', which is no file: refused whole", path);
    begun = begin_file(i, path, source, archive_entry_mtime(e), &l, d);
    if (begun < 0)
        return -1;
    return read_entry(i, a, path, begun ? &l : NULL, d); /* also what is passed over counts */
}

static int read_archive(struct lists_import *i, const char *path, struct str source, struct diag *d)
{
    struct archive *a = archive_read_new();
    struct archive_entry *e;
    unsigned entries = 0;
    int result = 0, step;

    if (!a)
        return wrong(d, "%s: there is not enough memory", path);
    i->bytes_before = i->bytes;
    archive_read_support_format_tar(a);
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    if (archive_read_open_filename(a, path, PIECE) != ARCHIVE_OK)
        result = cut(a, path, d);
    while (result == 0 && (step = archive_read_next_header(a, &e)) != ARCHIVE_EOF) {
        if (step < ARCHIVE_WARN)
            result = cut(a, path, d);
        else if (++entries > FILES_MAX)
            result = wrong(d, "%s: more than %d entries", path, FILES_MAX);
        else
            result = take_entry(i, a, e, source, d);
    }
    archive_read_free(a);
    return result;
}

static bool is_archive(const char *path)
{
    static const char *const ends[] = {".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tar.zst"};
    size_t n = strlen(path);

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (n > strlen(ends[i]) && strcmp(path + n - strlen(ends[i]), ends[i]) == 0)
            return true;
    return false;
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
            return wrong(d, "%s: cannot be read: %s", path, strerror(errno));
        if (count_bytes(i, path, (size_t)n, d) != 0)
            return -1;
        if (!list_lines_feed(l, piece, (size_t)n))
            return full(path, d);
    }
    return list_lines_end(l) ? 0 : full(path, d);
}

static int read_path(struct lists_import *i, const char *path, struct str source, unsigned depth, struct diag *d);

/* NOLINTNEXTLINE(misc-no-recursion): DEPTH_MAX bounds it */
static int read_folder(struct lists_import *i, const char *path, struct str source, unsigned depth, struct diag *d)
{
    struct dirent **names = NULL;
    int n = depth > DEPTH_MAX ? -1 : scandir(path, &names, NULL, alphasort), result = 0;

    if (n < 0)
        return wrong(d, "%s: %s", path, depth > DEPTH_MAX ? "folders lie too deep in each other" : strerror(errno));
    for (int k = 0; k < n; k++) {
        char below[4096];

        if (result == 0 && names[k]->d_name[0] != '.') {
            if (snprintf(below, sizeof below, "%s/%s", path, names[k]->d_name) >= (int)sizeof below)
                result = wrong(d, "%s: the path is too long", path);
            else
                result = read_path(i, below, source, depth + 1, d);
        }
        free(names[k]);
    }
    free(names);
    return result;
}

/* Below a folder links are not followed, and what the map does not know is passed over.
 * NOLINTNEXTLINE(misc-no-recursion): DEPTH_MAX bounds it */
static int read_path(struct lists_import *i, const char *path, struct str source, unsigned depth, struct diag *d)
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
        result = wrong(d, "%s: cannot be opened: %s", path, strerror(errno));
    } else if (S_ISDIR(st.st_mode)) {
        result = read_folder(i, path, source, depth, d);
    } else if (!S_ISREG(st.st_mode)) {
        result = wrong(d, "%s: is no file and no folder", path);
    } else if (is_archive(path)) {
        result = depth ? 0 : read_archive(i, path, source, d);
    } else {
        result = begin_file(i, path, source, st.st_mtime, &l, d);
        if (result == 0 && depth == 0)
            result = wrong(d, "%s: the map of categories has no list of that name", path);
        if (result == 1)
            result = read_file(i, path, fd, &l, d);
    }
    if (fd >= 0)
        close(fd);
    return result;
}

int lists_import_path(struct lists_import *i, const char *path, struct str source, struct diag *d)
{
    if (source.n) {
        bool known = false;

        for (uint32_t k = 0; k < i->how->map->n_sources; k++)
            known |= str_eq(i->how->map->sources[k].id, source);
        if (!known)
            return wrong(d, "%s: the map of categories has no source '%.*s'", path, STR_ARG(source));
    }
    return read_path(i, path, source, 0, d);
}

/* ---- the end ---- */

static void judge_list(const struct lists_import *i, const struct lists_tally *t, struct diag *d)
{
    uint64_t broken = t->left[LEFT_BROKEN] + t->left[LEFT_LONG];

    if (t->no_text)
        wrong(d, "%s: %s", t->name, t->no_text);
    else if (t->lines == 0)
        wrong(d, "%s: is empty: the download may have failed; a list that is no more goes out of the map of categories",
              t->name);
    else if (broken > 20 && broken * 100 > t->lines * i->how->broken_percent)
        wrong(d, "%s: %llu of %llu lines are broken (such as %s): this is not the list that it should be", t->name,
              (unsigned long long)broken, (unsigned long long)t->lines,
              t->left[LEFT_BROKEN] ? t->samples[LEFT_BROKEN][0] : t->samples[LEFT_LONG][0]);
    else if (t->names + t->urls + t->twice == 0 && t->left[LEFT_REGEX] < t->lines)
        wrong(d, "%s: none of its %llu lines holds", t->name, (unsigned long long)t->lines);
    if (t->left[LEFT_PROTECTED] && !i->how->leave_out)
        wrong(d, "%s: %llu entries would block what must work (such as %s): refused; --leave-out takes the list without "
                 "them",
              t->name, (unsigned long long)t->left[LEFT_PROTECTED], t->samples[LEFT_PROTECTED][0]);
}

int lists_import_done(struct lists_import *i, struct diag *d)
{
    unsigned before = d->errors;

    for (uint32_t k = 0; k < i->n_tallies; k++)
        judge_list(i, &i->tallies[k], d);
    if (i->n_tallies == 0)
        wrong(d, "no list of the map of categories is there: nothing to import");
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
