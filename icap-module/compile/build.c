#include "compile/build_internal.h"

#include <stdlib.h>

enum { FIRST_ROOM = 16, FIRST_SLOTS = 64, CHUNK = 1 << 16 };

#define SECTION(NAME, type) _Static_assert(sizeof(type) <= SPARE_WORDS * 4, "a row fits the spare one");
ARTEFACT_SECTIONS(SECTION)
#undef SECTION

_Static_assert(offsetof(struct a_platform, id) == 0 && offsetof(struct a_host, name) == 0 &&
                   offsetof(struct a_rule, id) == 0 && offsetof(struct a_group, name) == 0 &&
                   offsetof(struct a_member, user) == 0 && offsetof(struct a_former, name) == 0 &&
                   offsetof(struct a_account, name) == 0 && offsetof(struct a_alias, name) == 0 &&
                   offsetof(struct a_page, name) == 0 && offsetof(struct a_identity, user) == 0 &&
                   offsetof(struct a_contact, name) == 0 && offsetof(struct a_source, path) == 0 &&
                   offsetof(struct a_restriction, id) == 0 && offsetof(struct a_restricted, name) == 0 &&
                   offsetof(struct a_time, name) == 0 && offsetof(struct a_region, name) == 0 &&
                   offsetof(struct a_calendar, name) == 0 && offsetof(struct a_rota, user) == 0 &&
                   offsetof(struct a_allowance, name) == 0 && offsetof(struct a_emergency, name) == 0,
               "a row begins with its name");

/* Bytes a row of the section takes while it is built: strings are counted by the piece. */
static size_t row_bytes(enum section s)
{
    return s == SECTION_STRINGS ? sizeof(struct a_str) : section_row_size(s);
}

/* Room for one more than n rows of `size` bytes. */
static bool grow(void **p, uint32_t *room, uint32_t n, size_t size)
{
    uint32_t more = *room ? *room * 2 : FIRST_ROOM;
    void *moved;

    if (n < *room)
        return true;
    if (more > ARTEFACT_SIZE_MAX)
        return false;
    moved = realloc(*p, (size_t)more * size);
    if (!moved)
        return false;
    *p = moved;
    *room = more;
    return true;
}

struct builder *build_new(void)
{
    struct builder *b = calloc(1, sizeof *b);
    struct a_meta meta = {
        .default_action = ACTION_REFUSE,
        .unsure_action = ACTION_REFUSE,
        .malformed_action = ACTION_REFUSE,
        .unknown_write_action = ACTION_REFUSE,
        .default_page = NO_INDEX,
        .unsure_page = NO_INDEX,
        .malformed_page = NO_INDEX,
        .unavailable_page = NO_INDEX,
        .scope_classes = ((1u << CLASS_COUNT) - 1) & ~(1u << CLASS_WORK_TOOL),
        .people_default = NO_INDEX,
        .calendar = NO_INDEX,
        .shifts = NO_INDEX,
        .standing_minutes = STANDING_MINUTES_DEFAULT,
    };

    if (!b)
        return NULL;
    build_row(b, SECTION_META, &meta);
    if (b->no_memory) {
        build_free(b);
        return NULL;
    }
    return b;
}

void build_free(struct builder *b)
{
    struct kept *next;

    if (!b)
        return;
    for (unsigned s = 0; s < SECTION_COUNT; s++) {
        free(b->rows[s].p);
        free(b->lookups[s].slots);
        free(b->places[s].p);
    }
    for (uint32_t i = 0; i < b->n_chunks; i++)
        free(b->chunks[i].p);
    free(b->chunks);
    for (struct kept *k = b->kept; k; k = next) {
        next = k->next;
        free(k);
    }
    free(b);
}

void *build_keep(struct builder *b, size_t size)
{
    struct kept *k = malloc(sizeof *k + size);

    if (!k) {
        b->no_memory = true;
        return NULL;
    }
    k->next = b->kept;
    b->kept = k;
    return k->bytes;
}

uint32_t build_row(struct builder *b, enum section s, const void *row)
{
    struct rows *r = &b->rows[s];
    size_t size = row_bytes(s);
    void *p = r->p;

    if (!grow(&p, &r->room, r->n, size)) {
        b->no_memory = true;
        return 0;
    }
    r->p = p;
    memcpy(r->p + (size_t)r->n * size, row, size);
    return r->n++;
}

