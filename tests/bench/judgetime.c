/* How long one judgement takes, without c-icap around it: judgetime ARTEFACT [RUNS]. For each of a few typical requests the
 * median and the 99th percentile of policy_judge, in nanoseconds (the clock's own cost, some 20 ns, included). */
#include "core/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const struct {
    const char *method, *target;
} requests[] = {
    {"GET", "https://www.gov.uk/news/2026/page-1?ref=home"},
    {"CONNECT", "www.gov.uk:443"},
    {"GET", "https://www.linkedin.com/company/council-1"},
    {"GET", "https://www.facebook.com/groups/1/"},
    {"POST", "https://www.facebook.com/api/graphql/"},
    {"POST", "https://x.com/i/api/graphql/abc/CreateTweet"},
    {"POST", "https://www.youtube.com/youtubei/v1/player?key=1"},
    {"GET", "https://static.xx.fbcdn.net/rsrc.php/a.js"},
    {"GET", "https://made20.example/somebody"},
};

static const struct header headers[] = {
    {{"User-Agent", 10}, {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36", 50}},
    {{"Accept", 6}, {"text/html,application/xhtml+xml", 31}},
    {{"Sec-Fetch-Dest", 14}, {"document", 8}},
    {{"Sec-Fetch-Mode", 14}, {"navigate", 8}},
    {{"Cookie", 6}, {"datr=aaaa; sb=bbbb; c_user=10000000; xs=cccccccc", 48}},
    {{"Referer", 7}, {"https://www.facebook.com/somebody", 33}},
    {{"X-FB-Friendly-Name", 18}, {"CometUFIFeedbackReactMutation", 29}},
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

static void measure(const struct snapshot *s, struct scratch *scratch, size_t which, double *took, size_t runs)
{
    enum action action = ACTION_ALLOW;

    for (size_t k = 0; k < runs; k++) {
        struct request r = {.method = str_of(requests[which].method), .target = str_of(requests[which].target),
                            .user = STR("user1"), .headers = headers, .n_headers = sizeof headers / sizeof *headers,
                            .client_ip = STR("127.0.0.1"), .now = 1779000000};
        double start = now_ns();

        action = policy_judge(s, NULL, &r, scratch).action;
        took[k] = now_ns() - start;
    }
    qsort(took, runs, sizeof *took, ascending);
    printf("%-7s %-52s %-7s median %5.0f ns  p99 %5.0f ns\n", requests[which].method, requests[which].target,
           word_of(WORDS_ACTION, action), took[runs / 2], took[runs * 99 / 100]);
}

int main(int argc, char **argv)
{
    uint64_t runs = 20000;
    struct snapshot s = {0};
    struct policy *policy = NULL;
    struct scratch *scratch = scratch_new();
    double *took = NULL;
    struct diag d;

    diag_init(&d);
    if (argc < 2 || (argc > 2 && (!str_u64(str_of(argv[2]), &runs) || runs < 100 || runs > 10000000)) || !scratch) {
        fprintf(stderr, "judgetime ARTEFACT [RUNS from 100 to 10000000]\n");
        return 2;
    }
    took = calloc(runs, sizeof *took);
    if (!took || policy_map(argv[1], &policy, &d) != 0) {
        fprintf(stderr, "judgetime: %s\n", d.n ? d.messages[0].text : "out of memory");
        return 2;
    }
    s.policy = policy;
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        measure(&s, scratch, i, took, runs);
    policy_free(policy);
    scratch_free(scratch);
    free(took);
    return 0;
}
