#include "record/spool.h"

#include "core/artefact.h"
#include "record/spool_segment.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NAME_SIZE = 160, NODE_IN_NAME = 32 };

struct spool {
    pthread_mutex_t lock; /* guards all below but what spool_open alone sets */
    int folder;
    size_t size; /* of a segment */
    char node[SEGMENT_NODE];
    char boot[SEGMENT_BOOT];
    unsigned char *base; /* the segment in hand, or NULL */
    int fd;
    size_t used;
    uint64_t number;   /* segments made or tried */
    uint64_t sequence; /* events so far, the lost ones too */
    int64_t retry;     /* monotonic second before which no segment is tried */
    struct spool_counts counts;
};

static void commit(unsigned char *record, uint32_t length)
{
    atomic_store_explicit((_Atomic uint32_t *)(void *)record, length, memory_order_release);
}

/* The writer's last word in a segment; its lock goes with the descriptor. */
static void finish_segment(struct spool *s)
{
    if (!s->base)
        return;
    if (s->size - s->used >= sizeof(uint32_t))
        commit(s->base + s->used, RECORD_END);
    munmap(s->base, s->size);
    close(s->fd);
    s->base = NULL;
}

static void fill_header(struct spool *s, unsigned char *base, const struct timespec *now)
{
    struct segment_header h = {.version = SEGMENT_VERSION,
                               .header_size = sizeof h,
                               .size = s->size,
                               .number = s->number,
                               .first = s->sequence,
                               .created = now->tv_sec,
                               .created_ns = (uint32_t)now->tv_nsec,
                               .pid = (uint32_t)getpid()};

    memcpy(h.magic, SEGMENT_MAGIC, sizeof h.magic);
    memcpy(h.node, s->node, sizeof h.node);
    memcpy(h.boot, s->boot, sizeof h.boot);
    h.check = artefact_sum(&h, offsetof(struct segment_header, check));
    memcpy(base, &h, sizeof h);
}

/* Without space set aside now, a full disk would be a SIGBUS later; over a file size limit the kernel would
 * send SIGXFSZ instead of an error. Returns an errno or 0. */
static int reserve(int fd, size_t size)
{
    struct rlimit limit;
    int error;

    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < size)
        return EFBIG;
    do
        error = posix_fallocate(fd, 0, (off_t)size);
    while (error == EINTR);
    return error;
}

/* Locks, reserves, maps and heads the new file; 0 or an errno. */
static int furnish(struct spool *s, int fd, const struct timespec *now)
{
    void *base;
    int error;

    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return errno;
    error = reserve(fd, s->size);
    if (error)
        return error;
    base = mmap(NULL, s->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED)
        return errno;
    fill_header(s, base, now);
    s->base = base;
    s->fd = fd;
    s->used = sizeof(struct segment_header);
    return 0;
}

/* Under another name until the header stands, so that nobody ever reads half a header. 0 or an errno. */
static int make_segment(struct spool *s)
{
    char name[NAME_SIZE], unborn[NAME_SIZE];
    struct timespec now;
    int fd, error;

    clock_gettime(CLOCK_REALTIME, &now);
    s->number++;
    snprintf(name, sizeof name, "%010lld%09ld-%.*s-%.8s-%07d-%06llu" SEGMENT_SUFFIX, (long long)now.tv_sec,
             now.tv_nsec, NODE_IN_NAME, s->node, s->boot, (int)getpid(), (unsigned long long)s->number);
    snprintf(unborn, sizeof unborn, "%.*s" SEGMENT_UNBORN, (int)(strlen(name) - strlen(SEGMENT_SUFFIX)),
             name);
    fd = openat(s->folder, unborn, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (fd < 0)
        return errno;
    error = furnish(s, fd, &now);
    if (!error && renameat(s->folder, unborn, s->folder, name) != 0) {
        error = errno;
        munmap(s->base, s->size);
        s->base = NULL;
    }
    if (error) {
        unlinkat(s->folder, unborn, 0);
        close(fd);
    }
    return error;
}

/* A segment with room for one event. */
static bool have_room(struct spool *s)
{
    struct timespec now;

    if (s->base && s->size - s->used >= RECORD_SPACE)
        return true;
    finish_segment(s); /* before the next is made: the importer may then free its space */
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec < s->retry)
        return false;
    s->counts.error = make_segment(s);
    if (s->counts.error == 0)
        return true;
    s->retry = now.tv_sec + 1;
    return false;
}

int spool_append(struct spool *s, struct event *e)
{
    size_t length = 0;

    pthread_mutex_lock(&s->lock);
    e->sequence = ++s->sequence;
    if (have_room(s)) {
        unsigned char *record = s->base + s->used;

        length = event_encode(e, record + RECORD_HEAD, EVENT_MAX);
        if (length) {
            uint32_t check = artefact_sum(record + RECORD_HEAD, length);

            memcpy(record + sizeof(uint32_t), &check, sizeof check);
            commit(record, (uint32_t)length);
            s->used += record_size(length);
        }
    }
    if (length)
        s->counts.written++;
    else
        s->counts.lost++;
    pthread_mutex_unlock(&s->lock);
    return length ? 0 : -1;
}

struct spool_counts spool_counts(struct spool *s)
{
    struct spool_counts counts;

    pthread_mutex_lock(&s->lock);
    counts = s->counts;
    pthread_mutex_unlock(&s->lock);
    return counts;
}

/* A node's name goes into file names: '-' parts their fields. */
static void name_node(struct spool *s, const char *node)
{
    char host[SEGMENT_NODE] = "";

    if (!node && gethostname(host, sizeof host - 1) == 0)
        node = host;
    if (!node || !*node)
        node = "unnamed";
    for (size_t i = 0; i < sizeof s->node - 1 && node[i]; i++) {
        char c = ascii_lower(node[i]);

        s->node[i] = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '.' && i) ? c : '_';
    }
}

static void name_boot(struct spool *s)
{
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, s->boot, sizeof s->boot - 1);

    if (fd >= 0)
        close(fd);
    if (n <= 0)
        n = snprintf(s->boot, sizeof s->boot, "00000000");
    s->boot[n] = '\0';
    s->boot[strcspn(s->boot, "\n")] = '\0';
}

int spool_open(const char *folder, const char *node, size_t segment, struct spool **spool, struct diag *d)
{
    struct spool *s = calloc(1, sizeof *s);

    if (!s)
        return diag_error(d, folder, ": out of memory while opening the spool", NULL);
    s->size = segment ? segment : SPOOL_SEGMENT;
    s->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->folder < 0) {
        diag_error(d, folder,
                   ": the spool folder cannot be opened (it is never made here): ", strerror(errno));
        goto out;
    }
    if (s->size < SPOOL_SEGMENT_MIN) {
        diag_error(d, folder, ": a segment has 4096 bytes at least", NULL);
        goto out;
    }
    if (faccessat(s->folder, ".", W_OK | X_OK, 0) != 0) {
        diag_error(d, folder, ": the spool folder cannot be written to: ", strerror(errno));
        goto out;
    }
    name_node(s, node);
    name_boot(s);
    pthread_mutex_init(&s->lock, NULL);
    *spool = s;
    return 0;
out:
    if (s->folder >= 0)
        close(s->folder);
    free(s);
    return -1;
}

void spool_close(struct spool *s)
{
    if (!s)
        return;
    finish_segment(s);
    close(s->folder);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
