/* What the files of replay.h share: nobody else includes this. Unknowns are found (replay_unknowns.c) for one kind of events after
 * the other, worlds made of them (replay_worlds.c); where there are too many, rules are compared (replay_same.c). */
#ifndef TOOLS_REPLAY_INTERNAL_H
#define TOOLS_REPLAY_INTERNAL_H

#include "tools/replay.h"

#include "core/match.h"

enum { OLD, NEW, SIDES };
enum { NO_UNKNOWN = 0xffff, FOUND_MAX = 64 };

/* An unknown, by its text: the same in both policies is one. */
struct unknown {
    char *text;
    bool group;
    bool fixed; /* no: a question that only the new policy asks */
};

/* A policy, and which unknown each of its clauses, groups and questions is. */
struct side {
    const struct policy *policy;
    const struct artefact *a;
    uint16_t *clause, *group, *question;
    bool *negated; /* the clause says the opposite of its unknown */
    unsigned char *clauses, *answered;
    unsigned char *relevant; /* by clause: it can matter to the kind that is looked at */
    struct supposed supposed;
    struct snapshot view;
};

struct kept {
    unsigned char bytes[EVENT_MAX];
    size_t size;
    uint64_t n;
};

struct replay {
    struct side sides[SIDES];
    struct unknown *unknowns;
    size_t n_unknowns;
    struct kept *kept;
    uint32_t *table; /* of `kept`, by hash, plus one; 0 = free */
    size_t n, room, slots;
    struct replay_kind *kinds;
    struct scratch *scratch;
    bool no_memory;
};

/* A group for which another of the unknowns stands. */
struct like {
    uint16_t unknown, as;
};

/* What is being looked at. */
struct looking {
    struct replay *r;
    const struct event *e;
    bool differing_accounts; /* the two know other accounts of this platform */
    bool unresolved; /* in the worlds that are tried, the person's groups were not resolved */
    uint16_t unknowns[FOUND_MAX]; /* at most REPLAY_UNKNOWNS once groups are merged */
    struct like like[FOUND_MAX];
    unsigned n, n_like;
    bool too_many;
};

static inline const struct a_clause *replay_clauses(const struct side *s)
{
    return ARTEFACT_ROWS(s->a, CLAUSES, struct a_clause);
}

static inline const struct a_rule *replay_rules(const struct side *s)
{
    return ARTEFACT_ROWS(s->a, RULES, struct a_rule);
}

/* replay_link.c: gives every clause, group and question of both sides its unknown. False without memory. */
bool replay_link(struct replay *r);
void replay_unlink(struct replay *r);

/* replay_unknowns.c: what the verdicts on l->e can hang on; groups that count alike are one. */
void replay_find_unknowns(struct looking *l);

/* Whether the record tells what a clause asks. */
bool replay_is_told(const struct looking *l, const struct a_clause *clause);

/* What the event says of the request, to one of the policies; and the request, by somebody in those groups. */
struct classification replay_what(const struct looking *l, const struct side *s);
struct request replay_request(const struct looking *l, struct str *groups, size_t n);

/* replay_same.c: the rules that can matter are word for word the same on both sides. */
bool replay_same_rules(const struct looking *l);

/* replay_worlds.c: tries all worlds; fills fate, before, after and parts. */
void replay_judge(struct looking *l, struct replay_kind *k);

#endif
