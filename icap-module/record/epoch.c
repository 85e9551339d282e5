/* Ids, periods and the bytes of the file; epoch_file.c has its life. */
#include "record/epoch.h"

#include "core/clock.h"

#include <sodium.h>
#include <stdio.h>

enum { HEAD = 16, ROW = 56, CHECK = 16, DAY = 86400, HOUR = 3600, PART_BITS = 6 };

static const char magic[8] = {'P', 'T', 'R', 'E', 'P', 'O', 'C', 'H'};
static const char *const lengths[EPOCH_LENGTHS] = {"month", "week", "quarter"};

int epoch_length_of(struct str word)
{
    for (int i = 0; i < EPOCH_LENGTHS; i++)
        if (str_eq(word, str_of(lengths[i])))
            return i;
    return -1;
}

int32_t epoch_begins(enum epoch_length length, int32_t day)
{
    unsigned month, mday;
    int year;

    if (length == EPOCH_WEEK)
        return day - (int32_t)clock_local(epoch_midnight(day)).weekday;
    clock_date(day, &year, &month, &mday);
    if (length == EPOCH_QUARTER)
        month = (month - 1) / 3 * 3 + 1;
    return clock_day(year, month, 1);
}

int32_t epoch_follows(enum epoch_length length, int32_t day)
{
    const int32_t longest = length == EPOCH_WEEK ? 7 : length == EPOCH_QUARTER ? 92 : 31;

    return epoch_begins(length, epoch_begins(length, day) + longest);
}

int64_t epoch_midnight(int32_t day)
{
    int64_t t = (int64_t)day * DAY;

    return clock_local(t - HOUR).day == day ? t - HOUR : t; /* clocks never change at midnight */
}

uint32_t epoch_id(int32_t day, unsigned part)
{
    return (uint32_t)day << PART_BITS | part;
}

int32_t epoch_id_day(uint32_t id)
{
    return (int32_t)(id >> PART_BITS);
}

unsigned epoch_id_part(uint32_t id)
{
    return id & EPOCH_PARTS;
}

void epoch_id_write(uint32_t id, char to[EPOCH_TEXT])
{
    char date[11] = "";

    if (epoch_id_day(id) < 2932896) /* the end of 9999 */
        clock_format_date(epoch_id_day(id), date);
    snprintf(to, EPOCH_TEXT, "%.10s.%u", date, epoch_id_part(id));
}

bool epoch_id_read(struct str text, uint32_t *id)
{
    struct str date = str_upto(text, 10);
    char again[EPOCH_TEXT];
    uint64_t part;
    int64_t noon;

    if (text.n < 12 || text.n > 13 || text.p[10] != '.' || !str_u64(str_from(text, 11), &part) || part == 0 ||
        part > EPOCH_PARTS || clock_parse(date, &noon) != 0 || noon < 0)
        return false;
    *id = epoch_id(clock_local(noon).day, (unsigned)part);
    epoch_id_write(*id, again);
    return str_eq(text, str_of(again));
}

const struct epoch *epoch_at(const struct epoch_file *f, int64_t t)
{
    for (unsigned i = 0; i < f->n; i++)
        if (f->epochs[i].id == 0 || (t >= f->epochs[i].from && t < f->epochs[i].until))
            return &f->epochs[i];
    return NULL;
}

bool epoch_lapse(struct epoch_file *f, int64_t now)
{
    unsigned before = f->n;

    while (f->n && f->epochs[0].id && f->epochs[0].until <= now) {
        f->epochs[0] = f->epochs[1];
        sodium_memzero(&f->epochs[1], sizeof f->epochs[1]);
        f->n--;
    }
    if (f->n == 0 && before)
        epoch_wipe(f);
    return f->n != before;
}

void epoch_wipe(struct epoch_file *f)
{
    sodium_memzero(f, sizeof *f);
}

/* ---- bytes ---- */

static unsigned char *put(unsigned char *to, uint64_t value, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        *to++ = (unsigned char)(value >> (8 * i));
    return to;
}

static uint64_t get(const unsigned char *from, unsigned n)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < n; i++)
        value |= (uint64_t)from[i] << (8 * i);
    return value;
}

size_t epoch_write_mem(const struct epoch_file *f, unsigned char to[EPOCH_FILE])
{
    unsigned char *p = to + sizeof magic;

    memcpy(to, magic, sizeof magic);
    p = put(p, 1, 4);
    p = put(p, f->n, 4);
    for (unsigned i = 0; i < f->n; i++) {
        p = put(p, f->epochs[i].id, 4);
        p = put(p, 0, 4);
        p = put(p, (uint64_t)f->epochs[i].from, 8);
        p = put(p, (uint64_t)f->epochs[i].until, 8);
        memcpy(p, f->epochs[i].key.bytes, sizeof f->epochs[i].key.bytes);
        p += sizeof f->epochs[i].key.bytes;
    }
    crypto_generichash(p, CHECK, to, (size_t)(p - to), NULL, 0);
    return (size_t)(p - to) + CHECK;
}

static bool read_row(const unsigned char *p, struct epoch *e)
{
    e->id = (uint32_t)get(p, 4);
    e->from = (int64_t)get(p + 8, 8);
    e->until = (int64_t)get(p + 16, 8);
    memcpy(e->key.bytes, p + 24, sizeof e->key.bytes);
    return epoch_id_part(e->id) && get(p + 4, 4) == 0 && e->from < e->until;
}

int epoch_read_mem(const unsigned char *bytes, size_t size, struct epoch_file *f)
{
    unsigned char check[CHECK];
    uint64_t n;
    bool good;

    *f = (struct epoch_file){.n = 0};
    if (size == sizeof f->epochs[0].key.bytes) {
        memcpy(f->epochs[0].key.bytes, bytes, size);
        f->n = 1;
        return 0;
    }
    if (size < HEAD || memcmp(bytes, magic, sizeof magic) != 0 || get(bytes + 8, 4) != 1)
        return -1;
    n = get(bytes + 12, 4);
    if (n == 0 || n > EPOCHS_MAX || size != HEAD + ROW * n + CHECK)
        return -1;
    crypto_generichash(check, CHECK, bytes, size - CHECK, NULL, 0);
    good = memcmp(check, bytes + size - CHECK, CHECK) == 0;
    for (f->n = 0; f->n < n; f->n++)
        good = good && read_row(bytes + HEAD + ROW * f->n, &f->epochs[f->n]);
    good = good && (n == 1 || f->epochs[0].until <= f->epochs[1].from);
    if (!good)
        epoch_wipe(f);
    return good ? 0 : -1;
}
