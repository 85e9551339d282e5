#include "compile/map_host.h"

#include "core/template.h"
#include "core/text.h"

/* What one host statement says of all its names. */
struct claim {
    uint32_t platform;
    uint32_t role;
    uint32_t flags;
    struct a_list below; /* SECTION_WORDS */
};

static bool same_words(struct builder *b, struct a_list one, struct a_list other)
{
    for (uint32_t i = 0; i < one.n && one.n == other.n; i++) {
        struct a_str x = *(struct a_str *)build_at(b, SECTION_WORDS, one.at + i);
        struct a_str y = *(struct a_str *)build_at(b, SECTION_WORDS, other.at + i);

        if (!str_eq(build_text(b, x), build_text(b, y)))
            return false;
    }
    return one.n == other.n;
}

static int claim_host(struct builder *b, struct lexer *l, const struct word *w, const struct claim *c)
{
    struct str name;
    uint32_t flags = c->flags;
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
    if (h->platform == c->platform && (h->role != c->role || !same_words(b, h->below, c->below)))
        return lex_error(l, w, "'%.*s' was given another role or part above", STR_ARG(name));
    h->platform = c->platform;
    h->role = c->role;
    h->flags |= flags;
    h->below = c->below;
    return 0;
}

/* The templates behind "below". */
static int read_below(struct builder *b, struct lexer *l, unsigned from, struct a_list *below)
{
    struct str paths[MAP_BELOW_MAX];
    const char *problem;
    uint32_t n = 0;

    if (from == l->n)
        return lex_error(l, &l->words[from - 1], "'below' must be followed by a path");
    for (unsigned i = from; i < l->n; i++) {
        const struct word *w = &l->words[i];

        if (n == MAP_BELOW_MAX)
            return lex_error(l, w, "at most %d paths may stand behind 'below'", MAP_BELOW_MAX);
        if (!template_sound(w->text, &problem))
            return lex_error(l, w, "'%.*s' is no path template: %s", STR_ARG(w->text), problem);
        if (template_captures(w->text))
            return lex_error(l, w, "a host's path catches nothing: write '*' for {account}");
        paths[n++] = w->text;
    }
    *below = build_words(b, paths, n);
    return 0;
}

/* "shared" and "below PATH..." stand behind the names; returns the number of the word at which the names end.
 */
static int read_claim(struct builder *b, struct lexer *l, struct claim *c, unsigned *end)
{
    *end = l->at;
    while (*end < l->n && !word_is(&l->words[*end], "below") && !word_is(&l->words[*end], "shared"))
        (*end)++;
    if (*end == l->at)
        return lex_error(l, &l->words[l->at - 1], "a host statement needs a host");
    if (*end == l->n)
        return 0;
    if (word_is(&l->words[*end], "below"))
        return read_below(b, l, *end + 1, &c->below);
    c->flags |= HOST_SHARED;
    if (*end + 1 < l->n)
        return lex_error(l, &l->words[*end + 1], "nothing stands behind 'shared'");
    return 0;
}

int map_read_hosts(struct builder *b, struct lexer *l, uint32_t platform)
{
    const struct word *role = lex_expect(l, "the role of the hosts");
    struct claim claim = {.platform = platform};
    unsigned end;
    int number = role ? lex_word_of(l, role, WORDS_ROLE) : -1;
    int result = 0;

    if (number < 0 || read_claim(b, l, &claim, &end))
        return -1;
    claim.role = (uint32_t)number;
    for (unsigned i = l->at; i < end; i++)
        if (claim_host(b, l, &l->words[i], &claim))
            result = -1;
    return result ? -1 : number;
}

int map_read_hosts_known(struct builder *b, struct lexer *l, struct map_words *known)
{
    const struct word *w = lex_expect(l, "what stands in front of the domain of hosts that are no news");

    for (; w; w = lex_word(l)) {
        struct str inner = w->text;

        if (inner.n && inner.p[0] == '*')
            inner = str_from(inner, 1);
        if (inner.n && inner.p[inner.n - 1] == '*')
            inner.n--;
        if (str_find(inner, '*') < inner.n || w->text.n == 0 || w->text.p[0] == '.' ||
            w->text.p[w->text.n - 1] == '.')
            return lex_error(l, w,
                             "this is what stands in front of the domain: 'web' for web.example.com, with a "
                             "'*' at either end or alone");
        if (known->n == MAP_HOSTS_KNOWN_MAX)
            return lex_error(l, w, "at most %d words may stand here in all: use a '*'", MAP_HOSTS_KNOWN_MAX);
        if (map_words_add_folded(known, b, l, w))
            return -1;
    }
    return 0;
}

void map_finish_hosts_known(struct builder *b, struct lexer *l, uint32_t platform, struct map_words *known)
{
    static const struct str catch = {"{account}", 9};
    struct a_list rows = ((const struct a_platform *)build_at(b, SECTION_PLATFORMS, platform))->rows, words;

    for (uint32_t i = 0; i < rows.n; i++) {
        const struct a_row *row = build_at(b, SECTION_ROWS, rows.at + i);
        struct str host = build_text(b, row->host);
        char below[MAP_WORD_MAX];
        struct word word = {0};
        struct text t;

        if (host.n == 0)
            continue;
        text_init(&t, below, sizeof below);
        text_puts(&t, host.p[0] == '.' || row->flags & ROW_HOST_CATCHES ? "" : ".");
        text_put(&t, row->flags & ROW_HOST_CATCHES ? str_from(host, catch.n) : host);
        word.text = text_str(&t);
        if (t.cut || map_words_add_folded(known, b, l, &word))
            return;
    }
    words = build_words(b, known->p, known->n);
    ((struct a_platform *)build_at(b, SECTION_PLATFORMS, platform))->hosts_known = words;
}
