/* The log of who looked at what: a list "access" (record/ledger.h), so that no line can be changed or taken out of its
 * middle unseen; the daily roots hold its head, where it lies in the record folder, so that none can be cut off its end
 * either. Every look has its line, also one that was refused or found nothing, and it is written before anything is
 * shown. One log a machine: the service desk's looks, the steps of cases, Information Governance's.
 *
 *     NUMBER TIME look|refused by=WHO [login=ACCOUNT] as=ROLE what=WHAT [case=REF] [about=WHOM] [result=WORD] [why=TEXT]
 *         [further pairs, such as code, host, until] h=...
 *
 * by: who looked, as vouched for or as they said; login: the account that ran the command, where that is another. */
#ifndef RECORD_ACCESSLOG_H
#define RECORD_ACCESSLOG_H

#include "record/ledger.h"

#define ACCESSLOG_NAME "access"

enum { ACCESS_MORE = 7 };

struct access_entry {
    struct str by, login;
    struct str role; /* by which door: "ict", "hr", "authoriser", "ig", "audit"; empty: not told */
    struct str what; /* what they did or asked for: a word or two */
    struct str case_ref, about;
    struct str result; /* "told", "done", "begun", "not found" ... */
    struct str why;    /* of a refusal */
    struct ledger_field more[ACCESS_MORE];
    size_t n_more;
    bool refused;
};

/* 0 when the line is on the disk. -1 with a message: then nothing may be shown. `key` NULL: not signed. */
int accesslog_add(const char *path, const struct access_entry *e, int64_t now, const struct sign_key *key,
                  struct diag *d);

/* Which entries. Zeros: all. */
struct access_wanted {
    struct str about, case_ref;
    int64_t since;
    const unsigned char *public; /* who signs receipts of erased lines; NULL: that is not checked */
};

/* Oldest first; slices live until `each` returns. *result says whether the log is sound: `each` gets what stands
 * before the first fault. -1 with a message when it cannot be read; a log that is not there has no entries. */
int accesslog_read(const char *path, const struct access_wanted *wanted,
                   void (*each)(void *to, int64_t time, const struct access_entry *e), void *to,
                   struct ledger_read *result, struct diag *d);

#endif
