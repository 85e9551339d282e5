/* verify: whether the record is what it was when it was anchored. evidence: some days of it as a bundle. */
#include "core/clock.h"
#include "record/bundle.h"
#include "record/verify.h"
#include "tools/cmd.h"
#include "tools/report_verify.h"

#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct verify_options {
    const char *key, *record;
    bool json;
};

static bool take_key(void *to, const char *value)
{
    ((struct verify_options *)to)->key = value;
    return true;
}

static bool take_record(void *to, const char *value)
{
    ((struct verify_options *)to)->record = value;
    return true;
}

static bool take_json(void *to, const char *value)
{
    (void)value;
    ((struct verify_options *)to)->json = true;
    return true;
}

static const struct option_row rows[] = {
    {"--key", false, take_key},
    {"--record", false, take_record},
    {"--json", true, take_json},
};

static void print_finding(void *to, enum finding kind, const char *where, const char *text)
{
    (void)to;
    printf("%s %s: %s\n", kind == FINDING_FAIL ? "FAIL" : "note", where, text);
}

static void keep_finding(void *to, enum finding kind, const char *where, const char *text)
{
    json_array_append_new(to, json_pack("{s:s, s:s, s:s}", "kind", kind == FINDING_FAIL ? "fail" : "note",
                                        "where", where, "text", text));
}

static void print_result(const struct verify_result *r)
{
    printf("%s: %llu day(s), %llu segment(s), %llu record(s), %llu anchored head(s) checked; %llu day(s) "
           "erased with a "
           "receipt; %llu record(s) behind the last anchor\n",
           r->fails ? "FAIL" : "PASS", (unsigned long long)r->days, (unsigned long long)r->segments,
           (unsigned long long)r->records, (unsigned long long)r->anchors, (unsigned long long)r->erased,
           (unsigned long long)r->unanchored);
    if (!r->fails)
        printf(
            "This says that the record was not changed after it was anchored. It does not say who sat at the "
            "keyboard.\n");
}

static void print_report(const struct verify_result *r)
{
    printf("%s: %llu file(s) of a report checked\n", r->fails ? "FAIL" : "PASS", (unsigned long long)r->records);
    if (!r->fails)
        printf("This says that the report was not changed after it was made. Of the record that it was made from, "
               "its section on integrity tells.\n");
}

static void print_json(json_t *findings, const struct verify_result *r)
{
    json_t *o = json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:O}", "result", r->fails ? "FAIL" : "PASS", "fails",
        (json_int_t)r->fails, "notes", (json_int_t)r->notes, "days", (json_int_t)r->days, "segments",
        (json_int_t)r->segments, "records", (json_int_t)r->records, "anchors", (json_int_t)r->anchors,
        "erased", (json_int_t)r->erased, "unanchored", (json_int_t)r->unanchored, "findings", findings);

    json_dumpf(o, stdout, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    putchar('\n');
    json_decref(o);
}

/* A record folder or a bundle has its public key, a spool has none. */
static bool is_record(const char *folder)
{
    char path[4096];

    return (size_t)snprintf(path, sizeof path, "%s/public.key", folder) < sizeof path &&
           access(path, F_OK) == 0;
}

int cmd_verify(int argc, char **argv)
{
    struct verify_options o = {0};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o), result;
    struct verify_how how = {.say = print_finding};
    struct verify_result r;
    unsigned char public[SIGN_PUBLIC];
    json_t *findings = NULL;
    bool of_report;
    struct diag d;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 1) {
        fprintf(stderr,
                "portreeve verify: write 'portreeve verify RECORD|BUNDLE|SPOOL|REPORT [--key FILE] [--record DIR] "
                "[--json]'\n");
        return EXIT_BAD_INPUT;
    }
    diag_init(&d);
    if (o.key && sign_public_read(o.key, public, &d) != 0)
        return report(&d);
    how.public = o.key ? public : NULL;
    how.record = o.record;
    if (o.json) {
        how.say = keep_finding;
        how.to = findings = json_array();
    }
    of_report = !is_record(argv[1]) && report_is(argv[1]);
    result = of_report ? report_verify(argv[1], &how, &r, &d)
             : is_record(argv[1]) ? verify_record(argv[1], &how, &r, &d) : verify_spool(argv[1], &how, &r, &d);
    if (result == 0 && o.json)
        print_json(findings, &r);
    else if (result == 0)
        (of_report ? print_report : print_result)(&r);
    json_decref(findings);
    report(&d);
    return result != 0 ? EXIT_BAD_INPUT : r.fails ? EXIT_REFUSED : EXIT_DONE;
}

/* ---- evidence ---- */

struct evidence_options {
    const char *out, *from, *to, *key;
};

static bool take_out(void *to, const char *value)
{
    ((struct evidence_options *)to)->out = value;
    return true;
}

static bool take_from(void *to, const char *value)
{
    ((struct evidence_options *)to)->from = value;
    return true;
}

static bool take_to(void *to, const char *value)
{
    ((struct evidence_options *)to)->to = value;
    return true;
}

static bool take_signing_key(void *to, const char *value)
{
    ((struct evidence_options *)to)->key = value;
    return true;
}

static const struct option_row evidence_rows[] = {
    {"-o", false, take_out},
    {"--from", false, take_from},
    {"--to", false, take_to},
    {"--signing-key", false, take_signing_key},
};

static bool read_day(const char *word, const char *text, int32_t *day)
{
    int64_t noon;

    if (!text || strlen(text) != 10 || clock_parse(str_of(text), &noon) != 0) {
        fprintf(stderr, "portreeve evidence: %s: a day, as 2026-12-01\n", word);
        return false;
    }
    *day = clock_local(noon).day;
    return true;
}

int cmd_evidence(int argc, char **argv)
{
    struct evidence_options o = {0};
    int operands = options_read(argc, argv, evidence_rows, sizeof evidence_rows / sizeof *evidence_rows, &o);
    struct bundle_order order = {.now = now_utc()};
    struct sign_key key;
    uint64_t files;
    struct diag d;
    int result;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 1 || !o.out) {
        fprintf(
            stderr,
            "portreeve evidence: write 'portreeve evidence RECORD --from DAY --to DAY -o DIR [--signing-key "
            "FILE]'\n");
        return EXIT_BAD_INPUT;
    }
    if (!read_day("--from", o.from, &order.from_day) || !read_day("--to", o.to, &order.to_day))
        return EXIT_BAD_INPUT;
    diag_init(&d);
    if (seal_init(&d) != 0 || (o.key && sign_key_read(o.key, &key, &d) != 0))
        return report(&d);
    order.record = argv[1];
    order.to = o.out;
    order.key = o.key ? &key : NULL;
    result = bundle_make(&order, &files, &d);
    if (o.key)
        sign_key_wipe(&key);
    if (result == 0)
        printf("%s: %llu file(s) and their manifest\n", o.out, (unsigned long long)files);
    return report(&d);
}
