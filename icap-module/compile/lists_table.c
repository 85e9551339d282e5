/* Names while they are gathered: one hash table over millions of them, their bytes in one block. */
#include "compile/lists_internal.h"

#include <stdlib.h>

enum { SLOTS_FIRST = 1 << 12, WALK_MAX = 4096 };

struct lists *lists_new(void)
{
    struct lists *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->n_slots = SLOTS_FIRST;
    l->slots = calloc(l->n_slots, sizeof *l->slots);
    if (!l->slots) {
        free(l);
        return NULL;
    }
    return l;
}

void lists_free(struct lists *l)
{
    if (!l)
        return;
    free(l->entries);
    free(l->slots);
    free(l->items);
    free(l->keys);
    free(l->rows);
    free(l->text);
    free(l);
}

/* Room for one more of that size: doubled when it is used up. */
static void *grown(void *p, uint32_t n, uint32_t *room, size_t size)
{
    uint32_t more = *room ? *room * 2 : 64;
    void *q = p;

    if (n < *room)
        return p;
    q = more > *room ? realloc(p, more * size) : NULL;
    if (q)
        *room = more;
    return q;
}

static bool put_text(struct lists *l, struct str s, struct a_str *to)
{
    if (l->n_text + s.n > CATDB_TEXT)
        return false;
    while (l->room_text < l->n_text + s.n) {
        char *p = grown(l->text, l->room_text, &l->room_text, 1);

        if (!p)
            return false;
        l->text = p;
    }
    if (s.n)
        memcpy(l->text + l->n_text, s.p, s.n);
    *to = (struct a_str){l->n_text, (uint32_t)s.n};
    l->n_text += (uint32_t)s.n;
    return true;
}

static bool text_is(const struct lists *l, struct a_str a, struct str b)
{
    return str_eq((struct str){l->text + a.at, a.n}, b);
}

int lists_list(struct lists *l, const struct list_in *in)
{
    struct catdb_list row = {
        .kind = in->kind, .categories = in->categories, .date = in->date, .until = in->until};
    struct catdb_list *p;

    for (uint32_t i = 0; i < l->n_rows; i++)
        if (l->rows[i].kind == in->kind && l->rows[i].categories == in->categories &&
            l->rows[i].until == in->until && text_is(l, l->rows[i].name, in->name) &&
            text_is(l, l->rows[i].owner, in->owner))
            return (int)i;
    p = l->n_rows < CATDB_LISTS ? grown(l->rows, l->n_rows, &l->room_rows, sizeof row) : NULL;
    if (!p)
        return -1;
    l->rows = p;
    if (!put_text(l, in->name, &row.name) || !put_text(l, in->source, &row.source) ||
        !put_text(l, in->licence, &row.licence) || !put_text(l, in->owner, &row.owner))
        return -1;
    l->rows[l->n_rows] = row;
    return (int)l->n_rows++;
}

void lists_date(struct lists *l, int list, uint32_t day)
{
    if (l->rows[list].date < day)
        l->rows[list].date = day;
}

uint32_t lists_count(const struct lists *l)
{
    return l->n_entries;
}

/* Not cdb's hash, whose low bits are poor; names of one's own choosing can still meet in few slots, which
 * WALK_MAX ends. */
static uint32_t hash_of(struct str host, struct str url)
{
    uint64_t h = 0x9e3779b97f4a7c15u;

    for (size_t i = 0; i < host.n; i++)
        h = (h ^ (unsigned char)host.p[i]) * 0x100000001b3u;
    for (size_t i = 0; i < url.n; i++)
        h = (h ^ (unsigned char)url.p[i]) * 0x100000001b3u;
    return (uint32_t)((h ^ h >> 29) * 0xbf58476d1ce4e5b9u >> 32);
}

static bool more_slots(struct lists *l)
{
    uint32_t n = l->n_slots * 2;
    struct lists_slot *slots;

    if (l->n_entries < l->n_slots / 2)
        return true;
    slots = n > l->n_slots ? calloc(n, sizeof *slots) : NULL;
    if (!slots)
        return false;
    for (uint32_t i = 0; i < l->n_slots; i++) {
        uint32_t at = l->slots[i].hash & (n - 1);

        while (l->slots[i].entry && slots[at].entry)
            at = (at + 1) & (n - 1);
        if (l->slots[i].entry)
            slots[at] = l->slots[i];
    }
    free(l->slots);
    l->slots = slots;
    l->n_slots = n;
    return true;
}

