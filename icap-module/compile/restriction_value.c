/* The values of restrictions: one reader for each shape. What comes out holds no byte that a header or an
 * address could be broken with. */
#include "compile/restriction.h"

#include "compile/hostname.h"

#include <stdlib.h>

enum { RANK_MAX = 255, GUID_BYTES = 36 };

static bool is_guid(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = ascii_lower(s.p[i]);
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    }
    return s.n == GUID_BYTES;
}

static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = ascii_lower(s.p[i]);

        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
            return false;
    }
    return s.n > 0 && s.n <= ARTEFACT_NAME_MAX;
}

const char *restriction_word_problem(enum place_kind kind, struct str word)
{
    if (word.n == 0 || word.n > RESTRICTION_VALUE_MAX)
        return "a value of 1 to 1024 bytes is wanted here";
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < 0x20 || word.p[i] > 0x7e)
            return "a value holds printable ASCII only: no line break, no control byte";
    if (kind == PLACE_QUERY && !is_token(word))
        return "a parameter's value is made of letters, digits, '.', '_' and '-'";
    return word.p[0] == ' ' || word.p[word.n - 1] == ' ' ? "a value neither begins nor ends with a blank"
                                                         : NULL;
}

/* One item of a list, in its canonical form; NULL, or what is wrong with it. */
static const char *read_item(enum shape shape, struct str item, char to[HOSTNAME_MAX + 2], struct str *made)
{
    const char *problem;

    *made = item;
    if (shape == SHAPE_TOKENS)
        return is_token(item) ? NULL : "an id is made of letters, digits, '.', '_' and '-', at most 64";
    if (shape == SHAPE_TENANTS && is_guid(item))
        return NULL;
    return hostname_normal(item, false, to, made, &problem) ? NULL : problem;
}

static bool in_list(struct str list, struct str item)
{
    while (list.n)
        if (str_ieq(str_cut(&list, ','), item))
            return true;
    return false;
}

/* The shorter of two lists is the stricter. */
static int read_list(struct lexer *l, enum shape shape, const struct word *w, struct text *to, uint32_t *rank)
{
    struct str rest = w->text;
    char host[HOSTNAME_MAX + 2];

    *rank = 0;
    do {
        struct str item = str_trim(str_cut(&rest, ',')), made;
        const char *problem = read_item(shape, item, host, &made);

        if (problem)
            return lex_error(l, w, "'%.*s' in '%.*s': %s", STR_ARG(item), STR_ARG(w->text), problem);
        if (in_list(text_str(to), made))
            return lex_error(l, w, "'%.*s' stands twice in this list: keep one", STR_ARG(made));
        text_puts(to, to->n ? "," : "");
        text_put(to, made);
        *rank += *rank < RANK_MAX;
    } while (rest.n);
    return to->cut ? lex_error(l, w, "this list is longer than %d bytes: no site takes that much",
                               RESTRICTION_VALUE_MAX)
                   : 0;
}

static int read_choice(struct builder *b, struct lexer *l, const struct a_place *place, const struct word *w,
                       struct text *to, uint32_t *rank)
{
    const char **names = calloc(place->choices.n + 1, sizeof *names);
    int result = -1;

    for (uint32_t i = 0; names && i < place->choices.n; i++) {
        struct str choice = build_text(b, *(struct a_str *)build_at(b, SECTION_WORDS, place->choices.at + i));
        char *copy = build_keep_text(b, choice);

        if (str_ieq(choice, w->text)) {
            text_put(to, choice);
            *rank = i;
            result = 0;
        }
        for (char *c = copy; c && *c; c++)
            *c = ascii_lower(*c);
        names[i] = copy ? copy : "";
    }
    if (result)
        lex_unknown(l, w, "value", names, names ? place->choices.n : 0);
    free((void *)names);
    return result;
}

static int read_guid(struct lexer *l, const struct word *w, enum shape shape, struct text *to)
{
    struct str second = w->text, first = shape == SHAPE_GUID_PAIR ? str_cut(&second, ':') : second;

    if (!is_guid(first) || (shape == SHAPE_GUID_PAIR && !is_guid(second)))
        return lex_error(l, w, "'%.*s' is no %s: write %s", STR_ARG(w->text),
                         shape == SHAPE_GUID ? "GUID" : "pair of GUIDs",
                         shape == SHAPE_GUID ? "it as 00000000-1111-2222-3333-444444444444"
                                             : "the tenant's GUID, ':' and the policy's");
    text_put(to, w->text);
    return 0;
}

static int read_shape(struct builder *b, struct lexer *l, const struct a_place *place, const struct word *w,
                      struct text *to, uint32_t *rank)
{
    enum shape shape = (enum shape)place->shape;

    *rank = 0;
    switch (shape) {
    case SHAPE_ONE_OF:
        return read_choice(b, l, place, w, to, rank);
    case SHAPE_DOMAINS:
    case SHAPE_TENANTS:
    case SHAPE_TOKENS:
        return read_list(l, shape, w, to, rank);
    case SHAPE_GUID:
    case SHAPE_GUID_PAIR:
        return read_guid(l, w, shape, to);
    case SHAPE_TOKEN:
        if (!is_token(w->text))
            return lex_error(l, w,
                             "'%.*s' is no id: it is made of letters, digits, '.', '_' and '-', at most 64",
                             STR_ARG(w->text));
        text_put(to, w->text);
        return 0;
    case SHAPE_IS:
    case SHAPE_COUNT:
        break;
    }
    return lex_error(l, w, "'%.*s' is too much here", STR_ARG(w->text));
}

int restriction_value(struct builder *b, struct lexer *l, const struct a_place *place, const struct word *w,
                      struct str *value, uint32_t *rank)
{
    char bytes[RESTRICTION_VALUE_MAX];
    struct text t;

    text_init(&t, bytes, sizeof bytes);
    if (read_shape(b, l, place, w, &t, rank))
        return -1;
    *value = build_text(b, build_str(b, text_str(&t)));
    return 0;
}
