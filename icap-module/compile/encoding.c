#include "compile/encoding.h"

#include "compile/csv.h"
#include "compile/utf8.h"

#include <stdio.h>
#include <stdlib.h>

/* Bytes 0x80 to 0x9f of Windows-1252 (https://encoding.spec.whatwg.org/index-windows-1252.txt, but that the
 * five that Microsoft's table leaves open stay open: 0). From 0xa0 on a byte is its code. */
static const uint16_t windows_1252[32] = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178,
};

static uint32_t code_1252(unsigned char c)
{
    return c < 0x80 || c >= 0xa0 ? c : windows_1252[c - 0x80];
}

/* What else the bytes of a text that is not UTF-8 hold. */
struct findings {
    bool utf8_too;  /* a well-formed character beyond ASCII */
    bool undefined; /* a byte that Windows-1252 lacks */
    bool nul;
    size_t first; /* byte beyond ASCII */
};

static struct findings look(struct str text)
{
    struct findings f = {.first = text.n};
    size_t i = 0, n;

    while (i < text.n) {
        unsigned char c = (unsigned char)text.p[i];

        n = utf8_next(str_from(text, i), NULL);
        if (c >= 0x80 && f.first == text.n)
            f.first = i;
        f.utf8_too |= n > 1;
        f.nul |= c == 0;
        f.undefined |= code_1252(c) == 0 && c != 0 && n < 2;
        i += n ? n : 1;
    }
    return f;
}

const char *encoding_problem(struct str text)
{
    struct findings f = look(text);

    if (f.utf8_too)
        return "the text is not UTF-8, but other cells of the file are: were two files put together?";
    if (f.undefined)
        return "the text is neither UTF-8 nor Windows-1252";
    return "the text is not UTF-8";
}

static int no_memory(struct diag *d)
{
    return diag_error(d, "there is not enough memory to read a register", NULL, NULL);
}

static void replace(struct str *text, char *made, size_t n)
{
    free((char *)text->p);
    made[n] = '\0';
    *text = (struct str){made, n};
}

/* Where the spreadsheet shows the byte: its row and line, and the part of the cell that is on that line. */
struct place {
    unsigned row, line;
    struct str source, cell;
};

static bool ends_cell(char c)
{
    return c == ',' || c == ';' || c == '\t' || c == '"' || c == '\n' || c == '\r';
}

static struct place place_of(struct str text, size_t at)
{
    struct place p = {.row = 1, .line = 1};
    size_t begin = 0, from = at, to = at;
    bool quoted = false;

    for (size_t i = 0; i < at; i++) {
        quoted ^= text.p[i] == '"';
        if (text.p[i] != '\n' && (text.p[i] != '\r' || (i + 1 < text.n && text.p[i + 1] == '\n')))
            continue;
        p.line++;
        p.row += !quoted;
        begin = i + 1;
    }
    if (csv_separator_line(text).n)
        p.row--;
    while (from > begin && !ends_cell(text.p[from - 1]))
        from--;
    while (to < text.n && !ends_cell(text.p[to]))
        to++;
    p.cell = utf8_trim((struct str){text.p + from, to - from});
    p.source = str_from(str_upto(text, begin + str_find(str_from(text, begin), '\n')), begin);
    return p;
}

static void say_1252(struct str path, struct str text, size_t at, struct diag *d)
{
    struct place p = place_of(text, at);
    struct message *m = diag_at(d, SEVERITY_NOTE, path, p.line, 0);

    if (!m)
        return;
    diag_copy(m->source, sizeof m->source, utf8_trim(p.source));
    snprintf(
        m->text, sizeof m->text,
        "this file is read as Windows-1252: look at '%.*s' in row %u; if that is wrong, save the sheet as "
        "\"CSV UTF-8\"",
        (int)(p.cell.n < 80 ? p.cell.n : 80), p.cell.p, p.row);
}

static int from_1252(struct str path, struct str *text, size_t first, struct diag *d)
{
    char *made = malloc(text->n * 3 + 1); /* the euro sign takes three bytes for one */
    size_t n = 0;

    if (!made)
        return no_memory(d);
    for (size_t i = 0; i < text->n; i++)
        n += utf8_put(code_1252((unsigned char)text->p[i]), made + n);
    replace(text, made, n);
    say_1252(path, *text, first, d); /* up to that byte all is ASCII: it stands where it stood */
    return 0;
}

static int broken(struct str path, struct str so_far, struct diag *d)
{
    struct place p = place_of(so_far, so_far.n);
    struct message *m = diag_at(d, SEVERITY_ERROR, path, p.line, 0);

    if (m)
        snprintf(m->text, sizeof m->text,
                 "row %u: the UTF-16 text is broken here: half a character. Save the sheet as \"CSV UTF-8\"",
                 p.row);
    return -1;
}

static uint32_t unit(struct str text, size_t i, bool big)
{
    unsigned a = (unsigned char)text.p[i], b = (unsigned char)text.p[i + 1];

    return big ? a << 8 | b : b << 8 | a;
}

static int from_utf16(struct str path, struct str *text, bool big, struct diag *d)
{
    char *made = malloc(text->n * 2 + 4); /* three bytes at most for two; utf8_put wants room for four */
    size_t n = 0, i = 2;
    int result = -1;

    if (!made)
        return no_memory(d);
    while (i + 1 < text->n) {
        uint32_t code = unit(*text, i, big);

        i += 2;
        if (code >= 0xd800 && code < 0xdc00 && i + 1 < text->n) {
            uint32_t low = unit(*text, i, big);

            if (low >= 0xdc00 && low < 0xe000) {
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        if (code >= 0xd800 && code < 0xe000)
            goto out;
        n += utf8_put(code, made + n);
    }
    if (i == text->n) { /* no odd byte is left */
        replace(text, made, n);
        return 0;
    }
out:
    result = broken(path, (struct str){made, n}, d);
    free(made);
    return result;
}

int encoding_to_utf8(struct str path, struct str *text, struct diag *d)
{
    struct findings f;

    if (text->n >= 2 && (memcmp(text->p, "\xff\xfe", 2) == 0 || memcmp(text->p, "\xfe\xff", 2) == 0))
        return from_utf16(path, text, text->p[0] == '\xfe', d);
    if (utf8_bad(*text) == text->n)
        return 0;
    f = look(*text);
    if (f.utf8_too || f.undefined || f.nul)
        return 0;
    return from_1252(path, text, f.first, d);
}
