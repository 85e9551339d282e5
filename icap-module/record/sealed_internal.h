/* What making and opening share with the text of the file (record/sealed.h). */
#ifndef RECORD_SEALED_INTERNAL_H
#define RECORD_SEALED_INTERNAL_H

#include "record/sealed.h"

/* Never over a file that is there. */
int sealed_write(const char *path, const struct sealed *s, struct diag *d);

#endif
