/* The one door to a judgement: facts and an opened artefact in, a verdict by value out. Pure: no I/O, no
 * clock, no environment, no log, no lock. The module, `portreeve explain`, the cases and the fuzzers all use
 * it. */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include "core/artefact.h"
#include "core/digest.h"
#include "core/recall.h"
#include "core/request.h"
#include "core/response.h"

/* An opened artefact with its compiled patterns. Immutable and opaque; threads and forks share it. */
struct policy;

/* The bytes stay the caller's and must outlive the policy. -1 with messages when they are no sound artefact.
 */
int policy_open_mem(const void *bytes, size_t size, struct policy **policy, struct diag *d);

/* Maps the file read-only; policy_free unmaps it. -1 with messages; what was open before is untouched. */
int policy_map(const char *path, struct policy **policy, struct diag *d);

void policy_free(struct policy *p);

const struct artefact *policy_artefact(const struct policy *p);

/* What people have done that rules ask about (a notice read, ...): a second immutable file. NULL = nothing
 * known. */
struct standing;

/* Whose network an address lies in (networks.h). NULL = nothing known. */
struct networks;

/* Where the address lies that a request is for. */
struct whereabouts {
    bool told;    /* an address of the Internet is known: the request names it, or the answer came from it */
    uint32_t asn; /* AS number; 0 = not known */
    uint32_t country; /* as networks_country; 0 = not known */
};

/* Which lists name a host (categories.h). NULL = only the policy's own. */
struct categories;

/* Answers that are taken for granted instead of asked for, where a verdict is weighed anew from a record that does not hold
 * all that it hung on (`portreeve replay`). By row: enum answer (match.h), or SUPPOSE_ASK. */
enum { SUPPOSE_ASK = 255 };

struct supposed {
    const unsigned char *clauses;  /* SECTION_CLAUSES, `except` not counted */
    const unsigned char *answered; /* SECTION_RULES: what a require asks has been answered: 0, 1 */
};

/* What one request sees from its first stage to its last. Borrowed. */
struct snapshot {
    const struct policy *policy;
    const struct standing *standing;
    const struct identity_key *identity_key; /* NULL: what only digests can tell is unknown */
    const struct networks *networks;
    bool unanswerable; /* nobody could answer what the standing tells the answer of: such asks count as in
                          shadow */
    const struct networks *countries;
    const struct whereabouts
        *place; /* of every address, whatever databases say: for cases. NULL: ask those */
    const struct categories *categories;
    const struct supposed *supposed; /* NULL but for replay */
};

/* A worker's own storage for judging; not shared between threads. */
struct scratch {
    struct arena arena;
    void *match;       /* pcre2_match_data */
    void *limits;      /* pcre2_match_context: a low match limit */
    unsigned attempts; /* pattern attempts left for this request */
};

enum { SCRATCH_ARENA = 128 * 1024, PATTERN_ATTEMPTS = 32, PATTERN_SUBJECT_MAX = 2048 };

struct scratch *scratch_new(void); /* NULL without memory */
void scratch_free(struct scratch *s);

/* What a carrier (a translator, cache, archive: carrier.h) is asked for. */
enum carried {
    CARRIED_NOTHING = 0, /* no carrier's host, or a page of its own */
    CARRIED_PAGE,        /* the page at `inner`, and the classification is that page's */
    CARRIED_UNREADABLE,  /* an address stands there that cannot be read: the request is malformed */
    CARRIED_HIDDEN       /* some site's page, and the address does not say which: unsure */
};

/* Stage 4: what is being asked, without knowing by whom. */
struct classification {
    uint32_t platform;   /* SECTION_PLATFORMS or NO_INDEX */
    uint32_t categories; /* bit set by enum category */
    uint32_t host_flags; /* enum host_flag, over all matching host rows; HOST_NEVER_LOG also of what a carrier
                            shows */
    enum role role;
    enum activity activity; /* ACTIVITY_COUNT = unknown */
    enum confidence confidence;
    enum account_state account_state;
    struct str
        account; /* as the request writes it, in the map's notation; empty unless ACCOUNT_STATE_NAMED */
    uint32_t registered; /* SECTION_ACCOUNTS or NO_INDEX */
    enum concern concern;
    enum identity identity;
    bool identity_untold; /* the request tells it, but the key that the register was made with is not at hand
                           */
    enum origin origin;
    uint32_t looked, rot; /* bit sets by enum rot: what could be met, and what was (core/rot.c) */
    enum carried carried;
    uint32_t carrier;      /* SECTION_CARRIERS or NO_INDEX */
    struct str inner_host; /* of CARRIED_PAGE, canonical; else empty */
    uint32_t owner;        /* AS number that told the platform of an address literal; 0 = none did */
    struct whereabouts place;
    uint32_t sights; /* bit set by enum sight: of an answer alone */
};

