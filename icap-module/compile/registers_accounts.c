/* accounts.csv: the council's own accounts, with every name under which a request may show them. */
#include "compile/registers_internal.h"
#include "compile/utf8.h"

enum { PLATFORM, ACCOUNT, ALIASES, OWNER, OWNER_USER, DEPUTY_USER, OFFICERS, FLAGS, COLUMNS };
enum { OFFICERS_MAX = 64 };

static const struct csv_column columns[COLUMNS] = {
    [PLATFORM] = {"platform", true, CSV_WORDS},      [ACCOUNT] = {"account", true, CSV_ACCOUNTS},
    [ALIASES] = {"aliases", false, CSV_ACCOUNTS},    [OWNER] = {"owner", false, CSV_PROSE},
    [OWNER_USER] = {"owner_user", false, CSV_WORDS}, [DEPUTY_USER] = {"deputy_user", false, CSV_WORDS},
    [OFFICERS] = {"officers", false, CSV_WORDS},     [FLAGS] = {"flags", false, CSV_WORDS},
};

static const char *const flag_words[] = {"conversations", "member"}; /* enum account_flag_bit, in its order */

static int read_flags(const struct csv_row *row, uint32_t *flags)
{
    struct csv_choice choice = {"flag", flag_words, 2};
    struct str rest = row->cells[FLAGS];
    struct str word;

    while (csv_word(&rest, &word)) {
        if (str_eq(word, str_of(flag_words[0]))) {
            *flags |= ACCOUNT_CONVERSATIONS;
        } else if (str_eq(word, str_of(flag_words[1]))) {
            *flags |= ACCOUNT_MEMBER;
        } else {
            csv_unknown(row, FLAGS, word, &choice);
            return -1;
        }
    }
    return 0;
}

/* The name as it is compared, in `to`; STR_NONE with an error for what can be no account's name. */
static struct str canonical(struct builder *b, const struct csv_row *row, unsigned column, uint32_t platform,
                            struct str name, char to[REGISTER_NAME_MAX])
{
    struct str made;
    uint32_t code;

    if (register_account(b, row, column, platform, &name))
        return STR_NONE;
    for (size_t i = 0, n; i < name.n && (n = utf8_next(str_from(name, i), &code)) != 0; i += n)
        if (utf8_ink(code) == UTF8_BLANK) {
            csv_wrong(row, column, "'%.*s' holds a blank: an account's name has none", STR_ARG(name));
            return STR_NONE;
        }
    made = name.n < REGISTER_NAME_MAX ? build_canonical_account(b, platform, name, to, REGISTER_NAME_MAX)
                                      : STR_NONE;
    if (!made.n)
        csv_wrong(row, column, "'%.*s' is no account's name", STR_ARG(name));
    return made;
}

/* Adds one name of the account that the next row will be; nothing when it has the name already. */
static int add_name(struct reading *r, const struct csv_row *row, unsigned column, struct str name,
                    uint32_t platform)
{
    struct builder *b = r->b;
    uint32_t account = build_count(b, SECTION_ACCOUNTS);
    char to[REGISTER_NAME_MAX];
    struct a_alias alias = {.platform = platform, .account = account};
    struct str made = canonical(b, row, column, platform, name, to);
    uint32_t known;

    if (!made.n)
        return -1;
    known = build_find_alias(b, platform, made);
    if (known != NO_INDEX) {
        uint32_t other = ((const struct a_alias *)build_at(b, SECTION_ALIASES, known))->account;

        if (other == account)
            return 0;
        csv_wrong(row, column, "'%.*s' is a name of the account in row %u already", STR_ARG(name),
                  register_row(r, SECTION_ACCOUNTS, other));
        return -1;
    }
    alias.name = build_str(b, made);
    build_row(b, SECTION_ALIASES, &alias);
    return 0;
}

static int read_person(struct builder *b, const struct csv_row *row, unsigned column, struct a_str *who)
{
    char to[REGISTER_NAME_MAX];
    struct str name;

    if (!row->cells[column].n)
        return 0;
    name = register_name(row, column, row->cells[column], to);
    *who = build_str(b, name);
    return name.n ? 0 : -1;
}

