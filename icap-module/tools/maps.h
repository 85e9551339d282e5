/* What the files of `portreeve maps` share. */
#ifndef TOOLS_MAPS_H
#define TOOLS_MAPS_H

#include "compile/source.h"
#include "tools/maps_store.h"

struct maps_options {
    const char *maps; /* the folder with platforms/ that --maps names, or NULL: the council's own */
    int64_t at;
};

/* The maps and cases that a command line names, files or folders of them, as platforms/NAME. The source is
 * the caller's, also when it is -1 with messages. */
int maps_read_given(int n, char **names, struct source *given, struct diag *d);

/* Each map parses and is named after its platform, and each has cases, beside it or already in `base` (NULL:
 * none), as nothing is used untested. -1 with messages. */
int maps_check_given(const struct source *given, const struct source *base, struct diag *d);

/* The verbs that change something. */
int maps_update(int n, char **names, struct maps_options *o);
int maps_rollback(int n, char **names, struct maps_options *o);

int maps_usage(const char *what); /* EXIT_BAD_INPUT */

#endif
