/* A search for requests that are slow to judge, among those that Squid lets through: judgeworst ARTEFACT
 * [options] -s SEED   (1) of the search; the same seed tries the same requests, as long as they take the same
 * time -n N      (20000) requests to try while every row of every map is gone through -m N      (400) changes
 * of each of the 40 slowest -g GENES  no search: this one alone, as the search printed it, -r N (1) times
 * (for a profiler) First it makes, for each row of each map, requests of that row in every shape of
 * badrequest.c; then it changes one number or a few of the slowest ones at random and keeps what is slower.
 * What a request takes is the thread's own CPU time (what else the machine does is not in it), the least of
 * several runs. Prints the slowest of each kind and the ten slowest; the exit status is 1 when one takes
 * longer than a millisecond. */
#include "badrequest.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { KEPT = 40, SHOWN = 10, REPEATS = 5 };

#define BOUND_NS 1e6

/* What the slowness is looked for in: the slowest of each is shown as well, before it is mixed with others.
 */
#define FAMILIES(FAMILY)                                                                                     \
    FAMILY(PATH, "path of the request", 8)                                                                   \
    FAMILY(REFERER_PATH, "path of the Referer", 8)                                                           \
    FAMILY(QUERY, "query", 6)                                                                                \
    FAMILY(REFERER_QUERY, "query of the Referer", 6)                                                         \
    FAMILY(COOKIE, "cookies", 6)                                                                             \
    FAMILY(BODY, "body", 8)                                                                                  \
    FAMILY(HEADERS, "many headers", 18)                                                                      \
    FAMILY(HOST, "host", 2)

enum family {
#define FAMILY(NAME, words, shapes) NAME,
    FAMILIES(FAMILY)
#undef FAMILY
        FAMILY_COUNT
};

static const struct {
    const char *words;
    uint32_t shapes;
} families[] = {
#define FAMILY(NAME, words, shapes) {words, shapes},
    FAMILIES(FAMILY)
#undef FAMILY
};

struct find {
    struct bad_genes genes;
    double ns;
};

struct search {
    struct snapshot snapshot;
    struct scratch *scratch;
    struct bad_request *maker;
    struct find best[KEPT]; /* slowest first */
    size_t n;
    struct find of_family[FAMILY_COUNT];
    uint64_t random, tried;
};

static uint32_t next_random(struct search *s) /* xorshift64* */
{
    s->random ^= s->random >> 12;
    s->random ^= s->random << 25;
    s->random ^= s->random >> 27;
    return (uint32_t)(s->random * 2685821657736338717u >> 32);
}

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double judge_once(struct search *s, const struct request *made, struct verdict *v)
{
    struct request r = *made;
    double start = now_ns();

    *v = policy_judge(&s->snapshot, NULL, &r, s->scratch);
    return now_ns() - start;
}

/* The least of REPEATS runs; of one run where that is below `enough`. */
static double measure(struct search *s, const struct bad_genes *genes, double enough)
{
    struct request made = bad_request_make(s->maker, genes);
    struct verdict v;
    double least = judge_once(s, &made, &v);

    s->tried++;
    for (int i = 1; i < REPEATS && least > enough; i++) {
        double ns = judge_once(s, &made, &v);

        least = ns < least ? ns : least;
    }
    return least;
}

/* Two finds are of one kind when the same shapes take the time, whatever their sizes. */
static bool same_kind(const struct bad_genes *a, const struct bad_genes *b)
{
    static const enum bad_gene shapes[] = {BAD_path,     BAD_query,     BAD_referer,
                                           BAD_ref_path, BAD_ref_query, BAD_cookie};

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (a->of[shapes[i]] % bad_gene_values(shapes[i]) != b->of[shapes[i]] % bad_gene_values(shapes[i]))
            return false;
    return true;
}

static void keep(struct search *s, const struct find *f)
{
    size_t at;

    for (at = 0; at < s->n && !same_kind(&s->best[at].genes, &f->genes); at++)
        ; /* of a kind the slowest alone is kept */
    if (at < s->n ? s->best[at].ns >= f->ns : s->n == KEPT && s->best[KEPT - 1].ns >= f->ns)
        return;
    if (at == s->n)
        at = s->n < KEPT ? s->n++ : KEPT - 1;
    for (; at > 0 && s->best[at - 1].ns < f->ns; at--)
        s->best[at] = s->best[at - 1];
    s->best[at] = *f;
}

static void try(struct search *s, const struct bad_genes *genes)
{
    struct find f = {*genes, measure(s, genes, s->n == KEPT ? s->best[KEPT - 1].ns : 0)};

    keep(s, &f);
}

/* One shape of a family; what it leaves out is 0: not there. */
static struct bad_genes start(enum family family, uint32_t shape, uint32_t row)
{
    struct bad_genes g = {0};

