/* Restrictions: headers and parameters that sites offer to networks (YouTube's Restricted Mode, tenant
 * headers, safe search), put by a policy's rules of verb set into requests that go through. What is put in
 * where is told here; the module does it (module/rewrite.c). Pure. */
#ifndef CORE_RESTRICT_H
#define CORE_RESTRICT_H

#include "core/match.h"
#include "core/text.h"

/* Step 12 of decide.c: fills v->sets for a request that goes through and can be read. Of several rules that
 * give one restriction a value the strictest counts; then a rule that is sure, then more conditions, then the
 * name. An unsure rule sets, too. */
void restrict_request(const struct match *m, struct verdict *v);

/* For step 11: something in force could be set on a request inside this tunnel. */
bool restrict_tunnel(const struct match *m);

/* The rule of verb set speaks of something that the request's host and path have; whether it matches is
 * another question. */
bool restrict_concerns(const struct match *m, const struct a_rule *rule);

/* One thing to do to a request. */
struct change {
    enum place_kind kind;
    struct str name, value; /* of the artefact; value: empty with PLACE_WITHOUT */
    uint32_t set;           /* index in v->sets */
};

enum { CHANGES_MAX = RESTRICTIONS_MAX * PLACES_MAX };

/* All that is to be done, as many as are returned. Each name once: where two restrictions say the same name,
 * the one that stands first in the maps. `would`: what would be done without shadow, in place of what is. */
uint32_t restrict_changes(const struct artefact *a, const struct verdict *v, bool would,
                          struct change to[CHANGES_MAX]);

/* The request's target with every occurrence of the changed parameters taken out, however it is written, and
 * the given ones at the end; a fragment is dropped. True when there was a parameter to change. `to` may come
 * out cut. */
bool restrict_target(const struct change *changes, uint32_t n, struct str target, struct text *to);

#endif
