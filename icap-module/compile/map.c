#include "compile/compile.h"
#include "compile/diag_text.h"
#include "compile/map_account.h"
#include "compile/map_host.h"
#include "compile/map_row.h"
#include "core/template.h"

#include <stdio.h>
#include <stdlib.h>

/* Places in the table of statements below. */
enum { STATEMENT_CLASS = 1, STATEMENT_VERSION = 3 };

/* One platform's map while it is read. */
struct map {
    struct builder *b;
    struct lexer l;
    uint32_t platform; /* NO_INDEX before its statement */
    uint32_t said;     /* bit set of statements, by their order in the table below */
    bool main_host;
    struct str first_main; /* the first of them, without a dot in front */
    bool uses_operations;
    struct map_words reserved, hosts_known;
};

static struct a_platform *row_of(struct map *m)
{
    return build_at(m->b, SECTION_PLATFORMS, m->platform);
}

static bool is_id(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' ||
              s.p[i] == '_'))
            return false;
    return s.n > 0 && s.n <= 40;
}

static int read_platform(struct map *m)
{
    struct a_platform row = {.manages = NO_INDEX};
    const struct word *id = lex_expect(&m->l, "the platform's id");
    const struct word *name = id ? lex_expect(&m->l, "its name in quotes") : NULL;

    if (!name || lex_done(&m->l))
        return -1;
    if (!is_id(id->text))
        return lex_error(&m->l, id, "an id is made of a-z, 0-9, '-' and '_'");
    if (build_find_platform(m->b, id->text) != NO_INDEX)
        return lex_error(&m->l, id, "there is a map of '%.*s' already", STR_ARG(id->text));
    row.id = build_str(m->b, id->text);
    row.name = build_str(m->b, name->text);
    row.rows.at = build_count(m->b, SECTION_ROWS);
    m->platform = build_row(m->b, SECTION_PLATFORMS, &row);
    build_place(m->b, SECTION_PLATFORMS, m->platform, m->l.file, id->line, id->column);
    return 0;
}

static int read_class(struct map *m)
{
    const struct word *w = lex_expect(&m->l, "a class");
    int class = w ? lex_word_of(&m->l, w, WORDS_CLASS) : -1;

    if (class < 0)
        return -1;
    row_of(m)->class = (uint32_t) class;
    return lex_done(&m->l);
}

static int read_media(struct map *m)
{
    static const char *const words[] = {"interactive", "broadcast-only"};
    const struct word *w = lex_expect(&m->l, "'interactive' or 'broadcast-only'");

    if (!w)
        return -1;
    if (word_is(w, words[1]))
        row_of(m)->flags |= PLATFORM_BROADCAST_ONLY;
    else if (!word_is(w, words[0]))
        return lex_unknown(&m->l, w, "medium", words, 2);
    return lex_done(&m->l);
}

static int read_version(struct map *m)
{
    const struct word *w = lex_expect(&m->l, "the map's version");

    if (!w)
        return -1;
    row_of(m)->version = build_str(m->b, w->text);
    return lex_done(&m->l);
}

static int read_family(struct map *m)
{
    const struct word *w = lex_expect(&m->l, "the family's name");

    if (!w)
        return -1;
    if (!is_id(w->text))
        return lex_error(&m->l, w, "a family's name is made of a-z, 0-9, '-' and '_'");
    row_of(m)->family = build_str(m->b, w->text);
    return lex_done(&m->l);
}

/* Maps are read in the order of their names: which platform it is, is looked up when all are there. */
static int read_manages(struct map *m)
{
    const struct word *w = lex_expect(&m->l, "the platform whose accounts this is a tool for");

    if (!w)
        return -1;
    if (str_eq(w->text, build_text(m->b, row_of(m)->id)))
        return lex_error(&m->l, w, "a platform does not manage itself");
    row_of(m)->managed = build_str(m->b, w->text);
    return lex_done(&m->l);
}

/* Free text for whoever reads the map. */
static int read_source(struct map *m)
{
    return lex_expect(&m->l, "why this map can be believed, in quotes") ? lex_done(&m->l) : -1;
}

