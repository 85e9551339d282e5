/* Who a case is about, as the registers know them. */
#ifndef TOOLS_CASE_SUBJECT_H
#define TOOLS_CASE_SUBJECT_H

#include "core/artefact.h"
#include "report/case.h"

/* Today's name, earlier ones and the directory's id, by which the record was made; the class of people of the
 * register, where that is stricter than what was asked with. Somebody whom no register knows stays as asked.
 * -1 with a message. */
int case_subject_know(struct case_file *c, const struct artefact *a, struct diag *d);

#endif
