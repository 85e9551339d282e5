/* Messages as people read them:
 *
 *   councils/x/council.policy:12:14: error: unknown class 'sociall': did you mean 'social'?
 *       scope class sociall
 *                   ^
 */
#ifndef COMPILE_DIAG_TEXT_H
#define COMPILE_DIAG_TEXT_H

#include "core/diag.h"

/* All kept messages, one after the other, and a last line when more were counted than kept.
 * malloc'ed, terminated, the caller's; *n its length (n may be NULL). NULL without memory. */
char *diag_render(const struct diag *d, size_t *n);

/* One message to `t`, its lines ended. */
void diag_render_message(struct text *t, const struct message *m);

/* Puts in the source line of every message about a line of `file` that has none yet: messages about meaning
 * are made when the text is no longer at hand. */
void diag_quote(struct diag *d, struct str file, struct str text);

/* The errors of `from` (warnings have been given, or are none of the reader's) behind those of `to`. */
void diag_add_errors(struct diag *to, const struct diag *from);

#endif
