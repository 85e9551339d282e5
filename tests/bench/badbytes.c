#include "badrequest_internal.h"

/* What a run in a path is filled with: bytes that are dear to some reader, or the row's own literals, cut so
 * that they nearly match again and again. */
static struct str filling(const struct bad_request *b, enum bad_gene g, struct str pattern)
{
    static const struct str fixed[] = {
        {"a", 1},  {"0", 1},       {"-", 1},   {".", 1},   {"_", 1},        {"%41", 3},
        {"%", 1},  {"%2541", 5},   {"a-0", 3}, {"\\", 1},  {"\xc3\xa9", 2}, {"ab", 2},
        {"%%", 2}, {"%252541", 7}, {".m", 2},  {".mp", 3}, {"-1234567", 8}, {"a.", 2}};
    uint32_t which = bad_gene(b, g);
    size_t from, to;

    if (which < sizeof fixed / sizeof *fixed)
        return fixed[which];
    for (from = pattern.n; from > 0 && pattern.p[from - 1] != '*' && pattern.p[from - 1] != '/'; from--)
        ;
    to = pattern.n - from > which % 4 ? pattern.n - which % 4 : pattern.n;
    return to > from ? str_upto(str_from(str_upto(pattern, to), from), FILL_MAX) : STR("a");
}

void bad_repeat(struct bad_request *b, struct str what, size_t size)
{
    for (size_t n = 0; what.n && n + what.n <= size; n += what.n)
        text_put(&b->text, what);
}

/* The row's template or pattern with its holes filled: a path that fits it as far as can be told from its
 * bytes. */
static void fit(struct bad_request *b, const struct a_row *row, struct str fill, size_t size)
{
    struct str pattern = artefact_str(b->a, row->path);
    bool regex = row->flags & ROW_REGEX;

    if (pattern.n == 0)
        pattern = STR("/*");
    for (size_t i = 0; i < pattern.n; i++) {
        char c = pattern.p[i];

        if (strchr(regex ? "[.*(" : "*{", c)) {
            bad_repeat(b, fill, size);
            while (i + 1 < pattern.n && strchr(regex ? "*+?" : "*account}", pattern.p[i + 1]))
                i++;
            if (regex && c == '[')
                while (i + 1 < pattern.n && pattern.p[i] != ']')
                    i++;
        } else if (!regex || !strchr("^$?+:)\\|{}", c)) {
            text_putc(&b->text, c);
        }
    }
}

enum {
    PATH_FIT,
    PATH_FIT_MORE,
    PATH_SEGMENTS,
    PATH_LONG,
    PATH_DOTS,
    PATH_UP,
    PATH_SLASHES,
    PATH_NEAR,
    PATH_ROOT
};

void bad_put_path(struct bad_request *b, enum bad_gene shape, size_t room)
{
    const struct a_row *row = bad_row(b, shape + 1);
    struct str fill = filling(b, shape + 2, artefact_str(b->a, row->path));
    size_t mark = b->text.n, size = bad_gene(b, shape + 3) < room ? bad_gene(b, shape + 3) : room;

    switch (bad_gene(b, shape)) {
    case PATH_FIT:
        fit(b, row, fill, size);
        break;
    case PATH_FIT_MORE:
        fit(b, row, fill, size / 2);
        text_putc(&b->text, '/');
        bad_repeat(b, fill, size / 2);
        break;
    case PATH_SEGMENTS:
        for (size_t n = 0; n + 1 + fill.n < size; n += 1 + fill.n) {
            text_putc(&b->text, '/');
            text_put(&b->text, fill);
        }
        break;
    case PATH_LONG:
        text_putc(&b->text, '/');
        bad_repeat(b, fill, size);
        break;
    case PATH_DOTS:
        bad_repeat(b, STR("/."), size);
        break;
    case PATH_UP:
        bad_repeat(b, STR("/a/.."), size);
        break;
    case PATH_SLASHES:
        bad_repeat(b, STR("/"), size);
        break;
    case PATH_NEAR:
        fit(b, row, STR("a"), 1);
        if (b->text.n > mark)
            b->text.n--;
        bad_repeat(b, fill, size);
        break;
    default:
        text_putc(&b->text, '/');
        break;
    }
    if (b->text.n - mark > room)
        b->text.n = mark + room;
}

