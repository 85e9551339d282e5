#include "module/rot.h"

#include "module/compat.h"
#include "module/conf.h"
#include "record/rot.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum {
    PLACES = 512 /* a power of two */,
    N_STATS = ROT_COUNT + 2, /* requests, and those of them that did not go through */
    RETRY = 60 /* s */,
    LEFT_BEHIND_MAX = 16,
    NO_STAT = -1
};

/* Where a platform with one version of its map is counted, as this process knows it. Filled under `lock`,
 * then `ready` for good; read without it. */
struct place {
    atomic_bool ready;
    uint32_t hash;
    char id[ROT_ID], version[ROT_VERSION];
    unsigned char n_id, n_version;
    int stats[N_STATS];
    _Atomic(struct rot_slot *) slot; /* of the file; NULL: not looked for yet */
    atomic_bool nowhere;             /* the file has no room for it */
};

static struct place places[PLACES];
static unsigned n_places; /* under `lock` */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Atomic(struct rot_file *) file;
static _Atomic int64_t next_try; /* monotonic second */
static atomic_bool said;

void rot_init(void)
{
    memset(places, 0, sizeof places);
    n_places = 0;
}

static bool is_place(const struct place *p, uint32_t hash, struct str id, struct str version)
{
    return p->hash == hash && str_eq((struct str){p->id, p->n_id}, id) &&
           str_eq((struct str){p->version, p->n_version}, version);
}

static uint32_t hash_of(struct str id, struct str version)
{
    return str_hash(id) * 31 + str_hash(version);
}

static struct place *find(struct str id, struct str version)
{
    uint32_t hash = hash_of(id, version);

    for (uint32_t i = hash % PLACES;; i = (i + 1) % PLACES) {
        if (!atomic_load_explicit(&places[i].ready, memory_order_acquire))
            return NULL; /* never full: see make */
        if (is_place(&places[i], hash, id, version))
            return &places[i];
    }
}

/* A new version of a map goes on in the platform's statistics. */
static void take_stats(struct place *to, struct str id)
{
    for (unsigned k = 0; k < N_STATS; k++)
        to->stats[k] = NO_STAT;
    for (unsigned i = 0; i < PLACES; i++)
        if (places[i].ready && str_eq((struct str){places[i].id, places[i].n_id}, id)) {
            memcpy(to->stats, places[i].stats, sizeof to->stats);
            return;
        }
}

/* The lock is held. NULL when there is no room. */
static struct place *make(struct str id, struct str version)
{
    uint32_t hash = hash_of(id, version), i = hash % PLACES;
    struct place *p;

    if (n_places >= PLACES - PLACES / 4 || id.n == 0 || id.n > ROT_ID)
        return NULL;
    while (places[i].ready)
        i = (i + 1) % PLACES;
    p = &places[i];
    p->hash = hash;
    memcpy(p->id, id.p, id.n);
    if (version.n)
        memcpy(p->version, version.p, version.n);
    p->n_id = (unsigned char)id.n;
    p->n_version = (unsigned char)version.n;
    take_stats(p, id);
    n_places++;
    atomic_store_explicit(&p->ready, true, memory_order_release);
    return p;
}

static struct place *place_of(const struct artefact *a, uint32_t platform)
{
    const struct a_platform *row = &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[platform];
    struct str id = artefact_str(a, row->id);
    struct str version = str_upto(artefact_str(a, row->version), ROT_VERSION);
    struct place *p = find(id, version);

    if (p)
        return p;
    pthread_mutex_lock(&lock);
    p = find(id, version);
    if (!p)
        p = make(id, version);
    pthread_mutex_unlock(&lock);
    return p;
}

/* "portreeve facebook unknown-write". */
static int register_one(struct str id, const char *what, const char *group)
{
    char label[128];

    snprintf(label, sizeof label, "portreeve %.*s %s", STR_ARG(id), what);
    return compat_stat_register(label, group);
}

void rot_register(const char *group)
{
    struct loaded *l = snapshot_pin();
    const struct artefact *a = l ? policy_artefact(l->policy) : NULL;

    for (uint32_t i = 0; a && i < a->n[SECTION_PLATFORMS]; i++) {
        struct str id = artefact_str(a, ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[i].id);
        struct place *p = place_of(a, i);

        if (!p)
            break;
        p->stats[ROT_COUNT] = register_one(id, "requests", group);
        p->stats[ROT_COUNT + 1] = register_one(id, "refused", group);
        for (unsigned k = 0; k < ROT_COUNT; k++)
            p->stats[k] = register_one(id, word_of(WORDS_ROT, k), group);
    }
    snapshot_unpin(l);
}

