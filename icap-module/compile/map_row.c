#include "compile/map_row.h"

#include "compile/pattern.h"
#include "core/template.h"
#include "core/text.h"

#include <stdlib.h>

static int no_memory(struct lexer *l)
{
    return lex_error(l, NULL, "out of memory");
}

int map_words_add(struct map_words *words, struct lexer *l, struct str word)
{
    if (words->n == words->room) {
        uint32_t room = words->room ? words->room * 2 : 16;
        struct str *p = realloc(words->p, room * sizeof *p);

        if (!p)
            return no_memory(l);
        words->p = p;
        words->room = room;
    }
    words->p[words->n++] = word;
    return 0;
}

int map_words_add_folded(struct map_words *words, struct builder *b, struct lexer *l, const struct word *w)
{
    char folded[MAP_WORD_MAX];

    if (w->text.n > sizeof folded || w->text.n == 0)
        return lex_error(l, w, "a word of 1 to %d bytes is wanted here", MAP_WORD_MAX);
    for (size_t i = 0; i < w->text.n; i++)
        folded[i] = ascii_lower(w->text.p[i]);
    return map_words_add(words, l, build_text(b, build_str(b, (struct str){folded, w->text.n})));
}

void map_rows_free(struct map_rows *r)
{
    free(r->paths.p);
    free(r->operations.p);
    free(r->hosts.p);
    free(r->except.p);
}

int map_add_path(struct map_rows *r, const struct word *w)
{
    const char *problem;

    if (!template_sound(w->text, &problem))
        return lex_error(r->l, w, "'%.*s' is no path template: %s", STR_ARG(w->text), problem);
    r->path_catches |= template_captures(w->text);
    return map_words_add(&r->paths, r->l, w->text);
}

unsigned map_catches(const struct map_rows *r)
{
    return (unsigned)r->path_catches + r->value_catches + r->host_catches + r->pattern_captures;
}

static int read_methods(struct map_rows *r, const struct word *w)
{
    static const char *const names[] = {"GET", "POST", "PUT", "DELETE", "PATCH", "OTHER", "WS"};

    for (unsigned i = 0; i < 7; i++)
        if (word_is(w, names[i])) {
            if (i == 6)
                r->upgrade = true;
            else
                r->row.methods |= 1u << i; /* in the order of enum row_method */
            return 0;
        }
    return lex_unknown(r->l, w, "method", names, 7);
}

static int read_match(struct map_rows *r, const struct word *w)
{
    char problem[PATTERN_PROBLEM];
    size_t at;
    unsigned captures;

    if (r->row.flags & ROW_REGEX)
        return lex_error(r->l, w, "'match' takes one pattern: write a statement for each");
    if (!pattern_sound(w->text, &captures, problem, &at))
        return lex_error(r->l, w, "this pattern is not sound at its byte %zu: %s", at + 1, problem);
    r->row.flags |= ROW_REGEX;
    r->pattern_captures = captures;
    return map_words_add(&r->paths, r->l, w->text);
}

/* "{account}.example.com": what catches is cut off for the check of the name and put back behind it. */
static int read_catching_host(struct map_rows *r, const struct word *w)
{
    static const struct str catch = {"{account}", 9};
    struct word rest = *w;
    char whole[MAP_WORD_MAX];
    struct str name;
    struct text t;

    if (r->hosts.n && !(r->row.flags & ROW_HOST_CATCHES))
        return lex_error(r->l, w, "of a statement's hosts either all catch {account} or none does");
    rest.text = str_from(w->text, catch.n);
    if (rest.text.n == 0 || rest.text.p[0] != '.')
        return lex_error(r->l, w,
                         "{account} is the whole first label of a host: write {account}.example.com");
    if (lex_host(r->l, &rest, true, &name))
        return -1;
    text_init(&t, whole, sizeof whole);
    text_put(&t, catch);
    text_put(&t, name);
    if (t.cut)
        return lex_error(r->l, w, "the host's name is too long");
    r->row.flags |= ROW_HOST_CATCHES;
    r->host_catches = true;
    return map_words_add(&r->hosts, r->l, build_text(r->b, build_str(r->b, text_str(&t))));
}

