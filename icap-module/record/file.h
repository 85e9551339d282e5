/* Writing to a descriptor until all is written. */
#ifndef RECORD_FILE_H
#define RECORD_FILE_H

#include <stddef.h>

/* All `size` bytes, also when write(2) takes a part or is interrupted, then fsync. -1 with errno when it
 * fails. */
int file_write_synced(int fd, const void *bytes, size_t size);

#endif