static int read_accounts(struct map *m)
{
    static const char *const words[] = {"ignore-dots", "case-matters"};
    const struct word *w = lex_expect(&m->l, "'ignore-dots' or 'case-matters'");

    for (; w; w = lex_word(&m->l)) {
        if (word_is(w, words[0]))
            row_of(m)->flags |= PLATFORM_DOTS_IGNORED;
        else if (word_is(w, words[1]))
            row_of(m)->flags |= PLATFORM_CASE_MATTERS;
        else
            return lex_unknown(&m->l, w, "option", words, 2);
    }
    return 0;
}

static int read_host(struct map *m)
{
    int role = map_read_hosts(m->b, &m->l, m->platform);

    if (role == ROLE_MAIN && !m->main_host && lex_host(&m->l, &m->l.words[2], true, &m->first_main) == 0)
        m->first_main = str_from(m->first_main, m->first_main.p[0] == '.');
    m->main_host |= role == ROLE_MAIN;
    return role < 0 ? -1 : 0;
}

static int read_owner(struct map *m)
{
    return map_read_owners(m->b, &m->l, m->platform);
}

static int read_reserved(struct map *m)
{
    const struct word *w = lex_expect(&m->l, "words that are no account");

    for (; w; w = lex_word(&m->l)) {
        if (str_find(w->text, '/') < w->text.n)
            return lex_error(&m->l, w, "a reserved word is one segment of a path: it has no '/'");
        if (map_words_add_folded(&m->reserved, m->b, &m->l, w))
            return -1;
    }
    return 0;
}

static int read_hosts_known(struct map *m)
{
    return map_read_hosts_known(m->b, &m->l, &m->hosts_known);
}

static struct map_rows start_rows(struct map *m, enum row_kind kind)
{
    return (struct map_rows){.b = m->b, .l = &m->l, .row = {.kind = kind}};
}

/* What every row must keep to, by its kind; then the rows. */
static int finish_rows(struct map *m, struct map_rows *r)
{
    const struct word *name = m->l.words;
    bool account = r->row.kind == ROW_ACCOUNT || (r->row.kind == ROW_OPERATION && r->row.source == FROM_PATH);

    if (map_catches(r) > r->pattern_captures && !account)
        return lex_error(&m->l, name, "'%.*s' catches nothing: write '*' for {account}", STR_ARG(name->text));
    if (r->row.flags & (ROW_ORGANISATION | ROW_PEOPLE_SEARCH) && r->row.kind != ROW_ACCOUNT)
        return lex_error(&m->l, name, "'organisation' and 'people-search' are for account statements");
    if (r->except.n && r->row.kind != ROW_ACCOUNT)
        return lex_error(&m->l, name, "'except' is for account statements");
    if (r->operations.n && r->row.kind == ROW_OPERATION)
        return lex_error(&m->l, name, "an operation's place cannot depend on its name");
    if (r->said == 0 && (r->row.kind == ROW_BACKGROUND || r->row.kind == ROW_EMBED))
        return lex_error(&m->l, name, "without a selector this would be true of every request");
    if (r->operations.n)
        m->uses_operations = true;
    return map_add_rows(r);
}

static int read_rows(struct map *m, struct map_rows *r)
{
    int result = map_selectors(r) ? -1 : finish_rows(m, r);

    map_rows_free(r);
    return result;
}

static int read_background(struct map *m)
{
    struct map_rows r = start_rows(m, ROW_BACKGROUND);

    return read_rows(m, &r);
}

static int read_embed(struct map *m)
{
    struct map_rows r = start_rows(m, ROW_EMBED);

    return read_rows(m, &r);
}

static int read_activity(struct map *m)
{
    struct map_rows r = start_rows(m, ROW_ACTIVITY);
    const struct word *w = lex_expect(&m->l, "an activity");
    int activity = w ? lex_word_of(&m->l, w, WORDS_ACTIVITY) : -1;

    if (activity < 0)
        return -1;
    r.row.value = (uint32_t)activity;
    return read_rows(m, &r);
}

