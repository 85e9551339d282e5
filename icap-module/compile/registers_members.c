/* members.csv, kept by hand, and people.csv, written by scripts/sync-directory: who belongs to which of the
 * policy's groups and to which class of people, and under which sign-in names a person is and was known.
 * Somebody may have a row in both: the groups are put together, class and sponsor are those of members.csv.
 */
#include "compile/registers_internal.h"

#include "core/clock.h"

/* people.csv has all of them, members.csv those before ID. */
enum { USER, GROUPS, CLASS, NAMES, SPONSOR, ID, SYNCED_ON, COLUMNS, BY_HAND = ID, GROUPS_MAX = 64 };
enum { NAMES_MAX = 16, UUID = 36 };

static const struct csv_column by_hand[BY_HAND] = {
    [USER] = {"user", true, CSV_WORDS},        [GROUPS] = {"groups", false, CSV_WORDS},
    [CLASS] = {"class", false, CSV_WORDS},     [NAMES] = {"names", false, CSV_WORDS},
    [SPONSOR] = {"sponsor", false, CSV_WORDS},
};

static const struct csv_column by_directory[COLUMNS] = {
    [USER] = {"user", true, CSV_WORDS},           [GROUPS] = {"groups", true, CSV_WORDS},
    [CLASS] = {"class", false, CSV_WORDS},        [NAMES] = {"names", false, CSV_WORDS},
    [SPONSOR] = {"sponsor", false, CSV_WORDS},    [ID] = {"id", true, CSV_WORDS},
    [SYNCED_ON] = {"synced_on", true, CSV_WORDS},
};

struct question {
    const struct builder *b;
    struct str text;
};

static bool same_user(uint32_t row, void *to)
{
    const struct question *q = to;
    const struct a_member *m = build_at((struct builder *)q->b, SECTION_MEMBERS, row);

    return str_eq(build_text(q->b, m->user), q->text);
}

static bool same_id(uint32_t row, void *to)
{
    const struct question *q = to;
    const struct a_member *m = build_at((struct builder *)q->b, SECTION_MEMBERS, row);

    return str_eq(build_text(q->b, m->id), q->text);
}

/* --- cells
 * ------------------------------------------------------------------------------------------------------ */

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

/* The cell's groups and those that the person has already. */
static int read_groups(struct builder *b, const struct csv_row *row, struct a_list *list)
{
    uint32_t groups[2 * GROUPS_MAX], more = 0, n;
    struct str rest = row->cells[GROUPS];

    while (rest.n)
        if (add_groups(b, row, str_trim(str_cut(&rest, ';')), groups, &more))
            return -1;
    n = more;
    for (uint32_t i = 0; i < list->n && n < 2 * GROUPS_MAX; i++)
        groups[n++] = build_numbers_at(b, *list)[i];
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

    if (cell.n && value < 0) {
        csv_unknown(row, CLASS, cell, &choice);
        return -1;
    }
    if (cell.n)
        *people = (uint32_t)value;
    return 0;
}

static int read_sponsor(struct builder *b, const struct csv_row *row, struct str user, struct a_str *sponsor)
{
    char name[REGISTER_NAME_MAX];
    struct str who;

    if (!row->cells[SPONSOR].n)
        return 0;
    who = register_name(row, SPONSOR, row->cells[SPONSOR], name);
    if (!who.n)
        return -1;
    if (str_eq(who, user)) {
        csv_wrong(row, SPONSOR, "'%.*s' cannot answer for themselves", STR_ARG(who));
        return -1;
    }
    *sponsor = build_str(b, who);
    return 0;
}

/* As RFC 4122 3 writes it, in small letters: sync-directory brings objectGUID and entryUUID into this form.
 */
static bool is_uuid(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (i == 8 || i == 13 || i == 18 || i == 23
                ? s.p[i] != '-'
                : !((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'f')))
            return false;
    return s.n == UUID;
}

