/* The commands of portreeve(1): one file a verb, one row a verb in portreeve.c. */
#ifndef TOOLS_CMD_H
#define TOOLS_CMD_H

#include "compile/compile.h"
#include "core/networks.h"
#include "core/policy.h"

/* Exit statuses, the same for every command. */
enum { EXIT_DONE = 0, EXIT_REFUSED = 1, EXIT_BAD_INPUT = 2 };

struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the verb */
    const char *usage;                 /* what follows the verb */
    const char *about;
};

int cmd_access(int argc, char **argv);
int cmd_accounts(int argc, char **argv);
int cmd_allowance(int argc, char **argv);
int cmd_case(int argc, char **argv);
int cmd_compile(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_test(int argc, char **argv);
int cmd_print(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_enforce(int argc, char **argv);
int cmd_shadow(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_events(int argc, char **argv);
int cmd_evidence(int argc, char **argv);
int cmd_grants(int argc, char **argv);
int cmd_hosts(int argc, char **argv);
int cmd_lists(int argc, char **argv);
int cmd_maps(int argc, char **argv);
int cmd_key(int argc, char **argv);
int cmd_keys(int argc, char **argv);
int cmd_ig(int argc, char **argv);
int cmd_metrics(int argc, char **argv);
int cmd_notice(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_history(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_ref(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_review(int argc, char **argv);
int review_week(int argc, char **argv);   /* `review --week`, */
int review_alerts(int argc, char **argv); /* `review --alerts` */
int cmd_setup(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_subject(int argc, char **argv);
int cmd_unblock(int argc, char **argv);
int cmd_why(int argc, char **argv);
int cmd_verify(int argc, char **argv);

/* Long options shared by the verbs: "--name VALUE", "--name=VALUE" or a flag. The rest are operands, in
 * order. */
struct option_row {
    const char *name;
    bool flag;
    bool (*take)(void *to, const char *value); /* false: the value is wrong (a message has been printed) */
};

/* -1 after a message; else the number of operands, which are moved to the front of argv + 1. */
int options_read(int argc, char **argv, const struct option_row *rows, size_t n, void *to);

/* Messages of `d` on standard error; returns EXIT_BAD_INPUT when there is an error among them, else
 * EXIT_DONE. */
int report(const struct diag *d);

/* A folder with council.policy, or a bundle file, or "-" (a bundle on standard input). */
int read_source(const char *from, const char *maps, struct source *s, struct diag *d);

/* Local day of now: the only clock of the tool. */
int64_t now_utc(void);

/* The options --owners and --countries: a database about addresses (core/networks.h); NULL after messages. */
struct networks *open_networks(const char *path, enum networks_kind kind);

/* The option --categories: a category database and the local lists beside it; NULL after messages. */
struct categories *open_categories(const char *path);

/* A time of the command line; a day alone begins at its midnight, local. False after a message that begins with `what`. */
bool take_moment(const char *what, const char *value, int64_t *to);

/* The artefact of a file, mapped; NULL after messages. */
struct policy *open_policy(const char *path);

#endif
