/* What case_collect.c, case_policies.c and case_record.c share. */
#ifndef TOOLS_CASE_COLLECT_INTERNAL_H
#define TOOLS_CASE_COLLECT_INTERNAL_H

#include "record/opening.h"
#include "tools/case_collect.h"

#include <jansson.h>

struct collecting {
    const struct case_file *c;
    const struct case_step *step;
    const struct collect_from *from;
    struct opening opening;
    int64_t begins, ends; /* the period in seconds UTC, [begins, ends) */
    struct report_input in;
    const unsigned char *pseudonym; /* that events are being taken of */
    struct diag *d;
};

/* A row more in a list of the input, to be filled; NULL where memory ran out. */
void *collect_row(struct collecting *w, struct input_list *list, size_t size);
struct str collect_text(struct collecting *w, struct str s); /* a copy that lives as long as the input */

/* Something that the record does not hold. Cut to the period; outside of it, it is nothing. */
void collect_gap(struct collecting *w, int64_t from, int64_t to, const char *what, const char *effect);

/* The policies that were in force, and the names of the sites that events speak of; after the events. */
int collect_policies(struct collecting *w);

/* Signs of life, seals of days, and whether the record is what it was. */
int collect_record(struct collecting *w);

#endif
