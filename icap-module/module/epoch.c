#include "module/epoch.h"

#include "module/compat.h"
#include "module/need.h"
#include "record/epoch.h"

#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static const char *path = "";
static struct epoch_file *held; /* memory of its own, or NULL */
static struct stat seen;
static bool looking, ending, told_permanent;
static pthread_t looker;
static struct need missing = NEED;

static bool same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_ctim.tv_sec == b->st_ctim.tv_sec && a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* Under the lock. What is gone, ended or cannot be read any more is dropped: an old key is worse than none.
 */
static void look(int64_t now)
{
    struct stat st = {0};
    struct diag d;

    if (held->n && epoch_lapse(held, now) && held->n)
        say(1, "%s: an epoch has ended, its key is dropped\n", path);
    diag_init(&d);
    if (!*path) {
        diag_error(&d, "the policy asks for pseudonyms and there is no PseudonymKey directive", NULL, NULL);
    } else if (stat(path, &st) == 0 && same(&st, &seen) && held->n) {
        return;
    } else if (epoch_read(path, held, &d) == 0) {
        seen = st;
        epoch_lapse(held, now);
        if (held->n)
            need_met(&missing);
        if (held->n && held->epochs[0].id == 0 && !told_permanent) {
            told_permanent = true;
            say(1,
                "%s: holds one key for all time: pseudonyms stay linkable; see EPOCHS in "
                "portreeve.record(5)\n",
                path);
        }
        return;
    }
    epoch_wipe(held);
    need_missing(&missing, &d, "events are written without pseudonyms, and counted, until it can be read");
}

static int64_t now_utc(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec;
}

static void *look_on(void *nothing)
{
    struct timespec until;

    pthread_mutex_lock(&lock);
    while (!ending) {
        look(now_utc());
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&ended, &lock, &until);
    }
    pthread_mutex_unlock(&lock);
    return nothing;
}

/* Its signals are the process's other threads' business. */
static void begin(void)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    looking = pthread_create(&looker, NULL, look_on, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!looking)
        say(1, "no thread can be made to look after the pseudonyms' key: it is read when it is asked for\n");
}

/* Under the lock. */
static bool ready(void)
{
    if (!held)
        held = epoch_file_new();
    return held != NULL;
}

void epoch_child(const char *file)
{
    pthread_mutex_lock(&lock);
    held = NULL; /* a parent's is not ours */
    looking = ending = false;
    path = file;
    if (ready() && *path) {
        look(now_utc());
        begin();
    }
    pthread_mutex_unlock(&lock);
}

bool epoch_name(struct str subject, struct event *e)
{
    const struct epoch *of = NULL;

    pthread_mutex_lock(&lock);
    if (ready()) {
        of = epoch_at(held, e->time);
        if (!of && need_due(&missing)) {
            look(now_utc());
            need_looked(&missing);
            of = epoch_at(held, e->time);
        }
    }
    if (of) {
        seal_pseudonym(&of->key, subject, e->pseudonym);
        e->epoch = of->id;
        e->has_pseudonym = true;
    }
    pthread_mutex_unlock(&lock);
    return of != NULL;
}

void epoch_stop(void)
{
    bool join;

    pthread_mutex_lock(&lock);
    ending = true;
    join = looking;
    looking = false;
    pthread_cond_broadcast(&ended);
    pthread_mutex_unlock(&lock);
    if (join)
        pthread_join(looker, NULL);
    pthread_mutex_lock(&lock);
    epoch_file_free(held);
    held = NULL;
    pthread_mutex_unlock(&lock);
}
