/* The file with the plain keys: read, written, overwritten. */
#include "record/epoch.h"
#include "record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/* statfs(2) */
enum { TMPFS = 0x01021994 };
#define RAMFS 0x858458f6L

struct epoch_file *epoch_file_new(void)
{
    struct epoch_file *f = sodium_malloc(sizeof *f);

    if (f)
        epoch_wipe(f);
    return f;
}

void epoch_file_free(struct epoch_file *f)
{
    sodium_free(f);
}

int epoch_read(const char *path, struct epoch_file *f, struct diag *d)
{
    unsigned char bytes[EPOCH_FILE + 1];
    struct stat st;
    ssize_t n = -1;
    int result = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0)
        return diag_error(d, path, ": the key cannot be opened: ", strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        diag_error(d, path, ": the key is no regular file", NULL);
    } else if (st.st_mode & S_IRWXO) {
        diag_error(d, path,
                   ": others than owner and group can use the key: chmod 0640 it, and make a new one",
                   " if anybody may have read it");
    } else {
        do
            n = read(fd, bytes, sizeof bytes);
        while (n < 0 && errno == EINTR);
        result = n < 0 ? -1 : epoch_read_mem(bytes, (size_t)n, f);
        if (result != 0)
            diag_error(d, path,
                       ": is no file of epochs, and no key: a key is 32 random bytes, no more and no less",
                       NULL);
    }
    sodium_memzero(bytes, sizeof bytes);
    close(fd);
    return result;
}

int epoch_in_memory(const char *folder, struct diag *d)
{
    struct statfs of;

    if (statfs(folder, &of) != 0)
        return diag_error(d, folder, ": cannot be looked at: ", strerror(errno));
    return of.f_type == TMPFS || of.f_type == RAMFS;
}

int epoch_place(const char *path, bool on_disk, struct diag *d)
{
    char folder[4096] = ".";
    const char *slash = strrchr(path, '/');
    int there;

    if (slash && (size_t)(slash - path) < sizeof folder) {
        size_t n = slash == path ? 1 : (size_t)(slash - path);

        memcpy(folder, path, n);
        folder[n] = '\0';
    }
    there = epoch_in_memory(folder, d);
    if (there < 0)
        return -1;
    return there || on_disk
               ? 0
               : diag_error(d, path,
                            ": lies on a disk: plain keys are kept in memory alone, in /run for example",
                            " (for a trial: --keys-on-disk)");
}

/* The bytes of a file that is no longer wanted; its name may be another's by now. */
static int overwrite(int fd)
{
    static const unsigned char zeros[EPOCH_FILE];
    struct stat st;

    if (fstat(fd, &st) != 0)
        return -1;
    for (off_t at = 0; at < st.st_size; at += (off_t)sizeof zeros) {
        size_t n = st.st_size - at < (off_t)sizeof zeros ? (size_t)(st.st_size - at) : sizeof zeros;

        if (pwrite(fd, zeros, n, at) != (ssize_t)n)
            return -1;
    }
    return fsync(fd);
}

int epoch_write(const char *path, const struct epoch_file *f, bool on_disk, struct diag *d)
{
    unsigned char bytes[EPOCH_FILE];
    size_t n;
    int old, result;

    if (epoch_place(path, on_disk, d) != 0)
        return -1;
    old = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    n = epoch_write_mem(f, bytes);
    result = file_replace(path, bytes, n, d);
    sodium_memzero(bytes, sizeof bytes);
    if (old >= 0) {
        if (result == 0 && overwrite(old) != 0)
            result =
                diag_error(d, path, ": the keys before these could not be overwritten: ", strerror(errno));
        close(old);
    }
    return result;
}

int epoch_destroy(const char *path, struct diag *d)
{
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    int result = 0;

    if (fd < 0)
        return errno == ENOENT ? 0
                               : diag_error(d, path, ": cannot be opened to be destroyed: ", strerror(errno));
    if (overwrite(fd) != 0 || unlink(path) != 0)
        result = diag_error(d, path, ": cannot be destroyed: ", strerror(errno));
    close(fd);
    return result;
}
