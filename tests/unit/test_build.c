#include "compile/build.h"
#include "core/lookup.h"
#include "record/seal.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

struct made {
    unsigned char *bytes;
    size_t size;
    struct artefact a;
    struct diag d;
};

static struct made finish(struct builder *b)
{
    struct made m = {0};

    diag_init(&m.d);
    ck_assert_int_eq(seal_init(&m.d), 0);
    ck_assert_msg(build_finish(b, &m.bytes, &m.size, &m.d) == 0, "%s", m.d.messages[0].text);
    ck_assert_int_eq(artefact_check(m.bytes, m.size, &m.a, &m.d), 0);
    return m;
}

static uint32_t add_platform(struct builder *b, const char *id, enum class class, uint32_t flags)
{
    struct a_platform p = {.manages = NO_INDEX, .id = build_str(b, str_of(id)), .class = class, .flags = flags};

    p.rows.at = build_count(b, SECTION_ROWS);
    return build_row(b, SECTION_PLATFORMS, &p);
}

static uint32_t add_account(struct builder *b, uint32_t platform, const char *name)
{
    struct a_account account = {.name = build_str(b, str_of(name)), .platform = platform};
    struct a_alias alias = {.name = account.name, .platform = platform};

    alias.account = build_row(b, SECTION_ACCOUNTS, &account);
    build_row(b, SECTION_ALIASES, &alias);
    return alias.account;
}

static struct a_clause clause_of(struct builder *b, const char *word, uint32_t flags, uint32_t argument)
{
    const struct condition *condition = condition_by_word(str_of(word));

    ck_assert_ptr_nonnull(condition);
    return (struct a_clause){condition->number, flags, build_numbers(b, &argument, 1)};
}

/* A rule of one clause. */
static void add_rule(struct builder *b, const char *id, struct a_clause clause)
{
    struct a_rule rule = {.id = build_str(b, str_of(id)), .page = NO_INDEX, .ask = NO_INDEX};

    rule.clauses = (struct a_list){build_row(b, SECTION_CLAUSES, &clause), 1};
    build_row(b, SECTION_RULES, &rule);
}

static bool holds(const struct artefact *a, struct a_list numbers, const char *rule)
{
    for (uint32_t i = 0; i < numbers.n; i++) {
        const struct a_rule *r = &ARTEFACT_ROWS(a, RULES, struct a_rule)[artefact_numbers(a, numbers)[i]];

        if (str_eq(artefact_str(a, r->id), str_of(rule)))
            return true;
    }
    return false;
}

START_TEST(an_empty_builder_gives_a_sound_artefact)
{
    struct builder *b = build_new();
    struct made m = finish(b);
    const struct a_meta *meta = ARTEFACT_ROWS(&m.a, META, struct a_meta);

    ck_assert_uint_eq(meta->default_action, ACTION_REFUSE);
    ck_assert_uint_eq(meta->default_page, NO_INDEX);
    ck_assert(!(meta->scope_classes & (1u << CLASS_WORK_TOOL)));
    ck_assert(meta->scope_classes & (1u << CLASS_SOCIAL));
    free(m.bytes);
    build_free(b);
}
END_TEST

START_TEST(equal_strings_are_one_and_stay_where_they_are)
{
    struct builder *b = build_new();
    struct a_str first = build_str(b, STR("facebook"));
    const char *p = build_text(b, first).p;
    char word[32];

    for (int i = 0; i < 50000; i++) {
        snprintf(word, sizeof word, "a word of number %d", i);
        build_str(b, str_of(word));
    }
    ck_assert_uint_eq(build_str(b, STR("facebook")).at, first.at);
    ck_assert_uint_ne(build_str(b, STR("Facebook")).at, first.at);
    ck_assert_ptr_eq(build_text(b, first).p, p);
    ck_assert_uint_eq(build_str(b, STR_NONE).n, 0);
    ck_assert(
        str_eq(build_text(b, build_str(b, STR("a word of number 49999"))), STR("a word of number 49999")));
    build_free(b);
}
END_TEST

START_TEST(rows_are_found_by_name)
{
    struct builder *b = build_new();
    struct a_group group = {.name = build_str(b, STR("Comms")), .mode = NO_INDEX, .people = NO_INDEX};

    ck_assert_uint_eq(build_find_platform(b, STR("x")), NO_INDEX);
    ck_assert_uint_eq(add_platform(b, "facebook", CLASS_SOCIAL, 0), 0);
    ck_assert_uint_eq(add_platform(b, "x", CLASS_SOCIAL, 0), 1);
    build_row(b, SECTION_GROUPS, &group);
    ck_assert_uint_eq(build_find_platform(b, STR("x")), 1);
    ck_assert_uint_eq(build_find_platform(b, STR("X")), NO_INDEX);
    ck_assert_uint_eq(build_find_group(b, STR("comms")), 0);
    add_account(b, 0, "council");
    ck_assert_uint_eq(build_find_alias(b, 0, STR("council")), 0);
    ck_assert_uint_eq(build_find_alias(b, 1, STR("council")), NO_INDEX);
    build_free(b);
}
END_TEST

