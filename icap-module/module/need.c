#include "module/need.h"

#include "module/compat.h"

#include <time.h>

bool need_due(struct need *n)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    if (now.tv_sec < atomic_load(&n->next) || atomic_flag_test_and_set(&n->busy))
        return false;
    atomic_store(&n->next, now.tv_sec + 1);
    return true;
}

void need_looked(struct need *n)
{
    atomic_flag_clear(&n->busy);
}

void need_missing(struct need *n, const struct diag *d, const char *outcome)
{
    if (atomic_exchange(&n->said, true))
        return;
    say(1, "%s; %s\n", d->n ? d->messages[0].text : "not configured", outcome);
}

void need_met(struct need *n)
{
    atomic_store(&n->said, false);
}
