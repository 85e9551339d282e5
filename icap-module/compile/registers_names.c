/* Accounts' names in cells: what spreadsheets make of numbers, and addresses copied from a browser. */
#include "compile/registers_internal.h"
#include "core/lookup.h"
#include "core/request.h"
#include "core/template.h"
#include "core/url.h"

enum { EXACT_DIGITS = 15 /* all that a spreadsheet keeps of a number */ };

static size_t count_digits(struct str s)
{
    size_t n = 0;

    while (n < s.n && s.p[n] >= '0' && s.p[n] <= '9')
        n++;
    return n;
}

bool register_exponent(struct str word)
{
    struct str rest = str_from(word, count_digits(word));

    if (rest.n == word.n)
        return false;
    if (rest.n && rest.p[0] == '.')
        rest = str_from(rest, 1 + count_digits(str_from(rest, 1)));
    return rest.n > 2 && ascii_lower(rest.p[0]) == 'e' && rest.p[1] == '+' &&
           count_digits(str_from(rest, 2)) == rest.n - 2;
}

/* A long number of which a spreadsheet has kept the first fifteen digits. */
static bool cut_short(struct str word)
{
    if (word.n <= EXACT_DIGITS || count_digits(word) != word.n)
        return false;
    for (size_t i = EXACT_DIGITS; i < word.n; i++)
        if (word.p[i] != '0')
            return false;
    return true;
}

/* "100,044,123": a comma separates the words of a list, so that a number written so would become three. */
int register_accounts_cell(const struct csv_row *row, unsigned column)
{
    struct str rest = row->cells[column];
    size_t n = count_digits(rest), groups = 0;

    if (n < 1 || n > 3)
        return 0;
    for (rest = str_from(rest, n); rest.n && rest.p[0] == ','; rest = str_from(rest, 4), groups++)
        if (count_digits(str_upto(str_from(rest, 1), 4)) != 3)
            return 0;
    if (rest.n || groups == 0)
        return 0;
    csv_wrong(
        row, column,
        "'%.*s' is written with commas between its digits: format the column as Text and enter the number "
        "again without them",
        STR_ARG(row->cells[column]));
    return -1;
}

int register_account(struct builder *b, const struct csv_row *row, unsigned column, uint32_t platform,
                     struct str *name)
{
    char to[REGISTER_NAME_MAX];
    struct str read;

    if (name->n > 1 && name->p[0] == '\'') { /* Excel's mark for a text: somebody has looked at it */
        *name = str_from(*name, 1);
        return 0;
    }
    if (register_exponent(*name)) {
        csv_wrong(
            row, column,
            "Excel has written a long number as '%.*s', and its last digits are lost: format the column as "
            "Text and enter the number again",
            STR_ARG(*name));
        return -1;
    }
    if (cut_short(*name)) {
        csv_wrong(
            row, column,
            "Excel keeps %d digits of a number and has most likely put zeros in place of the last of '%.*s': "
            "format the column as Text and enter it again; if it does end so, put an apostrophe before it",
            EXACT_DIGITS, STR_ARG(*name));
        return -1;
    }
    if (!register_address(b, platform, *name, to, &read))
        return 0;
    if (read.n)
        csv_wrong(row, column, "'%.*s' is an address: write %.*s", STR_ARG(*name), STR_ARG(read));
    else
        csv_wrong(row, column, "'%.*s' is an address: write only the account's name from it", STR_ARG(*name));
    return -1;
}

/* The host's row, or that of what it is below. */
static const struct a_host *find_host(const struct builder *b, struct str host)
{
    for (struct str name = host; name.n; name = str_from(name, str_find(name, '.') + 1)) {
        uint32_t index = build_find_host(b, name);
        const struct a_host *row =
            index == NO_INDEX ? NULL : build_at((struct builder *)b, SECTION_HOSTS, index);

        if (row && (name.n == host.n || row->flags & HOST_SUBDOMAINS))
            return row;
    }
    return NULL;
}

/* Rows with other selectors than host, path and query are for requests of the page's machinery. */
static bool row_reads(const struct builder *b, const struct a_row *row, uint32_t role, const struct url *u,
                      struct str *caught)
{
    struct str host = build_text(b, row->host);
    struct str value;

