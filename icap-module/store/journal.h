/* Acts before they are in the store: a line each in a file beside it, on the disk before the person is told
 * that it is done. What a full disk or a kill kept out of the store is put in from here. One thread. */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "store/store.h"

struct journal;

enum { JOURNAL_SIZE = 1 << 20 /* bytes: then it begins anew, once the store has all of it */ };

/* Opens the store's journal or makes it (mode 0640) and puts into the store what that has not. Lines that
 * cannot be read (a power cut in the middle of one) are passed over and counted. -1 with a message. */
int journal_open(const char *path, struct store *s, struct journal **j, unsigned *unreadable, struct diag *d);

/* Writes the act down, then puts it into the store. 0: written down at least, and *result says what the store
 * made of it; where the store failed `d` has the message, the act counts as new and is tried again by
 * journal_settle. -1: not written down, nothing has happened. ACT_SPENT is told before anything is written.
 */
int journal_act(struct journal *j, const struct act *a, enum act_result *result, struct diag *d);

/* Everything written down is in the store (false: the store still fails, `d` says why). To be called now and
 * then. */
bool journal_settle(struct journal *j, struct diag *d);

/* Something is written down that the store has not. */
bool journal_behind(const struct journal *j);

void journal_close(struct journal *j); /* NULL is allowed */

#endif
