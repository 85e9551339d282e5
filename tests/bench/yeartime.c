/* A made-up year (year.h) through portreeved's own functions, on one core: imported week by week (a spool of
 * a whole year would not fit everywhere), read, summed up, erased. yeartime FOLDER [EVENTS [PEOPLE [STORE]]]
 * FOLDER: empty, on the disk that is meant; left with the store in it STORE: a PostgreSQL in the place of a
 * file Prints tab-separated: what, value, unit. */
#include "year.h"

#include "core/clock.h"
#include "store/import.h"
#include "store/standing_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TURN = 10000 /* events, as portreeved's */, SUBJECTS = 25, WEEK = 7, FOUR_WEEKS = 28 };

static char spool[512], file[512];

static void fail(const struct diag *d)
{
    for (unsigned i = 0; i < d->n; i++)
        fprintf(stderr, "yeartime: %s\n", d->messages[i].text);
    exit(1);
}

static double wall(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

struct took {
    double wall, cpu, longest, slowest; /* s; of one turn; events a second in the slowest week */
    uint64_t events;
};

static void import(struct store *s, unsigned first, struct took *took)
{
    static const struct spending spending = {{"own-time", 8}, {"personal", 8}};
    struct import_how how = {.spending = &spending, .n_spending = 1, .limit = TURN};
    struct import_result r = {0};
    double began = wall(), used = cpu(), week;
    struct diag d;

    diag_init(&d);
    do {
        double at = wall();

        if (import_spool(s, spool, &how, &r, &d) != 0)
            fail(&d);
        if (wall() - at > took->longest)
            took->longest = wall() - at;
    } while (r.more);
    if (store_tidy(s, local_midnight((int32_t)(YEAR_FIRST + first + WEEK)), &d) != 0)
        fail(&d);
    week = (double)r.events / (wall() - began);
    if (r.events > 10000 && (took->slowest == 0 || week < took->slowest))
        took->slowest = week;
    took->wall += wall() - began;
    took->cpu += cpu() - used;
    took->events += r.events;
}

static void fill(struct year *y, struct store *s)
{
    struct took took = {0};

    for (unsigned first = 0; first < YEAR_DAYS; first += WEEK) {
        struct spool *to = NULL;
        struct diag d;

        diag_init(&d);
        if (spool_open(spool, "year", 0, &to, &d) != 0)
            fail(&d);
        for (unsigned day = first; day < first + WEEK && day < YEAR_DAYS; day++)
            if (year_day(y, day, to) == UINT64_MAX) {
                fputs("yeartime: an event was lost: is the disk full?\n", stderr);
                exit(1);
            }
        spool_close(to);
        import(s, first, &took);
    }
    printf("events imported a second\t%.0f\tof wall clock\n", (double)took.events / took.wall);
    printf("events imported a second\t%.0f\tof processor time\n", (double)took.events / took.cpu);
    printf("the same, slowest week\t%.0f\tof wall clock\n", took.slowest);
    printf("longest turn of %d events\t%.0f\tms\n", TURN, took.longest * 1e3);
    printf("events\t%llu\t\n", (unsigned long long)took.events);
}

static void count(void *to, const struct event *e)
{
    (void)e;
    ++*(uint64_t *)to;
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* People of all degrees; the first is the one who uses most. */
static void read_subjects(const struct year *y, struct store *s)
{
    const unsigned first = 90; /* April */
    const int64_t range[] = {local_midnight((int32_t)(YEAR_FIRST + first)),
                             local_midnight((int32_t)(YEAR_FIRST + first + FOUR_WEEKS))};
    double took[SUBJECTS];
    uint64_t most = 0;
    struct diag d;

    diag_init(&d);
    for (unsigned i = 0; i < SUBJECTS; i++) {
        uint64_t n = 0;
        double at = wall();

        if (store_person_between(s, year_pseudonym(y, first, i * (y->people / SUBJECTS)), range, count, &n,
                                 &d) != 0)
            fail(&d);
        took[i] = (wall() - at) * 1e3;
        most = n > most ? n : most;
    }
    qsort(took, SUBJECTS, sizeof *took, by_value);
    printf("one subject's four weeks, median of %d\t%.1f\tms\n", SUBJECTS, took[SUBJECTS / 2]);
    printf("one subject's four weeks, longest\t%.1f\tms (most events: %llu)\n", took[SUBJECTS - 1],
           (unsigned long long)most);
}

static void sum_up(struct store *s)
{
    double longest = 0, began = wall();
    unsigned days = 0;
    bool more = true;
    struct diag d;

    diag_init(&d);
    for (; more && days < FOUR_WEEKS; days++) {
        double at = wall();

        if (store_sum_up(s, local_midnight(YEAR_FIRST + YEAR_DAYS + SUM_AFTER), &more, &d) != 0)
            fail(&d);
        if (wall() - at > longest)
            longest = wall() - at;
    }
    printf("a day summed up, mean of %u\t%.0f\tms\n", days, (wall() - began) * 1e3 / days);
    printf("a day summed up, longest\t%.0f\tms\n", longest * 1e3);
}

static void sum_events(void *to, const struct erased *e)
{
    *(uint64_t *)to += e->events;
}

/* The oldest days, as each night's retention would. */
static void erase(struct store *s)
{
    double longest = 0, began = wall();
    const int32_t days = FOUR_WEEKS;
    uint64_t events = 0;
    struct diag d;

    diag_init(&d);
    for (int32_t day = 1; day <= days; day++) {
        const struct erased what = {.day = YEAR_FIRST + day, .at = 1};
        struct erasing how = {.more = true};

        while (how.more) {
            double at = wall();

            if (store_erase(s, &what, &how, &d) != 0)
                fail(&d);
            if (wall() - at > longest)
                longest = wall() - at;
        }
    }
    began = wall() - began;
    if (store_erased(s, sum_events, &events, &d) != 0)
        fail(&d);
    printf("a day erased, mean of %d (%llu events)\t%.2f\ts\n", days,
           (unsigned long long)events / (unsigned)days, began / days);
    printf("a day erased, longest chunk\t%.0f\tms\n", longest * 1e3);
}

int main(int argc, char **argv)
{
    uint64_t events = 30000000, people = 5000;
    struct store *s = NULL;
    struct year y;
    struct stat st;
    struct diag d;

    if (argc < 2 || argc > 5 || (argc > 2 && !str_u64(str_of(argv[2]), &events)) ||
        (argc > 3 && !str_u64(str_of(argv[3]), &people)) || people < SUBJECTS || people > 1000000) {
        fputs("yeartime FOLDER [EVENTS [PEOPLE [STORE]]]\n", stderr);
        return 2;
    }
    snprintf(spool, sizeof spool, "%s/spool", argv[1]);
    snprintf(file, sizeof file, "%s/store", argv[1]);
    diag_init(&d);
    if (seal_init(&d) != 0 || mkdir(spool, 0700) != 0 || !year_open(&y, events, (unsigned)people) ||
        store_open(argc > 4 ? argv[4] : file, NULL, &s, &d) != 0)
        fail(&d);
    fill(&y, s);
    if (argc <= 4 && stat(file, &st) == 0)
        printf("store, bytes an event\t%.1f\t\n", (double)st.st_size / (double)events);
    read_subjects(&y, s);
    sum_up(s);
    erase(s);
    store_close(s);
    year_close(&y);
    rmdir(spool);
    return 0;
}
