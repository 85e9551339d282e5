/* The page of an inert grant names the step that is missing, each of them; and what somebody's grants are at
 * a time. The policy is tests/policies/grants. */
#include "compile/compile.h"
#include "core/match.h"
#include "core/policy.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

enum { TODAY = 20585 }; /* 2026-05-12 */
static const int64_t noon = (int64_t)TODAY * 86400 + 11 * 3600;

static struct policy *policy;
static unsigned char *bytes;
static struct scratch *scratch;

static void setup(void)
{
    const char *root = getenv("srcdir");
    char dir[512];
    struct source s;
    struct diag d;
    size_t size;

    diag_init(&d);
    snprintf(dir, sizeof dir, "%s/tests/policies/grants", root ? root : ".");
    ck_assert_msg(source_read_folder(dir, dir, NULL, &s, &d) == 0, "%s", d.messages[0].text);
    ck_assert_msg(compile_source(&s, TODAY, 0, &bytes, &size, &d) == 0, "%s", d.messages[0].text);
    source_free(&s);
    ck_assert_int_eq(policy_open_mem(bytes, size, &policy, &d), 0);
    scratch = scratch_new();
}

static void teardown(void)
{
    scratch_free(scratch);
    policy_free(policy);
    free(bytes);
}

/* The page that somebody sees who looks at the council's account. */
static struct str page_of(const char *user, int64_t now)
{
    const struct artefact *a = policy_artefact(policy);
    struct snapshot snapshot = {.policy = policy};
    struct request r = {.method = STR("GET"),
                        .target = STR("https://stage.example/TestCouncil"),
                        .user = str_of(user),
                        .now = now};
    struct verdict v = policy_judge(&snapshot, NULL, &r, scratch);

    ck_assert_msg(v.action == ACTION_REFUSE && v.page != NO_INDEX, "%s is let through", user);
    return artefact_str(a, ARTEFACT_ROWS(a, PAGES, struct a_page)[v.page].html);
}

START_TEST(a_page_names_the_missing_step)
{
    static const struct {
        const char *user, *text;
        int64_t days; /* from today */
    } steps[] = {
        {"no.approval", "Not done yet: somebody must approve it.", 0},
        {"no.second", "Not done yet: a second person must approve it.", 0},
        {"no.aup", "Not done yet: sign the policy.", 0},
        {"no.reading", "Not done yet: read the policy.", 0},
        {"untrained", "Not done yet: do the training.", 1},
    };

    ck_assert_uint_eq(sizeof steps / sizeof *steps, STEP_COUNT);
    for (unsigned i = 0; i < STEP_COUNT; i++) {
        struct str html = page_of(steps[i].user, noon + steps[i].days * 86400);
        char *page = strndup(html.p, html.n);

        ck_assert_msg(strstr(page, steps[i].text) != NULL, "%s: %s", steps[i].user, page);
        for (unsigned k = 0; k < STEP_COUNT; k++)
            ck_assert_msg(k == i || !strstr(page, steps[k].text), "%s: %s", steps[i].user, page);
        free(page);
    }
}
END_TEST

START_TEST(a_clean_up_lasts_24_hours)
{
    const struct a_meta meta = {.grant_needs = (1u << STEP_COUNT) - 1};
    const struct a_grant g = {
        .clean_from = (uint32_t)noon, .approved_day = TODAY, .second_day = TODAY, .expires_day = TODAY + 40};
    uint32_t missing;

    ck_assert_int_eq(match_grant_state(&meta, &g, TODAY, noon - 1, &missing), GRANT_STATE_NONE);
    ck_assert_int_eq(match_grant_state(&meta, &g, TODAY, noon, &missing), GRANT_STATE_LIVE);
    ck_assert_int_eq(match_grant_state(&meta, &g, TODAY + 1, noon + 86399, &missing), GRANT_STATE_LIVE);
    ck_assert_int_eq(match_grant_state(&meta, &g, TODAY + 1, noon + 86400, &missing), GRANT_STATE_EXPIRED);
    ck_assert_int_eq(match_grant_end(&meta, &g), TODAY + 2);
}
END_TEST

START_TEST(a_clean_up_may_end_sooner)
{
    const struct a_meta meta = {.grant_needs = 0};
    const struct a_grant g = {
        .clean_from = (uint32_t)noon, .approved_day = TODAY, .second_day = TODAY, .expires_day = TODAY};
    uint32_t missing;

    ck_assert_int_eq(match_grant_state(&meta, &g, TODAY, noon + 1, &missing), GRANT_STATE_LIVE);
    ck_assert_int_eq(match_grant_state(&meta, &g, TODAY + 1, noon + 43200, &missing), GRANT_STATE_EXPIRED);
    ck_assert_int_eq(match_grant_end(&meta, &g), TODAY + 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("grants");
    TCase *t = tcase_create("grants");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_page_names_the_missing_step);
    tcase_add_test(t, a_clean_up_lasts_24_hours);
    tcase_add_test(t, a_clean_up_may_end_sooner);
    suite_add_tcase(s, t);
    return run_suite(s);
}
