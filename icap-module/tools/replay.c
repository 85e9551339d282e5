#include "tools/replay_internal.h"

#include <stdlib.h>

struct replay *replay_new(const struct policy *old, const struct policy *now)
{
    struct replay *r = calloc(1, sizeof *r);

    if (!r)
        return NULL;
    r->scratch = scratch_new();
    r->sides[OLD] = (struct side){.policy = old, .a = policy_artefact(old)};
    r->sides[NEW] = (struct side){.policy = now, .a = policy_artefact(now)};
    if (!r->scratch || !replay_link(r)) {
        replay_free(r);
        return NULL;
    }
    return r;
}

void replay_free(struct replay *r)
{
    if (!r)
        return;
    replay_unlink(r);
    free(r->kept);
    free(r->table);
    free(r->kinds);
    scratch_free(r->scratch);
    free(r);
}

/* ---- events, each kind once ---- */

static uint32_t *slot_of(struct replay *r, const unsigned char *bytes, size_t size)
{
    size_t i = str_hash((struct str){(const char *)bytes, size}) & (r->slots - 1);

    while (r->table[i] && (r->kept[r->table[i] - 1].size != size || memcmp(r->kept[r->table[i] - 1].bytes, bytes, size) != 0))
        i = (i + 1) & (r->slots - 1);
    return &r->table[i];
}

static int grow(struct replay *r)
{
    size_t room = r->room ? r->room * 2 : 1024;
    struct kept *kept = realloc(r->kept, room * sizeof *kept);

    if (!kept)
        return -1;
    r->kept = kept;
    r->room = room;
    free(r->table);
    r->slots = room * 2;
    r->table = calloc(r->slots, sizeof *r->table);
    if (!r->table)
        return -1;
    for (size_t i = 0; i < r->n; i++)
        *slot_of(r, r->kept[i].bytes, r->kept[i].size) = (uint32_t)i + 1;
    return 0;
}

int replay_event(struct replay *r, const struct event *e)
{
    unsigned char bytes[EVENT_MAX];
    struct event alike = *e;
    uint32_t *slot;
    size_t size;

    alike.sequence = 0;
    alike.time = 0;
    alike.code = alike.group = STR_NONE;
    alike.has_day = false;
    memset(alike.pseudonym, 0, sizeof alike.pseudonym);
    size = event_encode(&alike, bytes, sizeof bytes);
    if (size == 0 || (r->n == r->room && grow(r) != 0))
        return -1;
    slot = slot_of(r, bytes, size);
    if (!*slot) {
        memcpy(r->kept[r->n].bytes, bytes, size);
        r->kept[r->n].size = size;
        r->kept[r->n].n = 0;
        *slot = (uint32_t)++r->n;
    }
    r->kept[*slot - 1].n++;
    return 0;
}

/* ---- one kind ---- */

/* The groups that another stands for are named, too. */
static void name_unknowns(const struct looking *l, struct replay_kind *k)
{
    for (unsigned i = 0; i < l->n + l->n_like; i++) {
        uint16_t unknown = i < l->n ? l->unknowns[i] : l->like[i - l->n].unknown;
        unsigned part = k->parts[i < l->n ? i : l->like[i - l->n].as];

        if (i >= l->n)
            k->parts[i] = (unsigned char)part;
        k->unknowns[i] = l->r->unknowns[unknown].text;
        k->groups[i] = l->r->unknowns[unknown].group;
    }
    k->n_unknowns = l->n + l->n_like;
}

static void run_kind(struct replay *r, struct replay_kind *k)
{
    struct looking l = {.r = r, .e = &k->event};

    replay_find_unknowns(&l);
    if (l.too_many || l.n > REPLAY_UNKNOWNS) {
        k->fate = replay_same_rules(&l) ? REPLAY_SAME : REPLAY_TOO_OPEN;
        return;
    }
    replay_judge(&l, k);
    name_unknowns(&l, k);
}

static int by_number(const void *a, const void *b)
{
    const struct replay_kind *one = a, *other = b;

    if (one->n != other->n)
        return one->n < other->n ? 1 : -1;
    return str_cmp(one->event.platform, other->event.platform);
}

const struct replay_kind *replay_run(struct replay *r, size_t *n)
{
    *n = r->n;
    free(r->kinds);
    r->kinds = calloc(r->n + 1, sizeof *r->kinds);
    if (!r->kinds)
        return NULL;
    for (size_t i = 0; i < r->n; i++) {
        event_decode(&r->kinds[i].event, r->kept[i].bytes, r->kept[i].size);
        r->kinds[i].n = r->kept[i].n;
        run_kind(r, &r->kinds[i]);
    }
    qsort(r->kinds, r->n, sizeof *r->kinds, by_number);
    return r->kinds;
}
