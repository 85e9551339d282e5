/* Acts and letters: what the portal writes. */
#include "store/sqlite_internal.h"

#include <stdlib.h>

int store_act(struct store *s, const struct act *a, enum act_result *result, struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_ACT_KNOWN);
    int got;

    store_bind_blob(q, 1, a->id, sizeof a->id);
    store_bind_blob(q, 2, a->nonce, sizeof a->nonce);
    got = store_step(s, q, "cannot be read", d);
    if (got < 0)
        return -1;
    if (got == 1) {
        *result = sqlite3_column_int(q, 0) ? ACT_KNOWN : ACT_SPENT;
        sqlite3_reset(q);
        return 0;
    }
    q = store_statement(s, SQL_ACT_ADD);
    store_bind_blob(q, 1, a->id, sizeof a->id);
    store_bind_blob(q, 2, a->nonce, sizeof a->nonce);
    sqlite3_bind_int(q, 3, (int)a->kind);
    store_bind_str(q, 4, a->user);
    store_bind_str(q, 5, a->what);
    sqlite3_bind_int64(q, 6, a->at);
    sqlite3_bind_int64(q, 7, a->from);
    sqlite3_bind_int64(q, 8, a->until);
    sqlite3_bind_int64(q, 9, a->number);
    store_bind_str(q, 10, a->by);
    *result = ACT_NEW;
    if (store_run(s, q, "an act cannot be written", d) != 0)
        return -1;
    return s->on_act ? s->on_act(s->on_act_to, s, a, d) : 0;
}

void store_on_act(struct store *s,
                  int (*each)(void *to, struct store *s, const struct act *a, struct diag *d), void *to)
{
    s->on_act = each;
    s->on_act_to = to;
}

int store_nonce_spent(struct store *s, const unsigned char nonce[ACT_NONCE], bool *spent, struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_NONCE);
    int got;

    store_bind_blob(q, 1, nonce, ACT_NONCE);
    got = store_step(s, q, "cannot be read", d);
    *spent = got != 0;
    if (got == 1)
        sqlite3_reset(q);
    return got < 0 ? -1 : 0;
}

static int each_act(struct store *s, sqlite3_stmt *q, void (*each)(void *to, const struct act *a), void *to,
                    struct diag *d)
{
    int got;

    while ((got = store_step(s, q, "cannot be read", d)) == 1) {
        struct act a = {.user = store_column(q, 1),
                        .what = store_column(q, 2),
                        .at = sqlite3_column_int64(q, 3),
                        .from = sqlite3_column_int64(q, 4),
                        .until = sqlite3_column_int64(q, 5),
                        .number = (uint32_t)sqlite3_column_int64(q, 6),
                        .by = store_column(q, 7)};
        unsigned kind = (unsigned)sqlite3_column_int(q, 0);

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
    sqlite3_stmt *q = store_statement(s, SQL_ACTS);

    sqlite3_bind_int64(q, 1, now);
    return each_act(s, q, each, to, d);
}

int store_acts_of(struct store *s, struct str user, void (*each)(void *to, const struct act *a), void *to,
                  struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_ACTS_OF);

    store_bind_str(q, 1, user);
    return each_act(s, q, each, to, d);
}

int store_acts_to_review(struct store *s, int64_t since, void (*each)(void *to, const struct act *a),
                         void *to, struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_ACTS_TO_REVIEW);

    sqlite3_bind_int64(q, 1, since);
    sqlite3_bind_int(q, 2, FACT_EMERGENCY);
    return each_act(s, q, each, to, d);
}

int store_letter(struct store *s, struct str to, struct str text, int64_t now, struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_LETTER_ADD);

    store_bind_str(q, 1, to);
    store_bind_str(q, 2, text);
    sqlite3_bind_int64(q, 3, now);
    return store_run(s, q, "a letter cannot be written", d);
}

int store_letter_due(struct store *s, int64_t now, struct letter *l, struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_LETTER_DUE);
    struct str to, text;
    int got;

    *l = (struct letter){0};
    sqlite3_bind_int64(q, 1, now);
    got = store_step(s, q, "cannot be read", d);
    if (got != 1)
        return got;
    to = store_column(q, 1);
    text = store_column(q, 2);
    free(s->text);
    s->text = malloc(to.n + text.n + 1);
    if (s->text) {
        memcpy(s->text, to.n ? to.p : "", to.n);
        memcpy(s->text + to.n, text.n ? text.p : "", text.n);
        *l = (struct letter){sqlite3_column_int64(q, 0), {s->text, to.n}, {s->text + to.n, text.n}};
    }
    sqlite3_reset(q);
    return s->text ? 0 : store_failed(s, "out of memory", d);
}

int store_letter_sent(struct store *s, int64_t id, struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_LETTER_SENT);

    sqlite3_bind_int64(q, 1, id);
    return store_run(s, q, "cannot be written", d);
}

int store_letter_later(struct store *s, int64_t id, int64_t when, struct diag *d)
{
    sqlite3_stmt *q = store_statement(s, SQL_LETTER_LATER);

    sqlite3_bind_int64(q, 1, id);
    sqlite3_bind_int64(q, 2, when);
    return store_run(s, q, "cannot be written", d);
}
