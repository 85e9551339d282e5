/* bt-1: figures worked out by hand, what must hold for any input, the changes of the clocks, rounding. */
#include "core/clock.h"
#include "report/browsing.h"
#include "report/rounding.h"

#include "unit.h"

static struct browsing out;

enum { A, B };

static int64_t utc(const char *text)
{
    int64_t t = 0;

    ck_assert_msg(clock_parse(str_of(text), &t) == 0, "%s", text);
    return t;
}

/* "p0 u5 s10 S": kind and seconds after 09:00 on 3 March; upper case: on platform B. p person, u unknown, s media,
 * b background, e embed, r refused. */
static size_t script(const char *text, struct use *uses)
{
    static const char kinds[] = "pusber";
    size_t n = 0;
    int64_t nine = utc("2026-03-03T09:00:00Z");

    for (const char *at = text; *at; at++) {
        char *end, kind = (char)(*at | 0x20);
        enum origin origin = kind == 'u' ? ORIGIN_UNKNOWN : kind == 'e' ? ORIGIN_EMBED : kind == 's' || kind == 'b' ? ORIGIN_BACKGROUND : ORIGIN_PERSON;

        if (!strchr(kinds, kind))
            continue;
        uses[n++] = (struct use){nine + strtol(at + 1, &end, 10), *at == kind ? A : B, kind == 's' ? ACTIVITY_STREAM : ACTIVITY_VIEW,
                                 origin, kind != 'r'};
        at = end - 1;
    }
    return n;
}

static void estimate(struct browsing_input in)
{
    if (!in.settings)
        in.settings = &browsing_bt1;
    ck_assert_int_eq(browsing_estimate(&in, &out), 0);
}

static const struct {
    const char *script;
    uint32_t low, likely, high;
} rows[] = {
    {"", 0, 0, 0},
    {"p0", 0, 30, 60},                               /* one act: the time after the last act of a visit */
    {"p0 p40", 40, 70, 100},                         /* acts within a minute prove the time between */
    {"p0 p100", 0, 130, 160},                        /* further apart they do not */
    {"p0 p400", 0, 180 + 30, 460},                   /* a gap counts for three minutes at most */
    {"p0 p601", 0, 60, 120},                         /* two visits */
    {"p0 u300 u600 b900", 0, 30, 960},               /* what may be a person's raises the upper figure alone */
    {"u0 u60", 0, 0, 120},
    {"b0 b60 s90", 0, 0, 0},                         /* nobody was there */
    {"e0 e60 e120", 0, 0, 0},                        /* other sites' pages */
    {"p0 e60 e120", 0, 30, 60},
    {"r0", 0, 0, 0},                                 /* refused: not seen */
    {"p0 r50", 0, 50, 60},                           /* ... but the person was elsewhere by then */
    {"r0 p20", 0, 30, 60},
    {"p0 s10 s20 s30", 0, 30, 90},
    {"p0 s50 s100 s150 s200", 0, 200, 260},          /* a video without further acts: while it plays */
    {"p0 s50 s100 s150 s200 p300", 200, 200 + 30, 360}, /* a later act proves it */
    {"p0 s50 s400", 0, 50, 460},                     /* pieces too far apart are no play */
    {"p0 P20", 0, 50, 60 + 20},                      /* from one site to another: the clock once */
    {"p0 p60 p120 p180 p240 p300", 0, 30, 360},      /* as regular as a clock: it loads itself anew */
    {"p0 p60 p119 p190 p240 p333", 60 + 59 + 50, 363, 393},
};

START_TEST(by_hand)
{
    struct use uses[64];
    int32_t day = clock_day(2026, 3, 3);
    size_t n = script(rows[_i].script, uses);
    const uint32_t *s = out.time.s;

    estimate((struct browsing_input){.uses = uses, .n = n, .first = day, .last = day});
    ck_assert_msg(s[LOW] == rows[_i].low && s[LIKELY] == rows[_i].likely && s[HIGH] == rows[_i].high,
                  "'%s': %u %u %u, wanted %u %u %u", rows[_i].script, s[LOW], s[LIKELY], s[HIGH], rows[_i].low, rows[_i].likely, rows[_i].high);
}
END_TEST

/* Ten hours of media after one act, and a page left open: ten minutes are likely; background alone holds an hour. */
START_TEST(without_an_end)
{
    static struct use uses[8000];
    int32_t day = clock_day(2026, 3, 3);
    int64_t eight = utc("2026-03-03T08:00:00Z");
    size_t n = 1;

    uses[0] = (struct use){eight, A, ACTIVITY_VIEW, ORIGIN_PERSON, true};
    for (int64_t t = 10; t <= 36000; t += 10)
        uses[n++] = (struct use){eight + t, A, ACTIVITY_STREAM, ORIGIN_BACKGROUND, true};
    estimate((struct browsing_input){.uses = uses, .n = n, .first = day, .last = day});
    ck_assert_uint_eq(out.time.s[LIKELY], 600);
    ck_assert_uint_eq(out.time.s[HIGH], 36060);
    for (size_t i = 1; i < n; i++)
        uses[i].activity = ACTIVITY_VIEW;
    estimate((struct browsing_input){.uses = uses, .n = n, .first = day, .last = day});
    ck_assert_uint_eq(out.time.s[LIKELY], 30);
    ck_assert_uint_eq(out.time.s[HIGH], 3660);
}
END_TEST

