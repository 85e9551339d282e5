/* subject-export: what is held on one person, at their own request, released by Information Governance. */
#include "core/clock.h"
#include "record/accesslog.h"
#include "record/file.h"
#include "record/seal.h"
#include "report/case.h"
#include "report/report.h"
#include "tools/access.h"
#include "tools/case_subject.h"
#include "tools/cmd.h"
#include "tools/subject_collect.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct subject_options {
    struct subject_from from;
    const char *by, *out, *reference, *first, *last;
};

#define TAKE(name, member)                                                                                             \
    static bool take_##name(void *to, const char *value)                                                               \
    {                                                                                                                  \
        ((struct subject_options *)to)->member = value;                                                                \
        return true;                                                                                                   \
    }
TAKE(opening, from.opening)
TAKE(opening_key, from.opening_key)
TAKE(store, from.store)
TAKE(artefact, from.artefact)
TAKE(standing, from.standing)
TAKE(cases, from.cases)
TAKE(by, by)
TAKE(out, out)
TAKE(reference, reference)
TAKE(first, first)
TAKE(last, last)
#undef TAKE

static bool take_log(void *to, const char *value)
{
    struct subject_from *f = &((struct subject_options *)to)->from;

    if (f->n_logs < LOOKS_LOGS) {
        f->logs[f->n_logs++] = value;
        return true;
    }
    fprintf(stderr, "portreeve subject-export: --access-log: %d at most\n", LOOKS_LOGS);
    return false;
}

static bool take_at(void *to, const char *value)
{
    return take_moment("portreeve subject-export: --at", value, &((struct subject_options *)to)->from.now);
}

static const struct option_row rows[] = {
    {"--opening", false, take_opening},   {"--opening-key", false, take_opening_key},
    {"--store", false, take_store},       {"--artefact", false, take_artefact},
    {"--standing", false, take_standing}, {"--cases", false, take_cases},
    {"--access-log", false, take_log},    {"--by", false, take_by},
    {"--out", false, take_out},           {"--reference", false, take_reference},
    {"--from", false, take_first},        {"--to", false, take_last},
    {"--at", false, take_at},
};

static int usage(void)
{
    fprintf(stderr, "portreeve subject-export: write 'portreeve subject-export request NAME --reference SAR-... --from DAY --to DAY "
                    "--by WHO --artefact FILE --out FILE', then 'portreeve subject-export FILE --opening FILE --opening-key FILE "
                    "--store STORE --artefact FILE --standing FILE --access-log FILE [--cases DIR] --by WHO --out FOLDER'\n");
    return EXIT_BAD_INPUT;
}

/* ---- the request ---- */

static bool take_day(const char *text, int32_t *day, const char *option, struct diag *d)
{
    int64_t t;

    if (strlen(text) != 10 || clock_parse(str_of(text), &t) != 0) {
        diag_error(d, option, ": write a day as 2026-09-03", NULL);
        return false;
    }
    *day = clock_local(t).day;
    return true;
}

static int write_request(const struct subject_options *o, const struct sar *r, struct diag *d)
{
    json_t *tree = sar_write(r);
    struct sar again = {.asked_on = 0};
    char *text = NULL;
    int result = -1;

    if (tree && sar_read(tree, &again, d) == 0 && (text = json_dumps(tree, JSON_INDENT(1))) != NULL)
        result = access(o->out, F_OK) == 0 ? diag_error(d, o->out, ": is there already", NULL)
                                           : file_replace(o->out, text, strlen(text), d);
    else if (!d->errors)
        diag_error(d, "out of memory", NULL, NULL);
    free(text);
    sar_free(&again);
    json_decref(tree);
    return result;
}

/* Earlier names and the directory's id are the registers'. */
static int make_request(const struct subject_options *o, const char *name, struct diag *d)
{
    enum { GOOD_FOR = 30 * 86400 };
    struct policy *p = open_policy(o->from.artefact);
    struct case_file *c = calloc(1, sizeof *c);
    struct sar r = {.reference = str_of(o->reference),
                    .checked_by = str_of(o->by),
                    .asked_on = clock_local(o->from.now).day,
                    .expires = o->from.now + GOOD_FOR};
    int result = -1;

    if (p && c && take_day(o->first, &r.from, "--from", d) && take_day(o->last, &r.to, "--to", d)) {
        c->subject.name = str_of(name);
        if (case_subject_know(c, policy_artefact(p), d) == 0) {
            r.subject = c->subject;
            result = write_request(o, &r, d);
        }
    }
    if (c)
        case_free(c);
    free(c);
    policy_free(p);
    return result;
}

