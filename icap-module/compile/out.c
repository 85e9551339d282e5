#include "compile/out.h"

#include "core/clock.h"

#include <stdlib.h>

void out_str(struct out *o, struct str s)
{
    enum { FIRST_ROOM = 4096 };

    if (o->no_memory || s.n == 0)
        return;
    if (s.n > o->room - o->n) {
        size_t room = o->room ? o->room : FIRST_ROOM;
        char *p;

        while (room - o->n < s.n)
            room *= 2;
        p = realloc(o->p, room);
        if (!p) {
            o->no_memory = true;
            return;
        }
        o->p = p;
        o->room = room;
    }
    memcpy(o->p + o->n, s.p, s.n);
    o->n += s.n;
}

void out_puts(struct out *o, const char *z)
{
    out_str(o, str_of(z));
}

void out_number(struct out *o, uint64_t number)
{
    char storage[20];
    struct text t;

    text_init(&t, storage, sizeof storage);
    text_put_u64(&t, number);
    out_str(o, text_str(&t));
}

/* In quotes; control bytes cannot be in a sound policy, and must not break the line of a strange one. */
void out_quoted(struct out *o, struct str s)
{
    out_puts(o, "\"");
    for (size_t i = 0; i < s.n; i++) {
        char c = ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f ? ' ' : s.p[i];

        if (c == '"' || c == '\\')
            out_puts(o, "\\");
        out_str(o, (struct str){&c, 1});
    }
    out_puts(o, "\"");
}

/* Bare where that reads the same. */
void out_name(struct out *o, struct str s)
{
    bool bare = s.n > 0 && s.p[0] != '#';

    for (size_t i = 0; i < s.n; i++)
        bare &= (unsigned char)s.p[i] > 0x20 && s.p[i] != 0x7f && s.p[i] != '"';
    if (bare)
        out_str(o, s);
    else
        out_quoted(o, s);
}

struct str out_text(const struct out *o, struct a_str s)
{
    return artefact_str(o->a, s);
}

void out_date(struct out *o, uint32_t day)
{
    char date[10];

    clock_format_date((int32_t)day, date);
    out_str(o, (struct str){date, sizeof date});
}

/* KEYWORD "text" behind what stands there, unless the text is empty. */
void out_part(struct out *o, const char *keyword, struct a_str text)
{
    if (text.n == 0)
        return;
    out_puts(o, keyword);
    out_quoted(o, out_text(o, text));
}

void out_page(struct out *o, uint32_t page)
{
    if (page == NO_INDEX)
        return;
    out_puts(o, " page ");
    out_name(o, out_text(o, ARTEFACT_ROWS(o->a, PAGES, struct a_page)[page].name));
}

void out_bits(struct out *o, enum word_list_id list, uint32_t bits)
{
    for (unsigned i = 0; i < word_lists[list].n; i++) {
        if (bits >> i & 1) {
            out_puts(o, " ");
            out_puts(o, word_of(list, i));
        }
    }
}
