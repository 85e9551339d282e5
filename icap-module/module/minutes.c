#include "module/minutes.h"

#include "core/ask.h"
#include "core/clock.h"
#include "module/conf.h"
#include "module/need.h"
#include "module/stats.h"
#include "record/day.h"

#include <pthread.h>

enum { HOUR = 3600, MINUTE = 60 };

static struct need key_need = NEED;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    struct seal_key key;
    int32_t day;
    bool there;
} today;

/* Once a day, or once a second while it fails; under the lock. */
static void take_key(int32_t day)
{
    struct diag d;

    diag_init(&d);
    today.day = day;
    today.there = false;
    if (!settings()->spool[0])
        diag_error(&d, "an allowance is counted in the spool and there is no Spool directive", NULL, NULL);
    else
        today.there = day_key_make(settings()->spool, day, &today.key, &d) == 0;
    if (today.there)
        need_met(&key_need);
    else
        need_missing(&key_need, &d, "minutes are not counted until the day's key can be made");
}

static bool key_of(int32_t day, struct seal_key *key)
{
    bool there;

    pthread_mutex_lock(&lock);
    if ((!today.there || today.day != day) && need_due(&key_need)) {
        take_key(day);
        need_looked(&key_need);
    }
    there = today.there && today.day == day;
    if (there)
        *key = today.key;
    pthread_mutex_unlock(&lock);
    return there;
}

void minutes_count(struct event *e, const struct loaded *l, const struct verdict *v)
{
    struct seal_key key;

    if (v->action != ACTION_ALLOW || v->what.origin != ORIGIN_PERSON || v->rule == RULE_NONE ||
        v->who.subject.n == 0 || allowance_of_rule(policy_artefact(l->policy), v->rule) == NO_INDEX)
        return;
    if (!key_of(clock_local(e->time).day, &key)) {
        stats_count(COUNT_MINUTES_LOST);
        return;
    }
    day_digest(&key, v->who.subject, e->day);
    e->has_day = true;
    e->minute = (uint32_t)((e->time % HOUR + HOUR) % HOUR) / MINUTE;
}
