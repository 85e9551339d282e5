#include "compile/compile.h"

#include "compile/cases.h"
#include "compile/diag_text.h"
#include "compile/maps.h"
#include "compile/pages.h"
#include "core/policy.h"
#include "record/seal.h"

#include <stdio.h>
#include <stdlib.h>

/* One artefact on its way. */
struct work {
    const struct source *s;
    struct builder *b;
    struct diag *d;
    struct str registers; /* the folder they come from */
    bool tested;          /* the policy's own tests will be run against it: they ask what is decided */
    bool failed;
};

static bool below(struct str path, struct str folder)
{
    return path.n > folder.n + 1 && str_eq(str_upto(path, folder.n), folder) && path.p[folder.n] == '/';
}

static void parse(struct work *w, const struct source_file *file,
                  int (*parse_one)(struct builder *, struct str, struct str, struct diag *))
{
    if (file && parse_one(w->b, file->path, file->text, w->d) != 0)
        w->failed = true;
}

static void parse_folder(struct work *w, struct str folder,
                         int (*parse_one)(struct builder *, struct str, struct str, struct diag *))
{
    for (size_t i = 0; i < w->s->n; i++)
        if (below(w->s->files[i].path, folder) && !maps_is_case(w->s->files[i].path))
            parse(w, &w->s->files[i], parse_one);
}

static void parse_register(struct work *w, const char *name,
                           int (*parse_one)(struct builder *, struct str, struct str, struct diag *))
{
    char path[64];

    snprintf(path, sizeof path, "%.*s/%s", STR_ARG(w->registers), name);
    parse(w, source_find(w->s, str_of(path)), parse_one);
}

static const char *const registers[] = {"accounts.csv",   "enforced.csv", "grants.csv",   "hosts.csv",
                                        "identities.csv", "members.csv",  "networks.csv", "networks.mmdb.csv",
                                        "people.csv",     "shifts.csv"};

/* A register whose name is misspelt would be an empty one. */
static void check_registers(struct work *w)
{
    const size_t n = sizeof registers / sizeof *registers;

    for (size_t i = 0; i < w->s->n; i++) {
        struct str path = w->s->files[i].path, name = str_from(path, w->registers.n + 1);
        bool known = !below(path, w->registers);
        const char *near = known ? NULL : diag_nearest(name, registers, n);
        struct message *m;

        for (size_t k = 0; k < n; k++)
            known |= str_eq(name, str_of(registers[k]));
        if (known)
            continue;
        w->failed = true;
        m = diag_at(w->d, SEVERITY_ERROR, path, 0, 0);
        if (m && near)
            snprintf(m->text, sizeof m->text, "there is no such register: did you mean '%s'?", near);
        else if (m)
            snprintf(m->text, sizeof m->text,
                     "there is no such register: there is accounts.csv, enforced.csv, grants.csv, hosts.csv, "
                     "identities.csv, members.csv, networks.csv, networks.mmdb, people.csv and shifts.csv");
    }
}

/* What the artefact was made of. The policy itself is written from its rows; the maps' own cases say nothing
 * of what is in force. */
static void keep_sources(struct work *w)
{
    for (size_t i = 0; i < w->s->n; i++) {
        const struct source_file *file = &w->s->files[i];
        struct a_source row;

        if (str_eq(file->path, STR("council.policy")) || maps_is_case(file->path))
            continue;
        row = (struct a_source){build_str(w->b, file->path), build_str(w->b, file->text)};
        build_row(w->b, SECTION_SOURCES, &row);
    }
}

/* Each text may name what those before it brought. */
static void parse_all(struct work *w)
{
    const struct source_file *policy = source_find(w->s, STR("council.policy"));

    check_registers(w);
    parse_folder(w, STR("pages"), page_declare);
    parse_folder(w, STR("platforms"), parse_map);
    w->failed |= finish_maps(w->b, w->d) != 0;
    parse_folder(w, STR("restrictions"), parse_restrictions);
    parse(w, source_find(w->s, STR("carriers.map")), parse_carriers);
    parse_register(w, "accounts.csv", parse_accounts);
    parse_register(w, "networks.csv", parse_networks);
    parse_register(w, "networks.mmdb.csv", parse_networks);
    parse_folder(w, STR("calendars"), parse_holidays);
    parse(w, policy, parse_policy);
    if (!policy)
        w->failed |=
            diag_error(w->d, "there is no council.policy: nothing says what is allowed", NULL, NULL) != 0;
    parse(w, source_find(w->s, STR("registers/enforced.csv")), w->tested ? parse_enforced_all : parse_enforced);
    parse_register(w, "people.csv", parse_people);
    parse_register(w, "members.csv", parse_members);
    accounts_follow_people(w->b);
    parse_register(w, "shifts.csv", parse_shifts);
    parse_register(w, "grants.csv", parse_grants);
    parse_register(w, "identities.csv", parse_identities);
    parse_folder(w, STR("categories"), parse_hosts);
    parse_register(w, "hosts.csv", parse_hosts);
    parse(w, source_find(w->s, STR("never-log.map")), parse_never_log);
    if (!w->failed) /* they speak of the policy's contacts and rules */
        parse_folder(w, STR("pages"), parse_page);
}

