#include "module/record.h"

#include "module/compat.h"
#include "module/conf.h"
#include "module/epoch.h"
#include "module/minutes.h"
#include "module/need.h"
#include "module/stats.h"
#include "record/spool.h"

#include <errno.h>
#include <stdatomic.h>

enum { FIELD_MAX = 64, HOUR = 3600 };

static struct need spool_need = NEED;
static _Atomic(struct spool *) spool;
static atomic_bool losing;

static void open_spool(void)
{
    const struct settings *s = settings();
    struct spool *opened = NULL;
    struct diag d;

    diag_init(&d);
    if (!s->spool[0])
        diag_error(&d, "the policy records and there is no Spool directive", NULL, NULL);
    else if (spool_open(s->spool, s->node[0] ? s->node : NULL, 0, &opened, &d) == 0) {
        atomic_store(&spool, opened);
        need_met(&spool_need);
        return;
    }
    need_missing(&spool_need, &d, "events are lost and counted until it can be opened");
}

/* The spool of this process, or NULL. */
static struct spool *my_spool(void)
{
    if (!atomic_load(&spool) && need_due(&spool_need)) {
        if (!atomic_load(&spool))
            open_spool();
        need_looked(&spool_need);
    }
    return atomic_load(&spool);
}

void record_child(void)
{
    struct loaded *l = snapshot_pin();
    uint32_t mode = RECORD_NONE;

    atomic_store(&spool, NULL); /* a parent's would not be ours to write to */
    if (l)
        mode = artefact_record_mode(policy_artefact(l->policy));
    snapshot_unpin(l);
    if (mode != RECORD_NONE || settings()->spool[0])
        my_spool();
    epoch_child(settings()->key);
}

static struct str field(struct str s)
{
    return str_upto(s, FIELD_MAX);
}

/* The council's own accounts by name; of all others no more than that they are others. */
static struct str account_word(const struct artefact *a, const struct classification *what)
{
    if (what->registered != NO_INDEX)
        return artefact_str(a, ARTEFACT_ROWS(a, ACCOUNTS, struct a_account)[what->registered].name);
    switch (what->account_state) {
    case ACCOUNT_STATE_NAMED:
        return STR("other");
    case ACCOUNT_STATE_NOBODY:
        return STR("none");
    default:
        return STR("unknown");
    }
}

static struct event event_of(const struct exchange *x, const struct artefact *a)
{
    const struct verdict *v = &x->verdict;
    const struct a_rule *rules = ARTEFACT_ROWS(a, RULES, struct a_rule);
    struct event e = {
        .time = x->request.now,
        .policy = field(artefact_str(a, ARTEFACT_ROWS(a, META, struct a_meta)->version)),
        .rule = field(verdict_rule(x->loaded->policy, v)),
        .account = field(account_word(a, &v->what)),
        .action = v->action,
        .why = v->why,
        .activity = v->what.activity,
        .confidence = v->what.confidence,
        .origin = v->what.origin,
        .identity = v->what.identity,
        .categories = v->what.categories,
        .has_place = v->what.place.told,
        .asn = v->what.place.asn,
        .country = v->what.place.country,
        .people = NO_INDEX,
        .shadow = v->shadow,
        .would = v->shadow ? v->would : v->action,
    };

    if (v->what.platform != NO_INDEX)
        e.platform =
            field(artefact_str(a, ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[v->what.platform].id));
    if (v->shadow && v->would_rule != RULE_NONE)
        e.would_rule = field(artefact_str(a, rules[v->would_rule].id));
    if (x->coded)
        e.code = (struct str){x->code, CODE_SIZE};
    return e;
}

/* Who it was, as far as the policy's record mode goes: one person who signed in, by what outlives the name.
 * Shared sign-ins, machines of several people and names made of an address are nobody; and so is whoever was
 * asked about one person, or would have been. */
static void name_person(struct event *e, const struct exchange *x, enum record mode)
{
    const struct person *who = &x->verdict.who;
    bool nobody = verdict_person_rule(x->loaded->policy, &x->verdict) != RULE_NONE;

    if (mode == RECORD_PSEUDONYM && !nobody) {
        e->people = who->people;
        if (who->subject.n && epoch_name(who->subject, e))
            return;
        if (who->subject.n)
            stats_count(COUNT_KEY_MISSING);
    } else {
        minutes_count(e, x->loaded, &x->verdict);
    }
    e->time -= (e->time % HOUR + HOUR) % HOUR;
}

static void lost(int error)
{
    stats_count(COUNT_EVENTS_LOST);
    if (!atomic_exchange(&losing, true))
        say(1, "events are being lost: %s\n", error ? strerror(error) : "no spool");
}

void record_event(const struct exchange *x)
{
    const struct artefact *a;
    enum record mode;
    struct spool *s;
    struct event e;

    if (x->judged && x->verdict.unlogged)
        stats_count(COUNT_UNLOGGED);
    if (!x->judged || !x->verdict.in_scope)
        return;
    a = policy_artefact(x->loaded->policy);
    mode = artefact_record_mode(a);
    if (mode == RECORD_NONE)
        return;
    e = event_of(x, a);
    name_person(&e, x, mode);
    s = my_spool();
    if (!s) {
        lost(0);
        return;
    }
    if (spool_append(s, &e) != 0) {
        lost(spool_counts(s).error);
        return;
    }
    stats_count(COUNT_EVENTS_WRITTEN);
    if (atomic_load(&losing) && atomic_exchange(&losing, false))
        say(1, "events are written again\n");
}

void record_stop(void)
{
    struct spool *s = atomic_exchange(&spool, NULL);

    spool_close(s);
    epoch_stop();
}
