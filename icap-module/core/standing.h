/* The standing: what people have done that rules ask about (a notice read, minutes used, a break, an
 * emergency), as one small immutable file beside the artefact. portreeved writes it anew and renames it;
 * the module opens it, proves it once and swaps it like a policy.
 *
 * A header, then three runs: strings, facts sorted by user, an open-addressed table user -> first fact. All
 * numbers are 32 bits, little-endian; times are seconds since 1970, which 32 bits hold to 2106. */
#ifndef CORE_STANDING_H
#define CORE_STANDING_H

#include "core/artefact.h"

enum { STANDING_VERSION = 1, STANDING_SIZE_MAX = 64 << 20 };
#define STANDING_MAGIC "STANDING"
/* Bytes of a fact's `what` and of a user's name at most. */
enum { STANDING_WHAT_MAX = 128, STANDING_USER_MAX = 256 };

struct standing_header {
    char magic[8];
    uint32_t version;      /* STANDING_VERSION: of this layout */
    uint32_t size;         /* of the whole file, bytes */
    uint32_t check;        /* standing_check_sum: over all that stands behind this field */
    uint32_t as_of[2];     /* when it was true, seconds since 1970: low word, high word */
    struct a_list strings; /* at: offset in the file; n: bytes */
    struct a_list facts;   /* at: offset, a multiple of 4; n: rows of struct s_fact */
    struct a_list
        table; /* at: offset, a multiple of 4; n: slots, a power of two, one of them empty at least:
                  index of the user's first fact + 1, 0 = empty; the probe begins at str_hash(user) */
};

/* One fact about one person. Sorted by user (str_cmp); the facts of one user in any order. It holds while
 * from <= now and (until == 0 or now < until). What the fields say for each kind:
 *   ack        what "ASK/KEY": notice/POLICY-VERSION, coach/RULE, person/RULE; from = when; number 0
 *   used       what = allowance; from = local midnight, until = the next one; number = clock minutes used
 *   given      the same; number = minutes given back
 *   break      what empty; from, until (never 0)
 *   emergency  what = id of the reason; from, until (never 0)
 *   playing    what = allowance; from = its last minute so far, until (never 0) = a grace later */
struct s_fact {
    struct a_str user; /* the canonical sign-in name (struct request: account_name), never empty */
    uint32_t kind;     /* enum fact */
    struct a_str what;
    uint32_t from, until, number;
};

/* An opened standing: proven, immutable, shared by threads and forks. */
struct standing;

/* What header.check must be. `size` of the whole file, at least that of the header. */
uint32_t standing_check_sum(const struct standing_header *h, size_t size);

/* Proves all of it. The bytes (aligned to 4) stay the caller's and must outlive the standing. -1 with a
 * message that says what is wrong with which row. */
int standing_open_mem(const void *bytes, size_t size, struct standing **standing, struct diag *d);

/* Reads the file into pages of its own (core/mapfile.c); standing_free gives them back. */
int standing_map(const char *path, struct standing **standing, struct diag *d);

/* NULL is allowed. */
void standing_free(struct standing *s);

/* For mapfile.c: what standing_free gives back. */
void standing_own_mapping(struct standing *s, void *mapping, size_t size, int (*unmap)(void *, size_t));

int64_t standing_as_of(const struct standing *s);

/* A run of facts; slices of them live as long as the standing. */
struct facts {
    const struct standing *of;
    const struct s_fact *rows;
    uint32_t n;
};

/* All facts of that user, and all of the file. `s` may be NULL: none. */
struct facts standing_facts(const struct standing *s, struct str user);
struct facts standing_all(const struct standing *s);

struct str standing_str(const struct standing *s, struct a_str a);

/* It holds at that time. */
bool fact_holds(const struct s_fact *f, int64_t now);

/* The same questions to a run of facts that is at hand. */
bool facts_have(const struct facts *facts, enum fact kind, struct str what, int64_t now);
uint32_t facts_since(const struct facts *facts, enum fact kind, struct str what, int64_t now);
uint32_t facts_until(const struct facts *facts, enum fact kind, struct str what, int64_t now);
uint32_t facts_sum(const struct facts *facts, enum fact kind, struct str what, int64_t now);

/* Of the user's facts of that kind about `what` that hold now: that there is one, the latest `from` (0 =
 * none), the latest `until` (0 = none, or without an end), and the numbers together. `what` STR_NONE: about
 * anything. */
bool standing_has(const struct standing *s, struct str user, enum fact kind, struct str what, int64_t now);
uint32_t standing_since(const struct standing *s, struct str user, enum fact kind, struct str what,
                        int64_t now);
uint32_t standing_sum(const struct standing *s, struct str user, enum fact kind, struct str what,
                      int64_t now);

#endif
