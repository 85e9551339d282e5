/* What is held on one person, collected: the opening that Information Governance signed for their request, the store,
 * the policy with its registers and history, how portreeved runs, and the access logs. */
#ifndef TOOLS_SUBJECT_COLLECT_H
#define TOOLS_SUBJECT_COLLECT_H

#include "core/policy.h"
#include "report/subject.h"
#include "tools/looks.h"
#include "tools/sar.h"

struct subject_from {
    const char *opening, *opening_key, *store, *artefact, *standing, *cases;
    const char *logs[LOOKS_LOGS]; /* the first is written to, too */
    size_t n_logs;
    int64_t now;
};

struct collected {
    const struct subject_from *from;
    const struct sar *request;
    struct diag *d;
    struct pool pool;
    struct subject_facts facts;
    struct policy *policy;
    json_t *history;
    struct opening opening;
    struct opening_case names; /* as the portal has them */
    struct str *all;           /* the same, with the id */
    size_t n_all;
    /* while the store is read */
    unsigned into;
    struct input_list words; /* of rules that were met */
};

/* -1 with messages; subject_collect_free in any case. */
int subject_collect(struct collected *w, const struct subject_from *from, const struct sar *request, struct diag *d);
void subject_collect_free(struct collected *w);

/* subject_rows.c: the lines of registers about this person, other people taken out. */
int subject_rows(struct collected *w);

void *subject_more(struct collected *w, struct input_list *list, size_t size); /* NULL where memory ran out */
struct str subject_text(struct collected *w, struct str s);                    /* cleaned, in the pool */

#endif
