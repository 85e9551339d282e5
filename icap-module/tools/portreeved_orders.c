/* What `portreeve allowance reset` asks for, as acts; and the legal holds of cases. */
#include "record/seal.h"
#include "store/standing_write.h"
#include "tools/orders.h"
#include "tools/portreeved.h"

struct carrying {
    const struct daemon_people *people;
    struct journal *journal;
    int64_t now;
    struct str allowance; /* the one in hand */
    uint32_t given;
    bool changed;
    struct diag *d;
};

static void add_given(void *to, const struct act *a)
{
    struct carrying *c = to;

    if (a->kind == FACT_GIVEN && a->from <= c->now && a->until > c->now && str_eq(a->what, c->allowance))
        c->given += a->number;
}

/* The same order twice is one act: its id is made of the order's and the allowance's name. */
static void name_act(struct act *a, const struct order *o)
{
    char text[ACT_ID + STORE_WHAT];
    struct text t;

    text_init(&t, text, sizeof text);
    text_put(&t, (struct str){(const char *)o->id, ACT_ID});
    text_put(&t, a->what);
    seal_digest(text_str(&t), a->id);
    memcpy(a->nonce, a->id, ACT_NONCE);
}

static enum order_result give_back(struct carrying *c, const struct order *o)
{
    struct act a = {.kind = FACT_GIVEN,
                    .user = daemon_policy_current(c->people->policy, o->user),
                    .what = c->allowance,
                    .by = o->by,
                    .at = c->now,
                    .from = c->now,
                    .until = local_midnight(clock_local(c->now).day + 1)};
    enum act_result result;
    uint32_t used;

    c->given = 0;
    if (!daemon_people_used(c->people, a.user, c->allowance, &used) ||
        store_acts_of(c->people->store, a.user, add_given, c, c->d) != 0)
        return ORDER_LATER;
    a.number = used > c->given ? used - c->given : 0;
    name_act(&a, o);
    if (journal_act(c->journal, &a, &result, c->d) != 0)
        return ORDER_LATER;
    c->changed = true;
    return ORDER_DONE;
}

static enum order_result reset(struct carrying *c, const struct order *o)
{
    const struct portal_policy *p = daemon_policy_portal(c->people->policy);
    enum order_result result = ORDER_REFUSED; /* of an allowance that there is none of */

    for (size_t i = 0; i < p->n_allowances && result != ORDER_LATER; i++) {
        c->allowance = p->allowances[i].name;
        if (!o->allowance.n || str_eq(o->allowance, c->allowance))
            result = give_back(c, o);
    }
    return result;
}

/* Of a legal hold: in the store, from which the record's days take theirs (portreeved_record.c). Another time is the same. */
static enum order_result hold(struct carrying *c, const struct order *o)
{
    struct store *s = c->people->store;
    struct hold it = {.reference = o->reference,
                      .from = o->from,
                      .until = o->until,
                      .review = o->review,
                      .by = o->by,
                      .at = c->now};
    int result;

    if (o->kind == ORDER_HOLD && o->from >= o->until)
        return ORDER_REFUSED;
    memcpy(it.person, o->person, sizeof it.person);
    if (store_begin(s, c->d) != 0)
        return ORDER_LATER;
    result = o->kind == ORDER_HOLD ? store_hold(s, &it, c->d) : store_release(s, o->reference, c->d);
    if (result == 0 && store_commit(s, c->d) == 0)
        return ORDER_DONE;
    store_rollback(s);
    return ORDER_LATER;
}

static enum order_result carry_out(void *to, const struct order *o)
{
    struct carrying *c = to;

    if (o->kind != ORDER_RESET)
        return hold(c, o);
    return reset(c, o);
}

bool daemon_orders(const char *store, const struct daemon_people *people, struct journal *j, int64_t now,
                   struct diag *d)
{
    struct carrying c = {.people = people, .journal = j, .now = now, .d = d};

    orders_take(store, carry_out, &c, d);
    return c.changed;
}