static int read_host(struct map_rows *r, const struct word *w)
{
    struct str name;

    if (str_istarts(w->text, STR("{account}")))
        return read_catching_host(r, w);
    if (r->row.flags & ROW_HOST_CATCHES)
        return lex_error(r->l, w, "of a statement's hosts either all catch {account} or none does");
    return lex_host(r->l, w, true, &name) ? -1 : map_words_add(&r->hosts, r->l, name);
}

static int read_role(struct map_rows *r, const struct word *w)
{
    int role = lex_word_of(r->l, w, WORDS_ROLE);

    if (role < 0)
        return -1;
    r->row.roles |= 1u << role;
    return 0;
}

static int read_operation(struct map_rows *r, const struct word *w)
{
    unsigned stars = 0, letters = 0;

    for (size_t i = 0; i < w->text.n; i++) {
        bool star = w->text.p[i] == '*';

        if (star && i > 0 && w->text.p[i - 1] == '*')
            return lex_error(r->l, w, "two '*' stand side by side");
        stars += star;
        letters += !star;
    }
    if (stars > 3 || letters == 0)
        return lex_error(r->l, w, "an operation's name may have up to three '*', and something between them");
    return map_words_add_folded(&r->operations, r->b, r->l, w);
}

/* A value's magic: at most two '*' and one {account}, none next to another. */
static int check_value(struct map_rows *r, const struct word *w, struct str value)
{
    static const struct str catch = {"{account}", 9};
    unsigned stars = 0, catches = 0;
    bool run = false;

    for (size_t i = 0; i < value.n;) {
        bool caught = str_eq(str_upto(str_from(value, i), catch.n), catch);
        bool star = value.p[i] == '*';

        if ((caught || star) && run)
            return lex_error(r->l, w, "two runs ('*' or {account}) stand side by side");
        run = caught || star;
        stars += star;
        catches += caught;
        i += caught ? catch.n : 1;
    }
    if (stars > 2 || catches > 1)
        return lex_error(r->l, w, "a value may have at most two '*' and one {account}");
    r->value_catches |= catches > 0;
    return 0;
}

static int read_key(struct map_rows *r, const struct word *w, enum row_source source)
{
    struct str value = w->text;
    struct str key = str_cut(&value, '=');
    bool valued = key.n < w->text.n;

    if (r->row.source != FROM_NOTHING)
        return lex_error(r->l, w, "a row looks at one parameter, header or cookie only");
    if (key.n == 0 || (valued && value.n == 0))
        return lex_error(r->l, w, "write NAME or NAME=VALUE");
    if (valued && source == FROM_COOKIE)
        return lex_error(r->l, w, "a cookie's value is nobody's business: write its name alone");
    if (valued && check_value(r, w, value))
        return -1;
    r->row.source = source;
    r->row.key = build_str(r->b, key);
    r->row.key_value = build_str(r->b, value);
    return 0;
}

static int read_query(struct map_rows *r, const struct word *w)
{
    return read_key(r, w, FROM_QUERY);
}

static int read_form(struct map_rows *r, const struct word *w)
{
    return read_key(r, w, FROM_FORM);
}

static int read_json(struct map_rows *r, const struct word *w)
{
    return read_key(r, w, FROM_JSON);
}

static int read_header(struct map_rows *r, const struct word *w)
{
    return read_key(r, w, FROM_HEADER);
}

static int read_cookie(struct map_rows *r, const struct word *w)
{
    return read_key(r, w, FROM_COOKIE);
}

static int read_except(struct map_rows *r, const struct word *w)
{
    return map_words_add_folded(&r->except, r->b, r->l, w);
}

/* Each word behind a selector's name is given to `read`; without `read` the name alone says it. */
static const struct selector {
    const char *name;
    int (*read)(struct map_rows *r, const struct word *w);
    uint32_t flag;
} selectors[] = {
    {"method", read_methods, 0},
    {"path", map_add_path, 0},
    {"match", read_match, 0},
    {"host", read_host, 0},
    {"role", read_role, 0},
    {"op", read_operation, 0},
    {"query", read_query, 0},
    {"form", read_form, 0},
    {"json", read_json, 0},
    {"header", read_header, 0},
    {"cookie", read_cookie, 0},
    {"other-site", NULL, ROW_OTHER_SITE},
    {"likely", NULL, ROW_LIKELY},
    {"except", read_except, 0},
    {"organisation", NULL, ROW_ORGANISATION},
    {"people-search", NULL, ROW_PEOPLE_SEARCH},
};

