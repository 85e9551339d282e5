/* The case that holders are asked to open: HR's case file (report/case.h), once it is authorised. */
#ifndef TOOLS_IG_CASE_H
#define TOOLS_IG_CASE_H

#include "record/opening.h"

/* -1 with messages that name the field: it is no case, lacks something, is not authorised by somebody else,
 * or over. */
int ig_case_read(const char *path, struct opening_case *c, struct diag *d);

#endif
