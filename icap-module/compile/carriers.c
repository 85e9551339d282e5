/* carriers.map: where the address inside a translator's, cache's or archive's address stands. */
#include "compile/compile.h"
#include "compile/map_row.h"
#include "core/template.h"

#include <stdlib.h>

enum { CARRIER_ROWS_MAX = 256, ID_MAX = 40 };

/* One file while it is read. */
struct carriers_file {
    struct builder *b;
    struct lexer l;
    bool version;
};

/* One statement. */
struct statement {
    struct a_carrier row;
    struct map_words hosts, paths, keys;
    bool if_open, name, hidden;
    const struct word *place; /* the word that says where, for messages */
};

static bool is_id(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-'))
            return false;
    return s.n > 0 && s.n <= ID_MAX;
}

static int add_host(struct carriers_file *c, struct statement *s, const struct word *w)
{
    struct str name;

    return lex_host(&c->l, w, true, &name) ? -1 : map_words_add(&s->hosts, &c->l, name);
}

/* "/web/STAR/{url}": "/web/STAR" in front; STR_NONE where the path does not end so. */
static struct str prefix_of(struct str path)
{
    const struct str end = STR("/{url}");

    if (path.n < end.n || !str_eq(str_from(path, path.n - end.n), end))
        return STR_NONE;
    return (struct str){path.p, path.n - end.n};
}

static int add_path(struct carriers_file *c, struct statement *s, const struct word *w)
{
    struct str prefix = prefix_of(w->text), sound = prefix.p ? prefix : w->text;
    const char *problem = "a carrier's path catches nothing but {url}, at its end";

    if (sound.n && (!template_sound(sound, &problem) || template_captures(sound) ||
                    (prefix.p && str_eq(str_from(sound, sound.n - 2), STR("**")) && sound.n > 1)))
        return lex_error(&c->l, w, "'%.*s' is no path of a carrier: %s", STR_ARG(w->text), problem);
    return map_words_add(&s->paths, &c->l, w->text);
}

static int add_key(struct carriers_file *c, struct statement *s, const struct word *w)
{
    if (w->text.n == 0 || w->text.n > MAP_WORD_MAX || str_find(w->text, '=') < w->text.n ||
        str_find(w->text, '&') < w->text.n)
        return lex_error(&c->l, w, "a parameter's name is wanted here, without its value");
    s->place = w;
    return map_words_add(&s->keys, &c->l, w->text);
}

static int set_after(struct carriers_file *c, struct statement *s, const struct word *w)
{
    if (s->row.after.n || w->text.n == 0)
        return lex_error(&c->l, w, "'after' takes one text: what stands in front of the address");
    s->row.after = build_str(c->b, w->text);
    return 0;
}

static const struct part {
    const char *name;
    int (*read)(struct carriers_file *, struct statement *,
                const struct word *); /* of each word behind it, or NULL */
    size_t flag;                      /* without `read`: what it sets */
} parts[] = {
    {"host", add_host, 0},
    {"path", add_path, 0},
    {"query", add_key, 0},
    {"after", set_after, 0},
    {"name", NULL, offsetof(struct statement, name)},
    {"hidden", NULL, offsetof(struct statement, hidden)},
    {"if-open", NULL, offsetof(struct statement, if_open)},
};

enum { PARTS = sizeof parts / sizeof *parts };

static int part_of(const struct word *w)
{
    for (int i = 0; i < PARTS; i++)
        if (word_is(w, parts[i].name))
            return i;
    return -1;
}

static int read_part(struct carriers_file *c, struct statement *s, const struct word *name, int i)
{
    const struct word *w = lex_peek(&c->l);
    int result = 0;

    if (!parts[i].read) {
        *(bool *)((char *)s + parts[i].flag) = true;
        return 0;
    }
    if (!w || part_of(w) >= 0)
        return lex_error(&c->l, name, "'%s' must be followed by what it names", parts[i].name);
    while ((w = lex_peek(&c->l)) && part_of(w) < 0) {
        lex_word(&c->l);
        if (parts[i].read(c, s, w))
            result = -1;
    }
    return result;
}

static int read_parts(struct carriers_file *c, struct statement *s)
{
    const struct word *w;
    const char *names[PARTS];
    int result = 0;

    for (int i = 0; i < PARTS; i++)
        names[i] = parts[i].name;
    while ((w = lex_word(&c->l))) {
        int i = part_of(w);

        if (i < 0)
            return lex_unknown(&c->l, w, "part of a carrier", names, PARTS);
        if (read_part(c, s, w, i))
            result = -1;
    }
    return result;
}

