/* accounts: sign-ins that count as a registered account's. Here: the code by which an officer enrols, and
 * digests for the fixtures of cases. */
#include "tools/accounts.h"
#include "tools/cmd.h"

#include "core/clock.h"
#include "core/lookup.h"
#include "record/seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool take_artefact(void *to, const char *value)
{
    ((struct accounts_options *)to)->artefact = value;
    return true;
}

static bool take_key(void *to, const char *value)
{
    ((struct accounts_options *)to)->key = value;
    return true;
}

static bool take_user(void *to, const char *value)
{
    ((struct accounts_options *)to)->user = value;
    return true;
}

static bool take_platform(void *to, const char *value)
{
    ((struct accounts_options *)to)->platform = value;
    return true;
}

static bool take_account(void *to, const char *value)
{
    ((struct accounts_options *)to)->account = value;
    return true;
}

static bool take_own(void *to, const char *value)
{
    (void)value;
    ((struct accounts_options *)to)->own = true;
    return true;
}

static bool take_by(void *to, const char *value)
{
    ((struct accounts_options *)to)->by = value;
    return true;
}

static bool take_inbox(void *to, const char *value)
{
    ((struct accounts_options *)to)->inbox = value;
    return true;
}

static bool take_register(void *to, const char *value)
{
    ((struct accounts_options *)to)->reg = value;
    return true;
}

static bool take_words(void *to, const char *value)
{
    ((struct accounts_options *)to)->words = value;
    return true;
}

static bool take_maps(void *to, const char *value)
{
    ((struct accounts_options *)to)->maps = value;
    return true;
}

static bool take_json(void *to, const char *value)
{
    (void)value;
    ((struct accounts_options *)to)->json = true;
    return true;
}

static bool take_minutes(void *to, const char *value)
{
    uint64_t minutes;

    if (str_u64(str_of(value), &minutes) && minutes > 0 && minutes <= ENROL_MINUTES_MAX) {
        ((struct accounts_options *)to)->minutes = (unsigned)minutes;
        return true;
    }
    fprintf(stderr, "portreeve accounts: --minutes %s: a code lasts 1 to %d minutes\n", value,
            ENROL_MINUTES_MAX);
    return false;
}

static bool take_at(void *to, const char *value)
{
    if (clock_parse(str_of(value), &((struct accounts_options *)to)->now) == 0)
        return true;
    fprintf(stderr, "portreeve accounts: --at %s is no time; write 2026-05-12T10:00:00+01:00 or 2026-05-12\n",
            value);
    return false;
}

static const struct option_row rows[] = {
    {"--artefact", false, take_artefact},
    {"--key", false, take_key},
    {"--user", false, take_user},
    {"--platform", false, take_platform},
    {"--account", false, take_account},
    {"--own", true, take_own},
    {"--minutes", false, take_minutes},
    {"--at", false, take_at},
    {"--by", false, take_by},
    {"--inbox", false, take_inbox},
    {"--register", false, take_register},
    {"--words", false, take_words},
    {"--maps", false, take_maps},
    {"--json", true, take_json},
};

/* ---- enrol ---- */

static uint32_t find_platform(const struct artefact *a, const char *id)
{
    for (uint32_t i = 0; i < a->n[SECTION_PLATFORMS]; i++)
        if (str_eq(artefact_str(a, ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[i].id), str_of(id)))
            return i;
    fprintf(stderr, "portreeve accounts: the policy knows no platform '%s'\n", id);
    return NO_INDEX;
}

/* Somewhere a request to it says as whom one is signed in. */
static bool tells_identity(const struct artefact *a, uint32_t platform)
{
    const struct a_platform *p = &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[platform];

    for (uint32_t i = 0; i < p->rows.n; i++) {
        const struct a_row *row = &ARTEFACT_ROWS(a, ROWS, struct a_row)[p->rows.at + i];

        if (row->kind == ROW_IDENTITY && !str_eq(artefact_str(a, row->format), STR("-")))
            return true;
    }
    fprintf(stderr,
            "portreeve accounts: requests to '%.*s' do not say who is signed in: nobody can enrol there\n",
            STR_ARG(artefact_str(a, p->id)));
    return false;
}

/* By any of its names, as the register's aliases are compared. */
static const struct a_account *find_account(const struct artefact *a, uint32_t platform, const char *name)
{
    const struct a_platform *p = &ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[platform];

    for (uint32_t i = 0; i < a->n[SECTION_ALIASES]; i++) {
        const struct a_alias *alias = &ARTEFACT_ROWS(a, ALIASES, struct a_alias)[i];
        const struct a_account *account = &ARTEFACT_ROWS(a, ACCOUNTS, struct a_account)[alias->account];

        if (alias->platform == platform && (str_ieq(artefact_str(a, alias->name), str_of(name)) ||
                                            str_ieq(artefact_str(a, account->name), str_of(name))))
            return account;
    }
    fprintf(stderr,
            "portreeve accounts: '%s' is no registered account of '%.*s': it belongs into "
            "registers/accounts.csv\n",
            name, STR_ARG(artefact_str(a, p->id)));
    return NULL;
}

/* The host of the platform's first page: of its main hosts the shortest, one that begins with the platform's
 * name before others (facebook.com, not fb.com). */