    if (row->kind != ROW_ACCOUNT || row->flags & ~(uint32_t)ROW_HOST_CATCHES ||
        (row->methods && !(row->methods & METHOD_GET)) || (row->roles && !(row->roles & 1u << role)) ||
        row->operation.n || (row->source != FROM_NOTHING && row->source != FROM_QUERY))
        return false;
    if (host.n &&
        !(row->flags & ROW_HOST_CATCHES ? host_catch(u->host, host, caught) : host_below(u->host, host)))
        return false;
    if (row->path.n && !template_match(build_text(b, row->path), u->path, caught))
        return false;
    if (row->source == FROM_NOTHING)
        return true;
    value = query_get(u->query, build_text(b, row->key));
    return value.n && (row->key_value.n == 0 || glob_match(build_text(b, row->key_value), value, caught));
}

static bool is_reserved(const struct builder *b, const struct a_platform *platform, struct str caught)
{
    struct str first = str_upto(caught, str_find(caught, '/'));

    for (uint32_t i = 0; i < platform->reserved.n; i++) {
        const struct a_str *word = build_at((struct builder *)b, SECTION_WORDS, platform->reserved.at + i);

        if (str_ieq(build_text(b, *word), first))
            return true;
    }
    return false;
}

/* As a request for the address would be read (core/classify.c), but for patterns. */
static struct str read_account(const struct builder *b, uint32_t platform, const struct url *u,
                               char to[REGISTER_NAME_MAX])
{
    struct builder *from = (struct builder *)b; /* build_at is for changes, too */
    const struct a_host *host = find_host(b, u->host);
    const struct a_platform *p = host && host->platform == platform && platform != NO_INDEX
                                     ? build_at(from, SECTION_PLATFORMS, platform)
                                     : NULL;
    struct text t;

    for (uint32_t i = 0; p && i < p->rows.n; i++) {
        const struct a_row *row = build_at(from, SECTION_ROWS, p->rows.at + i);
        struct str caught = STR_NONE, format = build_text(b, row->format);
        size_t hole = str_find(format, '{');

        if (!row_reads(b, row, host->role, u, &caught))
            continue;
        if (str_eq(format, STR(ACCOUNT_NOBODY)) || str_eq(format, STR(ACCOUNT_NOT_TOLD)) ||
            str_eq(format, STR(ACCOUNT_OF_PAGE)))
            return STR_NONE;
        if (!caught.n || (row->first == 0 && is_reserved(b, p, caught)))
            continue;
        text_init(&t, to, REGISTER_NAME_MAX);
        text_put(&t, str_upto(format, hole));
        text_put(&t, caught);
        text_put(&t, str_from(format, hole + sizeof "{account}" - 1));
        return text_str(&t);
    }
    return STR_NONE;
}

bool register_address(const struct builder *b, uint32_t platform, struct str word, char to[REGISTER_NAME_MAX],
                      struct str *name)
{
    static const struct str mark = {"://", 3};
    enum { ROOM = 2048 };
    char storage[ROOM + 256], whole[ROOM];
    struct str first = str_upto(word, str_find(word, '/'));
    struct text t;
    struct arena arena;
    struct url u;
    bool scheme = false, parsed;

    *name = STR_NONE;
    for (size_t at = 0; at + mark.n <= word.n && !scheme; at++)
        scheme = memcmp(word.p + at, mark.p, mark.n) == 0;
    if (!scheme && (first.n == word.n || str_find(first, '.') == first.n))
        return false;
    text_init(&t, whole, sizeof whole);
    text_puts(&t, scheme ? "" : "https://");
    text_put(&t, word);
    arena_init(&arena, storage, sizeof storage);
    parsed = word.n < ROOM / 2 && url_parse(text_str(&t), &arena, &u) == 0;
    if (!scheme && !(parsed && find_host(b, u.host)))
        return false; /* a name with a dot and a '/' in it */
    if (parsed)
        *name = read_account(b, platform, &u, to);
    return true;
}
