/* categories.map: which list fills which category, whose lists they are, what must never be listed. */
#include "compile/hostname.h"
#include "compile/lex.h"
#include "compile/lists_import_internal.h"

#include <stdlib.h>

enum { SOURCES_MAX = 64, ROWS_MAX = 1024, PROTECT_MAX = 4096 };

const char *const list_format_words[LIST_FORMATS] = {
    [LIST_AUTO] = "any",     [LIST_DOMAINS] = "domains", [LIST_URLS] = "urls", [LIST_EXPRESSIONS] = "expressions",
    [LIST_HOSTS] = "hosts",  [LIST_ADBLOCK] = "adblock", [LIST_RPZ] = "rpz",   [LIST_CSV] = "csv"};

/* The map while it is read: its texts lie in one block as large as the file at most, and some. */
struct map_file {
    struct lexer l;
    struct lists_map *m;
};

static struct str kept(struct map_file *f, struct str s)
{
    struct lists_map *m = f->m;
    char *p = m->text + m->n_text;

    if (m->room - m->n_text < s.n)
        return STR_NONE; /* never: see the room's size */
    if (s.n)
        memcpy(p, s.p, s.n);
    m->n_text += s.n;
    return (struct str){p, s.n};
}

static int read_version(struct map_file *f)
{
    const struct word *w = lex_expect(&f->l, "a date");
    uint32_t day;

    if (!w || lex_date(&f->l, w, &day) != 0)
        return -1;
    f->m->version = kept(f, w->text);
    return lex_done(&f->l);
}

static int read_protect(struct map_file *f)
{
    const struct word *w;
    struct str name;

    while ((w = lex_word(&f->l))) {
        if (lex_host(&f->l, w, true, &name) != 0)
            return -1;
        if (f->m->n_protect == PROTECT_MAX)
            return lex_error(&f->l, w, "more than %d names to protect", PROTECT_MAX);
        f->m->protect[f->m->n_protect++] = kept(f, name);
    }
    return 0;
}

static int find_source(const struct lists_map *m, struct str id)
{
    for (uint32_t i = 0; i < m->n_sources; i++)
        if (str_eq(m->sources[i].id, id))
            return (int)i;
    return -1;
}

/* source ID "title" licence "..." [address "..."] [own] */
static int read_source(struct map_file *f)
{
    const struct word *id = lex_expect(&f->l, "the source's name"), *w;
    struct lists_source s = {{0}, {0}, {0}, {0}, false};

    if (!id || !(w = lex_expect(&f->l, "whose lists they are, in quotes")))
        return -1;
    if (find_source(f->m, id->text) >= 0)
        return lex_error(&f->l, id, "source '%.*s' is there already", STR_ARG(id->text));
    if (f->m->n_sources == SOURCES_MAX || id->text.n > LISTS_ID / 2)
        return lex_error(&f->l, id, "too many sources, or too long a name");
    s.title = kept(f, w->text);
    while ((w = lex_word(&f->l))) {
        bool licence = word_is(w, "licence");

        if (word_is(w, "own")) {
            s.own = true;
            continue;
        }
        if (!licence && !word_is(w, "address"))
            return lex_error(&f->l, w, "a source has a title, 'licence', 'address' and 'own'");
        if (!(w = lex_expect(&f->l, "a text")))
            return -1;
        *(licence ? &s.licence : &s.address) = kept(f, w->text);
    }
    if (!s.licence.n)
        return lex_error(&f->l, id, "a source needs a licence: may you use these lists?");
    s.id = kept(f, id->text);
    f->m->sources[f->m->n_sources++] = s;
    return 0;
}

static int add_row(struct map_file *f, const struct word *at, struct lists_row row)
{
    for (uint32_t i = 0; i < f->m->n_rows; i++)
        if (f->m->rows[i].source == row.source && str_eq(f->m->rows[i].name, row.name))
            return lex_error(&f->l, at, "list '%.*s' of that source is there already", STR_ARG(row.name));
    if (f->m->n_rows == ROWS_MAX || row.name.n > LISTS_ID / 2)
        return lex_error(&f->l, at, "too many lists, or too long a name");
    f->m->rows[f->m->n_rows++] = row;
    return 0;
}

