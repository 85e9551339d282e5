/* What lists_table.c gathers and lists_write.c writes; nobody else includes this. */
#ifndef COMPILE_LISTS_INTERNAL_H
#define COMPILE_LISTS_INTERNAL_H

#include "compile/lists.h"

/* What one list says of a name. */
struct lists_item {
    uint32_t next; /* index + 1 of the name's next item, 0 = the last */
    uint16_t list;
    uint8_t flags;
};

struct lists_entry {
    uint32_t key;       /* place in `keys` */
    uint16_t n;         /* bytes of the key, */
    uint16_t host;      /* of which those are a host's */
    struct lists_item item;
};

struct lists_slot {
    uint32_t hash, entry; /* index + 1; 0 = empty */
};

struct lists {
    struct lists_entry *entries;
    struct lists_slot *slots; /* a power of two, at most half full */
    struct lists_item *items;
    char *keys;
    struct catdb_list *rows;
    char *text;
    uint32_t n_entries, room_entries, n_slots, n_items, room_items, n_rows, room_rows, n_text, room_text;
    size_t n_keys, room_keys;
};

#endif