START_TEST(the_first_of_equal_names_is_found)
{
    struct builder *b = build_new();
    struct a_page page = {.name = build_str(b, STR("step-missing")), .status = 403, .step = STEP_APPROVAL};

    for (int i = 0; i < 200; i++)
        build_row(b, SECTION_PAGES, &page);
    ck_assert_uint_eq(build_find_page(b, STR("step-missing")), 0);
    build_free(b);
}
END_TEST

START_TEST(a_host_is_made_once)
{
    struct builder *b = build_new();

    build_host(b, STR("facebook.com"))->flags = HOST_SUBDOMAINS;
    build_host(b, STR("fbcdn.net"));
    ck_assert_uint_eq(build_host(b, STR("facebook.com"))->flags, HOST_SUBDOMAINS);
    ck_assert_uint_eq(build_host(b, STR("facebook.com"))->platform, NO_INDEX);
    ck_assert_uint_eq(build_count(b, SECTION_HOSTS), 2);
    build_free(b);
}
END_TEST

START_TEST(accounts_are_compared_in_one_form)
{
    struct builder *b = build_new();
    struct a_row row = {.kind = ROW_ACCOUNT, .format = build_str(b, STR("@{account}"))};
    uint32_t dots = add_platform(b, "facebook", CLASS_SOCIAL, PLATFORM_DOTS_IGNORED);
    uint32_t cases = add_platform(b, "flickr", CLASS_SOCIAL, PLATFORM_CASE_MATTERS);
    uint32_t at = add_platform(b, "youtube", CLASS_SOCIAL, 0);
    char to[64];

    build_row(b, SECTION_ROWS, &row);
    ((struct a_platform *)build_at(b, SECTION_PLATFORMS, at))->rows.n = 1;
    ck_assert(str_eq(build_canonical_account(b, dots, STR("@Havant.Borough"), to, sizeof to),
                     STR("havantborough")));
    ck_assert(str_eq(build_canonical_account(b, cases, STR("Havant.B"), to, sizeof to), STR("Havant.B")));
    ck_assert(str_eq(build_canonical_account(b, at, STR("@Havant"), to, sizeof to), STR("@havant")));
    build_free(b);
}
END_TEST

START_TEST(words_are_sorted_and_single)
{
    struct builder *b = build_new();
    const struct str words[] = {STR("watch"), STR("groups"), STR("login"), STR("groups")};
    struct a_platform p = {.manages = NO_INDEX, .id = build_str(b, STR("facebook")), .reserved = build_words(b, words, 4)};
    struct made m;

    ck_assert_uint_eq(p.reserved.n, 3);
    build_row(b, SECTION_PLATFORMS, &p);
    m = finish(b);
    p = *ARTEFACT_ROWS(&m.a, PLATFORMS, struct a_platform);
    ck_assert(lookup_word(&m.a, p.reserved, STR("groups")));
    ck_assert(lookup_word(&m.a, p.reserved, STR("watch")));
    ck_assert(!lookup_word(&m.a, p.reserved, STR("someone")));
    free(m.bytes);
    build_free(b);
}
END_TEST

START_TEST(names_and_places_are_kept)
{
    struct builder *b = build_new();
    const char *const *first, *const *names;
    size_t n;
    struct str file;
    unsigned line, column;
    char id[16];

    add_platform(b, "facebook", CLASS_SOCIAL, 0);
    first = build_names(b, SECTION_PLATFORMS, &n);
    ck_assert_uint_eq(n, 1);
    for (int i = 0; i < 100; i++) {
        snprintf(id, sizeof id, "p%d", i);
        add_platform(b, id, CLASS_SOCIAL, 0);
    }
    names = build_names(b, SECTION_PLATFORMS, &n);
    ck_assert_uint_eq(n, 101);
    ck_assert_str_eq(names[100], "p99");
    ck_assert_str_eq(first[0], "facebook");
    build_place(b, SECTION_RULES, 7, STR("council.policy"), 12, 3);
    ck_assert(!build_place_of(b, SECTION_RULES, 6, &file, &line, &column));
    ck_assert(build_place_of(b, SECTION_RULES, 7, &file, &line, &column));
    ck_assert(str_eq(file, STR("council.policy")) && line == 12 && column == 3);
    build_free(b);
}
END_TEST

