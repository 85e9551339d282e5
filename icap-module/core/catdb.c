#include "core/catdb.h"

#include <sodium/crypto_generichash.h>

_Static_assert(sizeof CATDB_KEY - 1 == 24, "the header's place follows from its key");
_Static_assert(sizeof(struct catdb_header) % 8 == 0, "rows follow the header");
_Static_assert(CATEGORY_COUNT <= 32, "the header counts by category");

/* ---- cdb's own numbers: any bytes, at any place ---- */

static uint32_t number(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

enum { HASH_SEED = 5381 };

static uint32_t hash_on(uint32_t h, const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = ((h << 5) + h) ^ (unsigned char)p[i];
    return h;
}

/* Where a hash is looked for: a table of n slots inside the file, and the first slot of the walk. */
struct table {
    const unsigned char *slots;
    uint32_t n, first, hash;
};

static struct table table_of(const struct catdb *db, uint32_t hash)
{
    const unsigned char *row = db->base + (size_t)(hash & 255) * 8;
    uint32_t at = number(row), n = number(row + 4);

    if (n == 0 || at < CATDB_HEAD || (uint64_t)at + (uint64_t)n * 8 > db->size)
        return (struct table){0};
    return (struct table){db->base + at, n, (hash >> 8) % n, hash};
}

/* The record at a place lies inside the file. */
static bool record_at(const struct catdb *db, uint64_t at, struct str *key, struct str *value)
{
    uint32_t k, v;

    if (at < CATDB_HEAD || at + 8 > db->size)
        return false;
    k = number(db->base + at);
    v = number(db->base + at + 4);
    if (at + 8 + (uint64_t)k + (uint64_t)v > db->size)
        return false;
    *key = (struct str){(const char *)db->base + at + 8, k};
    *value = (struct str){key->p + k, v};
    return true;
}

/* The key is the two parts, one after the other. */
static bool key_is(struct str key, struct str one, struct str two)
{
    return key.n == one.n + two.n && str_eq(str_upto(key, one.n), one) && str_eq(str_from(key, one.n), two);
}

static struct str find(const struct catdb *db, const struct table *t, struct str one, struct str two,
                       uint32_t *steps)
{
    uint32_t most = t->n < db->header->probes ? t->n : db->header->probes;

    for (uint32_t i = 0, slot = t->first; i < most; i++, slot = slot + 1 == t->n ? 0 : slot + 1) {
        const unsigned char *p = t->slots + (size_t)slot * 8;
        uint32_t at = number(p + 4);
        struct str key, items;

        if (at == 0)
            break;
        if (number(p) != t->hash || !record_at(db, at, &key, &items) || !key_is(key, one, two))
            continue;
        *steps = i + 1;
        return items;
    }
    return STR_NONE;
}

/* ---- opening ---- */

static bool text_in(const struct catdb_header *h, struct a_str s)
{
    return (uint64_t)s.at + s.n <= h->text;
}

static const char *prove(const unsigned char *bytes, size_t size)
{
    const struct catdb_header *h = (const void *)(bytes + CATDB_AT);
    const struct catdb_list *rows = (const void *)(h + 1);

    if (size < CATDB_AT + sizeof *h || number(bytes + CATDB_HEAD) != sizeof CATDB_KEY - 1 ||
        memcmp(bytes + CATDB_HEAD + 8, CATDB_KEY, sizeof CATDB_KEY - 1) != 0 ||
        memcmp(h->magic, CATDB_MAGIC, sizeof h->magic) != 0)
        return "this is no category database: make one with 'portreeve lists import'";
    if (h->version != CATDB_VERSION)
        return "the category database is of another version: import the lists again";
    if (h->size != size)
        return "the category database is not whole: import the lists again, or take the last one back with "
               "'portreeve lists rollback'";
    if (h->lists > CATDB_LISTS || h->text > CATDB_TEXT || h->probes > CATDB_PROBES ||
        h->labels[0] > h->labels[1] || h->labels[1] > CATDB_LABELS ||
        number(bytes + CATDB_HEAD + 4) != sizeof *h + h->lists * sizeof *rows + h->text ||
        (uint64_t)CATDB_AT + number(bytes + CATDB_HEAD + 4) > size)
        return "the header of the category database is broken";
    for (uint32_t i = 0; i < h->lists; i++)
        if (!text_in(h, rows[i].name) || !text_in(h, rows[i].source) || !text_in(h, rows[i].licence) ||
            !text_in(h, rows[i].owner) || rows[i].kind >= CATDB_KINDS || rows[i].categories >> CATEGORY_COUNT)
            return "a list of the category database is broken";
    return NULL;
}

int catdb_open(const void *bytes, size_t size, struct catdb *db, struct diag *d)
{
    const char *problem = prove(bytes, size);

    if (problem)
        return diag_error(d, problem, NULL, NULL);
    *db = (struct catdb){.base = bytes, .size = size};
    db->header = (const void *)(db->base + CATDB_AT);
    db->lists = (const void *)(db->header + 1);
    db->text = (const char *)(db->lists + db->header->lists);
    return 0;
}

struct str catdb_str(const struct catdb *db, struct a_str s)
{
    return (struct str){db->text + s.at, s.n};
}

/* ---- asking ---- */

uint32_t catdb_item(struct str items, size_t i, unsigned *flags)
{
    const unsigned char *p = (const unsigned char *)items.p + i * CATDB_ITEM;

    *flags = p[2];
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

/* One question while it is answered. */
struct asking {
    const struct catdb *db;
    catdb_found *found;
    void *to;
};

/* Tells of a record's items; true when one says that there are addresses. */
static bool tell(const struct asking *k, struct str items, bool whole, struct str host, struct str url)
{
    size_t n = items.n / CATDB_ITEM;
    bool has_urls = false;

    if (n > CATDB_ITEMS)
        n = CATDB_ITEMS;
    for (size_t i = 0; i < n; i++) {
        unsigned flags;
        uint32_t list = catdb_item(items, i, &flags);

        has_urls |= list == CATDB_HAS_URLS;
        if (list < k->db->header->lists && (whole || !(flags & CATDB_EXACT)))
            k->found(k->to, &k->db->lists[list], host, url);
    }
    return has_urls;
}

enum { ADDRESS_MAX = 2048 }; /* bytes of path and query that are looked at */

/* "/a/b?c=d" ends a prefix here: an entry for /a holds for /a/b and /a?c, and not for /ab. */
static bool ends_prefix(struct str s, size_t i)
{
    return i == s.n || s.p[i] == '/' || s.p[i] == '?' || s.p[i] == '&';
}

/* Every prefix of the address below the host, the shortest first. */
static void ask_urls(const struct asking *k, struct str host, const struct catdb_question *q)
{
    char p[ADDRESS_MAX];
    struct str s = {p, 0};
    uint32_t hash = hash_on(HASH_SEED, host.p, host.n), probes = 0, steps;

    for (size_t i = 0; i < q->path.n && s.n < sizeof p; i++)
        p[s.n++] = ascii_lower(q->path.p[i]);
    if (q->query.n && s.n < sizeof p)
        p[s.n++] = '?';
    for (size_t i = 0; q->query.n && i < q->query.n && s.n < sizeof p; i++)
        p[s.n++] = ascii_lower(q->query.p[i]);
    for (size_t i = 1; i <= s.n && probes < CATDB_URL_PROBES; i++) {
        struct table t;
        struct str url = {p, i}, items;

        hash = hash_on(hash, p + i - 1, 1);
        if (!ends_prefix(s, i))
            continue;
        probes++;
        t = table_of(k->db, hash);
        items = find(k->db, &t, host, url, &steps);
        tell(k, items, true, host, url);
    }
}

/* Names below "www." are its own: addresses are listed without it. */
static struct str without_www(struct str host)
{
    return str_istarts(host, STR("www.")) ? str_from(host, 4) : host;
}

struct suffix {
    struct str name;
    struct table table;
};

/* The host and its parents, as far as the file has names of so many labels. Their slots are asked for at
 * once, so that the memory's delays pass side by side. */
static unsigned suffixes(const struct catdb *db, const struct catdb_question *q, struct suffix to[CATDB_LABELS])
{
    unsigned n = 0;
    uint32_t labels = 1;

    for (size_t i = 0; i < q->host.n; i++)
        labels += q->host.p[i] == '.';
    for (size_t at = 0; labels > 0 && n < CATDB_LABELS; labels--) {
        struct str name = str_from(q->host, at);

        if ((labels <= db->header->labels[1] && labels >= db->header->labels[0]) || q->host_is_address) {
            to[n] = (struct suffix){name, table_of(db, hash_on(HASH_SEED, name.p, name.n))};
            if (to[n].table.n)
                __builtin_prefetch(to[n].table.slots + (size_t)to[n].table.first * 8);
            n++;
        }
        if (q->host_is_address)
            break;
        at += str_find(name, '.') + 1;
    }
    return n;
}

void catdb_ask(const struct catdb *db, const struct catdb_question *q, catdb_found *found, void *to)
{
    struct suffix names[CATDB_LABELS];
    struct asking k = {db, found, to};
    struct str urls_of = without_www(q->host);
    unsigned n = suffixes(db, q, names);
    uint32_t steps;

    for (unsigned i = 0; i < n; i++) {
        struct str items = find(db, &names[i].table, names[i].name, STR_NONE, &steps);

        if (items.n && tell(&k, items, names[i].name.n == q->host.n, names[i].name, STR_NONE) && q->path.n &&
            names[i].name.n == urls_of.n)
            ask_urls(&k, urls_of, q);
    }
}

void catdb_prefetch(const struct catdb *db, struct str key)
{
    struct table t = table_of(db, hash_on(HASH_SEED, key.p, key.n));

    if (t.n)
        __builtin_prefetch(t.slots + (size_t)t.first * 8);
}

struct str catdb_get(const struct catdb *db, struct str key)
{
    struct table t = table_of(db, hash_on(HASH_SEED, key.p, key.n));
    uint32_t steps;

    return find(db, &t, key, STR_NONE, &steps);
}

uint32_t catdb_walk(const struct catdb *db, struct str key)
{
    struct table t = table_of(db, hash_on(HASH_SEED, key.p, key.n));
    uint32_t steps = 0;

    find(db, &t, key, STR_NONE, &steps);
    return steps;
}

/* The records lie between the header and the first table: cdb writes the tables behind them. */
struct catdb_cursor catdb_begin(const struct catdb *db)
{
    struct catdb_cursor c = {(uint64_t)CATDB_AT + number(db->base + CATDB_HEAD + 4), db->size};

    for (size_t i = 0; i < 256; i++)
        if (number(db->base + i * 8 + 4) && number(db->base + i * 8) < c.end)
            c.end = number(db->base + i * 8);
    return c;
}

bool catdb_next(const struct catdb *db, struct catdb_cursor *c, struct str *key, struct str *items)
{
    if (c->at >= c->end || !record_at(db, c->at, key, items) || c->at + 8 + key->n + items->n > c->end)
        return false;
    c->at += 8 + key->n + items->n;
    return true;
}

void catdb_sum(const void *bytes, size_t size, unsigned char sum[CATDB_SUM])
{
    static const unsigned char zeros[CATDB_SUM];
    const size_t at = CATDB_AT + offsetof(struct catdb_header, sum);
    crypto_generichash_state state;

    crypto_generichash_init(&state, NULL, 0, CATDB_SUM);
    crypto_generichash_update(&state, bytes, at);
    crypto_generichash_update(&state, zeros, CATDB_SUM);
    crypto_generichash_update(&state, (const unsigned char *)bytes + at + CATDB_SUM, size - at - CATDB_SUM);
    crypto_generichash_final(&state, sum, CATDB_SUM);
}
