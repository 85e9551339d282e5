/* What the judge makes of the category database: lists, local lists before them, the policy's own before nothing. */
#include "core/categories.h"
#include "core/explain.h"

#include "compile/compile.h"
#include "lists_fixture.h"
#include "unit.h"

enum { NOW = 1779000000 };

static struct policy *policy;
static struct scratch *scratch;
static struct categories categories;
static struct snapshot snapshot;
static unsigned char *artefact, *bytes[2];
static struct diag d;

static const char council[] =
    "policy \"P\" version 1 from 2026-01-01\ncouncil \"C\"\nowner \"O\"\napproved-by \"A\" on 2026-01-01\n"
    "review-due 2030-01-01\nscope category adult gambling illegal\ndefault allow\nunavailable page shut\n"
    "unsure refuse page shut\nmalformed refuse page shut\nmust-work .own.example\n"
    "forbid listed\n    category adult gambling illegal\n    because \"It is listed.\"\n    cite \"1\"\n"
    "    page shut\n";
static const char quiet[] =
    "policy \"P\" version 1 from 2026-01-01\ncouncil \"C\"\nowner \"O\"\napproved-by \"A\" on 2026-01-01\n"
    "review-due 2030-01-01\ndefault allow\nunavailable page shut\nunsure refuse page shut\n"
    "malformed refuse page shut\nforbid one\n    host .shut.example\n    because \"So it is.\"\n    cite \"1\"\n"
    "    page shut\n";

static void compile(const char *text)
{
    static const char page[] = "status 403\ntitle \"T\"\nh1 \"H\"\np \"P\"\n";
    struct source_file files[] = {
        {STR("carriers.map"), STR("version 2026-01-01\ncarrier cache host cache.example query u\n")},
        {STR("council.policy"), str_of(text)},
        {STR("pages/shut.page"), str_of(page)},
        {STR("registers/hosts.csv"),
         STR("host,category,owner,note\n.hand.example,adult,ICT,x\n.good.example,adult,ICT,x\n")}};
    struct source s = {files, 4};
    size_t size = 0;

    diag_init(&d);
    ck_assert_msg(compile_source(&s, 20600, 0, &artefact, &size, &d) == 0, "%s", d.messages[0].text);
    ck_assert_int_eq(policy_open_mem(artefact, size, &policy, &d), 0);
    snapshot = (struct snapshot){.policy = policy, .categories = &categories};
}

static void open_lists(unsigned i, struct lists *l)
{
    size_t n = 0;

    bytes[i] = lists_bytes(l, NOW, &n, &d);
    ck_assert_ptr_nonnull(bytes[i]);
    ck_assert_int_eq(catdb_open(bytes[i], n, &categories.db[i], &d), 0);
    categories.n = i + 1;
}

static int local(struct lists *l, enum catdb_kind kind, uint32_t of, uint32_t until)
{
    return lists_list(l, &(struct list_in){.name = STR("local"),
                                           .owner = STR("Service desk"),
                                           .kind = kind,
                                           .categories = of,
                                           .until = until});
}

static void start(void)
{
    const uint32_t all = 1u << CATEGORY_ADULT | 1u << CATEGORY_GAMBLING;
    struct lists *l = lists_new();
    int adult = lists_of(l, "x/adult", CATEGORY_ADULT), illegal = lists_of(l, "council/illegal", CATEGORY_ILLEGAL);

    diag_init(&d);
    lists_name(l, STR("bad.example"), adult, 0);
    lists_name(l, STR("freed.example"), adult, 0);
    lists_name(l, STR("freed.example"), illegal, 0);
    lists_name(l, STR("worse.example"), illegal, 0);
    lists_name(l, STR("once.example"), adult, 0);
    lists_name(l, STR("own.example"), adult, 0);
    lists_url(l, STR("mixed.example"), STR("/blog"), adult);
    open_lists(0, l);
    l = lists_new();
    lists_name(l, STR("freed.example"), local(l, CATDB_ALLOWED, all, NOW + 100), 0);
    lists_name(l, STR("once.example"), local(l, CATDB_ALLOWED, all, NOW), 0);
    lists_name(l, STR("good.example"), local(l, CATDB_ALLOWED, all, 0), CATDB_EXACT);
    lists_name(l, STR("dice.example"), local(l, CATDB_DENIED, 1u << CATEGORY_GAMBLING, NOW + 100), 0);
    open_lists(1, l);
    scratch = scratch_new();
    compile(council);
}

static void end(void)
{
    policy_free(policy);
    free(artefact);
    free(bytes[0]);
    free(bytes[1]);
    scratch_free(scratch);
}

static struct verdict judge(const char *method, const char *target, int64_t now)
{
    struct request r = {.method = str_of(method), .target = str_of(target), .now = now};

    return policy_judge(&snapshot, NULL, &r, scratch);
}

static uint32_t get(const char *target)
{
    return judge("GET", target, NOW).what.categories;
}

enum { ADULT = 1 << CATEGORY_ADULT, GAMBLING = 1 << CATEGORY_GAMBLING, ILLEGAL = 1 << CATEGORY_ILLEGAL };

