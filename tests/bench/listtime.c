/* How long the category database takes to build, open and ask.
 *   listtime NAMES ASKED FILE [ARTEFACT]   NAMES: host names, one a line; ASKED: hosts that are looked up, one a line;
 *                                          FILE: the database that is made there; ARTEFACT: a policy, by which a
 *                                          request to each of the hosts is judged whole
 * Prints tab-separated: what, value, unit. */
#include "compile/lists.h"
#include "core/categories.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LISTS = 8, BATCH = 64, ROUNDS = 3 };

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

static void fail(const struct diag *d, const char *what)
{
    for (unsigned i = 0; d && i < d->n; i++)
        fprintf(stderr, "listtime: %s\n", d->messages[i].text);
    fprintf(stderr, "listtime: %s\n", what);
    exit(1);
}

static struct str whole(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY);
    void *p;

    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0)
        fail(NULL, path);
    p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (p == MAP_FAILED)
        fail(NULL, path);
    close(fd);
    return (struct str){p, (size_t)st.st_size};
}

static void gather(void *to, const struct catdb_list *list, struct str host, struct str url)
{
    (void)host, (void)url;
    *(uint32_t *)to |= list->categories;
}

static int by_number(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* One look-up is shorter than the clock's own cost: batches of them, and the median batch. */
static void ask(const struct catdb *db, struct str hosts)
{
    size_t n = 0, room = 1 << 20, hits = 0;
    struct str *list = malloc(room * sizeof *list);
    double *times = malloc((room / BATCH + 1) * sizeof *times);
    size_t batches = 0;

    while (list && hosts.n && n < room)
        list[n++] = str_cut(&hosts, '\n');
    for (int round = 0; times && round < ROUNDS; round++) {
        batches = hits = 0;
        for (size_t i = 0; i + BATCH <= n; i += BATCH) {
            double began = wall();

            for (size_t k = i; k < i + BATCH; k++) {
                uint32_t of = 0;

                catdb_ask(db, &(struct catdb_question){.host = list[k]}, gather, &of);
                hits += of != 0;
            }
            times[batches++] = (wall() - began) / BATCH;
        }
    }
    if (!batches)
        fail(NULL, "too few hosts to ask about");
    qsort(times, batches, sizeof *times, by_number);
    printf("look-up, median of batches of %d\t%.0f\tns\n", BATCH, times[batches / 2] * 1e9);
    printf("look-up, 99th percentile of batches\t%.0f\tns\n", times[batches * 99 / 100] * 1e9);
    printf("hosts looked up\t%zu\t\n", batches * BATCH);
    printf("of them listed\t%zu\t\n", hits);
    free(list);
    free(times);
}

/* Whole decisions, as the module makes them: from a request to a verdict. */
static void judge(const char *artefact, const struct categories *c, struct str hosts)
{
    struct scratch *scratch = scratch_new();
    struct policy *p = NULL;
    size_t n = 0, refused = 0;
    double began;
    struct diag d;

    diag_init(&d);
    if (!scratch || policy_map(artefact, &p, &d) != 0)
        fail(&d, artefact);
    began = wall();
    for (; hosts.n; n++) {
        struct snapshot s = {.policy = p, .categories = c};
        struct str host = str_cut(&hosts, '\n');
        char target[512];
        struct request r = {.method = STR("GET"),
                            .user = STR("user00001"),
                            .client_ip = STR("192.0.2.1"),
                            .body_whole = true,
                            .now = 1779000000};

        snprintf(target, sizeof target, "http://%.*s/", STR_ARG(host));
        r.target = str_of(target);
        refused += policy_judge(&s, NULL, &r, scratch).action == ACTION_REFUSE;
    }
    printf("decisions\t%.0f\ta second\n", (double)n / (wall() - began));
    printf("of them refused\t%zu\t\n", refused);
    policy_free(p);
    scratch_free(scratch);
}

int main(int argc, char **argv)
{
    struct lists *l = lists_new();
    struct categories *c = NULL;
    struct str names;
    struct diag d;
    double began, built, spent = cpu();
    int list[LISTS], fd;

    if ((argc != 4 && argc != 5) || !l)
        fail(NULL, "usage: listtime NAMES ASKED FILE [ARTEFACT]");
    diag_init(&d);
    for (unsigned i = 0; i < LISTS; i++) {
        char name[16];

        snprintf(name, sizeof name, "bench/%u", i);
        list[i] = lists_list(l, &(struct list_in){.name = str_of(name), .categories = 1u << CATEGORY_ADULT});
    }
    names = whole(argv[1]);
    began = wall();
    for (uint32_t i = 0; names.n; i++) {
        struct str name = str_cut(&names, '\n');

        if (name.n && lists_name(l, name, list[i % LISTS], 0) == LISTS_FULL)
            fail(NULL, "there is no room for the names");
    }
    fd = open(argv[3], O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (fd < 0 || lists_write(l, fd, 1779000000, &d) != 0)
        fail(&d, argv[3]);
    close(fd);
    built = wall() - began;
    spent = cpu() - spent;
    lists_free(l);
    began = wall();
    if (categories_map(argv[3], &c, &d) != 0)
        fail(&d, argv[3]);
    printf("names\t%u\t\n", c->db[0].header->names);
    printf("gathered and written\t%.2f\ts\n", built);
    printf("of processor time\t%.2f\ts\n", spent);
    printf("opened\t%.3f\tms\n", (wall() - began) * 1e3);
    printf("bytes a name\t%.1f\t\n", (double)c->db[0].size / c->db[0].header->names);
    printf("longest walk of a probe\t%u\tslots\n", c->db[0].header->probes);
    began = wall();
    if (lists_check(&c->db[0], &d) != 0)
        fail(&d, "the database is broken");
    printf("proven whole\t%.2f\ts\n", wall() - began);
    ask(&c->db[0], whole(argv[2]));
    if (argc == 5)
        judge(argv[4], c, whole(argv[2]));
    categories_free(c);
    return 0;
}
