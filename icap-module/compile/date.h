/* Dates as people write them in policies and registers, as days since 1970-01-01 (never 0, which means "not
 * there"). */
#ifndef COMPILE_DATE_H
#define COMPILE_DATE_H

#include "core/str.h"

/* ISO 8601: 2026-04-01. NULL and *day is set; else what is wrong, as the end of a sentence that begins with
 * the text itself ("... is not a day of the calendar"). */
const char *date_parse_iso(struct str text, uint32_t *day);

/* The same, and 01/04/2026 or 1/4/2026: day, month, year, as in the United Kingdom; never month first. */
const char *date_parse(struct str text, uint32_t *day);

#endif
