/* What the register parsers share; nobody else includes this. */
#ifndef COMPILE_REGISTERS_INTERNAL_H
#define COMPILE_REGISTERS_INTERNAL_H

#include "compile/compile.h"
#include "compile/csv.h"
#include "compile/seen.h"

enum { REGISTER_NAME_MAX = 256 };

/* One register while it is read. */
struct reading {
    struct builder *b;
    struct seen seen;
};

/* Reads the register; out of memory in `seen` is an error too. */
int register_read(struct builder *b, const struct csv_sheet *sheet, struct str file, struct str text,
                  struct diag *d);

/* The cell's user in canonical form, in `to`; STR_NONE with an error when there is none. */
struct str register_user(const struct csv_row *row, unsigned column, char to[REGISTER_NAME_MAX]);

/* The platform of a word, or NO_INDEX with an error. */
uint32_t register_platform(struct builder *b, const struct csv_row *row, unsigned column, struct str word);

/* The group of a cell or word, or NO_INDEX with an error. */
uint32_t register_group(struct builder *b, const struct csv_row *row, unsigned column, struct str word);

/* A day, 0 for an empty cell; -1 with an error. */
int register_day(const struct csv_row *row, unsigned column, uint32_t *day);

/* A bit set of the words of a list in words.def; -1 with an error. */
int register_bits(const struct csv_row *row, unsigned column, enum word_list_id list, uint32_t *bits);

/* Numbers sorted and each once, in place; the new count. */
uint32_t register_sort(uint32_t *numbers, uint32_t n);

/* The line on which a row of a section was read, for "as in line N". */
unsigned register_line(const struct builder *b, enum section s, uint32_t index);

#endif
