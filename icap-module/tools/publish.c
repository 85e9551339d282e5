#include "tools/publish.h"

#include "record/file.h"

#include <stdio.h>

int publish_artefact(const char *path, const void *bytes, size_t size, struct diag *d)
{
    char beside[4096];
    bool beside_failed;

    if ((size_t)snprintf(beside, sizeof beside, "%s.last-good", path) >= sizeof beside)
        return diag_error(d, path, ": is too long a name", NULL);
    if (file_replace(path, bytes, size, d) != 0)
        return -1;
    beside_failed = file_replace(beside, bytes, size, d) != 0;
    snprintf(beside, sizeof beside, "%s.generation", path);
    beside_failed |= file_raise_generation(beside, d) != 0;
    return beside_failed;
}
