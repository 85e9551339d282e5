/* How long one judgement takes, without c-icap around it: judgetime ARTEFACT REQUESTS [options]
 *   -b N     (20) judgements in one measurement, all of the same request: the clock costs some 20 ns and
 *            counts in steps of some 10, so one judgement of a few hundred nanoseconds cannot be timed alone.
 *            What is told is the N-th part
 *   -r N     (9) times that the file is gone through; of each request the middle one is taken, so that what
 *            else the machine did in between does not count
 *   -c N     judges N requests, one after the other, and times none: for a profiler that counts instructions
 *   -l       a line for each request of the file
 *   -s FILE  a standing; how long its opening takes (reading and proving it, as a swap does) is told, too
 * REQUESTS is a file as icapload reads it (workload.h), with the headers that icapload sends. Prints, over
 * all requests and by what was decided: their share, the mean, the median and the 99th percentile in
 * nanoseconds.
 */
#include "core/policy.h"
#include "core/standing.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { FIELDS_MAX = 16, LINE_SIZE = 16 * 1024 };

static const struct header usual[] = {
    {{"User-Agent", 10},
     {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
      "Safari/537.36",
      111}},
    {{"Accept", 6}, {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 63}},
    {{"Accept-Encoding", 15}, {"gzip, deflate, br", 17}},
    {{"Accept-Language", 15}, {"en-GB,en;q=0.9", 14}},
};

enum { USUAL = sizeof usual / sizeof *usual };

struct item {
    char *line; /* what the slices point into */
    struct str method, target, user, body;
    struct header headers[USUAL + FIELDS_MAX];
    size_t n_headers;
};

struct items {
    struct item *of;
    size_t n, room;
};

/* What a request is put under, by the verdict. */
enum kind { ALL, OUT, ALLOWED, REFUSED, KINDS };

static const char *const kind_words[KINDS] = {"all", "out of scope", "allowed, in scope", "refused"};

struct samples {
    double *of;
    size_t n;
};

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* METHOD URL [USER] {TAB FIELD}; fields for the ICAP request and expected statuses are icapload's alone, a
 * field that begins with '~' is a body and judgetime's alone. */
static void read_line(struct item *item, struct str line)
{
    struct str head = str_cut(&line, '\t');

    item->method = str_cut(&head, ' ');
    item->target = str_cut(&head, ' ');
    item->user = str_trim(head);
    memcpy(item->headers, usual, sizeof usual);
    item->n_headers = USUAL;
    while (line.n && item->n_headers < USUAL + FIELDS_MAX) {
        struct str value = str_trim(str_cut(&line, '\t'));
        struct str name;

        if (value.n && value.p[0] == '~') {
            item->body = str_upto(str_from(value, 1), REQUEST_BODY_MAX);
            continue;
        }
        name = str_cut(&value, ':');

        if (name.n && name.p[0] != '=' && name.p[0] != '@')
            item->headers[item->n_headers++] = (struct header){name, str_trim(value)};
    }
}

static int add_line(struct items *items, struct str line)
{
    struct item *item;

    if (items->n == items->room) {
        size_t room = items->room ? 2 * items->room : 1024;
        struct item *grown = realloc(items->of, room * sizeof *grown);

        if (!grown)
            return -1;
        items->of = grown;
        items->room = room;
    }
    item = &items->of[items->n];
    *item = (struct item){.line = strndup(line.p, line.n)};
    if (!item->line)
        return -1;
    read_line(item, str_of(item->line));
    items->n++;
    return 0;
}

static int read_items(struct items *items, const char *path)
{
    static char storage[LINE_SIZE];
    FILE *file = fopen(path, "r");
    int result = 0;

    if (!file) {
        fprintf(stderr, "judgetime: %s: %s\n", path, strerror(errno));
        return -1;
    }
    while (result == 0 && fgets(storage, sizeof storage, file)) {
        struct str line = str_upto(str_of(storage), str_find(str_of(storage), '\n'));

        if (line.n && line.p[0] != '#')
            result = add_line(items, line);
    }
    fclose(file);
    if (result != 0 || items->n == 0)
        fprintf(stderr, "judgetime: %s: %s\n", path, result ? "out of memory" : "no request in it");
    return result != 0 || items->n == 0 ? -1 : 0;
}

static struct verdict judge(const struct snapshot *s, const struct item *item, struct scratch *scratch)
{
    struct request r = {.method = item->method,
                        .target = item->target,
                        .user = item->user,
                        .headers = item->headers,
                        .n_headers = item->n_headers,
                        .body = item->body,
                        .body_whole = true,
                        .client_ip = STR("192.0.2.10"),
                        .now = 1779000000};

    return policy_judge(s, NULL, &r, scratch);
}

static double measure(const struct snapshot *s, const struct item *item, struct scratch *scratch,
                      uint64_t batch)
{
    double start = now_ns();

    for (uint64_t i = 0; i < batch; i++)
        judge(s, item, scratch);
    return (now_ns() - start) / (double)batch;
}

