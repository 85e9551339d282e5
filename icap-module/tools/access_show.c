#include "tools/access_show.h"

#include "report/form.h"
#include "report/report.h"
#include "report/words.h"
#include "tools/json_words.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- entry by entry ---- */

/* Nothing of it may speak to a terminal or turn the direction of writing. */
static const char *clean(struct access_shown *s, struct str text)
{
    struct str c = input_clean(&s->pool, text, false);

    return pool_print(&s->pool, "%.*s", STR_ARG(c));
}

static const char *more_of(struct access_shown *s, const struct access_entry *e)
{
    const char *text = "";

    for (size_t i = 0; i < e->n_more; i++)
        text = pool_print(&s->pool, "%s%s%s %s", text, *text ? ", " : "", e->more[i].key, clean(s, e->more[i].value));
    return text;
}

static void put_text(struct access_shown *s, const char *when, const struct access_entry *e)
{
    const struct {
        const char *before;
        struct str value;
    } parts[] = {{" by ", e->by},       {" as ", e->role},     {", login ", str_eq(e->login, e->by) ? STR_NONE : e->login},
                 {": ", e->what},       {", case ", e->case_ref}, {", about ", e->about},
                 {": ", e->result},     {": ", e->why}};
    const char *more = more_of(s, e);

    html_raw(&s->out, pool_print(&s->pool, "%s  %s", when, e->refused ? "refused" : "look"));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].value.n) {
            html_raw(&s->out, parts[i].before);
            html_raw(&s->out, clean(s, parts[i].value));
        }
    html_raw(&s->out, pool_print(&s->pool, "%s%s%s\n", *more ? " (" : "", more, *more ? ")" : ""));
}

static void put_json(struct access_shown *s, const char *when, const struct access_entry *e)
{
    json_t *o = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "time", when, "kind",
                          e->refused ? "refused" : "look", "by", json_slice(e->by), "login", json_slice(e->login), "role",
                          json_slice(e->role), "what", json_slice(e->what), "case", json_slice(e->case_ref), "about",
                          json_slice(e->about), "result", json_slice(e->result), "why", json_slice(e->why));
    char *text;

    for (size_t i = 0; i < e->n_more; i++)
        json_object_set_new(o, e->more[i].key, json_slice(e->more[i].value));
    text = json_dumps(o, JSON_COMPACT);
    s->out.failed |= text == NULL;
    html_raw(&s->out, text ? text : "");
    html_raw(&s->out, "\n");
    free(text);
    json_decref(o);
}

static void put_csv(struct access_shown *s, const char *when, const struct access_entry *e)
{
    const char *const cells[] = {when,
                                 e->refused ? "refused" : "look",
                                 clean(s, e->by),
                                 clean(s, e->login),
                                 clean(s, e->role),
                                 clean(s, e->what),
                                 clean(s, e->case_ref),
                                 clean(s, e->about),
                                 clean(s, e->result),
                                 clean(s, e->why),
                                 more_of(s, e)};

    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        html_raw(&s->out, i ? "," : "");
        out_csv_cell(&s->out, cells[i]);
    }
    html_raw(&s->out, "\r\n");
}

void access_row(void *to, int64_t time, const struct access_entry *e)
{
    struct access_shown *s = to;
    char when[LEDGER_TIME];

    ledger_time(time, when);
    if (s->entries++ == 0 && s->form == ACCESS_CSV)
        html_raw(&s->out, "time,kind,by,login,role,what,case,about,result,why,more\r\n");
    if (s->form == ACCESS_JSON)
        put_json(s, when, e);
    else if (s->form == ACCESS_CSV)
        put_csv(s, when, e);
    else
        put_text(s, when, e);
}

static const char *soundness(struct access_shown *s, const struct ledger_read *read)
{
    const char *erased = read->erased ? pool_print(&s->pool, " Lines 1 to %llu were erased when their time was over; a signed "
                                                             "receipt says so.",
                                                   (unsigned long long)read->erased)
                                      : "";

    return s->sound ? pool_print(&s->pool, "The log is sound: %s.%s", words_count(&s->pool, read->head.lines - read->erased, "line", "lines"),
                                 erased)
                    : pool_print(&s->pool, "The log is NOT sound from line %llu on: it %s. What stands behind that line is not "
                                           "shown.%s",
                                 (unsigned long long)read->head.lines + 1, ledger_fault_words(read->fault), erased);
}