START_TEST(work_and_claims)
{
    struct use uses[16];
    int32_t day = clock_day(2026, 3, 3);
    struct working_pattern pattern = {.n = 1, .windows = {{0x1f, 540, 541}}}; /* 09:00 to 09:01 */
    struct moment_span claim = {utc("2026-03-03T09:01:00Z"), utc("2026-03-03T09:02:00Z")};
    struct browsing_input in = {.uses = uses, .first = day, .last = day, .pattern = &pattern, .claims = &claim, .n_claims = 1, .edges = {540, 541}, .n_edges = 2};

    in.n = script("p0 p50 p170", uses);
    estimate(in);
    ck_assert_uint_eq(out.time.s[LIKELY], 200);
    ck_assert_uint_eq(out.work.s[LIKELY], 60);
    ck_assert_uint_eq(out.claimed, 60);
    ck_assert_uint_eq(out.days[0].bands[0], 0);
    ck_assert_uint_eq(out.days[0].bands[1], 60);
    ck_assert_uint_eq(out.days[0].bands[2], 140);
    ck_assert_uint_eq(out.days[0].hours[9], 200);
    ck_assert_uint_eq(out.platforms[A].visits, 1);
    ck_assert_uint_eq(out.platforms[A].days, 1);
    ck_assert_uint_eq(out.platforms[A].minutes, 2);
    pattern.n_off = 1;
    pattern.off[0] = day;
    estimate(in);
    ck_assert_uint_eq(out.work.s[LIKELY], 0);
    in.pattern = NULL;
    estimate(in);
    ck_assert_uint_eq(out.work.s[HIGH], 0);
}
END_TEST

/* An act every 50 seconds, all day: the day has 23, 24 and 25 hours, and no figure more than the clock. */
static const struct {
    const char *day;
    unsigned hours, at_one, at_two;
} clocks[] = {{"2026-03-03", 24, 3600, 3600}, {"2026-03-29", 23, 0, 3600}, {"2026-10-25", 25, 7200, 3600}};

START_TEST(days_of_other_lengths)
{
    static struct use uses[6000];
    int64_t noon = utc(clocks[_i].day);
    int32_t day = clock_local(noon).day;
    size_t n = 0;

    for (int64_t t = -86400; t < 86400 && n < 6000; t += 45, n++)
        uses[n] =
            (struct use){noon + t + (n % 2 ? 7 : 0), A, ACTIVITY_VIEW, ORIGIN_PERSON, true};
    estimate((struct browsing_input){.uses = uses, .n = n, .first = day, .last = day});
    for (size_t f = 0; f < BROWSING_FIGURES; f++)
        ck_assert_uint_eq(out.time.s[f], clocks[_i].hours * 3600);
    ck_assert_uint_eq(out.days[0].hours[1], clocks[_i].at_one);
    ck_assert_uint_eq(out.days[0].hours[2], clocks[_i].at_two);
}
END_TEST

static void rising(const struct range *r, uint32_t most, const char *what)
{
    ck_assert_msg(r->s[LOW] <= r->s[LIKELY] && r->s[LIKELY] <= r->s[HIGH] && r->s[HIGH] <= most, "%s: %u %u %u, at most %u", what,
                  r->s[LOW], r->s[LIKELY], r->s[HIGH], most);
}

