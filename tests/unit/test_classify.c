/* What classification holds back from a request that no browser sends. Platforms' own requests are cases
 * (tests/cases). */
#include "core/policy.h"

#include "../fuzz/fuzz.h"
#include "unit.h"

#include <string.h>

/* A call of the page at `page`, with `n` bytes of query behind its address. */
static struct classification call_from(const char *method, const char *page, size_t n)
{
    static char referer[8192];
    struct header header = {STR("Referer"), {referer, strlen(page) + 1 + n}};
    struct request r = {.method = str_of(method),
                        .target = STR("https://stage.example/comments/1/add"),
                        .headers = &header,
                        .n_headers = 1,
                        .now = 1779000000};
    struct snapshot snapshot = {.policy = fuzz_policy()};
    struct scratch *s = scratch_new();
    struct verdict v;

    memset(referer, '&', sizeof referer);
    memcpy(referer, page, strlen(page));
    referer[strlen(page)] = '?';
    v = policy_judge(&snapshot, NULL, &r, s);
    scratch_free(s);
    return v.what;
}

START_TEST(a_referer_beyond_what_browsers_send_names_no_page)
{
    static const char page[] = "https://stage.example/council";
    size_t room = 4096 - sizeof page; /* '?' takes the place of the terminator */

    ck_assert_int_eq(call_from("POST", page, room).account_state, ACCOUNT_STATE_NAMED);
    ck_assert_int_eq(call_from("POST", page, room + 1).account_state, ACCOUNT_STATE_UNKNOWN);
}
END_TEST

/* It is still that site's: a part of a shared host counts as it did. */
START_TEST(its_origin_counts_all_the_same)
{
    ck_assert_uint_eq(call_from("GET", "https://stage.example/council", 5000).platform,
                      call_from("GET", "https://stage.example/council", 0).platform);
    ck_assert_int_eq(call_from("GET", "https://elsewhere.example/council", 5000).origin,
                     call_from("GET", "https://elsewhere.example/council", 0).origin);
    ck_assert_int_ne(call_from("GET", "https://elsewhere.example/council", 5000).origin,
                     call_from("GET", "https://stage.example/council", 5000).origin);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("classify");
    TCase *t = tcase_create("classify");

    tcase_add_test(t, a_referer_beyond_what_browsers_send_names_no_page);
    tcase_add_test(t, its_origin_counts_all_the_same);
    suite_add_tcase(s, t);
    return run_suite(s);
}
