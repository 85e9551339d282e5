/* compile, check, test, print: a policy from text to artefact and back. */
#include "tools/cmd.h"

#include "compile/cases.h"
#include "compile/diag_text.h"
#include "core/categories.h"
#include "core/clock.h"
#include "core/networks.h"
#include "record/seal.h"
#include "tools/alarm.h"
#include "tools/history.h"
#include "tools/publish.h"

#include <stdio.h>
#include <stdlib.h>

struct compile_options {
    const char *output, *maps, *identity_key, *owners, *countries, *categories;
    bool no_tests, policy_only;
    int64_t at;
};

static bool take_output(void *to, const char *value)
{
    ((struct compile_options *)to)->output = value;
    return true;
}

static bool take_maps(void *to, const char *value)
{
    ((struct compile_options *)to)->maps = value;
    return true;
}

static bool take_identity_key(void *to, const char *value)
{
    ((struct compile_options *)to)->identity_key = value;
    return true;
}

static bool take_owners(void *to, const char *value)
{
    ((struct compile_options *)to)->owners = value;
    return true;
}

static bool take_countries(void *to, const char *value)
{
    ((struct compile_options *)to)->countries = value;
    return true;
}

static bool take_categories(void *to, const char *value)
{
    ((struct compile_options *)to)->categories = value;
    return true;
}

static bool take_no_tests(void *to, const char *value)
{
    (void)value;
    ((struct compile_options *)to)->no_tests = true;
    return true;
}

static bool take_policy(void *to, const char *value)
{
    (void)value;
    ((struct compile_options *)to)->policy_only = true;
    return true;
}

static bool take_at(void *to, const char *value)
{
    if (clock_parse(str_of(value), &((struct compile_options *)to)->at) == 0)
        return true;
    fprintf(stderr, "portreeve: --at %s is no time; write 2026-05-12T10:00:00+01:00 or 2026-05-12\n", value);
    return false;
}

static const struct option_row rows[] = {
    {"-o", false, take_output},
    {"--output", false, take_output},
    {"--maps", false, take_maps},
    {"--no-tests", true, take_no_tests},
    {"--at", false, take_at},
    {"--policy", true, take_policy},
    {"--identity-key", false, take_identity_key},
    {"--owners", false, take_owners},
    {"--countries", false, take_countries},
    {"--categories", false, take_categories},
};

/* Every verb takes one folder or file; `test` may name cases behind it. */
static int start(int argc, char **argv, struct compile_options *o)
{
    int operands;

    *o = (struct compile_options){.at = now_utc()};
    operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, o);
    if (operands == 0)
        fprintf(stderr, "portreeve %s: which folder or file? See 'portreeve help'.\n", argv[0]);
    else if (operands > 1 && strcmp(argv[0], "test") != 0)
        fprintf(stderr, "portreeve %s: takes one folder or file, and '%s' follows it\n", argv[0], argv[2]);
    else if (operands > 0 && o->output && strcmp(argv[0], "compile") != 0)
        fprintf(stderr, "portreeve %s: writes no file: -o goes with 'portreeve compile'\n", argv[0]);
    else if (operands > 0 && (o->owners || o->countries) && strcmp(argv[0], "test") != 0)
        fprintf(
            stderr,
            "portreeve %s: judges nothing: --owners and --countries go with 'portreeve test' and 'explain'\n",
            argv[0]);
    else if (operands > 0 && o->categories && strcmp(argv[0], "print") == 0)
        fprintf(stderr,
                "portreeve %s: asks no lists: --categories goes with 'check', 'compile', 'test' and 'explain'\n",
                argv[0]);
    else
        return operands;
    return -1;
}

/* What became of a source: proven bytes, or the messages that say why not. */
struct made {
    unsigned char *bytes; /* malloc'ed */
    size_t size;
    struct diag d;
};

/* Digests of another key than the module's would match nobody, and nobody would hear of it. */
static int check_key(const struct compile_options *o, struct made *made)
{
    struct identity_key key;
    struct artefact a;

    if (!o->identity_key)
        return EXIT_DONE;
    if (seal_identity_key_read(o->identity_key, &key, &made->d) != 0 ||
        artefact_check(made->bytes, made->size, &a, &made->d) != 0)
        return EXIT_BAD_INPUT;
    if (a.n[SECTION_IDENTITIES] == 0 || ARTEFACT_ROWS(&a, IDENTITIES, struct a_identity)->key == key.id)
        return EXIT_DONE;
    diag_error(&made->d, o->identity_key,
               ": the digests of registers/identities.csv were made with another key: name that one, or let "
               "all enrol "
               "again",
               NULL);
    return EXIT_BAD_INPUT;
}

/* Rules that can never hold, because nothing fills a category that they name. *illegal* is filled by no list
 * of ours: a council that has none is told, and goes on. */
