/* Whom an alert is about: two holders open the epoch's key and try each name of a register against the
 * alert's pseudonym. Nothing comes of it but that one name, for one case that is authorised. */
#ifndef TOOLS_IG_NAME_H
#define TOOLS_IG_NAME_H

#include "tools/keyring.h"

struct naming {
    const char *of;               /* the case: authorised, about an alert, and without a name yet */
    const char *alert;            /* as `portreeve review --alerts --for-naming` writes it */
    const char *people;           /* people.csv or members.csv */
    const char *keys, *log, *out; /* sealed copies; the access log; the name, for `portreeve case name` */
    const struct keyring *ring;
    int64_t now;
};

/* -1 with messages, and nothing was written but the log. */
int ig_name(const struct naming *n, struct diag *d);

/* The alert's file. */
enum { ALERT_FILE = 512 };
int alert_file_write(const char *path, struct str reference, const unsigned char *person, int64_t time,
                     struct diag *d);

#endif
