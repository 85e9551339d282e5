/* Restrictions: what restriction.c (maps), restriction_value.c and policy_set.c (rules) share. */
#ifndef COMPILE_RESTRICTION_H
#define COMPILE_RESTRICTION_H

#include "compile/build.h"
#include "compile/lex.h"

/* The place asks a rule for a value. */
static inline bool restriction_asks(const struct a_place *place)
{
    return place->kind != PLACE_WITHOUT && place->shape != SHAPE_IS;
}

/* A word of a policy as the place's value: checked against its shape, in the spelling that is sent. *rank:
 * the lower the stricter, 255 at most. -1 after an error. */
int restriction_value(struct builder *b, struct lexer *l, const struct a_place *place, const struct word *w,
                      struct str *value, uint32_t *rank);

/* What is wrong with a fixed value or a choice of a map, or NULL. */
const char *restriction_word_problem(enum place_kind kind, struct str word);

#endif
