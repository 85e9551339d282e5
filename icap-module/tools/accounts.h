/* `portreeve accounts`: listing accounts (accounts_show.c), enrolling sign-ins (cmd_accounts.c)
 * and keeping them (accounts_register.c). */
#ifndef TOOLS_ACCOUNTS_H
#define TOOLS_ACCOUNTS_H

#include "tools/inbox.h"

#include "core/policy.h"

struct accounts_options {
    const char *artefact, *key, *user, *platform, *account, *by, *inbox, *reg, *words, *maps;
    bool own, json;
    unsigned minutes;
    int64_t now;
};

/* The operands behind the verb's own word are argv[2] to argv[operands]. */
int accounts_list(const struct accounts_options *o, char **argv, int operands);
int accounts_pending(const struct accounts_options *o, char **argv, int operands);
int accounts_confirm(const struct accounts_options *o, char **argv, int operands);

/* `portreeve accounts FILE|DIR` (accounts_show.c). */
int accounts_show(const struct accounts_options *o, const char *from);

#endif
