/* A hostile category database. The first byte: bit 0 the header's key, magic, version, size and sum are made
 * sound, so that what is behind them is looked at. What opens is asked about hosts and addresses, walked from
 * one end to the other and proven; what is proven answers for every one of its records. */
#include "fuzz.h"

#include "compile/lists.h"
#include "core/categories.h"

enum { FILE_MAX = 8 << 10 };

static _Alignas(16) unsigned char file[FILE_MAX];

/* What a look-up tells of lies in the file. */
static void found(void *to, const struct catdb_list *list, struct str host, struct str url)
{
    const struct catdb *db = to;

    FUZZ_HOLDS(list >= db->lists && list < db->lists + db->header->lists);
    FUZZ_HOLDS(host.n > 0 && url.n <= 4096);
    FUZZ_HOLDS(catdb_str(db, list->name).n <= db->header->text);
}

static void ask(struct catdb *db, struct str host, struct str path)
{
    catdb_ask(db, &(struct catdb_question){.host = host, .path = path, .query = STR("v=1&w=2")}, found, db);
}

static void walk(struct catdb *db, bool sound)
{
    struct catdb_cursor c = catdb_begin(db);
    struct str key, items;

    while (catdb_next(db, &c, &key, &items)) {
        struct str host = str_upto(key, str_find(key, '/'));

        FUZZ_HOLDS((const unsigned char *)key.p >= db->base && (size_t)(key.p - (const char *)db->base) <= db->size);
        FUZZ_HOLDS(!sound || catdb_get(db, key).p == items.p);
        FUZZ_HOLDS(!sound || catdb_walk(db, key) <= db->header->probes);
        if (host.n && host.n <= 253)
            ask(db, host, str_from(key, host.n));
    }
    FUZZ_HOLDS(!sound || c.at == c.end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct catdb_header *h = (struct catdb_header *)(void *)(file + CATDB_AT);
    static struct lists_change changes[CATEGORY_COUNT];
    struct catdb db;
    struct diag d;
    size_t n = size ? size - 1 : 0;

    if (n > FILE_MAX)
        n = FILE_MAX;
    if (n)
        memcpy(file, data + 1, n);
    if (n >= CATDB_AT + sizeof *h && data[0] & 1) {
        memcpy(file + CATDB_HEAD + 8, CATDB_KEY, sizeof CATDB_KEY - 1);
        memcpy(h->magic, CATDB_MAGIC, sizeof h->magic);
        h->version = CATDB_VERSION;
        h->size = (uint32_t)n;
        catdb_sum(file, n, h->sum);
    }
    diag_init(&d);
    if (catdb_open(file, n, &db, &d) != 0) {
        FUZZ_HOLDS(d.errors == 1);
        return 0;
    }
    ask(&db, STR("www.bad.example"), STR("/a/b"));
    ask(&db, STR("host.example"), STR("/watch"));
    ask(&db, STR("198.51.100.7"), STR("/"));
    walk(&db, lists_check(&db, &d) == 0);
    lists_compare(&db, &db, changes);
    return 0;
}
