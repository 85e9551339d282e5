/* One report out of one input: the document with its fifteen sections, and its forms. Same input, same bytes.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "report/doc.h"
#include "report/html.h"
#include "report/input.h"

/* The document lives on after the input only as long as the input does. -1 where memory ran out. doc_free in
 * any case. */
int report_write(const struct report_input *in, struct doc *d, struct diag *diag);

/* The forms, into memory; -1 where memory ran out. */
int out_html(const struct doc *d, struct html *to);
int out_csv(const struct doc *d, struct html *to);
int out_json(const struct doc *d, struct html *to);
int out_plain(const struct doc *d, struct html *to); /* for a terminal or a letter; lines are not wrapped */

/* One cell, in quotes: marks are left out, ends of lines become blanks, and what a spreadsheet would take for a formula
 * has an apostrophe before it. */
void out_csv_cell(struct html *to, const char *text);

#endif
