/* The only file of core with system calls: an artefact mapped read-only. */
#include "core/policy_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int map_file(const char *path, void **bytes, size_t *size, struct diag *d)
{
    struct stat st;
    int result = -1;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0)
        return diag_error(d, path, ": cannot be opened: ", strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        diag_error(d, path, ": is no regular file", NULL);
        goto out;
    }
    if (st.st_size <= 0 || st.st_size > ARTEFACT_SIZE_MAX) {
        diag_error(d, path, ": is empty or over 256 MiB: no compiled policy", NULL);
        goto out;
    }
    *size = (size_t)st.st_size;
    *bytes = mmap(NULL, *size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (*bytes == MAP_FAILED) {
        diag_error(d, path, ": cannot be mapped: ", strerror(errno));
        goto out;
    }
    result = 0;
out:
    close(fd);
    return result;
}

int policy_map(const char *path, struct policy **policy, struct diag *d)
{
    void *bytes = NULL;
    size_t size = 0;

    if (map_file(path, &bytes, &size, d) != 0)
        return -1;
    if (policy_open_mem(bytes, size, policy, d) != 0) {
        munmap(bytes, size);
        return -1;
    }
    policy_own_mapping(*policy, bytes, size, munmap);
    return 0;
}
