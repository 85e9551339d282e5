/* The only file of core with system calls: an artefact or a standing read into pages of its own. Not mapped:
 * who copies a file over the one in force would change rows that are proven, and cutting it would end the
 * process. */
#include "core/categories.h"
#include "core/networks_internal.h"
#include "core/policy_internal.h"
#include "core/standing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* -1 with errno 0: the file ends before that. */
static int fill(int fd, unsigned char *to, size_t size)
{
    while (size > 0) {
        ssize_t n = read(fd, to, size);

        if (n == 0)
            errno = 0;
        else if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        to += n;
        size -= (size_t)n;
    }
    return 0;
}

/* What is being opened: how large at most, and what to say when it is empty or larger. */
struct file_kind {
    size_t max;
    const char *no;
};

static const struct file_kind ARTEFACT_FILE = {ARTEFACT_SIZE_MAX,
                                               ": is empty or over 256 MiB: no compiled policy"};
static const struct file_kind STANDING_FILE = {STANDING_SIZE_MAX, ": is empty or over 64 MiB: no standing"};

static int map_file(const char *path, const struct file_kind *kind, void **bytes, size_t *size,
                    struct diag *d)
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
    if (st.st_size <= 0 || (size_t)st.st_size > kind->max) {
        diag_error(d, path, kind->no, NULL);
        goto out;
    }
    *size = (size_t)st.st_size;
    *bytes = mmap(NULL, *size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (*bytes == MAP_FAILED) {
        diag_error(d, path, ": no memory for it: ", strerror(errno));
        goto out;
    }
    if (fill(fd, *bytes, *size) != 0 || mprotect(*bytes, *size, PROT_READ) != 0) {
        diag_error(d, path, ": cannot be read whole: ", errno ? strerror(errno) : "it has become shorter");
        munmap(*bytes, *size);
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

    if (map_file(path, &ARTEFACT_FILE, &bytes, &size, d) != 0)
        return -1;
    if (policy_open_mem(bytes, size, policy, d) != 0) {
        munmap(bytes, size);
        return -1;
    }
    policy_own_mapping(*policy, bytes, size, munmap);
    return 0;
}

/* Large and published by renaming alone: mapped, and shared by all children. */
int networks_map(const char *path, enum networks_kind kind, struct networks **networks, struct diag *d)
{
    struct networks *n = calloc(1, sizeof *n);
    int error;

    if (!n)
        return diag_error(d, path, ": no memory for it", NULL);
    n->kind = kind;
    error = MMDB_open(path, MMDB_MODE_MMAP, &n->base);
    if (error != MMDB_SUCCESS) {
        free(n);
        return error == MMDB_FILE_OPEN_ERROR
                   ? diag_error(d, path, ": cannot be opened: ", strerror(errno))
                   : diag_error(d, path, ": is no sound MaxMind database: ", MMDB_strerror(error));
    }
    if (networks_check(n, path, d) != 0) {
        networks_free(n);
        return -1;
    }
    *networks = n;
    return 0;
}

void networks_free(struct networks *n)
{
    if (!n)
        return;
    MMDB_close(&n->base);
    free(n);
}

/* Mapped and shared by all children, so that no process holds a copy: published by renaming alone. */
static int map_database(const char *path, struct categories *c, struct diag *d)
{
    struct stat st;
    void *bytes = MAP_FAILED;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0)
        return diag_error(d, path, ": cannot be opened: ", strerror(errno));
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && (uint64_t)st.st_size <= UINT32_MAX)
        bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (bytes == MAP_FAILED)
        return diag_error(d, path, ": is no category database, or cannot be mapped", NULL);
    if (catdb_open(bytes, (size_t)st.st_size, &c->db[c->n], d) != 0) {
        munmap(bytes, (size_t)st.st_size);
        return diag_error(d, path, ": is not taken", NULL);
    }
    c->mappings[c->n++] = bytes;
    return 0;
}

int categories_map(const char *path, struct categories **categories, struct diag *d)
{
    struct categories *c = calloc(1, sizeof *c);
    char name[4096];
    int result = 0;

    if (!c || strlen(path) + sizeof CATEGORIES_UNBLOCKED > sizeof name) {
        free(c);
        return diag_error(d, path, ": no memory for it, or its name is too long", NULL);
    }
    for (unsigned i = 0; i < CATEGORIES_FILES && result == 0; i++) {
        memcpy(name, path, strlen(path));
        memcpy(name + strlen(path), categories_suffixes[i], strlen(categories_suffixes[i]) + 1);
        if (i && access(name, F_OK) != 0)
            continue;
        c->suffix[c->n] = categories_suffixes[i];
        result = map_database(name, c, d);
    }
    if (result != 0)
        categories_free(c);
    else
        *categories = c;
    return result;
}

void categories_free(struct categories *c)
{
    if (!c)
        return;
    for (unsigned i = 0; i < c->n; i++)
        if (c->mappings[i])
            munmap(c->mappings[i], c->db[i].size);
    free(c);
}

int standing_map(const char *path, struct standing **standing, struct diag *d)
{
    void *bytes = NULL;
    size_t size = 0;

    if (map_file(path, &STANDING_FILE, &bytes, &size, d) != 0)
        return -1;
    if (standing_open_mem(bytes, size, standing, d) != 0) {
        munmap(bytes, size);
        return -1;
    }
    standing_own_mapping(*standing, bytes, size, munmap);
    return 0;
}
