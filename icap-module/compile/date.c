#include "compile/date.h"

#include "compile/utf8.h"
#include "core/clock.h"
#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>

enum { YEAR_FIRST = 1990, YEAR_LAST = 2199, TEXT_ROOM = 64, FIELDS = 3 };

static const char *const months[] = {"january", "february", "march",     "april",   "may",      "june",
                                     "july",    "august",   "september", "october", "november", "december"};
static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};

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

static bool digits(struct str s, size_t least, size_t most, unsigned *value)
{
    uint64_t v;

    if (s.n < least || s.n > most || !str_u64(s, &v))
        return false;
    *value = (unsigned)v;
    return true;
}

const char *date_parse_iso(struct str text, uint32_t *day)
{
    struct str rest = text;
    struct str year = str_cut(&rest, '-');
    struct str month = str_cut(&rest, '-');
    unsigned y, m, d;

    if (text.n != 10 || !digits(year, 4, 4, &y) || !digits(month, 2, 2, &m) || !digits(rest, 2, 2, &d))
        return "is not a date: write it as 2026-04-01";
    return make_day(y, m, d, day);
}

/* One cell while it is read: its text in lower case, a blank for any run of them. */
struct reading {
    char bytes[TEXT_ROOM];
    struct str rest;
    char *why;
    int weekday; /* 0 = Monday; -1 = none is named */
};

static int __attribute__((format(printf, 2, 3))) no(struct reading *r, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(r->why, DATE_WHY, format, args);
    va_end(args);
    return -1;
}

static int no_date(struct reading *r)
{
    return no(r, "is not a date: write it as 2026-04-01 or 01/04/2026");
}

static bool fold(struct reading *r, struct str cell)
{
    struct text t;
    uint32_t code;
    size_t n;

    text_init(&t, r->bytes, sizeof r->bytes);
    if (cell.n >= sizeof r->bytes)
        return false;
    for (cell = utf8_trim(cell); (n = utf8_next(cell, &code)) != 0; cell = str_from(cell, n)) {
        if (utf8_ink(code) == UTF8_BLANK && t.n && r->bytes[t.n - 1] != ' ')
            text_putc(&t, ' ');
        else if (utf8_ink(code) == UTF8_INK)
            text_putc(&t, n == 1 ? ascii_lower(cell.p[0]) : '?');
    }
    r->rest = text_str(&t);
    return cell.n == 0 && r->rest.n > 0;
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static struct str take_while(struct str *rest, bool (*is)(char))
{
    struct str taken;
    size_t n = 0;

    while (n < rest->n && is(rest->p[n]))
        n++;
    taken = str_upto(*rest, n);
    *rest = str_from(*rest, n);
    return taken;
}

/* In full, or its first three letters or more: "tues", "sept". -1: none of them. */
static int name_of(struct str word, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (word.n >= 3 && word.n <= strlen(names[i]) && memcmp(word.p, names[i], word.n) == 0)
            return i;
    return -1;
}

static bool among(struct str text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(text, str_of(words[i])))
            return true;
    return false;
}

/* Words that stand where a date should. */
static bool is_word(struct reading *r)
{
    static const char *const nothing[] = {"n/a", "na", "none", "nil", "no",      "n",       "tbc",   "tba",
                                          "tbd", "-",  "--",   "?",   "unknown", "pending", "false", "."};
    static const char *const done[] = {"yes",    "y",  "x",         "true",    "done",
                                       "signed", "ok", "completed", "complete"};

    if (among(r->rest, nothing, sizeof nothing / sizeof *nothing)) {
        no(r, "is not a date: leave the cell empty until there is one");
        return true;
    }
    if (among(r->rest, done, sizeof done / sizeof *done)) {
        no(r, "is not a date: it says that it was done, not when. Write the day");
        return true;
    }
    return false;
}

