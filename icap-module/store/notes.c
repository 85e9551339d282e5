/* What people say of events of their own. */
#include "store/backend.h"

static int add(struct store *s, const struct notes *all, size_t i, int64_t person, struct diag *d)
{
    const struct note *n = &all->rows[i];
    const int64_t numbers[] = {(int64_t)i, person, n->at, n->from, n->until};

    s->backend->clear(s, SQL_NOTE_ADD);
    s->backend->bind_bytes(s, SQL_NOTE_ADD, 1, (struct str){(const char *)all->nonce, ACT_NONCE});
    store_bind_numbers(s, SQL_NOTE_ADD, 2, numbers, 5);
    s->backend->bind_text(s, SQL_NOTE_ADD, 7, str_upto(n->words, NOTE_WORDS));
    return store_run(s, SQL_NOTE_ADD, "a note cannot be written", d);
}

static int add_all(struct store *s, const struct notes *all, bool *added, struct diag *d)
{
    const struct interned *person = store_person(s, (struct str){(const char *)all->person, PSEUDONYM_SIZE}, d);

    if (!person)
        return -1;
    for (size_t i = 0; i < all->n; i++) {
        if (add(s, all, i, person->id, d) != 0)
            return -1;
        if (s->backend->changed(s, SQL_NOTE_ADD) != 1)
            return 0; /* the first: that nonce was spent */
        *added = true;
    }
    return 0;
}

int store_notes_add(struct store *s, const struct notes *all, bool *added, struct diag *d)
{
    *added = false;
    if (store_begin(s, d) != 0)
        return -1;
    if (add_all(s, all, added, d) == 0 && store_commit(s, d) == 0)
        return 0;
    store_rollback(s);
    *added = false;
    return -1;
}

int store_notes(struct store *s, const unsigned char person[PSEUDONYM_SIZE], const int64_t from_until[2],
                void (*each)(void *to, const struct note *n), void *to, struct diag *d)
{
    const struct store_backend *b = s->backend;
    int got;

    b->clear(s, SQL_NOTES);
    b->bind_bytes(s, SQL_NOTES, 1, (struct str){(const char *)person, PSEUDONYM_SIZE});
    store_bind_numbers(s, SQL_NOTES, 2, from_until, 2);
    while ((got = store_step(s, SQL_NOTES, "cannot be read", d)) == 1) {
        struct note n = {b->number(s, SQL_NOTES, 0), b->number(s, SQL_NOTES, 1), b->number(s, SQL_NOTES, 2),
                         b->slice(s, SQL_NOTES, 3)};

        each(to, &n);
    }
    return got;
}
