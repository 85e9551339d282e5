/* grants.csv: written approvals, with the steps that make them live. */
#include "compile/registers_internal.h"
#include "core/clock.h"
#include "core/request.h"

/* clang-format off */
enum {
    USER, GROUP, IN_GROUP, PLATFORMS, ACCOUNTS, ACTIVITIES, APPROVED_BY, APPROVED_ON, SECOND_BY, SECOND_ON,
    AUP_SIGNED_ON, POLICY_READ_ON, POLICY_VERSION, TRAINED_UNTIL, EXPIRES, CLEAN_UP_FROM, DOCUMENT, COLUMNS
};
/* clang-format on */

enum { LIST_MAX = 256 };
enum {
    LOOKING = 1u << ACTIVITY_VIEW | 1u << ACTIVITY_STREAM | 1u << ACTIVITY_LOGIN,
    CLEAN_UP_MAY = 1u << ACTIVITY_VIEW | 1u << ACTIVITY_LOGIN | 1u << ACTIVITY_DELETE
};

static const struct csv_column columns[COLUMNS] = {
    [USER] = {"user", false, CSV_WORDS},
    [GROUP] = {"group", false, CSV_WORDS},
    [IN_GROUP] = {"in_group", false, CSV_WORDS},
    [PLATFORMS] = {"platforms", true, CSV_WORDS},
    [ACCOUNTS] = {"accounts", false, CSV_ACCOUNTS},
    [ACTIVITIES] = {"activities", false, CSV_WORDS},
    [APPROVED_BY] = {"approved_by", true, CSV_WORDS},
    [APPROVED_ON] = {"approved_on", true, CSV_WORDS},
    [SECOND_BY] = {"second_approved_by", false, CSV_WORDS},
    [SECOND_ON] = {"second_approved_on", false, CSV_WORDS},
    [AUP_SIGNED_ON] = {"aup_signed_on", false, CSV_WORDS},
    [POLICY_READ_ON] = {"policy_read_on", false, CSV_WORDS},
    [POLICY_VERSION] = {"policy_version", false, CSV_WORDS},
    [TRAINED_UNTIL] = {"trained_until", false, CSV_WORDS},
    [EXPIRES] = {"expires", false, CSV_WORDS},
    [CLEAN_UP_FROM] = {"clean_up_from", false, CSV_WORDS},
    [DOCUMENT] = {"document", false, CSV_PROSE},
};

static int read_subject(struct builder *b, const struct csv_row *row, struct a_grant *g)
{
    char name[REGISTER_NAME_MAX];
    struct str user;

    g->group = g->within = NO_INDEX;
    if (row->cells[IN_GROUP].n && row->cells[GROUP].n) {
        csv_wrong(row, IN_GROUP, "a group's grant goes with the group by itself: leave this cell empty");
        return -1;
    }
    if (row->cells[IN_GROUP].n) {
        g->within = register_group(b, row, IN_GROUP, row->cells[IN_GROUP]);
        if (g->within == NO_INDEX)
            return -1;
    }
    if (row->cells[USER].n && row->cells[GROUP].n) {
        csv_wrong(row, GROUP, "a grant is given to a user or to a group, not to both: make two rows");
        return -1;
    }
    if (row->cells[GROUP].n) {
        g->group = register_group(b, row, GROUP, row->cells[GROUP]);
        return g->group == NO_INDEX ? -1 : 0;
    }
    user = register_user(row, USER, name);
    g->user = build_str(b, register_current(b, user));
    return user.n ? 0 : -1;
}

