#include "compile/lex.h"

#include "compile/date.h"
#include "compile/hostname.h"
#include "compile/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct lex_kept {
    struct lex_kept *next;
    char text[];
};

int lex_open(struct lexer *l, struct str file, struct str text, struct diag *d)
{
    enum { FIRST_ROOM = 64 };

    *l = (struct lexer){.file = file, .text = text, .d = d, .line = 1};
    if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
        l->position = 3;
    l->storage = malloc(FIRST_ROOM * sizeof *l->storage);
    if (!l->storage) {
        l->failures++;
        return diag_error(d, "out of memory", NULL, NULL);
    }
    l->room = FIRST_ROOM;
    l->words = l->storage;
    return 0;
}

void lex_close(struct lexer *l)
{
    while (l->kept) {
        struct lex_kept *next = l->kept->next;

        free(l->kept);
        l->kept = next;
    }
    free(l->storage);
    l->storage = NULL;
    l->words = NULL;
    l->n = l->at = l->room = 0;
}

/* A piece of memory that lives until lex_close. */
static char *keep(struct lexer *l, size_t size)
{
    struct lex_kept *k = malloc(sizeof *k + size);

    if (!k) {
        l->failures++;
        diag_error(l->d, "out of memory", NULL, NULL);
        return NULL;
    }
    k->next = l->kept;
    l->kept = k;
    return k->text;
}

/* The line that holds `offset`, without its end. */
static struct str line_around(struct str text, size_t offset)
{
    size_t start = offset < text.n ? offset : text.n;
    struct str line;

    while (start > 0 && text.p[start - 1] != '\n')
        start--;
    line = str_from(text, start);
    line = str_upto(line, str_find(line, '\n'));
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    if (start == 0 && line.n >= 3 && memcmp(line.p, "\xef\xbb\xbf", 3) == 0)
        line = str_from(line, 3);
    return line;
}

static __attribute__((format(printf, 4, 0))) void say(struct lexer *l, enum severity severity,
                                                      const struct word *at, const char *format, va_list args)
{
    char text[DIAG_TEXT];
    struct message *m = diag_at(l->d, severity, l->file, at ? at->line : 0, at ? at->column : 0);

    if (severity == SEVERITY_ERROR)
        l->failures++;
    if (!m)
        return;
    vsnprintf(text, sizeof text, format, args);
    diag_copy(m->text, sizeof m->text, str_of(text));
    if (at)
        diag_copy(m->source, sizeof m->source, line_around(l->text, at->offset));
}

int lex_error(struct lexer *l, const struct word *at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(l, SEVERITY_ERROR, at, format, args);
    va_end(args);
    return -1;
}

