/* A file that lines are appended to. */
#include "feed/sink.h"

#include "record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static enum feed_went failed(struct feed_sink *s, const struct feed *f, const char *why, struct diag *d)
{
    feed_sink_close(s);
    diag_error(d, f->path, ": the feed cannot be written: ", why);
    return FEED_FAILED;
}

/* A name that was just made lasts only with its folder. */
static bool sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    int fd, result;

    if ((size_t)snprintf(folder, sizeof folder, "%.*s", slash > path ? (int)(slash - path) : 1, path) >=
        sizeof folder)
        return false;
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES; /* may be written to and not be read */
    result = fsync(fd);
    close(fd);
    return result == 0;
}

/* The file that has that name now: another one where the last was renamed. */
static bool open_current(struct feed_sink *s, const char *path, struct stat *st)
{
    struct stat now;

    if (s->fd >= 0 && fstat(s->fd, st) == 0 && stat(path, &now) == 0 && now.st_ino == st->st_ino &&
        now.st_dev == st->st_dev)
        return true;
    feed_sink_close(s);
    /* Not through a link at its end, and never waiting for the other end of a pipe. */
    s->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0640);
    return s->fd >= 0 && fstat(s->fd, st) == 0 && sync_folder(path);
}

/* Where the batch goes on: what stands behind the last one's end may be its beginning, written before a kill
 * -9. *line_end: a line must be ended first, that is none of ours. */
static size_t already_there(struct feed_sink *s, const struct feed_batch *b, const struct stat *st,
                            bool *line_end)
{
    uint64_t size = (uint64_t)st->st_size,
             from = s->file == (uint64_t)st->st_ino && s->size <= size ? s->size : size;
    char there[4096], last;
    size_t done = 0;

    *line_end = false;
    if (from == size && (size == 0 || from == s->size))
        return 0;
    while (from + done < size && done < b->n) {
        size_t want = size - from - done < sizeof there ? (size_t)(size - from - done) : sizeof there;
        ssize_t n = pread(s->fd, there, want, (off_t)(from + done));

        if (n <= 0 || (size_t)n > b->n - done || memcmp(there, b->bytes + done, (size_t)n) != 0)
            break;
        done += (size_t)n;
    }
    if (from + done == size && done > 0)
        return done;
    *line_end = pread(s->fd, &last, 1, (off_t)(size - 1)) == 1 && last != '\n';
    return 0;
}

static bool write_all(int fd, const char *bytes, size_t n)
{
    while (n) {
        ssize_t done = write(fd, bytes, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        n -= (size_t)done;
    }
    return true;
}

enum feed_went feed_file_step(struct feed_sink *s, const struct feed *f, const struct feed_batch *b,
                              struct diag *d)
{
    struct stat st;
    bool line_end;
    size_t done;

    errno = 0;
    if (!open_current(s, f->path, &st))
        return failed(s, f, errno == ELOOP ? "it is a symbolic link" : strerror(errno), d);
    if (!S_ISREG(st.st_mode))
        return failed(s, f, "it is no file", d);
    done = already_there(s, b, &st, &line_end);
    if ((line_end && !write_all(s->fd, "\n", 1)) || !write_all(s->fd, b->bytes + done, b->n - done) ||
        fsync(s->fd) != 0 || fstat(s->fd, &st) != 0)
        return failed(s, f, strerror(errno), d);
    s->file = (uint64_t)st.st_ino;
    s->size = (uint64_t)st.st_size;
    s->moved += b->n;
    return FEED_SENT;
}
