/* One small function for each condition; no effects, three answers (Kleene). */
#ifndef CORE_MATCH_H
#define CORE_MATCH_H

#include "core/ask.h"
#include "core/clock.h"
#include "core/conditions.h"
#include "core/policy.h"
#include "core/standing.h"

enum answer { NO = 0, YES, UNSURE };

/* The client's address as rules compare it: 16 bytes in four words of network order, IPv4 as ::ffff:a.b.c.d.
 */
struct client_address {
    bool looked, known;
    uint32_t words[4];
};

/* What a person's grants for the request's platform say, to one way of asking (match_grant.c). */
struct grant_view {
    bool looked;
    enum grant_state state; /* the best of them: live, inert, expired, none */
    enum step step;         /* what the first inert one lacks */
    uint32_t missing;       /* bit set of what the inert ones lack */
    enum answer named;      /* a live one names the account and activity that were asked for */
};

enum { GRANT_WAYS = 4 }; /* of asking: by account, by activity, by both, by neither */

/* Why a moment is own time, work time, or cannot be told (during.c). */
enum during_why {
    DURING_WHY_NOT_SAID = 0, /* the policy has no calendar */
    DURING_WHY_WINDOW,       /* `window` of a calendar or rota */
    DURING_WHY_OUTSIDE,      /* none of its windows is open */
    DURING_WHY_HOLIDAY,      /* it would be open but for `holiday` */
    DURING_WHY_CLOSED,       /* or for days on which the calendar is closed */
    DURING_WHY_BREAK,        /* a break that the person declared */
    DURING_WHY_NO_ROTA,      /* no rota covers the day */
    DURING_WHY_DIFFER        /* `calendar` and `other` of the person's groups say different things */
};

/* What time it is for a person. */
struct time_view {
    bool looked, by_rota, fallback; /* fallback: for want of a rota */
    enum hours hours;               /* HOURS_COUNT: unsure */
    enum during_why why;
    uint32_t calendar, group;    /* which calendar, or (by_rota) whose rota: NO_INDEX = the person's own */
    uint32_t other, other_group; /* with DURING_WHY_DIFFER the same of the other */
    bool other_by_rota;
    uint32_t window, holiday; /* SECTION_WINDOWS, SECTION_HOLIDAYS, or NO_INDEX */
    uint32_t break_until;     /* with DURING_WHY_BREAK, UTC second */
};

/* The one person's profile that a request is for (match_recall.c). */
struct recall_profile {
    bool looked, is;
    uint32_t platform; /* whose accounts it is among */
    char name[160];
    size_t n;
    struct recall_key visit;
};

/* What rules ask for again and again, found out once a request, by the first of them. */
struct match_memory {
    struct recall_profile profile;
    uint32_t returns; /* to it, as a rule has counted them; NO_INDEX: none has */
    bool has_facts;
    struct facts facts; /* of the person */
    struct client_address client;
    struct grant_view grants[GRANT_WAYS];
    struct time_view time;
};

/* All that a matcher may look at. */
struct match {
    const struct policy *policy;
    const struct artefact *artefact;
    const struct snapshot *snapshot;
    const struct recall *recall; /* NULL: nothing is remembered */
    const struct request *request;
    const struct classification *what;
    const struct person *who;
    int32_t today;           /* local day of request->now, */
    struct local_time local; /* and all of it */
    enum step *step;         /* match_grant says here which step an inert grant lacks */
    struct match_memory *memory;
};

/* To hold rules against a request that is classified and whose person is known (v->what, v->who). `memory` is
 * zeros and lives as long; the caller sets `step`. */
struct match match_for(const struct snapshot *snapshot, const struct request *r, const struct verdict *v,
                       struct match_memory *memory);

/* One clause, with its `except` turned around. */
enum answer match_clause(const struct match *m, const struct a_clause *clause);

/* All clauses of a rule: the least of them (NO before UNSURE before YES). */
enum answer match_rule(const struct match *m, const struct a_rule *rule);

/* Kleene's and, or, not. */
enum answer answer_and(enum answer a, enum answer b);
enum answer answer_or(enum answer a, enum answer b);
enum answer answer_not(enum answer a);

/* For match.c's table: the matchers with files of their own (match_grant.c, during.c, match_standing.c). */
enum answer match_grant(const struct match *m, const uint32_t *args, uint32_t n);
enum answer match_during(const struct match *m, const uint32_t *args, uint32_t n);

/* match_standing.c. */
enum answer match_allowance(const struct match *m, const uint32_t *args, uint32_t n);
enum answer match_emergency(const struct match *m, const uint32_t *args, uint32_t n);

/* What a rule of verb require asks the person has answered, for this time. */
bool match_answered(const struct match *m, const struct a_rule *rule);

/* match_recall.c: earlier visits to the one person's profile that the request is for, as far back as the rule
 * looks; NO_INDEX: it is for none, or nothing is remembered. */
uint32_t match_returns(const struct match *m, const struct a_rule *rule);

/* A `require person` has nothing to ask here: too few visits, or it has asked in this day or week. */
bool match_prompted(const struct match *m, const struct a_rule *rule);

/* What to note when that page of that rule (or RULE_NONE) could not be shown. Returns how many. */
unsigned match_owes(const struct match *m, uint32_t rule, uint32_t page, struct recall_key to[2]);

/* When all else is decided: what is to be noted, and a page that is owed in the place of the one asked for.
 */
void match_recall(const struct match *m, struct a_list candidates, struct verdict *v);

/* The facts of the person who asks. */
const struct facts *match_facts(const struct match *m);

/* A grant by itself at a time (`today`: its local day), whoever asks for what: live, inert (*missing is then
 * the bit set of steps that it lacks), expired, or none: a clean-up that has not begun. */
enum grant_state match_grant_state(const struct a_meta *meta, const struct a_grant *g, int32_t today,
                                   int64_t now, uint32_t *missing);

/* The first local day on which it holds no longer, by its own end, by the policy's months or by the 24 hours
 * of a clean-up; INT32_MAX = never. */
int32_t match_grant_end(const struct a_meta *meta, const struct a_grant *g);

/* What ends within so many days is told in advance. */
enum { GRANT_SOON_DAYS = 30 };

/* The client's address lies in a network of zone guest. */
bool match_from_guest(const struct match *m);

bool match_in_group(const struct person *who, uint32_t group);

#endif
