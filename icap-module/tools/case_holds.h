/* A case's legal hold, where the record is: orders to portreeved (tools/orders.h), a pseudonym of the opening
 * each. */
#ifndef TOOLS_CASE_HOLDS_H
#define TOOLS_CASE_HOLDS_H

#include "report/case.h"

struct holds_where {
    const char *state; /* portreeved's --state: the store's own name where that is a file */
    const char *opening, *opening_key;
};

/* What lies under the pseudonyms of the opening in the case's period is kept until the case is closed. The
 * same again changes nothing. -1 with a message. */
int case_holds_put(const struct case_file *c, const struct holds_where *w, struct str by, struct diag *d);

/* Takes them back. */
int case_holds_release(const struct case_file *c, const struct holds_where *w, struct str by, struct diag *d);

#endif
