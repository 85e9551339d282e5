/* Maps of restrictions: the table of lines and the walk over them. */
#include "compile/restriction.h"

#include "compile/compile.h"
#include "core/template.h"

enum { PATHS_MAX = 64, CHOICES_MAX = 16, ID_MAX = 40 };

/* One restriction while its lines are read. */
struct reading {
    struct builder *b;
    struct lexer *l;
    uint32_t index; /* that it will have */
    struct a_restriction row;
    struct a_place places[PLACES_MAX];
    struct str paths[PATHS_MAX];
    uint32_t n_paths;
    unsigned said; /* bit set of lines, by their order in the table below */
};

static int read_hosts(struct reading *r)
{
    const struct word *w;
    int result = 0;

    while ((w = lex_line_word(r->l)) != NULL) {
        struct a_restricted row = {.restriction = r->index};
        struct str name;

        if (lex_host(r->l, w, true, &name)) {
            result = -1;
            continue;
        }
        if (name.p[0] == '.') {
            name = str_from(name, 1);
            row.flags = HOST_SUBDOMAINS;
        }
        row.name = build_str(r->b, name);
        build_row(r->b, SECTION_RESTRICTED, &row);
    }
    return result;
}

static int read_paths(struct reading *r)
{
    const struct word *w;

    while ((w = lex_line_word(r->l)) != NULL) {
        const char *problem;

        if (!template_sound(w->text, &problem))
            return lex_error(r->l, w, "'%.*s' is no path template: %s", STR_ARG(w->text), problem);
        if (template_captures(w->text))
            return lex_error(r->l, w, "a restriction's path catches nothing: write '*' for {account}");
        if (r->n_paths == PATHS_MAX)
            return lex_error(r->l, w, "a restriction has at most %d paths", PATHS_MAX);
        r->paths[r->n_paths++] = w->text;
    }
    return 0;
}

/* RFC 9110 5.6.2 token; for a parameter none of the bytes that part an address. */
static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= 0x20 || s.p[i] >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}&#%+", s.p[i]))
            return false;
    return s.n > 0 && s.n <= ARTEFACT_NAME_MAX;
}

/* Headers that say where a request ends, where it goes or who sends it are none of a map's business. */
static bool is_reserved(struct str name)
{
    static const char *const names[] = {"host",   "connection",    "keep-alive", "transfer-encoding",
                                        "te",     "trailer",       "upgrade",    "expect",
                                        "cookie", "authorization", "via",        "forwarded"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_ieq(name, str_of(names[i])))
            return true;
    return str_istarts(name, STR("content-")) || str_istarts(name, STR("proxy-")) ||
           str_istarts(name, STR("x-portreeve-"));
}

/* The next place, its name read. */
static struct a_place *add_place(struct reading *r, enum place_kind kind, const struct word *name)
{
    struct a_place *place = &r->places[r->row.places.n];

    if (!is_name(name->text)) {
        lex_error(r->l, name, "'%.*s' is no name of a header or parameter", STR_ARG(name->text));
        return NULL;
    }
    if (kind != PLACE_QUERY && is_reserved(name->text)) {
        lex_error(r->l, name, "the header '%.*s' is not a restriction's to change", STR_ARG(name->text));
        return NULL;
    }
    for (uint32_t i = 0; i < r->row.places.n; i++)
        if ((r->places[i].kind == PLACE_QUERY) == (kind == PLACE_QUERY) &&
            str_ieq(build_text(r->b, r->places[i].name), name->text)) {
            lex_error(r->l, name, "'%.*s' was said already", STR_ARG(name->text));
            return NULL;
        }
    if (r->row.places.n == PLACES_MAX) {
        lex_error(r->l, name, "a restriction has at most %d headers and parameters", PLACES_MAX);
        return NULL;
    }
    *place = (struct a_place){.name = build_str(r->b, name->text), .kind = kind};
    r->row.places.n++;
    return place;
}