uint32_t build_count(const struct builder *b, enum section s)
{
    return b->rows[s].n;
}

const void *build_row_at(const struct builder *b, enum section s, uint32_t index)
{
    return index < b->rows[s].n ? b->rows[s].p + (size_t)index * row_bytes(s) : NULL;
}

void *build_at(struct builder *b, enum section s, uint32_t index)
{
    if (index < b->rows[s].n)
        return b->rows[s].p + (size_t)index * row_bytes(s);
    memset(b->spare, 0, sizeof b->spare);
    return b->spare;
}

struct a_meta *build_meta(struct builder *b)
{
    return build_at(b, SECTION_META, 0);
}

struct str build_text(const struct builder *b, struct a_str s)
{
    uint32_t low = 0, high = b->n_chunks;

    if (s.n == 0)
        return STR("");
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (b->chunks[middle].at <= s.at)
            low = middle;
        else
            high = middle;
    }
    return (struct str){b->chunks[low].p + (s.at - b->chunks[low].at), s.n};
}

struct str build_name_of(const struct builder *b, enum section s, uint32_t index)
{
    struct a_str name;
    const void *row = build_row_at(b, s, index);

    if (!row)
        return STR("");
    memcpy(&name, row, sizeof name);
    return build_text(b, name);
}

/* Aliases alone are told apart by their platform, too. */
static uint32_t platform_of(const struct builder *b, enum section s, uint32_t index)
{
    const struct a_alias *alias = s == SECTION_ALIASES ? build_row_at(b, s, index) : NULL;

    return alias ? alias->platform : 0;
}

/* Directories write group names now so, now so. */
static bool same_name(enum section s, struct str a, struct str b)
{
    return s == SECTION_GROUPS ? str_ieq(a, b) : str_eq(a, b);
}

/* The slot of that name: its own, or the empty one where it belongs. */
static uint32_t *slot_of(const struct builder *b, enum section s, uint32_t platform, struct str name)
{
    const struct lookup *l = &b->lookups[s];
    uint32_t i = alias_hash(platform, name) & (l->size - 1);

    while (l->slots[i] && (platform_of(b, s, l->slots[i] - 1) != platform ||
                           !same_name(s, build_name_of(b, s, l->slots[i] - 1), name)))
        i = (i + 1) & (l->size - 1);
    return &l->slots[i];
}

/* Twice the slots; what is in the table is put in again, in the order in which it came. */
static bool grow_lookup(struct builder *b, enum section s)
{
    struct lookup *l = &b->lookups[s];
    uint32_t size = l->size ? l->size * 2 : FIRST_SLOTS;
    uint32_t *slots = calloc(size, sizeof *slots);

    if (!slots) {
        b->no_memory = true;
        return false;
    }
    free(l->slots);
    *l = (struct lookup){.slots = slots, .size = size};
    return true;
}

/* Rows that came since the last look are entered; of equal names the first stays. */
static bool catch_up(struct builder *b, enum section s)
{
    struct lookup *l = &b->lookups[s];

    while (l->seen < b->rows[s].n || !l->slots) {
        uint32_t *slot;

        if (!l->slots || l->used >= l->size / 2) {
            if (!grow_lookup(b, s))
                return false;
            continue;
        }
        slot = slot_of(b, s, platform_of(b, s, l->seen), build_name_of(b, s, l->seen));
        l->seen++;
        if (!*slot) {
            *slot = l->seen;
            l->used++;
        }
    }
    return true;
}

/* The table is a memory of the rows, so that looking into it leaves the builder what it was. */
static uint32_t find(const struct builder *b, enum section s, uint32_t platform, struct str name)
{
    if (!catch_up((struct builder *)b, s))
        return NO_INDEX;
    return *slot_of(b, s, platform, name) - 1; /* an empty slot gives NO_INDEX */
}

uint32_t build_find_platform(const struct builder *b, struct str id)
{
    return find(b, SECTION_PLATFORMS, 0, id);
}

uint32_t build_find_group(const struct builder *b, struct str name)
{
    return find(b, SECTION_GROUPS, 0, name);
}

uint32_t build_find_page(const struct builder *b, struct str name)
{
    return find(b, SECTION_PAGES, 0, name);
}

