#include "core/recall.h"

#include <stdatomic.h>

enum { MINUTE = 60, TAG_SHIFT = 24, TIME_MASK = (1 << TAG_SHIFT) - 1, AHEAD = 5, TRIES = 8 };

/* The clocks of threads differ by less than AHEAD minutes; what is further ahead was noted before the clock
 * was set back. */
enum { NEVER = INT32_MAX };

struct recall {
    struct identity_key salt;
    uint32_t buckets;
    _Alignas(64) _Atomic uint64_t cells[];
};

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "a cell is written in one step, also between processes");

size_t recall_size(uint32_t buckets)
{
    return sizeof(struct recall) + (size_t)buckets * RECALL_WAYS * sizeof(uint64_t);
}

struct recall *recall_init(void *memory, uint32_t buckets, const unsigned char salt[DIGEST_KEY])
{
    struct recall *r = memory;

    memcpy(r->salt.bytes, salt, DIGEST_KEY);
    r->buckets = buckets;
    return r;
}

struct recall_key recall_key(const struct recall *r, const struct str *parts, size_t n, uint32_t sitting)
{
    struct digest d = digest_sealed(&r->salt, parts, n < RECALL_PARTS ? n : RECALL_PARTS);
    uint64_t tag = ((uint64_t)d.words[0] << 32 | d.words[1]) & ~(uint64_t)TIME_MASK;

    return (struct recall_key){
        .bucket = d.words[2] & (r->buckets - 1), .sitting = sitting, .tag = tag ? tag : 1ull << TAG_SHIFT};
}

static uint32_t minute_of(int64_t now)
{
    return (uint32_t)(now / MINUTE) & TIME_MASK;
}

/* Minutes since the cell was written; NEVER for an empty one, and for one of the future. */
static int32_t age_of(uint64_t cell, uint32_t minute)
{
    uint32_t age = (minute - (uint32_t)cell) & TIME_MASK;

    if (cell == 0 || (age > TIME_MASK / 2 && age < TIME_MASK - AHEAD))
        return NEVER;
    return age > TIME_MASK / 2 ? 0 : (int32_t)age;
}

static bool is_of(uint64_t cell, const struct recall_key *key)
{
    return (cell & ~(uint64_t)TIME_MASK) == key->tag;
}

static const _Atomic uint64_t *bucket_of(const struct recall *r, const struct recall_key *key)
{
    return &r->cells[(size_t)key->bucket * RECALL_WAYS];
}

static uint64_t read_cell(const _Atomic uint64_t *cell)
{
    return atomic_load_explicit(cell, memory_order_relaxed); /* nothing hangs on a cell but itself */
}

/* Ages in minutes of the key's cells, the youngest first. */
static uint32_t ages_of(const struct recall *r, const struct recall_key *key, int64_t now,
                        int32_t ages[RECALL_WAYS])
{
    const _Atomic uint64_t *cells = bucket_of(r, key);
    uint32_t minute = minute_of(now), n = 0, at;

    for (uint32_t i = 0; i < RECALL_WAYS; i++) {
        uint64_t cell = read_cell(&cells[i]);
        int32_t age = age_of(cell, minute);

        if (!is_of(cell, key) || age == NEVER)
            continue;
        for (at = n++; at > 0 && ages[at - 1] > age; at--)
            ages[at] = ages[at - 1];
        ages[at] = age;
    }
    return n;
}

uint32_t recall_visits(const struct recall *r, const struct recall_key *key, int64_t now, uint32_t within)
{
    int32_t ages[RECALL_WAYS], before = 0;
    uint32_t n = ages_of(r, key, now, ages), visits = 0;

    for (uint32_t i = 0; i < n && (uint32_t)ages[i] <= within / MINUTE; i++) {
        visits += (uint32_t)(ages[i] - before) * MINUTE >= key->sitting;
        before = ages[i];
    }
    return visits;
}

int64_t recall_latest(const struct recall *r, const struct recall_key *key, int64_t now)
{
    int32_t ages[RECALL_WAYS];

    if (ages_of(r, key, now, ages) == 0)
        return 0;
    return (now / MINUTE - ages[0]) * MINUTE;
}

/* Where a note could go. */
struct places {
    _Atomic uint64_t *own, *own_oldest, *oldest; /* own: the key's, young enough to be the same note */
    uint64_t is_own, is_own_oldest, is_oldest;
    int32_t age_own, age_own_oldest, age_oldest;
    uint32_t n_own;
};

/* What is too old is nobody's business: an empty cell, and its age. */
static uint64_t wipe_old(_Atomic uint64_t *cell, uint32_t minute, uint32_t keep)
{
    uint64_t is = read_cell(cell);
    int32_t age = age_of(is, minute);

    if (is && (age == NEVER || (uint32_t)age > keep / MINUTE) && atomic_compare_exchange_strong(cell, &is, 0))
        is = 0;
    return is;
}

static void consider(struct places *p, _Atomic uint64_t *cell, uint64_t is, int32_t age,
                     const struct recall_key *key)
{
    if (is && is_of(is, key)) {
        p->n_own++;
        if (age < p->age_own && (key->sitting == UINT32_MAX || (uint32_t)age * MINUTE < key->sitting))
            p->own = cell, p->is_own = is, p->age_own = age;
        if (age > p->age_own_oldest)
            p->own_oldest = cell, p->is_own_oldest = is, p->age_own_oldest = age;
    }
    if (age > p->age_oldest)
        p->oldest = cell, p->is_oldest = is, p->age_oldest = age;
}

/* The cell to write to, and what stands in it: the key's own where it is the same note; the key's oldest
 * where it has more than any rule counts; else an empty one, else the oldest. */
static _Atomic uint64_t *choose(_Atomic uint64_t *cells, const struct recall_key *key, uint32_t minute,
                                uint32_t keep, uint64_t *is)
{
    struct places p = {.age_own = NEVER, .age_own_oldest = -1, .age_oldest = -1};

    for (uint32_t i = 0; i < RECALL_WAYS; i++) {
        uint64_t cell = wipe_old(&cells[i], minute, keep);

        consider(&p, &cells[i], cell, age_of(cell, minute), key);
    }
    if (p.own || p.n_own > RETURNS_MAX) {
        *is = p.own ? p.is_own : p.is_own_oldest;
        return p.own ? p.own : p.own_oldest;
    }
    *is = p.is_oldest;
    return p.oldest;
}

bool recall_note(struct recall *r, const struct recall_key *key, int64_t now, uint32_t keep)
{
    _Atomic uint64_t *cells = &r->cells[(size_t)key->bucket * RECALL_WAYS];
    uint32_t minute = minute_of(now);
    uint64_t cell = key->tag | minute;

    for (int i = 0; i < TRIES; i++) {
        uint64_t is;
        _Atomic uint64_t *to = choose(cells, key, minute, keep, &is);

        if (is == cell || atomic_compare_exchange_strong(to, &is, cell))
            return true;
    }
    return false;
}

uint32_t recall_keep(const struct artefact *a)
{
    enum { DAY = 24 * 60 * 60 };
    uint32_t keep = RECALL_QUIET;

    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++) {
        const struct a_rule *rule = &ARTEFACT_ROWS(a, RULES, struct a_rule)[i];
        uint32_t shown = rule->every == PERIOD_DAY ? DAY : 7 * DAY;

        if (rule->returns == 0)
            continue;
        keep = rule->within > keep ? rule->within : keep;
        keep = shown > keep ? shown : keep;
    }
    return keep;
}
