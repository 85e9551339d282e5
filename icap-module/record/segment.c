#include "record/segment.h"

#include "core/artefact.h"
#include "core/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NODE_IN_NAME = 32 };

static void commit(unsigned char *record, uint32_t length)
{
    atomic_store_explicit((_Atomic uint32_t *)(void *)record, length, memory_order_release);
}

static void fill_header(const struct segment_home *home, struct segment_header *h)
{
    memcpy(h->magic, SEGMENT_MAGIC, sizeof h->magic);
    h->version = SEGMENT_VERSION;
    h->header_size = sizeof *h;
    h->size = home->size;
    h->pid = (uint32_t)getpid();
    memcpy(h->node, home->node, sizeof h->node);
    memcpy(h->boot, home->boot, sizeof h->boot);
    memcpy(h->process, home->process, sizeof h->process);
    h->check = artefact_sum(h, offsetof(struct segment_header, check));
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
static int furnish(struct segment *s, const struct segment_header *h)
{
    struct stat st;
    void *base;
    int error;

    if (fstat(s->fd, &st) != 0 || flock(s->fd, LOCK_EX | LOCK_NB) != 0)
        return errno;
    error = reserve(s->fd, s->size);
    if (error)
        return error;
    base = mmap(NULL, s->size, PROT_READ | PROT_WRITE, MAP_SHARED, s->fd, 0);
    if (base == MAP_FAILED)
        return errno;
    memcpy(base, h, sizeof *h);
    s->base = base;
    s->used = sizeof *h;
    s->inode = st.st_ino;
    return 0;
}

/* What is not whole is none: the header then says nothing of what was imported. */
static void read_root(int folder, struct segment_header *h)
{
    int fd = openat(folder, SEGMENT_ROOT, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);

    if (fd < 0)
        return;
    if (read(fd, h->imported_root, sizeof h->imported_root) != (ssize_t)sizeof h->imported_root)
        memset(h->imported_root, 0, sizeof h->imported_root);
    close(fd);
}

static int open_folder(const struct segment_home *home)
{
    return open(home->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static struct timespec later(const struct timespec *named)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec > named->tv_sec || (now.tv_sec == named->tv_sec && now.tv_nsec > named->tv_nsec))
        return now;
    now = *named;
    if (++now.tv_nsec == 1000000000) {
        now.tv_sec++;
        now.tv_nsec = 0;
    }
    return now;
}

/* Under another name until the header stands, so that nobody ever reads half a header. */
int segment_make(const struct segment_home *home, const struct segment_order *order, struct timespec *named,
                 struct segment *made)
{
    struct segment_header h = {.number = order->number, .first = order->first};
    struct segment s = {.size = home->size, .number = order->number};
    char unborn[SEGMENT_NAME];
    struct timespec now = later(named);
    int folder, error;

    h.created = now.tv_sec;
    h.created_ns = (uint32_t)now.tv_nsec;
    for (unsigned i = 0; i < sizeof h.follows; i++)
        h.follows[i] = (unsigned char)(order->follows >> (8 * i));
    s.day = clock_local(now.tv_sec).day;
    folder = open_folder(home);
    if (folder < 0)
        return errno;
    read_root(folder, &h);
    fill_header(home, &h);
    snprintf(unborn, sizeof unborn, "%010lld%09ld-%.*s-%.8s-%07d-%06llu" SEGMENT_UNBORN,
             (long long)now.tv_sec, now.tv_nsec, NODE_IN_NAME, home->node, home->boot, (int)h.pid,
             (unsigned long long)order->number);
    memcpy(s.name, unborn, strlen(unborn) - strlen(SEGMENT_UNBORN) + strlen(SEGMENT_SUFFIX));
    s.fd = openat(folder, unborn, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    error = s.fd < 0 ? errno : furnish(&s, &h);
    if (!error && renameat(folder, unborn, folder, s.name) != 0)
        error = errno;
    if (!error) {
        *made = s;
        *named = now;
    } else if (s.fd >= 0) {
        if (s.base)
            munmap(s.base, s.size);
        unlinkat(folder, unborn, 0);
        close(s.fd);
    }
    close(folder);
    return error;
}

bool segment_has_room(const struct segment *s)
{
    return s->base && s->size - s->used >= RECORD_SPACE;
}

bool segment_append(struct segment *s, const struct event *e)
{
    unsigned char *record = s->base + s->used;
    size_t length = event_encode(e, record + RECORD_HEAD, EVENT_MAX);
    uint32_t check;

    if (!length)
        return false;
    check = artefact_sum(record + RECORD_HEAD, length);
    memcpy(record + sizeof(uint32_t), &check, sizeof check);
    commit(record, (uint32_t)length);
    s->used += record_size(length);
    return true;
}

bool segment_gone(const struct segment_home *home, const struct segment *s)
{
    int folder = open_folder(home);
    bool gone = folder < 0 ? errno == ENOENT : false; /* anything else may be the moment's fault */
    struct stat st;

    if (folder < 0)
        return gone;
    gone = fstatat(folder, s->name, &st, AT_SYMLINK_NOFOLLOW) != 0 || st.st_ino != s->inode;
    close(folder);
    return gone;
}

static void take_off(const struct segment_home *home, const struct segment *s)
{
    int folder = open_folder(home);

    if (folder >= 0) {
        unlinkat(folder, s->name, 0);
        close(folder);
    }
}

void segment_finish(const struct segment_home *home, struct segment *s)
{
    if (!s->base)
        return;
    if (s->used == sizeof(struct segment_header))
        take_off(home, s);
    else if (s->size - s->used >= sizeof(uint32_t))
        commit(s->base + s->used, RECORD_END);
    munmap(s->base, s->size);
    close(s->fd);
    *s = (struct segment){0};
}
