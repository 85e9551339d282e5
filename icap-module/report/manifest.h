/* What belongs to a report, file by file, so that a reader sees that nothing is missing or changed. */
#ifndef REPORT_MANIFEST_H
#define REPORT_MANIFEST_H

#include "report/html.h"

struct manifest_file {
    const char *name;
    struct str bytes;
};

struct manifest {
    const char *version;  /* of Portreeve */
    struct str reference; /* of the case */
    int64_t made;         /* seconds UTC */
    const struct manifest_file *files;
    size_t n;
};

/* JSON: version, method, case, when, and of each file its name, size and SHA-256. The same files give the
 * same bytes. -1 where memory ran out. */
int manifest_write(const struct manifest *m, struct html *to);

#endif