START_TEST(lists_are_asked)
{
    struct verdict v = judge("GET", "https://www.bad.example/x", NOW);

    ck_assert_int_eq(v.action, ACTION_REFUSE);
    ck_assert(v.in_scope);
    ck_assert_uint_eq(v.what.categories, ADULT);
    v = judge("CONNECT", "bad.example:443", NOW);
    ck_assert(v.bump); /* so that the page can be shown */
    v = judge("GET", "https://plain.example/", NOW);
    ck_assert_int_eq(v.action, ACTION_ALLOW);
    ck_assert(!v.in_scope);
    ck_assert_uint_eq(get("https://hand.example/"), ADULT); /* registers/hosts.csv */
    ck_assert_uint_eq(get("https://mixed.example/blog/1"), ADULT);
    ck_assert_uint_eq(get("https://mixed.example/news"), 0);
    ck_assert(!judge("CONNECT", "mixed.example:443", NOW).bump);
}
END_TEST

START_TEST(local_lists_come_first)
{
    ck_assert_uint_eq(get("https://freed.example/"), ILLEGAL); /* which nothing here takes off */
    ck_assert_uint_eq(judge("GET", "https://freed.example/", NOW + 100).what.categories, ADULT | ILLEGAL);
    ck_assert_uint_eq(get("https://once.example/"), ADULT); /* it has just ended */
    ck_assert_uint_eq(get("https://good.example/"), 0);     /* the policy's own list, too */
    ck_assert_uint_eq(get("https://www.good.example/"), ADULT);
    ck_assert_uint_eq(get("https://dice.example/"), GAMBLING);
    ck_assert_uint_eq(judge("GET", "https://dice.example/", NOW + 100).what.categories, 0);
}
END_TEST

START_TEST(what_must_work_works)
{
    ck_assert_int_eq(judge("GET", "https://www.own.example/", NOW).action, ACTION_ALLOW);
    ck_assert_uint_eq(get("https://own.example/"), 0);
}
END_TEST

START_TEST(pages_inside_carriers_are_asked_about)
{
    ck_assert_uint_eq(get("https://cache.example/?u=https://www.bad.example/"), ADULT);
    ck_assert_uint_eq(get("https://cache.example/?u=https://mixed.example/blog/x"), ADULT);
    ck_assert_uint_eq(get("https://cache.example/?u=https://cache.example/?u=https://worse.example/"), ILLEGAL);
    ck_assert_uint_eq(get("https://cache.example/?u=https://own.example/"), 0);
}
END_TEST

START_TEST(nothing_is_looked_up_that_no_rule_asks_for)
{
    policy_free(policy);
    free(artefact);
    compile(quiet);
    ck_assert(!policy_asks_categories(policy));
    ck_assert_uint_eq(get("https://bad.example/"), 0);
    ck_assert_uint_eq(categories_unfilled(policy, &categories), 0);
}
END_TEST

START_TEST(what_nothing_fills_is_known)
{
    ck_assert_uint_eq(categories_unfilled(policy, &categories), 0);
    categories.n = 1;
    ck_assert_uint_eq(categories_unfilled(policy, &categories), GAMBLING);
    categories.n = 0;
    ck_assert_uint_eq(categories_unfilled(policy, &categories), GAMBLING | ILLEGAL);
    ck_assert_uint_eq(categories_unfilled(policy, NULL), 0);
}
END_TEST

static bool tells(const char *target, const char *words)
{
    static char story[8192];
    struct request r = {.method = STR("GET"), .target = str_of(target), .now = NOW};
    struct verdict v = policy_judge(&snapshot, NULL, &r, scratch);
    struct text t;

    text_init(&t, story, sizeof story - 1);
    explain(&snapshot, &r, &v, &t);
    story[t.n] = '\0';
    return strstr(story, words) != NULL;
}

START_TEST(explain_names_the_list)
{
    ck_assert(tells("https://www.bad.example/", "  on the list x/adult as adult: bad.example, of 2026-02-16\n"));
    ck_assert(tells("https://mixed.example/blog/1", "  on the list x/adult as adult: mixed.example/blog, of"));
    ck_assert(tells("https://freed.example/",
                    "  taken off adult, gambling: freed.example, by Service desk, to the end of 2026-05-17\n"));
    ck_assert(tells("https://once.example/", ", by Service desk, ended on 2026-05-17\n"));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("categories");
    TCase *t = tcase_create("categories");

    tcase_add_checked_fixture(t, start, end);
    tcase_add_test(t, lists_are_asked);
    tcase_add_test(t, local_lists_come_first);
    tcase_add_test(t, what_must_work_works);
    tcase_add_test(t, pages_inside_carriers_are_asked_about);
    tcase_add_test(t, nothing_is_looked_up_that_no_rule_asks_for);
    tcase_add_test(t, what_nothing_fills_is_known);
    tcase_add_test(t, explain_names_the_list);
    suite_add_tcase(s, t);
    return run_suite(s);
}
