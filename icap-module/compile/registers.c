#include "compile/registers_internal.h"

#include "compile/date.h"
#include "compile/utf8.h"
#include "core/request.h"

#include <stdlib.h>

int register_read(struct builder *b, const struct csv_sheet *sheet, struct str file, struct str text,
                  struct diag *d)
{
    struct reading r = {.b = b};
    int result = csv_read(sheet, file, text, &r, d);

    if (r.seen.no_memory || r.ids.no_memory || r.no_memory)
        result = diag_error(d, "out of memory while a register is read", NULL, NULL);
    seen_free(&r.seen);
    seen_free(&r.ids);
    free(r.numbers);
    return result;
}

static void keep_number(struct reading *r, unsigned number)
{
    if (r->n_numbers == r->room) {
        uint32_t room = r->room ? r->room * 2 : 1024;
        unsigned *grown = realloc(r->numbers, room * sizeof *grown);

        if (!grown) {
            r->no_memory = true;
            return;
        }
        r->numbers = grown;
        r->room = room;
    }
    r->numbers[r->n_numbers++] = number;
}

void register_keep(struct reading *r, const struct csv_row *row, enum section s, const void *made)
{
    uint32_t index = build_row(r->b, s, made);

    if (r->n_numbers == 0)
        r->first = index;
    keep_number(r, row->number);
    build_place(r->b, s, index, row->file, row->line, 1);
}

unsigned register_row(const struct reading *r, enum section s, uint32_t index)
{
    struct str file;
    unsigned line = 0, column;

    if (index >= r->first && index - r->first < r->n_numbers)
        return r->numbers[index - r->first];
    build_place_of(r->b, s, index, &file, &line, &column);
    return line;
}

/* What cannot be in a sign-in name although it may look like one; false with an error. */
static bool sound_user(const struct csv_row *row, unsigned column, struct str cell, struct str user)
{
    uint32_t code;
    size_t n;

    if (date_was_name(cell)) {
        csv_wrong(
            row, column,
            "'%.*s' reads like a date: Excel makes dates of names such as jan2. Format the column as Text "
            "and type the name again",
            STR_ARG(cell));
        return false;
    }
    if (register_exponent(cell)) {
        csv_wrong(
            row, column,
            "'%.*s' is a number that Excel shortened: format the column as Text and type the name again",
            STR_ARG(cell));
        return false;
    }
    for (size_t i = 0; i < user.n; i += n) {
        n = utf8_next(str_from(user, i), &code);
        if (n == 0)
            break;
        if (code == 0x2018 || code == 0x2019 || code == 0x201c || code == 0x201d) {
            csv_wrong(row, column, "'%.*s' has a curly quotation mark: type the name as the person signs in",
                      STR_ARG(cell));
            return false;
        }
        if (utf8_ink(code) == UTF8_BLANK || strchr(",;\"=<>", (int)user.p[i])) {
            csv_wrong(row, column, "'%.*s' is no name with which a person signs in", STR_ARG(cell));
            return false;
        }
    }
    return true;
}

struct str register_name(const struct csv_row *row, unsigned column, struct str word,
                         char to[REGISTER_NAME_MAX])
{
    struct arena arena;
    struct str user;

    arena_init(&arena, to, REGISTER_NAME_MAX);
    user = word.n < REGISTER_NAME_MAX ? user_canonical(word, &arena) : STR_NONE;
    if (!user.n)
        csv_wrong(row, column, "'%.*s' is no name with which a person signs in", STR_ARG(word));
    else if (user_is_address(user)) {
        csv_wrong(row, column, "'%.*s' is a machine's address: a person signs in with a name", STR_ARG(word));
        return STR_NONE;
    }
    return sound_user(row, column, word, user) ? user : STR_NONE;
}

struct str register_user(const struct csv_row *row, unsigned column, char to[REGISTER_NAME_MAX])
{
    struct str cell = row->cells[column];

    if (cell.n)
        return register_name(row, column, cell, to);
    csv_wrong(row, column, "the cell is empty: it needs the name with which the person signs in");
    return STR_NONE;
}

struct str register_current(struct builder *b, struct str user)
{
    uint32_t former = user.n ? build_find_former(b, user) : NO_INDEX;

    if (former == NO_INDEX)
        return user;
    return build_text(b, ((const struct a_former *)build_at(b, SECTION_FORMERS, former))->user);
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
    char why[DATE_WHY];

    *day = 0;
    if (!cell.n || date_parse(cell, day, why) == 0)
        return 0;
    csv_wrong(row, column, "'%.*s' %s", STR_ARG(cell), why);
    return -1;
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
