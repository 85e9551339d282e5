/* By what the store knows somebody, and how many minutes they have used. Names and what stands for them are
 * joined here, in memory alone. */
#include "record/day.h"
#include "tools/portreeved.h"

#include <unistd.h>

/* What the keeper has handed (portreeved_hand.c), for as long as it holds. */
static int read_handed(const struct daemon_options *o, int64_t now, struct epoch_file *f, struct diag *d)
{
    if (access(o->pseudonym_key, F_OK) != 0) {
        epoch_wipe(f);
        return 0;
    }
    if (epoch_read(o->pseudonym_key, f, d) != 0) {
        epoch_wipe(f);
        return -1;
    }
    if (!epoch_lapse(f, now))
        return 0;
    return f->n ? epoch_write(o->pseudonym_key, f, o->keys_on_disk, d) : epoch_destroy(o->pseudonym_key, d);
}

int daemon_people_epochs(struct daemon_people *p, const struct daemon_options *o, int64_t now, bool *changed,
                         struct diag *d)
{
    const struct keeper k = {.plain = o->pseudonym_key,
                             .folder = o->keys,
                             .holders = o->holders,
                             .length = (enum epoch_length)epoch_length_of(str_of(o->epoch)),
                             .on_disk = o->keys_on_disk,
                             .ahead = o->nodes ? KEEPER_HANDING : 0};
    const uint32_t before = p->epochs && p->pseudonyms ? p->epochs->epochs[0].id : 0;
    const struct epoch *e;
    int result;

    *changed = false;
    if (!p->epochs)
        return 0;
    if (o->keys) {
        result = keeper_step(&k, now, p->epochs, changed, d);
    } else if (o->keeper) {
        result = read_handed(o, now, p->epochs, d);
    } else {
        result = epoch_read(o->pseudonym_key, p->epochs, d);
        if (result != 0)
            epoch_wipe(p->epochs);
        else
            epoch_lapse(p->epochs, now);
    }
    e = epoch_at(p->epochs, now);
    p->pseudonyms = e ? &e->key : NULL;
    *changed |= (e ? p->epochs->epochs[0].id : 0) != before;
    return result;
}

void daemon_people_look(struct daemon_people *p, const struct daemon_options *o, int64_t now, struct diag *d)
{
    bool there;

    p->day = clock_local(now).day;
    p->n_days = 0;
    for (unsigned i = 0; i < o->n_spools; i++)
        if (day_key_read(o->spools[i], p->day, &p->days[p->n_days], &there, d) == 0 && there)
            p->n_days++;
}

void daemon_people_person(const struct daemon_people *p, struct str user,
                          unsigned char person[PSEUDONYM_SIZE])
{
    if (!p->pseudonyms) {
        memset(person, 0, PSEUDONYM_SIZE); /* nobody's */
        return;
    }
    seal_pseudonym(p->pseudonyms, daemon_policy_subject(p->policy, user), person);
}

bool daemon_people_used(const struct daemon_people *p, struct str user, struct str allowance,
                        uint32_t *minutes)
{
    struct str subject = daemon_policy_subject(p->policy, user);
    unsigned char bytes[PSEUDONYM_SIZE];
    uint32_t used = 0;
    struct diag d;

    diag_init(&d);
    *minutes = 0;
    if (p->pseudonyms) {
        seal_pseudonym(p->pseudonyms, subject, bytes);
        if (store_used_by(p->store, bytes, allowance, p->day, minutes, &d) != 0)
            return false;
    }
    for (size_t i = 0; i < p->n_days; i++) {
        day_digest(&p->days[i], subject, bytes);
        if (store_day_used_by(p->store, bytes, allowance, p->day, &used, &d) != 0)
            return false;
        *minutes += used;
    }
    return p->pseudonyms || daemon_policy_portal(p->policy)->record == RECORD_COUNTS;
}