static int check_filled(const struct compile_options *o, struct made *made)
{
    struct categories *c = NULL;
    struct policy *p = NULL;
    uint32_t empty = 0;

    if (!o->categories)
        return EXIT_DONE;
    if (categories_map(o->categories, &c, &made->d) == 0 &&
        policy_open_mem(made->bytes, made->size, &p, &made->d) == 0)
        empty = categories_unfilled(p, c);
    for (unsigned k = 0; k < CATEGORY_COUNT; k++) {
        bool brought = k == CATEGORY_ILLEGAL;
        struct message *m = empty >> k & 1 ? diag_at(&made->d, brought ? SEVERITY_WARNING : SEVERITY_ERROR,
                                                     str_of(o->categories), 0, 0)
                                           : NULL;

        if (m)
            snprintf(m->text, sizeof m->text,
                     "a rule names category '%s', and neither this database nor registers/hosts.csv fills it: %s",
                     word_of(WORDS_CATEGORY, k),
                     brought ? "no list of ours can; bring one, or take the word out of the rule"
                             : "import a list for it, or take the word out of the rule");
    }
    policy_free(p);
    categories_free(c);
    return p && !(empty & ~(1u << CATEGORY_ILLEGAL)) ? EXIT_DONE : EXIT_BAD_INPUT;
}

/* Source to proven bytes; messages are printed. `flags` as of compile_source. */
static int make(const char *from, const struct compile_options *o, unsigned flags, struct made *made)
{
    struct source s = {0};
    int result = EXIT_BAD_INPUT;

    made->bytes = NULL;
    made->size = 0;
    diag_init(&made->d);
    if (seal_init(&made->d) == 0 && read_source(from, o->maps, &s, &made->d) == 0 &&
        compile_source(&s, clock_local(o->at).day, flags, &made->bytes, &made->size, &made->d) == 0)
        result = check_key(o, made);
    if (result == EXIT_DONE)
        result = check_filled(o, made);
    report(&made->d);
    source_free(&s);
    return result;
}

/* Where a source lies, for those who read of it later from another folder; the caller's, NULL without memory.
 */
static char *whereabouts(const char *from)
{
    char *whole = strcmp(from, "-") == 0 ? NULL : realpath(from, NULL);

    return whole ? whole : strdup(strcmp(from, "-") == 0 ? "standard input" : from);
}

/* As publish_artefact, with what else belongs beside a published file. */
static int publish(const char *path, const char *from, const struct made *made, struct diag *d)
{
    struct artefact a;
    int result = publish_artefact(path, made->bytes, made->size, d);

    if (result < 0)
        return result;
    if (artefact_check(made->bytes, made->size, &a, d) != 0)
        return 1;
    if (history_add(path, &a, from, d) != 0)
        result = 1;
    if (alarm_clear(path, &a, d) != 0)
        result = 1;
    return result;
}

/* What stood there still stands; somebody must hear of it who may not be looking. */
static void refuse(const char *path, const char *from, const struct diag *why)
{
    struct diag d;

    diag_init(&d);
    fprintf(stderr, "portreeve compile: %s was not published; what stood there still stands\n", path);
    if (alarm_raise(path, from, why, &d) == 0)
        return;
    report(&d);
    fprintf(stderr,
            "portreeve compile: the alarm could not be written: 'portreeve status' will not show this\n");
}

int cmd_compile(int argc, char **argv)
{
    struct compile_options o;
    struct made made;
    char *from;
    int result, published;

    if (start(argc, argv, &o) < 1)
        return EXIT_BAD_INPUT;
    if (!o.output) {
        fprintf(stderr, "portreeve compile: where to? Say -o FILE.\n");
        return EXIT_BAD_INPUT;
    }
    from = whereabouts(argv[1]);
    result = make(argv[1], &o, o.no_tests ? 0 : COMPILE_TESTS, &made);
    if (result != EXIT_DONE) {
        refuse(o.output, from ? from : argv[1], &made.d);
    } else {
        diag_init(&made.d);
        published = publish(o.output, from ? from : argv[1], &made, &made.d);
        if (published)
            result = report(&made.d);
        if (published < 0)
            refuse(o.output, from ? from : argv[1], &made.d);
        else if (published > 0)
            fprintf(stderr,
                    "portreeve compile: %s is published and in force, but what belongs beside it is not as "
                    "it should "
                    "be\n",
                    o.output);
    }
    free(made.bytes);
    free(from);
    return result;
}

static void print_assumption(void *to, const char *text)
{
    fprintf(to, "  default, not in your policy: %s\n", text);
}

static void print_summary(const struct artefact *a)
{
    const struct a_meta *m = ARTEFACT_ROWS(a, META, struct a_meta);

    printf("%.*s, version %.*s\n", STR_ARG(artefact_str(a, m->title)), STR_ARG(artefact_str(a, m->version)));
    printf("  %u rules, %u groups, %u platforms, %u members, %u accounts, %u grants, %u sign-ins; %s; record "
           "%s\n",
           a->n[SECTION_RULES], a->n[SECTION_GROUPS], a->n[SECTION_PLATFORMS], a->n[SECTION_MEMBERS],
           a->n[SECTION_ACCOUNTS], a->n[SECTION_GRANTS], a->n[SECTION_IDENTITIES],
           word_of(WORDS_MODE, m->mode), word_of(WORDS_RECORD, artefact_record_mode(a)));
    list_assumptions(a, print_assumption, stdout);
}

