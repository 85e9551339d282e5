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
    struct seen ids;   /* people.csv */
    unsigned *numbers; /* by index in the section that it fills, from `first`: the row it was read from */
    uint32_t first, n_numbers, room;
    bool no_memory;
    const void *about; /* the row that is looked for among those before it */
    uint32_t key;      /* identities.csv: the key of its digests, 0 = none yet, */
    unsigned key_row;  /* and the row that named it first */
};

/* Reads the register; out of memory in `seen` is an error too. */
int register_read(struct builder *b, const struct csv_sheet *sheet, struct str file, struct str text,
                  struct diag *d);

/* Appends what the row makes to a section, and keeps where it stands. */
void register_keep(struct reading *r, const struct csv_row *row, enum section s, const void *made);

/* The row from which an index of that section was made, as spreadsheets count (by its line, when it came with
 * another file). */
unsigned register_row(const struct reading *r, enum section s, uint32_t index);

/* The cell's user in canonical form, in `to`; STR_NONE with an error when there is none. */
struct str register_user(const struct csv_row *row, unsigned column, char to[REGISTER_NAME_MAX]);

/* The same of a word in a cell. */
struct str register_name(const struct csv_row *row, unsigned column, struct str word,
                         char to[REGISTER_NAME_MAX]);

/* The name of today of a person in members.csv or people.csv; `user` where that is one, or in neither. */
struct str register_current(struct builder *b, struct str user);

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

/* The user is among the account's officers. */
bool register_officer(const struct builder *b, const struct a_account *account, struct str user);

/* A cell that may hold accounts of platforms is looked at as a whole first; -1 with an error. */
int register_accounts_cell(const struct csv_row *row, unsigned column);

/* One account's name in such a cell, without the apostrophe that may stand before it; -1 with an error for
 * what spreadsheets and browsers make of names. `platform` may be NO_INDEX. */
int register_account(struct builder *b, const struct csv_row *row, unsigned column, uint32_t platform,
                     struct str *name);

/* A number that a spreadsheet wrote with an exponent: "1.00044E+14". */
bool register_exponent(struct str word);

/* True when the word is an address ("https://www.facebook.com/x", "facebook.com/x") and no name. What the
 * platform's map reads from it in *name, in `to`; STR_NONE when the map reads nothing. */
bool register_address(const struct builder *b, uint32_t platform, struct str word, char to[REGISTER_NAME_MAX],
                      struct str *name);

#endif