/* One place, and hosts that it fits. */
static int check_place(struct carriers_file *c, struct statement *s)
{
    const struct word *id = &c->l.words[1];
    unsigned in_path = 0, places;

    for (uint32_t i = 0; i < s->paths.n; i++)
        in_path += prefix_of(s->paths.p[i]).p ? 1 : 0;
    places = (in_path ? 1u : 0u) + (s->keys.n ? 1u : 0u) + s->name + s->hidden;
    if (places != 1)
        return lex_error(
            &c->l, id,
            "say where the address stands, in one way: 'query KEY', a 'path' that ends in /{url}, 'name', or "
            "'hidden'");
    if (in_path && in_path < s->paths.n)
        return lex_error(&c->l, id, "either all its paths end in /{url} or none: divide the statement");
    if (s->hosts.n == 0)
        return lex_error(&c->l, id, "a carrier has a host");
    if (s->row.after.n && (s->name || s->hidden))
        return lex_error(&c->l, id, "'after' goes with 'query' and with paths that end in /{url}");
    for (uint32_t i = 0; s->name && i < s->hosts.n; i++)
        if (s->hosts.p[i].p[0] != '.')
            return lex_error(&c->l, id, "'name' reads what stands in front of the host: write '.%.*s'",
                             STR_ARG(s->hosts.p[i]));
    s->row.place = in_path ? INSIDE_PATH : s->keys.n ? INSIDE_QUERY : s->name ? INSIDE_NAME : INSIDE_HIDDEN;
    return 0;
}

static void claim_host(struct carriers_file *c, const struct statement *s, struct str name)
{
    struct a_host *h = build_host(c->b, str_from(name, name.p[0] == '.'));

    h->flags |=
        HOST_CARRIER | (s->if_open ? 0 : HOST_CARRIER_OPENED) | (name.p[0] == '.' ? HOST_SUBDOMAINS : 0);
}

static int add_rows(struct carriers_file *c, struct statement *s)
{
    uint32_t n_paths = s->paths.n ? s->paths.n : 1, n_keys = s->keys.n ? s->keys.n : 1;

    if (build_count(c->b, SECTION_CARRIERS) + (uint64_t)n_paths * n_keys * s->hosts.n > CARRIER_ROWS_MAX)
        return lex_error(&c->l, &c->l.words[1], "the carriers have more than %d places in all: bring fewer",
                         CARRIER_ROWS_MAX);
    for (uint32_t h = 0; h < s->hosts.n; h++)
        claim_host(c, s, s->hosts.p[h]);
    for (uint32_t p = 0; p < n_paths; p++)
        for (uint32_t k = 0; k < n_keys; k++)
            for (uint32_t h = 0; h < s->hosts.n; h++) {
                struct a_carrier row = s->row;
                struct str path = s->paths.n ? s->paths.p[p] : STR_NONE;

                row.host = build_str(c->b, s->hosts.p[h]);
                row.path = build_str(c->b, row.place == INSIDE_PATH ? prefix_of(path) : path);
                row.key = build_str(c->b, s->keys.n ? s->keys.p[k] : STR_NONE);
                build_row(c->b, SECTION_CARRIERS, &row);
            }
    return 0;
}

static int read_carrier(struct carriers_file *c)
{
    const struct word *id = lex_expect(&c->l, "the carrier's id");
    struct statement s = {0};
    int result = -1;

    if (!id)
        return -1;
    if (!is_id(id->text))
        return lex_error(&c->l, id, "an id is made of a-z, 0-9 and '-'");
    s.row.id = build_str(c->b, id->text);
    if (read_parts(c, &s) == 0 && check_place(c, &s) == 0)
        result = add_rows(c, &s);
    free(s.hosts.p);
    free(s.paths.p);
    free(s.keys.p);
    return result;
}

static void read_statement(struct carriers_file *c)
{
    static const char *const names[] = {"version", "source", "carrier"};
    const struct word *name = c->l.words;

    if (word_is(name, names[2])) {
        read_carrier(c);
    } else if (word_is(name, names[1])) {
        if (lex_expect(&c->l, "why this file can be believed, in quotes"))
            lex_done(&c->l);
    } else if (!word_is(name, names[0])) {
        lex_unknown(&c->l, name, "statement", names, 3);
    } else if (c->version) {
        lex_error(&c->l, name, "'version' was said already");
    } else {
        c->version = true;
        if (lex_expect(&c->l, "the day of its last change"))
            lex_done(&c->l);
    }
}

int parse_carriers(struct builder *b, struct str file, struct str text, struct diag *d)
{
    struct carriers_file c = {.b = b};
    int result;

    if (lex_open(&c.l, file, text, d) == 0) {
        while (lex_statement(&c.l))
            read_statement(&c);
        if (!c.version)
            lex_error(&c.l, NULL,
                      "the carriers do not say their version: add 'version' and the day of the last change");
    }
    result = c.l.failures ? -1 : 0;
    lex_close(&c.l);
    return result;
}
