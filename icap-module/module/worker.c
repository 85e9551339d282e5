#include "module/worker.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_key_t at_end; /* only for its destructor: _Thread_local is the faster way to the value */
static bool key_made;
static _Thread_local struct worker *mine;

static void discard(void *worker)
{
    struct worker *w = worker;

    scratch_free(w->scratch);
    free(w);
    mine = NULL;
}

int worker_init(void)
{
    if (!key_made && pthread_key_create(&at_end, discard) != 0)
        return -1;
    key_made = true;
    return 0;
}

void worker_fini(void)
{
    /* A thread that still lives must not run a destructor which is no longer there after dlclose. */
    if (key_made)
        pthread_key_delete(at_end);
    key_made = false;
}

struct worker *worker_mine(void)
{
    struct worker *w = mine;

    if (w)
        return w;
    w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->scratch = scratch_new();
    if (!w->scratch || pthread_setspecific(at_end, w) != 0) {
        scratch_free(w->scratch);
        free(w);
        return NULL;
    }
    mine = w;
    return w;
}
