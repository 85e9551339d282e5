/* enforced.csv: for which groups the policy's verdicts are acted on, and for which they are only counted. A
 * row sets the mode of its group, "*" that of the policy as a whole. */
#include "compile/registers_enforced.h"

#include "compile/registers_internal.h"

const struct csv_column enforced_columns[ENFORCED_COLUMNS] = {
    [ENFORCED_GROUP] = {"group", true, CSV_WORDS},
    [ENFORCED_MODE] = {"mode", true, CSV_WORDS},
    [ENFORCED_SINCE] = {"since", false, CSV_PROSE},
    [ENFORCED_BY] = {"by", false, CSV_PROSE},
};

/* A group's number is its own hash. */
static bool same_group(uint32_t group, void *to)
{
    (void)group;
    (void)to;
    return true;
}

/* The group of a row, the number of groups for "*", NO_INDEX with an error. */
static uint32_t group_of(struct reading *r, const struct csv_row *row)
{
    struct str cell = row->cells[ENFORCED_GROUP];
    uint32_t group = str_eq(cell, STR(ENFORCED_EVERYBODY)) ? build_count(r->b, SECTION_GROUPS)
                                                           : register_group(r->b, row, ENFORCED_GROUP, cell);

    if (group != NO_INDEX && seen_before(&r->seen, group, group, same_group, r) != SEEN_NONE) {
        csv_wrong(row, ENFORCED_GROUP, "'%.*s' has a row already: keep one of them", STR_ARG(cell));
        return NO_INDEX;
    }
    return group;
}

static void set_mode(struct builder *b, uint32_t group, enum mode mode)
{
    if (group == build_count(b, SECTION_GROUPS))
        build_meta(b)->mode = mode;
    else
        ((struct a_group *)build_at(b, SECTION_GROUPS, group))->mode = mode;
}

static void take(const struct csv_row *row, void *to)
{
    const struct word_list *modes = &word_lists[WORDS_MODE];
    const struct csv_choice choice = {modes->what, modes->words, modes->n};
    struct reading *r = to;
    int mode = word_find(WORDS_MODE, row->cells[ENFORCED_MODE]);
    uint32_t group = group_of(r, row);

    if (mode < 0)
        csv_unknown(row, ENFORCED_MODE, row->cells[ENFORCED_MODE], &choice);
    else if (group != NO_INDEX)
        set_mode(r->b, group, (enum mode)mode);
}

static void take_enforced(const struct csv_row *row, void *to)
{
    struct reading *r = to;
    uint32_t group = group_of(r, row);

    if (group != NO_INDEX)
        set_mode(r->b, group, MODE_ENFORCE);
}

int parse_enforced(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const struct csv_sheet sheet = {enforced_columns, ENFORCED_COLUMNS, take};

    return register_read(b, &sheet, file, text, d);
}

int parse_enforced_all(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const struct csv_sheet sheet = {enforced_columns, ENFORCED_COLUMNS, take_enforced};

    return register_read(b, &sheet, file, text, d);
}