static int read_choices(struct reading *r, struct a_place *place)
{
    struct str choices[CHOICES_MAX];
    const struct word *w;
    uint32_t n = 0;

    while ((w = lex_line_word(r->l)) != NULL) {
        const char *problem = restriction_word_problem((enum place_kind)place->kind, w->text);

        if (problem)
            return lex_error(r->l, w, "'%.*s': %s", STR_ARG(w->text), problem);
        if (n == CHOICES_MAX)
            return lex_error(r->l, w, "there are at most %d words to choose from", CHOICES_MAX);
        choices[n++] = w->text;
    }
    if (n < 2)
        return lex_error(r->l, &r->l->words[r->l->at - 1],
                         "'one-of' is followed by two words or more, the strictest first");
    place->choices = build_words_in_order(r->b, choices, n);
    return 0;
}

static int read_fixed(struct reading *r, struct a_place *place)
{
    const struct word *w = lex_line_word(r->l);
    const char *problem;

    if (!w)
        return lex_error(r->l, &r->l->words[r->l->at - 1], "'is' must be followed by the value");
    problem = restriction_word_problem((enum place_kind)place->kind, w->text);
    if (problem)
        return lex_error(r->l, w, "'%.*s': %s", STR_ARG(w->text), problem);
    place->value = build_str(r->b, w->text);
    return 0;
}

/* "NAME SHAPE ...": the cursor behind 'header' or 'query'. */
static int read_place(struct reading *r, enum place_kind kind)
{
    const struct word *name = lex_line_word(r->l);
    const struct word *w = name ? lex_line_word(r->l) : NULL;
    struct a_place *place;
    int shape;

    if (!w)
        return lex_error(r->l, &r->l->words[r->l->at - 1],
                         "'%s' is followed by a name and the shape of its value", word_of(WORDS_PLACE, kind));
    place = add_place(r, kind, name);
    shape = place ? lex_word_of(r->l, w, WORDS_SHAPE) : -1;
    if (shape < 0)
        return -1;
    place->shape = (uint32_t)shape;
    if (shape == SHAPE_IS)
        return read_fixed(r, place);
    return shape == SHAPE_ONE_OF ? read_choices(r, place) : 0;
}

static int read_header(struct reading *r)
{
    return read_place(r, PLACE_HEADER);
}

static int read_query(struct reading *r)
{
    return read_place(r, PLACE_QUERY);
}

static int read_without(struct reading *r)
{
    const struct word *w;

    while ((w = lex_line_word(r->l)) != NULL)
        if (!add_place(r, PLACE_WITHOUT, w))
            return -1;
    return 0;
}

static int read_confidence(struct reading *r)
{
    int proof = lex_word_of(r->l, lex_line_word(r->l), WORDS_PROOF);

    if (proof < 0)
        return -1;
    r->row.proof = (uint32_t)proof;
    return 0;
}

static int read_checked(struct reading *r)
{
    uint32_t day;

    return lex_date(r->l, lex_line_word(r->l), &day);
}

/* Free text for whoever reads the map. */
static int read_words(struct reading *r)
{
    lex_line_word(r->l);
    return 0;
}

enum { LINE_HOSTS = 0, LINE_CONFIDENCE = 5, LINE_CHECKED, LINE_SOURCE };

static const struct line {
    const char *name;
    int (*read)(struct reading *r); /* at least one word stands behind it */
    bool once;
} lines[] = {
    {"hosts", read_hosts, false},    {"paths", read_paths, false},     {"header", read_header, false},
    {"query", read_query, false},    {"without", read_without, false}, {"confidence", read_confidence, true},
    {"checked", read_checked, true}, {"source", read_words, false},    {"note", read_words, false},
};

enum { LINES = sizeof lines / sizeof *lines };