static int read_account(struct map *m)
{
    struct map_rows r = start_rows(m, ROW_ACCOUNT);
    const struct word *form =
        lex_expect(&m->l, "how the account is written: {account}, groups/{account}; or -, ? or page");
    int result = -1;

    if (!form || map_check_form(&r, form))
        return -1;
    r.row.format = build_str(m->b, form->text);
    if (map_selectors(&r) == 0 && map_check_account(&r, form) == 0)
        result = finish_rows(m, &r);
    map_rows_free(&r);
    return result;
}

static const struct word *next_path(struct lexer *l)
{
    const struct word *w = lex_peek(l);

    return w && w->text.n && w->text.p[0] == '/' ? lex_word(l) : NULL;
}

static int read_operation(struct map *m)
{
    static const char *const sources[] = {"header", "query", "form", "json", "path"};
    static const enum row_source values[] = {FROM_HEADER, FROM_QUERY, FROM_FORM, FROM_JSON, FROM_PATH};
    struct map_rows r = start_rows(m, ROW_OPERATION);
    const struct word *source = lex_expect(&m->l, "where operation names stand");
    const struct word *w = source ? lex_expect(&m->l, "the header, key or path that holds the name") : NULL;
    int result = 0;

    if (!w)
        return -1;
    for (unsigned i = 0; i < 5; i++)
        if (word_is(source, sources[i]))
            r.row.source = values[i];
    if (r.row.source == FROM_NOTHING)
        return lex_unknown(&m->l, source, "place of operation names", sources, 5);
    if (r.row.source != FROM_PATH)
        r.row.key = build_str(m->b, w->text);
    else
        for (r.said |= MAP_SAID_PATH; w; w = next_path(&m->l))
            result |= map_add_path(&r, w);
    if (result == 0 && r.row.source == FROM_PATH)
        result = map_check_catches(&r);
    if (result == 0)
        return read_rows(m, &r);
    map_rows_free(&r);
    return -1;
}

static int read_identity(struct map *m)
{
    struct map_rows r = start_rows(m, ROW_IDENTITY);
    const struct word *source = lex_expect(&m->l, "'cookie' or 'header'");
    const struct word *name = source ? lex_expect(&m->l, "its name") : NULL;

    if (!name)
        return -1;
    if (!word_is(source, "cookie") && !word_is(source, "header"))
        return lex_error(&m->l, source, "who is signed in stands in a 'cookie' or a 'header'");
    r.row.source = word_is(source, "cookie") ? FROM_COOKIE : FROM_HEADER;
    r.row.key = build_str(m->b, name->text);
    if (lex_accept(&m->l, "opaque")) {
        r.row.format = build_str(m->b, STR("-"));
    } else if (lex_accept(&m->l, "after")) {
        const struct word *prefix = lex_expect(&m->l, "what stands before the id, in quotes");

        if (!prefix)
            return -1;
        r.row.format = build_str(m->b, prefix->text);
    }
    return read_rows(m, &r);
}

static const struct statement {
    const char *name;
    int (*read)(struct map *m);
    bool once;
} statements[] = {
    {"platform", read_platform, true},    {"class", read_class, true},
    {"media", read_media, true},          {"version", read_version, true},
    {"family", read_family, true},        {"manages", read_manages, true},
    {"source", read_source, false},       {"accounts", read_accounts, true},
    {"host", read_host, false},           {"reserved", read_reserved, false},
    {"operation", read_operation, false}, {"background", read_background, false},
    {"embed", read_embed, false},         {"activity", read_activity, false},
    {"account", read_account, false},     {"identity", read_identity, false},
    {"hosts-known", read_hosts_known, false}, {"owner", read_owner, false},
};

enum { STATEMENTS = sizeof statements / sizeof *statements };

static void read_statement(struct map *m)
{
    const struct word *name = m->l.words;
    const char *names[STATEMENTS];

    for (unsigned i = 0; i < STATEMENTS; i++) {
        names[i] = statements[i].name;
        if (!word_is(name, names[i]))
            continue;
        if (i > 0 && m->platform == NO_INDEX) { /* after a bad platform statement nothing can be placed */
            if (m->said == 0)
                lex_error(&m->l, name, "a map begins with 'platform ID \"NAME\"'");
            m->said |= 1;
        } else if (statements[i].once && m->said & 1u << i && m->platform != NO_INDEX) {
            lex_error(&m->l, name, "'%s' was said already", names[i]);
        } else {
            m->said |= 1u << i;
            statements[i].read(m);
        }
        return;
    }
    lex_unknown(&m->l, name, "statement", names, STATEMENTS);
}

