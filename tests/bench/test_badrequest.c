/* Whatever numbers the search for slow requests tries: what it makes is what Squid lets through, and the same
 * again from the same numbers; and the judge takes it. */
#include "badrequest.h"

#include "../fuzz/fuzz.h"
#include "../unit/unit.h"

enum { TRIES = 1500, TARGET_MOST = 8191, HEAD_MOST = 64 * 1024 };

static uint32_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

static size_t head_of(const struct request *r)
{
    size_t n = r->method.n + r->target.n + sizeof " HTTP/1.1\r\n";

    for (size_t i = 0; i < r->n_headers; i++)
        n += r->headers[i].name.n + r->headers[i].value.n + sizeof ": \r\n" - 1;
    return n;
}

static uint32_t sum_of(const struct request *r)
{
    uint32_t h = str_hash_from(str_hash(r->target), r->body);

    for (size_t i = 0; i < r->n_headers; i++)
        h = str_hash_from(str_hash_from(h, r->headers[i].name), r->headers[i].value);
    return h;
}

START_TEST(bounds)
{
    struct snapshot snapshot = {.policy = fuzz_policy()};
    struct bad_request *maker = bad_request_new(policy_artefact(snapshot.policy));
    struct scratch *scratch = scratch_new();
    size_t longest = 0, most = 0;
    uint64_t state = 1;

    ck_assert(maker && scratch);
    for (int k = 0; k < TRIES; k++) {
        struct bad_genes genes;
        struct request r;
        uint32_t sum;

        for (int i = 0; i < BAD_GENE_COUNT; i++)
            genes.of[i] = next_random(&state);
        r = bad_request_make(maker, &genes);
        sum = sum_of(&r);
        ck_assert_uint_le(r.target.n, TARGET_MOST);
        ck_assert_uint_le(r.n_headers, REQUEST_HEADERS_MAX);
        ck_assert_uint_le(r.body.n, REQUEST_BODY_MAX);
        ck_assert_uint_le(head_of(&r), HEAD_MOST);
        longest = head_of(&r) > longest ? head_of(&r) : longest;
        most = r.n_headers > most ? r.n_headers : most;
        policy_judge(&snapshot, NULL, &r, scratch);
        ck_assert(!scratch->arena.full);
        r = bad_request_make(maker, &genes);
        ck_assert_uint_eq(sum_of(&r), sum);
    }
    ck_assert_uint_gt(longest,
                      HEAD_MOST - 1024); /* it goes to the bounds, or the search would show nothing */
    ck_assert_uint_gt(most, REQUEST_HEADERS_MAX - 10);
    bad_request_free(maker);
    scratch_free(scratch);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("badrequest");
    TCase *requests = tcase_create("requests");

    tcase_set_timeout(requests, 60);
    tcase_add_test(requests, bounds);
    suite_add_tcase(suite, requests);
    return run_suite(suite);
}
