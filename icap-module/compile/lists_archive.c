/* Archives of lists, as they come from strangers: nothing is unpacked to the disk, no path leads out, no link
 * is followed, and what unpacks to too much is refused. */
#include "compile/lists_import_internal.h"

#include <archive.h>
#include <archive_entry.h>

enum { RATIO_MAX = 500, RATIO_FROM = 64 << 20 };

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

    return lists_wrong(d, "%s: is broken or cut off: %s", what, why ? why : "it ends too early");
}

static int read_entry(struct lists_import *i, struct archive *a, const char *what, struct list_lines *l,
                      struct diag *d)
{
    static char piece[LISTS_PIECE];
    la_ssize_t n;

    while ((n = archive_read_data(a, piece, sizeof piece)) > 0) {
        if (lists_count_bytes(i, what, (size_t)n, d) != 0)
            return -1;
        if (bomb(a, i->bytes - i->bytes_before))
            return lists_wrong(d, "%s: unpacks to more than %d times its size: refused as a bomb", what,
                               RATIO_MAX);
        if (l && !list_lines_feed(l, piece, (size_t)n))
            return lists_full(what, d);
    }
    if (n < 0)
        return cut(a, what, d);
    return l && !list_lines_end(l) ? lists_full(what, d) : 0;
}

static int take_entry(struct lists_import *i, struct archive *a, struct archive_entry *e, struct str source,
                      struct diag *d)
{
    const char *path = archive_entry_pathname(e);
    struct list_lines l;
    int begun;

    if (!path || tricky(path))
        return lists_wrong(d, "the archive has the path '%.80s', which leads out of it: refused whole",
                           path ? path : "");
    if (archive_entry_hardlink(e) || archive_entry_filetype(e) == AE_IFLNK) {
        i->links++;
        return 0;
    }
    if (archive_entry_filetype(e) == AE_IFDIR)
        return 0;
    if (archive_entry_filetype(e) != AE_IFREG)
        return lists_wrong(d, "the archive has '%.80s', which is no file: refused whole", path);
    begun = lists_begin_file(i, path, source, archive_entry_mtime(e), &l, d);
    if (begun < 0)
        return -1;
    return read_entry(i, a, path, begun ? &l : NULL, d); /* also what is passed over counts */
}

int lists_read_archive(struct lists_import *i, const char *path, struct str source, struct diag *d)
{
    struct archive *a = archive_read_new();
    struct archive_entry *e;
    unsigned entries = 0;
    int result = 0, step;

    if (!a)
        return lists_wrong(d, "%s: there is not enough memory", path);
    i->bytes_before = i->bytes;
    archive_read_support_format_tar(a);
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    if (archive_read_open_filename(a, path, LISTS_PIECE) != ARCHIVE_OK)
        result = cut(a, path, d);
    while (result == 0 && (step = archive_read_next_header(a, &e)) != ARCHIVE_EOF) {
        if (step < ARCHIVE_WARN)
            result = cut(a, path, d);
        else if (++entries > LISTS_FILES)
            result = lists_wrong(d, "%s: more than %d entries", path, LISTS_FILES);
        else
            result = take_entry(i, a, e, source, d);
    }
    archive_read_free(a);
    return result;
}

bool lists_is_archive(const char *path)
{
    static const char *const ends[] = {".tar", ".tar.gz", ".tgz", ".tar.xz", ".txz", ".tar.bz2", ".tar.zst"};
    size_t n = strlen(path);

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (n > strlen(ends[i]) && strcmp(path + n - strlen(ends[i]), ends[i]) == 0)
            return true;
    return false;
}
