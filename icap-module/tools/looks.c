#include "tools/looks.h"

#include "record/accesslog.h"
#include "report/case.h"
#include "tools/case_store.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- cases about the person ---- */

struct about {
    struct str reference;
    bool kept_back;
};

struct looking {
    const struct looks_wanted *w;
    struct pool pool;
    struct about *cases;
    size_t n_cases;
    void (*each)(void *to, const struct look *l);
    void *to;
};

static bool is_one_of(const struct str *names, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (name.n && str_ieq(names[i], name))
            return true;
    return false;
}

static bool is_about(const struct looking *l, const struct case_file *c)
{
    if (is_one_of(l->w->names, l->w->n_names, c->subject.name))
        return true;
    INPUT_EACH(const struct str, c->subject.former_names, name)
    if (is_one_of(l->w->names, l->w->n_names, *name))
        return true;
    return false;
}

static bool may_be_told(const struct input_case *c, int32_t today)
{
    return c->told_on || (c->tell_on && c->tell_on < today);
}

static void take_case(struct looking *l, struct str reference)
{
    struct case_file *c = calloc(1, sizeof *c);
    struct str text = STR_NONE;
    struct about *row;
    struct diag ignored; /* what is no case is none about this person */

    diag_init(&ignored);
    if (c && case_store_read(l->w->cases, reference, &text, &ignored) == 0 && case_read(text, c, &ignored) == 0 &&
        is_about(l, c) && (row = pool_grow(&l->pool, l->cases, l->n_cases, sizeof *row)) != NULL) {
        l->cases = row;
        row[l->n_cases++] = (struct about){str_of(pool_print(&l->pool, "%.*s", STR_ARG(reference))),
                                           !may_be_told(&c->panel, l->w->today)};
    }
    l->pool.failed |= c == NULL;
    if (c)
        case_free(c);
    free(c);
    free((char *)(uintptr_t)text.p);
}

static int is_case(const struct dirent *e)
{
    size_t n = strlen(e->d_name);

    return n > 5 && e->d_name[0] != '.' && strcmp(e->d_name + n - 5, ".case") == 0;
}

static int read_cases(struct looking *l, struct diag *d)
{
    struct dirent **names = NULL;
    int n = l->w->cases ? scandir(l->w->cases, &names, is_case, alphasort) : 0;

    for (int i = 0; names && i < n; i++) {
        struct str file = str_of(names[i]->d_name);

        take_case(l, str_upto(file, file.n - 5));
        free(names[i]);
    }
    free(names);
    return n < 0 ? diag_error(d, l->w->cases, ": cannot be listed", NULL) : 0;
}

static const struct about *case_of(const struct looking *l, struct str reference)
{
    for (size_t i = 0; i < l->n_cases; i++)
        if (str_eq(l->cases[i].reference, reference))
            return &l->cases[i];
    return NULL;
}

/* ---- looks ---- */

static bool has_code(const struct looking *l, const struct access_entry *e)
{
    for (size_t i = 0; i < e->n_more; i++)
        if (strcmp(e->more[i].key, "code") == 0)
            return is_one_of(l->w->codes, l->w->n_codes, e->more[i].value);
    return false;
}

/* A case that is not in the folder is not known to be told. One of a subject access request is the person's own. */
static bool kept_back(const struct looking *l, struct str reference)
{
    const struct about *c = case_of(l, reference);

    return c ? c->kept_back : reference.n && !str_istarts(reference, STR("SAR-"));
}

static void take(void *to, int64_t time, const struct access_entry *e)
{
    struct looking *l = to;
    bool theirs = is_one_of(l->w->names, l->w->n_names, e->about) || (e->case_ref.n && case_of(l, e->case_ref)) ||
                  has_code(l, e);

    if (!theirs || str_eq(e->result, STR("begun"))) /* how that ended stands there, too */
        return;
    l->each(l->to, &(struct look){.at = time,
                                  .by = e->by,
                                  .role = e->role,
                                  .what = e->what,
                                  .case_ref = e->case_ref,
                                  .result = e->result,
                                  .refused = e->refused,
                                  .kept_back = kept_back(l, e->case_ref)});
}

int looks_read(const struct looks_wanted *w, void (*each)(void *to, const struct look *l), void *to, struct diag *d)
{
    struct looking l = {.w = w, .each = each, .to = to};
    struct ledger_read read;
    char number[48];
    int result = read_cases(&l, d);

    for (size_t i = 0; result == 0 && i < w->n_logs; i++) {
        result = accesslog_read(w->logs[i], &(struct access_wanted){.since = 0}, take, &l, &read, d);
        if (result == 0 && read.fault != LEDGER_SOUND && read.fault != LEDGER_TORN) {
            snprintf(number, sizeof number, ": line %llu ", (unsigned long long)read.head.lines + 1);
            result = diag_error(d, w->logs[i], number, ledger_fault_words(read.fault));
        }
    }
    if (result == 0 && l.pool.failed)
        result = diag_error(d, "out of memory: who looked cannot be told", NULL, NULL);
    pool_free(&l.pool);
    return result;
}

int looks_kept_back(const struct looks_wanted *w, struct str reference, bool *back, struct diag *d)
{
    struct looking l = {.w = w};
    int result = read_cases(&l, d);

    *back = result != 0 || kept_back(&l, reference);
    pool_free(&l.pool);
    return result;
}
