/* What core's own files know of an opened policy; nobody else includes this. */
#ifndef CORE_POLICY_INTERNAL_H
#define CORE_POLICY_INTERNAL_H

#include "core/policy.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

struct policy {
    struct artefact artefact;
    pcre2_code **patterns; /* by a_row.regex */
    uint32_t n_patterns;
    uint32_t category_rules; /* bit set by enum category: those that some rule's clause names */
    void *mapping; /* given back by policy_free, or NULL */
    size_t mapping_size;
    int (*unmap)(void *, size_t);
};

void policy_own_mapping(struct policy *p, void *mapping, size_t size, int (*unmap)(void *, size_t));

#endif
