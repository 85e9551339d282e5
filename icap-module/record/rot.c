#include "record/rot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROT_MAGIC "PTREEROT"

enum { ROT_FORMAT = 1, SLOT_FREE = 0, SLOT_CLAIMED, SLOT_READY, BEGIN_ANEW = ROT_SLOTS / 4 * 3 };

/* Of one week; another week's numbers are overwritten when the first request of the new one comes. */
struct window {
    _Atomic uint64_t week; /* since 1970 */
    _Atomic uint64_t requests, tunnels;
    _Atomic uint64_t looked[ROT_COUNT], met[ROT_COUNT];
};

/* Claimed by one process, then named, then ready. One that was killed in between leaves a slot that nobody
 * uses. Two processes may make a slot each for the same platform: readers add them up. */
struct rot_slot {
    _Atomic uint32_t state;
    uint32_t reserved;
    char id[ROT_ID];
    char version[ROT_VERSION];
    struct window weeks[2]; /* even and odd */
};

struct layout {
    char magic[8];
    uint32_t format, slots;
    unsigned char reserved[48];
    struct rot_slot slot[ROT_SLOTS];
};

_Static_assert(sizeof(struct rot_slot) == 216 && sizeof(struct layout) == 64 + 216 * ROT_SLOTS &&
                   ROT_COUNT == 3,
               "another layout is another ROT_FORMAT");
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && ATOMIC_INT_LOCK_FREE == 2, "processes share no lock");

struct rot_file {
    struct layout *all;
    int fd; /* holds the lock that says: somebody counts */
};

struct rot_table {
    struct layout all;
};

static bool sound(const struct layout *l)
{
    return memcmp(l->magic, ROT_MAGIC, sizeof l->magic) == 0 && l->format == ROT_FORMAT &&
           l->slots == ROT_SLOTS;
}

/* Holds nothing that may be read, or hardly any room. Under the exclusive lock. */
static bool used_up(int fd)
{
    struct layout *l = malloc(sizeof *l);
    unsigned taken = 0;
    bool bad = !l || pread(fd, l, sizeof *l, 0) != (ssize_t)sizeof *l || !sound(l);

    for (unsigned i = 0; !bad && i < ROT_SLOTS; i++)
        taken += l->slot[i].state != SLOT_FREE;
    free(l);
    return bad || taken > BEGIN_ANEW;
}

/* Without space set aside, a full disk would be a SIGBUS later; over a file size limit the kernel would send
 * SIGXFSZ. 0 or an errno. */
static int reserve(int fd)
{
    struct rlimit limit;
    int error;

    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < sizeof(struct layout))
        return EFBIG;
    do
        error = posix_fallocate(fd, 0, (off_t)sizeof(struct layout));
    while (error == EINTR);
    return error;
}

/* The header last: who reads meanwhile sees no half of a file. */
static int furnish(int fd)
{
    const struct layout head = {.magic = ROT_MAGIC, .format = ROT_FORMAT, .slots = ROT_SLOTS};
    int error;

    if (used_up(fd) && ftruncate(fd, 0) != 0)
        return errno;
    error = reserve(fd);
    if (!error &&
        pwrite(fd, &head, offsetof(struct layout, slot), 0) != (ssize_t)offsetof(struct layout, slot))
        error = errno;
    return error;
}

static int lock(int fd, int how)
{
    int result;

    do
        result = flock(fd, how);
    while (result != 0 && errno == EINTR);
    return result;
}

/* Whoever is alone with the file puts it in order; then all share it. 0 or an errno. */
static int join(int fd, struct layout **all)
{
    struct stat st;
    void *base;
    int error = 0;

    if (fstat(fd, &st) != 0)
        return errno;
    if (!S_ISREG(st.st_mode))
        return EINVAL;
    if (lock(fd, LOCK_EX | LOCK_NB) == 0)
        error = furnish(fd);
    if (error || lock(fd, LOCK_SH) != 0)
        return error ? error : errno;
    if (fstat(fd, &st) != 0)
        return errno;
    if (st.st_size != (off_t)sizeof(struct layout))
        return EINVAL; /* another version's, which counts in it */
    base = mmap(NULL, sizeof(struct layout), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (base == MAP_FAILED)
        return errno;
    *all = base;
    if (sound(*all))
        return 0;
    munmap(base, sizeof(struct layout));
    return EINVAL;
}

int rot_open(const char *path, struct rot_file **f, struct diag *d)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640);
    struct rot_file *opened = malloc(sizeof *opened);
    int error = fd < 0 ? errno : opened ? join(fd, &opened->all) : ENOMEM;

    *f = NULL;
    if (error || !opened) {
        if (fd >= 0)
            close(fd);
        free(opened);
        return diag_error(d, path,
                          error == EINVAL ? ": is no file of counts of this version" : ": cannot be used: ",
                          error == EINVAL ? NULL : strerror(error));
    }
    opened->fd = fd;
    *f = opened;
    return 0;
}

