/* Lines of registers about one person: the registers as they are in the artefact, word for word. */
#include "tools/subject_collect.h"

#include "compile/csv_rows.h"
#include "core/arena.h"
#include "core/lookup.h"
#include "core/request.h"

static bool is_theirs(const struct collected *w, struct str word)
{
    for (size_t i = 0; i < w->n_all; i++)
        if (word.n && str_ieq(w->all[i], word))
            return true;
    return false;
}

/* Another person's sign-in name, as far as the registers know them. */
static bool is_another(const struct collected *w, struct str word)
{
    const struct artefact *a = policy_artefact(w->policy);
    unsigned char room[4096];
    struct arena arena;
    struct str name;

    if (!word.n || is_theirs(w, word))
        return false;
    arena_init(&arena, room, sizeof room);
    name = user_canonical(word, &arena);
    return lookup_member(a, name) != NULL || lookup_user_grants(a, name).n > 0 || !str_eq(lookup_current(a, name), name);
}

static bool is_break(char c)
{
    return c == ' ' || c == ',' || c == ';' || c == '\t' || c == '\n' || c == '\r';
}

static size_t word_at(struct str cell, size_t at)
{
    size_t end = at;

    while (end < cell.n && !is_break(cell.p[end]))
        end++;
    return end - at;
}

static bool has_theirs(const struct collected *w, struct str cell)
{
    if (is_theirs(w, str_trim(cell)))
        return true;
    for (size_t at = 0, n; at < cell.n; at += n + 1) {
        n = word_at(cell, at);
        if (is_theirs(w, (struct str){cell.p + at, n}))
            return true;
    }
    return false;
}

/* In a column of sign-in names nobody else stays, known or not. */
static bool names_people(struct str heading)
{
    static const char *const headings[] = {"user", "officers", "deputy", "names", "former_names"};

    for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
        if (str_ieq(str_trim(heading), str_of(headings[i])))
            return true;
    return false;
}

static struct str without_others(struct collected *w, struct str heading, struct str cell)
{
    const bool alone = names_people(heading);
    const char *text = "";

    if (is_theirs(w, str_trim(cell)))
        return subject_text(w, cell);
    for (size_t at = 0, n; at < cell.n; at += n + 1) {
        struct str word;

        n = word_at(cell, at);
        word = (struct str){cell.p + at, n};
        if (n)
            text = pool_print(&w->pool, "%s%s%.*s", text, *text ? " " : "",
                              STR_ARG((alone && !is_theirs(w, word)) || is_another(w, word) ? STR("[another person]") : word));
    }
    return subject_text(w, str_of(text));
}

static void take_row(struct collected *w, struct str list, const struct str *headings, unsigned n_headings, const struct csv_rows *r)
{
    struct subject_row *row = subject_more(w, &w->facts.rows, sizeof *row);
    const unsigned n = r->n < n_headings ? r->n : n_headings;
    struct str *cells = pool_take(&w->pool, 2 * (size_t)(n + 1) * sizeof *cells);

    if (!row || !cells)
        return;
    *row = (struct subject_row){subject_text(w, list), cells, 2 * (size_t)n};
    for (unsigned i = 0; i < n; i++) {
        cells[2 * i] = headings[i];
        cells[2 * i + 1] = without_others(w, headings[i], r->cells[i]);
    }
}

static char delimiter_of(struct str text)
{
    struct str first = str_upto(text, str_find(text, '\n'));
    size_t commas = 0, semicolons = 0, tabs = 0;

    for (size_t i = 0; i < first.n; i++) {
        commas += first.p[i] == ',';
        semicolons += first.p[i] == ';';
        tabs += first.p[i] == '\t';
    }
    if (tabs > commas && tabs > semicolons)
        return '\t';
    return semicolons > commas ? ';' : ',';
}

static int read_register(struct collected *w, struct str path, struct str text)
{
    struct str headings[CSV_CELLS_MAX];
    unsigned n_headings = 0;
    struct csv_rows r;
    enum csv_step step;

    if (csv_rows_begin(&r, text, delimiter_of(text)) != 0)
        return diag_error(w->d, "out of memory", NULL, NULL);
    while ((step = csv_rows_next(&r)) != CSV_DONE && step != CSV_NO_MEMORY) {
        bool theirs = false;

        if (step != CSV_ROW)
            continue;
        if (!n_headings) {
            for (; n_headings < r.n; n_headings++)
                headings[n_headings] = subject_text(w, r.cells[n_headings]);
            continue;
        }
        for (unsigned i = 0; i < r.n && !theirs; i++)
            theirs = has_theirs(w, r.cells[i]);
        if (theirs)
            take_row(w, path, headings, n_headings, &r);
    }
    csv_rows_end(&r);
    return step == CSV_NO_MEMORY ? diag_error(w->d, "out of memory", NULL, NULL) : 0;
}

int subject_rows(struct collected *w)
{
    const struct artefact *a = policy_artefact(w->policy);

    for (uint32_t i = 0; i < a->n[SECTION_SOURCES]; i++) {
        const struct a_source *s = &ARTEFACT_ROWS(a, SOURCES, struct a_source)[i];
        struct str path = artefact_str(a, s->path);

        if (path.n > 4 && str_ieq(str_from(path, path.n - 4), STR(".csv")) && read_register(w, path, artefact_str(a, s->text)) != 0)
            return -1;
    }
    return 0;
}
