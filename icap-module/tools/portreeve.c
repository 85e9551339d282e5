/* portreeve: what ICT does with a policy. See portreeve(1). */
#include "tools/cmd.h"

#include "compile/diag_text.h"
#include "core/categories.h"
#include "core/clock.h"
#include "core/networks.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "config.h"

static const struct command commands[] = {
    {"compile", cmd_compile, "DIR -o FILE [--maps DIR] [--no-tests] [--identity-key FILE] [--categories FILE]",
     "make the artefact that the module maps; refuses when an error or a policy test fails"},
    {"check", cmd_check, "DIR [--maps DIR] [--at TIME] [--identity-key FILE] [--categories FILE]",
     "only check: errors, warnings, what is not in your document"},
    {"test", cmd_test, "DIR [--maps DIR] [--owners FILE] [--countries FILE] [--categories FILE] [CASES...]",
     "run the policy's cases, or others against it"},
    {"print", cmd_print, "FILE [--policy]", "the artefact as text that compiles to the same bytes"},
    {"diff", cmd_diff, "OLD NEW", "what two artefacts say differently, in the policy's words"},
    {"replay", cmd_replay, "OLD NEW EVENTS [--since TIME] [--until TIME] [--maps DIR] [--json]",
     "what a change of policy would have made of recorded events, and for which groups"},
    {"history", cmd_history, "FILE", "who published which version of an artefact, and when"},
    {"status", cmd_status, "FILE [--spool DIR] [--standing FILE] [--identity-key FILE] [--enrolments FILE] [--categories FILE] [--rot FILE] [--at TIME] [--all|--json]",
     "what is in force and what needs attention, on one screen"},
    {"setup", cmd_setup, "[--answers FILE] [--root DIR] [--yes] [--dry-run] [--maps DIR] [--program FILE] | --remove | --questions",
     "puts the gate into service, in shadow: Squid, c-icap, portreeved and the client kit; or takes it out again"},
    {"enforce", cmd_enforce, "[DIR] --group NAME|--everybody|--list [-o FILE [--maps DIR] [--identity-key FILE] [--categories FILE]] [--publish PROGRAM]",
     "from now on the policy is acted on for a group; one of a policy that only counted"},
    {"shadow", cmd_shadow, "[DIR] --group NAME|--everybody|--list [-o FILE [--maps DIR] [--identity-key FILE] [--categories FILE]] [--publish PROGRAM]",
     "takes that back: for a group it only counts"},
    {"doctor", cmd_doctor, "[--json] [--sign-in FILE] [OPTION...] [CHECK...] | --list",
     "looks at the whole chain with real probes, and says what is wrong, why it matters and what to do"},
    {"metrics", cmd_metrics, "FILE [--spool DIR] [--standing FILE] [--icap ADDRESS:PORT] [--http]",
     "status and c-icap's counters for Prometheus, and health for what watches it"},
    {"ref", cmd_ref, "CODE --artefact FILE [--store FILE] [--spool DIR]", "what a code on a page stood for"},
    {"why", cmd_why, "CODE --held DIR --access-log FILE [--artefact FILE] [--days N] [--at TIME] [--json]",
     "which host a page refused by category, by which rule and list: for the service desk, without the person"},
    {"unblock", cmd_unblock,
     "CODE --until DATE --owner WHO --held DIR --categories FILE --access-log FILE [--even-harmful] [--days N] [--at TIME]",
     "opens that host within seconds, until a day"},
    {"allowance", cmd_allowance, "reset USER [ALLOWANCE] --artefact FILE --store FILE",
     "the service desk gives somebody's minutes of today back"},
    {"case", cmd_case,
     "open REQUEST [--artefact FILE] | authorise|name|tell|release|comment|hold CASE FILE | close CASE keep|erase | list | "
     "report CASE --opening FILE --opening-key FILE --store FILE --artefact FILE [--record DIR] [--signing-key FILE] "
     "--out FOLDER [--no-pdf], hold and close with --state FILE, each with --cases DIR --by WHO [--profile FILE] [--at TIME]",
     "how HR comes to a usage report: step by step, by two people, each look logged"},
    {"report", cmd_report, "--from FILE --out FOLDER [--signing-key FILE] [--no-pdf]",
     "a usage report of one case out of its input: HTML, CSV, JSON, PDF"},
    {"review", cmd_review,
     "--store FILE [--days N] | --shadow EVENTS... [--artefact FILE] [--since TIME] [--until TIME] [--json] | "
     "--week [DAY] --store FILE --artefact FILE [-o FOLDER]... | --alerts --store FILE [--days N]",
     "emergencies that were declared, minutes that were given back: by name; what rules in shadow would have done; the week in "
     "numbers; alerts"},
    {"notice", cmd_notice, "FILE --standing FILE [--cases FILE] [--text] [-o FILE] [--at TIME]",
     "for staff: what is checked, kept and shown to whom, made from the settings in force"},
    {"explain", cmd_explain,
     "--artefact FILE [--standing FILE] [--owners FILE] [--countries FILE] [--categories FILE] [--user U] "
     "[--groups a,b] [--client-ip IP] [--method M] "
     "[--header 'Name: value'] [--body FILE] [--answer STATUS] [--answer-header 'Name: value'] [--answer-body FILE] "
     "[--answer-from IP] [--identity-key FILE] [--at TIME] [--port N] [--sni HOST] "
     "[--json] "
     "[--exit-code] URL | --artefact FILE [--owners FILE] [--countries FILE] [--categories FILE] --batch",
     "judge one request and say why"},
    {"events", cmd_events, "SPOOL...", "print a spool as JSON Lines"},
    {"verify", cmd_verify, "RECORD|BUNDLE|SPOOL|REPORT [--key FILE] [--record DIR] [--json]",
     "whether the record is what it was when it was anchored: PASS or FAIL, and why"},
    {"evidence", cmd_evidence, "RECORD --from DAY --to DAY -o DIR [--signing-key FILE]",
     "some days of the record as a bundle that verifies by itself"},
    {"grants", cmd_grants, "FILE|DIR [--maps DIR] [--at TIME] [--json]",
     "grants that are live, inert (and why), ending, expired, and held by people who have left or moved"},
    {"hosts", cmd_hosts, "FILE must-work|bump|never-bump|never-log|restricted", "lists for Squid, a host a line"},
    {"lists", cmd_lists,
     "import [SOURCE=]PATH... -o FILE [--map FILE] [--artefact FILE] [--bound PERCENT] [--accept] [--leave-out] | "
     "local CSV -o FILE | show FILE [HOST...] | check FILE | changes FILE | rollback FILE",
     "the category database: made from lists, looked into, taken back"},
    {"maps", cmd_maps,
     "list DIR | test FILE... | update DIR FILE... | rollback DIR ID | history DIR [--maps DIR] [--at TIME]",
     "platform maps by themselves: tested, taken in, taken back; the policy stays as it is"},
    {"key", cmd_key, "create FILE", "make a key: the pseudonyms' or the identities'"},
    {"keys", cmd_keys,
     "create-holder NAME -o FILE | create-signer NAME -o FILE | public SIGNING-KEY -o FILE | create|rotate|escrow --plain FILE --keys DIR --holders FILE | "
     "list --keys DIR | prove SEALED --holder FILE --holder FILE | destroy EPOCH --keys DIR | "
     "recover SEALED --holder FILE --holder FILE --node FILE -o FILE | node -o FILE | hand --plain FILE --node FILE -o FILE | "
     "accept FILE --node-key FILE --plain FILE",
     "the epochs' keys: made, sealed to pairs of holders, proved, recovered, destroyed"},
    {"ig", cmd_ig, "open CASE --keys DIR --holder FILE --holder FILE --signer FILE --log FILE -o FILE | check OPENING [--key FILE]",
     "off the proxy: two holders name one person for one case"},
    {"access", cmd_access, "FILE [--about WHOM] [--case REF] [--since DAY] [--json|--csv] [--digest] [--key FILE] [--at TIME]",
     "who looked at what, and whether that log is sound; the look at it is logged too"},
    {"subject-export", cmd_subject,
     "request NAME --reference SAR-... --from DAY --to DAY --by WHO --artefact FILE --out FILE | REQUEST --opening FILE --opening-key "
     "FILE --store STORE --artefact FILE --standing FILE --access-log FILE [--cases DIR] --by WHO --out FOLDER [--at TIME]",
     "what is held on one person, at their own request, for them and for Information Governance"},
    {"accounts", cmd_accounts,
     "FILE|DIR [--maps DIR] [--at TIME] [--json] | "
     "enrol --artefact FILE --key FILE --user U --platform P --account A [--own] [--minutes N] | "
     "pending INBOX [--register FILE] | confirm --by WHO --register FILE --inbox FILE DIGEST... | list FILE "
     "| "
     "fixture --words W --platform P VALUE",
     "the council's accounts and who answers for them; sign-ins that count as theirs"},
};

