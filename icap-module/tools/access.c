#include "tools/access.h"

#include "record/accesslog.h"
#include "record/seal.h"
#include "tools/json_words.h"

#include <stdio.h>
#include <stdlib.h>

enum { VALUE = LEDGER_VALUE + 1 };

struct str access_login(char *to, size_t size)
{
    json_t *login = json_publisher();

    snprintf(to, size, "%s", json_is_string(login) ? json_string_value(login) : "?");
    json_decref(login);
    return str_of(to);
}

static struct str text_of(const json_t *v)
{
    return (struct str){json_string_value(v), json_string_length(v)};
}

/* A string as it is, a list with commas between. */
static struct str value_of(const json_t *v, char room[VALUE])
{
    size_t n = 0;

    if (json_is_string(v))
        return text_of(v);
    room[0] = '\0';
    for (size_t i = 0; i < json_array_size(v) && n < VALUE; i++)
        n += (size_t)snprintf(room + n, VALUE - n, "%s%s", i ? "," : "", json_string_value(json_array_get(v, i)));
    return str_of(room);
}

static struct str *place(struct access_entry *e, const char *key)
{
    const struct {
        const char *key;
        struct str *at;
    } known[] = {{"by", &e->by},     {"login", &e->login},    {"as", &e->role},     {"command", &e->what},
                 {"case", &e->case_ref}, {"about", &e->about}, {"outcome", &e->result}, {"reason", &e->why}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].key, key) == 0)
            return known[i].at;
    return NULL;
}

static void fill(struct access_entry *e, const json_t *what, char rooms[ACCESS_MORE][VALUE])
{
    const char *key;
    json_t *v;

    json_object_foreach((json_t *)(uintptr_t)what, key, v)
    {
        struct str *known = place(e, key);

        if (known)
            *known = json_is_string(v) ? text_of(v) : STR_NONE;
        else if (e->n_more < ACCESS_MORE && !json_is_null(v)) {
            e->more[e->n_more] = (struct ledger_field){key, value_of(v, rooms[e->n_more])};
            e->n_more++;
        }
    }
    e->refused = str_eq(e->result, STR("refused")) || str_eq(e->result, STR("failed"));
}

int access_note(const char *path, int64_t now, json_t *what, struct diag *d)
{
    char login[128], rooms[ACCESS_MORE][VALUE];
    struct access_entry e = {.by = access_login(login, sizeof login), .role = STR("ict")};
    int result;

    if (seal_init(d) != 0) {
        result = -1;
    } else if (json_is_object(what)) {
        fill(&e, what, rooms);
        result = accesslog_add(path, &e, now, NULL, d);
    } else { /* NULL: what was to be said could not be put together */
        result = diag_error(d, path, ": what is to be logged cannot be put into words, and nothing is done without it", NULL);
    }
    json_decref(what);
    return result;
}
