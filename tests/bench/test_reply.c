/* The reader of ICAP answers: every answer is fed whole and byte by byte, and must come to the same
 * end. */
#include <check.h>
#include <stdlib.h>

#include "latency.h"
#include "reply.h"

#define HTML "HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\n" /* 45 bytes */
#define GET "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"            /* 35 bytes */

static const struct reply_allow all = {
    .no_content = true, .partial = true, .preview = true, .more = true};
static const struct reply_allow preview_only = {.preview = true};
static const struct reply_allow nothing = {.preview = false};

struct sample {
    const char *name;
    struct str bytes;
    struct reply_allow allow;
    enum reply_result result;
    unsigned icap, http;
    uint64_t body;
};

/* Feeds `step` bytes at a time, keeping what the reader did not take, as the client does. */
static enum reply_result feed_by(struct reply *r, struct str bytes, size_t step)
{
    size_t from = 0, to = 0, used = 0;
    enum reply_result result = REPLY_MORE;

    while (result == REPLY_MORE && to < bytes.n) {
        to = to + step < bytes.n ? to + step : bytes.n;
        result = reply_feed(r, (struct str){bytes.p + from, to - from}, &used);
        from += used;
    }
    if (result == REPLY_DONE)
        ck_assert_uint_eq(from, bytes.n);
    return result;
}

static void try_all(const struct sample *samples, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct sample *s = &samples[i];

        for (size_t step = 1; step <= s->bytes.n; step = step == 1 ? 7 : step + s->bytes.n - 7) {
            struct reply r;
            enum reply_result result;

            reply_init(&r, s->allow);
            result = feed_by(&r, s->bytes, step);
            ck_assert_msg(result == s->result, "%s by %zu: result %d, error %s", s->name, step,
                          (int)result, r.error ? r.error : "-");
            ck_assert_msg((result == REPLY_BAD) == (r.error != NULL), "%s: error text", s->name);
            if (result != REPLY_DONE)
                continue;
            ck_assert_msg(r.icap_status == s->icap, "%s: ICAP %u", s->name, r.icap_status);
            ck_assert_msg(r.http_status == s->http, "%s: HTTP %u", s->name, r.http_status);
            ck_assert_msg(r.body_bytes == s->body, "%s: body", s->name);
        }
    }
}

START_TEST(good_answers)
{
    const struct sample samples[] = {
        {"204", STR("ICAP/1.0 204 Unmodified\r\nISTag: \"x\"\r\n\r\n"), preview_only, REPLY_DONE,
         204, 0, 0},
        {"204, null-body", STR("ICAP/1.0 204 No\r\nEncapsulated: null-body=0\r\n\r\n"), all,
         REPLY_DONE, 204, 0, 0},
        {"page",
         STR("ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, res-body=45\r\n\r\n" HTML
             "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: 1\r\n\r\n"),
         nothing, REPLY_DONE, 200, 403, 5},
        {"request changed",
         STR("ICAP/1.0 200 OK\r\nencapsulated: req-hdr=0,null-body=35\r\n\r\n" GET), nothing,
         REPLY_DONE, 200, 0, 0},
        {"206, header changed",
         STR("ICAP/1.0 206 Partial\r\nEncapsulated: req-hdr=0, req-body=35\r\n\r\n" GET
             "0; use-original-body=0\r\n\r\n"),
         all, REPLY_DONE, 206, 0, 0},
        {"206, page",
         STR("ICAP/1.0 206 Partial\r\nEncapsulated: res-hdr=0, res-body=45\r\n\r\n" HTML
             "5\r\nabcde\r\n0\r\n\r\n"),
         all, REPLY_DONE, 206, 403, 5},
        {"server error", STR("ICAP/1.0 500 Error\r\nConnection: close\r\n\r\n"), all, REPLY_DONE,
         500, 0, 0},
        {"100", STR("ICAP/1.0 100 Continue\r\n\r\n"), all, REPLY_CONTINUE, 0, 0, 0},
        {"cut short",
         STR("ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, res-body=45\r\n\r\n" HTML
             "5\r\nabcde\r\n0\r\n"),
         all, REPLY_MORE, 0, 0, 0},
    };

    try_all(samples, sizeof samples / sizeof *samples);
}
END_TEST

