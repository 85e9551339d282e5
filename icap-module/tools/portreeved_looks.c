/* Who looked at what is held about somebody, for the portal: out of the access log in the record folder. */
#include "record/accesslog.h"
#include "tools/looks.h"
#include "tools/portreeved.h"

#include <stdio.h>
#include <stdlib.h>

enum { CODES = 128, NAMES = 16 };

struct telling {
    void (*each)(void *to, const struct portal_looked *l);
    void *to;
};

static void take(void *to, const struct look *l)
{
    const struct telling *t = to;

    if (!l->kept_back)
        t->each(t->to, &(struct portal_looked){l->at, l->role, l->what, l->case_ref, l->refused});
}

struct naming {
    const struct daemon_policy *policy;
    struct str user, names[NAMES];
    size_t n;
};

/* Earlier names of the same person are the same person's. */
static void take_name(void *to, struct str name)
{
    struct naming *n = to;

    if (n->n < NAMES && !str_eq(name, n->user) && str_eq(daemon_policy_current(n->policy, name), n->user))
        n->names[n->n++] = name;
}

int daemon_looks(const struct daemon_options *o, const struct daemon_policy *p, const struct looks_asked *asked,
                 void (*each)(void *to, const struct portal_looked *l), void *to)
{
    struct telling t = {each, to};
    struct naming n = {.policy = p, .user = asked->user, .names = {asked->user}, .n = 1};
    struct str codes[CODES], rest = asked->codes;
    char log[4096];
    struct looks_wanted w = {.logs = {log}, .n_logs = 1, .cases = o->cases, .names = n.names, .codes = codes, .today = clock_local(asked->now).day};
    struct diag d;
    int result;

    diag_init(&d);
    daemon_policy_names(p, take_name, &n);
    w.n_names = n.n;
    while (rest.n && w.n_codes < CODES)
        codes[w.n_codes++] = str_cut(&rest, ',');
    if ((size_t)snprintf(log, sizeof log, "%s/" ACCESSLOG_NAME, o->record) >= sizeof log)
        return -1;
    result = looks_read(&w, take, &t, &d);
    for (unsigned i = 0; i < d.n; i++)
        fprintf(stderr, "portreeved: %s\n", d.messages[i].text);
    return result;
}