bool rot_is_at(const struct rot_file *f, const char *path)
{
    struct stat mine, named;

    if (fstat(f->fd, &mine) != 0)
        return true;
    if (lstat(path, &named) != 0)
        return errno != ENOENT;
    return mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

void rot_close(struct rot_file *f)
{
    if (!f)
        return;
    munmap(f->all, sizeof *f->all);
    close(f->fd);
    free(f);
}

/* Padded with NUL. */
static bool is_name(const char *name, size_t size, struct str s)
{
    return s.n <= size && (s.n == 0 || memcmp(name, s.p, s.n) == 0) && (s.n == size || name[s.n] == '\0');
}

static bool is_slot(const struct rot_slot *s, struct str id, struct str version)
{
    return atomic_load_explicit(&s->state, memory_order_acquire) == SLOT_READY &&
           is_name(s->id, ROT_ID, id) && is_name(s->version, ROT_VERSION, str_upto(version, ROT_VERSION));
}

static bool claim(struct rot_slot *s, struct str id, struct str version)
{
    uint32_t free_slot = SLOT_FREE;

    if (!atomic_compare_exchange_strong(&s->state, &free_slot, SLOT_CLAIMED))
        return false;
    memcpy(s->id, id.p, id.n);
    if (version.n)
        memcpy(s->version, version.p, version.n < ROT_VERSION ? version.n : ROT_VERSION);
    atomic_store_explicit(&s->state, SLOT_READY, memory_order_release);
    return true;
}

struct rot_slot *rot_slot(struct rot_file *f, struct str id, struct str version)
{
    if (id.n == 0 || id.n > ROT_ID)
        return NULL;
    for (unsigned i = 0; i < ROT_SLOTS; i++)
        if (is_slot(&f->all->slot[i], id, version))
            return &f->all->slot[i];
    for (unsigned i = 0; i < ROT_SLOTS; i++)
        if (claim(&f->all->slot[i], id, version))
            return &f->all->slot[i];
    return NULL;
}

static void add(_Atomic uint64_t *to)
{
    atomic_fetch_add_explicit(to, 1, memory_order_relaxed);
}

static void empty(struct window *w)
{
    atomic_store(&w->requests, 0);
    atomic_store(&w->tunnels, 0);
    for (unsigned i = 0; i < ROT_COUNT; i++) {
        atomic_store(&w->looked[i], 0);
        atomic_store(&w->met[i], 0);
    }
}

/* Of several that meet a new week one empties the window; what the others add in that moment may be lost. */
static struct window *window_of(struct rot_slot *slot, uint64_t week)
{
    struct window *w = &slot->weeks[week & 1];
    uint64_t was = atomic_load_explicit(&w->week, memory_order_relaxed);

    if (was != week && atomic_compare_exchange_strong(&w->week, &was, week))
        empty(w);
    return w;
}

void rot_add(struct rot_slot *slot, const struct rot_seen *seen, int64_t now)
{
    struct window *w = window_of(slot, now > 0 ? (uint64_t)now / ROT_WEEK : 0);

    add(seen->tunnel ? &w->tunnels : &w->requests);
    for (unsigned i = 0; i < ROT_COUNT; i++) {
        if (seen->looked >> i & 1)
            add(&w->looked[i]);
        if (seen->rot >> i & 1)
            add(&w->met[i]);
    }
}

int rot_read(const char *path, struct rot_table **t, struct diag *d)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct rot_table *read = malloc(sizeof *read);
    ssize_t n = fd < 0 || !read ? -1 : pread(fd, &read->all, sizeof read->all, 0);

    *t = NULL;
    if (n < 0)
        diag_error(d, path, ": cannot be read: ", strerror(read ? errno : ENOMEM));
    else if (n != (ssize_t)sizeof read->all || !sound(&read->all))
        diag_error(d, path, ": is no file of counts that this version can read", NULL);
    else
        *t = read;
    if (fd >= 0)
        close(fd);
    if (!*t)
        free(read);
    return *t ? 0 : -1;
}

static void sum(struct rot_counts *to, const struct window *w)
{
    to->requests += atomic_load(&w->requests);
    to->tunnels += atomic_load(&w->tunnels);
    for (unsigned i = 0; i < ROT_COUNT; i++) {
        to->looked[i] += atomic_load(&w->looked[i]);
        to->met[i] += atomic_load(&w->met[i]);
    }
}

struct rot_counts rot_of(const struct rot_table *t, struct str id, struct str version, int64_t now)
{
    uint64_t week = now > 0 ? (uint64_t)now / ROT_WEEK : 0;
    struct rot_counts counts = {0};

    for (unsigned i = 0; i < ROT_SLOTS; i++) {
        const struct rot_slot *s = &t->all.slot[i];

        for (unsigned k = 0; k < 2 && is_slot(s, id, version); k++)
            if (s->weeks[k].week == week || s->weeks[k].week + 1 == week)
                sum(&counts, &s->weeks[k]);
    }
    return counts;
}

void rot_table_free(struct rot_table *t)
{
    free(t);
}
