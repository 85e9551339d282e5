/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF; and the characters in
 * it that nobody sees. */
#ifndef COMPILE_UTF8_H
#define COMPILE_UTF8_H

#include "core/str.h"

/* Position of the first bad byte, or s.n. */
size_t utf8_bad(struct str s);

/* The first character: its bytes, and its code where `code` is not NULL; 0 when it is not well-formed or s is
 * empty. */
size_t utf8_next(struct str s, uint32_t *code);

/* Writes a character (at most U+10FFFF, no surrogate); its bytes. */
size_t utf8_put(uint32_t code, char to[4]);

/* Characters that leave no ink: those that stand for a blank (also the ends of lines), and those of no width
 * at all, which come with text pasted from web pages and chats. */
enum utf8_ink { UTF8_INK, UTF8_BLANK, UTF8_HIDDEN };

enum utf8_ink utf8_ink(uint32_t code);

/* What a UTF8_HIDDEN character is called: "a zero-width space". */
const char *utf8_name(uint32_t code);

/* Without blank and hidden characters at both ends. */
struct str utf8_trim(struct str s);

/* Position of the first hidden character, its code in *code; s.n when there is none. */
size_t utf8_find_hidden(struct str s, uint32_t *code);

#endif
