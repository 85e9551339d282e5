/* The right refusal for each kind of request (governance 4.4), and nothing of the request in any of them. */
#include "core/page.h"

#include "../fuzz/fuzz.h"
#include "unit.h"

static const struct {
    const char *method, *target, *name, *value;
    enum form form;
} rows[] = {
    {"GET", "https://x.example/", "Sec-Fetch-Dest", "document", FORM_PAGE},
    {"POST", "https://x.example/", "Sec-Fetch-Dest", "document", FORM_PAGE},
    {"GET", "https://x.example/", "Sec-Fetch-Dest", "iframe", FORM_FRAME},
    {"GET", "https://x.example/", "Sec-Fetch-Dest", "image", FORM_IMAGE},
    {"POST", "https://x.example/", "Sec-Fetch-Dest", "empty", FORM_PROBLEM},
    {"GET", "https://x.example/", "Sec-Fetch-Dest", "script", FORM_EMPTY},
    {"GET", "https://x.example/", "Sec-Fetch-Dest", "video", FORM_EMPTY},
    {"GET", "https://x.example/", "Upgrade", "websocket", FORM_EMPTY},
    {"GET", "https://x.example/", "Sec-Purpose", "prefetch;prerender", FORM_EMPTY},
    {"GET", "https://x.example/", "X-Requested-With", "XMLHttpRequest", FORM_PROBLEM},
    {"GET", "https://x.example/", "Accept", "text/html,*/*", FORM_PAGE},
    {"GET", "https://x.example/", "Accept", "image/avif,image/webp", FORM_IMAGE},
    {"GET", "https://x.example/", "Accept", "application/json", FORM_PROBLEM},
    {"GET", "https://x.example/", "Accept", "text/event-stream", FORM_EMPTY},
    {"POST", "https://x.example/", "Content-Type", "application/json", FORM_PROBLEM},
    {"GET", "https://x.example/a.PNG", "Accept", "*/*", FORM_IMAGE},
    {"GET", "https://x.example/live.m3u8", "Accept", "*/*", FORM_EMPTY},
    {"GET", "https://x.example/", "Accept", "*/*", FORM_PAGE},
    {"CONNECT", "x.example:443", "Accept", "text/html", FORM_TUNNEL},
};

START_TEST(forms)
{
    static char storage[64 * 1024];
    struct arena arena;
    struct header header = {str_of(rows[_i].name), str_of(rows[_i].value)};
    struct request r = {.method = str_of(rows[_i].method),
                        .target = str_of(rows[_i].target),
                        .headers = &header,
                        .n_headers = 1};

    arena_init(&arena, storage, sizeof storage);
    ck_assert_int_eq(request_normalise(&r, &arena), NORMALISED);
    ck_assert_msg(page_form(&r) == rows[_i].form, "%s: %s", rows[_i].name, rows[_i].value);
}
END_TEST

static bool contains(struct str text, const char *what)
{
    struct str w = str_of(what);

    for (size_t i = 0; i + w.n <= text.n; i++)
        if (memcmp(text.p + i, w.p, w.n) == 0)
            return true;
    return false;
}

START_TEST(codes_are_crockford)
{
    const unsigned char zero[5] = {0}, ones[5] = {0xff, 0xff, 0xff, 0xff, 0xff};
    char code[CODE_SIZE];

    page_code(zero, code);
    ck_assert_mem_eq(code, "0000-0000", CODE_SIZE);
    page_code(ones, code);
    ck_assert_mem_eq(code, "ZZZZ-ZZZZ", CODE_SIZE);
}
END_TEST

START_TEST(every_hole_is_filled)
{
    static char out[64 * 1024];
    const struct artefact *a = policy_artefact(fuzz_policy());
    struct answer_body b =
        page_render(a, 0, FORM_PAGE, &(struct page_fill){.code = "K7M4-29QX"}, out, sizeof out);

    ck_assert_uint_eq(b.status, 403);
    ck_assert(contains(b.body, "K7M4-29QX"));
    ck_assert(!contains(b.body, "XXXX-XXXX"));
    ck_assert(!contains(b.body, "<script"));
    ck_assert(contains(b.body, "lang=\"en-GB\""));
}
END_TEST

START_TEST(what_does_not_fit_is_left_empty)
{
    char out[100];
    struct answer_body b = page_render(policy_artefact(fuzz_policy()), 0, FORM_PAGE,
                                       &(struct page_fill){.code = "K7M4-29QX"}, out, sizeof out);

    ck_assert_uint_eq(b.status, 403);
    ck_assert_uint_eq(b.body.n, 0);
}
END_TEST

