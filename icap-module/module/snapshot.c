#include "module/snapshot.h"

#include "module/compat.h"
#include "module/conf.h"
#include "module/stats.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Which file it was; zeros when there was none. A published file is renamed into place, so its inode tells.
 */
struct file_id {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards `current` and every `holders` */
static struct loaded *current;

/* The mapped word; never unmapped, as another thread may be reading it. */
static _Atomic(const _Atomic uint64_t *) generation;
static _Atomic uint64_t seen;     /* its value at the last look */
static _Atomic int64_t next_look; /* monotonic second */

/* Held by the thread that looks; it alone touches what follows. */
static atomic_flag looking = ATOMIC_FLAG_INIT;
static struct file_id generation_file;
static struct file_id tried; /* the artefact looked at last, good or bad */
static char path[CONF_PATH];
static void (*tell)(const struct artefact *a);

static struct file_id identify(const char *file)
{
    struct file_id id = {0};
    struct stat st;

    if (stat(file, &st) == 0) {
        id.device = st.st_dev;
        id.inode = st.st_ino;
        id.size = st.st_size;
        id.changed = st.st_mtim;
    }
    return id;
}

static bool same(const struct file_id *a, const struct file_id *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

static void unhold(struct loaded *l, unsigned holders)
{
    if (holders == 0) {
        policy_free(l->policy);
        free(l);
    }
}

void snapshot_unpin(struct loaded *l)
{
    unsigned holders;

    if (!l)
        return;
    pthread_mutex_lock(&lock);
    holders = --l->holders;
    pthread_mutex_unlock(&lock);
    unhold(l, holders);
}

/* Takes the policy over. */
static int put_in_force(struct policy *policy, struct diag *d)
{
    struct loaded *l = calloc(1, sizeof *l), *old;

    if (!l) {
        policy_free(policy);
        return diag_error(d, path, ": out of memory", NULL);
    }
    l->policy = policy;
    l->view.policy = policy;
    l->holders = 1;
    pthread_mutex_lock(&lock);
    old = current;
    current = l;
    pthread_mutex_unlock(&lock);
    snapshot_unpin(old);
    if (tell)
        tell(policy_artefact(policy));
    return 0;
}

/* The very policy that is in force already: a child starts with what its master has mapped. */
static bool in_force(const struct policy *policy)
{
    const struct artefact *new = policy_artefact(policy);

    return current && memcmp(policy_artefact(current->policy)->header->digest, new->header->digest,
                             ARTEFACT_DIGEST) == 0;
}

static int load(const char *file, struct diag *d)
{
    struct policy *policy;
    bool first = !current;

    if (policy_map(file, &policy, d) != 0)
        return -1;
    if (in_force(policy)) {
        policy_free(policy);
        return 0;
    }
    if (put_in_force(policy, d) != 0)
        return -1;
    if (!first)
        stats_count(COUNT_SWAPS);
    say(1, "%s: in force\n", file);
    return 0;
}

static void report_bad(const struct diag *d)
{
    stats_count(COUNT_BAD_ARTEFACTS);
    for (unsigned i = 0; i < d->n; i++)
        say(1, "%s\n", d->messages[i].text);
    say(1, "%s: not taken; %s\n", path,
        current ? "the policy before it stays in force" : "there is no policy: see OnMissingPolicy");
}

static void load_last_good(void)
{
    char file[CONF_PATH + 16];
    struct diag d;

    diag_init(&d);
    snprintf(file, sizeof file, "%s.last-good", path);
    if (access(file, R_OK) == 0 && load(file, &d) != 0)
        say(1, "%s: not taken either\n", file);
}

static void map_generation(void)
{
    char file[CONF_PATH + 16];
    struct file_id id;
    void *word;
    int fd;

    snprintf(file, sizeof file, "%s.generation", path);
    id = identify(file);
    id.changed = (struct timespec){0}; /* a write to the word is no other file */
    if (same(&id, &generation_file))
        return;
    generation_file = id;
    fd = id.size < (off_t)sizeof(uint64_t) ? -1 : open(file, O_RDONLY | O_CLOEXEC);
    word = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(uint64_t), PROT_READ, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    atomic_store(&generation, word == MAP_FAILED ? NULL : word);
}

static int64_t monotonic(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec;
}

static bool moved(void)
{
    const _Atomic uint64_t *word = atomic_load_explicit(&generation, memory_order_acquire);

    return word && atomic_load_explicit(word, memory_order_acquire) != atomic_load(&seen);
}

/* By one thread at a time. The word is read before the file: what changes meanwhile is seen next time. */
static int look(struct diag *d)
{
    const _Atomic uint64_t *word;
    struct file_id now;

    atomic_store(&next_look, monotonic() + 1);
    map_generation();
    word = atomic_load(&generation);
    if (word)
        atomic_store(&seen, atomic_load(word));
    now = identify(path);
    if (same(&now, &tried))
        return 0;
    tried = now;
    return load(path, d);
}

static void look_again(void)
{
    struct diag d;

    diag_init(&d);
    if (look(&d) != 0) {
        report_bad(&d);
        load_last_good();
    }
}

int snapshot_start(const char *file, struct diag *d)
{
    snprintf(path, sizeof path, "%s", file);
    tried = (struct file_id){.size = -1}; /* unlike any file and unlike none */
    if (look(d) == 0)
        return 0;
    load_last_good();
    return current ? 0 : -1;
}

void snapshot_child(void)
{
    if (path[0] && !atomic_flag_test_and_set(&looking)) {
        look_again();
        atomic_flag_clear(&looking);
    }
}

void snapshot_tell(void (*in_force_now)(const struct artefact *a))
{
    tell = in_force_now;
}

bool snapshot_present(void)
{
    return current != NULL;
}

struct loaded *snapshot_pin(void)
{
    struct loaded *l;

    if (path[0] && (moved() || monotonic() >= atomic_load_explicit(&next_look, memory_order_relaxed)) &&
        !atomic_flag_test_and_set(&looking)) {
        look_again();
        atomic_flag_clear(&looking);
    }
    pthread_mutex_lock(&lock);
    l = current;
    if (l)
        l->holders++;
    pthread_mutex_unlock(&lock);
    return l;
}

void snapshot_stop(void)
{
    struct loaded *l;

    pthread_mutex_lock(&lock);
    l = current;
    current = NULL;
    pthread_mutex_unlock(&lock);
    snapshot_unpin(l);
    path[0] = '\0';
}