/* Who asks, as the policy can speak of it. */
struct person {
    enum user_state user;
    enum groups_state groups_state;
    uint64_t *groups; /* bit set by SECTION_GROUPS, in the arena */
    uint32_t people;  /* enum people or NO_INDEX */
    enum mode mode;   /* enforce or shadow, for this person */
    enum known_by known_by;
    struct str subject; /* what stands for this one person whatever they are called: the directory's object
                           id, else the sign-in name; empty unless known by their sign-in */
    struct str sponsor; /* who answers for them, or empty */
};

enum { RULE_NONE = 0xffffffff, RECALL_NOTES = 2 };

/* A restriction that rules of verb set ask for on this request. */
struct verdict_set {
    uint32_t set, rule;         /* SECTION_SETS and SECTION_RULES: what is put in; NO_INDEX = nothing */
    uint32_t would, would_rule; /* the same without shadow */
};

struct verdict {
    enum action action; /* what happens */
    enum why why;
    uint32_t rule;     /* SECTION_RULES that decided or worded it, or RULE_NONE */
    uint32_t page;     /* SECTION_PAGES for a refusal or ask, or NO_INDEX */
    enum ask ask;      /* with ACTION_ASK */
    bool shadow;       /* something would have happened that shadow held back: */
    enum action would; /* what, */
    enum why would_why;
    uint32_t would_rule; /* and by which rule */
    bool in_scope;       /* to be recorded if the policy records */
    bool unlogged;       /* it would be, but for the never-log list: nothing of it is kept anywhere */
    bool bump;           /* a tunnel that must be opened to be judged */
    bool host_only;      /* a tunnel that a rule keeps closed */
    enum step step;      /* of an inert grant; STEP_COUNT = none */
    uint32_t n_sets;     /* in the order of the restrictions; only on a request that goes through */
    struct verdict_set sets[RESTRICTIONS_MAX];
    bool owed; /* ACTION_ASK: the page of an earlier refusal or ask that nobody saw; loading again goes on */
    uint32_t returns; /* earlier visits to this person's profile, where a rule counts them; else NO_INDEX */
    uint32_t n_notes; /* what is to be noted in recall, if what is decided is done */
    struct recall_key notes[RECALL_NOTES];
    struct classification what;
    struct person who;
};

/* Stages 3 to 5. Resets the scratch's arena first; slices in the verdict live until the next call with it.
 * `recall` NULL: nothing is remembered, so nothing that hangs on it is asked or shown. */
struct verdict policy_judge(const struct snapshot *snapshot, const struct recall *recall, struct request *r,
                            struct scratch *scratch);

/* The same for the answer to a request that went through: the rules that ask for what only an answer tells
 * (decide.c, steps R1 to R4). A refusal has its page, and stands in the place of the answer; ACTION_ALLOW: it
 * goes on as it is. in_scope: only where it is refused, or shadow holds that back. */
struct verdict policy_judge_response(const struct snapshot *snapshot, const struct recall *recall,
                                     struct request *r, const struct response *answer,
                                     struct scratch *scratch);

/* A verdict's rule id ("default" or "" without one), plain sentence and clause, as page, event and explain
 * show them. */
struct str verdict_rule(const struct policy *p, const struct verdict *v);
struct str verdict_because(const struct policy *p, const struct verdict *v);
struct str verdict_cite(const struct policy *p, const struct verdict *v);

/* The host's categories for which it was refused: those that the rule names, or of a default refusal those of the scope.
 * Bit set by enum category; 0: it was refused for something else, or not at all. */
uint32_t verdict_categories(const struct policy *p, const struct verdict *v);

/* The parts of it, for explain and tests. */
struct classification classify(const struct snapshot *snapshot, const struct request *r, struct scratch *s);
/* The platform whose sign-ins count there: of a platform's own managing tool, the one that it manages. */
uint32_t identity_platform(const struct artefact *a, uint32_t platform);

/* The digest of the id that the request shows to that platform (SECTION_PLATFORMS, of a request that was
 * judged); false when it shows none that the map can read, or there is no key. For enrolment alone: judging
 * does not need it. */
bool identity_of(const struct snapshot *s, const struct request *r, uint32_t platform,
                 struct scratch *scratch, struct digest *digest);
struct person person_of(const struct policy *p, const struct request *r, struct scratch *s);
void decide(const struct snapshot *snapshot, const struct recall *recall, const struct request *r,
            struct verdict *v);
void decide_response(const struct snapshot *snapshot, const struct request *r, struct verdict *v);

/* The `require person` that asks, or would but for shadow: nothing may be written down of whom it met.
 * RULE_NONE: none. */
uint32_t verdict_person_rule(const struct policy *p, const struct verdict *v);

#endif
