#include "record/accesslog.h"

#include <stdio.h>

enum { KNOWN = 8 };

int accesslog_add(const char *path, const struct access_entry *e, int64_t now, const struct sign_key *key,
                  struct diag *d)
{
    const struct ledger_field all[KNOWN] = {{"by", e->by},           {"login", e->login}, {"as", e->role},
                                            {"what", e->what},       {"case", e->case_ref}, {"about", e->about},
                                            {"result", e->result}, {"why", e->why}};
    struct ledger_field fields[KNOWN + ACCESS_MORE];
    struct diag why;
    size_t n = 0;

    for (size_t i = 0; i < KNOWN; i++)
        if (all[i].value.n || i == 0)
            fields[n++] = all[i];
    for (size_t i = 0; i < e->n_more && i < ACCESS_MORE; i++)
        fields[n++] = e->more[i];
    diag_init(&why);
    if (ledger_add(path, ACCESSLOG_NAME, now, e->refused ? "refused" : "look", fields, n, key, NULL, &why) == 0)
        return 0;
    return diag_error(d, "the access log cannot be written, and nothing is done without it: ",
                      why.n ? why.messages[0].text : path, NULL);
}

struct reading {
    const struct access_wanted *wanted;
    void (*each)(void *to, int64_t time, const struct access_entry *e);
    void *to;
};

static struct str *place(struct access_entry *e, struct str key)
{
    const struct {
        const char *key;
        struct str *at;
    } known[KNOWN] = {{"by", &e->by},       {"login", &e->login}, {"as", &e->role},     {"what", &e->what},
                      {"case", &e->case_ref}, {"about", &e->about}, {"result", &e->result}, {"why", &e->why}};

    for (size_t i = 0; i < KNOWN; i++)
        if (str_eq(key, str_of(known[i].key)))
            return known[i].at;
    return NULL;
}

static void take(void *to, const struct ledger_line *line)
{
    const struct reading *r = to;
    struct access_entry e = {.refused = str_eq(line->word, STR("refused"))};
    char keys[ACCESS_MORE][32];

    for (size_t i = 0; i < line->n; i++) {
        struct str *known = place(&e, line->fields[i].key);

        if (known) {
            *known = line->fields[i].value;
        } else if (e.n_more < ACCESS_MORE && line->fields[i].key.n < sizeof *keys) {
            snprintf(keys[e.n_more], sizeof *keys, "%.*s", STR_ARG(line->fields[i].key));
            e.more[e.n_more] = (struct ledger_field){keys[e.n_more], line->fields[i].value};
            e.n_more++;
        }
    }
    if ((r->wanted->about.n && !str_eq(r->wanted->about, e.about)) ||
        (r->wanted->case_ref.n && !str_eq(r->wanted->case_ref, e.case_ref)) || line->time < r->wanted->since)
        return;
    r->each(r->to, line->time, &e);
}

int accesslog_read(const char *path, const struct access_wanted *wanted,
                   void (*each)(void *to, int64_t time, const struct access_entry *e), void *to,
                   struct ledger_read *result, struct diag *d)
{
    struct reading r = {wanted, each, to};
    bool there;

    return ledger_read(path, ACCESSLOG_NAME, wanted->public, each ? take : NULL, &r, result, &there, d);
}
