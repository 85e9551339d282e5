#include "core/diag.h"

enum { WORD_MAX = 48 };

void diag_init(struct diag *d)
{
    d->n = d->errors = d->warnings = 0;
}

void diag_copy(char *to, size_t size, struct str from)
{
    size_t n = from.n < size - 1 ? from.n : size - 1;

    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)from.p[i];

        to[i] = c == '\t' ? ' ' : c < 0x20 || c == 0x7f ? '?' : (char)c;
    }
    to[n] = '\0';
}

static unsigned kept(const struct diag *d, enum severity severity)
{
    unsigned n = 0;

    for (unsigned i = 0; i < d->n; i++)
        n += d->messages[i].severity == severity;
    return n;
}

/* The last of the mildest messages goes, if it is milder than the one that comes. A few warnings stay
 * whatever comes: they may tell why. */
static bool make_room(struct diag *d, enum severity severity)
{
    enum severity mild = kept(d, SEVERITY_NOTE) ? SEVERITY_NOTE : SEVERITY_WARNING;

    if (mild <= severity || (mild == SEVERITY_WARNING && kept(d, mild) <= DIAG_WARNINGS))
        return false;
    for (unsigned i = d->n; i-- > 0;) {
        if (d->messages[i].severity != mild)
            continue;
        d->n--;
        memmove(&d->messages[i], &d->messages[i + 1], (d->n - i) * sizeof *d->messages);
        return true;
    }
    return false;
}

struct message *diag_at(struct diag *d, enum severity severity, struct str file, unsigned line,
                        unsigned column)
{
    struct message *m;

    if (severity == SEVERITY_ERROR)
        d->errors++;
    else if (severity == SEVERITY_WARNING)
        d->warnings++;
    if (d->n == DIAG_MAX && !make_room(d, severity))
        return NULL;
    m = &d->messages[d->n++];
    m->severity = severity;
    m->line = line;
    m->column = column;
    diag_copy(m->file, sizeof m->file, file);
    m->source[0] = m->text[0] = '\0';
    return m;
}

int diag_error(struct diag *d, const char *a, const char *b, const char *c)
{
    struct message *m = diag_at(d, SEVERITY_ERROR, STR_NONE, 0, 0);
    const char *parts[] = {a, b, c};
    struct text t;

    if (!m)
        return -1;
    text_init(&t, m->text, sizeof m->text - 1);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            text_puts(&t, parts[i]);
    m->text[t.n] = '\0';
    return -1;
}

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;

    return m < c ? m : c;
}

/* Levenshtein's distance, one row kept; words longer than WORD_MAX never match. */
static size_t distance(struct str a, struct str b)
{
    size_t row[WORD_MAX + 1];

    if (a.n > WORD_MAX || b.n > WORD_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.n; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t above = row[j];
            size_t cost = ascii_lower(a.p[i - 1]) != ascii_lower(b.p[j - 1]);

            row[j] = min3(row[j] + 1, row[j - 1] + 1, diagonal + cost);
            diagonal = above;
        }
    }
    return row[b.n];
}

const char *diag_nearest(struct str word, const char *const *candidates, size_t n)
{
    const char *best = NULL;
    size_t best_distance = word.n / 3 + 2;

    for (size_t i = 0; i < n; i++) {
        struct str candidate = str_of(candidates[i]);
        size_t apart = word.n > candidate.n ? word.n - candidate.n : candidate.n - word.n;
        size_t d = apart < best_distance ? distance(word, candidate) : apart; /* never less than that */

        if (d < best_distance) {
            best = candidates[i];
            best_distance = d;
        }
    }
    return best;
}