void lex_warning(struct lexer *l, const struct word *at, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(l, SEVERITY_WARNING, at, format, args);
    va_end(args);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool add_word(struct lexer *l, struct word w)
{
    if (l->n == l->room) {
        struct word *larger = realloc(l->storage, 2 * (size_t)l->room * sizeof *larger);

        if (!larger) {
            l->failures++;
            diag_error(l->d, "out of memory", NULL, NULL);
            return false;
        }
        l->storage = larger;
        l->words = larger;
        l->room *= 2;
    }
    l->storage[l->n++] = w;
    return true;
}

/* The quoted string that `w` begins, up to the end of the line; its length with quotes, 0 after an error. */
static size_t read_quoted(struct lexer *l, struct str rest, struct word *w)
{
    size_t i = 1, escapes = 0;
    char *to;

    for (; i < rest.n && rest.p[i] != '"'; i++) {
        if (rest.p[i] == '\\' && i + 1 < rest.n && (rest.p[i + 1] == '"' || rest.p[i + 1] == '\\')) {
            escapes++;
            i++;
        }
    }
    if (i == rest.n)
        return lex_error(l, w, "this quoted string has no end: put a \" behind it, on the same line"), 0;
    if (i + 1 < rest.n && !is_blank(rest.p[i + 1]))
        return lex_error(l, w, "a blank must follow the quoted string (write \\\" for a quote inside it)"), 0;
    w->quoted = true;
    w->text = (struct str){rest.p + 1, i - 1};
    if (escapes == 0)
        return i + 1;
    to = keep(l, w->text.n - escapes);
    if (!to)
        return 0;
    for (size_t from = 1, n = 0; from < i; from++) {
        if (rest.p[from] == '\\' && (rest.p[from + 1] == '"' || rest.p[from + 1] == '\\'))
            from++;
        to[n++] = rest.p[from];
    }
    w->text = (struct str){to, w->text.n - escapes};
    return i + 1;
}

static size_t read_bare(struct lexer *l, struct str rest, struct word *w)
{
    size_t i = 0;

    while (i < rest.n && !is_blank(rest.p[i])) {
        if (rest.p[i] == '"')
            return lex_error(l, w, "a quote inside a word: put the whole word in quotes"), 0;
        i++;
    }
    w->text = str_upto(rest, i);
    return i;
}

/* No byte that a person cannot see, and nothing that is not UTF-8. */
static bool sound_bytes(struct lexer *l, struct str line, struct word *w)
{
    size_t bad = utf8_bad(line);

    for (size_t i = 0; i < line.n && i < bad; i++)
        if (((unsigned char)line.p[i] < 0x20 && line.p[i] != '\t') || line.p[i] == 0x7f)
            bad = i;
    if (bad == line.n)
        return true;
    w->offset += bad;
    w->column += (unsigned)bad;
    lex_error(l, w, "a byte that is no text (0x%02x): save the file as UTF-8 and take it out",
              (unsigned char)line.p[bad]);
    return false;
}

/* Adds the words of one line, which begins at `offset`. False after an error. */
static bool read_line(struct lexer *l, struct str line, size_t offset)
{
    struct word w = {.offset = offset, .line = l->line, .column = 1};
    bool first = true;
    size_t i = 0;

    if (!sound_bytes(l, line, &w))
        return false;
    for (;;) {
        size_t length;

        while (i < line.n && is_blank(line.p[i]))
            i++;
        if (i == line.n || line.p[i] == '#')
            return true;
        w = (struct word){
            .offset = offset + i, .line = l->line, .column = (unsigned)i + 1, .starts_line = first};
        first = false;
        length =
            line.p[i] == '"' ? read_quoted(l, str_from(line, i), &w) : read_bare(l, str_from(line, i), &w);
        if (length == 0 || !add_word(l, w))
            return false;
        i += length;
    }
}

/* Nothing stands in the line but blanks and a comment. */
static bool is_empty(struct str line)
{
    line = str_trim(line);
    return line.n == 0 || line.p[0] == '#';
}

/* Reads the lines of the next statement; *sound says whether it may be looked at. False at the end of the
 * text. */
static bool read_statement(struct lexer *l, bool *sound)
{
    bool started = false;

    *sound = true;
    l->n = l->at = 0;
    while (l->position < l->text.n) {
        struct str rest = str_from(l->text, l->position);
        size_t length = str_find(rest, '\n');
        struct str line = str_upto(rest, length);

        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        if (!is_empty(line)) {
            bool indented = is_blank(line.p[0]);

            if (started && !indented)
                return true;
            if (!started && indented) {
                struct word w = {.offset = l->position, .line = l->line, .column = 1};

                lex_error(l, &w, "this line begins with white space, but there is no statement above it");
                *sound = false;
            }
            started = true;
            if (!read_line(l, line, l->position))
                *sound = false;
        }
        l->position += length < rest.n ? length + 1 : length;
        l->line++;
    }
    return started;
}

bool lex_statement(struct lexer *l)
{
    bool sound;

    while (read_statement(l, &sound)) {
        if (sound) {
            l->at = 1;
            return true;
        }
    }
    l->n = l->at = 0;
    return false;
}

const struct word *lex_peek(const struct lexer *l)
{
    return l->at < l->n ? &l->words[l->at] : NULL;
}

const struct word *lex_word(struct lexer *l)
{
    return l->at < l->n ? &l->words[l->at++] : NULL;
}

const struct word *lex_line_peek(const struct lexer *l)
{
    return l->at < l->n && !l->words[l->at].starts_line ? &l->words[l->at] : NULL;
}

const struct word *lex_line_word(struct lexer *l)
{
    return lex_line_peek(l) ? lex_word(l) : NULL;
}

bool word_is(const struct word *w, const char *keyword)
{
    return !w->quoted && str_eq(w->text, str_of(keyword));
}

bool lex_accept(struct lexer *l, const char *keyword)
{
    if (l->at == l->n || !word_is(&l->words[l->at], keyword))
        return false;
    l->at++;
    return true;
}

const struct word *lex_expect(struct lexer *l, const char *what)
{
    const struct word *last;

    if (l->at < l->n)
        return &l->words[l->at++];
    if (l->n == 0)
        return NULL;
    last = &l->words[l->n - 1];
    lex_error(l, last, "'%.*s' must be followed by %s", STR_ARG(last->text), what);
    return NULL;
}

int lex_done(struct lexer *l)
{
    if (l->at == l->n)
        return 0;
    return lex_error(l, &l->words[l->at], "'%.*s' is too much here: '%.*s' ends before it",
                     STR_ARG(l->words[l->at].text), STR_ARG(l->words[0].text));
}

int lex_line_done(struct lexer *l)
{
    const struct word *w = lex_line_peek(l);

    return w ? lex_error(l, w, "'%.*s' is too much here", STR_ARG(w->text)) : 0;
}

struct str lex_choices(const char *const *names, size_t n, char *to, size_t size)
{
    struct text t;

    text_init(&t, to, size < DIAG_TEXT / 2 ? size : DIAG_TEXT / 2);
    for (size_t i = 0; i < n; i++) {
        text_puts(&t, i ? ", " : "");
        text_puts(&t, names[i]);
    }
    return t.cut ? STR("") : text_str(&t);
}

int lex_unknown(struct lexer *l, const struct word *at, const char *what, const char *const *names, size_t n)
{
    const char *near = diag_nearest(at->text, names, n);
    char all[DIAG_TEXT];
    struct str t;

    if (near)
        return lex_error(l, at, "unknown %s '%.*s': did you mean '%s'?", what, STR_ARG(at->text), near);
    if (n == 0)
        return lex_error(l, at, "unknown %s '%.*s': there is none", what, STR_ARG(at->text));
    t = lex_choices(names, n, all, sizeof all);
    if (t.n == 0)
        return lex_error(l, at, "unknown %s '%.*s'", what, STR_ARG(at->text));
    return lex_error(l, at, "unknown %s '%.*s': it is one of %.*s", what, STR_ARG(at->text), STR_ARG(t));
}

int lex_word_of(struct lexer *l, const struct word *at, enum word_list_id list)
{
    int value = at->quoted ? -1 : word_find(list, at->text);

    if (value < 0)
        lex_unknown(l, at, word_lists[list].what, word_lists[list].words, word_lists[list].n);
    return value;
}

int lex_date(struct lexer *l, const struct word *at, uint32_t *day)
{
    const char *problem = date_parse_iso(at->text, day);

    return problem ? lex_error(l, at, "'%.*s' %s", STR_ARG(at->text), problem) : 0;
}

int lex_host(struct lexer *l, const struct word *at, bool dot, struct str *name)
{
    const char *problem;
    char *to = keep(l, HOSTNAME_MAX + 2);

    if (!to)
        return -1;
    if (!hostname_normal(at->text, dot, to, name, &problem))
        return lex_error(l, at, "'%.*s' is no host name: %s", STR_ARG(at->text), problem);
    return 0;
}
