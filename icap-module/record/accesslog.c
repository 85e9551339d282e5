#include "record/accesslog.h"

int accesslog_add(const char *path, const struct access_entry *e, int64_t now, const struct sign_key *key,
                  struct diag *d)
{
    const struct ledger_field all[] = {
        {"by", e->by}, {"what", e->what}, {"case", e->case_ref}, {"about", e->about}, {"why", e->why}};
    struct ledger_field fields[sizeof all / sizeof *all];
    size_t n = 0;

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].value.n || i < 2)
            fields[n++] = all[i];
    return ledger_add(path, ACCESSLOG_NAME, now, e->refused ? "refused" : "look", fields, n, key, NULL, d);
}

struct reading {
    struct str about, case_ref;
    void (*each)(void *to, int64_t time, const struct access_entry *e);
    void *to;
};

static void take(void *to, const struct ledger_line *line)
{
    const struct reading *r = to;
    struct access_entry e = {.by = ledger_field(line, "by"),
                             .what = ledger_field(line, "what"),
                             .case_ref = ledger_field(line, "case"),
                             .about = ledger_field(line, "about"),
                             .why = ledger_field(line, "why"),
                             .refused = str_eq(line->word, STR("refused"))};

    if ((r->about.n && !str_eq(r->about, e.about)) || (r->case_ref.n && !str_eq(r->case_ref, e.case_ref)))
        return;
    r->each(r->to, line->time, &e);
}

int accesslog_read(const char *path, struct str about, struct str case_ref,
                   void (*each)(void *to, int64_t time, const struct access_entry *e), void *to,
                   struct ledger_read *result, struct diag *d)
{
    struct reading r = {about, case_ref, each, to};
    bool there;

    return ledger_read(path, ACCESSLOG_NAME, NULL, each ? take : NULL, &r, result, &there, d);
}