/* A number alone: Excel keeps days as numbers, and shows them so when the format is lost. */
static bool is_number(struct reading *r)
{
    /* Days from 1899-12-30: Excel counts from 1 January 1900 and believes in a 29 February of that year. */
    enum { EPOCH = 25569 /* 1970-01-01 */, FIRST = 32874 /* 1990-01-01 */, LAST = 109574 /* 2199-12-31 */ };
    struct str rest = r->rest;
    struct str whole = take_while(&rest, is_digit);
    char date[11] = "";
    unsigned value;
    uint32_t day;

    if (!whole.n || (rest.n && rest.p[0] != '.') || take_while(&rest, is_digit).n)
        return false;
    if (rest.n) { /* decimals: a time of day */
        rest = str_from(rest, 1);
        take_while(&rest, is_digit);
    }
    if (rest.n)
        return false;
    if (digits(whole, 8, 8, &value) && !make_day(value / 10000, value / 100 % 100, value % 100, &day)) {
        clock_format_date((int32_t)day, date);
        no(r, "is a bare number: write it as %s", date);
    } else if (digits(whole, 5, 6, &value) && value >= FIRST && value <= LAST) {
        clock_format_date((int32_t)value - EPOCH, date);
        no(r,
           "is a bare number: it stands for %s in sheets whose count of days begins in 1900. Format the "
           "column as a date and save again, or write %s",
           date, date);
    } else {
        no(r, "is a bare number: write the date as 2026-04-01 or 01/04/2026");
    }
    return true;
}

/* "Wednesday, " in front. */
static void take_weekday(struct reading *r)
{
    struct str rest = r->rest;

    r->weekday = name_of(take_while(&rest, is_letter), weekdays, 7);
    if (r->weekday < 0)
        return;
    while (rest.n && (rest.p[0] == ',' || rest.p[0] == '.' || rest.p[0] == ' '))
        rest = str_from(rest, 1);
    r->rest = rest;
}

static bool sound_time(struct str time)
{
    static const unsigned below[] = {24, 60, 60};
    struct str fraction = time;
    unsigned value, i = 0;

    time = str_cut(&fraction, '.');
    for (; time.n && i < 3; i++)
        if (!digits(str_cut(&time, ':'), i ? 2 : 1, 2, &value) || value >= below[i])
            return false;
    return !time.n && i > 1 && (!fraction.n || digits(fraction, 1, 6, &value));
}

/* " 00:00:00" or "t00:00" behind: the day counts. */
static int take_time(struct reading *r)
{
    size_t at = str_find(r->rest, ':');

    if (at == r->rest.n)
        return 0;
    while (at > 0 && r->rest.p[at - 1] != ' ' && r->rest.p[at - 1] != 't')
        at--;
    if (at < 2 || !sound_time(str_from(r->rest, at)))
        return no(r, "has a time of day that cannot be read: write the date alone");
    r->rest = str_trim(str_upto(r->rest, at - 1));
    if (r->rest.n && r->rest.p[r->rest.n - 1] == ',')
        r->rest.n--;
    return 0;
}

/* A date has three of these. */
struct field {
    struct str text;
    unsigned value; /* of a number; of a month's name 1 to 12 */
    bool name;
    char end; /* what stands behind it: '-', '/', '.', ',', ' ', or 0 */
};

static char take_separator(struct str *rest)
{
    char c = rest->n ? rest->p[0] : '\0';

    if (c == '\0' || !strchr(" -/.,", c))
        return '\0';
    *rest = str_from(*rest, 1);
    if (c == ' ' && rest->n && strchr("-/.,", rest->p[0])) {
        c = rest->p[0];
        *rest = str_from(*rest, 1);
    }
    *rest = str_trim(*rest);
    return c;
}

/* "1", "1st", "2026", "april" */
static bool take_field(struct reading *r, struct field *f)
{
    static const char *const ordinals[] = {"st", "nd", "rd", "th"};

    *f = (struct field){.text = take_while(&r->rest, is_digit)};
    if (f->text.n) {
        struct str rest = r->rest;

        if (!digits(f->text, 1, 4, &f->value))
            return false;
        if (f->text.n <= 2 && among(take_while(&rest, is_letter), ordinals, 4))
            r->rest = rest;
    } else {
        f->text = take_while(&r->rest, is_letter);
        f->name = true;
        f->value = (unsigned)(name_of(f->text, months, 12) + 1);
    }
    f->end = take_separator(&r->rest);
    return f->text.n > 0;
}