    g.of[BAD_path_row] = g.of[BAD_query_row] = g.of[BAD_ref_row] = g.of[BAD_ref_query_row] =
        g.of[BAD_cookie_row] = g.of[BAD_body_row] = g.of[BAD_op_row] = row;
    g.of[BAD_path_size] = g.of[BAD_query_size] = 8191;
    g.of[BAD_ref_size] = g.of[BAD_ref_query_size] = g.of[BAD_cookie_size] = 65535;
    g.of[BAD_body_size] = 4096;
    g.of[BAD_body_whole] = 1;
    g.of[BAD_path] = g.of[BAD_ref_path] = 8; /* "/" */
    g.of[BAD_referer] = family == REFERER_PATH || family == REFERER_QUERY;
    switch (family) {
    case PATH:
        g.of[BAD_path] = shape;
        g.of[BAD_path_fill] = shape ? 18 + row % 6 : 0;
        g.of[BAD_path_size] = row % 2 ? 2000 : 8191; /* patterns take no more than 2,048 */
        break;
    case REFERER_PATH:
        g.of[BAD_ref_path] = shape;
        g.of[BAD_ref_fill] = shape ? 18 + row % 6 : 0;
        g.of[BAD_ref_size] = row % 4 ? 65535 : 2000;
        break;
    case QUERY:
        g.of[BAD_query] = shape + 1;
        break;
    case REFERER_QUERY:
        g.of[BAD_ref_query] = shape + 1;
        break;
    case COOKIE:
        g.of[BAD_cookie] = shape + 1;
        break;
    case BODY:
        g.of[BAD_body] = shape + 1;
        g.of[BAD_method] = 1;
        break;
    case HOST:
        g.of[BAD_labels] = shape ? 125 : row % 126;
        g.of[BAD_groups] = 1 + row % 2;
        g.of[BAD_client] = row % 3;
        break;
    default:
        g.of[BAD_headers] = 250;
        g.of[BAD_header_name] = shape;
        g.of[BAD_headers_first] = 1;
        g.of[BAD_op] = row % 4;
        break;
    }
    return g;
}

static void try_start(struct search *s, enum family family, struct bad_genes genes)
{
    double known = s->of_family[family].ns, least = s->best[KEPT - 1].ns;
    struct find f = {genes, measure(s, &genes, known < least ? known : least)};

    keep(s, &f);
    if (f.ns > known)
        s->of_family[family] = f;
}

/* Hosts of no platform as well: of lists by category there may be very many. */
static void go_through_hosts(struct search *s, uint64_t tries)
{
    uint32_t n = bad_request_hosts(s->maker),
             step = (uint32_t)(n * families[HOST].shapes / (tries ? tries : 1) + 1);

    for (uint32_t h = 0; h < n; h += step)
        for (uint32_t shape = 0; shape < families[HOST].shapes; shape++) {
            struct bad_genes g = start(HOST, shape, h);

            g.of[BAD_host] = h;
            try_start(s, HOST, g);
        }
}

/* Every row of every map in every shape of a family, or as many as `tries` allows, evenly. */
static void go_through(struct search *s, enum family family, uint64_t tries)
{
    uint32_t shapes = families[family].shapes;
    uint64_t all = 0, at = 0, step;

    for (uint32_t h = 0; h < bad_request_platform_hosts(s->maker); h++)
        all += (uint64_t)bad_request_rows(s->maker, h) * shapes;
    step = all / (tries ? tries : 1) + 1;
    while (step > 1 &&
           (step % 2 == 0 || step % 3 == 0)) /* of no divisor with the shapes: none is left out throughout */
        step++;
    for (uint32_t h = 0; h < bad_request_platform_hosts(s->maker); h++)
        for (uint32_t row = 0; row < bad_request_rows(s->maker, h); row++)
            for (uint32_t shape = 0; shape < shapes; shape++)
                if (at++ % step == 0) {
                    struct bad_genes g = start(family, shape, row);

                    g.of[BAD_host] = h;
                    try_start(s, family, g);
                }
}

static void change(struct search *s, struct bad_genes *g)
{
    uint32_t n = 1 + next_random(s) % 3;

    for (uint32_t i = 0; i < n; i++) {
        enum bad_gene which = (enum bad_gene)(next_random(s) % BAD_GENE_COUNT);

        if (which != BAD_host || next_random(s) % 4 == 0)
            g->of[which] = next_random(s) % bad_gene_values(which);
    }
}

/* Climbs from each of the slowest; crosses two of them now and then. */
static void climb(struct search *s, uint64_t changes)
{
    for (uint64_t k = 0; k < changes; k++)
        for (size_t i = 0; i < s->n; i++) {
            struct bad_genes g = s->best[i].genes;

            if (next_random(s) % 4 == 0) {
                const struct bad_genes *other = &s->best[next_random(s) % s->n].genes;

                for (int j = 0; j < BAD_GENE_COUNT; j++)
                    if (j > BAD_path_size && next_random(s) % 2) /* rows are those of one's own platform */
                        g.of[j] = other->of[j];
            } else {
                change(s, &g);
            }
            try(s, &g);
        }
}