static int read_format(struct map_file *f, enum list_format *format)
{
    const struct word *w = lex_expect(&f->l, "a format");

    for (unsigned i = 0; w && i < LIST_FORMATS; i++)
        if (word_is(w, list_format_words[i])) {
            *format = (enum list_format)i;
            return 0;
        }
    return w ? lex_unknown(&f->l, w, "format", list_format_words, LIST_FORMATS) : -1;
}

/* "as CATEGORY [format F]", the words behind the lists' names. */
static int read_as(struct map_file *f, const struct lists_source *s, struct lists_row *row)
{
    const struct word *w = lex_expect(&f->l, "a category");

    if (!w || (row->category = lex_word_of(&f->l, w, WORDS_CATEGORY)) < 0)
        return -1;
    if (row->category == CATEGORY_ILLEGAL && !s->own)
        return lex_error(&f->l, w,
                         "'illegal' is filled by a list that the council brings: its source has the word 'own'");
    if (lex_accept(&f->l, "format") && read_format(f, &row->format) != 0)
        return -1;
    return lex_done(&f->l);
}

/* list SOURCE NAME... as CATEGORY [format F] | ignore SOURCE NAME... */
static int read_lists(struct map_file *f, bool taken)
{
    const struct word *w = lex_expect(&f->l, "a source's name");
    uint32_t first = f->m->n_rows;
    struct lists_row row = {.category = -1};
    int source = w ? find_source(f->m, w->text) : -1;

    if (!w)
        return -1;
    if (source < 0)
        return lex_error(&f->l, w, "there is no source '%.*s': it stands above its lists", STR_ARG(w->text));
    row.source = (uint32_t)source;
    while ((w = lex_word(&f->l)) && !(taken && word_is(w, "as"))) {
        row.name = kept(f, w->text);
        if (add_row(f, w, row) != 0)
            return -1;
    }
    if (!taken)
        return 0;
    if (!w)
        return lex_error(&f->l, NULL, "'list SOURCE NAME...' must end with 'as CATEGORY'");
    if (read_as(f, &f->m->sources[source], &row) != 0)
        return -1;
    for (uint32_t i = first; i < f->m->n_rows; i++) {
        f->m->rows[i].category = row.category;
        f->m->rows[i].format = row.format;
    }
    return 0;
}

static void read_statement(struct map_file *f)
{
    static const char *const names[] = {"version", "protect", "source", "list", "ignore"};
    const struct word *name = &f->l.words[0];

    if (word_is(name, "version"))
        read_version(f);
    else if (word_is(name, "protect"))
        read_protect(f);
    else if (word_is(name, "source"))
        read_source(f);
    else if (word_is(name, "list") || word_is(name, "ignore"))
        read_lists(f, word_is(name, "list"));
    else
        lex_unknown(&f->l, name, "statement", names, sizeof names / sizeof *names);
}

int lists_map_read(struct str file, struct str text, struct lists_map **m, struct diag *d)
{
    struct map_file f = {.m = calloc(1, sizeof **m)};
    bool sound;

    if (f.m) {
        f.m->room = text.n * 8 + 1024; /* a name in A-labels is longer than what is written */
        f.m->sources = calloc(SOURCES_MAX, sizeof *f.m->sources);
        f.m->rows = calloc(ROWS_MAX, sizeof *f.m->rows);
        f.m->protect = calloc(PROTECT_MAX, sizeof *f.m->protect);
        f.m->text = malloc(f.m->room);
    }
    if (!f.m || !f.m->sources || !f.m->rows || !f.m->protect || !f.m->text) {
        lists_map_free(f.m);
        return diag_error(d, "there is not enough memory to read the map of categories", NULL, NULL);
    }
    if (lex_open(&f.l, file, text, d) == 0)
        while (lex_statement(&f.l))
            read_statement(&f);
    sound = f.l.failures == 0;
    lex_close(&f.l);
    if (!sound) {
        lists_map_free(f.m);
        return -1;
    }
    *m = f.m;
    return 0;
}

void lists_map_free(struct lists_map *m)
{
    if (!m)
        return;
    free(m->sources);
    free(m->rows);
    free(m->protect);
    free(m->text);
    free(m);
}
