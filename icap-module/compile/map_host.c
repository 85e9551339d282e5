#include "compile/map_host.h"

#include "core/template.h"

/* What one host statement says of all its names. */
struct claim {
    uint32_t platform;
    uint32_t role;
    uint32_t flags;
    struct str path;
};

static int claim_host(struct builder *b, struct lexer *l, const struct word *w, const struct claim *c)
{
    struct str name;
    uint32_t flags = c->flags;
    struct a_str path = build_str(b, c->path);
    struct a_host *h;

    if (lex_host(l, w, true, &name))
        return -1;
    if (name.p[0] == '.') {
        name = str_from(name, 1);
        flags |= HOST_SUBDOMAINS;
    }
    h = build_host(b, name);
    if (h->platform != NO_INDEX && h->platform != c->platform) {
        const struct a_platform *other = build_at(b, SECTION_PLATFORMS, h->platform);

        return lex_error(l, w, "'%.*s' is a host of platform '%.*s' already", STR_ARG(name),
                         STR_ARG(build_text(b, other->id)));
    }
    if (h->platform == c->platform && (h->role != c->role || !str_eq(build_text(b, h->path), c->path)))
        return lex_error(l, w, "'%.*s' was given another role or path above", STR_ARG(name));
    h->platform = c->platform;
    h->role = c->role;
    h->flags |= flags;
    h->path = path;
    return 0;
}

/* "shared" and "below PATH" stand behind the names; returns the number of the word at which the names end. */
static int read_claim(struct lexer *l, struct claim *c, unsigned *end)
{
    const char *problem;

    *end = l->n;
    if (word_is(&l->words[l->n - 1], "shared")) {
        c->flags |= HOST_SHARED;
        *end = l->n - 1;
    } else if (word_is(&l->words[l->n - 1], "below")) {
        return lex_error(l, &l->words[l->n - 1], "'below' must be followed by a path");
    } else if (l->n > 2 && word_is(&l->words[l->n - 2], "below")) {
        const struct word *w = &l->words[l->n - 1];

        if (!template_sound(w->text, &problem))
            return lex_error(l, w, "'%.*s' is no path template: %s", STR_ARG(w->text), problem);
        if (template_captures(w->text))
            return lex_error(l, w, "a host's path catches nothing: write '*' for {account}");
        c->path = w->text;
        *end = l->n - 2;
    }
    if (*end <= l->at)
        return lex_error(l, &l->words[l->at - 1], "a host statement needs a host");
    return 0;
}

int map_read_hosts(struct builder *b, struct lexer *l, uint32_t platform)
{
    const struct word *role = lex_expect(l, "the role of the hosts");
    struct claim claim = {.platform = platform};
    unsigned end;
    int number = role ? lex_word_of(l, role, WORDS_ROLE) : -1;
    int result = 0;

    if (number < 0 || read_claim(l, &claim, &end))
        return -1;
    claim.role = (uint32_t)number;
    for (unsigned i = l->at; i < end; i++)
        if (claim_host(b, l, &l->words[i], &claim))
            result = -1;
    return result ? -1 : number;
}
