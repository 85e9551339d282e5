/* Keys on their way from the keeper of epochs to the other nodes. */
#include "store/backend.h"

int store_announce(struct store *s, struct str node, struct str announced, struct diag *d)
{
    s->backend->clear(s, SQL_ANNOUNCE);
    s->backend->bind_text(s, SQL_ANNOUNCE, 1, node);
    s->backend->bind_bytes(s, SQL_ANNOUNCE, 2, announced);
    return store_run(s, SQL_ANNOUNCE, "a node's key cannot be announced", d);
}

static size_t copy(struct str from, unsigned char to[HANDING_MAX])
{
    if (from.n == 0 || from.n > HANDING_MAX)
        return 0;
    memcpy(to, from.p, from.n);
    return from.n;
}

int store_handing(struct store *s, struct str node, struct handing *h, struct diag *d)
{
    int got;

    h->n_announced = h->n_handed = 0;
    s->backend->clear(s, SQL_HANDING);
    s->backend->bind_text(s, SQL_HANDING, 1, node);
    got = store_step(s, SQL_HANDING, "what is handed to a node cannot be read", d);
    if (got == 1) {
        h->n_announced = copy(s->backend->slice(s, SQL_HANDING, 0), h->announced);
        h->n_handed = copy(s->backend->slice(s, SQL_HANDING, 1), h->handed);
    }
    s->backend->clear(s, SQL_HANDING);
    return got < 0 ? -1 : 0;
}

int store_hand(struct store *s, const struct handed *h, struct diag *d)
{
    const struct store_backend *b = s->backend;

    b->clear(s, SQL_HAND);
    b->bind_bytes(s, SQL_HAND, 1, h->handed);
    b->bind_number(s, SQL_HAND, 2, h->until);
    b->bind_text(s, SQL_HAND, 3, h->node);
    b->bind_bytes(s, SQL_HAND, 4, h->announced);
    return store_run(s, SQL_HAND, "a node's keys cannot be handed", d);
}

int store_handed_ended(struct store *s, int64_t now, struct diag *d)
{
    s->backend->clear(s, SQL_HANDED_ENDED);
    s->backend->bind_number(s, SQL_HANDED_ENDED, 1, now);
    return store_run(s, SQL_HANDED_ENDED, "what was handed cannot be erased", d);
}
