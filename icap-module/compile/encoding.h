/* Registers come in the encodings of the spreadsheets that saved them; everything behind this reads UTF-8. */
#ifndef COMPILE_ENCODING_H
#define COMPILE_ENCODING_H

#include "core/diag.h"

/* Makes UTF-8 of a register's bytes, where they can be read in one way only. *text (malloc'ed, one byte more
 * than its length) is replaced when it changes.
 *
 *   UTF-8, with or without byte order mark     stays as it is
 *   UTF-16 with byte order mark                becomes UTF-8; a broken pair of surrogates is an error
 *   not UTF-8, no byte that Windows-1252 lacks, and no well-formed UTF-8 character beyond ASCII in it
 *                                              is read as Windows-1252, and a note says so and shows a cell
 *   anything else                              stays as it is: csv_read tells at which cell it is no UTF-8
 *
 * 0, or -1 with an error. */
int encoding_to_utf8(struct str path, struct str *text, struct diag *d);

/* Why a text that is not UTF-8 was not read otherwise either, as the end of a sentence about a cell. */
const char *encoding_problem(struct str text);

#endif