/* For any events and settings: the figures rise, parts make the whole, nothing exceeds the clock, order is nothing. */
START_TEST(always)
{
    static struct use uses[400], turned[400];
    static struct browsing again;
    int32_t day = clock_day(2026, 3, 28);
    int64_t begin = utc("2026-03-28T00:00:00Z");
    struct working_pattern pattern = {.n = 2, .windows = {{0x7f, 500, 730}, {0x7f, 760, 1001}}};
    struct browsing_settings set = browsing_bt1;
    struct browsing_input in = {.uses = uses, .n = 400, .settings = &set, .first = day, .last = day + 1, .pattern = &pattern};
    struct range platforms = {0}, work = {0}, days = {0};
    uint64_t seed = (uint64_t)_i * 7919 + 1;

    for (size_t i = 0; i < 400; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
        uses[i] = (struct use){begin + (int64_t)(seed >> 33) % (i % 3 ? 20000 : 172800), (uint32_t)(seed >> 20) % 4,
                               (seed >> 13) % 3 ? ACTIVITY_VIEW : ACTIVITY_STREAM, (enum origin)((seed >> 16) % ORIGIN_COUNT), (seed >> 24) % 8 != 0};
        turned[399 - i] = uses[i];
    }
    set.cap = (uint32_t)(seed >> 40) % 400;
    set.gap = (uint32_t)(seed >> 30) % 1200;
    estimate(in);
    rising(&out.time, 47 * 3600, "all");
    rising(&out.work, out.time.s[HIGH], "work");
    for (size_t p = 0; p < BROWSING_PLATFORMS; p++) {
        rising(&out.platforms[p].time, 47 * 3600, "platform");
        for (size_t f = 0; f < BROWSING_FIGURES; f++) {
            platforms.s[f] += out.platforms[p].time.s[f];
            work.s[f] += out.platforms[p].work.s[f];
            ck_assert_uint_le(out.platforms[p].work.s[f], out.platforms[p].time.s[f]);
        }
    }
    for (size_t d = 0; d < out.n_days; d++) {
        uint32_t bands = 0, hours = 0;

        rising(&out.days[d].time, d ? 23 * 3600 : 86400, "day");
        for (size_t f = 0; f < BROWSING_FIGURES; f++)
            days.s[f] += out.days[d].time.s[f];
        for (size_t b = 0; b <= BROWSING_EDGES; b++)
            bands += out.days[d].bands[b];
        for (size_t h = 0; h < 24; h++)
            hours += out.days[d].hours[h];
        ck_assert_uint_eq(bands, out.days[d].time.s[LIKELY]);
        ck_assert_uint_eq(hours, out.days[d].time.s[LIKELY]);
    }
    ck_assert_mem_eq(&platforms, &out.time, sizeof platforms);
    ck_assert_mem_eq(&days, &out.time, sizeof days);
    ck_assert_mem_eq(&work, &out.work, sizeof work);
    again = out;
    in.uses = turned;
    estimate(in);
    ck_assert_mem_eq(&again, &out, sizeof out);
}
END_TEST

START_TEST(wrong_input)
{
    struct use far = {0, BROWSING_PLATFORMS, ACTIVITY_VIEW, ORIGIN_PERSON, true};
    struct browsing_input in = {.settings = &browsing_bt1, .first = 2, .last = 1};

    ck_assert_int_eq(browsing_estimate(&in, &out), -1);
    in.last = in.first + BROWSING_DAYS;
    ck_assert_int_eq(browsing_estimate(&in, &out), -1);
    in.last = in.first;
    ck_assert_int_eq(browsing_estimate(&in, &out), 0);
    in.uses = &far;
    in.n = 1;
    ck_assert_int_eq(browsing_estimate(&in, &out), -1);
}
END_TEST

/* A hundred thousand events that a machine sends at equal gaps: the run is walked once. */
START_TEST(many)
{
    size_t n = 100000;
    struct use *uses = calloc(n, sizeof *uses);
    int32_t day = clock_day(2026, 3, 2);
    int64_t begin = utc("2026-03-02T00:00:00Z");

    ck_assert_ptr_nonnull(uses);
    for (size_t i = 0; i < n; i++)
        uses[i] = (struct use){begin + (int64_t)i * 20, A, ACTIVITY_VIEW, ORIGIN_PERSON, true};
    estimate((struct browsing_input){.uses = uses, .n = n, .first = day, .last = day + 27});
    ck_assert_uint_eq(out.regular, n - 1);
    ck_assert_uint_eq(out.time.s[LIKELY], 30);
    free(uses);
}
END_TEST

START_TEST(rounding)
{
    static const uint32_t seconds[] = {140, 140, 140, 1000}, most[] = {1, 0, 1, 9}, open[] = {1, 0, 0, 3};
    uint32_t steps[4];

    ck_assert_uint_eq(rounding_steps(149), 0);
    ck_assert_uint_eq(rounding_steps(150), 1);
    ck_assert_uint_eq(rounding_steps(1420), 5);
    rounding_rows(5, seconds, most, steps, 4);
    ck_assert_uint_eq(steps[0] + steps[1] + steps[2] + steps[3], 5);
    ck_assert_uint_eq(steps[1], 0);
    rounding_rows(4, seconds, NULL, steps, 4);
    ck_assert_mem_eq(steps, open, sizeof steps);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("browsing");
    TCase *t = tcase_create("browsing");

    tcase_add_loop_test(t, by_hand, 0, sizeof rows / sizeof *rows);
    tcase_add_test(t, without_an_end);
    tcase_add_test(t, work_and_claims);
    tcase_add_loop_test(t, days_of_other_lengths, 0, 3);
    tcase_add_loop_test(t, always, 0, 200);
    tcase_add_test(t, wrong_input);
    tcase_add_test(t, many);
    tcase_add_test(t, rounding);
    suite_add_tcase(s, t);
    return run_suite(s);
}
