/* What test_snapshot.c and snapshot_parts.c share: one folder with the files of one snapshot, and what
 * its listener has heard. */
#ifndef TESTS_UNIT_SNAPSHOT_FIXTURE_H
#define TESTS_UNIT_SNAPSHOT_FIXTURE_H

#include "module/snapshot.h"

#include <check.h>
#include <stdatomic.h>

extern char owners[96], standing[96], lists_path[96];
extern struct diag d;
extern char policy_path[80];
extern atomic_uint came, swapped, bad, lines;

void write_file(const char *to, struct str bytes);
void publish_version(unsigned version); /* a policy whose version is the number */
void start(unsigned version);           /* with that policy in force */
unsigned alive(void);                   /* policies that are open */
uint64_t version_in(const struct loaded *l);
uint64_t version_now(void);

/* snapshot_parts.c */
void publish_owner(uint32_t number);
void publish_used(uint32_t minutes, bool raise);
void publish_lists(const char *to, unsigned category);
uint32_t category_in(const struct loaded *l);
uint32_t owner_in(const struct loaded *l);
uint32_t used_in(const struct loaded *l);
void add_parts(TCase *t);

#endif
