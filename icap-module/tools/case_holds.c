#include "tools/case_holds.h"

#include "record/opening.h"
#include "tools/orders.h"

#include <stdlib.h>

static int put_epoch(const struct case_file *c, const struct holds_where *w, const struct opening_epoch *e,
                     struct order *o, struct diag *d)
{
    int64_t from = epoch_midnight(c->panel.from), until = epoch_midnight(c->panel.to + 1);

    o->from = e->from > from ? e->from : from;
    o->until = e->until < until ? e->until : until;
    for (unsigned i = 0; i < e->n && o->from < o->until; i++) {
        memcpy(o->person, e->pseudonyms[i], sizeof o->person);
        if (order_put(w->state, o, d) != 0)
            return -1;
    }
    return 0;
}

static int put_all(const struct case_file *c, const struct holds_where *w, const struct opening *made,
                   struct str by, struct diag *d)
{
    struct order o = {.kind = ORDER_HOLD,
                      .reference = c->panel.reference,
                      .review = epoch_midnight(c->hold.review_on),
                      .by = by};

    if (!str_eq(str_of(made->ref), c->panel.reference))
        return diag_error(d, w->opening, ": is of another case", NULL);
    for (unsigned i = 0; i < made->n; i++)
        if (put_epoch(c, w, &made->epochs[i], &o, d) != 0)
            return -1;
    return 0;
}

int case_holds_put(const struct case_file *c, const struct holds_where *w, struct str by, struct diag *d)
{
    struct opening *made = calloc(1, sizeof *made);
    unsigned char public[SIGN_PUBLIC];
    int result = -1;

    if (!made)
        diag_error(d, "out of memory", NULL, NULL);
    else if (sign_public_read(w->opening_key, public, d) == 0 &&
             opening_read(w->opening, public, made, d) == 0)
        result = put_all(c, w, made, by, d);
    free(made);
    return result;
}

int case_holds_release(const struct case_file *c, const struct holds_where *w, struct str by, struct diag *d)
{
    struct order o = {.kind = ORDER_RELEASE, .reference = c->panel.reference, .by = by};

    return order_put(w->state, &o, d);
}
