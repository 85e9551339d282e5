/* allowance: the service desk gives somebody's minutes back. */
#include "core/lookup.h"
#include "core/request.h"
#include "record/seal.h"
#include "tools/cmd.h"
#include "tools/orders.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct allowance_options {
    const char *artefact, *store;
};

static bool take_artefact(void *to, const char *value)
{
    ((struct allowance_options *)to)->artefact = value;
    return true;
}

static bool take_store(void *to, const char *value)
{
    ((struct allowance_options *)to)->store = value;
    return true;
}

static const struct option_row rows[] = {
    {"--artefact", false, take_artefact},
    {"--store", false, take_store},
};

/* False after a message. */
static bool find_allowance(const struct artefact *a, struct str name)
{
    const char *names[64];
    char texts[64][ARTEFACT_NAME_MAX + 1];
    const char *near;
    size_t n = 0;

    for (uint32_t i = 0; i < a->n[SECTION_ALLOWANCES] && n < 64; i++) {
        struct str known = artefact_str(a, ARTEFACT_ROWS(a, ALLOWANCES, struct a_allowance)[i].name);

        if (str_eq(known, name))
            return true;
        diag_copy(texts[n], sizeof texts[n], known);
        names[n] = texts[n];
        n++;
    }
    near = diag_nearest(name, names, n);
    fprintf(stderr, "portreeve allowance: the policy has no allowance '%.*s'", STR_ARG(name));
    if (near)
        fprintf(stderr, "; did you mean '%s'?", near);
    fputc('\n', stderr);
    return false;
}

/* portreeved holds a lock on FILE.lock. */
static bool is_running(const char *store)
{
    char name[4096];
    bool running;
    int fd;

    if ((size_t)snprintf(name, sizeof name, "%s.lock", store) >= sizeof name)
        return false;
    fd = open(name, O_RDONLY | O_CLOEXEC);
    running = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0;
    if (fd >= 0)
        close(fd);
    return running;
}

static int reset(const struct allowance_options *o, const char *user, const char *allowance)
{
    struct policy *p = open_policy(o->artefact);
    const struct artefact *a = p ? policy_artefact(p) : NULL;
    struct order order = {.allowance = str_of(allowance),
                          .by = str_of(geteuid() == 0 ? getenv("SUDO_USER") : NULL)};
    unsigned char room[4096];
    struct arena arena;
    struct diag d;
    int result = EXIT_BAD_INPUT;

    if (!a)
        return EXIT_BAD_INPUT;
    arena_init(&arena, room, sizeof room);
    order.user = lookup_current(a, user_canonical(str_of(user), &arena));
    diag_init(&d);
    if (a->n[SECTION_ALLOWANCES] == 0)
        fprintf(stderr, "portreeve allowance: the policy has no allowance\n");
    else if (order.user.n == 0 || order.user.n > STORE_NAME || user_is_address(order.user))
        fprintf(stderr, "portreeve allowance: '%s' is no user\n", user);
    else if (!allowance || find_allowance(a, order.allowance))
        result = seal_init(&d) == 0 && order_put(o->store, &order, &d) == 0 ? EXIT_DONE : report(&d);
    if (result == EXIT_DONE)
        printf("%.*s: today's minutes%s%s are given back%s\n", STR_ARG(order.user), allowance ? " of " : "",
               allowance ? allowance : "",
               is_running(o->store) ? " within a second"
                                    : " when portreeved is started: it does not run now");
    policy_free(p);
    return result;
}

int cmd_allowance(int argc, char **argv)
{
    struct allowance_options o = {0};
    int operands = options_read(argc, argv, rows, sizeof rows / sizeof *rows, &o);

    if (operands < 0)
        return EXIT_BAD_INPUT;
    if (operands < 2 || operands > 3 || strcmp(argv[1], "reset") != 0 || !o.artefact || !o.store) {
        fprintf(stderr,
                "portreeve allowance: write 'portreeve allowance reset USER [ALLOWANCE] --artefact FILE "
                "--store FILE'\n");
        return EXIT_BAD_INPUT;
    }
    if (store_is_shared(o.store)) {
        fprintf(
            stderr,
            "portreeve allowance: orders are given on the node: name as --store what its portreeved has as "
            "--state\n");
        return EXIT_BAD_INPUT;
    }
    return reset(&o, argv[2], operands == 3 ? argv[3] : NULL);
}
