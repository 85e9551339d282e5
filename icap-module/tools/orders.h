/* Orders to portreeved, which alone writes into its store: files in a folder beside it, FILE.orders. Whoever
 * may write there may give them; who it was is told by the file's owner. The daemon takes them within a
 * second, or when it is started next. */
#ifndef TOOLS_ORDERS_H
#define TOOLS_ORDERS_H

#include "store/store.h"

enum { ORDER_TEXT = 1024, ORDER_NAME = 4096 };

enum order_kind {
    ORDER_RESET,  /* gives somebody's minutes of today back */
    ORDER_HOLD,   /* keeps what lies under a pseudonym from being erased, for a case */
    ORDER_RELEASE /* takes all holds of a case back */
};

struct order {
    enum order_kind kind;
    struct str user;         /* ORDER_RESET: canonical */
    struct str allowance;    /* ORDER_RESET; empty: all of them */
    struct str reference;    /* of the case */
    int64_t from, until, review; /* ORDER_HOLD, seconds UTC */
    unsigned char person[PSEUDONYM_SIZE];
    struct str by; /* who asks for it; of a file of root's alone (who called sudo), else told by its owner */
    unsigned char id[ACT_ID];
};

/* Puts one there; `id` is made. -1 with a message. */
int order_put(const char *store, struct order *o, struct diag *d);

/* The folder, made if it is not there: mode 02770, so that what is put there is the daemon's group's. */
int orders_make(const char *store, struct diag *d);

/* What became of an order; LATER leaves it where it is. */
enum order_result { ORDER_DONE, ORDER_REFUSED, ORDER_LATER };

/* Each order that is there; slices live until `take` returns. One that is refused or no order at all stays as
 * NAME.refused, with a message. */
void orders_take(const char *store, enum order_result (*take)(void *to, const struct order *o), void *to,
                 struct diag *d);

#endif
