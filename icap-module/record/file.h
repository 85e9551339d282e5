/* Writing files: until all is written, and whole or not at all. */
#ifndef RECORD_FILE_H
#define RECORD_FILE_H

#include "core/diag.h"

/* All `size` bytes, also when write(2) takes a part or is interrupted, then fsync. -1 with errno when it
 * fails. */
int file_write_synced(int fd, const void *bytes, size_t size);

/* Writes a file (mode 0640) aside and renames it into place: whoever opens `path` sees the old bytes or the
 * new ones. -1 with a message, and the old file stays. */
int file_replace(const char *path, const void *bytes, size_t size, struct diag *d);

/* Adds 1 to the 8-byte word in `path` that workers have mapped: written in place, never shortened. Missing or
 * short, it begins at 1. -1 with a message. */
int file_raise_generation(const char *path, struct diag *d);

/* All of a regular file of at most `max` bytes, to be freed, with a NUL behind it. *there false and 0 (and no
 * bytes) when there is no such file; -1 with a message when it cannot be read. */
int file_read_all(const char *path, size_t max, char **text, size_t *size, bool *there, struct diag *d);

/* A folder, and those above it, made where they are missing (0750). -1 with a message. */
int file_make_folder(const char *path, struct diag *d);

#endif
