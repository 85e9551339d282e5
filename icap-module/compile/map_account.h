/* What an account statement of a platform map must keep to (portreeve.platform(5), ROWS). */
#ifndef COMPILE_MAP_ACCOUNT_H
#define COMPILE_MAP_ACCOUNT_H

#include "compile/map_row.h"

/* "groups/{account}", or one of the words that stand in the place of a name; -1 with an error. */
int map_check_form(struct map_rows *r, const struct word *form);

/* The statement's selectors fit its form; -1 with an error. */
int map_check_account(struct map_rows *r, const struct word *form);

/* Every alternative catches, and one place only; -1 with an error. */
int map_check_catches(struct map_rows *r);

#endif
