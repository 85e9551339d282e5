/* The screen of `portreeve status`: what needs a person first, then a few lines an item, words kept whole on
 * a terminal. */
#include "tools/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_USUAL = 80, COLUMNS_MIN = 40, SHOWN = 4 /* of what one item says */ };

/* 0: no terminal. Lines stay whole there, so that what reads them finds its words on one. */
static unsigned columns_of(int fd)
{
    struct winsize w;

    if (!isatty(fd))
        return 0;
    if (ioctl(fd, TIOCGWINSZ, &w) != 0 || w.ws_col == 0)
        return COLUMNS_USUAL;
    return w.ws_col < COLUMNS_MIN ? COLUMNS_MIN : w.ws_col;
}

void screen_init(struct screen *sc, bool all)
{
    *sc = (struct screen){.columns = columns_of(STDOUT_FILENO), .all = all};
}

void screen_put(struct screen *sc, const char *format, ...)
{
    char text[SCREEN_LINE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    diag_copy(sc->line + sc->n, sizeof sc->line - sc->n, str_of(text));
    sc->n += strlen(sc->line + sc->n);
}

/* How many bytes of a text may stand on a row of so many columns: up to the last space that fits, and the
 * whole first word whatever its length. A byte of the middle of a UTF-8 character takes no column. */
static size_t row_of(const char *text, size_t columns)
{
    size_t n = 0, used = 0, words = 0;
    bool begun = false; /* the spaces at the beginning end no word */

    for (; text[n]; n++) {
        if (text[n] == ' ' && begun)
            words = n;
        begun |= text[n] != ' ';
        used += ((unsigned char)text[n] & 0xc0) != 0x80;
        if (used > columns && words)
            return words;
    }
    return n;
}

void screen_end(struct screen *sc)
{
    const char *text = sc->line;
    size_t indent = strspn(text, " !") + 2, n;

    sc->line[sc->n] = '\0';
    if (!sc->columns) {
        puts(text);
    } else {
        for (n = row_of(text, sc->columns); text[n]; n = row_of(text, sc->columns - indent)) {
            printf("%.*s\n%*s", (int)n, text, (int)indent, "");
            text += n + strspn(text + n, " ");
        }
        puts(text);
    }
    sc->n = 0;
    sc->line[0] = '\0';
}

/* At most SHOWN of one item, so that one cause does not drive the others off the screen. */
static void tell_attention(struct screen *sc, const json_t *attention)
{
    const char *item = "", *next;
    size_t i, n = 0;
    const json_t *one;

    json_array_foreach(attention, i, one)
    {
        next = status_text(one, "item");
        n = strcmp(item, next) == 0 ? n + 1 : 1;
        item = next;
        if (sc->all || n <= SHOWN) {
            screen_put(sc, "  ! %s", status_text(one, "text"));
            screen_end(sc);
        }
        next = status_text(json_array_get(attention, i + 1), "item");
        if (!sc->all && n > SHOWN && strcmp(item, next) != 0) {
            screen_put(sc, "  ! and %zu more of the kind: --all shows them", n - SHOWN);
            screen_end(sc);
        }
    }
}

void screen_tell(struct screen *sc, const struct status_item *items, size_t n_items, const json_t *facts)
{
    const json_t *attention = json_object_get(facts, "attention");
    size_t n = json_array_size(attention);

    if (n == 0)
        screen_put(sc, "Everything is in order.");
    else
        screen_put(sc, "%zu %s attention.", n, n == 1 ? "thing needs" : "things need");
    screen_end(sc);
    tell_attention(sc, attention);
    screen_end(sc);
    for (size_t i = 0; i < n_items; i++)
        items[i].tell(sc, json_object_get(facts, items[i].name));
}
