#include "compile/hours.h"

#include <stdio.h>

enum { DAYS = 7 };

const char *const weekday_names[DAYS] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

static const char *const full_names[DAYS] = {"monday", "tuesday",  "wednesday", "thursday",
                                             "friday", "saturday", "sunday"};

/* In full or its first three letters or more, in any case; -1: none. */
static int day_of(struct str word)
{
    for (int i = 0; i < DAYS; i++)
        if (word.n >= 3 && word.n <= strlen(full_names[i]) &&
            str_ieq(word, (struct str){full_names[i], word.n}))
            return i;
    return -1;
}

bool hours_days(struct str word, uint32_t *days, struct str *unknown)
{
    struct str rest = word, first = str_cut(&rest, '-');
    int from = day_of(first), to = first.n < word.n ? day_of(rest) : from;

    *days = 0;
    *unknown = from < 0 ? first : rest;
    if (from < 0 || to < 0)
        return false;
    for (int i = from;; i = (i + 1) % DAYS) {
        *days |= 1u << i;
        if (i == to)
            return true;
    }
}

bool hours_is_day(struct str word)
{
    struct str rest = word, first = str_cut(&rest, '-');

    return day_of(first) >= 0 || (word.n && word.p[0] >= 'A' && word.p[0] <= 'Z');
}

static int no(char why[HOURS_WHY], const char *text)
{
    snprintf(why, HOURS_WHY, "%s", text);
    return -1;
}

/* "8:45" or "08:45"; NO_INDEX: none. */
static uint32_t minute_of(struct str text)
{
    struct str rest = text, hour = str_cut(&rest, ':');
    uint64_t h, m;

    if (hour.n < 1 || hour.n > 2 || rest.n != 2 || !str_u64(hour, &h) || !str_u64(rest, &m) || h > 24 ||
        m > 59 || (h == 24 && m))
        return NO_INDEX;
    return (uint32_t)(h * 60 + m);
}

int hours_span(struct str word, bool over, struct a_window *w, char why[HOURS_WHY])
{
    struct str rest = word, from = str_cut(&rest, '-');
    uint32_t begin = minute_of(from), end = minute_of(rest);

    for (size_t i = 0; i + 2 < word.n; i++)
        if (memcmp(word.p + i, "\xe2\x80", 2) == 0)
            return no(why, "has a long dash: write a plain '-', as in 08:45-17:00");
    if (begin == NO_INDEX || end == NO_INDEX || begin == MINUTES_A_DAY)
        return no(why, "is no stretch of time: write it like 08:45-17:00");
    if (begin == end && !over)
        return no(why, "is empty: a whole day is 00:00-24:00");
    if (end < begin && !over)
        return no(why, "ends before it begins: if it goes on after midnight, write 'next-day' behind it");
    if (over && end >= begin)
        return no(why,
                  "with 'next-day' is as long as a day or longer: take 'next-day' away, or mend the times");
    w->begin = begin;
    w->end = end + (over ? MINUTES_A_DAY : 0);
    return 0;
}

static bool runs(const struct a_window *w, uint32_t day)
{
    return w->days >> day % DAYS & 1 && day / DAYS % w->cycle == w->phase;
}

/* Over all weeks after which both begin anew; a window reaches into the next day at most. */
bool hours_meet(const struct a_window *x, const struct a_window *y)
{
    uint32_t all = DAYS * x->cycle * y->cycle;

    for (uint32_t day = 0; day < all; day++) {
        if (!runs(x, day))
            continue;
        for (uint32_t other = day + all - 1; other <= day + all + 1; other++) {
            int32_t shift = ((int32_t)other - (int32_t)(day + all)) * MINUTES_A_DAY;

            if (runs(y, other % all) && (int32_t)x->begin < (int32_t)y->end + shift &&
                (int32_t)y->begin + shift < (int32_t)x->end)
                return true;
        }
    }
    return false;
}

static void put_minute(struct text *t, uint32_t minute)
{
    text_putc(t, (char)('0' + minute / 600));
    text_putc(t, (char)('0' + minute / 60 % 10));
    text_putc(t, ':');
    text_putc(t, (char)('0' + minute % 60 / 10));
    text_putc(t, (char)('0' + minute % 10));
}

static void put_days(uint32_t days, struct text *t)
{
    const char *blank = "";

    for (unsigned i = 0; i < DAYS; i++) {
        unsigned last = i;

        if (!(days >> i & 1))
            continue;
        while (last + 1 < DAYS && days >> (last + 1) & 1)
            last++;
        text_puts(t, blank);
        text_puts(t, weekday_names[i]);
        if (last > i) {
            text_putc(t, '-');
            text_puts(t, weekday_names[last]);
        }
        blank = " ";
        i = last;
    }
}

void hours_put(const struct a_window *w, struct text *t)
{
    bool over = w->end > MINUTES_A_DAY;

    put_days(w->days, t);
    text_putc(t, ' ');
    put_minute(t, w->begin);
    text_putc(t, '-');
    put_minute(t, over ? w->end - MINUTES_A_DAY : w->end);
    text_puts(t, over ? " next-day" : "");
}
