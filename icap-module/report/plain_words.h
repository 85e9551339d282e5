/* What was decided, done and looked at, in the words that the person concerned reads: on the portal and in what is
 * exported for them. Static storage. */
#ifndef REPORT_PLAIN_WORDS_H
#define REPORT_PLAIN_WORDS_H

#include "core/standing.h"
#include "core/words.h"

const char *plain_decision(enum action action);
const char *plain_activity(unsigned activity); /* beyond the list: not known */
const char *plain_act(enum fact kind, bool by_somebody_else);

/* Of a kind of look in the access log; what has no words of its own, is NULL. */
const char *plain_look(struct str what);
/* Of a role there: "Human Resources"; never NULL. */
const char *plain_role(struct str role);

#endif
