/* The builder's rows seen by their names: hosts, accounts, words; and where they stand in their source. */
#include "compile/build_internal.h"

#include <stdlib.h>

enum { FIRST_ROOM = 16 };

struct a_host *build_host(struct builder *b, struct str name)
{
    uint32_t index = build_find_host(b, name);

    if (index == NO_INDEX) {
        struct a_host host = {.name = build_str(b, name), .platform = NO_INDEX, .role = ROLE_MAIN};

        index = build_row(b, SECTION_HOSTS, &host);
    }
    return build_at(b, SECTION_HOSTS, index);
}

/* The platform writes accounts with an '@' in front: "@{account}". */
static bool at_sign(const struct builder *b, const struct a_platform *platform)
{
    for (uint32_t i = 0; i < platform->rows.n; i++) {
        const struct a_row *row = build_row_at(b, SECTION_ROWS, platform->rows.at + i);

        if (row && row->kind == ROW_ACCOUNT && str_istarts(build_text(b, row->format), STR("@")))
            return true;
    }
    return false;
}

struct str build_canonical_account(const struct builder *b, uint32_t platform, struct str name, char *to,
                                   size_t size)
{
    const struct a_platform *row = build_row_at(b, SECTION_PLATFORMS, platform);
    uint32_t flags = row ? row->flags : 0;
    struct text t;

    if (row && str_istarts(name, STR("@")) && !at_sign(b, row))
        name = str_from(name, 1);
    text_init(&t, to, size);
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] != '.' || !(flags & PLATFORM_DOTS_IGNORED))
            text_putc(&t, flags & PLATFORM_CASE_MATTERS ? name.p[i] : ascii_lower(name.p[i]));
    return text_str(&t);
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct a_list build_words(struct builder *b, const struct str *words, uint32_t n)
{
    struct a_list list = {build_count(b, SECTION_WORDS), 0};
    struct str *sorted = calloc(n ? n : 1, sizeof *sorted);

    if (!sorted) {
        b->no_memory = true;
        return (struct a_list){0, 0};
    }
    if (n)
        memcpy(sorted, words, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, by_text);
    for (uint32_t i = 0; i < n; i++) {
        struct a_str word = build_str(b, sorted[i]);

        if (i > 0 && str_eq(sorted[i], sorted[i - 1]))
            continue;
        build_row(b, SECTION_WORDS, &word);
        list.n++;
    }
    free(sorted);
    return list.n ? list : (struct a_list){0, 0};
}

static bool named(enum section s)
{
    return s == SECTION_PLATFORMS || s == SECTION_HOSTS || s == SECTION_RULES || s == SECTION_GROUPS ||
           s == SECTION_MEMBERS || s == SECTION_ACCOUNTS || s == SECTION_ALIASES || s == SECTION_PAGES ||
           s == SECTION_CONTACTS || s == SECTION_RESTRICTIONS || s == SECTION_TIMES || s == SECTION_REGIONS ||
           s == SECTION_CALENDARS || s == SECTION_ALLOWANCES || s == SECTION_EMERGENCIES ||
           s == SECTION_NETWORKS;
}

/* A larger array; the smaller one stays for whoever has it. */
static bool grow_names(struct builder *b, struct names *names, uint32_t n)
{
    uint32_t room = names->room ? names->room : FIRST_ROOM;
    const char **p;

    while (room < n)
        room *= 2;
    if (names->p && room == names->room)
        return true;
    p = build_keep(b, (size_t)room * sizeof *p);
    if (!p)
        return false;
    if (names->n)
        memcpy(p, names->p, names->n * sizeof *p);
    names->p = p;
    names->room = room;
    return true;
}

char *build_keep_text(struct builder *b, struct str s)
{
    char *copy = build_keep(b, s.n + 1);

    if (!copy)
        return NULL;
    if (s.n)
        memcpy(copy, s.p, s.n);
    copy[s.n] = '\0';
    return copy;
}

const char *const *build_names(struct builder *b, enum section s, size_t *n)
{
    struct names *names = &b->names[s];
    uint32_t count = named(s) ? build_count(b, s) : 0;

    *n = 0;
    if (!grow_names(b, names, count))
        return NULL;
    for (; names->n < count; names->n++) {
        char *copy = build_keep_text(b, build_name_of(b, s, names->n));

        if (!copy)
            return NULL;
        names->p[names->n] = copy;
    }
    *n = count;
    return names->p;
}

/* The file's name as a string of the builder's own, once for all rows of a file. */
static struct str keep_file(struct builder *b, const struct places *places, uint32_t index, struct str file)
{
    char *copy;

    if (index > 0 && str_eq(places->p[index - 1].file, file))
        return places->p[index - 1].file;
    copy = build_keep(b, file.n + 1);
    if (!copy)
        return STR("");
    if (file.n)
        memcpy(copy, file.p, file.n);
    return (struct str){copy, file.n};
}

void build_place(struct builder *b, enum section s, uint32_t index, struct str file, unsigned line,
                 unsigned column)
{
    struct places *places = &b->places[s];
    uint32_t room = places->room ? places->room : FIRST_ROOM;

    if (index >= ARTEFACT_SIZE_MAX)
        return;
    while (room <= index)
        room *= 2;
    if (room > places->room) {
        struct place *p = realloc(places->p, room * sizeof *p);

        if (!p) {
            b->no_memory = true;
            return;
        }
        memset(p + places->room, 0, (room - places->room) * sizeof *p);
        places->p = p;
        places->room = room;
    }
    places->p[index] = (struct place){keep_file(b, places, index, file), line, column};
}

bool build_place_of(const struct builder *b, enum section s, uint32_t index, struct str *file, unsigned *line,
                    unsigned *column)
{
    const struct places *places = &b->places[s];

    if (index >= places->room || places->p[index].line == 0)
        return false;
    *file = places->p[index].file;
    *line = places->p[index].line;
    *column = places->p[index].column;
    return true;
}
