/* hosts: short lists for Squid, so that what Squid must know is said once, in the policy. */
#include "core/lookup.h"
#include "tools/cmd.h"

#include <stdio.h>
#include <stdlib.h>

enum host_list { LIST_MUST_WORK, LIST_BUMP, LIST_NEVER_BUMP, LIST_NEVER_LOG, LIST_RESTRICTED, LISTS };

/* A name that may stand in a list; `all`: with everything below it. */
struct entry {
    struct str name;
    bool all;
};

static bool in_list(const struct artefact *a, const struct a_host *h, enum host_list list)
{
    const struct a_meta *meta = ARTEFACT_ROWS(a, META, struct a_meta);

    bool carrier = meta->carriers == CARRIERS_OPEN && h->flags & HOST_CARRIER_OPENED &&
                   (meta->scope_classes || a->n[SECTION_RULES]);

    switch (list) {
    case LIST_MUST_WORK:
        return h->flags & HOST_MUST_WORK;
    case LIST_NEVER_BUMP:
        return h->flags & HOST_NEVER_BUMP;
    case LIST_NEVER_LOG:
        return h->flags & HOST_NEVER_LOG;
    case LIST_BUMP:
        if (h->flags & (HOST_NEVER_BUMP | HOST_MUST_WORK))
            return false;
        return carrier ||
               (h->platform != NO_INDEX &&
                meta->scope_classes >> ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[h->platform].class & 1);
    case LIST_RESTRICTED:
    case LISTS:
        break;
    }
    return false;
}

/* Some rule in force sets it. */
static bool is_set(const struct artefact *a, uint32_t restriction)
{
    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++) {
        const struct a_rule *r = &ARTEFACT_ROWS(a, RULES, struct a_rule)[i];

        for (uint32_t k = 0; k < r->sets.n && !(r->flags & RULE_SHADOW); k++)
            if (ARTEFACT_ROWS(a, SETS, struct a_set)[r->sets.at + k].restriction == restriction)
                return true;
    }
    return false;
}

/* What restrictions are set on is opened, too. */
static bool is_restricted(const struct artefact *a, const struct a_restricted *r, enum host_list list)
{
    return (list == LIST_BUMP || list == LIST_RESTRICTED) && is_set(a, r->restriction) &&
           !(lookup_host(a, artefact_str(a, r->name)).flags & (HOST_NEVER_BUMP | HOST_MUST_WORK));
}

/* The rows of both sections, counted through. False where the row is not of the list. */
static bool entry_at(const struct artefact *a, uint32_t i, enum host_list list, struct entry *e)
{
    if (i < a->n[SECTION_HOSTS]) {
        const struct a_host *h = &ARTEFACT_ROWS(a, HOSTS, struct a_host)[i];

        *e = (struct entry){artefact_str(a, h->name), h->flags & HOST_SUBDOMAINS || list == LIST_NEVER_LOG};
        return in_list(a, h, list);
    }
    {
        const struct a_restricted *r =
            &ARTEFACT_ROWS(a, RESTRICTED, struct a_restricted)[i - a->n[SECTION_HOSTS]];

        *e = (struct entry){artefact_str(a, r->name), r->flags & HOST_SUBDOMAINS};
        return is_restricted(a, r, list);
    }
}

/* Squid is fatal on a name below one that stands in the list with its subdomains. */
static bool below(struct entry x, struct entry parent)
{
    size_t n = parent.name.n;

    return parent.all && x.name.n > n + 1 && x.name.p[x.name.n - n - 1] == '.' &&
           str_eq(str_from(x.name, x.name.n - n), parent.name);
}

static bool covered(const struct artefact *a, uint32_t i, struct entry e, enum host_list list)
{
    for (uint32_t k = 0; k < a->n[SECTION_HOSTS] + a->n[SECTION_RESTRICTED]; k++) {
        struct entry other;

        if (k == i || !entry_at(a, k, list, &other))
            continue;
        if (below(e, other) ||
            (str_eq(e.name, other.name) && (other.all == e.all ? k < i : other.all))) /* once each */
            return true;
    }
    return false;
}

static void print_list(const struct artefact *a, enum host_list list)
{
    for (uint32_t i = 0; i < a->n[SECTION_HOSTS] + a->n[SECTION_RESTRICTED]; i++) {
        struct entry e;

        if (entry_at(a, i, list, &e) && !covered(a, i, e, list))
            printf("%s%.*s\n", e.all ? "." : "", STR_ARG(e.name));
    }
}

int cmd_hosts(int argc, char **argv)
{
    static const char *const names[LISTS] = {"must-work", "bump", "never-bump", "never-log", "restricted"};
    int operands = options_read(argc, argv, NULL, 0, NULL);
    struct policy *p;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    for (int list = 0; operands == 2 && list < LISTS; list++) {
        if (strcmp(argv[2], names[list]) != 0)
            continue;
        p = open_policy(argv[1]);
        if (!p)
            return EXIT_BAD_INPUT;
        print_list(policy_artefact(p), (enum host_list)list);
        policy_free(p);
        return EXIT_DONE;
    }
    fprintf(
        stderr,
        "portreeve hosts: write 'portreeve hosts FILE must-work', 'bump', 'never-bump', 'never-log' or 'restricted'\n");
    return EXIT_BAD_INPUT;
}
