/* Look-ups in a proven artefact: hash tables, a handful of probes each, no failure but "not there". */
#ifndef CORE_LOOKUP_H
#define CORE_LOOKUP_H

#include "core/artefact.h"
#include "core/text.h"

/* These say something of every host below the row's. */
enum { HOST_FLAGS_OF_ALL = HOST_MUST_WORK | HOST_NEVER_BUMP | HOST_CARRIER | HOST_CARRIER_OPENED };

struct host_hits {
    const struct a_host *platform; /* the longest matching row that names a platform, or NULL */
    uint32_t categories;           /* over all matching rows */
    uint32_t flags;                /* over all matching rows, without SUBDOMAINS and SHARED */
};

/* Every row for the host and its parent domains, on label boundaries. */
struct host_hits lookup_host(const struct artefact *a, struct str host);

/* Which restrictions hold at this host, sorted; at most RESTRICTIONS_MAX. Returns how many. */
uint32_t lookup_restricted(const struct artefact *a, struct str host, uint32_t to[RESTRICTIONS_MAX]);

/* Index, or NO_INDEX. */
uint32_t lookup_group(const struct artefact *a, struct str name);

/* NULL when the user is in no register. `user` canonical. */
const struct a_member *lookup_member(const struct artefact *a, struct str user);

/* The name by which the registers know that person today: `user` itself, unless it is one that somebody had
 * before. */
struct str lookup_current(const struct artefact *a, struct str user);

/* A name as the registers' aliases of that platform are written: the form in which names are compared. */
void lookup_fold(const struct a_platform *platform, struct str name, struct text *to);

/* The registered account that goes by this canonical name on that platform, or NO_INDEX. */
uint32_t lookup_account(const struct artefact *a, uint32_t platform, struct str name);

/* The run of rows of that digest on that platform: first index and how many. */
struct a_list lookup_identity(const struct artefact *a, uint32_t platform, const uint32_t digest[4]);

/* The run of grants of one user or of one group: first index and how many. */
struct a_list lookup_user_grants(const struct artefact *a, struct str user);
struct a_list lookup_group_grants(const struct artefact *a, uint32_t group);

/* Whose the network with that number is, or NULL. */
const struct a_owner *lookup_owner(const struct artefact *a, uint32_t number);

/* The rota of a user or of a group, or NULL. */
const struct a_rota *lookup_user_rota(const struct artefact *a, struct str user);
const struct a_rota *lookup_group_rota(const struct artefact *a, uint32_t group);

/* The period of a rota that holds on that local day, or NULL. */
const struct a_period *lookup_period(const struct artefact *a, const struct a_rota *rota, int32_t day);

/* The bank holiday of that local day in a region (SECTION_REGIONS), or NO_INDEX. */
uint32_t lookup_holiday(const struct artefact *a, uint32_t region, int32_t day);

/* The day lies in one of the pairs of days (a_calendar.closed). */
bool lookup_closed(const struct artefact *a, struct a_list closed, int32_t day);

/* A sorted list of SECTION_WORDS holds the word (ASCII case does not matter; the list is lower case). */
bool lookup_word(const struct artefact *a, struct a_list words, struct str word);

/* The path lies in that part of the host which is the platform's. */
bool host_serves(const struct artefact *a, const struct a_host *host, struct str path);

/* "example.com" matches itself, ".example.com" itself and everything below. Both lower case. */
bool host_below(struct str host, struct str pattern);

/* "{account}.example.com" matches one label before ".example.com" and catches it. Both lower case. */
bool host_catch(struct str host, struct str pattern, struct str *captured);

#endif
