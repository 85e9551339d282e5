/* What the writer and the reader of lists share (record/ledger.h). */
#ifndef RECORD_LEDGER_INTERNAL_H
#define RECORD_LEDGER_INTERNAL_H

#include "record/ledger.h"

#define LEDGER_PURPOSE "portreeve-list"

/* The hash before the first line, and the one that follows from a line. */
void ledger_first(const char *name, unsigned char hash[CHAIN_HASH]);
void ledger_follow(unsigned char hash[CHAIN_HASH], struct str line);

/* Where decoded values lie, and what the parser finds beside them. */
struct ledger_room {
    char values[LEDGER_LINE];
    struct str hashed; /* what the hash is over */
    unsigned char signature[SIGNATURE];
};

/* Opens the list for writing, makes it where it is missing, and waits until nobody else writes to it: the file that
 * lies there once it is locked. The descriptor, or -1 with a message. */
int ledger_lock(const char *path, struct diag *d);

/* What the signature of a receipt is over: `hashed` is the line up to the blank before "h=". */
#define LEDGER_PURPOSE_ERASED "portreeve-erased"
#define LEDGER_ERASED "erased"

/* One line without its end. False: it is none. */
bool ledger_parse(struct str text, struct ledger_line *line, struct ledger_room *room);

#endif
