/* members.csv: who belongs to which of the policy's groups, and to which class of people. */
#include "compile/registers_internal.h"

enum { USER, GROUPS, CLASS, COLUMNS, GROUPS_MAX = 64 };

static const struct csv_column columns[COLUMNS] = {
    [USER] = {"user", true, CSV_WORDS},
    [GROUPS] = {"groups", false, CSV_WORDS},
    [CLASS] = {"class", false, CSV_WORDS},
};

struct question {
    const struct builder *b;
    struct str user;
};

static bool same_user(uint32_t row, void *to)
{
    const struct question *q = to;
    const struct a_member *m = build_at((struct builder *)q->b, SECTION_MEMBERS, row);

    return str_eq(build_text(q->b, m->user), q->user);
}

/* Groups of one piece of the cell: a name that may hold blanks, or several without. */
static int add_groups(struct builder *b, const struct csv_row *row, struct str piece, uint32_t *groups,
                      uint32_t *n)
{
    uint32_t group = build_find_group(b, piece);
    struct str word;

    if (group != NO_INDEX && *n < GROUPS_MAX) {
        groups[(*n)++] = group;
        return 0;
    }
    while (csv_word(&piece, &word)) {
        if (*n == GROUPS_MAX) {
            csv_wrong(row, GROUPS, "more than %d groups", GROUPS_MAX);
            return -1;
        }
        groups[*n] = register_group(b, row, GROUPS, word);
        if (groups[(*n)++] == NO_INDEX)
            return -1;
    }
    return 0;
}

static int read_groups(struct builder *b, const struct csv_row *row, struct a_list *list)
{
    uint32_t groups[GROUPS_MAX];
    uint32_t n = 0;
    struct str rest = row->cells[GROUPS];

    while (rest.n)
        if (add_groups(b, row, str_trim(str_cut(&rest, ';')), groups, &n))
            return -1;
    n = register_sort(groups, n);
    *list = build_numbers(b, groups, n);
    return 0;
}

static int read_class(const struct csv_row *row, uint32_t *people)
{
    const struct word_list *l = &word_lists[WORDS_PEOPLE];
    struct csv_choice choice = {l->what, l->words, l->n};
    struct str cell = row->cells[CLASS];
    int value = word_find(WORDS_PEOPLE, cell);

    *people = cell.n ? (uint32_t)value : NO_INDEX;
    if (!cell.n || value >= 0)
        return 0;
    csv_unknown(row, CLASS, cell, &choice);
    return -1;
}

static void take(const struct csv_row *row, void *to)
{
    struct reading *r = to;
    char name[REGISTER_NAME_MAX];
    struct question q = {r->b, register_user(row, USER, name)};
    struct a_member member = {.people = NO_INDEX};
    uint32_t before;

    if (!q.user.n || read_class(row, &member.people) || read_groups(r->b, row, &member.groups))
        return;
    before = seen_before(&r->seen, str_hash(q.user), build_count(r->b, SECTION_MEMBERS), same_user, &q);
    if (before != SEEN_NONE) {
        csv_wrong(row, USER, "'%.*s' has a row already, row %u: put the groups of both into one",
                  STR_ARG(q.user), register_row(r, SECTION_MEMBERS, before));
        return;
    }
    member.user = build_str(r->b, q.user);
    register_keep(r, row, SECTION_MEMBERS, &member);
}

int parse_members(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const struct csv_sheet sheet = {columns, COLUMNS, take};

    return register_read(b, &sheet, file, text, d);
}
