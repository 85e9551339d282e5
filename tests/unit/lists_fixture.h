/* A category database made in memory for tests. */
#ifndef TESTS_UNIT_LISTS_FIXTURE_H
#define TESTS_UNIT_LISTS_FIXTURE_H

#include "compile/lists.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What was gathered as bytes, malloc'ed; gives the lists back. NULL with messages. */
static inline unsigned char *lists_bytes(struct lists *l, int64_t now, size_t *size, struct diag *why)
{
    FILE *f = tmpfile();
    unsigned char *bytes = NULL;

    if (f && lists_write(l, fileno(f), now, why) == 0) {
        *size = (size_t)lseek(fileno(f), 0, SEEK_END);
        bytes = malloc(*size);
        if (bytes && pread(fileno(f), bytes, *size, 0) != (ssize_t)*size) {
            free(bytes);
            bytes = NULL;
        }
    }
    if (f)
        fclose(f);
    lists_free(l);
    return bytes;
}

/* A list of one category, by its name. */
static inline int lists_of(struct lists *l, const char *name, unsigned category)
{
    return lists_list(l, &(struct list_in){.name = str_of(name), .source = STR("a source"),
                                           .licence = STR("CC0"), .categories = 1u << category, .date = 20500});
}

#endif