static bool among(const uint32_t *numbers, uint32_t n, uint32_t number)
{
    for (uint32_t i = 0; i < n; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

static int read_platforms(struct builder *b, const struct csv_row *row, uint32_t *platforms, uint32_t *n)
{
    struct str rest = row->cells[PLATFORMS];
    struct str word;

    *n = 0;
    while (csv_word(&rest, &word)) {
        if (*n == LIST_MAX) {
            csv_wrong(row, PLATFORMS, "more than %d platforms", LIST_MAX);
            return -1;
        }
        platforms[*n] = register_platform(b, row, PLATFORMS, word);
        if (platforms[(*n)++] == NO_INDEX)
            return -1;
    }
    if (*n == 0) {
        csv_wrong(row, PLATFORMS, "the cell is empty: a grant is for at least one platform");
        return -1;
    }
    *n = register_sort(platforms, *n);
    return 0;
}

static void unknown_account(struct builder *b, const struct csv_row *row, struct str word)
{
    struct csv_choice choice = {.what = "account"};

    choice.names = build_names(b, SECTION_ACCOUNTS, &choice.n);
    csv_unknown(row, ACCOUNTS, word, &choice);
}

/* One word of the accounts cell: PLATFORM:NAME, or NAME where the grant has one platform. A ':' may also be
 * part of a name, so that only a known platform before it counts as one. */
static uint32_t find_account(struct builder *b, const struct csv_row *row, struct str word,
                             const uint32_t *platforms, uint32_t n)
{
    struct str name = word;
    uint32_t platform = build_find_platform(b, str_cut(&name, ':'));
    char to[REGISTER_NAME_MAX];
    uint32_t alias;

    if (platform == NO_INDEX || !name.n) {
        name = word;
        platform = n == 1 ? platforms[0] : NO_INDEX;
    }
    if (register_account(b, row, ACCOUNTS, platform, &name))
        return NO_INDEX;
    if (platform == NO_INDEX) {
        csv_wrong(row, ACCOUNTS, "'%.*s' could be on any of the grant's platforms: write PLATFORM:%.*s",
                  STR_ARG(word), STR_ARG(word));
        return NO_INDEX;
    }
    if (!among(platforms, n, platform)) {
        csv_wrong(row, ACCOUNTS, "'%.*s' is not on one of the grant's platforms: add it to them",
                  STR_ARG(word));
        return NO_INDEX;
    }
    alias = build_find_alias(b, platform, build_canonical_account(b, platform, name, to, sizeof to));
    if (alias == NO_INDEX) {
        unknown_account(b, row, name);
        return NO_INDEX;
    }
    return ((const struct a_alias *)build_at(b, SECTION_ALIASES, alias))->account;
}

/* An approval for a platform's accounts is one for the platform's own tool that manages them, too. */
static void add_tools(struct builder *b, uint32_t *platforms, uint32_t *n)
{
    uint32_t named = *n;

    for (uint32_t i = 0; i < build_count(b, SECTION_PLATFORMS) && *n < LIST_MAX; i++) {
        uint32_t manages = ((const struct a_platform *)build_at(b, SECTION_PLATFORMS, i))->manages;

        if (manages != NO_INDEX && among(platforms, named, manages) && !among(platforms, named, i))
            platforms[(*n)++] = i;
    }
    *n = register_sort(platforms, *n);
}

static int read_objects(struct builder *b, const struct csv_row *row, struct a_grant *g)
{
    uint32_t platforms[LIST_MAX], accounts[LIST_MAX];
    uint32_t n_platforms, n = 0;
    struct str rest = row->cells[ACCOUNTS];
    struct str word;

    if (read_platforms(b, row, platforms, &n_platforms) || register_accounts_cell(row, ACCOUNTS))
        return -1;
    while (csv_word(&rest, &word)) {
        if (n == LIST_MAX) {
            csv_wrong(row, ACCOUNTS, "more than %d accounts", LIST_MAX);
            return -1;
        }
        accounts[n] = find_account(b, row, word, platforms, n_platforms);
        if (accounts[n++] == NO_INDEX)
            return -1;
    }
    n = register_sort(accounts, n);
    add_tools(b, platforms, &n_platforms);
    g->platforms = build_numbers(b, platforms, n_platforms);
    g->accounts = build_numbers(b, accounts, n);
    if (register_bits(row, ACTIVITIES, WORDS_ACTIVITY, &g->activities))
        return -1;
    if (g->activities == 0)
        g->activities = row->cells[CLEAN_UP_FROM].n ? CLEAN_UP_MAY : 1u << ACTIVITY_VIEW;
    return 0;
}

/* A grant that lets somebody act as an account which others have as its officers says what cannot be. */
static void check_officers(struct builder *b, const struct csv_row *row, const struct a_grant *g)
{
    for (uint32_t i = 0; g->user.n && g->activities & ~(uint32_t)LOOKING && i < g->accounts.n; i++) {
        const struct a_account *account = build_at(b, SECTION_ACCOUNTS, build_numbers_at(b, g->accounts)[i]);

        if (account->officers.n && !register_officer(b, account, build_text(b, g->user)))
            csv_doubt(row, ACCOUNTS,
                      "accounts.csv names others as the officers of '%.*s', so that '%.*s' may only look: "
                      "name them there, too, or leave the account out",
                      STR_ARG(build_text(b, account->name)), STR_ARG(build_text(b, g->user)));
    }
}

static int too_late(const struct csv_row *row, unsigned column)
{
    csv_wrong(row, EXPIRES, "the grant ends (%.*s) before it is approved (%.*s)",
              STR_ARG(row->cells[EXPIRES]), STR_ARG(row->cells[column]));
    return -1;
}

static int read_days(const struct csv_row *row, struct a_grant *g)
{
    int result = register_day(row, APPROVED_ON, &g->approved_day);

    result |= register_day(row, SECOND_ON, &g->second_day);
    result |= register_day(row, AUP_SIGNED_ON, &g->aup_day);
    result |= register_day(row, POLICY_READ_ON, &g->read_day);
    result |= register_day(row, TRAINED_UNTIL, &g->trained_day);
    result |= register_day(row, EXPIRES, &g->expires_day);
    if (result == 0 && g->expires_day && g->expires_day < g->approved_day)
        return too_late(row, APPROVED_ON);
    if (result == 0 && g->expires_day && g->expires_day < g->second_day)
        return too_late(row, SECOND_ON);
    return result;
}

/* Which version was read: as the row says, else by the day. A version can be read from its approval on. */
static int read_version(struct builder *b, const struct csv_row *row, struct a_grant *g)
{
    const struct a_meta *m = build_meta(b);
    struct str version = row->cells[POLICY_VERSION];
    uint32_t since = m->approved_day && m->approved_day < m->from_day ? m->approved_day : m->from_day;
    bool now;

    if (version.n && !g->read_day) {
        csv_wrong(row, POLICY_READ_ON, "the cell is empty: on which day was version '%.*s' read?",
                  STR_ARG(version));
        return -1;
    }
    now = version.n ? str_eq(version, build_text(b, m->version)) : g->read_day >= since;
    for (uint32_t i = 0; version.n && i < m->reread_except.n; i++)
        now |= str_eq(version,
                      build_text(b, *(struct a_str *)build_at(b, SECTION_WORDS, m->reread_except.at + i)));
    if (g->read_day && !now)
        g->flags |= GRANT_READ_EARLIER;
    return 0;
}

/* Under which name of today somebody approved; a role or an office stays what is written. */
static struct str approver(struct builder *b, struct str by, char to[REGISTER_NAME_MAX])
{
    struct arena arena;

    arena_init(&arena, to, REGISTER_NAME_MAX);
    return by.n < REGISTER_NAME_MAX ? register_current(b, user_canonical(by, &arena)) : STR_NONE;
}

/* An approval is a name and, in the column behind it, a day; nobody approves what they are given. */
static int check_approval(struct builder *b, const struct csv_row *row, const struct a_grant *g,
                          unsigned column)
{
    struct str by = row->cells[column];
    char name[REGISTER_NAME_MAX];

    if (by.n && !row->cells[column + 1].n) {
        csv_wrong(row, column + 1, "the cell is empty: on which day did '%.*s' approve?", STR_ARG(by));
        return -1;
    }
    if (!by.n && row->cells[column + 1].n) {
        csv_wrong(row, column, "the cell is empty: who approved the grant?");
        return -1;
    }
    if (by.n && g->user.n && str_eq(approver(b, by, name), build_text(b, g->user))) {
        csv_wrong(row, column, "'%.*s' cannot approve a grant to themselves", STR_ARG(by));
        return -1;
    }
    return 0;
}

static bool same_approver(struct builder *b, struct str x, struct str y)
{
    char names[2][REGISTER_NAME_MAX];
    struct str first = approver(b, x, names[0]), second = approver(b, y, names[1]);

    return first.n && second.n ? str_eq(first, second) : str_ieq(x, y);
}

/* Two approvals are two people's. */
static int check_approvals(struct builder *b, const struct csv_row *row, const struct a_grant *g)
{
    struct str first = row->cells[APPROVED_BY], second = row->cells[SECOND_BY];

    if (check_approval(b, row, g, APPROVED_BY) || check_approval(b, row, g, SECOND_BY))
        return -1;
    if (second.n && !first.n) {
        csv_wrong(row, APPROVED_BY, "the cell is empty, and there is a second approval: whose is the first?");
        return -1;
    }
    if (second.n && same_approver(b, first, second)) {
        csv_wrong(row, SECOND_BY, "'%.*s' has given the first approval: the second is somebody else's",
                  STR_ARG(second));
        return -1;
    }
    return 0;
}

/* Its 24 hours are counted in seconds, so that the clocks' change neither gives nor takes. */
static int read_clean_up(const struct csv_row *row, struct a_grant *g)
{
    struct str cell = row->cells[CLEAN_UP_FROM];
    int64_t from = 0;

    if (!cell.n)
        return 0;
    if (cell.n < sizeof "2026-05-12T09:00" - 1 || clock_parse(cell, &from) != 0 || from <= 0 ||
        from > UINT32_MAX - CLEAN_UP_SECONDS) {
        csv_wrong(row, CLEAN_UP_FROM,
                  "'%.*s' is no day and time of day: write it as 2026-05-12T09:00, without a zone for local "
                  "time",
                  STR_ARG(cell));
        return -1;
    }
    if (g->activities & ~(uint32_t)CLEAN_UP_MAY) {
        csv_wrong(row, ACTIVITIES,
                  "a clean-up grant is for taking away: leave the cell empty, or write view, login, delete");
        return -1;
    }
    if (!row->cells[APPROVED_BY].n) {
        csv_wrong(row, APPROVED_BY, "the cell is empty: somebody approves a clean-up, too");
        return -1;
    }
    g->clean_from = (uint32_t)from;
    if (g->expires_day && (int32_t)g->expires_day > clock_local(from + CLEAN_UP_SECONDS).day)
        csv_doubt(row, EXPIRES, "a clean-up grant ends 24 hours after it begins, whatever stands here");
    return 0;
}

struct question {
    struct builder *b;
    const struct a_grant *grant;
};

static bool same_numbers(const struct builder *b, struct a_list x, struct a_list y)
{
    return x.n == y.n &&
           (x.n == 0 || memcmp(build_numbers_at(b, x), build_numbers_at(b, y), x.n * sizeof(uint32_t)) == 0);
}

/* A renewal is approved on another day; the same on one day was copied by mistake. Equal strings are kept
 * once, so that their places tell. */
static bool same_grant(uint32_t row, void *to)
{
    const struct question *q = to;
    const struct a_grant *x = build_at(q->b, SECTION_GRANTS, row), *y = q->grant;

    return x->user.at == y->user.at && x->user.n == y->user.n && x->group == y->group &&
           x->activities == y->activities && x->approved_day == y->approved_day &&
           x->clean_from == y->clean_from && x->within == y->within &&
           same_numbers(q->b, x->platforms, y->platforms) && same_numbers(q->b, x->accounts, y->accounts);
}

static uint32_t hash_grant(const struct builder *b, const struct a_grant *g)
{
    const uint32_t facts[] = {g->group, g->activities, g->approved_day, g->platforms.n, g->accounts.n};
    uint32_t h = str_hash(build_text(b, g->user));

    return str_hash_from(h, (struct str){(const char *)facts, sizeof facts});
}

static void take(const struct csv_row *row, void *to)
{
    struct reading *r = to;
    struct a_grant g = {0};
    struct question q = {r->b, &g};
    uint32_t before;

    if (read_subject(r->b, row, &g) || read_objects(r->b, row, &g) || read_days(row, &g) ||
        read_version(r->b, row, &g) || check_approvals(r->b, row, &g) || read_clean_up(row, &g))
        return;
    before = seen_before(&r->seen, hash_grant(r->b, &g), build_count(r->b, SECTION_GRANTS), same_grant, &q);
    if (before != SEEN_NONE) {
        csv_wrong(row, g.user.n ? USER : GROUP, "the same grant, approved on the same day, stands in row %u",
                  register_row(r, SECTION_GRANTS, before));
        return;
    }
    g.approved_by = build_str(r->b, row->cells[APPROVED_BY]);
    g.second_by = build_str(r->b, row->cells[SECOND_BY]);
    g.document = build_str(r->b, row->cells[DOCUMENT]);
    check_officers(r->b, row, &g);
    register_keep(r, row, SECTION_GRANTS, &g);
}

int parse_grants(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const struct csv_sheet sheet = {columns, COLUMNS, take};

    return register_read(b, &sheet, file, text, d);
}
