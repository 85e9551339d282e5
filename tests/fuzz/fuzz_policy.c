/* Hostile policies. One that compiles must be printed as a policy that compiles to the same bytes. */
#include "fuzz.h"

#include "compile/compile.h"
#include "record/seal.h"

#include <stdlib.h>

enum { TODAY = 20600 };

/* 0 and the artefact of a text that has no error. */
static int compile(struct str text, struct diag *d, struct str *made)
{
    struct builder *b = fuzz_builder();
    unsigned errors = d->errors;
    unsigned char *bytes = NULL;
    size_t size = 0;
    int result = parse_policy(b, STR("council.policy"), text, d);

    FUZZ_HOLDS((result != 0) == (d->errors > errors)); /* an error is said, and what is said is an error */
    if (result == 0) {
        result = check_policy(b, TODAY, d);
        FUZZ_HOLDS((result != 0) == (d->errors > errors));
    }
    if (result == 0) {
        result = build_finish(b, &bytes, &size, d);
        FUZZ_HOLDS(result == 0); /* a text of a few KiB is never too large */
    }
    build_free(b);
    *made = (struct str){(char *)bytes, size};
    return result;
}

static void fixed_point(struct str made, struct diag *d)
{
    struct artefact a;
    struct str again;
    size_t n;
    char *printed;

    FUZZ_HOLDS(artefact_check(made.p, made.n, &a, d) == 0);
    printed = print_policy(&a, &n);
    FUZZ_HOLDS(printed != NULL && strlen(printed) == n);
    FUZZ_HOLDS(compile((struct str){printed, n}, d, &again) == 0);
    FUZZ_HOLDS(str_eq(again, made));
    free((char *)again.p);
    free(printed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct diag d;
    struct str made;

    diag_init(&d);
    FUZZ_HOLDS(seal_init(&d) == 0);
    if (compile((struct str){(const char *)data, size}, &d, &made) == 0)
        fixed_point(made, &d);
    free((char *)made.p);
    return 0;
}

static const char *const lines[] = {
    "carriers seen\n    assumption \"a\"\n",
    "carriers ignore\n",
    "policy \"P\" version 1 from 2026-01-01\n",
    "council \"C\"\n",
    "owner \"O\"\n",
    "approved-by \"A\" on 2026-01-01\n",
    "review-due 2030-01-01\n",
    "mode enforce\n",
    "mode shadow\n",
    "group comms \"Communications\" people employee\n",
    "group \"group chat\" \"Chat\" shadow\n",
    "people-default employee\n",
    "scope class social messaging\n    assumption \"Not said.\"\n",
    "scope category adult gambling\n",
    "default deny cite \"1\" because \"Off.\" page refused\n    assumption \"Not said.\"\n",
    "default allow because \"Open.\"\n",
    "unsure refuse page refused\n",
    "unsure allow\n",
    "unknown-writes allow\n    assumption \"Not said.\"\n",
    "malformed refuse page refused\n",
    "unavailable page refused\n",
    "record counts\n",
    "record pseudonym\n",
    "monitoring clause \"32\" notice-on 2026-04-01 dpia \"D-1\"\n",
    "grants need approval aup policy-read training last 12 months cite \"5c\"\n",
    "contact desk \"Service desk\" mail desk@council.example\n",
    "contact form \"Form\" url https://council.example/f?x=1#y phone \"+44 20 7946 0000\"\n",
    "must-work .council.example\n",
    "never-bump bank.example 10.0.0.1 2001:db8::1\n",
    "calendar office\n",
    "calendar term-time\n",
    "    default\n",
    "    work Mon-Thu 08:45-17:00 Fri 08:45-16:40\n",
    "    own lunch Mon-Fri 12:30-13:30 Sat Sun 00:00-24:00\n",
    "    work Fri-Mon 22:00-06:00 next-day\n",
    "    window late Mon 18:00-20:00\n",
    "    holidays england-and-wales\n",
    "    closed 2026-12-29 to 2026-12-31 2027-02-29\n",
    "    group comms calendar term-time\n",
    "    group \"group chat\" shifts\n",
    "shifts unsure last 12 weeks cite \"3\"\n",
    "shifts default\n    assumption \"Not said.\"\n",
    "    during own-time lunch\n",
    "    except during work-time late\n",
    "forbid adult\n",
    "permit readers\n",
    "require notice seen\n",
    "require coach gentle\n",
    "reason inert\n",
    "set mode\n",
    "    restriction one-of strict\n",
    "    restriction tokens T1,T2\n",
    "    restriction token T1\n",
    "    restriction domains council.example,school.example\n",
    "    restriction tenants \"council.example, 00000000-1111-2222-3333-444444444444\"\n",
    "    restriction guid 00000000-1111-2222-3333-444444444444\n",
    "    restriction guid-pair 00000000-1111-2222-3333-444444444444:00000000-1111-2222-3333-444444444444\n",
    "    platform stage tube\n",
    "    class social\n",
    "    media interactive broadcast-only\n",
    "    host .elsewhere.example a.example\n",
    "    role main api\n",
    "    except category adult\n",
    "    activity signup unknown\n",
    "    account registered stage:Council unknown none\n",
    "    account \"stage:groups/Town Walks\"\n",
    "    account granted\n",
    "    activity granted\n",
    "    account-flag conversations member\n",
    "    identity registered other none unknown\n",
    "    origin person embed background unknown\n",
    "    user known\n",
    "    groups resolved\n",
    "    except group comms\n",
    "    people member unknown\n",
    "    grant live\n",
    "    grant inert aup approval\n",
    "    grant expired none\n",
    "    network 10.0.0.0/8 2001:db8::/32 ::/0\n",
    "    port 3128 65535\n",
    "    because \"Because.\"\n",
    "    cite \"2.1\"\n",
    "    page refused\n",
    "    assumption \"Not said.\"\n",
    "    shadow\n",
    NULL};

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    return fuzz_mutate_text(data, size, max_size, seed, lines);
}