/* Two statements of a policy, written in one order or the other. */
static struct made two_rules(bool turned)
{
    struct builder *b = build_new();
    struct made m;
    struct str unused = turned ? STR("looked up on the way") : STR("another");

    add_platform(b, "facebook", CLASS_SOCIAL, 0);
    build_str(b, unused);
    for (int i = 0; i < 2; i++) {
        bool first = (i == 0) != turned;
        struct a_str host = build_str(b, first ? STR("a.example") : STR("b.example"));
        uint32_t pair[] = {host.at, host.n};
        struct a_clause clause = {condition_by_word(STR("host"))->number, 0, build_numbers(b, pair, 2)};

        build_host(b, first ? STR("a.example") : STR("b.example"))->flags = HOST_MUST_WORK;
        add_rule(b, first ? "a" : "b", clause);
    }
    m = finish(b);
    build_free(b);
    return m;
}

START_TEST(the_order_of_statements_leaves_no_trace)
{
    struct made x = two_rules(false), y = two_rules(true);
    const struct a_rule *rules = ARTEFACT_ROWS(&x.a, RULES, struct a_rule);
    const struct a_clause *clauses = ARTEFACT_ROWS(&x.a, CLAUSES, struct a_clause);
    const uint32_t *args = artefact_numbers(&x.a, clauses[rules[1].clauses.at].args);

    ck_assert_uint_eq(x.size, y.size);
    ck_assert_mem_eq(x.bytes, y.bytes, x.size);
    ck_assert(str_eq(artefact_str(&x.a, rules[0].id), STR("a")));
    ck_assert(str_eq(artefact_str(&x.a, (struct a_str){args[0], args[1]}), STR("b.example")));
    free(x.bytes);
    free(y.bytes);
}
END_TEST

START_TEST(finish_can_be_called_again)
{
    struct builder *b = build_new();
    struct made x, y;

    add_platform(b, "facebook", CLASS_SOCIAL, 0);
    x = finish(b);
    y = finish(b);
    ck_assert_uint_eq(x.size, y.size);
    ck_assert_mem_eq(x.bytes, y.bytes, x.size);
    free(x.bytes);
    free(y.bytes);
    build_free(b);
}
END_TEST

START_TEST(every_row_is_in_its_table)
{
    struct builder *b = build_new();
    char name[32];
    struct made m;

    add_platform(b, "facebook", CLASS_SOCIAL, 0);
    add_platform(b, "x", CLASS_SOCIAL, 0);
    for (int i = 4999; i >= 0; i--) {
        struct a_member member = {.people = PEOPLE_EMPLOYEE};

        snprintf(name, sizeof name, "n%d.example", i);
        build_host(b, str_of(name))->categories = 1;
        member.user = build_str(b, str_of(name));
        build_row(b, SECTION_MEMBERS, &member);
        add_account(b, (uint32_t)i % 2, name);
    }
    m = finish(b);
    for (int i = 0; i < 5000; i++) {
        uint32_t account;

        snprintf(name, sizeof name, "n%d.example", i);
        ck_assert_uint_eq(lookup_host(&m.a, str_of(name)).categories, 1);
        ck_assert_ptr_nonnull(lookup_member(&m.a, str_of(name)));
        account = lookup_account(&m.a, (uint32_t)i % 2, str_of(name));
        ck_assert_uint_lt(account, m.a.n[SECTION_ACCOUNTS]);
        ck_assert(str_eq(artefact_str(&m.a, ARTEFACT_ROWS(&m.a, ACCOUNTS, struct a_account)[account].name),
                         str_of(name)));
        ck_assert_uint_eq(lookup_account(&m.a, 1 - (uint32_t)i % 2, str_of(name)), NO_INDEX);
    }
    free(m.bytes);
    build_free(b);
}
END_TEST

static void add_grant(struct builder *b, const char *user, uint32_t group, uint32_t expires)
{
    uint32_t platform = 0;
    struct a_grant grant = {
        .user = build_str(b, str_of(user)), .group = group, .within = NO_INDEX, .expires_day = expires};

    grant.platforms = build_numbers(b, &platform, 1);
    build_row(b, SECTION_GRANTS, &grant);
}

