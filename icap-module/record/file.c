#include "record/file.h"

#include <errno.h>
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