static struct answer_body rendered(struct page_fill fill)
{
    static char out[64 * 1024];

    fill.code = "K7M4-29QX";
    return page_render(policy_artefact(fuzz_policy()), 0, FORM_PAGE, &fill, out, sizeof out);
}

/* Where the portal is and what leads there come in while a request waits; all else stays as it is. */
START_TEST(links_lead_to_the_portal_there_is)
{
    size_t without = rendered((struct page_fill){0}).body.n;
    struct answer_body b = rendered((struct page_fill){.portal = STR("p.example")});
    size_t bare = b.body.n;

    ck_assert(page_leads_to_portal(policy_artefact(fuzz_policy()), 0));
    ck_assert(!page_leads_to_portal(policy_artefact(fuzz_policy()), NO_INDEX));
    ck_assert(contains(b.body, "<p><a class=\"go\" href=\"https://p.example/continue\">Go on</a></p>\n"));
    b = rendered((struct page_fill){.portal = STR("p.example"), .token = STR("aB_-9")});
    ck_assert(contains(b.body, "href=\"https://p.example/continue?t=aB_-9\">Go on</a></p>\n"));
    ck_assert_uint_eq(b.body.n, bare + strlen("?t=aB_-9"));
    ck_assert(contains(b.body, "K7M4-29QX"));
    ck_assert(!contains(b.body, "XXXX-XXXX"));
    ck_assert(contains(b.body, "</main>\n</body>\n</html>\n"));
    b = rendered((struct page_fill){.token = STR("aB_-9")});
    ck_assert_uint_eq(b.body.n, without);
    ck_assert(!contains(b.body, "Go on"));
    ck_assert(!contains(b.body, "aB_-9"));
    ck_assert_uint_eq(bare - without,
                      strlen("<p><a class=\"go\" href=\"https://p.example/continue\">Go on</a></p>\n"));
}
END_TEST

/* What is shown late says so under its heading, and leads on to where it stands. */
START_TEST(an_owed_page_leads_on_to_its_own_address)
{
    size_t plain = rendered((struct page_fill){0}).body.n;
    struct answer_body b = rendered((struct page_fill){.owed = true});

    ck_assert(
        contains(b.body, "</h1>\n<p>This is about something that you did on this site a few minutes ago."));
    ck_assert(contains(b.body, "<a class=\"go\" href=\"\">Go on</a>"));
    ck_assert(contains(b.body, "K7M4-29QX") && !contains(b.body, "XXXX-XXXX"));
    ck_assert(contains(b.body, "</main>\n</body>\n</html>\n"));
    ck_assert_uint_gt(b.body.n, plain);
}
END_TEST

START_TEST(no_page_is_the_built_in_one)
{
    static char out[4096];
    struct answer_body b = page_render(policy_artefact(fuzz_policy()), NO_INDEX, FORM_PAGE,
                                       &(struct page_fill){.code = "K7M4-29QX"}, out, sizeof out);

    ck_assert_uint_eq(b.status, 503);
    ck_assert(contains(b.body, "K7M4-29QX"));
}
END_TEST

START_TEST(scripts_get_a_problem)
{
    static char out[4096];
    struct answer_body b = page_render(policy_artefact(fuzz_policy()), 0, FORM_PROBLEM,
                                       &(struct page_fill){.code = "K7M4-29QX"}, out, sizeof out);

    ck_assert_slice(b.media_type, "application/problem+json");
    ck_assert(contains(b.body, "\"status\":403"));
    ck_assert(contains(b.body, "\"instance\":\"K7M4-29QX\""));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("page");
    TCase *t = tcase_create("all");

    tcase_add_loop_test(t, forms, 0, sizeof rows / sizeof *rows);
    tcase_add_test(t, codes_are_crockford);
    tcase_add_test(t, every_hole_is_filled);
    tcase_add_test(t, what_does_not_fit_is_left_empty);
    tcase_add_test(t, links_lead_to_the_portal_there_is);
    tcase_add_test(t, an_owed_page_leads_on_to_its_own_address);
    tcase_add_test(t, no_page_is_the_built_in_one);
    tcase_add_test(t, scripts_get_a_problem);
    suite_add_tcase(s, t);
    return run_suite(s);
}
