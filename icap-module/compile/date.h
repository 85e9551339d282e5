/* Dates as people write them in policies and registers, as days since 1970-01-01 (never 0, which means "not
 * there"). */
#ifndef COMPILE_DATE_H
#define COMPILE_DATE_H

#include "core/str.h"

enum { DATE_WHY = 200 };

/* ISO 8601: 2026-04-01. NULL and *day is set; else what is wrong, as the end of a sentence that begins with
 * the text itself ("... is not a day of the calendar"). */
const char *date_parse_iso(struct str text, uint32_t *day);

/* What a spreadsheet's cell holds: 2026-04-01, 01/04/2026, 1.4.26, 01-Apr-26, "Wednesday, 1 April 2026 00:00"
 * and their like; portreeve.registers(5) lists them. The day comes before the month, as in the United
 * Kingdom; a time of day is left away, a weekday must fit. 0 and *day is set; -1 and `why` ends a sentence as
 * above. */
int date_parse(struct str text, uint32_t *day, char why[DATE_WHY]);

/* What Excel makes of sign-in names such as jan2 or sep12: "02-Jan", "12-Sep". */
bool date_was_name(struct str text);

#endif