static bool more_keys(struct lists *l, size_t n)
{
    size_t room = l->room_keys ? l->room_keys * 2 : 1 << 16;
    char *p;

    if (l->n_keys + n <= l->room_keys)
        return true;
    p = room <= UINT32_MAX ? realloc(l->keys, room) : NULL;
    if (!p)
        return false;
    l->keys = p;
    l->room_keys = room;
    return true;
}

static bool is(const struct lists *l, const struct lists_entry *e, struct str host, struct str url)
{
    return e->host == host.n && e->n == host.n + url.n && memcmp(l->keys + e->key, host.p, host.n) == 0 &&
           (url.n == 0 || memcmp(l->keys + e->key + host.n, url.p, url.n) == 0);
}

/* The entry of that key, and *made when there was none; NULL when there is no room. */
static struct lists_entry *entry(struct lists *l, struct str host, struct str url, bool *made)
{
    uint32_t hash = hash_of(host, url), at, walk = 0;
    struct lists_entry *p;

    if (!more_slots(l) || host.n + url.n > UINT16_MAX)
        return NULL;
    for (at = hash & (l->n_slots - 1); l->slots[at].entry; at = (at + 1) & (l->n_slots - 1)) {
        p = &l->entries[l->slots[at].entry - 1];
        if (l->slots[at].hash == hash && is(l, p, host, url)) {
            *made = false;
            return p;
        }
        if (++walk > WALK_MAX)
            return NULL;
    }
    p = grown(l->entries, l->n_entries, &l->room_entries, sizeof *p);
    if (!p)
        return NULL;
    l->entries = p;
    if (!more_keys(l, host.n + url.n))
        return NULL;
    p += l->n_entries;
    *p = (struct lists_entry){
        .key = (uint32_t)l->n_keys, .n = (uint16_t)(host.n + url.n), .host = (uint16_t)host.n};
    memcpy(l->keys + l->n_keys, host.p, host.n);
    if (url.n)
        memcpy(l->keys + l->n_keys + host.n, url.p, url.n);
    l->n_keys += host.n + url.n;
    l->slots[at] = (struct lists_slot){hash, ++l->n_entries};
    *made = true;
    return p;
}

static enum lists_added add(struct lists *l, struct lists_entry *e, bool made, int list, unsigned flags)
{
    struct lists_item *item = &e->item;
    unsigned n = 1;
    uint32_t *link;

    if (made) {
        *item = (struct lists_item){0, (uint16_t)list, (uint8_t)flags};
        return LISTS_NEW;
    }
    for (;; item = &l->items[item->next - 1], n++) {
        if (item->list == list) {
            item->flags &= (uint8_t)flags; /* all below it, once some line says so */
            return LISTS_KNOWN;
        }
        if (!item->next)
            break;
    }
    if (n == CATDB_ITEMS)
        return LISTS_FULL;
    link = &item->next;
    if (l->n_items == l->room_items) { /* the link may lie in what moves */
        size_t at = item == &e->item ? SIZE_MAX : (size_t)(item - l->items);
        struct lists_item *p = grown(l->items, l->n_items, &l->room_items, sizeof *p);

        if (!p)
            return LISTS_FULL;
        l->items = p;
        link = at == SIZE_MAX ? &e->item.next : &p[at].next;
    }
    l->items[l->n_items] = (struct lists_item){0, (uint16_t)list, (uint8_t)flags};
    *link = ++l->n_items;
    return LISTS_NEW;
}

enum lists_added lists_name(struct lists *l, struct str name, int list, unsigned flags)
{
    bool made;
    struct lists_entry *e = entry(l, name, STR_NONE, &made);

    return e ? add(l, e, made, list, flags) : LISTS_FULL;
}

enum lists_added lists_url(struct lists *l, struct str host, struct str url, int list)
{
    bool made;
    struct lists_entry *e = entry(l, host, STR_NONE, &made);

    if (!e || add(l, e, made, CATDB_HAS_URLS, 0) == LISTS_FULL)
        return LISTS_FULL;
    e = entry(l, host, url, &made);
    return e ? add(l, e, made, list, 0) : LISTS_FULL;
}