/* RotCounts, else a file in the spool's folder; "" without either. */
static const char *name_of_file(char to[2 * CONF_PATH])
{
    const struct settings *s = settings();

    if (s->rot[0])
        snprintf(to, CONF_PATH, "%s", s->rot);
    else if (s->spool[0])
        snprintf(to, 2 * CONF_PATH, "%s/" ROT_FILE, s->spool);
    else
        to[0] = '\0';
    return to;
}

static int64_t monotonic(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec;
}

static void join_file(void)
{
    char name[2 * CONF_PATH];
    struct rot_file *joined = NULL;
    struct diag d;

    diag_init(&d);
    if (!name_of_file(name)[0])
        return;
    if (rot_open(name, &joined, &d) == 0)
        atomic_store(&file, joined);
    else if (!atomic_exchange(&said, true))
        say(1, "%s; 'portreeve status' cannot tell how well the platform maps fit\n", d.messages[0].text);
}

static void forget_slots(void)
{
    for (unsigned i = 0; i < PLACES; i++) {
        if (!places[i].ready)
            continue; /* its page stays shared */
        atomic_store(&places[i].slot, NULL);
        atomic_store(&places[i].nowhere, false);
    }
}

/* The parent counts nothing: there are places without slots, from rot_register. */
void rot_child(void)
{
    atomic_store(&file, NULL);
    atomic_store(&next_try, monotonic() + RETRY);
    join_file();
}

/* Once a minute, by one thread, the others going on: is there a file now, or has somebody put another one in
 * its place? The old one stays mapped, as others may be counting in it just now; so that is borne a few times
 * only. */
static void look_again(void)
{
    static atomic_uint left_behind;
    int64_t due = atomic_load(&next_try), now = monotonic();
    struct rot_file *f = atomic_load(&file);
    char name[2 * CONF_PATH];

    if (now < due || !atomic_compare_exchange_strong(&next_try, &due, now + RETRY))
        return;
    if (f && (rot_is_at(f, name_of_file(name)) || atomic_fetch_add(&left_behind, 1) >= LEFT_BEHIND_MAX))
        return;
    join_file();
    if (f && atomic_load(&file) != f)
        forget_slots();
}

static struct rot_slot *slot_of(struct place *p)
{
    struct rot_slot *slot = atomic_load_explicit(&p->slot, memory_order_acquire);
    struct rot_file *f;

    if (slot || atomic_load_explicit(&p->nowhere, memory_order_relaxed))
        return slot;
    f = atomic_load(&file);
    if (!f)
        return NULL;
    slot = rot_slot(f, (struct str){p->id, p->n_id}, (struct str){p->version, p->n_version});
    if (slot)
        atomic_store_explicit(&p->slot, slot, memory_order_release);
    else
        atomic_store(&p->nowhere, true);
    return slot;
}

static void show(const struct place *p, const struct rot_seen *seen, bool refused)
{
    if (p->stats[ROT_COUNT] == NO_STAT)
        return;
    ci_stat_uint64_inc(p->stats[ROT_COUNT], 1);
    if (refused)
        ci_stat_uint64_inc(p->stats[ROT_COUNT + 1], 1);
    for (unsigned k = 0; k < ROT_COUNT; k++)
        if (seen->rot >> k & 1)
            ci_stat_uint64_inc(p->stats[k], 1);
}

void rot_count(const struct exchange *x)
{
    const struct classification *what = &x->verdict.what;
    struct rot_seen seen = {
        .tunnel = x->request.kind != REQUEST_PLAIN, .looked = what->looked, .rot = what->rot};
    struct rot_slot *slot;
    struct place *p;

    if (what->platform == NO_INDEX)
        return;
    p = place_of(policy_artefact(x->loaded->policy), what->platform);
    if (!p)
        return;
    look_again();
    show(p, &seen, x->verdict.action != ACTION_ALLOW);
    slot = slot_of(p);
    if (slot)
        rot_add(slot, &seen, x->request.now);
}

void rot_stop(void)
{
    struct rot_file *f = atomic_exchange(&file, NULL);

    forget_slots();
    rot_close(f);
}
