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
