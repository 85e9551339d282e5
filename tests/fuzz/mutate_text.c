/* Mutations that keep a text made of lines and words: bytes alone seldom reach past the lexer. */
#include "core/conditions.h"
#include "core/words.h"
#include "fuzz.h"

enum { PIECE = 512 };

struct span {
    size_t at, n;
};

/* A line with its end. */
static struct span some_line(struct str text, struct dice *d)
{
    size_t at = dice_below(d, (uint32_t)text.n + 1), n = 0;

    while (at > 0 && text.p[at - 1] != '\n')
        at--;
    while (at + n < text.n && text.p[at + n] != '\n')
        n++;
    return (struct span){at, n + (at + n < text.n)};
}

static bool between_words(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == ',' || c == ';' || c == '=';
}

static struct span some_word(struct str text, struct dice *d)
{
    size_t at = dice_below(d, (uint32_t)text.n + 1), n = 0;

    while (at > 0 && !between_words(text.p[at - 1]))
        at--;
    while (at + n < text.n && !between_words(text.p[at + n]))
        n++;
    return (struct span){at, n};
}

/* A word of the closed vocabulary, or a value that is near a limit. */
static struct str known_word(struct dice *d)
{
    static const char *const odd[] = {
        "",           "\"\"",       "\"a b\"",
        "-",          ".",          "*",
        "**",         "0",          "1",
        "65536",      "4294967295", "1e9",
        "2026-02-29", "2026-04-01", "31/12/2026",
        "9999-12-31", "1970-01-01", "#",
        "\\",         "\xc3\xa9",   "\xff",
        "{account}",  "{code}",     "{step}",
        "a.example",  ".a.example", "xn--a",
        "::1/128",    "10.0.0.0/8", "stage:Council",
        "granted",    "registered", "unregistered",
        "except",     "live",
    };
    uint32_t list = dice_below(d, WORDS_LISTS + 3);

    if (list == WORDS_LISTS)
        return str_of(conditions[dice_below(d, n_conditions)].word);
    if (list > WORDS_LISTS)
        return str_of(odd[dice_below(d, sizeof odd / sizeof *odd)]);
    return str_of(word_of((enum word_list_id)list, dice_below(d, word_lists[list].n)));
}

/* `gone` of the text replaced by `piece`. */
static size_t replace(uint8_t *data, size_t size, size_t max_size, struct span gone, struct str piece)
{
    if (size - gone.n + piece.n > max_size)
        return size;
    memmove(data + gone.at + piece.n, data + gone.at + gone.n, size - gone.at - gone.n);
    if (piece.n)
        memcpy(data + gone.at, piece.p, piece.n);
    return size - gone.n + piece.n;
}

size_t fuzz_mutate_text(uint8_t *data, size_t size, size_t max_size, unsigned seed, const char *const *lines)
{
    struct dice d = {(uint64_t)seed * 0x9e3779b97f4a7c15u + 1};
    struct str text = {(const char *)data, size};
    struct span line = some_line(text, &d), word = some_word(text, &d), other;
    char piece[PIECE];
    uint32_t n = 0;

    while (lines[n])
        n++;
    switch (dice_below(&d, 10)) {
    case 0:
    case 1: /* a statement in front of a line */
        line.n = 0;
        return replace(data, size, max_size, line, str_of(lines[dice_below(&d, n)]));
    case 2: /* in place of one */
        return replace(data, size, max_size, line, str_of(lines[dice_below(&d, n)]));
    case 3:
        return replace(data, size, max_size, line, STR(""));
    case 4: /* a line once more, elsewhere */
        other = some_line(text, &d);
        line.n = line.n < PIECE ? line.n : PIECE;
        memcpy(piece, data + line.at, line.n);
        other.n = 0;
        return replace(data, size, max_size, other, (struct str){piece, line.n});
    case 5:
    case 6:
        return replace(data, size, max_size, word, known_word(&d));
    case 7: /* a word of the text in place of another */
        other = some_word(text, &d);
        other.n = other.n < PIECE ? other.n : PIECE;
        memcpy(piece, data + other.at, other.n);
        return replace(data, size, max_size, word, (struct str){piece, other.n});
    default:
        return LLVMFuzzerMutate(data, size, max_size);
    }
}
