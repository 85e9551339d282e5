/* The portal: the council's own pages behind the same proxy. Requests to it pass unjudged and unrecorded,
 * each with a header that says for whom (record/vouch.h); pages lead there with a sealed token
 * (record/token.h). */
#ifndef MODULE_PORTAL_H
#define MODULE_PORTAL_H

#include "module/worker.h"

/* In each child, before its requests: reads the key where there is a PortalKey directive. What is missing is
 * tried again later. */
void portal_child(void);

/* The extracted request is for the portal (https, its own port) or for a tunnel to it; its second half is
 * then made. Anything that is merely like it is not: that is judged as any other site. */
bool portal_asked(struct exchange *x);

/* Stage 6 for the portal: x->added is the header line that vouches for the user. Without a user or a key
 * there is none (the want of a key is told once): the portal then says that it cannot tell who is asking. */
void portal_vouch(struct exchange *x);

/* For a judged request's page that leads to the portal: its host and a token for the user. Slices live as
 * long as the transaction. */
void portal_fill(struct exchange *x, struct page_fill *fill);

/* The configuration is read: says loudly when the policy asks people and nobody could answer. */
void portal_check(void);

/* People can answer what the policy asks: there is a portal with its key, and a standing that tells what they
 * answered. Where not, asks count as in shadow, so that they shut nobody out (struct snapshot: unanswerable).
 */
bool portal_answers(const struct loaded *l);

/* Of a judged exchange: was somebody not asked for that reason, it is counted, and told once. */
void portal_missed(const struct exchange *x);

#endif
