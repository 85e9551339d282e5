#include "module/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

/* The generation word beside a file. */
struct word {
    const _Atomic uint64_t *at; /* mapped, or NULL */
    uint64_t seen;              /* its value at the last look */
    struct file_id file;        /* the looker's alone */
};

/* The mutex, and what it guards (with every `holders`). */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t looked = PTHREAD_COND_INITIALIZER; /* `looking` has become false */
static bool running;                                     /* between start and stop */
static bool looking;
static struct loaded *current;
static struct word generation, standing_generation;
static int64_t next_look; /* monotonic second */

/* The looker's alone. */
static const char *path;
static const struct snapshot_listener *listener;
static struct file_id tried; /* the artefact looked at last, */
static bool taken;           /* and whether it was good */
/* The databases about addresses, by enum networks_kind. */
static struct {
    const char *path;
    struct file_id tried;
    struct part *part; /* in force; held by the looker itself, too: a policy may come later. NULL: none */
} bases[NETWORKS_KINDS];
static const char *standing_path;
static struct file_id standing_tried;
static bool standing_taken;
static struct part *standing; /* as a base's */
static const char *categories_path;
static struct file_id categories_tried[CATEGORIES_FILES];
static bool categories_taken;
static struct part *categories; /* as a base's */
static uint32_t unfilled_told;  /* bit set by enum category */

static struct file_id identify(const char *file)
{
    struct file_id id = {0};
    struct stat st;

    if (stat(file, &st) == 0) {
        id.device = st.st_dev;
        id.inode = st.st_ino;
        id.size = st.st_size;
        id.changed = st.st_ctim; /* of bytes, name or mode */
    }
    return id;
}

