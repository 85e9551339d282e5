/* What nothing is recorded of (governance 2.4), as never-log.map and the policy say it. */
#ifndef COMPILE_NEVER_LOG_H
#define COMPILE_NEVER_LOG_H

#include "compile/build.h"
#include "compile/lex.h"

/* Takes one name, ".site" with all below it. `flags`: HOST_NEVER_LOG_OWN where the policy itself says so. -1 after an
 * error at the word. */
int never_log_host(struct builder *b, struct lexer *l, const struct word *w, uint32_t flags);

#endif
