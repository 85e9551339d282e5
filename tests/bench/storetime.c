/* How fast portreeved's own work goes: events imported a second, and the standing file made anew, both by the
 * functions that it calls, on one core.
 *   storetime FOLDER [EVENTS [PEOPLE [STORE]]]   FOLDER: empty, on the disk that is meant; left as it is
 * found. STORE: a PostgreSQL (postgresql://...) in the place of a file Prints tab-separated: what, value,
 * unit. */
#include "record/spool.h"
#include "store/import.h"
#include "store/standing_write.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 15, BATCH = 20000, MIDDAY = 12 * 3600 };

static const struct seal_key key = {{1, 2, 3}};
static char spool[512], file[512], standing[512];
static unsigned people = 10000;

static void fail(const struct diag *d)
{
    for (unsigned i = 0; i < d->n; i++)
        fprintf(stderr, "storetime: %s\n", d->messages[i].text);
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

static struct str name_of(unsigned person, char to[32])
{
    return (struct str){to, (size_t)snprintf(to, 32, "user.%05u@council.example", person)};
}

/* A council's morning: people in no order, three platforms, one event in twenty refused with a page, half of
 * the others at the cost of an allowance. */
static void fill_spool(uint64_t events)
{
    static const char *const platforms[] = {"facebook", "x", "linkedin"};
    unsigned char(*pseudonyms)[PSEUDONYM_SIZE] = calloc(people, sizeof *pseudonyms);
    struct spool *s;
    struct diag d;
    uint32_t seed = 1;

    diag_init(&d);
    if (!pseudonyms || seal_init(&d) != 0 || mkdir(spool, 0700) != 0 ||
        spool_open(spool, "bench", 0, &s, &d) != 0)
        fail(&d);
    for (unsigned i = 0; i < people; i++) {
        char name[32];

        seal_pseudonym(&key, name_of(i, name), pseudonyms[i]);
    }
    for (uint64_t i = 0; i < events; i++) {
        char code[16];
        struct event e = {.time = 1778544000 + MIDDAY / 2 + (int64_t)(i * MIDDAY / 2 / events),
                          .policy = STR("3.2"),
                          .account = STR("none"),
                          .origin = ORIGIN_PERSON,
                          .has_pseudonym = true,
                          .people = PEOPLE_COUNT - 1};

        seed = seed * 1664525u + 1013904223u;
        memcpy(e.pseudonym, pseudonyms[(seed >> 8) % people], sizeof e.pseudonym);
        e.platform = str_of(platforms[i % 3]);
        e.rule = i % 2 ? STR("own-time") : STR("granted-view");
        e.action = i % 20 ? ACTION_ALLOW : ACTION_REFUSE;
        if (i % 20 == 0)
            e.code = (struct str){code, (size_t)snprintf(code, sizeof code, "%04X-%04X",
                                                         (unsigned)(i >> 16) & 0xffff, (unsigned)i & 0xffff)};
        if (spool_append(s, &e) != 0)
            fail(&d);
    }
    spool_close(s);
    free(pseudonyms);
}

static void time_import(struct store *s)
{
    static const struct spending spending = {{"own-time", 8}, {"personal", 8}};
    struct import_how how = {.spending = &spending, .n_spending = 1, .limit = BATCH};
    struct import_result r = {0};
    double began = wall(), spent = cpu(), longest = 0;
    struct diag d;

    diag_init(&d);
    do {
        double at = wall();

        if (import_spool(s, spool, &how, &r, &d) != 0)
            fail(&d);
        if (wall() - at > longest)
            longest = wall() - at;
    } while (r.more);
    printf("events imported a second\t%.0f\tof wall clock\n", (double)r.events / (wall() - began));
    printf("events imported a second\t%.0f\tof processor time\n", (double)r.events / (cpu() - spent));
    printf("longest turn of %d events\t%.0f\tms\n", BATCH, longest * 1e3);
    printf("events\t%llu\t\n", (unsigned long long)r.events);
}

static void fill_acts(struct store *s, int64_t now)
{
    struct local_time at = clock_local(now);
    enum act_result result;
    struct diag d;

    diag_init(&d);
    if (store_begin(s, &d) != 0)
        fail(&d);
    for (unsigned i = 0; i < people; i++) {
        struct act a = {.kind = FACT_ACK, .what = STR("notice/3.2"), .at = now, .from = now};
        unsigned char person[PSEUDONYM_SIZE];
        char name[32];

        a.user = name_of(i, name);
        memcpy(a.id, &i, sizeof i);
        memcpy(a.nonce, &i, sizeof i);
        seal_pseudonym(&key, a.user, person);
        if (store_act(s, &a, &result, &d) != 0 || store_minute(s, person, STR("personal"), &at, &d) != 0)
            fail(&d);
    }
    if (store_commit(s, &d) != 0)
        fail(&d);
}

static int by_value(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void time_standing(struct store *s, int64_t now)
{
    /* The dearest: everybody is known by a pseudonym and by a digest of the day, and has done something in
     * the last minutes. */
    struct standing_source from = {
        .store = s, .pseudonyms = &key, .days = &key, .n_days = 1, .now = now, .as_of = now};
    struct standing_written w = {0};
    double took[ROUNDS], used;
    struct diag d;

    diag_init(&d);
    used = cpu();
    for (int i = 0; i < ROUNDS; i++) {
        double at = wall();

        if (standing_write(&from, standing, &w, &d) != 0)
            fail(&d);
        took[i] = (wall() - at) * 1e3;
    }
    used = (cpu() - used) * 1e3 / ROUNDS;
    qsort(took, ROUNDS, sizeof *took, by_value);
    printf("standing written, median of %d\t%.1f\tms\n", ROUNDS, took[ROUNDS / 2]);
    printf("standing written, longest\t%.1f\tms\n", took[ROUNDS - 1]);
    printf("standing written, mean\t%.1f\tms of processor time\n", used);
    printf("standing: %u people, facts\t%u\t\n", people, w.facts);
    printf("standing, size\t%zu\tbytes\n", w.size);
}

static void remove_all(const char *folder, bool itself)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    char path[1024];

    while (dir && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.' && snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) > 0)
            unlink(path);
    if (dir)
        closedir(dir);
    if (itself)
        rmdir(folder);
}

int main(int argc, char **argv)
{
    uint64_t events = 500000, n = 0;
    struct stat st;
    struct store *s;
    struct diag d;

    if (argc < 2 || argc > 5 || (argc > 2 && !str_u64(str_of(argv[2]), &events)) ||
        (argc > 3 && !str_u64(str_of(argv[3]), &n)) || n > 1000000) {
        fputs("storetime FOLDER [EVENTS [PEOPLE [STORE]]]\n", stderr);
        return 2;
    }
    people = n ? (unsigned)n : people;
    snprintf(spool, sizeof spool, "%s/spool", argv[1]);
    snprintf(file, sizeof file, "%s/store", argv[1]);
    snprintf(standing, sizeof standing, "%s/standing", argv[1]);
    diag_init(&d);
    fill_spool(events ? events : 1);
    if (store_open(argc > 4 ? argv[4] : file, NULL, &s, &d) != 0)
        fail(&d);
    time_import(s);
    printf("store, bytes an event\t%.0f\t\n",
           stat(file, &st) == 0 ? (double)st.st_size / (double)events : 0.0);
    fill_acts(s, 1778544000 + MIDDAY);
    time_standing(s, 1778544000 + MIDDAY);
    store_close(s);
    remove_all(spool, true);
    remove_all(argv[1], false);
    return 0;
}
