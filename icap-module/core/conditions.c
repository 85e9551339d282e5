#include "core/conditions.h"

const struct condition conditions[] = {
#define CONDITION(number, word, args, match, unsure) {number, #word, args, unsure},
#include "core/conditions.def"
#undef CONDITION
};

const unsigned n_conditions = sizeof conditions / sizeof *conditions;

/* The table's rows are numbered from 1 without gaps. */
const struct condition *condition_by_number(uint32_t number)
{
    return number - 1 < n_conditions ? &conditions[number - 1] : NULL;
}

const struct condition *condition_by_word(struct str word)
{
    for (unsigned i = 0; i < n_conditions; i++)
        if (str_eq(word, str_of(conditions[i].word)))
            return &conditions[i];
    return NULL;
}
