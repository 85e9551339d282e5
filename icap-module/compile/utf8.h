/* Is a text UTF-8? */
#ifndef COMPILE_UTF8_H
#define COMPILE_UTF8_H

#include "core/str.h"

/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. Position of the first
 * bad byte, or s.n. */
size_t utf8_bad(struct str s);

#endif
