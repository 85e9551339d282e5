/* What a case or `explain` says was before, played into a table of recall of its own, and judged behind it.
 */
#ifndef CORE_REHEARSE_H
#define CORE_REHEARSE_H

#include "core/policy.h"

enum { REHEARSE_RETURNS_MAX = RETURNS_MAX + 4 };

struct rehearsal {
    uint32_t
        returns; /* earlier visits to that person's profile, the last an hour ago, an hour apart or closer */
    struct str owes; /* id of a rule whose page is owed; empty: none; "default": the default's */
    bool shown;      /* and has been shown already */
};

/* Bytes of memory that rehearse wants, aligned to 8. */
size_t rehearse_size(void);

/* policy_judge with recall as it is after that. `memory` is overwritten; the verdict borrows nothing of it.
 */
struct verdict rehearse(const struct snapshot *snapshot, const struct rehearsal *before, void *memory,
                        struct request *r, struct scratch *scratch);

#endif
