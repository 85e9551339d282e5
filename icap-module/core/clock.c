#include "core/clock.h"

enum { DAY = 86400, HOUR = 3600 };

/* Howard Hinnant's days_from_civil: exact for the whole Gregorian calendar. */
int32_t clock_day(int year, unsigned month, unsigned day)
{
    int y = year - (month <= 2);
    int era = (y >= 0 ? y : y - 399) / 400;
    unsigned yoe = (unsigned)(y - era * 400);
    unsigned doy = (153 * (month + (month > 2 ? -3u : 9u)) + 2) / 5 + day - 1;
    unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return era * 146097 + (int32_t)doe - 719468;
}

void clock_date(int32_t day, int *year, unsigned *month, unsigned *mday)
{
    int32_t z = day + 719468;
    int32_t era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;

    *mday = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = (int)yoe + era * 400 + (*month <= 2);
}

static uint32_t weekday_of(int32_t day)
{
    int32_t w = (day + 3) % 7; /* 1970-01-01 was a Thursday */

    return (uint32_t)(w < 0 ? w + 7 : w);
}

/* UTC second at which the clocks change in that month: 01:00 on its last Sunday (31-day months). */
static int64_t change_in(int year, unsigned month)
{
    int32_t last = clock_day(year, month, 31);
    int32_t sunday = last - (int32_t)((weekday_of(last) + 1) % 7);

    return (int64_t)sunday * DAY + HOUR;
}

static int64_t floor_day(int64_t seconds)
{
    return seconds >= 0 ? seconds / DAY : -((-seconds + DAY - 1) / DAY);
}

/* How far local time is before UTC. */
static int64_t clock_offset(int64_t utc)
{
    int year;
    unsigned month, mday;

    clock_date((int32_t)floor_day(utc), &year, &month, &mday);
    if (month != 3 && month != 10)
        return month > 3 && month < 10 ? HOUR : 0;
    return (utc >= change_in(year, month)) == (month == 3) ? HOUR : 0;
}

struct local_time clock_local(int64_t utc)
{
    const int64_t first = -62135596800,
                  last = 253402300799; /* years 1 to 9999: what is beyond is one of its ends */
    struct local_time t;
    int64_t local;

    utc = utc < first ? first : utc > last ? last : utc;
    local = utc + clock_offset(utc);

    t.day = (int32_t)floor_day(local);
    t.minute = (uint32_t)((local - (int64_t)t.day * DAY) / 60);
    t.weekday = weekday_of(t.day);
    return t;
}

/* `n` digits at `at` as a number, or -1. */
static int digits(struct str s, size_t at, size_t n)
{
    int value = 0;

    if (at + n > s.n)
        return -1;
    for (size_t i = at; i < at + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return -1;
        value = value * 10 + (s.p[i] - '0');
    }
    return value;
}

static bool at_is(struct str s, size_t at, char c)
{
    return at < s.n && s.p[at] == c;
}

/* "Z", "+hh:mm" or "-hh:mm" at the end of s, from `at`: offset in seconds; false on anything else. */
static bool zone(struct str s, size_t at, int *offset)
{
    int h, m;

    *offset = 0;
    if (s.n == at + 1 && (s.p[at] == 'Z' || s.p[at] == 'z'))
        return true;
    h = digits(s, at + 1, 2);
    m = digits(s, at + 4, 2);
    if (s.n != at + 6 || s.p[at + 3] != ':' || h < 0 || h > 23 || m < 0 || m > 59)
        return false;
    *offset = (h * 60 + m) * 60;
    if (s.p[at] == '-')
        *offset = -*offset;
    return s.p[at] == '+' || s.p[at] == '-';
}

static bool date_at_start(struct str s, int32_t *day)
{
    int y = digits(s, 0, 4), m = digits(s, 5, 2), d = digits(s, 8, 2);
    int ry;
    unsigned rm, rd;

    if (y < 1970 || m < 1 || m > 12 || d < 1 || d > 31 || !at_is(s, 4, '-') || !at_is(s, 7, '-'))
        return false;
    *day = clock_day(y, (unsigned)m, (unsigned)d);
    clock_date(*day, &ry, &rm, &rd);
    return rm == (unsigned)m && rd == (unsigned)d; /* 31 April has become 1 May */
}

/* The one moment at which clocks show that time; -1 where there is none, or two. */
static int from_local(int64_t local, int64_t *utc)
{
    bool winter = clock_offset(local) == 0, summer = clock_offset(local - HOUR) == HOUR;

    *utc = summer ? local - HOUR : local;
    return winter != summer ? 0 : -1;
}

int clock_parse(struct str text, int64_t *utc)
{
    int32_t day;
    int h, m, s, offset;
    size_t at = 19;

    if (!date_at_start(text, &day))
        return -1;
    if (text.n == 10) {
        *utc = (int64_t)day * DAY + 12 * HOUR;
        return 0;
    }
    h = digits(text, 11, 2);
    m = digits(text, 14, 2);
    s = text.n == 16 ? 0 : digits(text, 17, 2);
    if (h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s > 60 || !at_is(text, 13, ':') ||
        (text.n != 16 && !at_is(text, 16, ':')))
        return -1;
    if (text.p[10] != 'T' && text.p[10] != 't' && text.p[10] != ' ')
        return -1;
    if (text.n <= at)
        return from_local((int64_t)day * DAY + h * HOUR + m * 60 + s, utc);
    if (at_is(text, at, '.'))
        do
            at++;
        while (at < text.n && text.p[at] >= '0' && text.p[at] <= '9');
    if (at >= text.n || !zone(text, at, &offset))
        return -1;
    *utc = (int64_t)day * DAY + h * HOUR + m * 60 + s - offset;
    return 0;
}

void clock_format_date(int32_t day, char to[10])
{
    int year;
    unsigned month, mday;

    clock_date(day, &year, &month, &mday);
    to[0] = (char)('0' + year / 1000 % 10);
    to[1] = (char)('0' + year / 100 % 10);
    to[2] = (char)('0' + year / 10 % 10);
    to[3] = (char)('0' + year % 10);
    to[4] = to[7] = '-';
    to[5] = (char)('0' + month / 10);
    to[6] = (char)('0' + month % 10);
    to[8] = (char)('0' + mday / 10);
    to[9] = (char)('0' + mday % 10);
}
