#include "module/identity.h"

#include "module/compat.h"
#include "module/conf.h"
#include "module/need.h"
#include "module/stats.h"
#include "record/enrol.h"
#include "record/seal.h"

#include <stdatomic.h>

static struct need key_need = NEED, match_need = NEED;
static struct identity_key key;
static atomic_bool have_key; /* stored after `key`, which is constant from then on */
static atomic_bool losing;

static void read_key(void)
{
    struct diag d;

    diag_init(&d);
    if (!settings()->identity_key[0])
        diag_error(&d, "the policy's register holds sign-ins and there is no IdentityKey directive", NULL,
                   NULL);
    else if (seal_identity_key_read(settings()->identity_key, &key, &d) == 0) {
        atomic_store(&have_key, true);
        return;
    }
    need_missing(&key_need, &d, "who is signed in is unknown where only the register can tell");
}

static const struct identity_key *my_key(void)
{
    if (!atomic_load(&have_key) && need_due(&key_need)) {
        if (!atomic_load(&have_key))
            read_key();
        need_looked(&key_need);
    }
    return atomic_load(&have_key) ? &key : NULL;
}

void identity_child(void)
{
    if (settings()->identity_key[0])
        my_key();
}

/* "IdentityKey FILE is k-..., and the policy's register was made with k-..." */
static void say_wrong_key(uint32_t wanted)
{
    char text[2 * KEY_TEXT + 96];
    struct diag d;
    struct text t;

    text_init(&t, text, sizeof text - 1);
    text_puts(&t, "the identity key is ");
    identity_key_put(&t, key.id);
    text_puts(&t, ", and the policy's register was made with ");
    identity_key_put(&t, wanted);
    text[t.n] = '\0';
    diag_init(&d);
    diag_error(&d, text, NULL, NULL);
    need_missing(&match_need, &d, "who is signed in is unknown where only the register can tell");
}

const struct identity_key *identity_key_for(const struct artefact *a)
{
    bool register_asks = a->n[SECTION_IDENTITIES] > 0;
    const struct identity_key *mine;
    uint32_t wanted;

    if (!register_asks && !settings()->enrolments[0])
        return NULL;
    mine = my_key();
    if (!register_asks)
        return mine;
    wanted = ARTEFACT_ROWS(a, IDENTITIES, struct a_identity)->key;
    if (mine && mine->id == wanted) {
        need_met(&match_need);
        return mine;
    }
    if (mine)
        say_wrong_key(wanted);
    return NULL;
}

/* The registered account that the code is for; the code's hash says which to try. */
static bool find_account(const struct artefact *a, const struct enrol_code *code, uint32_t platform,
                         struct enrolment *e)
{
    for (uint32_t i = 0; i < a->n[SECTION_ACCOUNTS]; i++) {
        const struct a_account *row = &ARTEFACT_ROWS(a, ACCOUNTS, struct a_account)[i];

        e->account = artefact_str(a, row->name);
        if (row->platform == platform && str_hash(e->account) == code->account &&
            enrol_code_holds(&key, code, e, e->time))
            return true;
    }
    return false;
}

static bool write_line(const struct enrolment *e)
{
    char room[ENROL_LINE];
    struct str line = enrol_line_write(e, room);
    struct diag d;

    diag_init(&d);
    if (line.n == 0)
        diag_error(&d, "an enrolment cannot be written: a name in it is too long", NULL, NULL);
    else if (enrol_inbox_add(settings()->enrolments, line, &d) == 0) {
        atomic_store(&losing, false);
        stats_count(COUNT_ENROLLED);
        return true;
    }
    stats_count(COUNT_ENROL_LOST);
    if (!atomic_exchange(&losing, true))
        say(1, "%s\n", d.messages[0].text);
    return false;
}

bool identity_enrol(struct exchange *x)
{
    const struct artefact *a = policy_artefact(x->loaded->policy);
    const struct classification *what = &x->verdict.what;
    struct snapshot view = x->loaded->view;
    struct enrolment e = {.user = x->request.account_name, .time = x->request.now};
    struct enrol_code code;

    if (!settings()->enrolments[0] || !enrol_code_find(x->request.query, &code))
        return false;
    view.identity_key = my_key();
    e.profile = code.profile;
    /* Through a carrier, or to a bare address, no browser sends the platform's cookies. */
    if (view.identity_key && what->platform != NO_INDEX && what->carried == CARRIED_NOTHING && !what->owner) {
        uint32_t platform = identity_platform(a, what->platform);

        e.platform = artefact_str(a, ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[platform].id);
        e.key = view.identity_key->id;
        if (find_account(a, &code, platform, &e) &&
            identity_of(&view, &x->request, what->platform, x->worker->scratch, &e.digest))
            return write_line(&e);
    }
    stats_count(COUNT_ENROL_REFUSED);
    return false;
}