static int make(struct reading *r, const unsigned ymd[3], uint32_t *day)
{
    const char *problem = make_day(ymd[0], ymd[1], ymd[2], day);
    int is;

    if (problem)
        return no(r, "%s", problem);
    is = (int)((*day + 3) % 7); /* 1970-01-01 was a Thursday */
    if (r->weekday >= 0 && r->weekday != is)
        return no(r, "is not a %c%s but a %c%s: which of both is right?", weekdays[r->weekday][0] - 'a' + 'A',
                  weekdays[r->weekday] + 1, weekdays[is][0] - 'a' + 'A', weekdays[is] + 1);
    return 0;
}

static unsigned full_year(const struct field *f)
{
    return f->text.n == 2 ? 2000 + f->value : f->value;
}

static int from_numbers(struct reading *r, const struct field f[FIELDS], uint32_t *day)
{
    unsigned ymd[] = {full_year(&f[2]), f[1].value, f[0].value};
    char date[11] = "";
    uint32_t swapped;

    if (f[0].end != f[1].end || f[0].end == ',' || f[1].text.n > 2)
        return no_date(r);
    if (f[0].text.n == 4 && f[2].text.n <= 2 && !f[2].name) {
        ymd[0] = f[0].value;
        ymd[2] = f[2].value;
        return make(r, ymd, day);
    }
    if (f[0].text.n > 2 || f[2].name || (f[2].text.n != 4 && f[2].text.n != 2))
        return no_date(r);
    if (f[2].text.n == 2 && (f[0].end == '-' || f[0].end == ' '))
        return no(r, "may begin with the day or with the year: write the year with four digits");
    if (ymd[1] > 12 && ymd[2] <= 12 && !make_day(ymd[0], ymd[2], ymd[1], &swapped)) {
        clock_format_date((int32_t)swapped, date);
        return no(r,
                  "looks like month/day/year: write it as %s, and look whether the other dates of the "
                  "column are month first, too",
                  date);
    }
    return make(r, ymd, day);
}

static int from_name(struct reading *r, const struct field f[FIELDS], uint32_t *day)
{
    const struct field *month = f[1].name ? &f[1] : &f[0];
    const struct field *year = &f[2], *mday = f[1].name ? &f[0] : &f[1];

    if (month == &f[1] && f[0].text.n == 4) { /* 2026-Apr-01 */
        year = &f[0];
        mday = &f[2];
    }
    if (month->value == 0)
        return no(r, "is not a date: '%.*s' is no English month", STR_ARG(month->text));
    if (mday->text.n > 2 || mday->name || year->name ||
        (year->text.n != 4 && (year->text.n != 2 || month == &f[0]))) /* "Apr 1, 2026", not "Apr-01-26" */
        return no_date(r);
    return make(r, (const unsigned[]){full_year(year), month->value, mday->value}, day);
}

int date_parse(struct str text, uint32_t *day, char why[DATE_WHY])
{
    struct reading r = {.why = why};
    struct field f[FIELDS];
    unsigned n = 0;
    uint32_t made = 0;
    int result;

    if (!fold(&r, text))
        return no_date(&r);
    if (is_word(&r) || is_number(&r))
        return -1;
    take_weekday(&r);
    if (take_time(&r))
        return -1;
    while (n < FIELDS && r.rest.n && take_field(&r, &f[n]))
        n++;
    if (r.rest.n || n == 0 || f[n - 1].end || (n < FIELDS && f[0].name && f[0].value == 0))
        return no_date(&r);
    if (n < FIELDS)
        return no(&r, "is not a whole date: write day, month and year");
    result = f[0].name || f[1].name ? from_name(&r, f, &made) : from_numbers(&r, f, &made);
    if (result == 0)
        *day = made;
    return result;
}

bool date_was_name(struct str text)
{
    struct reading r = {.weekday = -1};
    struct field f[2];

    return fold(&r, text) && take_field(&r, &f[0]) && take_field(&r, &f[1]) && !r.rest.n && !f[0].name &&
           f[0].text.n <= 2 && f[0].end == '-' && f[1].name && f[1].text.n == 3 && f[1].value > 0;
}