enum { N_COMMANDS = sizeof commands / sizeof *commands };

static void usage(FILE *to)
{
    fprintf(to, "portreeve %s: a council's social media policy at the network's edge\n\n", PACKAGE_VERSION);
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(to, "  portreeve %s %s\n      %s\n", commands[i].name, commands[i].usage, commands[i].about);
    fprintf(to, "\nExit status: 0 done, 1 refused, failed or needs attention, 2 bad input. See portreeve(1).\n");
}

static int unknown_command(const char *word)
{
    const char *names[N_COMMANDS];
    const char *near;

    for (size_t i = 0; i < N_COMMANDS; i++)
        names[i] = commands[i].name;
    near = diag_nearest(str_of(word), names, N_COMMANDS);
    fprintf(stderr, "portreeve: there is no command '%s'", word);
    if (near)
        fprintf(stderr, "; did you mean '%s'?", near);
    fprintf(stderr, "\n'portreeve help' lists them all.\n");
    return EXIT_BAD_INPUT;
}

int report(const struct diag *d)
{
    char *text = diag_render(d, NULL);

    fputs(text ? text : "portreeve: out of memory\n", stderr);
    free(text);
    return d->errors ? EXIT_BAD_INPUT : EXIT_DONE;
}

int64_t now_utc(void)
{
    return (int64_t)time(NULL);
}

