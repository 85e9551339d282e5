/* hosts: short lists for Squid, so that what Squid must know is said once, in the policy. */
#include "tools/cmd.h"

#include <stdio.h>
#include <stdlib.h>

enum host_list { LIST_MUST_WORK, LIST_BUMP, LIST_NEVER_BUMP };

static bool wanted(const struct artefact *a, const struct a_host *h, enum host_list list)
{
    const struct a_meta *meta = ARTEFACT_ROWS(a, META, struct a_meta);

    switch (list) {
    case LIST_MUST_WORK:
        return h->flags & HOST_MUST_WORK;
    case LIST_NEVER_BUMP:
        return h->flags & HOST_NEVER_BUMP;
    case LIST_BUMP:
        return h->platform != NO_INDEX && !(h->flags & (HOST_NEVER_BUMP | HOST_MUST_WORK)) &&
               meta->scope_classes >> ARTEFACT_ROWS(a, PLATFORMS, struct a_platform)[h->platform].class & 1;
    }
    return false;
}

/* Squid is fatal on a name below one that stands in the list with its subdomains. */
static bool covered(const struct artefact *a, struct str name, enum host_list list)
{
    for (uint32_t i = 0; i < a->n[SECTION_HOSTS]; i++) {
        const struct a_host *h = &ARTEFACT_ROWS(a, HOSTS, struct a_host)[i];
        struct str parent = artefact_str(a, h->name);

        if (h->flags & HOST_SUBDOMAINS && wanted(a, h, list) && name.n > parent.n + 1 &&
            name.p[name.n - parent.n - 1] == '.' && str_eq(str_from(name, name.n - parent.n), parent))
            return true;
    }
    return false;
}

static void print_list(const struct artefact *a, enum host_list list)
{
    for (uint32_t i = 0; i < a->n[SECTION_HOSTS]; i++) {
        const struct a_host *h = &ARTEFACT_ROWS(a, HOSTS, struct a_host)[i];
        struct str name = artefact_str(a, h->name);

        if (wanted(a, h, list) && !covered(a, name, list))
            printf("%s%.*s\n", h->flags & HOST_SUBDOMAINS ? "." : "", STR_ARG(name));
    }
}

int cmd_hosts(int argc, char **argv)
{
    static const char *const names[] = {"must-work", "bump", "never-bump"};
    int operands = options_read(argc, argv, NULL, 0, NULL);
    struct policy *p;

    if (operands < 0)
        return EXIT_BAD_INPUT;
    for (int list = 0; operands == 2 && list < 3; list++) {
        if (strcmp(argv[2], names[list]) != 0)
            continue;
        p = open_policy(argv[1]);
        if (!p)
            return EXIT_BAD_INPUT;
        print_list(policy_artefact(p), (enum host_list)list);
        policy_free(p);
        return EXIT_DONE;
    }
    fprintf(stderr, "portreeve hosts: write 'portreeve hosts FILE must-work', 'bump' or 'never-bump'\n");
    return EXIT_BAD_INPUT;
}
