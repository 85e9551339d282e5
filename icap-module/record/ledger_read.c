/* Reading lists that may be hostile. */
#include "record/ledger_internal.h"

#include "core/clock.h"
#include "record/base64.h"
#include "record/file.h"

#include <stdlib.h>

enum { FILE_MAX = 1 << 30 };

struct str ledger_field(const struct ledger_line *line, const char *key)
{
    for (size_t i = 0; i < line->n; i++)
        if (str_eq(line->fields[i].key, str_of(key)))
            return line->fields[i].value;
    return STR("");
}

bool ledger_number(const struct ledger_line *line, const char *key, uint64_t *value)
{
    return str_u64(ledger_field(line, key), value);
}

static bool is_word(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (i && (s.p[i] == '-' || (s.p[i] >= '0' && s.p[i] <= '9')))))
            return false;
    return s.n > 0;
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* In the one spelling that the writer has. */
static bool decode(struct str from, char **to, struct str *value)
{
    char *p = *to;

    for (size_t i = 0; i < from.n; i++) {
        unsigned char c = (unsigned char)from.p[i];

        if (c <= 0x20 || c >= 0x7f || c == '=')
            return false;
        if (c == '%') {
            int high = i + 2 < from.n ? digit(from.p[i + 1]) : -1,
                low = i + 2 < from.n ? digit(from.p[i + 2]) : -1;

            if (high < 0 || low < 0)
                return false;
            c = (unsigned char)(high * 16 + low);
            if (c > 0x20 && c < 0x7f && c != '%' && c != '=')
                return false;
            i += 2;
        }
        *p++ = (char)c;
    }
    *value = (struct str){*to, (size_t)(p - *to)};
    *to = p;
    return value->n <= LEDGER_VALUE;
}

static bool take_hash(struct str field, struct ledger_line *line)
{
    return field.n > 2 && memcmp(field.p, "h=", 2) == 0 &&
           chain_unhex(str_from(field, 2), line->hash, CHAIN_HASH);
}

static bool take_signature(struct str field, struct ledger_line *line, struct ledger_room *room)
{
    size_t n;

    line->is_signed = true;
    return field.n > 2 && memcmp(field.p, "s=", 2) == 0 &&
           base64_read(str_from(field, 2), room->signature, SIGNATURE, &n) && n == SIGNATURE;
}

bool ledger_parse(struct str text, struct ledger_line *line, struct ledger_room *room)
{
    char *values = room->values, time[LEDGER_TIME];
    struct str rest = text, number, when;

    *line = (struct ledger_line){.text = text};
    if (text.n >= LEDGER_LINE)
        return false;
    number = str_cut(&rest, ' ');
    when = str_cut(&rest, ' ');
    line->word = str_cut(&rest, ' ');
    if (!str_u64(number, &line->number) || number.p[0] == '0' || clock_parse(when, &line->time) != 0 ||
        !is_word(line->word))
        return false;
    ledger_time(line->time, time);
    if (!str_eq(when, str_of(time)))
        return false;
    while (rest.n) {
        struct str field = rest;
        struct str one = str_cut(&rest, ' '), key;

        if (one.n > 2 && memcmp(one.p, "h=", 2) == 0) {
            room->hashed = (struct str){text.p, (size_t)(field.p - text.p) - 1};
            return take_hash(one, line) &&
                   (rest.n == 0 ? text.p + text.n == one.p + one.n : take_signature(rest, line, room));
        }
        key = str_cut(&one, '=');
        if (line->n == LEDGER_FIELDS || !is_word(key) || key.p + key.n == one.p ||
            !decode(one, &values, &line->fields[line->n].value))
            return false;
        line->fields[line->n++].key = key;
    }
    return false;
}

/* The next line off *text, its fields in *room; what is wrong with it. */
static enum ledger_fault next(struct str *text, const unsigned char *public, struct ledger_head *head,
                              struct ledger_line *line, struct ledger_room *room)
{
    size_t end = str_find(*text, '\n');
    struct str one = str_upto(*text, end);

