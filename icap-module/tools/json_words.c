#include "tools/json_words.h"

json_t *json_slice(struct str s)
{
    json_t *j = s.n ? json_stringn(s.p, s.n) : json_null();

    return j ? j : json_string("?");
}

json_t *json_word(enum word_list_id list, unsigned value)
{
    return value < word_lists[list].n ? json_string(word_of(list, value)) : json_null();
}

json_t *json_categories(uint32_t bits)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < CATEGORY_COUNT; i++)
        if (bits >> i & 1)
            json_array_append_new(list, json_string(word_of(WORDS_CATEGORY, i)));
    return list;
}