static void check_whole(struct map *m)
{
    if (m->platform == NO_INDEX) {
        if (m->said == 0)
            lex_error(&m->l, NULL, "the map is empty: it begins with 'platform ID \"NAME\"'");
        return;
    }
    if (!(m->said & 1u << STATEMENT_CLASS))
        lex_error(&m->l, NULL, "the map does not say its class: add 'class social' or another class");
    if (!(m->said & 1u << STATEMENT_VERSION))
        lex_error(&m->l, NULL,
                  "the map does not say its version: add 'version' and the day of its last change");
    if (!m->main_host)
        lex_error(&m->l, NULL, "the map names no main host: add 'host main' and its names");
    if (m->uses_operations) {
        for (uint32_t i = row_of(m)->rows.at; i < build_count(m->b, SECTION_ROWS); i++)
            if (((struct a_row *)build_at(m->b, SECTION_ROWS, i))->kind == ROW_OPERATION)
                return;
        lex_error(&m->l, NULL, "'op' is used, but no 'operation' statement says where their names stand");
    }
}

/* The longest shipped map has 30 KiB: one so large is another file, or somebody's mischief. */
static int too_large(struct str file, struct str text, struct diag *d)
{
    struct message *m;
    unsigned line = 1;

    for (size_t i = 0; i < MAP_SIZE_MAX; i++)
        line += text.p[i] == '\n';
    m = diag_at(d, SEVERITY_ERROR, file, line, 1);
    if (m)
        snprintf(m->text, sizeof m->text, "a map ends before this: it has %d KiB at most, and this file has %zu",
                 MAP_SIZE_MAX >> 10, text.n >> 10);
    diag_quote(d, file, text);
    return -1;
}

/* What its networks' addresses stand for. */
static void name_owners(struct map *m)
{
    struct a_str host = build_str(m->b, m->first_main);

    for (uint32_t i = 0; i < build_count(m->b, SECTION_OWNERS); i++) {
        struct a_owner *owner = build_at(m->b, SECTION_OWNERS, i);

        if (owner->platform == m->platform)
            owner->host = host;
    }
}

int parse_map(struct builder *b, struct str file, struct str text, struct diag *d)
{
    struct map m = {.b = b, .platform = NO_INDEX};
    int result;

    if (text.n > MAP_SIZE_MAX)
        return too_large(file, text, d);

    if (lex_open(&m.l, file, text, d) == 0) {
        while (lex_statement(&m.l))
            read_statement(&m);
        check_whole(&m);
        if (m.platform != NO_INDEX) {
            struct a_list reserved = build_words(b, m.reserved.p, m.reserved.n);

            name_owners(&m);
            row_of(&m)->reserved = reserved;
            row_of(&m)->rows.n = build_count(b, SECTION_ROWS) - row_of(&m)->rows.at;
            map_finish_hosts_known(b, &m.l, m.platform, &m.hosts_known);
        }
    }
    result = m.l.failures ? -1 : 0;
    lex_close(&m.l);
    free(m.reserved.p);
    free(m.hosts_known.p);
    return result;
}

int finish_maps(struct builder *b, struct diag *d)
{
    int result = 0;

    for (uint32_t i = 0; i < build_count(b, SECTION_PLATFORMS); i++) {
        struct a_platform *row = build_at(b, SECTION_PLATFORMS, i);
        struct str managed = build_text(b, row->managed), file = STR_NONE;
        unsigned line = 0, column = 0;
        struct message *m;

        if (!managed.n)
            continue;
        row->manages = build_find_platform(b, managed);
        if (row->manages != NO_INDEX)
            continue;
        result = -1;
        build_place_of(b, SECTION_PLATFORMS, i, &file, &line, &column);
        m = diag_at(d, SEVERITY_ERROR, file, line, column);
        if (m)
            snprintf(m->text, sizeof m->text, "it manages '%.*s', and there is no map of that platform",
                     STR_ARG(managed));
    }
    return result;
}