int cmd_check(int argc, char **argv)
{
    struct compile_options o;
    struct made made;
    struct artefact a;
    int result;

    if (start(argc, argv, &o) < 1)
        return EXIT_BAD_INPUT;
    result = make(argv[1], &o, COMPILE_TESTS, &made);
    if (result == EXIT_DONE && artefact_check(made.bytes, made.size, &a, &made.d) == 0)
        print_summary(&a);
    free(made.bytes);
    return result;
}

/* The policy's own cases, or case files named on the command line, against the policy with its fixture
 * registers. */
static int run_cases(const struct snapshot *snapshot, const struct source *s, char **files, int n)
{
    struct case_result sum = {0};
    struct diag d;

    diag_init(&d);
    for (size_t i = 0; n == 0 && i < s->n; i++) {
        struct str path = s->files[i].path;

        if (path.n > 5 && str_eq(str_from(path, path.n - 5), STR(".case")))
            cases_run(snapshot, path, s->files[i].text, &sum, &d);
    }
    for (int i = 0; i < n; i++) {
        struct str text;

        if (source_read_file(files[i], &text, &d) != 0)
            continue;
        cases_run(snapshot, str_of(files[i]), text, &sum, &d);
        free((char *)(uintptr_t)text.p);
    }
    report(&d);
    printf("%u passed, %u failed\n", sum.passed, sum.failed);
    if (d.errors > sum.failed)
        return EXIT_BAD_INPUT;
    return sum.failed ? EXIT_REFUSED : EXIT_DONE;
}

int cmd_test(int argc, char **argv)
{
    struct compile_options o;
    struct source s = {0};
    unsigned char *bytes = NULL;
    size_t size = 0;
    struct policy *p = NULL;
    struct networks *networks = NULL, *countries = NULL;
    struct categories *categories = NULL;
    struct diag d;
    int operands = start(argc, argv, &o), result = EXIT_BAD_INPUT;

    if (operands < 1)
        return EXIT_BAD_INPUT;
    if ((o.owners && !(networks = open_networks(o.owners, NETWORKS_OWNERS))) ||
        (o.countries && !(countries = open_networks(o.countries, NETWORKS_COUNTRIES))))
        return EXIT_BAD_INPUT;
    if (o.categories && !(categories = open_categories(o.categories))) {
        networks_free(networks);
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    if (seal_init(&d) == 0 && read_source(argv[1], o.maps, &s, &d) == 0 &&
        compile_source(&s, clock_local(o.at).day, COMPILE_TEST_REGISTERS, &bytes, &size, &d) == 0 &&
        policy_open_mem(bytes, size, &p, &d) == 0)
        result = run_cases(
            &(struct snapshot){
                .policy = p, .networks = networks, .countries = countries, .categories = categories},
            &s, argv + 2, operands - 1);
    else
        report(&d);
    policy_free(p);
    networks_free(networks);
    networks_free(countries);
    categories_free(categories);
    free(bytes);
    source_free(&s);
    return result;
}

/* The policy from its rows, everything else as it was read. */
static int print_bundle(const struct artefact *a, bool policy_only)
{
    uint32_t n = a->n[SECTION_SOURCES];
    struct source_file *files = calloc(n + 1, sizeof *files);
    struct source s = {files, n + 1};
    size_t size = 0;
    char *policy = print_policy(a, &size), *bundle = NULL;
    int result = EXIT_BAD_INPUT;

    if (!files || !policy)
        goto out;
    files[0] = (struct source_file){STR("council.policy"), {policy, size}};
    for (uint32_t i = 0; i < n; i++) {
        const struct a_source *row = &ARTEFACT_ROWS(a, SOURCES, struct a_source)[i];

        files[i + 1] = (struct source_file){artefact_str(a, row->path), artefact_str(a, row->text)};
    }
    bundle = policy_only ? NULL : source_print_bundle(&s, &size);
    if (policy_only || bundle)
        result = fwrite(bundle ? bundle : policy, 1, size, stdout) == size ? EXIT_DONE : EXIT_BAD_INPUT;
out:
    free(bundle);
    free(policy);
    free(files);
    return result;
}

int cmd_print(int argc, char **argv)
{
    struct compile_options o;
    struct policy *p;
    int result;

    if (start(argc, argv, &o) < 1)
        return EXIT_BAD_INPUT;
    p = open_policy(argv[1]);
    if (!p)
        return EXIT_BAD_INPUT;
    result = print_bundle(policy_artefact(p), o.policy_only);
    policy_free(p);
    return result;
}
