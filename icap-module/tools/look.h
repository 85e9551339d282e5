/* What `portreeve grants` and `portreeve accounts` look at: the registers of an artefact or of a folder, at a
 * time. */
#ifndef TOOLS_LOOK_H
#define TOOLS_LOOK_H

#include "core/policy.h"

#include <jansson.h>

struct look {
    const struct artefact *a;
    const struct a_meta *meta;
    int64_t at;
    int32_t today; /* the local day of `at` */
    bool *filled;  /* by group: the registers know somebody in it */
    struct policy *policy;
    unsigned char *bytes; /* what the policy of a folder lies in */
};

/* What the registers say of somebody by name. */
enum known {
    KNOWN_HERE,
    KNOWN_LEFT,  /* there is a people.csv, and neither it nor members.csv has them */
    KNOWN_MOVED, /* they are here, and not in the group that their grant was given in */
    KNOWN_UNTOLD /* no register tells who works here */
};

extern const char *const known_words[]; /* by enum known */

/* An artefact, or a folder that is compiled in memory, without its cases. 0, or -1 after messages; look_close
 * gives back what was opened in either case. */
int look_open(const char *from, const char *maps, int64_t at, struct look *l);
void look_close(struct look *l);

/* The same of an artefact that is the caller's and outlives the look. */
int look_artefact(const struct artefact *a, int64_t at, struct look *l);

/* `user` canonical, today's name. */
enum known look_known(const struct look *l, struct str user);
enum known look_holder(const struct look *l, const struct a_grant *g);

/* Owner, deputy or an officer has left. */
bool look_stale(const struct look *l, const struct a_account *account);

/* Somebody as JSON: {user, class, sponsor, shared, known}. The caller's. */
json_t *look_person(const struct look *l, struct str user, enum known known);

/* "a.user (agency, for b.boss; has left)" of that object, for the screen. */
void look_print_person(const json_t *person);

/* A name of a section's row. */
json_t *look_group(const struct look *l, uint32_t group);

/* "facebook:Name". */
json_t *look_account(const struct look *l, uint32_t account);

/* Words of a JSON array, a blank before each; control characters as '?'. */
void look_print_words(const json_t *words);

/* How many grants stand under which heading of `portreeve grants` (words and numbers); NULL without memory. The caller's. */
json_t *grants_counts(const struct artefact *a, int64_t at);

/* Adds a word to the object's array "attention". */
void look_attend(json_t *o, const char *word);

#endif
