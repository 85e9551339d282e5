/* case: how HR comes to a usage report, step by step (report/case.h). Every step and look is logged, also a
 * refused one. */
#include "core/clock.h"
#include "record/seal.h"
#include "report/case.h"
#include "tools/case_collect.h"
#include "tools/case_holds.h"
#include "tools/case_store.h"
#include "tools/case_subject.h"
#include "tools/cmd.h"
#include "tools/report_make.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct case_options {
    const char *cases, *profile, *by;
    int64_t at;
    struct report_order order;
    struct collect_from from;
    const char *state;
};

static bool take_cases(void *to, const char *value)
{
    ((struct case_options *)to)->cases = value;
    return true;
}

static bool take_profile(void *to, const char *value)
{
    ((struct case_options *)to)->profile = value;
    return true;
}

static bool take_by(void *to, const char *value)
{
    ((struct case_options *)to)->by = value;
    return true;
}

static bool take_at(void *to, const char *value)
{
    if (clock_parse(str_of(value), &((struct case_options *)to)->at) == 0)
        return true;
    fprintf(stderr, "portreeve case: '%s' is no time: write 2026-03-18T10:02:00Z\n", value);
    return false;
}

static bool take_out(void *to, const char *value)
{
    ((struct case_options *)to)->order.out = value;
    return true;
}

static bool take_no_pdf(void *to, const char *value)
{
    (void)value;
    ((struct case_options *)to)->order.no_pdf = true;
    return true;
}

static bool take_opening(void *to, const char *value)
{
    ((struct case_options *)to)->from.opening = value;
    return true;
}

static bool take_opening_key(void *to, const char *value)
{
    ((struct case_options *)to)->from.opening_key = value;
    return true;
}

static bool take_store(void *to, const char *value)
{
    ((struct case_options *)to)->from.store = value;
    return true;
}

static bool take_artefact(void *to, const char *value)
{
    ((struct case_options *)to)->from.artefact = value;
    return true;
}

static bool take_state(void *to, const char *value)
{
    ((struct case_options *)to)->state = value;
    return true;
}

static bool take_record(void *to, const char *value)
{
    ((struct case_options *)to)->from.record = value;
    return true;
}

static bool take_signing_key(void *to, const char *value)
{
    ((struct case_options *)to)->order.signing_key = value;
    return true;
}

static const struct option_row rows[] = {
    {"--cases", false, take_cases}, {"--profile", false, take_profile}, {"--by", false, take_by},
    {"--at", false, take_at},       {"--out", false, take_out},         {"--no-pdf", true, take_no_pdf},
    {"--store", false, take_store}, {"--artefact", false, take_artefact}, {"--record", false, take_record},
    {"--opening", false, take_opening}, {"--opening-key", false, take_opening_key},
    {"--signing-key", false, take_signing_key},
    {"--state", false, take_state},
};

/* One step under way. */
struct taking {
    const struct case_options *o;
    const char *verb;
    struct case_profile profile;
    struct case_file file;
    struct case_step step;
    struct str text; /* of the file that the step names, or its word */
    struct str reference;
    struct diag d;
};

/* By the registers: HR knows a name, the record was made by what they say of it. */
static int know_subject(struct taking *t)
{
    struct policy *p = NULL;
    int result;

    if (!t->o->from.artefact)
        return 0;
    if (policy_map(t->o->from.artefact, &p, &t->d) != 0)
        return -1;
    result = case_subject_know(&t->file, policy_artefact(p), &t->d);
    policy_free(p);
    return result;
}

static int step_open(struct taking *t)
{
    if (know_subject(t) != 0 || case_open(&t->file, &t->step, &t->d) != 0)
        return -1;
    if (case_store_has(t->o->cases, t->file.panel.reference))
        return diag_error(&t->d, "case.reference: there is such a case already: choose another", NULL, NULL);
    return 0;
}

static int step_authorise(struct taking *t)
{
    return case_authorise(&t->file, &t->step, t->text, &t->d);
}

static int step_name(struct taking *t)
{
    return case_name(&t->file, &t->step, t->text, &t->d);
}

static int step_tell(struct taking *t)
{
    return case_tell(&t->file, &t->step, t->text, &t->d);
}

static int step_release(struct taking *t)
{
    return case_release(&t->file, &t->step, t->text, &t->d);
}

static int step_comment(struct taking *t)
{
    return case_comment(&t->file, &t->step, t->text, &t->d);
}

static int step_hold(struct taking *t)
{
    return case_hold(&t->file, &t->step, t->text, &t->d);
}

static int step_close(struct taking *t)
{
    return case_close(&t->file, &t->step, t->text, &t->d);
}

