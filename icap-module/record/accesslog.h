/* A log of who looked at what: a list "access" (record/ledger.h), so that no line can be changed or taken out
 * of its middle unseen; the daily roots hold its head, where it lies in the record folder, so that none can
 * be cut off its end either. Every look has its line, also one that was refused, and it is written before
 * anything is shown.
 *
 *     NUMBER TIME look|refused by=WHO what=WHAT [case=REF] [about=WHOM] [why=TEXT] h=...  */
#ifndef RECORD_ACCESSLOG_H
#define RECORD_ACCESSLOG_H

#include "record/ledger.h"

#define ACCESSLOG_NAME "access"

struct access_entry {
    struct str by, what; /* who; what they did or asked for: a word or two */
    struct str case_ref, about;
    struct str why; /* of a refusal */
    bool refused;
};

/* 0 when the line is on the disk. -1 with a message: then nothing may be shown. `key` NULL: not signed. */
int accesslog_add(const char *path, const struct access_entry *e, int64_t now, const struct sign_key *key,
                  struct diag *d);

/* The entries about somebody or of a case (STR_NONE: all), oldest first; slices live until `each` returns.
 * *result says whether the log is sound. -1 with a message when it cannot be read; a log that is not there
 * has no entries. */
int accesslog_read(const char *path, struct str about, struct str case_ref,
                   void (*each)(void *to, int64_t time, const struct access_entry *e), void *to,
                   struct ledger_read *result, struct diag *d);

#endif
