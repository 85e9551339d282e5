#include "compile/diag_text.h"

#include "compile/utf8.h"

#include <stdlib.h>

static const char *const severity_words[] = {"error", "warning", "note"};

/* As it is, but for bytes that are no UTF-8: a terminal, a log or a page must be able to take it. */
static void put_clean(struct text *t, struct str s)
{
    size_t bad;

    while ((bad = utf8_bad(s)) < s.n) {
        text_put(t, str_upto(s, bad));
        text_putc(t, '?');
        s = str_from(s, bad + 1);
    }
    text_put(t, s);
}

static void put_place(struct text *t, const struct message *m)
{
    if (m->file[0] == '\0')
        return;
    put_clean(t, str_of(m->file));
    if (m->line) {
        text_putc(t, ':');
        text_put_u64(t, m->line);
    }
    if (m->line && m->column) {
        text_putc(t, ':');
        text_put_u64(t, m->column);
    }
    text_puts(t, ": ");
}

static void put_blanks(struct text *t, size_t n)
{
    while (n-- > 0)
        text_putc(t, ' ');
}

/* The caret stands under a character, the column counts bytes: UTF-8's second and later bytes take no room.
 */
static size_t width(const char *source, unsigned column)
{
    size_t n = 0;

    for (unsigned i = 0; i + 1 < column; i++)
        n += ((unsigned char)source[i] & 0xc0) != 0x80;
    return n;
}

void diag_render_message(struct text *t, const struct message *m)
{
    enum { MARGIN = 4 };

    put_place(t, m);
    text_puts(t, severity_words[m->severity]);
    text_puts(t, ": ");
    put_clean(t, str_of(m->text));
    text_putc(t, '\n');
    if (m->source[0] == '\0')
        return;
    put_blanks(t, MARGIN);
    put_clean(t, str_of(m->source));
    text_putc(t, '\n');
    if (m->column == 0 || m->column > strlen(m->source) + 1)
        return;
    put_blanks(t, MARGIN + width(m->source, m->column));
    text_puts(t, "^\n");
}

static void put_more(struct text *t, const struct diag *d)
{
    unsigned kept[3] = {0, 0, 0};

    for (unsigned i = 0; i < d->n; i++)
        kept[d->messages[i].severity]++;
    if (d->errors <= kept[SEVERITY_ERROR] && d->warnings <= kept[SEVERITY_WARNING])
        return;
    text_puts(t, "and more that are not shown: errors ");
    text_put_u64(t, d->errors - kept[SEVERITY_ERROR]);
    text_puts(t, ", warnings ");
    text_put_u64(t, d->warnings - kept[SEVERITY_WARNING]);
    text_putc(t, '\n');
}

char *diag_render(const struct diag *d, size_t *n)
{
    /* A message is never longer than its fields, the caret line and a few words. */
    size_t size = (d->n + 1) * (sizeof(struct message) + DIAG_LINE + 64);
    char *out = malloc(size);
    struct text t;

    if (!out)
        return NULL;
    text_init(&t, out, size - 1);
    for (unsigned i = 0; i < d->n; i++)
        diag_render_message(&t, &d->messages[i]);
    put_more(&t, d);
    out[t.n] = '\0';
    if (n)
        *n = t.n;
    return out;
}

void diag_quote(struct diag *d, struct str file, struct str text)
{
    char name[DIAG_FILE];

    diag_copy(name, sizeof name, file);
    for (unsigned i = 0; i < d->n; i++) {
        struct message *m = &d->messages[i];
        struct str rest = text, line = STR_NONE;

        if (m->line == 0 || m->source[0] != '\0' || strcmp(m->file, name) != 0)
            continue;
        for (unsigned at = 0; at < m->line; at++)
            line = rest.n ? str_cut(&rest, '\n') : STR_NONE;
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        diag_copy(m->source, sizeof m->source, line);
    }
}

void diag_add_errors(struct diag *to, const struct diag *from)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < from->n; i++) {
        struct message *m;

        if (from->messages[i].severity != SEVERITY_ERROR)
            continue;
        kept++;
        m = diag_at(to, SEVERITY_ERROR, STR_NONE, 0, 0);
        if (m)
            *m = from->messages[i];
    }
    to->errors += from->errors - kept;
}
