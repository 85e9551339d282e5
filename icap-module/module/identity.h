/* The identity key, and enrolment: between the judgement (5) and the answer (6). */
#ifndef MODULE_IDENTITY_H
#define MODULE_IDENTITY_H

#include "module/worker.h"

/* In each child, before its requests: reads the key where there is an IdentityKey directive. What is missing
 * is tried again later. */
void identity_child(void);

/* The key for judging by this policy, or NULL: no key can be read, or it is not the one that the policy's
 * register was made with (told once, counted), or the policy's register and the configuration ask for none.
 * Constant once read. */
const struct identity_key *identity_key_for(const struct artefact *a);

/* The judged request brings a code that was made for its user and platform, with a sign-in that can be told:
 * its digest has been written to the inbox, and a page says so. In all other cases, wrong codes too, nothing
 * of it shows. */
bool identity_enrol(struct exchange *x);

#endif
