#include "compile/date.h"

#include "core/clock.h"

enum { YEAR_FIRST = 1990, YEAR_LAST = 2199 };

/* One to `most` digits, all of the field. */
static bool number(struct str field, size_t least, size_t most, unsigned *value)
{
    uint64_t v;

    if (field.n < least || field.n > most || !str_u64(field, &v))
        return false;
    *value = (unsigned)v;
    return true;
}

static const char *make_day(unsigned year, unsigned month, unsigned mday, uint32_t *day)
{
    int32_t n;
    int y;
    unsigned m, d;

    if (year < YEAR_FIRST || year > YEAR_LAST)
        return "has a year before 1990 or after 2199";
    if (month < 1 || month > 12)
        return "has no such month (day/month/year, or year-month-day)";
    if (mday < 1 || mday > 31)
        return "is not a day of the calendar";
    n = clock_day((int)year, month, mday);
    clock_date(n, &y, &m, &d);
    if (m != month) /* 31 April rolled over into May */
        return "is not a day of the calendar";
    *day = (uint32_t)n;
    return NULL;
}

static const char *parse_iso(struct str text, uint32_t *day, const char *otherwise)
{
    struct str rest = text;
    struct str year = str_cut(&rest, '-');
    struct str month = str_cut(&rest, '-');
    unsigned y, m, d;

    if (text.n != 10 || !number(year, 4, 4, &y) || !number(month, 2, 2, &m) || !number(rest, 2, 2, &d))
        return otherwise;
    return make_day(y, m, d, day);
}

const char *date_parse_iso(struct str text, uint32_t *day)
{
    return parse_iso(text, day, "is not a date: write it as 2026-04-01");
}

const char *date_parse(struct str text, uint32_t *day)
{
    static const char *const otherwise = "is not a date: write it as 2026-04-01 or 01/04/2026";
    struct str rest = text;
    struct str mday = str_cut(&rest, '/');
    struct str month = str_cut(&rest, '/');
    unsigned y, m, d;

    if (mday.n == text.n) /* no '/' in it */
        return parse_iso(text, day, otherwise);
    if (!number(mday, 1, 2, &d) || !number(month, 1, 2, &m) || !number(rest, 4, 4, &y))
        return otherwise;
    return make_day(y, m, d, day);
}
