/* The columns of enforced.csv, for who reads it and for `portreeve enforce`, which writes it. */
#ifndef COMPILE_REGISTERS_ENFORCED_H
#define COMPILE_REGISTERS_ENFORCED_H

#include "compile/csv.h"

enum { ENFORCED_GROUP, ENFORCED_MODE, ENFORCED_SINCE, ENFORCED_BY, ENFORCED_COLUMNS };

extern const struct csv_column enforced_columns[ENFORCED_COLUMNS];

/* In the column of groups: everybody of whom no group's row speaks. */
#define ENFORCED_EVERYBODY "*"

#endif