static int read_id(struct reading *r, const struct csv_row *row, struct a_str *id)
{
    struct str cell = row->cells[ID];
    struct question q = {r->b, cell};
    uint32_t before;

    if (!is_uuid(cell)) {
        csv_wrong(row, ID,
                  "'%.*s' is no object id (8-4-4-4-12 hexadecimal digits in small letters): let "
                  "sync-directory write the file",
                  STR_ARG(cell));
        return -1;
    }
    before = seen_before(&r->ids, str_hash(cell), build_count(r->b, SECTION_MEMBERS), same_id, &q);
    if (before != SEEN_NONE) {
        csv_wrong(row, ID, "the same object stands in row %u already",
                  register_row(r, SECTION_MEMBERS, before));
        return -1;
    }
    *id = build_str(r->b, cell);
    return 0;
}

/* One reading of the directory made the whole file. */
static int read_time(struct reading *r, const struct csv_row *row)
{
    struct a_meta *meta = build_meta(r->b);
    struct str cell = row->cells[SYNCED_ON];
    int64_t at;

    if (cell.n != sizeof "2026-05-12T09:00:00Z" - 1 || cell.p[cell.n - 1] != 'Z' ||
        clock_parse(cell, &at) != 0 || at <= 0 || at > UINT32_MAX) {
        csv_wrong(row, SYNCED_ON, "'%.*s' is no time as sync-directory writes it (2026-05-12T09:00:00Z)",
                  STR_ARG(cell));
        return -1;
    }
    if (meta->directory_read && meta->directory_read != (uint32_t)at) {
        csv_wrong(row, SYNCED_ON,
                  "'%.*s' is another time than in the rows above: the file was put together; run "
                  "sync-directory again",
                  STR_ARG(cell));
        return -1;
    }
    meta->directory_read = (uint32_t)at;
    return 0;
}

/* --- names
 * ------------------------------------------------------------------------------------------------------ */

static unsigned line_of(struct builder *b, enum section s, uint32_t index, struct str *file)
{
    unsigned line = 0, column;

    *file = STR_NONE;
    build_place_of(b, s, index, file, &line, &column);
    return line;
}

/* A name is one person's, today's or an earlier one. */
static int add_name(struct reading *r, const struct csv_row *row, struct str name, struct str user)
{
    struct a_former former = {.user = build_str(r->b, user)};
    uint32_t member = build_find_member(r->b, name), earlier = build_find_former(r->b, name), index;
    struct str file;
    unsigned line;

    if (str_eq(name, user) || member != NO_INDEX) {
        line = line_of(r->b, SECTION_MEMBERS, member, &file);
        if (str_eq(name, user))
            csv_wrong(row, NAMES, "'%.*s' is the person's name of today: only earlier ones stand here",
                      STR_ARG(name));
        else
            csv_wrong(row, NAMES, "'%.*s' is another person's sign-in name (%.*s, line %u)", STR_ARG(name),
                      STR_ARG(file), line);
        return -1;
    }
    if (earlier != NO_INDEX) {
        const struct a_former *f = build_at(r->b, SECTION_FORMERS, earlier);

        if (str_eq(build_text(r->b, f->user), user))
            return 0;
        line = line_of(r->b, SECTION_FORMERS, earlier, &file);
        csv_wrong(row, NAMES, "'%.*s' is an earlier name of '%.*s' already (%.*s, line %u)", STR_ARG(name),
                  STR_ARG(build_text(r->b, f->user)), STR_ARG(file), line);
        return -1;
    }
    former.name = build_str(r->b, name);
    index = build_row(r->b, SECTION_FORMERS, &former);
    build_place(r->b, SECTION_FORMERS, index, row->file, row->line, 1);
    return 0;
}

static int read_names(struct reading *r, const struct csv_row *row, struct str user)
{
    struct str rest = row->cells[NAMES], word;
    char to[REGISTER_NAME_MAX];
    unsigned n = 0;

    while (csv_word(&rest, &word)) {
        struct str name = register_name(row, NAMES, word, to);

        if (!name.n)
            return -1;
        if (n++ == NAMES_MAX) {
            csv_wrong(row, NAMES, "more than %d earlier names", NAMES_MAX);
            return -1;
        }
        if (add_name(r, row, name, user))
            return -1;
    }
    return 0;
}