static void quote(struct work *w)
{
    for (size_t i = 0; i < w->s->n; i++)
        diag_quote(w->d, w->s->files[i].path, w->s->files[i].text);
}

static bool has_folder(const struct source *s, struct str folder)
{
    for (size_t i = 0; i < s->n; i++)
        if (below(s->files[i].path, folder))
            return true;
    return false;
}

enum purpose { FOR_USE, FOR_TESTS };

static int make(const struct source *s, enum purpose why, int32_t today, struct diag *d, struct str *made)
{
    bool own = why == FOR_TESTS && has_folder(s, STR("tests/registers"));
    struct work w = {.s = s,
                     .b = build_new(),
                     .d = d,
                     .registers = own ? STR("tests/registers") : STR("registers"),
                     .tested = why == FOR_TESTS};
    unsigned char *bytes = NULL;
    size_t size = 0;

    *made = STR_NONE;
    if (!w.b)
        return diag_error(d, "there is not enough memory to compile the policy", NULL, NULL);
    parse_all(&w);
    if (!w.failed && check_policy(w.b, today, d) != 0)
        w.failed = true;
    if (!w.failed) {
        keep_sources(&w);
        w.failed = build_finish(w.b, &bytes, &size, d) != 0;
    }
    quote(&w);
    build_free(w.b);
    *made = (struct str){(char *)bytes, size};
    return w.failed ? -1 : 0;
}

/* Tests have registers of their own, or ask what is decided where enforced.csv holds it back. */
static bool tests_stand_apart(const struct source *s)
{
    return has_folder(s, STR("tests/registers")) || source_find(s, STR("registers/enforced.csv"));
}

/* The artefact that the policy's own tests run against. */
static int make_for_tests(const struct source *s, int32_t today, struct diag *d, struct str *made)
{
    struct diag *own;
    int result;

    if (!tests_stand_apart(s))
        return make(s, FOR_TESTS, today, d, made);
    own = malloc(sizeof *own);
    if (!own)
        return diag_error(d, "there is not enough memory to compile the policy", NULL, NULL);
    diag_init(own);
    result = make(s, FOR_TESTS, today, own, made);
    diag_add_errors(d, own);
    free(own);
    return result;
}

static bool is_case(struct str path)
{
    const struct str end = STR(".case");

    return below(path, STR("tests")) && path.n > end.n && str_eq(str_from(path, path.n - end.n), end);
}

static int run_tests(const struct source *s, struct str artefact, struct diag *d)
{
    struct case_result sum = {0, 0};
    struct policy *p;
    struct snapshot snapshot = {0};
    int result = 0;

    if (policy_open_mem(artefact.p, artefact.n, &p, d) != 0)
        return -1;
    snapshot.policy = p;
    for (size_t i = 0; i < s->n; i++) {
        struct case_result one = {0, 0};

        if (!is_case(s->files[i].path))
            continue;
        if (cases_run(&snapshot, s->files[i].path, s->files[i].text, &one, d) != 0)
            result = -1;
        sum.passed += one.passed;
        sum.failed += one.failed;
    }
    policy_free(p);
    return sum.failed ? -1 : result;
}

static int run_own_tests(const struct source *s, int32_t today, struct diag *d)
{
    struct str made = STR_NONE;
    int result = make_for_tests(s, today, d, &made);

    if (result == 0)
        result = run_tests(s, made, d);
    free((char *)made.p);
    return result;
}

int compile_source(const struct source *s, int32_t today, unsigned flags, unsigned char **bytes, size_t *size,
                   struct diag *d)
{
    struct case_result maps = {0, 0};
    struct str made = STR_NONE;
    int result;

    *bytes = NULL;
    *size = 0;
    if (seal_init(d) != 0)
        return -1;
    if (flags & COMPILE_TEST_REGISTERS)
        result = make_for_tests(s, today, d, &made);
    else
        result = make(s, FOR_USE, today, d, &made);
    if (result == 0 && flags & COMPILE_TESTS)
        result = maps_run_cases(s, &maps, d);
    if (result == 0 && flags & COMPILE_TESTS) /* the same registers would only say the same again */
        result = tests_stand_apart(s) ? run_own_tests(s, today, d) : run_tests(s, made, d);
    if (result != 0) {
        free((char *)made.p);
        return -1;
    }
    *bytes = (unsigned char *)made.p;
    *size = made.n;
    return 0;
}
