/* A report's files out of its input: for `report`, and for `case report`. */
#ifndef TOOLS_REPORT_MAKE_H
#define TOOLS_REPORT_MAKE_H

#include "core/diag.h"

struct report_order {
    const char *out; /* a folder that is not there yet */
    const char *signing_key; /* as `portreeve key create` makes one; NULL: it is not signed, and says so */
    bool no_pdf;
};

/* -1 after messages; then there is no folder, or one without a manifest. seal_init first. */
int report_make(const struct report_order *o, struct str json, struct diag *d);

#endif