START_TEST(grants_of_one_subject_stand_together)
{
    struct builder *b = build_new();
    struct made m;
    struct a_list run;

    add_platform(b, "facebook", CLASS_SOCIAL, 0);
    for (int i = 0; i < 3; i++) {
        struct a_group group = {
            .name = build_str(b, (struct str){&"abc"[i], 1}), .mode = NO_INDEX, .people = NO_INDEX};

        build_row(b, SECTION_GROUPS, &group);
    }
    add_grant(b, "zoe", NO_INDEX, 1);
    add_grant(b, "", 2, 2);
    add_grant(b, "ann", NO_INDEX, 3);
    add_grant(b, "", 0, 4);
    add_grant(b, "zoe", NO_INDEX, 5);
    add_grant(b, "", 2, 6);
    m = finish(b);
    run = lookup_user_grants(&m.a, STR("zoe"));
    ck_assert_uint_eq(run.n, 2);
    ck_assert_uint_eq(ARTEFACT_ROWS(&m.a, GRANTS, struct a_grant)[run.at].expires_day, 1);
    ck_assert_uint_eq(ARTEFACT_ROWS(&m.a, GRANTS, struct a_grant)[run.at + 1].expires_day, 5);
    ck_assert_uint_eq(lookup_user_grants(&m.a, STR("ann")).n, 1);
    ck_assert_uint_eq(lookup_user_grants(&m.a, STR("bob")).n, 0);
    ck_assert_uint_eq(lookup_group_grants(&m.a, 2).n, 2);
    ck_assert_uint_eq(lookup_group_grants(&m.a, 0).n, 1);
    ck_assert_uint_eq(lookup_group_grants(&m.a, 1).n, 0);
    free(m.bytes);
    build_free(b);
}
END_TEST

START_TEST(candidates_are_the_rules_that_can_match)
{
    struct builder *b = build_new();
    const struct a_platform *p;
    struct a_list none;
    struct made m;

    add_platform(b, "facebook", CLASS_SOCIAL, 0);
    add_platform(b, "iplayer", CLASS_STREAMING, PLATFORM_BROADCAST_ONLY);
    add_rule(b, "on-facebook", clause_of(b, "platform", 0, 0));
    add_rule(b, "not-on-facebook", clause_of(b, "platform", CLAUSE_EXCEPT, 0));
    add_rule(b, "social", clause_of(b, "class", 0, CLASS_SOCIAL));
    add_rule(b, "broadcast", clause_of(b, "media", 0, 1));
    add_rule(b, "adult", clause_of(b, "category", 0, CATEGORY_ADULT));
    add_rule(b, "posting", clause_of(b, "activity", 0, ACTIVITY_POST));
    m = finish(b);
    p = ARTEFACT_ROWS(&m.a, PLATFORMS, struct a_platform);
    none = ARTEFACT_ROWS(&m.a, META, struct a_meta)->candidates_none;
    ck_assert(holds(&m.a, p[0].candidates, "on-facebook") && !holds(&m.a, p[1].candidates, "on-facebook"));
    ck_assert(!holds(&m.a, p[0].candidates, "not-on-facebook") &&
              holds(&m.a, p[1].candidates, "not-on-facebook"));
    ck_assert(holds(&m.a, p[0].candidates, "social") && !holds(&m.a, p[1].candidates, "social"));
    ck_assert(!holds(&m.a, p[0].candidates, "broadcast") && holds(&m.a, p[1].candidates, "broadcast"));
    ck_assert(holds(&m.a, p[0].candidates, "adult") && holds(&m.a, p[1].candidates, "posting"));
    ck_assert(holds(&m.a, none, "adult") && holds(&m.a, none, "not-on-facebook"));
    ck_assert(!holds(&m.a, none, "posting") && !holds(&m.a, none, "social") &&
              !holds(&m.a, none, "broadcast"));
    free(m.bytes);
    build_free(b);
}
END_TEST

START_TEST(a_row_that_points_nowhere_is_refused)
{
    struct builder *b = build_new();
    unsigned char *bytes;
    size_t size;
    struct diag d;

    diag_init(&d);
    build_meta(b)->default_page = 3;
    ck_assert_int_eq(build_finish(b, &bytes, &size, &d), -1);
    ck_assert_ptr_null(bytes);
    ck_assert_uint_eq(d.errors, 1);
    build_free(b);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("build");
    TCase *t = tcase_create("build");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, an_empty_builder_gives_a_sound_artefact);
    tcase_add_test(t, equal_strings_are_one_and_stay_where_they_are);
    tcase_add_test(t, rows_are_found_by_name);
    tcase_add_test(t, the_first_of_equal_names_is_found);
    tcase_add_test(t, a_host_is_made_once);
    tcase_add_test(t, accounts_are_compared_in_one_form);
    tcase_add_test(t, words_are_sorted_and_single);
    tcase_add_test(t, names_and_places_are_kept);
    tcase_add_test(t, the_order_of_statements_leaves_no_trace);
    tcase_add_test(t, finish_can_be_called_again);
    tcase_add_test(t, every_row_is_in_its_table);
    tcase_add_test(t, grants_of_one_subject_stand_together);
    tcase_add_test(t, candidates_are_the_rules_that_can_match);
    tcase_add_test(t, a_row_that_points_nowhere_is_refused);
    suite_add_tcase(s, t);
    return run_suite(s);
}
