/* Who looked at what is held about one person, out of access logs. A look belongs to a person when it names them, when
 * it is of a case about them, or of the code of a page that they met.
 *
 * A case of which the person has not been told may not be given away: its looks are marked. It may be told once the
 * person has been told, and from the day behind the one until which telling was put off. */
#ifndef TOOLS_LOOKS_H
#define TOOLS_LOOKS_H

#include "core/diag.h"

enum { LOOKS_LOGS = 4 };

struct looks_wanted {
    const char *logs[LOOKS_LOGS];
    size_t n_logs;
    const char *cases; /* the folder of cases; NULL: looks of cases are all kept back */
    const struct str *names, *codes; /* sign-in names, earlier ones too; codes on pages */
    size_t n_names, n_codes;
    int32_t today;
};

struct look {
    int64_t at;
    struct str by, role, what, case_ref, result;
    bool refused, kept_back;
};

/* Log by log, oldest first; slices live until `each` returns. -1 with a message, also when a log is not sound: who is
 * told who looked must not be told less. */
int looks_read(const struct looks_wanted *w, void (*each)(void *to, const struct look *l), void *to, struct diag *d);

/* Of a case of that reference: it may not be told yet, or there is no such case about that person. */
int looks_kept_back(const struct looks_wanted *w, struct str reference, bool *kept_back, struct diag *d);

#endif
