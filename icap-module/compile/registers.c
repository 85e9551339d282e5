#include "compile/registers_internal.h"

#include "compile/date.h"
#include "core/request.h"

#include <stdlib.h>

int register_read(struct builder *b, const struct csv_sheet *sheet, struct str file, struct str text,
                  struct diag *d)
{
    struct reading r = {.b = b};
    int result = csv_read(sheet, file, text, &r, d);

    if (r.seen.no_memory)
        result = diag_error(d, "out of memory while a register is read", NULL, NULL);
    seen_free(&r.seen);
    return result;
}

struct str register_user(const struct csv_row *row, unsigned column, char to[REGISTER_NAME_MAX])
{
    struct str cell = row->cells[column];
    struct arena arena;
    struct str user;

    if (!cell.n) {
        csv_wrong(row, column, "the cell is empty: it needs the name with which the person signs in");
        return STR_NONE;
    }
    arena_init(&arena, to, REGISTER_NAME_MAX);
    user = cell.n < REGISTER_NAME_MAX ? user_canonical(cell, &arena) : STR_NONE;
    for (size_t i = 0; i < user.n; i++)
        if (user.p[i] == ' ' || user.p[i] == '\t' || user.p[i] == '\n' || user.p[i] == '\r')
            user = STR_NONE;
    if (!user.n)
        csv_wrong(row, column, "'%.*s' is no name with which a person signs in", STR_ARG(cell));
    return user;
}

uint32_t register_platform(struct builder *b, const struct csv_row *row, unsigned column, struct str word)
{
    uint32_t platform = build_find_platform(b, word);

    if (platform == NO_INDEX) {
        struct csv_choice choice = {.what = "platform"};

        choice.names = build_names(b, SECTION_PLATFORMS, &choice.n);
        csv_unknown(row, column, word, &choice);
    }
    return platform;
}

uint32_t register_group(struct builder *b, const struct csv_row *row, unsigned column, struct str word)
{
    uint32_t group = build_find_group(b, word);

    if (group == NO_INDEX) {
        struct csv_choice choice = {.what = "group"};

        choice.names = build_names(b, SECTION_GROUPS, &choice.n);
        csv_unknown(row, column, word, &choice);
    }
    return group;
}

int register_day(const struct csv_row *row, unsigned column, uint32_t *day)
{
    struct str cell = row->cells[column];
    const char *problem;

    *day = 0;
    if (!cell.n)
        return 0;
    problem = date_parse(cell, day);
    if (problem)
        csv_wrong(row, column, "'%.*s' %s", STR_ARG(cell), problem);
    return problem ? -1 : 0;
}

int register_bits(const struct csv_row *row, unsigned column, enum word_list_id list, uint32_t *bits)
{
    const struct word_list *l = &word_lists[list];
    struct csv_choice choice = {l->what, l->words, l->n};
    struct str rest = row->cells[column];
    struct str word;

    *bits = 0;
    while (csv_word(&rest, &word)) {
        int value = word_find(list, word);

        if (value < 0) {
            csv_unknown(row, column, word, &choice);
            return -1;
        }
        *bits |= 1u << value;
    }
    return 0;
}

static int compare_numbers(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

uint32_t register_sort(uint32_t *numbers, uint32_t n)
{
    uint32_t kept = 0;

    qsort(numbers, n, sizeof *numbers, compare_numbers);
    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || numbers[kept - 1] != numbers[i])
            numbers[kept++] = numbers[i];
    return kept;
}

unsigned register_line(const struct builder *b, enum section s, uint32_t index)
{
    struct str file;
    unsigned line = 0, column;

    build_place_of(b, s, index, &file, &line, &column);
    return line;
}
