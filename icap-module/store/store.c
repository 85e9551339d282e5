/* Opening, transactions, and what the operations share. */
#include "store/backend.h"

#include <stdio.h>
#include <stdlib.h>

int store_failed(const struct store *s, const char *what, const char *why, struct diag *d)
{
    char text[DIAG_TEXT];

    snprintf(text, sizeof text, ": %s: %s", what, why);
    return diag_error(d, s->name ? s->name : "the store", text, NULL);
}

bool store_is_shared(const char *name)
{
    return postgres_is(name);
}

int store_open(const char *name, const struct store_how *how, struct store **s, struct diag *d)
{
    if (store_is_shared(name))
        return postgres_open(name, how ? how->node : NULL, true, s, d);
    return sqlite_open(name, true, s, d);
}

int store_open_read(const char *name, struct store **s, struct diag *d)
{
    if (store_is_shared(name))
        return postgres_open(name, NULL, false, s, d);
    return sqlite_open(name, false, s, d);
}

void store_clear_words(struct store *s)
{
    intern_clear(&s->names);
    intern_clear(&s->people);
    intern_clear(&s->kinds);
    intern_clear(&s->days);
    s->has_hour = false;
}

void store_fini(struct store *s)
{
    store_clear_words(s);
    free(s->text);
    free(s->name);
}

void store_close(struct store *s)
{
    if (s)
        s->backend->close(s);
}

const char *store_backend_name(const struct store *s)
{
    return s->backend->name;
}

bool store_changed_elsewhere(struct store *s)
{
    return s->backend->news && s->backend->news(s);
}

int store_begin(struct store *s, struct diag *d)
{
    if (s->backend->begin(s, d) != 0)
        return -1;
    s->begun = true;
    return 0;
}

int store_commit(struct store *s, struct diag *d)
{
    if (s->backend->commit(s, d) != 0)
        return -1;
    s->begun = false;
    return 0;
}

void store_rollback(struct store *s)
{
    s->backend->rollback(s);
    s->begun = false;
    store_clear_words(s); /* numbers that were given out since the beginning are gone */
}

void store_bind_numbers(struct store *s, enum statement which, int at, const int64_t *values, int n)
{
    for (int i = 0; i < n; i++)
        s->backend->bind_number(s, which, at + i, values[i]);
}

int store_step(struct store *s, enum statement which, const char *what, struct diag *d)
{
    return s->backend->step(s, which, what, d);
}

int store_run(struct store *s, enum statement which, const char *what, struct diag *d)
{
    int got;

    while ((got = store_step(s, which, what, d)) == 1)
        ;
    return got;
}

int store_ask(struct store *s, enum statement which, int64_t otherwise, int64_t *value, struct diag *d)
{
    int got = store_step(s, which, "cannot be read", d);

    *value = got == 1 ? s->backend->number(s, which, 0) : otherwise;
    if (got == 1)
        s->backend->clear(s, which);
    return got < 0 ? -1 : 0;
}