static int read_line(struct reading *r)
{
    const struct word *w = lex_word(r->l);
    const char *names[LINES];

    for (unsigned i = 0; i < LINES; i++) {
        names[i] = lines[i].name;
        if (!word_is(w, names[i]))
            continue;
        if (lines[i].once && r->said & 1u << i)
            return lex_error(r->l, w, "'%s' was said already", names[i]);
        r->said |= 1u << i;
        if (!lex_line_peek(r->l))
            return lex_error(r->l, w, "'%s' needs something behind it, on the same line", names[i]);
        return lines[i].read(r) ? -1 : lex_line_done(r->l);
    }
    return lex_unknown(r->l, w, "line of a restriction", names, LINES);
}

static int check_whole(struct reading *r, const struct word *id)
{
    static const struct {
        unsigned line;
        const char *wanted;
    } needed[] = {{LINE_HOSTS, "hosts' and the names"},
                  {LINE_CONFIDENCE, "confidence' and 'verified', 'single' or 'disputed"},
                  {LINE_CHECKED, "checked' and the day on which its facts were looked up"},
                  {LINE_SOURCE, "source' and where its facts come from, in quotes"}};
    bool puts = false;
    int result = 0;

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!(r->said & 1u << needed[i].line))
            result = lex_error(r->l, id, "restriction '%.*s': add a line '%s'", STR_ARG(id->text),
                               needed[i].wanted);
    for (uint32_t i = 0; i < r->row.places.n; i++)
        puts |= r->places[i].kind != PLACE_WITHOUT;
    return puts ? result
                : lex_error(r->l, id, "restriction '%.*s' puts nothing in: add a line 'header' or 'query'",
                            STR_ARG(id->text));
}

static bool is_id(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-'))
            return false;
    return s.n > 0 && s.n <= ID_MAX;
}

/* The statement's first line. */
static const struct word *read_name(struct reading *r)
{
    const struct word *id = lex_line_word(r->l), *name = id ? lex_line_word(r->l) : NULL;

    if (!name) {
        lex_error(r->l, r->l->words, "'restriction' is followed by its id and its name in quotes");
        return NULL;
    }
    if (!is_id(id->text))
        lex_error(r->l, id, "an id is made of a-z, 0-9 and '-', at most %d", ID_MAX);
    else if (build_find_restriction(r->b, id->text) != NO_INDEX)
        lex_error(r->l, id, "there is a restriction '%.*s' already", STR_ARG(id->text));
    r->row.id = build_str(r->b, id->text);
    r->row.name = build_str(r->b, name->text);
    return lex_line_done(r->l) ? NULL : id;
}

static void read_restriction(struct builder *b, struct lexer *l)
{
    struct reading r = {.b = b, .l = l, .index = build_count(b, SECTION_RESTRICTIONS)};
    unsigned failures = l->failures;
    const struct word *id = read_name(&r);

    if (!id)
        return;
    while (lex_peek(l))
        if (read_line(&r))
            while (lex_line_word(l))
                continue;
    if (l->failures == failures)
        check_whole(&r, id);
    r.row.places.at = build_count(b, SECTION_PLACES);
    for (uint32_t i = 0; i < r.row.places.n; i++)
        build_row(b, SECTION_PLACES, &r.places[i]);
    r.row.paths = build_words_in_order(b, r.paths, r.n_paths);
    build_row(b, SECTION_RESTRICTIONS, &r.row);
    build_place(b, SECTION_RESTRICTIONS, r.index, l->file, id->line, id->column);
}

int parse_restrictions(struct builder *b, struct str file, struct str text, struct diag *d)
{
    static const char *const statements[] = {"restriction"};
    struct lexer l;
    int result;

    if (lex_open(&l, file, text, d) == 0)
        while (lex_statement(&l)) {
            if (word_is(l.words, statements[0]))
                read_restriction(b, &l);
            else
                lex_unknown(&l, l.words, "statement", statements, 1);
        }
    result = l.failures ? -1 : 0;
    lex_close(&l);
    return result;
}
