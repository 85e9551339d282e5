/* The filters that let decide.c pass over rules unread change no verdict: each request is judged with them and with
 * filters that pass over nothing. */
#include "core/policy.h"

#include "policy_fixture.h"
#include "unit.h"

static const char text[] =
    "policy \"P\" version 1 from 2026-04-01\ncouncil \"C\"\nowner \"O\"\napproved-by \"A\" on 2026-03-18\n"
    "review-due 2027-03-31\ncontact desk \"the desk\" phone \"1\"\n"
    "scope class social streaming\nscope category adult gambling\ndefault deny page default-deny because \"b\"\n"
    "unsure refuse page default-deny\nmalformed refuse page default-deny\nunavailable page unavailable\n"
    "group g0\ngroup g1\ngroup g2 \"\" shadow\n"
    "permit one\n    platform facebook\n    activity view\n    group g0\n"
    "permit two-groups\n    class social\n    group g0\n    group g1\n    activity view post\n"
    "permit not-g1\n    class streaming\n    except group g1\n"
    "forbid both-lists\n    category adult\n    category gambling\n    page inappropriate\n"
    "forbid either-list\n    category adult gambling\n    group g2\n    shadow\n"
    "forbid two-acts\n    activity post comment\n    activity comment\n    page like-not-sent\n"
    "forbid never\n    activity post\n    activity view\n    group g1\n    page sign-up\n"
    "forbid unknown-act\n    activity unknown\n    group g1\n    page not-readable\n"
    "reason known\n    except activity view\n    user known\n    page step-missing\n"
    "require notice asked\n    activity view\n    group g1\n    page notice\n";

static const char *const methods[] = {"GET", "POST", "CONNECT"};
static const char *const targets[] = {
    "https://facebook.com/AnytownCouncil", "https://facebook.com/act/post", "https://facebook.com/act/comment",
    "https://x.com/a",                     "https://youtube.com/b",         "https://casino.example/",
    "https://both.example/",               "https://adult.example/",        "https://news.example/",
    "https://teams.microsoft.com/x",       "facebook.com:443",              "casino.example:443",
};
static const char *const groups[] = {"", "g0", "g1", "g2", "g0,g1", "g0,g2", "g0,g1,g2", "other"};

static void add_category(struct builder *b, const char *host, uint32_t categories)
{
    build_host(b, str_of(host))->categories = categories;
}

static void add_activity(struct builder *b, const char *path, enum activity activity)
{
    struct a_platform *facebook = build_at(b, SECTION_PLATFORMS, 0);
    struct a_row row = {.kind = ROW_ACTIVITY, .value = activity, .path = build_str(b, str_of(path)), .regex = NO_INDEX};
    uint32_t at = build_row(b, SECTION_ROWS, &row);

    facebook->rows = (struct a_list){facebook->rows.n ? facebook->rows.at : at, facebook->rows.n + 1};
}

static unsigned char *compile_it(size_t *size)
{
    struct builder *b = fixture_new();
    unsigned char *bytes;
    struct diag d;
    char *messages;

    add_category(b, "both.example", 1u << CATEGORY_ADULT | 1u << CATEGORY_GAMBLING);
    add_category(b, "adult.example", 1u << CATEGORY_ADULT);
    add_activity(b, "/act/post", ACTIVITY_POST);
    add_activity(b, "/act/comment", ACTIVITY_COMMENT);
    messages = fixture_messages(b, "p", text);
    ck_assert_msg(!strstr(messages, "error"), "%s", messages);
    free(messages);
    diag_init(&d);
    ck_assert_int_eq(build_finish(b, &bytes, size, &d), 0);
    build_free(b);
    return bytes;
}

/* The same policy, passing over nothing. */
static unsigned char *unfiltered(const unsigned char *bytes, size_t size)
{
    unsigned char *copy = malloc(size);
    struct artefact_header *h = (struct artefact_header *)(void *)copy;

    memcpy(copy, bytes, size);
    memset(copy + h->sections[SECTION_FILTERS].at, 0xff,
           h->sections[SECTION_FILTERS].n * sizeof(struct a_filter));
    h->check = artefact_check_sum(h, size);
    return copy;
}

static struct verdict ask(const struct policy *p, struct scratch *s, const struct request *facts)
{
    struct snapshot snapshot = {.policy = p};
    struct request r = *facts;

    return policy_judge(&snapshot, NULL, &r, s);
}

static void same_verdict(struct policy *const p[2], struct scratch *s, const struct request *r)
{
    struct verdict with = ask(p[0], s, r), without = ask(p[1], s, r);

    ck_assert_msg(with.action == without.action && with.why == without.why && with.rule == without.rule &&
                      with.page == without.page && with.shadow == without.shadow && with.would == without.would &&
                      with.would_rule == without.would_rule && with.ask == without.ask && with.bump == without.bump &&
                      with.in_scope == without.in_scope,
                  "%.*s %.*s groups %zu: rule %u with filters, %u without", STR_ARG(r->method), STR_ARG(r->target),
                  r->n_groups, with.rule, without.rule);
}

START_TEST(filters_change_no_verdict)
{
    struct scratch *s = scratch_new();
    unsigned char *bytes[2];
    struct policy *p[2];
    struct diag d;
    size_t size, asked = 0;

    diag_init(&d);
    bytes[0] = compile_it(&size);
    bytes[1] = unfiltered(bytes[0], size);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(policy_open_mem(bytes[i], size, &p[i], &d), 0);
    for (size_t k = 0; k < 3 * 12 * 8 * 2 * 2; k++) {
        struct str named[4], rest = str_of(groups[k / 36 % 8]);
        struct request r = {.method = str_of(methods[k % 3]), .target = str_of(targets[k / 3 % 12]), .groups = named,
                            .user = k / 288 % 2 ? STR("ann") : STR_NONE, .has_groups = k / 576 % 2, .now = 1779000000};

        while (rest.n && r.has_groups)
            named[r.n_groups++] = str_cut(&rest, ',');
        same_verdict(p, s, &r);
        asked++;
    }
    ck_assert_uint_eq(asked, 1152);
    for (int i = 0; i < 2; i++) {
        policy_free(p[i]);
        free(bytes[i]);
    }
    scratch_free(s);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("filter");
    TCase *t = tcase_create("filter");

    tcase_add_test(t, filters_change_no_verdict);
    suite_add_tcase(s, t);
    return run_suite(s);
}
