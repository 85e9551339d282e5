/* bt-1 against people whose true attention is known: how often the truth lies between low and high. The figures stand in
 * every report's annex (report/calibration.h), so they are held against those found here. Print them:
 *     PRINT_PEOPLE=1 build/gcc/test_browsing_people */
#include "report/browsing.h"
#include "report/calibration.h"

#include "../report/people.h"
#include "unit.h"

#include <stdio.h>

static struct simulated person;
static struct browsing found;

struct tally {
    unsigned n, within, above, below; /* above: the truth is above high; below: it is below low */
    int64_t low, likely, high, truth;
};

static void add(struct tally *t, const struct range *r, uint32_t truth)
{
    t->n++;
    t->above += truth > r->s[HIGH];
    t->below += truth < r->s[LOW];
    t->within += truth >= r->s[LOW] && truth <= r->s[HIGH];
    t->low += r->s[LOW];
    t->likely += r->s[LIKELY];
    t->high += r->s[HIGH];
    t->truth += truth;
}

static void print(const char *name, const struct tally *t)
{
    int64_t n = t->n ? t->n : 1;

    printf("%-34s %5u days, within %5u, below low %3u, above high %3u; minutes a day: low %lld, likely %lld, high %lld, truth %lld\n",
           name, t->n, t->within, t->below, t->above, (long long)(t->low / n / 60), (long long)(t->likely / n / 60),
           (long long)(t->high / n / 60), (long long)(t->truth / n / 60));
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

START_TEST(truth_lies_between)
{
    static int64_t errors[CALIBRATION_DAYS];
    struct tally all = {0}, habits[HABITS] = {0};
    int32_t day = 20515; /* Tuesday 3 March 2026 */
    struct browsing_input in = {.uses = person.uses, .settings = &browsing_bt1, .first = day, .last = day};
    struct calibration c;

    for (uint64_t seed = 0; seed < CALIBRATION_DAYS; seed++) {
        simulate(&person, seed, (int64_t)day * 86400);
        in.n = person.n;
        ck_assert_int_eq(browsing_estimate(&in, &found), 0);
        add(&all, &found.time, simulated_truth(&person));
        add(&habits[person.habit], &found.time, simulated_truth(&person));
        errors[seed] = ((int64_t)found.time.s[LIKELY] - (int64_t)simulated_truth(&person)) / 60;
    }
    qsort(errors, CALIBRATION_DAYS, sizeof *errors, by_size);
    c = (struct calibration){.within = all.within,
                             .below = all.below,
                             .above = all.above,
                             .truth = (int)(all.truth / all.n / 60),
                             .low = (int)(all.low / all.n / 60),
                             .likely = (int)(all.likely / all.n / 60),
                             .high = (int)(all.high / all.n / 60),
                             .error_low = (int)errors[CALIBRATION_DAYS / 20],
                             .error_high = (int)errors[CALIBRATION_DAYS - 1 - CALIBRATION_DAYS / 20]};
    if (getenv("PRINT_PEOPLE")) {
        for (unsigned h = 0; h < HABITS; h++)
            print(habit_names[h], &habits[h]);
        print("all", &all);
        printf("calibration.h: {%u, %u, %u, %d, %d, %d, %d, %d, %d}\n", c.within, c.below, c.above, c.truth, c.low, c.likely,
               c.high, c.error_low, c.error_high);
    }
    ck_assert_msg(all.within * 100 >= all.n * 95, "the truth lies within low and high on %u of %u days only", all.within, all.n);
    ck_assert_msg(memcmp(&c, &calibration, sizeof c) == 0,
                  "report/calibration.h says otherwise: PRINT_PEOPLE=1 prints what was found");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("browsing_people");
    TCase *t = tcase_create("people");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, truth_lies_between);
    suite_add_tcase(s, t);
    return run_suite(s);
}
