/* The access log, as the weekly summary reads it. */
#include "record/accesslog.h"
#include "tools/week.h"

struct reading {
    const int64_t *from_until;
    void (*each)(void *to, const struct week_access *a);
    void *to;
};

static struct str more(const struct access_entry *e, const char *key)
{
    for (size_t i = 0; i < e->n_more; i++)
        if (strcmp(e->more[i].key, key) == 0)
            return e->more[i].value;
    return STR_NONE;
}

static void take(void *to, int64_t time, const struct access_entry *e)
{
    const struct reading *r = to;
    struct week_access a = {.command = e->what, .outcome = e->result, .code = more(e, "code"), .host = more(e, "host")};

    a.time = time;
    if (time >= r->from_until[0] && time < r->from_until[1])
        r->each(r->to, &a);
}

int week_access_read(const char *path, const int64_t from_until[2], void (*each)(void *to, const struct week_access *a), void *to,
                     struct diag *d)
{
    struct reading r = {from_until, each, to};
    const struct access_wanted wanted = {.since = from_until[0]};
    struct ledger_read read;

    return accesslog_read(path, &wanted, take, &r, &read, d);
}
