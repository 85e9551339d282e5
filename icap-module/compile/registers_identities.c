/* identities.csv: sign-ins that count as a registered account's, by keyed digests of the ids that platforms
 * know them by. `portreeve accounts confirm` writes its rows; nobody types them. A row without a confirmation
 * counts for nothing. */
#include "compile/identities.h"
#include "compile/registers_internal.h"
#include "core/digest.h"
#include "core/request.h"

/* One row as its cells say it. */
struct identity_row {
    struct a_identity made;
    enum profile profile;
    struct str user; /* who enrolled */
};

/* The cell must not be empty. */
static bool filled(const struct csv_row *row, unsigned column, const char *what)
{
    if (row->cells[column].n)
        return true;
    csv_wrong(row, column, "the cell is empty: %s", what);
    return false;
}

static uint32_t find_account(struct builder *b, const struct csv_row *row, uint32_t platform)
{
    struct str name = row->cells[IDENTITY_ACCOUNT];
    char to[REGISTER_NAME_MAX];
    struct csv_choice choice = {.what = "account"};
    uint32_t alias;

    if (!filled(row, IDENTITY_ACCOUNT,
                "which registered account does the sign-in stand for, or its person administer?") ||
        register_accounts_cell(row, IDENTITY_ACCOUNT) ||
        register_account(b, row, IDENTITY_ACCOUNT, platform, &name))
        return NO_INDEX;
    alias = build_find_alias(b, platform, build_canonical_account(b, platform, name, to, sizeof to));
    if (alias != NO_INDEX)
        return ((const struct a_alias *)build_at(b, SECTION_ALIASES, alias))->account;
    choice.names = build_names(b, SECTION_ACCOUNTS, &choice.n);
    csv_unknown(row, IDENTITY_ACCOUNT, name, &choice);
    return NO_INDEX;
}

