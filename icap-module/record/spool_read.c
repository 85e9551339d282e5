#include "core/artefact.h"
#include "record/spool.h"
#include "record/spool_segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* A mapped segment on its way to the caller. */
struct walk {
    const unsigned char *base;
    size_t size;
    bool live; /* its writer still holds the lock */
    void (*each)(void *to, const struct event *e);
    void *to;
    struct spool_read *result;
    uint64_t limit; /* records still to be read */
    bool more;      /* `limit` ended the walk, not the segment */
};

static uint32_t committed(const unsigned char *record)
{
    return atomic_load_explicit((const _Atomic uint32_t *)(const void *)record, memory_order_acquire);
}

/* Bytes without a commit word: the writer was killed between the two. */
static bool begun(const unsigned char *record, size_t room)
{
    size_t n = room < RECORD_SPACE ? room : RECORD_SPACE;

    for (size_t i = sizeof(uint32_t); i < n; i++)
        if (record[i])
            return true;
    return false;
}

static void take_record(struct walk *w, const unsigned char *record, uint32_t length)
{
    struct event e;
    uint32_t check;

    memcpy(&check, record + sizeof(uint32_t), sizeof check);
    if (artefact_sum(record + RECORD_HEAD, length) != check ||
        event_decode(&e, record + RECORD_HEAD, length) != 0) {
        w->result->torn++;
        return;
    }
    w->result->events++;
    w->each(w->to, &e);
}

/* From the record at `at`; where the next one will start. */
static size_t walk_records(struct walk *w, size_t at)
{
    while (w->size - at >= RECORD_HEAD) {
        const unsigned char *record = w->base + at;
        size_t room = w->size - at;
        uint32_t length = committed(record);

        if (length == RECORD_END)
            return at;
        if (length == 0) {
            if (!w->live && begun(record, room))
                w->result->torn++;
            return at;
        }
        if (length > EVENT_MAX || length > room - RECORD_HEAD) {
            w->result->torn++; /* a length that cannot be: where the next record starts cannot be told */
            return at;
        }
        if (w->limit == 0) {
            w->more = true;
            return at;
        }
        w->limit--;
        take_record(w, record, length);
        if (record_size(length) > room)
            return at;
        at += record_size(length);
    }
    return at;
}

static int check_header(const struct walk *w, const char *path, struct diag *d)
{
    const struct segment_header *h = (const void *)w->base;

    if (memcmp(h->magic, SEGMENT_MAGIC, sizeof h->magic) != 0)
        return diag_error(d, path, ": is no spool segment", NULL);
    if (h->version != SEGMENT_VERSION || h->header_size != sizeof *h)
        return diag_error(d, path, ": is a spool segment of another version", NULL);
    if (h->check != artefact_sum(h, offsetof(struct segment_header, check)))
        return diag_error(d, path, ": the segment's header is damaged", NULL);
    return 0;
}

/* Where to start in a mapped segment, proven; 0 when the cursor cannot be this one's. */
static size_t start_of(const struct walk *w, const struct spool_cursor *c)
{
    if (!c || c->at == 0)
        return w->size >= sizeof(struct segment_header) ? sizeof(struct segment_header) : 0;
    return c->at >= sizeof(struct segment_header) && c->at <= w->size && c->at % 8 == 0 ? (size_t)c->at : 0;
}

static int walk_mapped(struct walk *w, struct spool_cursor *c, const char *path, struct diag *d)
{
    uint64_t declared = ((const struct segment_header *)(const void *)w->base)->size;
    size_t at;

    if (declared < w->size)
        w->size = (size_t)declared;
    at = start_of(w, c);
    if (at == 0)
        return c && c->at ? diag_error(d, path, ": is not as long as what was read of it before", NULL) : 0;
    at = walk_records(w, at);
    if (c)
        *c = (struct spool_cursor){at, !w->live && !w->more};
    return 0;
}

static int read_segment(int folder, const char *path, struct walk *w, struct spool_cursor *c, struct diag *d)
{
    struct stat st;
    void *base;
    int result = -1;
    int fd = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0 && errno == ENOENT && folder != AT_FDCWD)
        return 0; /* imported, or found unused, since it was listed */
    if (fd < 0)
        return diag_error(d, path, ": cannot be opened: ", strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(struct segment_header)) {
        diag_error(d, path, ": is no spool segment", NULL);
        goto out;
    }
    w->size = (size_t)st.st_size;
    w->live = flock(fd, LOCK_SH | LOCK_NB) != 0;
    base = mmap(NULL, w->size, PROT_READ, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED) {
        diag_error(d, path, ": cannot be mapped: ", strerror(errno));
        goto out;
    }
    w->base = base;
    result = check_header(w, path, d);
    if (result == 0)
        result = walk_mapped(w, c, path, d);
    munmap(base, (size_t)st.st_size);
out:
    close(fd);
    return result;
}

static int is_segment(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name), suffix = strlen(SEGMENT_SUFFIX);

    return n > suffix && strcmp(entry->d_name + n - suffix, SEGMENT_SUFFIX) == 0;
}

/* By bytes: alphasort would ask the locale. */
static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

int spool_read(const char *path, void (*each)(void *to, const struct event *e), void *to,
               struct spool_read *result, struct diag *d)
{
    struct walk w = {.each = each, .to = to, .result = result, .limit = UINT64_MAX};
    struct dirent **names;
    int failed = 0;
    int n;
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder < 0)
        return errno == ENOTDIR ? read_segment(AT_FDCWD, path, &w, NULL, d)
                                : diag_error(d, path, ": cannot be opened: ", strerror(errno));
    n = scandir(path, &names, is_segment, by_name);
    if (n < 0) {
        close(folder);
        return diag_error(d, path, ": cannot be listed: ", strerror(errno));
    }
    for (int i = 0; i < n; i++) {
        failed |= read_segment(folder, names[i]->d_name, &w, NULL, d);
        free(names[i]);
    }
    free(names);
    close(folder);
    return failed ? -1 : 0;
}

int spool_read_on(const char *path, struct spool_cursor *c, uint64_t limit,
                  void (*each)(void *to, const struct event *e), void *to, struct spool_read *result,
                  struct diag *d)
{
    struct walk w = {.each = each, .to = to, .result = result, .limit = limit};

    return read_segment(AT_FDCWD, path, &w, c, d);
}
