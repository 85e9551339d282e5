/* What a weekly summary (report/week.h) is made from: the store, and what lies beside it. What is not named is not looked at. */
#ifndef TOOLS_WEEK_H
#define TOOLS_WEEK_H

#include "report/week.h"
#include "store/store.h"

#include <jansson.h>

enum { WEEK_HISTORY = 13 /* weeks that are looked back to tell what is new */ };

struct week_look {
    const char *store, *artefact, *held, *access_log, *categories, *rot, *maps, *standing, *record;
    struct week_facts facts; /* its slices lie in the pool or in the policy */
    struct pool pool;
    const struct policy *policy;
    int64_t from_until[2];   /* of the week */
};

/* Each: 0, or -1 with a message. */
int week_look_store(struct week_look *w, struct store *s, struct diag *d);
int week_look_desk(struct week_look *w, struct diag *d);
int week_look_rot(struct week_look *w, struct diag *d);
int week_look_maps(struct week_look *w, struct diag *d);
int week_look_daemon(struct week_look *w, struct diag *d);
int week_look_beats(struct week_look *w, struct diag *d);
int week_look_lists(struct week_look *w, struct diag *d);

/* Of the register in the artefact, by heading. */
int week_look_grants(struct week_look *w, struct diag *d);

/* A look-up or opening in the access log, in the time that is asked for, oldest first. */
struct week_access {
    int64_t time;
    struct str command, outcome, code, host; /* empty: not said */
};
int week_access_read(const char *path, const int64_t from_until[2], void (*each)(void *to, const struct week_access *a), void *to,
                     struct diag *d);

struct str week_keep(struct week_look *w, struct str s); /* a copy in the pool */
struct str week_text(struct week_look *w, const json_t *o, const char *key); /* the same of a member; empty: there is none */
int64_t week_time(const json_t *o, const char *key); /* 0: there is none */

#endif