static int step_report(struct taking *t)
{
    const struct collect_from *f = &t->o->from;

    if (!t->o->order.out)
        return diag_error(&t->d, "case report: needs --out FOLDER", NULL, NULL);
    if (!t->text.p && (!f->opening || !f->opening_key || !f->store || !f->artefact))
        return diag_error(&t->d,
                          "case report: needs --opening and --opening-key (of Information Governance), --store and "
                          "--artefact; --record, too, where a record is kept",
                          NULL, NULL);
    return case_report(&t->file, &t->step, &t->d);
}

/* Of a file that somebody brings: what the case says is put into it. */
static char *brought(struct taking *t)
{
    json_t *input = form_load(t->text, &t->d), *c = case_write(&t->file);
    char *text = NULL;

    if (input && c) {
        json_object_set(input, "case", json_object_get(c, "case"));
        json_object_set(input, "subject", json_object_get(c, "subject"));
        json_object_set(input, "pattern", json_object_get(c, "pattern"));
        json_object_set_new(input, "number", json_integer((json_int_t)t->file.reports));
        json_object_set_new(input, "of", json_integer((json_int_t)t->file.reports));
        text = json_dumps(input, JSON_INDENT(1));
    }
    json_decref(c);
    json_decref(input);
    return text;
}

static int make_report(struct taking *t)
{
    struct collect_from from = t->o->from;
    char *text = NULL;
    int result = -1;

    from.cases = t->o->cases;
    if (t->text.p)
        text = brought(t);
    else if (case_collect(&t->file, &t->step, &from, &text, &t->d) != 0)
        return -1;
    if (text)
        result = report_make(&t->o->order, str_of(text), &t->d);
    free(text);
    return result;
}

enum operand { FILE_NAMED, FILE_OR_NONE, WORD_GIVEN };

static const struct {
    const char *verb;
    int (*take)(struct taking *t);
    enum operand operand;
} steps[] = {
    {"open", step_open, FILE_NAMED},       {"authorise", step_authorise, FILE_NAMED},
    {"name", step_name, FILE_NAMED},
    {"tell", step_tell, FILE_NAMED},       {"report", step_report, FILE_OR_NONE},
    {"release", step_release, FILE_NAMED}, {"comment", step_comment, FILE_NAMED},
    {"hold", step_hold, FILE_NAMED},       {"close", step_close, WORD_GIVEN},
};

enum { N_STEPS = sizeof steps / sizeof *steps };

/* The log comes first: what cannot be logged is not done. */
static int log_step(struct taking *t, const char *result)
{
    struct case_look look = {
        .step = t->verb, .by = t->step.by, .reference = t->reference, .at = t->step.now, .result = result};

    if (strcmp(result, "refused") == 0)
        look.why = t->d.n ? t->d.messages[0].text : "out of memory";
    return case_store_log(t->o->cases, &look, &t->d);
}

static int read_case(struct taking *t, struct str *bytes)
{
    if (strcmp(t->verb, "open") == 0) {
        *bytes = t->text;
        t->text = STR_NONE;
    } else if (case_store_read(t->o->cases, t->reference, bytes, &t->d) != 0) {
        return -1;
    }
    if (case_read(*bytes, &t->file, &t->d) != 0)
        return -1;
    if (t->file.panel.reference.n && strcmp(t->verb, "open") == 0)
        t->reference = t->file.panel.reference;
    return 0;
}

static struct holds_where holds_where(const struct taking *t)
{
    return (struct holds_where){t->o->state, t->o->from.opening, t->o->from.opening_key};
}

/* A hold is on the record before it is in the case; one that is only in the case keeps no event. */
static bool hold_record(struct taking *t)
{
    struct holds_where w = holds_where(t);

    if (w.state && w.opening && w.opening_key)
        return case_holds_put(&t->file, &w, t->step.by, &t->d) == 0;
    fprintf(stderr, "portreeve case hold: the case is held, and not the events that it is about: they are erased when their time "
                    "is over. Give --state, --opening and --opening-key, too\n");
    return true;
}

/* The other way round: what is released too late is kept too long. */
static int release_record(struct taking *t)
{
    struct holds_where w = holds_where(t);

    if (w.state)
        return case_holds_release(&t->file, &w, t->step.by, &t->d);
    if (t->file.hold.because.n)
        fprintf(stderr, "portreeve case close: give --state, so that what the hold keeps is released\n");
    return 0;
}

static int finish(struct taking *t, bool done)
{
    json_t *c;
    int result;

    if (done && strcmp(t->verb, "report") == 0)
        done = log_step(t, "begun") == 0 && make_report(t) == 0;
    if (done && strcmp(t->verb, "hold") == 0)
        done = hold_record(t);
    if (log_step(t, done ? "done" : "refused") != 0 || !done)
        return -1;
    c = case_write(&t->file);
    result = c ? case_store_write(t->o->cases, t->file.panel.reference, c, &t->d) : -1;
    json_decref(c);
    if (result == 0 && strcmp(t->verb, "close") == 0)
        result = release_record(t);
    if (result == 0)
        printf("%.*s: %.*s. It waits for: %s\n", STR_ARG(t->file.panel.reference), STR_ARG(t->file.state),
               case_waits_for(&t->file));
    return result;
}