static int read_officers(struct builder *b, const struct csv_row *row, struct a_list *officers)
{
    struct str rest = row->cells[OFFICERS], word, names[OFFICERS_MAX];
    char to[REGISTER_NAME_MAX];
    uint32_t n = 0;

    while (csv_word(&rest, &word)) {
        struct str name;

        if (n == OFFICERS_MAX) {
            csv_wrong(row, OFFICERS, "more than %d officers", OFFICERS_MAX);
            return -1;
        }
        name = register_name(row, OFFICERS, word, to);
        if (!name.n)
            return -1;
        names[n++] = build_text(b, build_str(b, name));
    }
    *officers = build_words_in_order(b, names, n);
    return 0;
}

/* Who answers for the account, and who may act as it. */
static int read_people(struct builder *b, const struct csv_row *row, struct a_account *account)
{
    if (read_person(b, row, OWNER_USER, &account->holder) ||
        read_person(b, row, DEPUTY_USER, &account->deputy) || read_officers(b, row, &account->officers))
        return -1;
    if (account->deputy.n && account->deputy.at == account->holder.at) {
        csv_wrong(row, DEPUTY_USER, "'%.*s' is the owner: the deputy is somebody else",
                  STR_ARG(row->cells[DEPUTY_USER]));
        return -1;
    }
    return 0;
}

bool register_officer(const struct builder *b, const struct a_account *account, struct str user)
{
    for (uint32_t i = 0; i < account->officers.n; i++)
        if (str_eq(build_text(b, *(struct a_str *)build_at((struct builder *)b, SECTION_WORDS,
                                                           account->officers.at + i)),
                   user))
            return true;
    return false;
}

static void follow(struct builder *b, struct a_str *who)
{
    *who = build_str(b, register_current(b, build_text(b, *who)));
}

void accounts_follow_people(struct builder *b)
{
    for (uint32_t i = 0; i < build_count(b, SECTION_ACCOUNTS); i++) {
        struct a_account account = *(struct a_account *)build_at(b, SECTION_ACCOUNTS, i);

        follow(b, &account.holder);
        follow(b, &account.deputy);
        for (uint32_t k = 0; k < account.officers.n; k++) {
            struct a_str name = *(struct a_str *)build_at(b, SECTION_WORDS, account.officers.at + k);

            follow(b, &name);
            *(struct a_str *)build_at(b, SECTION_WORDS, account.officers.at + k) = name;
        }
        *(struct a_account *)build_at(b, SECTION_ACCOUNTS, i) = account;
    }
}

static void take(const struct csv_row *row, void *to)
{
    struct reading *r = to;
    struct builder *b = r->b;
    struct str name = row->cells[ACCOUNT], aliases = row->cells[ALIASES], alias;
    struct a_account account = {0};
    int result;

    if (!row->cells[PLATFORM].n) {
        csv_wrong(row, PLATFORM, "the cell is empty: which platform is the account on?");
        return;
    }
    if (!name.n) {
        csv_wrong(row, ACCOUNT, "the cell is empty: it needs the account's name");
        return;
    }
    account.platform = register_platform(b, row, PLATFORM, row->cells[PLATFORM]);
    if (account.platform == NO_INDEX || read_flags(row, &account.flags) || read_people(b, row, &account))
        return;
    if (((const struct a_platform *)build_at(b, SECTION_PLATFORMS, account.platform))->manages != NO_INDEX) {
        struct str managed = build_text(
            b, ((const struct a_platform *)build_at(b, SECTION_PLATFORMS, account.platform))->managed);

        csv_wrong(row, PLATFORM, "'%.*s' is a tool for the accounts of '%.*s': write that platform",
                  STR_ARG(row->cells[PLATFORM]), STR_ARG(managed));
        return;
    }
    account.owner = build_str(b, row->cells[OWNER]);
    result = register_accounts_cell(row, ACCOUNT) | register_accounts_cell(row, ALIASES);
    if (result == 0)
        result = add_name(r, row, ACCOUNT, name, account.platform);
    while (result == 0 && csv_word(&aliases, &alias))
        result = add_name(r, row, ALIASES, alias, account.platform);
    account.name = build_str(b, name.n > 1 && name.p[0] == '\'' ? str_from(name, 1) : name);
    /* The row is made also after an error: its names are in the table, and later rows are checked against
     * them. */
    register_keep(r, row, SECTION_ACCOUNTS, &account);
}

int parse_accounts(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const struct csv_sheet sheet = {columns, COLUMNS, take};

    return register_read(b, &sheet, file, text, d);
}