static bool same(const struct file_id *a, const struct file_id *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

static void part_free(struct part *p)
{
    if (!p)
        return;
    policy_free(p->policy);
    networks_free(p->networks);
    standing_free(p->standing);
    categories_free(p->categories);
    free(p);
}

/* The part when nobody holds it any more. The mutex is held. */
static struct part *let_go(struct part *p)
{
    return p && --p->holders == 0 ? p : NULL;
}

void snapshot_unpin(struct loaded *l)
{
    enum { PARTS = 3 + NETWORKS_KINDS };
    struct part *gone[PARTS] = {NULL};
    unsigned holders;

    if (!l)
        return;
    pthread_mutex_lock(&lock);
    holders = --l->holders;
    if (holders == 0) {
        gone[0] = let_go(l->policy_part);
        gone[1] = let_go(l->standing_part);
        gone[2] = let_go(l->categories_part);
        for (unsigned i = 0; i < NETWORKS_KINDS; i++)
            gone[3 + i] = let_go(l->networks_parts[i]);
    }
    pthread_mutex_unlock(&lock);
    for (unsigned i = 0; i < PARTS; i++)
        part_free(gone[i]);
    if (holders == 0)
        free(l);
}

/* What was in force is replaced; its being in force no longer holds it. */
static void replace(struct loaded *l)
{
    struct loaded *old;

    pthread_mutex_lock(&lock);
    old = current;
    current = l;
    pthread_mutex_unlock(&lock);
    snapshot_unpin(old);
}

static void message(const char *file, const char *what)
{
    char line[PATH_MAX + 128];

    snprintf(line, sizeof line, "%s%s", file, what);
    listener->message(line);
}

static struct part *new_part(struct part of)
{
    struct part *p = calloc(1, sizeof *p);

    if (p)
        *p = of;
    return p;
}

static void hold(struct part *p)
{
    if (p)
        p->holders++;
}

static const struct networks *base(enum networks_kind kind)
{
    return bases[kind].part ? bases[kind].part->networks : NULL;
}

/* Rules that can never hold because no list has hosts for them: it must be heard of, and once is enough. */
static void tell_unfilled(const struct snapshot *view)
{
    uint32_t now = categories_unfilled(view->policy, view->categories);
    char line[160];

    for (unsigned k = 0; k < CATEGORY_COUNT; k++)
        if (now >> k & 1 && !(unfilled_told >> k & 1)) {
            snprintf(line, sizeof line, "ALARM: a rule names category '%s', and no list fills it: %s",
                     word_of(WORDS_CATEGORY, k),
                     k == CATEGORY_ILLEGAL ? "only a list that the council brings can"
                                           : "what the rule should refuse goes through");
            listener->message(line);
            if (k != CATEGORY_ILLEGAL)
                listener->bad();
        }
    unfilled_told = now;
}

/* A policy with what else is in force takes the place of the set before it. */
static int gather(struct part *policy)
{
    struct loaded *l = calloc(1, sizeof *l);

    if (!l)
        return -1;
    *l = (struct loaded){.view = {.policy = policy->policy,
                                  .networks = base(NETWORKS_OWNERS),
                                  .countries = base(NETWORKS_COUNTRIES),
                                  .standing = standing ? standing->standing : NULL,
                                  .categories = categories ? categories->categories : NULL},
                         .policy = policy->policy,
                         .policy_part = policy,
                         .standing_part = standing,
                         .categories_part = categories,
                         .holders = 1};
    pthread_mutex_lock(&lock);
    hold(policy);
    for (unsigned i = 0; i < NETWORKS_KINDS; i++)
        hold(l->networks_parts[i] = bases[i].part);
    hold(standing);
    hold(categories);
    pthread_mutex_unlock(&lock);
    replace(l);
    tell_unfilled(&l->view);
    return 0;
}

/* Takes the policy over. */
static int put_in_force(struct policy *policy, struct diag *d)
{
    struct part *p = new_part((struct part){.policy = policy});
    bool first = !current;

    if (!p || gather(p) != 0) {
        policy_free(policy);
        free(p);
        return diag_error(d, path, ": out of memory", NULL);
    }
    listener->in_force(policy_artefact(policy));
    if (!first)
        listener->swapped();
    return 0;
}

/* The very policy that is in force already: a child starts with what its master has read. */
static bool in_force(const struct policy *policy)
{
    const struct artefact *new = policy_artefact(policy);

    return current && memcmp(policy_artefact(current->policy)->header->digest, new->header->digest,
                             ARTEFACT_DIGEST) == 0;
}

static int load(const char *file, struct diag *d)
{
    struct policy *policy;

    if (policy_map(file, &policy, d) != 0)
        return -1;
    if (in_force(policy)) {
        policy_free(policy);
        return 0;
    }
    if (put_in_force(policy, d) != 0)
        return -1;
    message(file, ": in force");
    return 0;
}

static void report_bad(const struct diag *d)
{
    listener->bad();
    for (unsigned i = 0; i < d->n; i++)
        listener->message(d->messages[i].text);
    message(path, current ? ": not taken; the policy before it stays in force"
                          : ": not taken; there is no policy: see OnMissingPolicy");
}

static void load_last_good(void)
{
    char file[PATH_MAX];
    struct diag d;

    diag_init(&d);
    snprintf(file, sizeof file, "%s.last-good", path);
    if (access(file, R_OK) == 0 && load(file, &d) != 0)
        message(file, ": not taken either");
}

/* The word's new place, and what it says now; true when it has moved since the last look. Nobody reads it but
 * under the mutex, so the old place can go. */
static bool note_generation(struct word *w, const _Atomic uint64_t *word)
{
    const _Atomic uint64_t *old;
    uint64_t was;
    bool stirred;

    pthread_mutex_lock(&lock);
    old = w->at;
    was = w->seen;
    w->at = word;
    w->seen = word ? atomic_load_explicit(word, memory_order_acquire) : 0;
    stirred = w->seen != was;
    pthread_mutex_unlock(&lock);
    if (old && old != word)
        munmap((void *)(uintptr_t)old, sizeof *old);
    return stirred;
}

static bool map_generation(struct word *w, const char *of)
{
    char file[PATH_MAX];
    struct file_id id;
    void *word;
    int fd;

    snprintf(file, sizeof file, "%s.generation", of);
    id = identify(file);
    id.changed = (struct timespec){0}; /* a write to the word is no other file */
    if (same(&id, &w->file))
        return note_generation(w, w->at);
    fd = id.size < (off_t)sizeof(uint64_t) ? -1 : open(file, O_RDONLY | O_CLOEXEC);
    word = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(uint64_t), PROT_READ, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    if (word != MAP_FAILED || id.size < (off_t)sizeof(uint64_t))
        w->file = id;
    return note_generation(w, word == MAP_FAILED ? NULL : word);
}

/* -1 with messages for what was not said before. The word is read before the file: what changes meanwhile is
 * seen next time. Where the word has moved the file is read even if it looks the same: a freed inode may have
 * come back with the same size within one tick of the file system's clock. */
static int look(struct diag *d)
{
    bool stirred = map_generation(&generation, path);
    struct file_id now = identify(path);
    bool again = same(&now, &tried);

    if (again && taken && !stirred)
        return 0;
    tried = now;
    taken =
        load(path, d) == 0; /* if not, it may be the moment's fault: no descriptor, no memory, half a file */
    return taken || again ? 0 : -1;
}

/* The looker's own hold of a part goes from one to the next. */
static void keep(struct part **place, struct part *p)
{
    struct part *gone;

    pthread_mutex_lock(&lock);
    gone = let_go(*place);
    hold(p);
    *place = p;
    pthread_mutex_unlock(&lock);
    part_free(gone);
}

/* As look, for a database about addresses: a bad one is told once, and the one before it stays. */
static int look_at_base(enum networks_kind kind, struct diag *d)
{
    const char *file = bases[kind].path;
    struct file_id now = identify(file);
    struct networks *n = NULL;
    struct part *p;

    if (same(&now, &bases[kind].tried))
        return 0;
    bases[kind].tried = now;
    if (networks_map(file, kind, &n, d) != 0)
        return -1;
    p = new_part((struct part){.networks = n});
    if (!p) {
        networks_free(n);
        return diag_error(d, file, ": out of memory", NULL);
    }
    keep(&bases[kind].part, p);
    if (current && gather(current->policy_part) != 0)
        return diag_error(d, file, ": out of memory", NULL);
    message(file, ": in force");
    return 0;
}

static void look_at_base_and_tell(enum networks_kind kind)
{
    struct diag d;

    diag_init(&d);
    if (!bases[kind].path || look_at_base(kind, &d) == 0)
        return;
    listener->bad();
    for (unsigned i = 0; i < d.n; i++)
        listener->message(d.messages[i].text);
    message(bases[kind].path, bases[kind].part          ? ": not taken; the database before it stays in force"
                              : kind == NETWORKS_OWNERS ? ": not taken; addresses are of unknown networks"
                                                        : ": not taken; addresses are of unknown countries");
}

/* As look: where the word has moved, the file is read even if it looks the same. It changes too often to be
 * told of. */
static int look_at_standing(struct diag *d)
{
    bool stirred = map_generation(&standing_generation, standing_path);
    struct file_id now = identify(standing_path);
    bool again = same(&now, &standing_tried);
    struct standing *s = NULL;
    struct part *p;

    if (again && standing_taken && !stirred)
        return 0;
    standing_tried = now;
    standing_taken = standing_map(standing_path, &s, d) == 0;
    if (!standing_taken)
        return again ? 0 : -1;
    p = new_part((struct part){.standing = s});
    if (!p) {
        standing_free(s);
        return diag_error(d, standing_path, ": out of memory", NULL);
    }
    keep(&standing, p);
    if (current && gather(current->policy_part) != 0)
        return diag_error(d, standing_path, ": out of memory", NULL);
    return 0;
}

static void look_at_standing_and_tell(void)
{
    struct diag d;

    diag_init(&d);
    if (!standing_path || look_at_standing(&d) == 0)
        return;
    listener->bad();
    for (unsigned i = 0; i < d.n; i++)
        listener->message(d.messages[i].text);
    message(standing_path, standing ? ": not taken; the standing before it stays in force"
                                    : ": not taken; nothing is known of what people have done");
}

/* Whether the lists, and what lies beside them, are the files that were tried last; from now on they are. */
static bool tried_already(void)
{
    bool again = true;
    char name[PATH_MAX];

    for (unsigned i = 0; i < CATEGORIES_FILES; i++) {
        struct file_id now;

        snprintf(name, sizeof name, "%s%s", categories_path, categories_suffixes[i]);
        now = identify(name);
        again &= same(&now, &categories_tried[i]);
        categories_tried[i] = now;
    }
    return again;
}

/* As look_at_base; any of the files may have changed. */
static int look_at_categories(struct diag *d)
{
    char previous[PATH_MAX];
    struct categories *c = NULL;
    struct part *p;
    bool again = tried_already();

    if (again && categories_taken)
        return 0;
    categories_taken = categories_map(categories_path, &c, d) == 0;
    if (!categories_taken) {
        snprintf(previous, sizeof previous, "%s.previous", categories_path);
        if (again)
            return 0;
        if (categories || access(previous, R_OK) != 0 || categories_map(previous, &c, d) != 0)
            return diag_error(d, categories_path,
                              categories ? ": not taken; the lists before it stay in force"
                                         : ": not taken; ALARM: hosts are in no category but the policy's own "
                                           "lists say so",
                              NULL);
        diag_error(d, previous, ": in force for want of a better one", NULL);
    }
    p = new_part((struct part){.categories = c});
    if (!p) {
        categories_free(c);
        return diag_error(d, categories_path, ": out of memory", NULL);
    }
    keep(&categories, p);
    if (current && gather(current->policy_part) != 0)
        return diag_error(d, categories_path, ": out of memory", NULL);
    if (!d->errors)
        message(categories_path, ": in force");
    return d->errors ? -1 : 0;
}

static void look_at_categories_and_tell(void)
{
    struct diag d;

    diag_init(&d);
    if (!categories_path || look_at_categories(&d) == 0)
        return;
    listener->bad();
    for (unsigned i = 0; i < d.n; i++)
        listener->message(d.messages[i].text);
}

static void look_and_tell(void)
{
    struct diag d;

    diag_init(&d);
    for (unsigned i = 0; i < NETWORKS_KINDS; i++)
        look_at_base_and_tell((enum networks_kind)i);
    look_at_standing_and_tell();
    look_at_categories_and_tell();
    if (look(&d) != 0) {
        report_bad(&d);
        load_last_good();
    }
}

static int64_t monotonic(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec;
}

static bool begin_look(void)
{
    if (!running || looking)
        return false;
    looking = true;
    next_look = monotonic() + 1;
    return true;
}

static void end_look(void)
{
    looking = false;
    pthread_cond_broadcast(&looked);
}

/* The mutex is held at both ends, and free while it looks. */
static void look_if(bool due)
{
    if (!due || !begin_look())
        return;
    pthread_mutex_unlock(&lock);
    look_and_tell();
    pthread_mutex_lock(&lock);
    end_look();
}

static bool moved(const struct word *w)
{
    return w->at && atomic_load_explicit(w->at, memory_order_acquire) != w->seen;
}

void snapshot_tell(const struct snapshot_listener *to)
{
    listener = to;
}

int snapshot_start(const char *file, struct diag *d)
{
    bool found;

    path = file;
    tried = (struct file_id){.size = -1}; /* unlike any file and unlike none */
    pthread_mutex_lock(&lock);
    running = true;
    begin_look();
    pthread_mutex_unlock(&lock);
    found = look(d) == 0;
    if (!found)
        load_last_good();
    pthread_mutex_lock(&lock);
    found = found || current;
    end_look();
    pthread_mutex_unlock(&lock);
    return found ? 0 : -1;
}

/* Around the first look at one of the other files; there are no other threads yet. */
static void begin_first_look(void)
{
    pthread_mutex_lock(&lock);
    looking = true;
    pthread_mutex_unlock(&lock);
}

static int end_first_look(int result)
{
    pthread_mutex_lock(&lock);
    end_look();
    pthread_mutex_unlock(&lock);
    return result;
}

int snapshot_networks(const char *file, enum networks_kind kind, struct diag *d)
{
    bases[kind].path = file;
    bases[kind].tried = (struct file_id){.size = -1};
    begin_first_look();
    return end_first_look(look_at_base(kind, d));
}

int snapshot_standing(const char *file, struct diag *d)
{
    standing_path = file;
    standing_tried = (struct file_id){.size = -1};
    begin_first_look();
    return end_first_look(look_at_standing(d));
}

int snapshot_categories(const char *file, struct diag *d)
{
    categories_path = file;
    categories_tried[0] = categories_tried[1] = (struct file_id){.size = -1};
    begin_first_look();
    return end_first_look(look_at_categories(d));
}

void snapshot_child(void)
{
    pthread_mutex_lock(&lock);
    look_if(true);
    pthread_mutex_unlock(&lock);
}

bool snapshot_present(void)
{
    bool present;

    pthread_mutex_lock(&lock);
    present = current != NULL;
    pthread_mutex_unlock(&lock);
    return present;
}

struct loaded *snapshot_pin(void)
{
    int64_t now = monotonic();
    struct loaded *l;

    pthread_mutex_lock(&lock);
    look_if(now >= next_look || moved(&generation) || moved(&standing_generation));
    l = current;
    if (l)
        l->holders++;
    pthread_mutex_unlock(&lock);
    return l;
}

void snapshot_stop(void)
{
    pthread_mutex_lock(&lock);
    running = false;
    while (looking)
        pthread_cond_wait(&looked, &lock);
    pthread_mutex_unlock(&lock);
    replace(NULL);
    for (unsigned i = 0; i < NETWORKS_KINDS; i++) {
        keep(&bases[i].part, NULL);
        bases[i].path = NULL;
    }
    keep(&standing, NULL);
    keep(&categories, NULL);
    unfilled_told = 0;
    standing_path = categories_path = NULL;
    note_generation(&generation, NULL);
    note_generation(&standing_generation, NULL);
    generation.file = standing_generation.file = (struct file_id){0};
}
