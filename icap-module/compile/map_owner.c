/* The networks of a platform map. */
#include "compile/map_host.h"

/* "AS32934" (RFC 6793: 32 bits; 0, 23456 and those for private use and documentation name nobody). */
static bool as_number(struct str word, uint32_t *number)
{
    uint64_t value;

    if (!str_istarts(word, STR("AS")) || !str_u64(str_from(word, 2), &value) || value == 0 ||
        value >= 4200000000u || value == 23456 || (value >= 64496 && value <= 131071))
        return false;
    *number = (uint32_t)value;
    return true;
}

static int claim(struct builder *b, struct lexer *l, const struct word *w, uint32_t platform)
{
    struct a_owner row = {.platform = platform};

    if (!as_number(w->text, &row.number))
        return lex_error(l, w, "'%.*s' is no number of a public network: write one such as AS32934",
                         STR_ARG(w->text));
    for (uint32_t i = 0; i < build_count(b, SECTION_OWNERS); i++) {
        const struct a_owner *other = build_at(b, SECTION_OWNERS, i);

        if (other->number == row.number)
            return lex_error(
                l, w, "'%.*s' is a network of platform '%.*s' already", STR_ARG(w->text),
                STR_ARG(build_text(
                    b, ((struct a_platform *)build_at(b, SECTION_PLATFORMS, other->platform))->id)));
    }
    build_row(b, SECTION_OWNERS, &row);
    return 0;
}

int map_read_owners(struct builder *b, struct lexer *l, uint32_t platform)
{
    const struct word *w =
        lex_expect(l, "the number of a network that is the platform's alone, such as AS32934");
    int result = w ? 0 : -1;

    for (; w; w = lex_word(l))
        if (claim(b, l, w, platform))
            result = -1;
    return result;
}
