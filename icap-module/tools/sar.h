/* A subject access request: somebody asks what is held on them. It is a case of a kind of its own: who asks is whom it is
 * about, so that nobody has to authorise it, and the six answers of a case are not asked; that it is this person is
 * checked by Information Governance. JSON:
 *
 *     {"subject-access": {"reference": "SAR-2026-3", "asked-on": "2026-12-01", "identity-checked-by": "i.three",
 *                         "from": "2026-09-03", "to": "2026-12-01", "expires": "2026-12-31T00:00:00Z"},
 *      "subject": {"name": "a.user", "former-names": ["a.maiden"], "id": "..."}}
 *
 * References begin with "SAR-", and those of other cases do not: an opening for a case exports nothing. */
#ifndef TOOLS_SAR_H
#define TOOLS_SAR_H

#include "record/opening.h"
#include "report/form.h"

struct sar {
    struct pool pool;
    struct str reference, checked_by;
    int32_t asked_on, from, to;
    int64_t expires;
    struct input_subject subject;
};

bool sar_is_reference(struct str reference);

/* Whether a file's JSON is one at all; what is wrong with it is said by sar_read. */
bool sar_is(const json_t *o);

/* -1 after messages that name the field; sar_free in any case. */
int sar_read(const json_t *o, struct sar *r, struct diag *d);
json_t *sar_write(const struct sar *r); /* the caller's; NULL where memory ran out */
void sar_free(struct sar *r);

/* For `portreeve ig open`. */
void sar_case(const struct sar *r, struct opening_case *c, struct diag *d);

#endif
