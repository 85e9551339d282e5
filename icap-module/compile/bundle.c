/* A source as one text: what `portreeve print` writes and `portreeve compile` reads. */
#include "compile/source.h"
#include "compile/writing.h"

#include <stdlib.h>

static const struct str header_mark = {"=== ", 4};

static bool starts_with(struct str s, struct str prefix)
{
    return s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

static int wrong(struct diag *d, unsigned line, struct str source, const char *what)
{
    struct message *m = diag_at(d, SEVERITY_ERROR, STR("bundle"), line, 1);

    if (m) {
        diag_copy(m->text, sizeof m->text, str_of(what));
        diag_copy(m->source, sizeof m->source, source);
    }
    return -1;
}

/* A file's name inside a bundle: relative, no way out, nothing that cannot be seen. */
static bool sound_path(struct str path)
{
    struct str rest = path;

    if (path.n == 0 || path.n > 255 || path.p[0] == '/')
        return false;
    for (size_t i = 0; i < path.n; i++)
        if ((unsigned char)path.p[i] <= 0x20 || path.p[i] == 0x7f || path.p[i] == '\\')
            return false;
    while (rest.n) {
        struct str part = str_cut(&rest, '/');

        if (part.n == 0 || str_eq(part, STR(".")) || str_eq(part, STR("..")))
            return false;
    }
    return true;
}

/* The file that is being read: its text is gathered in place, never longer than the bundle's part. */
struct reading {
    struct source *s;
    struct diag *d;
    char *text;
    size_t n;
};

/* A new file with room for all that is left of the bundle. */
static int begin_file(struct reading *r, struct str path, size_t room)
{
    struct source_file *files = realloc(r->s->files, (r->s->n + 1) * sizeof *files);
    char *copy = malloc(path.n + 1), *text = malloc(room + 2);

    if (files)
        r->s->files = files;
    if (!files || !copy || !text) {
        free(copy);
        free(text);
        return diag_error(r->d, "there is not enough memory to read the bundle", NULL, NULL);
    }
    memcpy(copy, path.p, path.n);
    copy[path.n] = '\0';
    r->s->files[r->s->n++] = (struct source_file){{copy, path.n}, {text, 0}};
    r->text = text;
    r->n = 0;
    return 0;
}

/* Gives back what the text did not need. */
static void end_file(struct reading *r)
{
    struct str *text;
    char *smaller;

    if (!r->text)
        return;
    if (r->n && r->text[r->n - 1] != '\n')
        r->text[r->n++] = '\n';
    r->text[r->n] = '\0';
    smaller = realloc(r->text, r->n + 1);
    text = &r->s->files[r->s->n - 1].text;
    *text = (struct str){smaller ? smaller : r->text, r->n};
    r->text = NULL;
}

/* The bytes up to the next file's header, so that memory is asked for once a file. */
static size_t length_of_part(struct str rest)
{
    size_t n = 0;

    while (n < rest.n && !starts_with(str_from(rest, n), header_mark)) {
        n += str_find(str_from(rest, n), '\n');
        n += n < rest.n;
    }
    return n;
}

static int take_line(struct reading *r, struct str line, unsigned number)
{
    struct str bare = line;

    if (bare.n && bare.p[bare.n - 1] == '\n')
        bare.n--;
    if (!r->text)
        return wrong(r->d, number, bare, "a bundle begins with a line '=== council.policy'");
    if (line.p[0] == '\\')
        line = str_from(line, 1);
    memcpy(r->text + r->n, line.p, line.n);
    r->n += line.n;
    return 0;
}

static int take_header(struct reading *r, struct str line, unsigned number, struct str rest)
{
    struct str path = str_from(line, header_mark.n);

    while (path.n && (path.p[path.n - 1] == '\n' || path.p[path.n - 1] == '\r' || path.p[path.n - 1] == ' '))
        path.n--;
    end_file(r);
    if (!sound_path(path))
        return wrong(r->d, number, path,
                     "this is no path inside a bundle: write one such as 'registers/grants.csv'");
    for (size_t i = 0; i < r->s->n; i++)
        if (str_eq(r->s->files[i].path, path))
            return wrong(r->d, number, path, "this file is in the bundle already: a path may come once");
    return begin_file(r, path, length_of_part(rest));
}

static int by_path(const void *a, const void *b)
{
    return str_cmp(((const struct source_file *)a)->path, ((const struct source_file *)b)->path);
}

int source_parse_bundle(struct str text, struct source *s, struct diag *d)
{
    struct reading r = {.s = s, .d = d};
    struct str rest = text;
    int result = 0;

    *s = (struct source){NULL, 0};
    for (unsigned number = 1; rest.n && result == 0; number++) {
        size_t n = str_find(rest, '\n');
        struct str line = str_upto(rest, n < rest.n ? n + 1 : n);

        rest = str_from(rest, line.n);
        result = starts_with(line, header_mark) ? take_header(&r, line, number, rest)
                                                : take_line(&r, line, number);
    }
    end_file(&r);
    if (s->n)
        qsort(s->files, s->n, sizeof *s->files, by_path);
    if (result == 0 && !source_find(s, STR("council.policy")))
        result = wrong(d, 0, STR_NONE, "there is no '=== council.policy' in the bundle");
    return result;
}

static void put_file(struct writing *w, const struct source_file *f)
{
    struct str rest = f->text;

    writing_put(w, header_mark);
    writing_put(w, f->path);
    writing_put(w, STR("\n"));
    while (rest.n) {
        size_t n = str_find(rest, '\n');
        struct str line = str_upto(rest, n < rest.n ? n + 1 : n);

        if (starts_with(line, STR("===")) || starts_with(line, STR("\\")))
            writing_put(w, STR("\\"));
        writing_put(w, line);
        rest = str_from(rest, line.n);
    }
    if (f->text.n && f->text.p[f->text.n - 1] != '\n')
        writing_put(w, STR("\n"));
}

char *source_print_bundle(const struct source *s, size_t *n)
{
    struct writing w = {NULL, 0};

    for (size_t i = 0; i < s->n; i++)
        put_file(&w, &s->files[i]);
    w.p = malloc(w.n + 1);
    if (!w.p)
        return NULL;
    w.n = 0;
    for (size_t i = 0; i < s->n; i++)
        put_file(&w, &s->files[i]);
    w.p[w.n] = '\0';
    *n = w.n;
    return w.p;
}