/* The name under which the row's person is known: today's, also when the row has an earlier one of
 * people.csv. STR_NONE with an error where it is an earlier name in the same file. */
static struct str todays_name(struct reading *r, const struct csv_row *row, char to[REGISTER_NAME_MAX])
{
    struct str user = register_user(row, USER, to), file, now;
    uint32_t former = user.n ? build_find_former(r->b, user) : NO_INDEX;
    unsigned line;

    if (former == NO_INDEX)
        return user;
    now = build_text(r->b, ((const struct a_former *)build_at(r->b, SECTION_FORMERS, former))->user);
    line = line_of(r->b, SECTION_FORMERS, former, &file);
    if (str_eq(file, row->file)) {
        csv_wrong(row, USER, "'%.*s' is an earlier name of '%.*s' (line %u): one name is one person's",
                  STR_ARG(user), STR_ARG(now), line);
        return STR_NONE;
    }
    csv_doubt(row, USER, "'%.*s' is called '%.*s' now (%.*s, line %u): the row counts for that name",
              STR_ARG(user), STR_ARG(now), STR_ARG(file), line);
    return now;
}

/* --- rows
 * ------------------------------------------------------------------------------------------------------- */

/* False with an error when the file has a row of that person. `index`: the row of SECTION_MEMBERS that is or
 * will be theirs. */
static bool first_of(struct reading *r, const struct csv_row *row, struct str user, uint32_t index)
{
    struct question q = {r->b, user};
    uint32_t before = seen_before(&r->seen, str_hash(user), index, same_user, &q);

    if (before == SEEN_NONE)
        return true;
    csv_wrong(row, USER, "'%.*s' has a row already, row %u: put the groups of both into one", STR_ARG(user),
              register_row(r, SECTION_MEMBERS, before));
    return false;
}

static int read_rest(struct reading *r, const struct csv_row *row, struct str user, struct a_member *m)
{
    return read_class(row, &m->people) || read_groups(r->b, row, &m->groups) ||
                   read_sponsor(r->b, row, user, &m->sponsor) || read_names(r, row, user)
               ? -1
               : 0;
}

static void take_by_hand(const struct csv_row *row, void *to)
{
    struct reading *r = to;
    char name[REGISTER_NAME_MAX];
    struct str user = todays_name(r, row, name);
    struct a_member member = {.people = NO_INDEX};
    uint32_t index = user.n ? build_find_member(r->b, user) : NO_INDEX;
    bool known = index != NO_INDEX;

    if (known)
        member = *(struct a_member *)build_at(r->b, SECTION_MEMBERS, index);
    else
        index = build_count(r->b, SECTION_MEMBERS);
    if (!user.n || !first_of(r, row, user, index) || read_rest(r, row, user, &member))
        return;
    if (known) {
        *(struct a_member *)build_at(r->b, SECTION_MEMBERS, index) = member;
        build_place(r->b, SECTION_MEMBERS, index, row->file, row->line, 1);
        return;
    }
    member.user = build_str(r->b, user);
    register_keep(r, row, SECTION_MEMBERS, &member);
}

static void take_from_directory(const struct csv_row *row, void *to)
{
    struct reading *r = to;
    char name[REGISTER_NAME_MAX];
    struct str user = todays_name(r, row, name);
    struct a_member member = {.people = NO_INDEX};

    if (!user.n || !first_of(r, row, user, build_count(r->b, SECTION_MEMBERS)) ||
        read_id(r, row, &member.id) || read_time(r, row) || read_rest(r, row, user, &member))
        return;
    member.user = build_str(r->b, user);
    register_keep(r, row, SECTION_MEMBERS, &member);
}

int parse_members(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const struct csv_sheet sheet = {by_hand, BY_HAND, take_by_hand};

    return register_read(b, &sheet, file, text, d);
}

int parse_people(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const struct csv_sheet sheet = {by_directory, COLUMNS, take_from_directory};

    return register_read(b, &sheet, file, text, d);
}