enum { SELECTORS = sizeof selectors / sizeof *selectors };

static int selector_of(const struct word *w)
{
    for (int i = 0; i < SELECTORS; i++)
        if (word_is(w, selectors[i].name))
            return i;
    return -1;
}

static int unknown_selector(struct map_rows *r, const struct word *w)
{
    const char *names[SELECTORS];

    for (int i = 0; i < SELECTORS; i++)
        names[i] = selectors[i].name;
    return lex_unknown(r->l, w, "selector", names, SELECTORS);
}

static int read_selector(struct map_rows *r, const struct word *name, int i)
{
    const struct selector *s = &selectors[i];
    const struct word *w;
    int result = 0;

    if (r->said & 1u << i) {
        while ((w = lex_peek(r->l)) && selector_of(w) < 0)
            lex_word(r->l);
        return lex_error(r->l, name, "'%s' was said already: put all alternatives behind one", s->name);
    }
    r->said |= 1u << i;
    r->row.flags |= s->flag;
    if (!s->read)
        return 0;
    w = lex_peek(r->l);
    if (!w || selector_of(w) >= 0)
        return lex_error(r->l, name, "'%s' must be followed by what it selects", s->name);
    while ((w = lex_peek(r->l)) && selector_of(w) < 0) {
        lex_word(r->l);
        if (s->read(r, w))
            result = -1;
    }
    return result;
}

int map_selectors(struct map_rows *r)
{
    const struct word *w;
    int result = 0;

    while ((w = lex_word(r->l))) {
        int i = selector_of(w);

        if (i < 0)
            return unknown_selector(r, w);
        if (read_selector(r, w, i))
            result = -1;
    }
    if (result == 0 && r->row.flags & ROW_REGEX && r->paths.n > 1)
        return lex_error(r->l, r->l->words, "'path' and 'match' exclude each other");
    return result;
}

/* Patterns are numbered through all maps, in the order of their rows. */
static uint32_t count_patterns(struct builder *b)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < build_count(b, SECTION_ROWS); i++) {
        const struct a_row *row = build_at(b, SECTION_ROWS, i);

        if (row->flags & ROW_REGEX)
            n++;
    }
    return n;
}

/* A '*' that stands neither first nor last. */
static bool starred(struct str name)
{
    for (size_t i = 1; i + 1 < name.n; i++)
        if (name.p[i] == '*')
            return true;
    return false;
}

static void add_row(struct map_rows *r, struct str path, struct str operation, struct str host)
{
    struct a_row row = r->row;

    row.path = build_str(r->b, path);
    row.operation = build_str(r->b, operation);
    row.host = build_str(r->b, host);
    if (row.flags & ROW_REGEX)
        row.regex = count_patterns(r->b);
    else if (path.n)
        row.first = template_first(path);
    if (operation.n && str_find(operation, '*') == operation.n)
        row.operation_hash = str_hash(operation);
    if (starred(operation))
        row.flags |= ROW_STARRED;
    if (!r->upgrade || row.methods)
        build_row(r->b, SECTION_ROWS, &row);
    if (r->upgrade) {
        row.methods = 0;
        row.flags |= ROW_UPGRADE;
        build_row(r->b, SECTION_ROWS, &row);
    }
}

static struct str word_at(const struct map_words *words, uint32_t i)
{
    return i < words->n ? words->p[i] : STR_NONE;
}

int map_add_rows(struct map_rows *r)
{
    uint32_t paths = r->paths.n ? r->paths.n : 1;
    uint32_t operations = r->operations.n ? r->operations.n : 1;
    uint32_t hosts = r->hosts.n ? r->hosts.n : 1;

    if ((uint64_t)paths * operations * hosts > MAP_STATEMENT_ROWS_MAX)
        return lex_error(r->l, r->l->words, "its alternatives make more than %d rows: divide the statement",
                         MAP_STATEMENT_ROWS_MAX);
    r->row.except = build_words(r->b, r->except.p, r->except.n);
    r->row.regex = NO_INDEX;
    for (uint32_t p = 0; p < paths; p++)
        for (uint32_t o = 0; o < operations; o++)
            for (uint32_t h = 0; h < hosts; h++)
                add_row(r, word_at(&r->paths, p), word_at(&r->operations, o), word_at(&r->hosts, h));
    return 0;
}
