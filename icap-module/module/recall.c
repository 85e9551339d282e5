#include "module/recall.h"

#include "module/compat.h"
#include "record/seal.h"

#include <sys/mman.h>

/* 4 MiB, of which pages are used where something is noted: half a million notes. */
enum { BUCKETS = 16384 };

static struct recall *table;

void recall_start(void)
{
    unsigned char salt[DIGEST_KEY];
    void *memory;

    if (table)
        return;
    memory = mmap(NULL, recall_size(BUCKETS), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        say(1,
            "there is no memory for what workers remember for a while: nobody is asked about one person, and "
            "what was stopped inside an app is told nowhere\n");
        return;
    }
    madvise(memory, recall_size(BUCKETS), MADV_DONTDUMP); /* in no core file either */
    seal_random(salt, sizeof salt);
    table = recall_init(memory, BUCKETS, salt);
    digest_wipe(salt, sizeof salt);
}

void recall_stop(void)
{
    if (table)
        munmap(table, recall_size(BUCKETS));
    table = NULL;
}

static bool note_all(const struct exchange *x, const struct verdict *v)
{
    uint32_t keep = v->n_notes ? recall_keep(policy_artefact(x->loaded->policy)) : 0;
    bool all = true;

    for (uint32_t i = 0; i < v->n_notes; i++)
        all &= recall_note(table, &v->notes[i], x->request.now, keep);
    return all;
}

struct verdict recall_judge(const struct snapshot *view, struct exchange *x)
{
    struct verdict v = policy_judge(view, table, &x->request, x->worker->scratch);

    if (!note_all(x, &v) && (v.owed || (v.action == ACTION_ASK && v.ask == ASK_PERSON)))
        return policy_judge(view, NULL, &x->request, x->worker->scratch);
    return v;
}