int access_end(struct access_shown *s, const struct ledger_read *read, struct diag *d)
{
    if (s->form == ACCESS_TEXT) {
        if (!s->entries)
            html_raw(&s->out, "nobody has looked, by this log and for what was asked\n");
        html_raw(&s->out, soundness(s, read));
        html_raw(&s->out, "\n");
    }
    return s->out.failed || s->pool.failed ? diag_error(d, "out of memory: nothing is shown", NULL, NULL) : 0;
}

/* ---- the digest ---- */

static void count(struct access_shown *s, struct access_tallies *t, struct str name, bool refused)
{
    struct access_tally *row = NULL;

    if (!name.n)
        name = STR("not told");
    for (size_t i = 0; i < t->n && !row; i++)
        if (str_eq(str_of(t->rows[i].name), name))
            row = &t->rows[i];
    if (!row) {
        row = pool_grow(&s->pool, t->rows, t->n, sizeof *row);
        if (!row)
            return;
        t->rows = row;
        row = &t->rows[t->n++];
        *row = (struct access_tally){.name = pool_print(&s->pool, "%.*s", STR_ARG(name))};
    }
    row->looks += !refused;
    row->refused += refused;
}

/* Whom a look was about is not kept here; who looks into a case of their own is no name of the digest either. */
void access_count(void *to, int64_t time, const struct access_entry *e)
{
    struct access_shown *s = to;

    (void)time;
    if (str_eq(e->result, STR("begun"))) /* how it ended stands there, too */
        return;
    s->looks += !e->refused;
    s->refused += e->refused;
    count(s, &s->what, input_clean(&s->pool, e->what, false), e->refused);
    count(s, &s->role, input_clean(&s->pool, e->role, false), e->refused);
    count(s, &s->by,
          e->about.n && str_eq(e->by, e->about) ? STR("the person whom it was about") : input_clean(&s->pool, e->by, false),
          e->refused);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct access_tally *)a)->name, ((const struct access_tally *)b)->name);
}

static void put_tallies(struct doc *doc, const char *caption, const char *column, struct access_tallies *t)
{
    struct table *table = doc_table(doc, caption, (const char *const[]){column, "#Looks", "#Refused or failed", NULL});

    if (t->n)
        qsort(t->rows, t->n, sizeof *t->rows, by_name);
    for (size_t i = 0; i < t->n; i++) {
        doc_cell(doc, table, "%s", doc_said(doc, str_of(t->rows[i].name)));
        doc_cell(doc, table, "%llu", (unsigned long long)t->rows[i].looks);
        doc_cell(doc, table, "%llu", (unsigned long long)t->rows[i].refused);
    }
}

static void make_digest(struct access_shown *s, struct doc *doc, const struct ledger_read *read)
{
    doc->title = "Who looked: digest for Information Governance";
    doc->council = "The access log of this machine";
    doc->made = words_time(&doc->pool, s->at);
    doc->limits[0] = "It counts looks that were logged on this machine. It names nobody whom a look was about.";
    doc_section(doc, "short", "In short");
    doc_text(doc, BLOCK_PARAGRAPH, "From %s to %s: %s, and %llu refused or failed.", words_time(&doc->pool, s->since), doc->made,
             words_count(&doc->pool, s->looks, "look", "looks"), (unsigned long long)s->refused);
    doc_text(doc, s->sound ? BLOCK_PARAGRAPH : BLOCK_NOTE, "%s", soundness(s, read));
    doc_section(doc, "kinds", "By kind of look");
    put_tallies(doc, "Kinds of look", "Kind", &s->what);
    doc_section(doc, "roles", "By role");
    put_tallies(doc, "Roles", "Role", &s->role);
    doc_section(doc, "people", "By who looked");
    put_tallies(doc, "Who looked", "Who", &s->by);
}

int access_digest(struct access_shown *s, const struct ledger_read *read, struct diag *d)
{
    struct doc doc = {0};
    int result;

    make_digest(s, &doc, read);
    if (s->form == ACCESS_JSON)
        result = out_json(&doc, &s->out);
    else
        result = s->form == ACCESS_CSV ? out_csv(&doc, &s->out) : out_plain(&doc, &s->out);
    if (result != 0 || doc.pool.failed || s->pool.failed)
        result = diag_error(d, "out of memory: nothing is shown", NULL, NULL);
    doc_free(&doc);
    return result;
}

void access_shown_free(struct access_shown *s)
{
    html_free(&s->out);
    pool_free(&s->pool);
}
