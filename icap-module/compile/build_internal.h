/* What build*.c share about a builder; nobody else includes this. */
#ifndef COMPILE_BUILD_INTERNAL_H
#define COMPILE_BUILD_INTERNAL_H

#include "compile/build.h"

enum { SPARE_WORDS = 128 };

struct rows {
    unsigned char *p;
    uint32_t n, room;
};

/* Open-addressed: slot = index + 1, 0 = empty. `seen` rows are in it; the rest is put in when one is looked
 * for. */
struct lookup {
    uint32_t *slots;
    uint32_t size, used, seen;
};

/* Strings stay where they are while more come: pieces that never move, one behind the other in the artefact.
 */
struct chunk {
    char *p;
    uint32_t at, n, room;
};

struct place {
    struct str file;
    unsigned line, column;
};

struct places {
    struct place *p;
    uint32_t n, room;
};

struct names {
    const char **p;
    uint32_t n, room;
};

/* Memory that is only given back by build_free. */
struct kept {
    struct kept *next;
    uint64_t bytes[];
};

struct builder {
    struct rows
        rows[SECTION_COUNT]; /* SECTION_STRINGS: one struct a_str a string, its bytes are in `chunks` */
    struct lookup lookups[SECTION_COUNT];
    struct chunk *chunks;
    uint32_t n_chunks, room_chunks;
    struct places places[SECTION_COUNT];
    struct names names[SECTION_COUNT];
    struct kept *kept;
    bool no_memory, too_large;
    uint32_t spare[SPARE_WORDS]; /* what build_at hands out where there is no row */
};

/* Memory until build_free; NULL (remembered) without. */
void *build_keep(struct builder *b, size_t size);

/* Makes the hash tables and lists of candidates; everything else is in `b` in its final order. */
void build_tables(struct builder *b);

/* NULL beyond the end. */
const void *build_row_at(const struct builder *b, enum section s, uint32_t index);

/* The text of the row's first field, which is its name in every section that has names. */
struct str build_name_of(const struct builder *b, enum section s, uint32_t index);

#endif
