/* Hostile lists. The first byte: bit 0, each line's number and hash are mended, so that the reader comes
 * beyond the first; bit 1, signatures are checked. What is sound must have been read whole, line by line. */
#include "fuzz.h"

#include "record/ledger_internal.h"

#include <stdio.h>

enum { TEXT = 8192 };

static char mended[TEXT];

static size_t put(size_t n, struct str s)
{
    s = str_upto(s, TEXT - n);
    if (s.n)
        memcpy(mended + n, s.p, s.n);
    return n + s.n;
}

static struct str mend(struct str text)
{
    struct ledger_head head = {.lines = 0};
    size_t n = 0;

    ledger_first("fuzz", head.hash);
    while (text.n) {
        struct ledger_line line;
        struct ledger_room room;
        struct str one = fuzz_line(&text);
        char number[24], hex[2 * CHAIN_HASH + 1];
        size_t from = n;

        if (!ledger_parse(one, &line, &room) || one.n + 200 > TEXT - n) {
            n = put(put(n, one), STR("\n"));
            continue;
        }
        n = put(n, (struct str){number, (size_t)snprintf(number, sizeof number, "%llu",
                                                         (unsigned long long)++head.lines)});
        n = put(n, str_from(room.hashed, str_find(room.hashed, ' ')));
        ledger_follow(head.hash, (struct str){mended + from, n - from});
        chain_hex(head.hash, hex);
        n = put(put(n, STR(" h=")), str_of(hex));
        n = put(put(n, str_from(one, (size_t)(room.hashed.p + room.hashed.n - one.p) + 3 + sizeof hex - 1)),
                STR("\n"));
    }
    return (struct str){mended, n};
}

struct seen {
    uint64_t n;
    size_t bytes;
};

static void take(void *to, const struct ledger_line *line)
{
    struct seen *s = to;
    uint64_t value;

    s->n++;
    s->bytes += line->text.n + 1;
    FUZZ_HOLDS(line->number == s->n && line->n <= LEDGER_FIELDS);
    for (size_t i = 0; i < line->n; i++)
        FUZZ_HOLDS(line->fields[i].value.n <= LEDGER_VALUE);
    ledger_number(line, "at", &value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char public[SIGN_PUBLIC] = {1};
    struct str text = {(const char *)data + 1, size ? size - 1 : 0};
    struct ledger_read read;
    struct seen seen = {0, 0};

    if (!size)
        return 0;
    if (data[0] & 1)
        text = mend(text);
    ledger_read_mem(text, "fuzz", data[0] & 2 ? public : NULL, take, &seen, &read);
    FUZZ_HOLDS(seen.n == read.head.lines && seen.bytes <= text.n);
    FUZZ_HOLDS((read.fault == LEDGER_SOUND) == (seen.bytes == text.n));
    return 0;
}