static const struct option_row *find_option(const struct option_row *rows, size_t n, const char *word,
                                            size_t len)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(rows[i].name) == len && memcmp(rows[i].name, word, len) == 0)
            return &rows[i];
    return NULL;
}

static int wrong_option(const char *verb, const char *word, const struct option_row *rows, size_t n)
{
    const char *names[32];
    const char *near;

    for (size_t i = 0; i < n && i < 32; i++)
        names[i] = rows[i].name;
    near = diag_nearest(str_of(word), names, n < 32 ? n : 32);
    fprintf(stderr, "portreeve %s: there is no option '%s'", verb, word);
    if (near)
        fprintf(stderr, "; did you mean '%s'?", near);
    fputc('\n', stderr);
    return -1;
}

int options_read(int argc, char **argv, const struct option_row *rows, size_t n, void *to)
{
    int operands = 0;
    bool only_operands = false;

    for (int i = 1; i < argc; i++) {
        const char *word = argv[i], *value = NULL;
        const char *equals = strchr(word, '=');
        const struct option_row *row;

        if (only_operands || word[0] != '-' || !word[1]) {
            argv[++operands] = argv[i];
            continue;
        }
        if (strcmp(word, "--") == 0) {
            only_operands = true;
            continue;
        }
        row = find_option(rows, n, word, equals ? (size_t)(equals - word) : strlen(word));
        if (!row)
            return wrong_option(argv[0], word, rows, n);
        if (equals)
            value = equals + 1;
        else if (!row->flag && ++i < argc)
            value = argv[i];
        if (!row->flag != (value != NULL)) {
            fprintf(stderr, "portreeve %s: %s %s\n", argv[0], row->name,
                    row->flag ? "takes no value" : "needs a value");
            return -1;
        }
        if (!row->take(to, value))
            return -1;
    }
    return operands;
}

int read_source(const char *from, const char *maps, struct source *s, struct diag *d)
{
    struct stat st;
    struct str text;
    int result;

    if (strcmp(from, "-") != 0 && stat(from, &st) == 0 && S_ISDIR(st.st_mode))
        return source_read_folder(from, maps, PORTREEVE_DATADIR, s, d);
    if (source_read_file(strcmp(from, "-") == 0 ? "/dev/stdin" : from, &text, d) != 0)
        return -1;
    result = source_parse_bundle(text, s, d);
    free((char *)(uintptr_t)text.p);
    return result;
}

struct policy *open_policy(const char *path)
{
    struct policy *p = NULL;
    struct diag d;

    diag_init(&d);
    if (policy_map(path, &p, &d) != 0) {
        report(&d);
        fprintf(stderr, "portreeve: %s is not used\n", path);
    }
    return p;
}

struct networks *open_networks(const char *path, enum networks_kind kind)
{
    struct networks *n = NULL;
    struct diag d;

    diag_init(&d);
    if (networks_map(path, kind, &n, &d) != 0)
        report(&d);
    return n;
}

bool take_moment(const char *option, const char *value, int64_t *to)
{
    if (clock_parse(str_of(value), to) != 0) {
        fprintf(stderr, "%s %s is no time; write 2026-05-12 or 2026-05-12T10:00\n", option, value);
        return false;
    }
    if (strlen(value) == 10)
        *to -= clock_local(*to).minute * 60;
    return true;
}

struct categories *open_categories(const char *path)
{
    struct categories *c = NULL;
    struct diag d;

    diag_init(&d);
    if (categories_map(path, &c, &d) != 0)
        report(&d);
    return c;
}

static int run(const struct command *c, int argc, char **argv)
{
    if (argc == 2 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
        printf("portreeve %s %s\n    %s\n", c->name, c->usage, c->about);
        return EXIT_DONE;
    }
    return c->run(argc, argv);
}

/* What is not whole must not look done. */
static int close_output(int result)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return result;
    fprintf(stderr,
            "portreeve: standard output cannot be written to: what it holds is not whole (a full disk?)\n");
    return EXIT_BAD_INPUT;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        usage(stderr);
        return EXIT_BAD_INPUT;
    }
    if (!strcmp(argv[1], "help") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
        usage(stdout);
        return close_output(EXIT_DONE);
    }
    if (!strcmp(argv[1], "version") || !strcmp(argv[1], "--version")) {
        printf("portreeve %s (artefact format %d)\n", PACKAGE_VERSION, ARTEFACT_VERSION);
        return close_output(EXIT_DONE);
    }
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (!strcmp(argv[1], commands[i].name))
            return close_output(run(&commands[i], argc - 1, argv + 1));
    return unknown_command(argv[1]);
}