void bad_put_near(struct bad_request *b, struct str key)
{
    text_put(&b->text, str_upto(key, key.n ? key.n - 1 : 0));
    text_putc(&b->text, '~');
}

/* Every byte as its escape: comparing it costs most. */
static void put_escaped(struct bad_request *b, struct str key)
{
    for (size_t i = 0; i < key.n; i++) {
        text_putc(&b->text, '%');
        text_putc(&b->text, "0123456789abcdef"[(unsigned char)key.p[i] >> 4]);
        text_putc(&b->text, "0123456789abcdef"[key.p[i] & 15]);
    }
}

void bad_put_pairs(struct bad_request *b, uint32_t shape, struct str key, size_t size)
{
    size_t mark = b->text.n;

    if (!key.n)
        key = STR("key");
    while (shape != BAD_PAIRS_NONE && b->text.n - mark < size && !b->text.cut) {
        switch (shape) {
        case BAD_PAIRS_KEY:
            text_put(&b->text, key);
            break;
        case BAD_PAIRS_NEAR:
            bad_put_near(b, key);
            break;
        case BAD_PAIRS_ESCAPED:
            put_escaped(b, str_upto(key, key.n - 1));
            break;
        case BAD_PAIRS_LONG:
        case BAD_PAIRS_VALUES:
            text_put(&b->text, key);
            text_putc(&b->text, '=');
            bad_repeat(b, STR("%41"), shape == BAD_PAIRS_LONG ? size : 30);
            break;
        default:
            break;
        }
        text_putc(&b->text, '&');
    }
    if (b->text.n - mark > size)
        b->text.n = mark + size;
}

static void put_json(struct bad_request *b, uint32_t shape, struct str key, size_t size)
{
    size_t mark = b->text.n;

    text_putc(&b->text, '{');
    while (b->text.n - mark < size && !b->text.cut) {
        text_putc(&b->text, '"');
        if (shape == 5)
            text_put(&b->text, key); /* the key itself, its value of no kind that counts: looked for again */
        else if (shape == 6)
            bad_put_near(b, key);
        text_puts(&b->text, shape == 5 ? "\":[" : shape == 6 ? "\":{" : "\"");
    }
    b->text.n = mark + size;
}

static void put_multipart(struct bad_request *b, uint32_t shape, struct str key, size_t size)
{
    size_t mark = b->text.n;

    while (b->text.n - mark < size && !b->text.cut) {
        text_puts(&b->text, "name=\"");
        if (shape == 8)
            bad_put_near(b, key);
    }
    b->text.n = mark + size;
}

void bad_add_body(struct bad_request *b, struct request *r)
{
    static const struct str types[] = {{"application/x-www-form-urlencoded", 33},
                                       {"application/json", 16},
                                       {"multipart/form-data; boundary=a", 31}};
    uint32_t shape = bad_gene(b, BAD_body);
    struct str key = artefact_str(b->a, bad_row(b, BAD_body_row)->key);
    size_t mark = b->text.n, size = bad_gene(b, BAD_body_size);

    if (shape == 0 || size == 0)
        return;
    if (shape < 4)
        bad_put_pairs(b, (uint32_t[]){0, BAD_PAIRS_EMPTY, BAD_PAIRS_ESCAPED, BAD_PAIRS_KEY}[shape], key,
                      size);
    else if (shape < 7)
        put_json(b, shape, key, size);
    else
        put_multipart(b, shape, key, size);
    r->body = bad_from(b, mark);
    bad_add_header(b, STR("Content-Type"), types[shape < 4 ? 0 : shape < 7 ? 1 : 2]);
}
