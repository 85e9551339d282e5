/* never-log.map, and the policy's own `never-log`: sites of which nothing is recorded, whatever is decided there. */
#include "compile/never_log.h"

#include "compile/compile.h"

static const char *const names[] = {"version", "source", "kind"};
enum { NAMES = sizeof names / sizeof *names };

int never_log_host(struct builder *b, struct lexer *l, const struct word *w, uint32_t flags)
{
    struct str name;
    uint32_t index;

    if (lex_host(l, w, true, &name) != 0)
        return -1;
    if (name.p[0] != '.')
        return lex_error(l, w, "all that lies below a site is left out of the record with it: write '.%.*s'",
                         STR_ARG(name));
    name = str_from(name, 1);
    build_host(b, name)->flags |= HOST_NEVER_LOG | flags;
    index = build_find_host(b, name);
    if (!build_place_of(b, SECTION_HOSTS, index, &(struct str){0}, &(unsigned){0}, &(unsigned){0}))
        build_place(b, SECTION_HOSTS, index, l->file, w->line, w->column);
    return 0;
}

static void read_kind(struct builder *b, struct lexer *l)
{
    const struct word *w;

    if (!lex_expect(l, "what sort of sites these are, in quotes") || !lex_peek(l)) {
        if (l->n > 1)
            lex_error(l, l->words, "'kind' needs the sites behind its name");
        return;
    }
    while ((w = lex_word(l)) != NULL)
        never_log_host(b, l, w, 0); /* all of them are read, whatever is wrong with one */
}

static void read_statement(struct builder *b, struct lexer *l, bool *version)
{
    const struct word *name = l->words;

    if (word_is(name, "kind")) {
        read_kind(b, l);
    } else if (word_is(name, "source")) {
        if (lex_expect(l, "where these sites were found, in quotes"))
            lex_done(l);
    } else if (!word_is(name, "version")) {
        lex_unknown(l, name, "statement", names, NAMES);
    } else if (*version) {
        lex_error(l, name, "'version' was said already");
    } else {
        *version = true;
        if (lex_expect(l, "the day of its last change"))
            lex_done(l);
    }
}

int parse_never_log(struct builder *b, struct str file, struct str text, struct diag *d)
{
    struct lexer l;
    bool version = false;
    int result;

    if (lex_open(&l, file, text, d) == 0) {
        while (lex_statement(&l))
            read_statement(b, &l, &version);
        if (!version)
            lex_error(&l, NULL, "the list does not say its version: add 'version' and the day of the last change");
    }
    result = l.failures ? -1 : 0;
    lex_close(&l);
    return result;
}
