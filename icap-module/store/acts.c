/* Acts and letters: what the portal writes and the standing asks for. */
#include "store/backend.h"

#include <stdlib.h>

static int known(struct store *s, const struct act *a, int64_t *what, struct diag *d)
{
    s->backend->clear(s, SQL_ACT_KNOWN);
    s->backend->bind_bytes(s, SQL_ACT_KNOWN, 1, (struct str){(const char *)a->id, sizeof a->id});
    s->backend->bind_bytes(s, SQL_ACT_KNOWN, 2, (struct str){(const char *)a->nonce, sizeof a->nonce});
    return store_ask(s, SQL_ACT_KNOWN, 0, what, d);
}

static int add(struct store *s, const struct act *a, bool *added, struct diag *d)
{
    const struct store_backend *b = s->backend;
    const int64_t times[] = {a->at, a->from, a->until, a->number}, kind = a->kind;

    b->clear(s, SQL_ACT_ADD);
    b->bind_bytes(s, SQL_ACT_ADD, 1, (struct str){(const char *)a->id, sizeof a->id});
    b->bind_bytes(s, SQL_ACT_ADD, 2, (struct str){(const char *)a->nonce, sizeof a->nonce});
    store_bind_numbers(s, SQL_ACT_ADD, 3, &kind, 1);
    b->bind_text(s, SQL_ACT_ADD, 4, a->user);
    b->bind_text(s, SQL_ACT_ADD, 5, a->what);
    store_bind_numbers(s, SQL_ACT_ADD, 6, times, 4);
    b->bind_text(s, SQL_ACT_ADD, 10, a->by);
    if (store_run(s, SQL_ACT_ADD, "an act cannot be written", d) != 0)
        return -1;
    *added = b->changed(s, SQL_ACT_ADD) == 1;
    return 0;
}

/* Looked for first, and again where another node was quicker. */
int store_act(struct store *s, const struct act *a, enum act_result *result, struct diag *d)
{
    bool added = false;
    int64_t what;

    if (known(s, a, &what, d) != 0 || (!what && add(s, a, &added, d) != 0) ||
        (!what && !added && known(s, a, &what, d) != 0))
        return -1;
    *result = added ? ACT_NEW : what == 2 ? ACT_KNOWN : ACT_SPENT;
    return added && s->on_act ? s->on_act(s->on_act_to, s, a, d) : 0;
}

void store_on_act(struct store *s,
                  int (*each)(void *to, struct store *s, const struct act *a, struct diag *d), void *to)
{
    s->on_act = each;
    s->on_act_to = to;
}

int store_nonce_spent(struct store *s, const unsigned char nonce[ACT_NONCE], bool *spent, struct diag *d)
{
    int64_t found;

    s->backend->clear(s, SQL_NONCE);
    s->backend->bind_bytes(s, SQL_NONCE, 1, (struct str){(const char *)nonce, ACT_NONCE});
    *spent = true;
    if (store_ask(s, SQL_NONCE, 0, &found, d) != 0)
        return -1;
    *spent = found != 0;
    return 0;
}

static int each_act(struct store *s, enum statement q, void (*each)(void *to, const struct act *a), void *to,
                    struct diag *d)
{
    const struct store_backend *b = s->backend;
    int got;

    while ((got = store_step(s, q, "cannot be read", d)) == 1) {
        struct act a = {.user = b->slice(s, q, 1),
                        .what = b->slice(s, q, 2),
                        .at = b->number(s, q, 3),
                        .from = b->number(s, q, 4),
                        .until = b->number(s, q, 5),
                        .number = (uint32_t)b->number(s, q, 6),
                        .by = b->slice(s, q, 7)};
        uint64_t kind = (uint64_t)b->number(s, q, 0);

        if (kind >= FACT_COUNT)
            continue; /* a newer portreeved's */
        a.kind = (enum fact)kind;
        each(to, &a);
    }
    return got;
}

int store_acts(struct store *s, int64_t now, void (*each)(void *to, const struct act *a), void *to,
               struct diag *d)
{
    s->backend->clear(s, SQL_ACTS);
    store_bind_numbers(s, SQL_ACTS, 1, &now, 1);
    return each_act(s, SQL_ACTS, each, to, d);
}

int store_acts_of(struct store *s, struct str user, void (*each)(void *to, const struct act *a), void *to,
                  struct diag *d)
{
    s->backend->clear(s, SQL_ACTS_OF);
    s->backend->bind_text(s, SQL_ACTS_OF, 1, user);
    return each_act(s, SQL_ACTS_OF, each, to, d);
}

int store_acts_to_review(struct store *s, int64_t since, void (*each)(void *to, const struct act *a),
                         void *to, struct diag *d)
{
    const int64_t values[] = {since, FACT_EMERGENCY};

    s->backend->clear(s, SQL_ACTS_TO_REVIEW);
    store_bind_numbers(s, SQL_ACTS_TO_REVIEW, 1, values, 2);
    return each_act(s, SQL_ACTS_TO_REVIEW, each, to, d);
}

int store_letter(struct store *s, struct str to, struct str text, int64_t now, struct diag *d)
{
    s->backend->clear(s, SQL_LETTER_ADD);
    s->backend->bind_text(s, SQL_LETTER_ADD, 1, to);
    s->backend->bind_text(s, SQL_LETTER_ADD, 2, text);
    store_bind_numbers(s, SQL_LETTER_ADD, 3, &now, 1);
    return store_run(s, SQL_LETTER_ADD, "a letter cannot be written", d);
}

int store_letter_due(struct store *s, int64_t now, struct letter *l, struct diag *d)
{
    const struct store_backend *b = s->backend;
    struct str to, text;
    int64_t id;
    int got;

    *l = (struct letter){0};
    b->clear(s, SQL_LETTER_DUE);
    store_bind_numbers(s, SQL_LETTER_DUE, 1, &now, 1);
    got = store_step(s, SQL_LETTER_DUE, "cannot be read", d);
    if (got != 1)
        return got;
    id = b->number(s, SQL_LETTER_DUE, 0);
    to = b->slice(s, SQL_LETTER_DUE, 1);
    text = b->slice(s, SQL_LETTER_DUE, 2);
    free(s->text);
    s->text = malloc(to.n + text.n + 1);
    if (s->text) {
        memcpy(s->text, to.n ? to.p : "", to.n);
        memcpy(s->text + to.n, text.n ? text.p : "", text.n);
        *l = (struct letter){id, {s->text, to.n}, {s->text + to.n, text.n}};
    }
    b->clear(s, SQL_LETTER_DUE);
    return s->text ? 0 : store_failed(s, "a letter cannot be read", "out of memory", d);
}

int store_letter_sent(struct store *s, int64_t id, struct diag *d)
{
    s->backend->clear(s, SQL_LETTER_SENT);
    store_bind_numbers(s, SQL_LETTER_SENT, 1, &id, 1);
    return store_run(s, SQL_LETTER_SENT, "cannot be written", d);
}

int store_letter_later(struct store *s, int64_t id, int64_t when, struct diag *d)
{
    const int64_t values[] = {when, id};

    s->backend->clear(s, SQL_LETTER_LATER);
    store_bind_numbers(s, SQL_LETTER_LATER, 1, values, 2);
    return store_run(s, SQL_LETTER_LATER, "cannot be written", d);
}
