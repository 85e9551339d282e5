/* What conditions there are, and what their arguments mean: the table that parser, artefact, print and
 * explain share. How each is matched stands in match.c, made from the same rows. */
#ifndef CORE_CONDITIONS_H
#define CORE_CONDITIONS_H

#include "core/str.h"

/* How a condition's words are read; what its numbers in SECTION_NUMBERS mean. */
enum arg_kind {
    ARG_PLATFORMS,     /* platform ids -> SECTION_PLATFORMS */
    ARG_CLASSES,       /* enum class */
    ARG_MEDIA,         /* "interactive" = 0, "broadcast-only" = 1 */
    ARG_HOSTS,         /* pairs: offset and length in SECTION_STRINGS, exact or ".example.com" */
    ARG_ROLES,         /* enum role */
    ARG_CATEGORIES,    /* enum category */
    ARG_ACTIVITIES,    /* enum activity; ACTIVITY_COUNT = "unknown" */
    ARG_ACCOUNTS,      /* SECTION_ACCOUNTS written platform:name, or enum account_word */
    ARG_ACCOUNT_FLAGS, /* enum account_flag_bit */
    ARG_IDENTITIES,    /* enum identity */
    ARG_ORIGINS,       /* enum origin */
    ARG_USER,          /* "unknown" = 0, "known" = 1 */
    ARG_GROUPS_STATE,  /* "unresolved" = 0, "resolved" = 1 */
    ARG_GROUPS,        /* SECTION_GROUPS */
    ARG_PEOPLE,        /* enum people */
    ARG_GRANT,         /* three numbers: bit set of enum grant_state (0: "live" is meant, not written),
                          bit set of enum step (which must be missing; only with inert), enum grant_ask */
    ARG_NETWORKS,      /* five numbers each: 128-bit address (IPv4 mapped), prefix length */
    ARG_PORTS,         /* port numbers */
    ARG_KNOWN_BY,      /* enum known_by */
    ARG_DURING,        /* SECTION_TIMES, or enum during_word */
    ARG_ALLOWANCES,    /* SECTION_ALLOWANCES */
    ARG_EMERGENCIES,   /* SECTION_EMERGENCIES */
    ARG_CONCERNS,      /* enum concern */
    ARG_SIGHTS,        /* enum sight */
    ARG_COUNTRIES,     /* two small letters, the first times 256 and the second; or enum place_word */
    ARG_ASNS           /* AS numbers, or enum place_word */
};

/* Words that stand for what is not known of an address; numbers above every country and every AS number that
 * can be announced (RFC 6996: private ones end at 4294967294, and nobody has those). */
enum place_word { PLACE_IS_UNKNOWN = 0xfffffff0u, PLACE_IS_NONE = 0xfffffff1u };

/* Words that stand for the two kinds of time; numbers above every index. One of them always holds. */
enum during_word { DURING_OWN_TIME = 0xfffffff0u, DURING_WORK_TIME = 0xfffffff1u };

/* Words that stand for an account; numbers above every index. */
enum account_word {
    ACCOUNT_IS_REGISTERED = 0xfffffff0u,
    ACCOUNT_IS_UNREGISTERED = 0xfffffff1u,
    ACCOUNT_IS_UNKNOWN = 0xfffffff2u,
    ACCOUNT_IS_NONE = 0xfffffff3u
};

/* `account granted` and `activity granted` belong to the rule's grant clause: one and the same grant must
 * name both. */
enum grant_ask { GRANT_NAMES_ACCOUNT = 1, GRANT_NAMES_ACTIVITY = 2 };

struct condition {
    uint32_t number;
    const char *word;
    enum arg_kind args;
    const char *unsure; /* when it cannot be told */
};

extern const struct condition conditions[];
extern const unsigned n_conditions;

/* NULL when there is none. */
const struct condition *condition_by_number(uint32_t number);
const struct condition *condition_by_word(struct str word);

#endif