static int read_profile(const struct csv_row *row, enum profile *profile)
{
    struct csv_choice choice = {"profile", profile_words, PROFILES};
    struct str cell = row->cells[IDENTITY_PROFILE];

    if (!filled(row, IDENTITY_PROFILE,
                "'account' for the account's own sign-in, 'own' for a named administrator's"))
        return -1;
    for (unsigned i = 0; i < PROFILES; i++)
        if (str_ieq(cell, str_of(profile_words[i]))) {
            *profile = (enum profile)i;
            return 0;
        }
    csv_unknown(row, IDENTITY_PROFILE, cell, &choice);
    return -1;
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

/* Without its first two characters a digest may be all digits, or digits around an 'e': then it is a number
 * to a spreadsheet, and its end is lost. */
static void wrong_hex(const struct csv_row *row, unsigned column, const char *what, const char *form)
{
    struct str cell = row->cells[column];

    if (register_exponent(cell) || (all_digits(cell) && cell.n < DIGEST_TEXT - 2))
        csv_wrong(
            row, column,
            "'%.*s' is what a spreadsheet made of a %s, which it took for a number: copy the cell again from "
            "'portreeve accounts pending', with all of its characters (%s)",
            STR_ARG(cell), what, form);
    else
        csv_wrong(row, column, "'%.*s' is no %s: it has %s, as 'portreeve accounts confirm' writes it",
                  STR_ARG(cell), what, form);
}

/* Digests of two keys cannot be told by one module. */
static int read_digest(struct reading *r, const struct csv_row *row, struct a_identity *made)
{
    struct digest digest;
    char key[KEY_TEXT], first[KEY_TEXT];
    struct text t;

    if (!filled(row, IDENTITY_DIGEST, "let the person enrol") ||
        !filled(row, IDENTITY_KEY, "which key was the digest made with?"))
        return -1;
    if (!digest_read(row->cells[IDENTITY_DIGEST], &digest)) {
        wrong_hex(row, IDENTITY_DIGEST, "digest", "'d-' and 32 hexadecimal digits");
        return -1;
    }
    if (!identity_key_read_id(row->cells[IDENTITY_KEY], &made->key)) {
        wrong_hex(row, IDENTITY_KEY, "key's name", "'k-' and 8 hexadecimal digits");
        return -1;
    }
    memcpy(made->digest, digest.words, sizeof made->digest);
    if (r->key == 0) {
        r->key = made->key;
        r->key_row = row->number;
    }
    if (r->key == made->key)
        return 0;
    text_init(&t, key, sizeof key);
    identity_key_put(&t, made->key);
    text_init(&t, first, sizeof first);
    identity_key_put(&t, r->key);
    csv_wrong(row, IDENTITY_KEY,
              "the digest was made with the key %.*s, that of row %u with %.*s: all are made with one key; "
              "whoever was "
              "enrolled with another enrols again",
              KEY_TEXT, key, r->key_row, KEY_TEXT, first);
    return -1;
}

/* Nobody confirms themselves. */
static int check_confirmation(const struct csv_row *row, struct str user)
{
    struct str by = row->cells[IDENTITY_CONFIRMED_BY];
    char name[REGISTER_NAME_MAX];
    struct arena arena;
    uint32_t enrolled, confirmed;

    if (register_day(row, IDENTITY_ENROLLED_ON, &enrolled) ||
        register_day(row, IDENTITY_CONFIRMED_ON, &confirmed))
        return -1;
    if (by.n && !confirmed) {
        csv_wrong(row, IDENTITY_CONFIRMED_ON, "the cell is empty: on which day did '%.*s' confirm?",
                  STR_ARG(by));
        return -1;
    }
    if (!by.n && confirmed) {
        csv_wrong(row, IDENTITY_CONFIRMED_BY, "the cell is empty: who confirmed?");
        return -1;
    }
    if (by.n && enrolled && confirmed < enrolled) {
        csv_wrong(row, IDENTITY_CONFIRMED_ON, "confirmed (%.*s) before it was enrolled (%.*s)",
                  STR_ARG(row->cells[IDENTITY_CONFIRMED_ON]), STR_ARG(row->cells[IDENTITY_ENROLLED_ON]));
        return -1;
    }
    arena_init(&arena, name, sizeof name);
    if (by.n && by.n < sizeof name && str_eq(user_canonical(by, &arena), user)) {
        csv_wrong(row, IDENTITY_CONFIRMED_BY,
                  "'%.*s' enrolled, and cannot confirm it: the account's owner does", STR_ARG(by));
        return -1;
    }
    return 0;
}

/* A map that cannot read an id makes its rows useless; a map changes by itself, so that this is no error. */
static void check_map(struct builder *b, const struct csv_row *row, uint32_t platform)
{
    const struct a_platform *p = build_at(b, SECTION_PLATFORMS, platform);
    struct a_list rows = p->rows;

    for (uint32_t i = 0; i < rows.n; i++) {
        const struct a_row *one = build_at(b, SECTION_ROWS, rows.at + i);

        if (one->kind == ROW_IDENTITY && !str_eq(build_text(b, one->format), STR("-")))
            return;
    }
    csv_doubt(row, IDENTITY_PLATFORM, "requests to '%.*s' do not say who is signed in: the row never matches",
              STR_ARG(row->cells[IDENTITY_PLATFORM]));
}

static bool same_identity(uint32_t index, void *to)
{
    const struct reading *r = to;
    const struct a_identity *one = build_at(r->b, SECTION_IDENTITIES, index), *other = r->about;

    return one->platform == other->platform && one->account == other->account &&
           memcmp(one->digest, other->digest, sizeof one->digest) == 0 && one->user.at == other->user.at &&
           one->user.n == other->user.n;
}

static void keep(struct reading *r, const struct csv_row *row, struct identity_row *identity)
{
    struct a_identity *made = &identity->made;
    uint32_t before;

    if (identity->profile == PROFILE_OWN)
        made->user = build_str(r->b, register_current(r->b, identity->user));
    r->about = made;
    before = seen_before(&r->seen, identity_hash(made->platform, made->digest) ^ made->account,
                         build_count(r->b, SECTION_IDENTITIES), same_identity, r);
    if (before != SEEN_NONE) {
        csv_wrong(row, IDENTITY_DIGEST, "the same sign-in stands in row %u already",
                  register_row(r, SECTION_IDENTITIES, before));
        return;
    }
    check_map(r->b, row, made->platform);
    ((struct a_platform *)build_at(r->b, SECTION_PLATFORMS, made->platform))->flags |= PLATFORM_IDENTITIES;
    register_keep(r, row, SECTION_IDENTITIES, made);
}

static void take(const struct csv_row *row, void *to)
{
    struct reading *r = to;
    char name[REGISTER_NAME_MAX];
    struct identity_row identity = {0};

    if (!filled(row, IDENTITY_PLATFORM, "on which platform?"))
        return;
    identity.made.platform = register_platform(r->b, row, IDENTITY_PLATFORM, row->cells[IDENTITY_PLATFORM]);
    if (identity.made.platform == NO_INDEX)
        return;
    identity.made.account = find_account(r->b, row, identity.made.platform);
    if (identity.made.account == NO_INDEX || read_profile(row, &identity.profile))
        return;
    identity.user = register_user(row, IDENTITY_USER, name);
    if (!identity.user.n || read_digest(r, row, &identity.made) || check_confirmation(row, identity.user))
        return;
    if (row->cells[IDENTITY_CONFIRMED_BY].n)
        keep(r, row, &identity);
    else
        csv_doubt(row, IDENTITY_CONFIRMED_BY,
                  "nobody has confirmed what '%.*s' enrolled for '%.*s', so that it counts for nothing: the "
                  "account's owner confirms it, or the row goes",
                  STR_ARG(identity.user), STR_ARG(row->cells[IDENTITY_ACCOUNT]));
}

int parse_identities(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const struct csv_sheet sheet = {identity_columns, IDENTITY_COLUMNS, take};

    return register_read(b, &sheet, file, text, d);
}
