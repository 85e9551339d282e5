/* A report's input, collected: the case, the opening that Information Governance signed, and what store,
 * record, policies and access log hold of that one person in that one period. Nothing else is taken: what is
 * of another site, time or pseudonym never gets there. The text is what `portreeve report --from` reads, so
 * that anybody can make the report again. */
#ifndef TOOLS_CASE_COLLECT_H
#define TOOLS_CASE_COLLECT_H

#include "report/case.h"

struct collect_from {
    const char *opening, *opening_key; /* the public key of the signer, as Information Governance gave it */
    const char *store, *artefact;      /* the artefact: its history lies beside it */
    const char *cases;                 /* the folder of cases with its access log */
    const char *record;                /* NULL: nothing can be said of signs of life or changes */
};

/* *text is malloc'ed and the caller's. -1 with messages. */
int case_collect(const struct case_file *c, const struct case_step *s, const struct collect_from *from,
                 char **text, struct diag *d);

#endif
