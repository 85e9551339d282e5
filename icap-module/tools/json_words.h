/* Slices, words, bit sets, times and names as JSON values (jansson); the caller owns what comes back. Unknown
 * is null. */
#ifndef TOOLS_JSON_WORDS_H
#define TOOLS_JSON_WORDS_H

#include "core/words.h"

#include <jansson.h>

/* Empty: null. Not UTF-8: "?". */
json_t *json_slice(struct str s);

/* The word for a number of the list, null beyond it. */
json_t *json_word(enum word_list_id list, unsigned value);

/* The words of a bit set by the enum of that list. */
json_t *json_bits(enum word_list_id words, uint32_t bits);

/* Seconds since 1970 UTC as 2026-05-12T09:00:00Z; what no calendar has is null. */
json_t *json_time(int64_t utc);

/* Days since 1970 as 2026-05-12; 0 is null. */
json_t *json_day(uint32_t day);

json_t *json_hex(const unsigned char *bytes, size_t n);

/* The login name of the person who runs the command, also behind sudo: for accountability among ICT, not for
 * security. */
json_t *json_publisher(void);

#endif
