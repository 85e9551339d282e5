#include "year.h"

#include "core/clock.h"
#include "store/standing_write.h"

#include <stdio.h>
#include <stdlib.h>

enum { MINUTES = 1440, PLATFORMS = 44, RULES = 14, ACCOUNTS = 12, GROUPS = 9 };

/* splitmix64: the same numbers everywhere. */
static uint64_t next(struct year *y)
{
    uint64_t z = (y->state += 0x9e3779b97f4a7c15u);

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* 0 .. n-1; small ones far likelier: the product of two. */
static unsigned skewed(struct year *y, unsigned n)
{
    uint64_t a = next(y) >> 40, b = next(y) >> 40;

    return (unsigned)((a * b >> 24) * n >> 24);
}

static bool one_in(struct year *y, unsigned n)
{
    return next(y) % n == 0;
}

static unsigned day_weight(unsigned day)
{
    unsigned weekday = (day + 3) % 7; /* the first is a Thursday */

    return weekday >= 5 ? 4 : weekday == 4 ? 90 : 100;
}

/* Of a minute of the day: work, twice as much at lunch, a little in the evening. */
static unsigned minute_weight(unsigned minute)
{
    unsigned hour = minute / 60;

    return hour < 7     ? 0
           : hour < 8   ? 20
           : hour == 12 ? 100
           : hour < 17  ? 60
           : hour < 19  ? 25
           : hour < 22  ? 5
                        : 1;
}

static unsigned month_of(unsigned day)
{
    unsigned month, mday;
    int of_year;

    clock_date((int32_t)(YEAR_FIRST + day), &of_year, &month, &mday);
    return month - 1;
}

/* What a request was about and what became of it. */
static void put_verdict(struct year *y, struct event *e)
{
    static const char *const platforms[] = {"facebook",  "youtube", "x",      "linkedin",
                                            "instagram", "tiktok",  "reddit", "whatsapp"};
    static const char *const rules[RULES] = {"own-time",      "granted-view", "granted-post", "no-reactions",
                                             "council-pages", "work-sites",   "learning",     "notice",
                                             "streams",       "recruiters",   "gambling",     "adult-sites",
                                             "default",       "press-office"};
    static const char *const groups[GROUPS] = {"all-staff", "housing",         "communications",
                                               "libraries", "social-care",     "planning",
                                               "ict",       "human-resources", "councillors"};
    static char more[PLATFORMS][16], accounts[ACCOUNTS][16];
    unsigned platform = skewed(y, PLATFORMS), account = skewed(y, 40);

    if (!more[0][0])
        for (unsigned i = 0; i < PLATFORMS; i++)
            snprintf(more[i], sizeof more[i], "platform-%u", i);
    if (!accounts[0][0])
        for (unsigned i = 0; i < ACCOUNTS; i++)
            snprintf(accounts[i], sizeof accounts[i], "council-%u", i);
    e->people = PEOPLE_COUNT - 1;
    e->platform = str_of(platform < 8 ? platforms[platform] : more[platform]);
    e->rule = str_of(rules[skewed(y, RULES)]);
    e->group = str_of(groups[skewed(y, GROUPS)]);
    e->account = str_of(account < 20 ? "none" : account < 28 ? "other" : accounts[account - 28]);
    e->activity = (enum activity)skewed(y, ACTIVITY_COUNT);
    e->origin = (enum origin)skewed(y, ORIGIN_COUNT);
    e->identity = (enum identity)skewed(y, IDENTITY_COUNT);
    e->confidence = (enum confidence)skewed(y, CONFIDENCE_COUNT);
    e->action = one_in(y, 20) ? ACTION_REFUSE : one_in(y, 50) ? ACTION_ASK : ACTION_ALLOW;
    e->categories = one_in(y, 500) ? 1u << skewed(y, CATEGORY_COUNT) : 0;
    e->shadow = one_in(y, 300);
    e->would = e->shadow ? ACTION_REFUSE : ACTION_ALLOW;
    e->would_rule = e->shadow ? STR("gambling") : STR_NONE;
}

bool year_open(struct year *y, uint64_t events, unsigned people)
{
    *y = (struct year){.events = events, .people = people, .state = 1};
    y->pseudonyms = calloc((size_t)people * YEAR_MONTHS, sizeof *y->pseudonyms);
    y->verdicts = calloc(YEAR_VERDICTS, sizeof *y->verdicts);
    if (!y->pseudonyms || !y->verdicts)
        return false;
    for (unsigned i = 0; i < YEAR_VERDICTS; i++)
        put_verdict(y, &y->verdicts[i]);
    for (unsigned month = 0; month < YEAR_MONTHS; month++) {
        const struct seal_key key = {{(unsigned char)(month + 1)}};

        for (unsigned i = 0; i < people; i++) {
            char name[32];

            snprintf(name, sizeof name, "user.%05u", i);
            seal_pseudonym(&key, str_of(name), y->pseudonyms[month * people + i]);
        }
    }
    for (unsigned day = 0; day < YEAR_DAYS; day++)
        y->weight += day_weight(day);
    return true;
}

void year_close(struct year *y)
{
    free(y->pseudonyms);
    free(y->verdicts);
    *y = (struct year){0};
}

const unsigned char *year_pseudonym(const struct year *y, unsigned day, unsigned person)
{
    return y->pseudonyms[month_of(day) * y->people + person];
}

static int put_event(struct year *y, unsigned day, int64_t time, struct spool *to)
{
    struct event e = y->verdicts[skewed(y, YEAR_VERDICTS)];
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    char code[9] = "----";

    e.time = time;
    e.policy = day < YEAR_DAYS / 2 ? STR("3.2") : STR("3.3");
    e.has_place = one_in(y, 100);
    e.asn = e.has_place ? 2856 + skewed(y, 50) : 0;
    e.country = e.has_place ? 'g' << 8 | 'b' : 0;
    if (e.action != ACTION_ALLOW) {
        uint64_t bits = next(y);

        for (unsigned i = 0; i < sizeof code; i++)
            code[i] = i == 4 ? '-' : digits[bits >> 5 * i & 31];
        e.code = (struct str){code, sizeof code};
    }
    e.has_pseudonym = !one_in(y, 50);
    if (e.has_pseudonym)
        memcpy(e.pseudonym, year_pseudonym(y, day, skewed(y, y->people)), PSEUDONYM_SIZE);
    return spool_append(to, &e);
}

uint64_t year_day(struct year *y, unsigned day, struct spool *to)
{
    const int64_t midnight = local_midnight((int32_t)(YEAR_FIRST + day));
    const uint64_t n = y->events * day_weight(day) / y->weight;
    uint64_t total = 0, done = 0, weight = 0;

    y->state = 0x5eed + day; /* a day is the same by itself */
    for (unsigned minute = 0; minute < MINUTES; minute++)
        total += minute_weight(minute);
    for (unsigned minute = 0; minute < MINUTES; minute++) {
        uint64_t until = n * (weight += minute_weight(minute)) / total, first = done;

        for (; done < until; done++)
            if (put_event(y, day,
                          midnight + 60 * (int64_t)minute + (int64_t)(60 * (done - first) / (until - first)),
                          to) != 0)
                return UINT64_MAX;
    }
    return done;
}