static const struct a_host *main_host(const struct artefact *a, uint32_t platform)
{
    struct str id = artefact_str(a, ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[platform].id);
    const struct a_host *best = NULL;
    bool named = false;

    for (uint32_t i = 0; i < a->n[SECTION_HOSTS]; i++) {
        const struct a_host *h = &ARTEFACT_ROWS(a, HOSTS, struct a_host)[i];
        bool begins = str_istarts(artefact_str(a, h->name), id);

        if (h->platform != platform || h->role != ROLE_MAIN || (named && !begins))
            continue;
        if (!best || begins > named || h->name.n < best->name.n)
            best = h;
        named |= begins;
    }
    return best;
}

static void print_code(const struct artefact *a, uint32_t platform, const struct enrolment *e,
                       const char *code, unsigned minutes)
{
    const struct a_host *host = main_host(a, platform);

    printf("For %.*s alone, within %u minutes, signed in to the site %s:\n", STR_ARG(e->user), minutes,
           e->profile == PROFILE_OWN ? "with their own profile" : "as the account");
    if (host)
        printf("open  https://%s%.*s/?portreeve-enrol=%.*s\n", host->flags & HOST_SUBDOMAINS ? "www." : "",
               STR_ARG(artefact_str(a, host->name)), ENROL_CODE, code);
    printf("or put this into the site's search:\n  %.*s\n", ENROL_CODE, code);
    printf("Then somebody else, who answers for %.*s, confirms it: portreeve accounts confirm\n",
           STR_ARG(e->account));
}

static int enrol(const struct accounts_options *o, const struct artefact *a)
{
    struct identity_key key;
    struct enrolment e = {.profile = o->own ? PROFILE_OWN : PROFILE_ACCOUNT};
    uint32_t platform = find_platform(a, o->platform);
    const struct a_account *account;
    char name[256], code[ENROL_CODE], line[ENROL_LINE];
    struct arena arena;
    struct diag d;

    diag_init(&d);
    account =
        platform != NO_INDEX && tells_identity(a, platform) ? find_account(a, platform, o->account) : NULL;
    if (!account)
        return EXIT_BAD_INPUT;
    if (seal_init(&d) != 0 || seal_identity_key_read(o->key, &key, &d) != 0)
        return report(&d);
    if (a->n[SECTION_IDENTITIES] && ARTEFACT_ROWS(a, IDENTITIES, struct a_identity)->key != key.id) {
        fprintf(stderr, "portreeve accounts: %s is another key than the register's digests were made with\n",
                o->key);
        return EXIT_BAD_INPUT;
    }
    arena_init(&arena, name, sizeof name);
    if (strlen(o->user) < sizeof name)
        e.user = user_canonical(str_of(o->user), &arena);
    e.platform = artefact_str(a, ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[platform].id);
    e.account = artefact_str(a, account->name);
    if (enrol_line_write(&e, line).n == 0) {
        fprintf(stderr, "portreeve accounts: '%s' is no name with which a person signs in\n", o->user);
        return EXIT_BAD_INPUT;
    }
    enrol_code_write(&key, &e, (uint32_t)(o->now + 60 * (int64_t)o->minutes), code);
    print_code(a, platform, &e, code, o->minutes);
    return EXIT_DONE;
}

static int run_enrol(const struct accounts_options *o, char **argv, int operands)
{
    struct policy *p;
    int result;

    (void)argv;
    if (operands != 1 || !o->artefact || !o->key || !o->user || !o->platform || !o->account) {
        fprintf(stderr,
                "portreeve accounts: write 'portreeve accounts enrol --artefact FILE --key FILE --user USER "
                "--platform P --account A [--own]'\n");
        return EXIT_BAD_INPUT;
    }
    p = open_policy(o->artefact);
    if (!p)
        return EXIT_BAD_INPUT;
    result = enrol(o, policy_artefact(p));
    policy_free(p);
    return result;
}

/* ---- fixture ---- */

/* A digest with the key that a case file's identity-key makes of the same words. */
static int run_fixture(const struct accounts_options *o, char **argv, int operands)
{
    char line[DIGEST_TEXT + KEY_TEXT + 1];
    struct identity_key key;
    struct digest digest;
    struct text t;

    if (operands != 2 || !o->words || !o->platform) {
        fprintf(stderr,
                "portreeve accounts: write 'portreeve accounts fixture --words WORDS --platform P VALUE', "
                "with a made-up VALUE: it is for tests\n");
        return EXIT_BAD_INPUT;
    }
    key = identity_key_of_words(str_of(o->words));
    digest = identity_digest(&key, str_of(o->platform), str_of(argv[2]));
    text_init(&t, line, sizeof line);
    digest_put(&t, &digest);
    text_putc(&t, ',');
    identity_key_put(&t, key.id);
    printf("%.*s\n", (int)t.n, t.p);
    return EXIT_DONE;
}

int cmd_accounts(int argc, char **argv)
{
    static const struct {
        const char *word;
        int (*run)(const struct accounts_options *o, char **argv, int operands);
    } verbs[] = {{"enrol", run_enrol},
                 {"pending", accounts_pending},
                 {"confirm", accounts_confirm},
                 {"list", accounts_list},
                 {"fixture", run_fixture}};
    struct accounts_options o = {.minutes = ENROL_MINUTES, .now = now_utc()};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);

    if (operands < 0)
        return EXIT_BAD_INPUT;
    for (size_t i = 0; operands > 0 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i].word) == 0)
            return verbs[i].run(&o, argv, operands);
    if (operands == 1 && access(argv[1], F_OK) == 0)
        return accounts_show(&o, argv[1]);
    fprintf(stderr,
            "portreeve accounts: of which artefact or folder? Or enrol, pending, confirm, list, fixture: see "
            "portreeve(1)\n");
    return EXIT_BAD_INPUT;
}
