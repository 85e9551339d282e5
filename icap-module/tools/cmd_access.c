/* access: who looked at what, out of the access log. That look is logged before it is shown. */
#include "core/clock.h"
#include "record/epoch.h"
#include "tools/access.h"
#include "tools/access_show.h"
#include "tools/cmd.h"

#include <stdio.h>
#include <unistd.h>

struct access_options {
    const char *about, *reference, *key;
    int64_t since, at;
    enum access_form form;
    bool digest;
};

static bool take_about(void *to, const char *value)
{
    ((struct access_options *)to)->about = value;
    return true;
}

static bool take_case(void *to, const char *value)
{
    ((struct access_options *)to)->reference = value;
    return true;
}

static bool take_key(void *to, const char *value)
{
    ((struct access_options *)to)->key = value;
    return true;
}

static bool take_since(void *to, const char *value)
{
    return take_moment("portreeve access: --since", value, &((struct access_options *)to)->since);
}

static bool take_at(void *to, const char *value)
{
    return take_moment("portreeve access: --at", value, &((struct access_options *)to)->at);
}

static bool take_json(void *to, const char *value)
{
    (void)value;
    ((struct access_options *)to)->form = ACCESS_JSON;
    return true;
}

static bool take_csv(void *to, const char *value)
{
    (void)value;
    ((struct access_options *)to)->form = ACCESS_CSV;
    return true;
}

static bool take_digest(void *to, const char *value)
{
    (void)value;
    ((struct access_options *)to)->digest = true;
    return true;
}

static const struct option_row rows[] = {
    {"--about", false, take_about}, {"--case", false, take_case},  {"--since", false, take_since},
    {"--json", true, take_json},    {"--csv", true, take_csv},     {"--digest", true, take_digest},
    {"--key", false, take_key},     {"--at", false, take_at},
};

/* The look at the log, in the log. */
static int note(const struct access_options *o, const char *path, struct diag *d)
{
    char login[128];
    struct access_entry e = {.by = access_login(login, sizeof login),
                             .role = o->digest ? STR("ig") : STR("audit"),
                             .what = o->digest ? STR("access digest") : STR("access"),
                             .case_ref = o->reference ? str_of(o->reference) : STR_NONE,
                             .about = o->about ? str_of(o->about) : STR_NONE,
                             .result = STR("told")};

    return accesslog_add(path, &e, o->at, NULL, d);
}

static void show(const struct access_options *o, const char *path, const unsigned char *public, struct diag *d)
{
    struct access_shown shown = {.form = o->form, .at = o->at, .since = o->since};
    struct access_wanted wanted = {.about = o->about ? str_of(o->about) : STR_NONE,
                                   .case_ref = o->reference ? str_of(o->reference) : STR_NONE,
                                   .since = o->since,
                                   .public = public};
    struct ledger_read read;
    char number[48];

    if (accesslog_read(path, &wanted, o->digest ? access_count : access_row, &shown, &read, d) == 0) {
        shown.sound = read.fault == LEDGER_SOUND || read.fault == LEDGER_TORN;
        if (!shown.sound) {
            snprintf(number, sizeof number, ": line %llu ", (unsigned long long)read.head.lines + 1);
            diag_error(d, path, number, ledger_fault_words(read.fault));
        }
        if (note(o, path, d) == 0 && (o->digest ? access_digest(&shown, &read, d) : access_end(&shown, &read, d)) == 0)
            fwrite(shown.out.p, 1, shown.out.n, stdout);
    }
    access_shown_free(&shown);
}

int cmd_access(int argc, char **argv)
{
    struct access_options o = {.at = now_utc()};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);
    unsigned char public[SIGN_PUBLIC];
    struct diag d;
    int result;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands != 1) {
        fprintf(stderr, "portreeve access: write 'portreeve access FILE [--about WHOM] [--case REF] [--since DAY] "
                        "[--json|--csv] [--digest]'\n");
        return EXIT_BAD_INPUT;
    }
    if (o.digest && !o.since)
        o.since = epoch_midnight(clock_local(o.at).day - 7);
    diag_init(&d);
    if (access(argv[1], F_OK) != 0)
        diag_error(&d, argv[1], ": there is no such access log", NULL);
    else if (seal_init(&d) == 0 && (!o.key || sign_public_read(o.key, public, &d) == 0))
        show(&o, argv[1], o.key ? public : NULL, &d);
    result = d.errors ? EXIT_REFUSED : EXIT_DONE;
    report(&d);
    return result;
}