START_TEST(bad_answers)
{
    const struct sample samples[] = {
        {"not ICAP", STR("HTTP/1.1 200 OK\r\n\r\n"), all, REPLY_BAD, 0, 0, 0},
        {"status", STR("ICAP/1.0 20 OK\r\n\r\n"), all, REPLY_BAD, 0, 0, 0},
        {"bare LF", STR("ICAP/1.0 204 OK\nA: b\r\n\r\n"), all, REPLY_BAD, 0, 0, 0},
        {"header line", STR("ICAP/1.0 204 OK\r\nno colon\r\n\r\n"), all, REPLY_BAD, 0, 0, 0},
        {"204 uninvited", STR("ICAP/1.0 204 OK\r\n\r\n"), nothing, REPLY_BAD, 0, 0, 0},
        {"100 uninvited", STR("ICAP/1.0 100 Continue\r\n\r\n"), preview_only, REPLY_BAD, 0, 0, 0},
        {"206 uninvited",
         STR("ICAP/1.0 206 P\r\nEncapsulated: req-hdr=0, null-body=35\r\n\r\n" GET), preview_only,
         REPLY_BAD, 0, 0, 0},
        {"204 with a section",
         STR("ICAP/1.0 204 N\r\nEncapsulated: req-hdr=0, null-body=9\r\n\r\n"), all, REPLY_BAD, 0,
         0, 0},
        {"200 without Encapsulated", STR("ICAP/1.0 200 OK\r\n\r\n"), all, REPLY_BAD, 0, 0, 0},
        {"no end of list", STR("ICAP/1.0 200 OK\r\nEncapsulated: req-hdr=0\r\n\r\n"), all,
         REPLY_BAD, 0, 0, 0},
        {"body of the other kind",
         STR("ICAP/1.0 200 OK\r\nEncapsulated: req-hdr=0, res-body=35\r\n\r\n"), all, REPLY_BAD, 0,
         0, 0},
        {"offset too small",
         STR("ICAP/1.0 200 OK\r\nEncapsulated: req-hdr=0, null-body=33\r\n\r\n" GET), all,
         REPLY_BAD, 0, 0, 0},
        {"offset huge",
         STR("ICAP/1.0 200 OK\r\nEncapsulated: req-hdr=0, null-body=99999999\r\n\r\n"), all,
         REPLY_BAD, 0, 0, 0},
        {"HTTP status",
         STR("ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, null-body=17\r\n\r\nHTTP/1.1 4x3 "
             "F\r\n\r\n\r\n"),
         all, REPLY_BAD, 0, 0, 0},
        {"chunk size",
         STR("ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, res-body=45\r\n\r\n" HTML
             "5x\r\nabcde\r\n0\r\n\r\n"),
         all, REPLY_BAD, 0, 0, 0},
        {"chunk longer than said",
         STR("ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, res-body=45\r\n\r\n" HTML
             "4\r\nabcde\r\n0\r\n\r\n"),
         all, REPLY_BAD, 0, 0, 0},
        {"Content-Length",
         STR("ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, res-body=45\r\n\r\n" HTML
             "6\r\nabcdef\r\n0\r\n\r\n"),
         all, REPLY_BAD, 0, 0, 0},
        {"original body in a 200",
         STR("ICAP/1.0 200 OK\r\nEncapsulated: req-hdr=0, req-body=35\r\n\r\n" GET
             "0; use-original-body=0\r\n\r\n"),
         all, REPLY_BAD, 0, 0, 0},
    };

    try_all(samples, sizeof samples / sizeof *samples);
}
END_TEST

/* A 204 that only the preview allows is no answer any more once the body was asked for. */
START_TEST(after_continue)
{
    struct reply r;
    size_t used;

    reply_init(&r, (struct reply_allow){.preview = true, .more = true});
    ck_assert_int_eq(reply_feed(&r, STR("ICAP/1.0 100 Continue\r\n\r\nI"), &used), REPLY_CONTINUE);
    ck_assert_uint_eq(used, 25);
    ck_assert_int_eq(reply_feed(&r, STR("ICAP/1.0 204 No\r\n\r\n"), &used), REPLY_BAD);
}
END_TEST

START_TEST(percentiles)
{
    static struct latency l;

    ck_assert_uint_eq(latency_percentile(&l, 990), 0);
    for (uint64_t i = 1; i <= 1000; i++)
        latency_add(&l, i * 1000);
    ck_assert_uint_ge(latency_percentile(&l, 500), 500000);
    ck_assert_uint_le(latency_percentile(&l, 500), 504000);
    ck_assert_uint_ge(latency_percentile(&l, 999), 999000);
    ck_assert_uint_le(latency_percentile(&l, 999), 1000000);
    ck_assert_uint_eq(latency_percentile(&l, 1000), 1000000);
    latency_add(&l, UINT64_MAX);
    ck_assert_uint_eq(latency_percentile(&l, 1000), UINT64_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("icapload");
    TCase *tests = tcase_create("reply");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_test(tests, good_answers);
    tcase_add_test(tests, bad_answers);
    tcase_add_test(tests, after_continue);
    tcase_add_test(tests, percentiles);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