static void print_find(struct search *s, const struct find *f)
{
    struct request made = bad_request_make(s->maker, &f->genes);
    struct verdict v;
    struct str target;
    size_t head = 0;

    judge_once(s, &made, &v);
    target = str_upto(made.target, 70);
    for (size_t i = 0; i < made.n_headers; i++)
        head += made.headers[i].name.n + made.headers[i].value.n + 4;
    printf("%8.1f us  %.*s %.*s%s\n", f->ns / 1e3, STR_ARG(made.method), STR_ARG(target),
           made.target.n > 70 ? "..." : "");
    printf("             target %zu bytes, %zu headers of %zu bytes, body %zu; %s, arena %zu of %d%s;",
           made.target.n, made.n_headers, head, made.body.n, word_of(WORDS_ACTION, v.action),
           s->scratch->arena.used, SCRATCH_ARENA, s->scratch->arena.full ? " (full)" : "");
    for (int i = 0; i < BAD_GENE_COUNT; i++)
        if (f->genes.of[i] % bad_gene_values((enum bad_gene)i))
            printf(" %s=%u", bad_gene_name((enum bad_gene)i),
                   f->genes.of[i] % bad_gene_values((enum bad_gene)i));
    printf("\n             -g ");
    for (int i = 0; i < BAD_GENE_COUNT; i++)
        printf("%s%u", i ? "," : "", f->genes.of[i] % bad_gene_values((enum bad_gene)i));
    putchar('\n');
}

static bool read_genes(const char *text, struct bad_genes *g)
{
    struct str rest = str_of(text);

    for (int i = 0; i < BAD_GENE_COUNT; i++) {
        uint64_t value;

        if (!str_u64(str_cut(&rest, ','), &value))
            return false;
        g->of[i] = (uint32_t)value;
    }
    return rest.n == 0;
}

static int finish(struct search *s)
{
    double worst;

    printf("the slowest of each kind, alone:\n");
    for (int i = 0; i < FAMILY_COUNT; i++) {
        printf("%s\n", families[i].words);
        s->of_family[i].ns = measure(s, &s->of_family[i].genes, 0);
        print_find(s, &s->of_family[i]);
    }
    printf("the slowest of all, mixed:\n");
    for (size_t i = 0; i < s->n; i++) /* once more, now that nothing else is done in between */
        s->best[i].ns = measure(s, &s->best[i].genes, 0);
    worst = 0;
    for (size_t shown = 0; shown < SHOWN && shown < s->n; shown++) {
        size_t at = shown;
        struct find f;

        for (size_t i = shown; i < s->n; i++)
            if (s->best[i].ns > s->best[at].ns)
                at = i;
        f = s->best[at];
        s->best[at] = s->best[shown];
        s->best[shown] = f;
        print_find(s, &f);
        worst = f.ns > worst ? f.ns : worst;
    }
    printf("worst of %llu requests: %.1f us (bound %.0f us)\n", (unsigned long long)s->tried, worst / 1e3,
           BOUND_NS / 1e3);
    return worst > BOUND_NS ? 1 : 0;
}

static int usage(void)
{
    fprintf(stderr, "judgeworst ARTEFACT [-s SEED] [-n TRIES] [-m CHANGES] [-g GENES [-r RUNS]]\n");
    return 2;
}

int main(int argc, char **argv)
{
    struct search *s = calloc(1, sizeof *s);
    uint64_t seed = 1, tries = 20000, changes = 400, runs = 1;
    struct find one = {0};
    bool single = false;
    struct policy *policy = NULL;
    struct diag d;
    int option, result;

    while ((option = getopt(argc, argv, "s:n:m:g:r:")) != -1) {
        uint64_t *into = option == 's' ? &seed : option == 'n' ? &tries : option == 'm' ? &changes : &runs;

        if (option == '?' ||
            (option == 'g' ? !read_genes(optarg, &one.genes) : !str_u64(str_of(optarg), into)))
            return usage();
        single |= option == 'g';
    }
    if (optind + 1 != argc || !s)
        return usage();
    diag_init(&d);
    s->scratch = scratch_new();
    if (!s->scratch || policy_map(argv[optind], &policy, &d) != 0) {
        fprintf(stderr, "judgeworst: %s\n", d.n ? d.messages[0].text : "out of memory");
        return 2;
    }
    s->snapshot.policy = policy;
    s->random = seed * 2654435769u + 1;
    s->maker = bad_request_new(policy_artefact(policy));
    if (!s->maker) {
        fprintf(stderr, "judgeworst: the policy has no platform, or there is no memory\n");
        return 2;
    }
    if (single) {
        for (uint64_t i = 0; i < runs; i++)
            one.ns = measure(s, &one.genes, 0);
        print_find(s, &one);
        result = 0;
    } else {
        for (int i = 0; i < HOST; i++)
            go_through(s, (enum family)i, tries / FAMILY_COUNT);
        go_through_hosts(s, tries / FAMILY_COUNT);
        climb(s, changes);
        result = finish(s);
    }
    bad_request_free(s->maker);
    policy_free(policy);
    scratch_free(s->scratch);
    free(s);
    return result;
}