/* ---- the export ---- */

static int note(const struct subject_options *o, const struct sar *r, bool refused, struct diag *d)
{
    char login[128];
    struct access_entry e = {.by = str_of(o->by),
                             .login = access_login(login, sizeof login),
                             .role = STR("ig"),
                             .what = STR("subject-export"),
                             .case_ref = r->reference,
                             .about = r->subject.name,
                             .result = refused ? STR("refused") : STR("done"),
                             .why = refused && d->n ? str_of(d->messages[0].text) : STR_NONE,
                             .refused = refused};

    return accesslog_add(o->from.logs[0], &e, o->from.now, NULL, d);
}

static int write_form(const char *folder, const char *name, int (*out)(const struct doc *d, struct html *to), const struct doc *doc,
                      struct diag *d)
{
    struct html bytes = {0};
    char path[4096];
    int result = -1;

    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
        diag_error(d, folder, ": is too long a name", NULL);
    else if (out(doc, &bytes) != 0)
        diag_error(d, "out of memory: the export is not whole", NULL, NULL);
    else
        result = file_replace(path, bytes.p, bytes.n, d);
    html_free(&bytes);
    return result;
}

/* OUT/person is what is given to the person, OUT/ig stays. */
static int write_forms(const struct subject_options *o, const struct subject_facts *f, enum subject_reader reader, struct diag *d)
{
    char folder[4096];
    struct doc doc = {0};
    int result = -1;

    if ((size_t)snprintf(folder, sizeof folder, "%s/%s", o->out, reader == FOR_PERSON ? "person" : "ig") < sizeof folder &&
        file_make_folder(folder, d) == 0 && subject_write(f, reader, &doc, d) == 0)
        result = write_form(folder, "held.html", out_html, &doc, d) | write_form(folder, "held.csv", out_csv, &doc, d) |
                 write_form(folder, "held.json", out_json, &doc, d);
    doc_free(&doc);
    return result;
}

static int export(const struct subject_options *o, const struct sar *r, struct diag *d)
{
    struct collected *w = calloc(1, sizeof *w);
    int result = w ? subject_collect(w, &o->from, r, d) : diag_error(d, "out of memory", NULL, NULL);

    if (result == 0 && access(o->out, F_OK) == 0)
        result = diag_error(d, o->out, ": is there already", NULL);
    if (result != 0)
        note(o, r, true, d);
    else if ((result = note(o, r, false, d)) == 0)
        result = write_forms(o, &w->facts, FOR_IG, d) | write_forms(o, &w->facts, FOR_PERSON, d);
    if (result == 0)
        printf("%s/person is for %.*s; %s/ig is for Information Governance alone\n", o->out, STR_ARG(r->subject.name), o->out);
    if (w)
        subject_collect_free(w);
    free(w);
    return result;
}

static int read_and_export(const struct subject_options *o, const char *path, struct diag *d)
{
    struct str text = STR_NONE;
    struct sar r = {.asked_on = 0};
    json_t *tree = NULL;
    int result = -1;

    if (source_read_file(path, &text, d) == 0 && (tree = form_load(text, d)) != NULL) {
        if (!sar_is(tree))
            diag_error(d, path, ": is no subject access request: 'portreeve subject-export request' makes one", NULL);
        else if (sar_read(tree, &r, d) == 0)
            result = export(o, &r, d);
        if (result != 0 && !r.reference.n)
            note(o, &r, true, d);
    }
    json_decref(tree);
    sar_free(&r);
    free((char *)(uintptr_t)text.p);
    return result;
}

int cmd_subject(int argc, char **argv)
{
    struct subject_options o = {.from = {.now = now_utc()}};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o), result;
    const struct subject_from *f = &o.from;
    struct diag d;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (!o.by || !*o.by || !o.out || !f->artefact)
        return usage();
    diag_init(&d);
    if (seal_init(&d) != 0)
        result = -1;
    else if (operands == 2 && strcmp(argv[1], "request") == 0 && o.reference && o.first && o.last)
        result = make_request(&o, argv[2], &d);
    else if (operands == 1 && f->opening && f->opening_key && f->store && f->standing && f->n_logs)
        result = read_and_export(&o, argv[1], &d);
    else
        return usage();
    report(&d);
    return result == 0 ? EXIT_DONE : EXIT_REFUSED;
}
