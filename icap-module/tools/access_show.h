/* The access log as text: entry by entry, and the week's digest for Information Governance. It is put together in memory,
 * so that nothing is shown before that look itself is in the log. */
#ifndef TOOLS_ACCESS_SHOW_H
#define TOOLS_ACCESS_SHOW_H

#include "record/accesslog.h"
#include "report/html.h"
#include "report/pool.h"

enum access_form { ACCESS_TEXT, ACCESS_JSON, ACCESS_CSV };

/* Of one kind of look, one role, one person who looked. */
struct access_tally {
    const char *name;
    uint64_t looks, refused;
};

struct access_tallies {
    struct access_tally *rows;
    size_t n;
};

struct access_shown {
    enum access_form form;
    int64_t at, since;
    bool sound;
    struct html out;
    uint64_t entries;
    struct pool pool;
    struct access_tallies what, role, by;
    uint64_t looks, refused;
};

/* For accesslog_read; `to` is a struct access_shown. */
void access_row(void *to, int64_t time, const struct access_entry *e);
void access_count(void *to, int64_t time, const struct access_entry *e);

/* What stands behind the rows; the digest of what was counted. -1 where memory ran out. */
int access_end(struct access_shown *s, const struct ledger_read *read, struct diag *d);
int access_digest(struct access_shown *s, const struct ledger_read *read, struct diag *d);

void access_shown_free(struct access_shown *s);

#endif
