/* Path templates: what platform maps say instead of regular expressions.
 *
 *   /{account}/status/STAR        one segment each; {account} is caught
 *   /groups/{account}/STARSTAR    STARSTAR: any rest, also none; only at the end
 *   /company/{account}_STAR       inside a segment: literal text, one catch, stars
 *
 * (STAR is '*'.) Matched segment by segment; ASCII letters compare without case; a '/' at the end does not
 * matter. Time is bounded: at most TEMPLATE_PARTS parts a segment, matched leftmost-shortest with at most two
 * stars. */
#ifndef CORE_TEMPLATE_H
#define CORE_TEMPLATE_H

#include "core/diag.h"

enum { TEMPLATE_PARTS = 8 };

/* `captured` is set to the caught part of `path`, or left alone when the template has no {account}. */
bool template_match(struct str template, struct str path, struct str *captured);

/* True when the template is well-formed, else what is wrong with it in *problem. */
bool template_sound(struct str template, const char **problem);

/* The template has an {account}. */
bool template_captures(struct str template);

/* str_hash of the first segment when it is a literal, else 0. */
uint32_t template_first(struct str template);

/* The same of the second segment. */
uint32_t template_second(struct str template);

/* Text against a pattern whose only magic is '*' (any run); ASCII letters without case. */
bool glob_match(struct str pattern, struct str text, struct str *captured);

#endif
