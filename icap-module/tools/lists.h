/* What the verbs of `portreeve lists` share. */
#ifndef TOOLS_LISTS_H
#define TOOLS_LISTS_H

#include "tools/cmd.h"

struct lists_options {
    const char *output, *map, *artefact;
    bool accept, leave_out;
    uint64_t bound, broken; /* percent */
    uint64_t max_size;      /* MiB */
    int64_t at;
};

/* lists_make.c */
int lists_import_verb(int n, char **names, struct lists_options *o);
int lists_local_verb(int n, char **names, struct lists_options *o);

int lists_usage(const char *what); /* EXIT_BAD_INPUT after a message */

#endif