uint32_t build_find_contact(const struct builder *b, struct str name)
{
    return find(b, SECTION_CONTACTS, 0, name);
}

uint32_t build_find_allowance(const struct builder *b, struct str name)
{
    return find(b, SECTION_ALLOWANCES, 0, name);
}

uint32_t build_find_emergency(const struct builder *b, struct str name)
{
    return find(b, SECTION_EMERGENCIES, 0, name);
}

uint32_t build_find_rule(const struct builder *b, struct str id)
{
    return find(b, SECTION_RULES, 0, id);
}

uint32_t build_find_restriction(const struct builder *b, struct str id)
{
    return find(b, SECTION_RESTRICTIONS, 0, id);
}

uint32_t build_find_host(const struct builder *b, struct str name)
{
    return find(b, SECTION_HOSTS, 0, name);
}

uint32_t build_find_member(const struct builder *b, struct str user)
{
    return find(b, SECTION_MEMBERS, 0, user);
}

uint32_t build_find_former(const struct builder *b, struct str name)
{
    return find(b, SECTION_FORMERS, 0, name);
}

uint32_t build_find_time(const struct builder *b, struct str name)
{
    return find(b, SECTION_TIMES, 0, name);
}

uint32_t build_find_region(const struct builder *b, struct str name)
{
    return find(b, SECTION_REGIONS, 0, name);
}

uint32_t build_find_calendar(const struct builder *b, struct str name)
{
    return find(b, SECTION_CALENDARS, 0, name);
}

uint32_t build_find_alias(const struct builder *b, uint32_t platform, struct str name)
{
    return find(b, SECTION_ALIASES, platform, name);
}

/* Bytes for a string behind all others, in a chunk with room for it. */
static char *chunk_room(struct builder *b, uint32_t n, uint32_t *at)
{
    struct chunk *last = b->n_chunks ? &b->chunks[b->n_chunks - 1] : NULL;
    uint32_t end = last ? last->at + last->n : 0;
    uint32_t room = n > CHUNK ? n : CHUNK;
    void *p = b->chunks;

    if (n > ARTEFACT_SIZE_MAX - end) {
        b->too_large = true;
        return NULL;
    }
    if (!last || last->room - last->n < n) {
        if (!grow(&p, &b->room_chunks, b->n_chunks, sizeof *b->chunks) || !p)
            return NULL;
        b->chunks = p;
        last = &b->chunks[b->n_chunks];
        *last = (struct chunk){.p = malloc(room), .at = end, .room = room};
        if (!last->p)
            return NULL;
        b->n_chunks++;
    }
    *at = end;
    last->n += n;
    return last->p + last->n - n;
}

struct a_str build_str(struct builder *b, struct str s)
{
    struct a_str made = {0, 0};
    uint32_t known;
    char *to;

    if (s.n == 0 || b->no_memory || b->too_large)
        return made;
    if (s.n > ARTEFACT_SIZE_MAX) {
        b->too_large = true;
        return made;
    }
    known = find(b, SECTION_STRINGS, 0, s);
    if (known != NO_INDEX)
        return *(struct a_str *)build_at(b, SECTION_STRINGS, known);
    to = chunk_room(b, (uint32_t)s.n, &made.at);
    if (!to) {
        b->no_memory |= !b->too_large;
        return (struct a_str){0, 0};
    }
    memcpy(to, s.p, s.n);
    made.n = (uint32_t)s.n;
    build_row(b, SECTION_STRINGS, &made);
    return made;
}

struct a_list build_numbers(struct builder *b, const uint32_t *numbers, uint32_t n)
{
    struct a_list list = {n ? build_count(b, SECTION_NUMBERS) : 0, n};

    for (uint32_t i = 0; i < n; i++)
        build_row(b, SECTION_NUMBERS, &numbers[i]);
    return list;
}

struct a_list build_words_in_order(struct builder *b, const struct str *words, uint32_t n)
{
    struct a_list list = {n ? build_count(b, SECTION_WORDS) : 0, n};

    for (uint32_t i = 0; i < n; i++) {
        struct a_str word = build_str(b, words[i]);

        build_row(b, SECTION_WORDS, &word);
    }
    return list;
}

const uint32_t *build_numbers_at(const struct builder *b, struct a_list l)
{
    return build_row_at(b, SECTION_NUMBERS, l.at);
}
