/* A text that grows, and the pieces of which print.c and print_rule.c make statements. Nobody else includes
 * this. */
#ifndef COMPILE_OUT_H
#define COMPILE_OUT_H

#include "core/artefact.h"

/* Once memory is short everything else is dropped. `p` is malloc'ed and the caller's. */
struct out {
    const struct artefact *a;
    char *p;
    size_t n, room;
    bool no_memory;
};

void out_str(struct out *o, struct str s);
void out_puts(struct out *o, const char *z);
void out_number(struct out *o, uint64_t number);
void out_date(struct out *o, uint32_t day);

/* In quotes, whatever is inside; and bare where that reads the same. */
void out_quoted(struct out *o, struct str s);
void out_name(struct out *o, struct str s);

/* KEYWORD "text" behind what stands there, unless the text is empty. */
void out_part(struct out *o, const char *keyword, struct a_str text);

/* " page NAME", unless there is none. */
void out_page(struct out *o, uint32_t page);

/* " word word", by bit. */
void out_bits(struct out *o, enum word_list_id list, uint32_t bits);

struct str out_text(const struct out *o, struct a_str s);

/* The calendars of the policy, and what holds where a rota says nothing. */
void print_calendars(struct out *o);

/* A rule with its clauses, an empty line in front. */
void print_rule(struct out *o, const struct a_rule *r);

/* What an alert is raised for (policy_alert.c). */
void print_alert(struct out *o, const struct a_meta *m);

/* What people are asked and allowed by what they have done (print_standing.c). */
void print_standing(struct out *o, const struct a_meta *m);

#endif