static int take_step(struct taking *t, size_t number, const char *operand)
{
    struct str profile = STR_NONE, bytes = STR_NONE, text = STR_NONE;
    int lock = case_store_lock(t->o->cases, &t->d), result = -1;
    bool done = false;

    if (lock < 0)
        return -1;
    if (operand && steps[number].operand != WORD_GIVEN && source_read_file(operand, &text, &t->d) != 0)
        goto out;
    t->text = steps[number].operand == WORD_GIVEN ? str_of(operand) : text;
    if (source_read_file(t->o->profile, &profile, &t->d) == 0 &&
        case_profile_read(profile, &t->profile, &t->d) == 0 && read_case(t, &bytes) == 0)
        done = steps[number].take(t) == 0;
    result = finish(t, done);
    if (bytes.p == text.p)
        bytes = STR_NONE;
out:
    free((char *)(uintptr_t)profile.p);
    free((char *)(uintptr_t)bytes.p);
    free((char *)(uintptr_t)text.p);
    close(lock);
    return result;
}

/* ---- list ---- */

static int is_case(const struct dirent *e)
{
    size_t n = strlen(e->d_name);

    return n > 5 && strcmp(e->d_name + n - 5, ".case") == 0;
}

/* Without names: who is in a case is for those who work on it. */
static void print_case(struct taking *t, struct str reference)
{
    struct str text = STR_NONE;
    char day[11] = "";

    if (case_store_read(t->o->cases, reference, &text, &t->d) == 0 && case_read(text, &t->file, &t->d) == 0) {
        clock_format_date(clock_local(t->file.panel.expires).day, day);
        printf("%.*s  %.*s  %s %s%s\n", STR_ARG(reference), STR_ARG(t->file.state),
               t->file.panel.expires > t->step.now ? "ends" : "ENDED", day,
               t->file.hold.because.n ? "  on hold" : "");
    }
    case_free(&t->file);
    free((char *)(uintptr_t)text.p);
}

static int list(struct taking *t)
{
    struct dirent **names = NULL;
    int lock = case_store_lock(t->o->cases, &t->d), n = 0;

    if (lock < 0 || log_step(t, "done") != 0) {
        if (lock >= 0)
            close(lock);
        return -1;
    }
    n = scandir(t->o->cases, &names, is_case, alphasort);
    for (int i = 0; i < n; i++) {
        struct str file = str_of(names[i]->d_name);

        print_case(t, str_upto(file, file.n - 5));
        free(names[i]);
    }
    free(names);
    close(lock);
    if (n < 0)
        diag_error(&t->d, t->o->cases, ": cannot be listed", NULL);
    if (n == 0)
        printf("there is no case in %s\n", t->o->cases);
    return t->d.errors ? -1 : 0;
}

static int usage(void)
{
    fprintf(stderr, "portreeve case: write 'portreeve case open REQUEST', "
                    "'authorise|name|tell|release|comment|hold CASE FILE', 'report CASE [FILE]', "
                    "'close CASE keep|erase' or 'list', each with --cases DIR --by WHO, and all but list "
                    "with --profile FILE\n");
    return EXIT_BAD_INPUT;
}

static int run_step(struct taking *t, int operands, char **argv)
{
    size_t i = 0;
    bool opens = strcmp(t->verb, "open") == 0;

    while (i < N_STEPS && strcmp(steps[i].verb, t->verb) != 0)
        i++;
    if (i == N_STEPS || !t->o->profile ||
        (operands != (opens ? 2 : 3) && !(operands == 2 && steps[i].operand == FILE_OR_NONE)))
        return usage();
    if (!opens)
        t->reference = str_of(argv[2]);
    return take_step(t, i, opens ? argv[2] : operands == 3 ? argv[3] : NULL) == 0 ? EXIT_DONE : EXIT_REFUSED;
}

int cmd_case(int argc, char **argv)
{
    struct case_options o = {.at = now_utc()};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o), result;
    struct taking *t;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands < 1 || !o.cases || !o.by || !*o.by)
        return usage();
    t = calloc(1, sizeof *t);
    if (!t)
        return EXIT_BAD_INPUT;
    *t = (struct taking){.o = &o, .verb = argv[1], .step = {.by = str_of(o.by), .now = o.at}};
    t->step.profile = &t->profile;
    diag_init(&t->d);
    if (seal_init(&t->d) != 0)
        result = EXIT_BAD_INPUT;
    else if (strcmp(t->verb, "list") == 0)
        result = list(t) == 0 ? EXIT_DONE : EXIT_REFUSED;
    else
        result = run_step(t, operands, argv);
    report(&t->d);
    case_free(&t->file);
    case_profile_free(&t->profile);
    free(t);
    return result;
}
