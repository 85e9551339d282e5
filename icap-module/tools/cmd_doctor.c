/* doctor: looks at the whole chain. The looking is a script (packaging/lib/doctor), as nearly all of it is
 * asking other programs; it is run from where packages put it, or from PORTREEVE_LIB. */
#include "tools/cmd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LIB "/usr/lib/portreeve"

int cmd_doctor(int argc, char **argv)
{
    const char *lib = getenv("PORTREEVE_LIB");
    char path[4096];

    (void)argc;
    if ((size_t)snprintf(path, sizeof path, "%s/doctor", lib && *lib ? lib : LIB) >= sizeof path) {
        fprintf(stderr, "portreeve doctor: PORTREEVE_LIB is too long a name\n");
        return EXIT_BAD_INPUT;
    }
    execv(path, argv);
    fprintf(stderr,
            "portreeve doctor: %s cannot be run: %s. The package portreeve has it; in a source tree set "
            "PORTREEVE_LIB=packaging/lib\n",
            path, strerror(errno));
    return EXIT_BAD_INPUT;
}
