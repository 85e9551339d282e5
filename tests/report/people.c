#include "people.h"

#include <string.h>

const char *const habit_names[HABITS] = {"reads and clicks", "glances often", "leaves tabs open", "watches videos",
                                         "two windows",      "seldom",        "never, but other sites have parts"};

enum { FORUM, NETWORK, VIDEOS, PICTURES, JOBS };

/* How a site's clicks look to the proxy: of a hundred, so many open a page (a person's, for sure); the others are
 * calls of its script. */
static const unsigned opens_page[PEOPLE_PLATFORMS] = {95, 25, 35, 20, 55};

/* ---- chance, in whole numbers (splitmix64) ---- */

static uint64_t roll(struct simulated *p)
{
    uint64_t z = p->random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static int64_t between(struct simulated *p, int64_t least, int64_t most)
{
    return least + (int64_t)(roll(p) % (uint64_t)(most - least + 1));
}

static bool chance(struct simulated *p, unsigned percent)
{
    return roll(p) % 100 < percent;
}

/* Mostly short, sometimes long, as the times that people stay on pages are. */
static int64_t skewed(struct simulated *p, int64_t least, int64_t most)
{
    int64_t u = between(p, 0, 1000);

    return least + (most - least) * u * u / 1000000 * u / 1000;
}

/* ---- what is recorded ---- */

static void record(struct simulated *p, int64_t at, uint32_t platform, enum activity activity, enum origin origin)
{
    if (at >= 0 && at < PEOPLE_DAY && p->n < PEOPLE_USES)
        p->uses[p->n++] = (struct use){p->midnight + at, platform, activity, origin, true};
}

static void look(struct simulated *p, int64_t from, int64_t to)
{
    for (int64_t t = from < 0 ? 0 : from; t < to && t < PEOPLE_DAY; t++)
        p->truth[t] = 1;
}

/* The calls and parts that follow when a page or a view of one is opened. */
static void load(struct simulated *p, int64_t at, uint32_t platform)
{
    for (int64_t n = between(p, 1, 6); n > 0; n--)
        record(p, at + between(p, 0, 4), platform, ACTIVITY_VIEW, ORIGIN_UNKNOWN);
    for (int64_t n = between(p, 0, 5); n > 0; n--)
        record(p, at + between(p, 0, 5), platform, ACTIVITY_VIEW, ORIGIN_BACKGROUND);
}

static void open_page(struct simulated *p, int64_t at, uint32_t platform)
{
    record(p, at, platform, ACTIVITY_VIEW, ORIGIN_PERSON);
    load(p, at, platform);
}

static void click(struct simulated *p, int64_t at, uint32_t platform)
{
    if (chance(p, opens_page[platform])) {
        open_page(p, at, platform);
        return;
    }
    record(p, at, platform, ACTIVITY_VIEW, ORIGIN_UNKNOWN);
    if (chance(p, 12)) /* a like, a comment: sent, so it is a person's */
        record(p, at + 2, platform, chance(p, 70) ? ACTIVITY_REACT : ACTIVITY_COMMENT, ORIGIN_PERSON);
}

/* A tab that stays open while nobody looks: it asks by itself. */
static void leave_open(struct simulated *p, int64_t from, int64_t to, uint32_t platform)
{
    unsigned kind = (unsigned)between(p, 0, 99);
    int64_t period = kind < 8 ? between(p, 60, 600) : between(p, 20, 150);

    for (int64_t t = from + period; t < to; t += period) {
        if (kind < 8)
            open_page(p, t, platform); /* loads itself anew: as if opened */
        else if (kind < 45)
            record(p, t + between(p, -1, 1), platform, ACTIVITY_VIEW, ORIGIN_BACKGROUND);
        else if (kind < 75)
            record(p, t + between(p, 0, 1), platform, ACTIVITY_VIEW, ORIGIN_UNKNOWN);
        else if (kind < 92)
            record(p, t + between(p, 0, period - 1), platform, ACTIVITY_VIEW, ORIGIN_UNKNOWN);
    }
}

/* Reads one platform from `at` for `stay` seconds. */
static void read_site(struct simulated *p, int64_t at, int64_t stay, uint32_t platform)
{
    int64_t end = at + stay;

    look(p, at, end);
    open_page(p, at, platform);
    for (int64_t t = at + skewed(p, 4, 240); t < end; t += skewed(p, 4, 240)) {
        if (chance(p, 45))
            record(p, t, platform, ACTIVITY_VIEW, ORIGIN_UNKNOWN); /* scrolls */
        else
            click(p, t, platform);
    }
}

/* Plays a video; whoever walks away lets it play. */
static void watch(struct simulated *p, int64_t at, int64_t length)
{
    bool away = chance(p, 20);
    int64_t seen = away ? skewed(p, 20, length) : length;
    int64_t step = between(p, 4, 10);

    look(p, at, at + seen);
    open_page(p, at, VIDEOS);
    for (int64_t t = at + 1; t < at + length; t += step)
        record(p, t, VIDEOS, ACTIVITY_STREAM, ORIGIN_BACKGROUND);
    if (!away)
        for (int64_t t = at + between(p, 60, 900); t < at + length; t += between(p, 60, 1500))
            click(p, t, VIDEOS); /* looks at comments, seeks */
}

/* ---- days ---- */

static uint32_t any_site(struct simulated *p)
{
    static const uint32_t often[] = {NETWORK, NETWORK, PICTURES, FORUM, JOBS};

    return often[between(p, 0, 4)];
}

static int64_t glance(struct simulated *p, int64_t at, uint32_t platform)
{
    int64_t stay = between(p, 5, 60);

    look(p, at, at + stay);
    open_page(p, at, platform);
    if (stay > 30)
        click(p, at + stay / 2, platform);
    return at + stay;
}

static int64_t two_windows(struct simulated *p, int64_t at, int64_t end)
{
    uint32_t a = any_site(p), b = FORUM;

    open_page(p, at, a);
    for (bool second = false; at < end; second = !second) {
        int64_t stay = skewed(p, 10, 400);

        look(p, at, at + stay);
        for (int64_t t = at + between(p, 0, 8); t < at + stay; t += skewed(p, 5, 200))
            click(p, t, second ? b : a);
        at += stay;
    }
    leave_open(p, at, at + 1800, a);
    return at;
}

/* One thing that a person of that habit does at `at`; returns when it is over. */
static int64_t spend(struct simulated *p, int64_t at)
{
    uint32_t site = any_site(p);
    int64_t end;

    switch (p->habit) {
    case GLANCER:
        return glance(p, at, site);
    case VIDEO:
        end = at + skewed(p, 60, 4200);
        watch(p, at, end - at);
        return end;
    case TWO_WINDOWS:
        return two_windows(p, at, at + skewed(p, 300, 2400));
    default:
        end = at + skewed(p, 20, p->habit == SELDOM ? 600 : 3600);
        read_site(p, at, end - at, site);
        if (chance(p, p->habit == TAB_LEAVER ? 90 : 25))
            leave_open(p, end, end + between(p, 600, p->habit == TAB_LEAVER ? 30000 : 5400), site);
        return end;
    }
}

static int64_t pause_after(struct simulated *p)
{
    switch (p->habit) {
    case GLANCER:
        return skewed(p, 30, 5400);
    case SELDOM:
        return between(p, 7200, 20000);
    default:
        return skewed(p, 300, 14400);
    }
}

/* Other sites with parts of platforms in them, and machinery of browsers, all through the day's work. */
static void work_elsewhere(struct simulated *p, int64_t from, int64_t to)
{
    for (int64_t t = from; t < to; t += skewed(p, 10, 2400)) {
        for (int64_t n = between(p, 1, 5); n > 0; n--)
            record(p, t + between(p, 0, 3), (uint32_t)between(p, 0, PEOPLE_PLATFORMS - 1), ACTIVITY_VIEW, ORIGIN_EMBED);
        if (chance(p, 10))
            record(p, t, any_site(p), ACTIVITY_VIEW, ORIGIN_BACKGROUND); /* prefetched */
    }
}

void simulate(struct simulated *p, uint64_t seed, int64_t midnight)
{
    static const enum habit often[20] = {READER,     READER,     READER, READER, READER,      READER,      GLANCER,
                                         GLANCER,    TAB_LEAVER, TAB_LEAVER, TAB_LEAVER, VIDEO, VIDEO, VIDEO,
                                         TWO_WINDOWS, TWO_WINDOWS, SELDOM, SELDOM, SELDOM, NEVER};
    int64_t begin, end, t;

    p->n = 0;
    p->midnight = midnight;
    p->random = seed * UINT64_C(0x2545f4914f6cdd1d) + 1;
    memset(p->truth, 0, sizeof p->truth);
    p->habit = often[between(p, 0, 19)];
    begin = between(p, 25000, 36000);
    end = begin + between(p, 18000, 34000);
    work_elsewhere(p, begin, end);
    for (t = begin + between(p, 0, 7200); t < end && p->habit != NEVER; t += pause_after(p)) {
        if (chance(p, 3) && p->n < PEOPLE_USES) /* refused: tried, not seen */
            p->uses[p->n++] = (struct use){midnight + t - 5, any_site(p), ACTIVITY_VIEW, ORIGIN_PERSON, false};
        t = spend(p, t);
    }
}

uint32_t simulated_truth(const struct simulated *p)
{
    uint32_t n = 0;

    for (size_t i = 0; i < PEOPLE_DAY; i++)
        n += p->truth[i];
    return n;
}
