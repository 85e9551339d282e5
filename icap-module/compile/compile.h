/* Text to artefact. Everything here runs in the tool, never in the process that faces the network. */
#ifndef COMPILE_COMPILE_H
#define COMPILE_COMPILE_H

#include "compile/build.h"
#include "compile/source.h"

/* Each reads one text into the builder. 0, or -1 when it added at least one error to `d`; all errors of the
 * text are collected (the parser recovers at the end of the statement or row). `file` is used in messages. */
int parse_map(struct builder *b, struct str file, struct str text, struct diag *d);
/* What maps say of each other, when all of them have been read. */
int finish_maps(struct builder *b, struct diag *d);
int parse_restrictions(struct builder *b, struct str file, struct str text, struct diag *d);
int parse_carriers(struct builder *b, struct str file, struct str text, struct diag *d);
int parse_never_log(struct builder *b, struct str file, struct str text, struct diag *d);
/* networks.csv, before the policy. */
int parse_networks(struct builder *b, struct str file, struct str text, struct diag *d);
int parse_accounts(struct builder *b, struct str file, struct str text, struct diag *d);
/* The days of calendars/, which the policy's calendars name by their region. */
int parse_holidays(struct builder *b, struct str file, struct str text, struct diag *d);
int parse_policy(struct builder *b, struct str file, struct str text, struct diag *d);
/* enforced.csv: for whom verdicts are acted on; after the policy, whose modes it sets. */
int parse_enforced(struct builder *b, struct str file, struct str text, struct diag *d);
/* The same for the policy's own tests, which ask what is decided: all whom it names are enforced. */
int parse_enforced_all(struct builder *b, struct str file, struct str text, struct diag *d);
/* people.csv, before members.csv. */
int parse_people(struct builder *b, struct str file, struct str text, struct diag *d);
int parse_members(struct builder *b, struct str file, struct str text, struct diag *d);
int parse_shifts(struct builder *b, struct str file, struct str text, struct diag *d);
/* Owners, deputies and officers of accounts by their names of today: after the registers of people. */
void accounts_follow_people(struct builder *b);
int parse_grants(struct builder *b, struct str file, struct str text, struct diag *d);
int parse_identities(struct builder *b, struct str file, struct str text,
                     struct diag *d); /* after accounts */
int parse_hosts(struct builder *b, struct str file, struct str text, struct diag *d);
/* Renders one page for the policy's contacts; the policy must be parsed before. */
int parse_page(struct builder *b, struct str file, struct str text, struct diag *d);

/* What is wrong or doubtful in meaning although every statement is right by itself. `today` (local day) makes
 * warnings only, never bytes. */
int check_policy(struct builder *b, int32_t today, struct diag *d);

enum { COMPILE_TESTS = 1, COMPILE_TEST_REGISTERS = 2 };

/* All of the above over a source. With COMPILE_TESTS the policy's own cases must pass (they run against an
 * artefact made with tests/registers/ in place of registers/), and those that stand beside the maps (maps.h).
 */
int compile_source(const struct source *s, int32_t today, unsigned flags, unsigned char **bytes, size_t *size,
                   struct diag *d);

/* The policy statements of an artefact as text that parses to the same rows. malloc'ed, the caller's; NULL
 * without memory. */
char *print_policy(const struct artefact *a, size_t *n);

/* What the artefact says that the council's document does not: a line each, "file words" for `check`. */
void list_assumptions(const struct artefact *a, void (*line)(void *to, const char *text), void *to);

#endif
