/* A category database proven whole, and held against the one before it. */
#include "compile/lists.h"

#include "compile/hostname.h"

#include <cdb.h>

/* What is counted while all records are walked. */
struct sums {
    struct catdb_header counts;
    uint64_t records;
};

static bool sound_key(struct str key)
{
    struct str host = str_upto(key, str_find(key, '/')), normal;
    char to[HOSTNAME_MAX + 2];
    const char *problem;

    if (!hostname_normal(host, false, to, &normal, &problem) || !str_eq(host, normal))
        return false;
    for (size_t i = host.n; i < key.n; i++)
        if ((unsigned char)key.p[i] < ' ' || key.p[i] == 0x7f || ascii_lower(key.p[i]) != key.p[i])
            return false;
    return key.n == host.n || str_find(key, '?') < key.n || key.p[key.n - 1] != '/';
}

/* Every item is of a list that there is; adds up what the header should say. */
static bool sound_items(const struct catdb *db, struct str key, struct str items, struct sums *s)
{
    bool url = str_find(key, '/') < key.n;
    uint32_t of = 0;

    if (items.n == 0 || items.n % CATDB_ITEM || items.n / CATDB_ITEM > CATDB_ITEMS)
        return false;
    for (size_t i = 0; i < items.n / CATDB_ITEM; i++) {
        unsigned flags;
        uint32_t list = catdb_item(items, i, &flags);

        if (flags > CATDB_EXACT || (list >= db->header->lists && (list != CATDB_HAS_URLS || url)))
            return false;
        if (list < db->header->lists && db->lists[list].kind != CATDB_ALLOWED)
            of |= db->lists[list].categories;
    }
    *(url ? &s->counts.urls : &s->counts.names) += 1;
    for (unsigned k = 0; k < CATEGORY_COUNT; k++)
        s->counts.filled[k] += of >> k & 1;
    return true;
}

static int broken(struct diag *d, const char *what, struct str key)
{
    char name[LISTS_SAMPLE];

    diag_copy(name, sizeof name, key);
    return diag_error(d, "the category database is broken: ", what, name);
}

/* As many slots are filled as there are records: each record is found by its own, so there is no other. */
static bool sound_tables(const struct catdb *db, uint64_t records)
{
    uint64_t filled = 0;

    for (size_t t = 0; t < 256; t++) {
        uint64_t at = cdb_unpack(db->base + t * 8), n = cdb_unpack(db->base + t * 8 + 4);

        if (at + n * 8 > db->size)
            return false;
        for (uint64_t i = 0; i < n; i++)
            filled += cdb_unpack(db->base + at + i * 8 + 4) != 0;
    }
    return filled == records + 1; /* the header's own */
}

/* All records of `db`, each of which will be looked for in `in`: where that begins is fetched some records
 * before, so that millions of look-ups do not wait for the memory one after the other. */
struct march {
    const struct catdb *db, *in;
    struct catdb_cursor at, ahead;
};

enum { AHEAD = 16 };

static void look_ahead(struct march *m)
{
    struct str key, items;

    if (m->in && catdb_next(m->db, &m->ahead, &key, &items))
        catdb_prefetch(m->in, key);
}

static struct march begin(const struct catdb *db, const struct catdb *in)
{
    struct march m = {db, in, catdb_begin(db), catdb_begin(db)};

    for (unsigned i = 0; i < AHEAD; i++)
        look_ahead(&m);
    return m;
}

static bool next(struct march *m, struct str *key, struct str *items)
{
    look_ahead(m);
    return catdb_next(m->db, &m->at, key, items);
}

int lists_check(const struct catdb *db, struct diag *d)
{
    struct march m = begin(db, db);
    unsigned char sum[CATDB_SUM];
    struct sums s = {0};
    struct str key, items;

    catdb_sum(db->base, db->size, sum);
    if (memcmp(sum, db->header->sum, sizeof sum) != 0)
        return broken(d, "its sum is another than what was written: import the lists again", STR_NONE);
    for (; next(&m, &key, &items); s.records++) {
        if (!sound_key(key))
            return broken(d, "a key is no canonical name or address: ", key);
        if (!sound_items(db, key, items, &s))
            return broken(d, "a record is of no list that there is: ", key);
        if (catdb_get(db, key).p != items.p)
            return broken(d, "a record is not found, or is there twice: ", key);
    }
    if (m.at.at != m.at.end || !sound_tables(db, s.records))
        return broken(d, "its records and its tables do not fit together", STR_NONE);
    if (s.counts.names != db->header->names || s.counts.urls != db->header->urls ||
        memcmp(s.counts.filled, db->header->filled, sizeof s.counts.filled) != 0)
        return broken(d, "its header counts other than what is there", STR_NONE);
    return 0;
}

/* The categories that imported lists give a record. */
static uint32_t listed_as(const struct catdb *db, struct str items)
{
    uint32_t of = 0;

    for (size_t i = 0; i < items.n / CATDB_ITEM && i < CATDB_ITEMS; i++) {
        unsigned flags;
        uint32_t list = catdb_item(items, i, &flags);

        if (list < db->header->lists && db->lists[list].kind == CATDB_LISTED)
            of |= db->lists[list].categories;
    }
    return of;
}

static void note(uint32_t *n, char names[LISTS_SAMPLES][LISTS_SAMPLE], struct str key)
{
    if (*n < LISTS_SAMPLES)
        diag_copy(names[*n], LISTS_SAMPLE, key);
    ++*n;
}

void lists_compare(const struct catdb *from, const struct catdb *to,
                   struct lists_change changes[CATEGORY_COUNT])
{
    struct march m = begin(to, from);
    struct str key, items;

    memset(changes, 0, CATEGORY_COUNT * sizeof *changes);
    while (next(&m, &key, &items)) {
        uint32_t new = listed_as(to, items) & ~(from ? listed_as(from, catdb_get(from, key)) : 0);

        for (unsigned k = 0; k < CATEGORY_COUNT; k++)
            if (new >> k & 1)
                note(&changes[k].added, changes[k].added_names, key);
    }
    if (!from)
        return;
    m = begin(from, to);
    while (next(&m, &key, &items)) {
        uint32_t old = listed_as(from, items), gone = old & ~listed_as(to, catdb_get(to, key));

        for (unsigned k = 0; k < CATEGORY_COUNT; k++) {
            changes[k].before += old >> k & 1;
            if (gone >> k & 1)
                note(&changes[k].removed, changes[k].removed_names, key);
        }
    }
}
