#include "record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int file_write_synced(int fd, const void *bytes, size_t size)
{
    const unsigned char *from = bytes;

    while (size) {
        ssize_t n = write(fd, from, size);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        from += n;
        size -= (size_t)n;
    }
    return fsync(fd);
}

static void sync_folder(const char *path)
{
    char folder[4096] = ".";
    const char *slash = strrchr(path, '/');
    int fd;

    if (slash && (size_t)(slash - path) < sizeof folder) {
        size_t n = slash == path ? 1 : (size_t)(slash - path);

        memcpy(folder, path, n);
        folder[n] = '\0';
    }
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

int file_replace(const char *path, const void *bytes, size_t size, struct diag *d)
{
    size_t n = strlen(path);
    char *aside = malloc(n + sizeof ".XXXXXX");
    int fd, result = -1;

    if (!aside)
        return diag_error(d, path, ": out of memory", NULL);
    memcpy(aside, path, n);
    memcpy(aside + n, ".XXXXXX", sizeof ".XXXXXX");
    fd = mkstemp(aside);
    if (fd < 0) {
        diag_error(d, path, ": cannot be written: ", strerror(errno));
        free(aside);
        return -1;
    }
    if (file_write_synced(fd, bytes, size) != 0 || fchmod(fd, 0640) != 0 || rename(aside, path) != 0) {
        diag_error(d, path, ": cannot be written: ", strerror(errno));
        unlink(aside);
    } else {
        sync_folder(path);
        result = 0;
    }
    close(fd);
    free(aside);
    return result;
}

int file_raise_generation(const char *path, struct diag *d)
{
    uint64_t word = 0;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    int result = 0;

    if (fd < 0)
        return diag_error(d, path, ": cannot be written: ", strerror(errno));
    if (pread(fd, &word, sizeof word, 0) != (ssize_t)sizeof word)
        word = 0;
    word++;
    if (pwrite(fd, &word, sizeof word, 0) != (ssize_t)sizeof word)
        result = diag_error(d, path, ": cannot be written: ", strerror(errno));
    close(fd);
    return result;
}

static char *read_some(int fd, size_t size, size_t *got)
{
    char *text = malloc(size + 1);

    *got = 0;
    while (text && *got < size) {
        ssize_t n = read(fd, text + *got, size - *got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            free(text);
            return NULL;
        }
        if (n == 0)
            break;
        *got += (size_t)n;
    }
    if (text)
        text[*got] = '\0';
    return text;
}

int file_read_all(const char *path, size_t max, char **text, size_t *size, bool *there, struct diag *d)
{
    struct stat st;
    int result = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    *text = NULL;
    *size = 0;
    *there = fd >= 0 || errno != ENOENT;
    if (!*there)
        return 0;
    if (fd < 0)
        return diag_error(d, path, ": cannot be opened: ", strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        diag_error(d, path, ": is no regular file", NULL);
    else if ((size_t)st.st_size > max)
        diag_error(d, path, ": is larger than such a file can be", NULL);
    else if ((*text = read_some(fd, (size_t)st.st_size, size)) == NULL)
        diag_error(d, path, ": cannot be read: ", strerror(errno));
    else
        result = 0;
    close(fd);
    return result;
}

int file_make_folder(const char *path, struct diag *d)
{
    char part[4096];
    size_t n = strlen(path);

    if (n == 0 || n >= sizeof part)
        return diag_error(d, path, ": is no name of a folder", NULL);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0750) != 0 && errno != EEXIST)
            return diag_error(d, part, ": cannot be made: ", strerror(errno));
    }
    return 0;
}
