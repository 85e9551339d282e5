/* Slices, words and bit sets as JSON values (jansson); the caller owns what comes back. Unknown is null. */
#ifndef TOOLS_JSON_WORDS_H
#define TOOLS_JSON_WORDS_H

#include "core/words.h"

#include <jansson.h>

/* Empty: null. Not UTF-8: "?". */
json_t *json_slice(struct str s);

/* The word for a number of the list, null beyond it. */
json_t *json_word(enum word_list_id list, unsigned value);

/* The words of a bit set by enum category. */
json_t *json_categories(uint32_t bits);

#endif