static void print_samples(const char *words, struct samples *s, size_t of)
{
    double sum = 0;

    if (s->n == 0)
        return;
    qsort(s->of, s->n, sizeof *s->of, ascending);
    for (size_t i = 0; i < s->n; i++)
        sum += s->of[i];
    printf("%-20s share %5.1f %%  mean %6.0f ns  median %6.0f ns  p99 %6.0f ns\n", words,
           100.0 * (double)s->n / (double)of, sum / (double)s->n, s->of[s->n / 2], s->of[s->n * 99 / 100]);
}

static enum kind kind_of(const struct verdict *v)
{
    return v->action != ACTION_ALLOW ? REFUSED : v->in_scope ? ALLOWED : OUT;
}

/* rounds[] of request i stand side by side from `took`; the middle one of them. */
static double middle(double *took, uint64_t rounds)
{
    qsort(took, rounds, sizeof *took, ascending);
    return took[rounds / 2];
}

static int time_all(const struct snapshot *s, const struct items *items, struct scratch *scratch,
                    const uint64_t option[128])
{
    struct samples samples[KINDS] = {0};
    uint64_t rounds = option['r'];
    double *took = calloc(items->n * rounds, sizeof *took);
    bool memory = took != NULL;

    for (int k = 0; k < KINDS; k++)
        memory &= (samples[k].of = calloc(items->n, sizeof(double))) != NULL;
    for (uint64_t round = 0; memory && round < rounds; round++)
        for (size_t i = 0; i < items->n; i++)
            took[i * rounds + round] = measure(s, &items->of[i], scratch, option['b']);
    for (size_t i = 0; memory && i < items->n; i++) {
        struct verdict v = judge(s, &items->of[i], scratch);
        enum kind kind = kind_of(&v);
        double ns = middle(took + i * rounds, rounds);

        samples[ALL].of[samples[ALL].n++] = ns;
        samples[kind].of[samples[kind].n++] = ns;
        if (option['l'])
            printf("%8.0f ns  %-7s %.*s %.*s\n", ns, word_of(WORDS_ACTION, v.action),
                   STR_ARG(items->of[i].method), STR_ARG(str_upto(items->of[i].target, 90)));
    }
    for (int k = 0; k < KINDS; k++) {
        print_samples(kind_words[k], &samples[k], items->n);
        free(samples[k].of);
    }
    free(took);
    return memory ? 0 : -1;
}

static void count_only(const struct snapshot *s, const struct items *items, struct scratch *scratch,
                       uint64_t n)
{
    for (uint64_t i = 0; i < n; i++)
        judge(s, &items->of[i % items->n], scratch);
}

/* The middle of nine openings is told: a swap reads the file and proves it. */
static struct standing *open_standing(const char *path, struct diag *d)
{
    enum { TIMES = 9 };
    struct standing *s = NULL;
    double took[TIMES];

    for (unsigned i = 0; i < TIMES; i++) {
        double start = now_ns();

        standing_free(s);
        if (standing_map(path, &s, d) != 0)
            return NULL;
        took[i] = now_ns() - start;
    }
    qsort(took, TIMES, sizeof *took, ascending);
    printf("standing of %u facts opened in %.0f us\n", standing_all(s).n, took[TIMES / 2] / 1000);
    return s;
}

static int usage(void)
{
    fprintf(stderr, "judgetime ARTEFACT REQUESTS [-b BATCH] [-r ROUNDS] [-c COUNT] [-l] [-s STANDING]; "
                    "numbers from 1 to 10000000\n");
    return 2;
}

int main(int argc, char **argv)
{
    uint64_t option[128] = {['b'] = 20, ['r'] = 9};
    struct snapshot s = {0};
    struct policy *policy = NULL;
    struct standing *standing = NULL;
    const char *standing_path = NULL;
    struct items items = {0};
    struct scratch *scratch = scratch_new();
    struct diag d;
    int o, result = 2;

    while ((o = getopt(argc, argv, "b:r:c:ls:")) != -1) {
        if (o == 's') {
            standing_path = optarg;
            continue;
        }
        if (o == '?' ||
            (o != 'l' && (!str_u64(str_of(optarg), &option[o]) || !option[o] || option[o] > 10000000)))
            return usage();
        if (o == 'l')
            option['l'] = 1;
    }
    if (optind + 2 != argc || !scratch)
        return usage();
    diag_init(&d);
    if (policy_map(argv[optind], &policy, &d) != 0 ||
        (standing_path && !(standing = open_standing(standing_path, &d)))) {
        fprintf(stderr, "judgetime: %s\n", d.n ? d.messages[0].text : "out of memory");
    } else if (read_items(&items, argv[optind + 1]) == 0) {
        s.policy = policy;
        s.standing = standing;
        result = 0;
        if (option['c'])
            count_only(&s, &items, scratch, option['c']);
        else
            result = time_all(&s, &items, scratch, option) ? 2 : 0;
    }
    for (size_t i = 0; i < items.n; i++)
        free(items.of[i].line);
    free(items.of);
    standing_free(standing);
    policy_free(policy);
    scratch_free(scratch);
    return result;
}