    if (end == text->n)
        return LEDGER_TORN;
    if (!ledger_parse(one, line, room))
        return LEDGER_SHAPE;
    if (line->number != head->lines + 1)
        return LEDGER_NUMBER;
    ledger_follow(head->hash, room->hashed);
    if (memcmp(head->hash, line->hash, CHAIN_HASH) != 0)
        return LEDGER_HASH;
    line->signature_holds = line->is_signed && public &&
                            sign_check(public, LEDGER_PURPOSE,
                                       (struct str){(const char *)line->hash, CHAIN_HASH}, room->signature);
    if (line->is_signed && public && !line->signature_holds)
        return LEDGER_SIGNATURE;
    head->lines++;
    *text = str_from(*text, end + 1);
    return LEDGER_SOUND;
}

/* The receipt at the beginning, if one stands there. False: it holds not, and *result says so. */
static bool take_receipt(struct str *text, const char *name, const unsigned char *public, struct ledger_head *head,
                         struct ledger_read *result)
{
    unsigned char digest[CHAIN_HASH];
    struct ledger_line line;
    struct ledger_room room;
    size_t end = str_find(*text, '\n');

    if (end == text->n || !ledger_parse(str_upto(*text, end), &line, &room) ||
        !str_eq(line.word, STR(LEDGER_ERASED)) || !str_eq(ledger_field(&line, "list"), str_of(name)))
        return true;
    memcpy(digest, line.hash, CHAIN_HASH);
    ledger_follow(digest, room.hashed);
    if (!line.is_signed || (public && !sign_check(public, LEDGER_PURPOSE_ERASED,
                                                  (struct str){(const char *)digest, CHAIN_HASH}, room.signature))) {
        result->fault = LEDGER_RECEIPT;
        return false;
    }
    head->lines = result->erased = line.number;
    memcpy(head->hash, line.hash, CHAIN_HASH);
    *text = str_from(*text, end + 1);
    return true;
}

void ledger_read_mem(struct str text, const char *name, const unsigned char *public,
                     void (*each)(void *to, const struct ledger_line *line), void *to,
                     struct ledger_read *result)
{
    struct ledger_line line;
    struct ledger_room room; /* of the line's fields */
    struct ledger_head head = {.lines = 0};

    *result = (struct ledger_read){.fault = LEDGER_SOUND};
    ledger_first(name, head.hash);
    if (!take_receipt(&text, name, public, &head, result))
        return;
    result->head = head;
    while (text.n && (result->fault = next(&text, public, &head, &line, &room)) == LEDGER_SOUND) {
        result->head = head;
        result->is_signed += line.is_signed;
        if (each)
            each(to, &line);
    }
}

int ledger_read(const char *path, const char *name, const unsigned char *public,
                void (*each)(void *to, const struct ledger_line *line), void *to, struct ledger_read *result,
                bool *there, struct diag *d)
{
    char *text;
    size_t size;

    *result = (struct ledger_read){.fault = LEDGER_SOUND};
    if (file_read_all(path, FILE_MAX, &text, &size, there, d) != 0)
        return -1;
    if (*there)
        ledger_read_mem((struct str){text, size}, name, public, each, to, result);
    free(text);
    return 0;
}

const char *ledger_fault_words(enum ledger_fault fault)
{
    switch (fault) {
    case LEDGER_SHAPE:
        return "is no line of such a list: it was changed or cut";
    case LEDGER_NUMBER:
        return "has another number than should stand here: lines were removed, inserted or put in another "
               "place";
    case LEDGER_HASH:
        return "does not follow from the line before it: one of the two was changed, or lines were removed";
    case LEDGER_SIGNATURE:
        return "has a signature that the key did not make: it is forged, or signed by another key";
    case LEDGER_RECEIPT:
        return "says that older lines were erased, and the key did not sign that: they were taken out";
    case LEDGER_TORN:
        return "has no end: it was being written when the power went, or was cut";
    default:
        return "is sound";
    }
}
