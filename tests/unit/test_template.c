/* Path templates and globs: what platform maps are made of. */
#include "core/template.h"

#include "unit.h"

static const struct {
    const char *template, *path, *caught; /* caught NULL: must not match; "": matches, nothing caught */
} rows[] = {
    {"/{account}", "/HavantBorough", "HavantBorough"},
    {"/{account}", "/HavantBorough/", "HavantBorough"},
    {"/{account}", "/", NULL},
    {"/{account}", "/a/b", NULL},
    {"/{account}/**", "/a", "a"},
    {"/{account}/**", "/a/b/c", "a"},
    {"/{account}/status/*", "/a/status/123", "a"},
    {"/{account}/status/*", "/a/STATUS/123", "a"},
    {"/{account}/status/*", "/a/status", NULL},
    {"/{account}/status/*", "/a/status/1/photo", NULL},
    {"/@{account}/**", "/@council/videos", "council"},
    {"/@{account}/**", "/council", NULL},
    {"/@{account}/**", "/@", NULL},
    {"/posts/{account}_*", "/posts/jane-doe_text_more-activity-1", "jane-doe"},
    {"/i/api/graphql/*/{account}", "/i/api/graphql/abc/CreateTweet", "CreateTweet"},
    {"/like|unlike", "/like", NULL},
    {"/a*c*e", "/abcde", ""},
    {"/a*c*e", "/abcd", NULL},
    {"/**", "/", ""},
    {"/**", "/anything/at/all", ""},
    {"/", "/", ""},
    {"/", "/x", NULL},
    {"/*-{account}", "/Name-123", "123"},
};

START_TEST(matches_and_catches)
{
    struct str caught = STR_NONE;
    bool hit = template_match(str_of(rows[_i].template), str_of(rows[_i].path), &caught);

    ck_assert_msg(hit == (rows[_i].caught != NULL), "%s against %s", rows[_i].template, rows[_i].path);
    if (rows[_i].caught)
        ck_assert_slice(caught, rows[_i].caught);
}
END_TEST

static const struct {
    const char *template;
    bool sound;
} soundness[] = {
    {"/a/{account}/**", true}, {"/a*b*c", true},      {"a", false},           {"", false},         {"/**/a", false},
    {"/a//b", false},          {"/{name}", false},    {"/{account}*", false}, {"/**a", false},     {"/{account}/{account}", false},
    {"/a}", false},            {"/x{account}y", true},
};

START_TEST(says_what_is_not_sound)
{
    const char *problem = NULL;

    ck_assert_msg(template_sound(str_of(soundness[_i].template), &problem) == soundness[_i].sound, "%s",
                  soundness[_i].template);
    ck_assert_msg(soundness[_i].sound == (problem == NULL), "%s: a reason and only then", soundness[_i].template);
}
END_TEST

START_TEST(first_segment_is_hashed_when_literal)
{
    ck_assert_uint_eq(template_first(STR("/Groups/{account}")), str_hash(STR("groups")));
    ck_assert_uint_eq(template_first(STR("/{account}")), 0);
    ck_assert_uint_eq(template_first(STR("/**")), 0);
}
END_TEST

START_TEST(long_texts_end_soon)
{
    static char text[8192];
    struct str s = {text, sizeof text};

    memset(text, 'a', sizeof text);
    ck_assert(!glob_match(STR("*a*a*a*a*a*a*ab"), s, NULL));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("template");
    TCase *t = tcase_create("all");

    tcase_add_loop_test(t, matches_and_catches, 0, sizeof rows / sizeof *rows);
    tcase_add_loop_test(t, says_what_is_not_sound, 0, sizeof soundness / sizeof *soundness);
    tcase_add_test(t, first_segment_is_hashed_when_literal);
    tcase_add_test(t, long_texts_end_soon);
    suite_add_tcase(s, t);
    return run_suite(s);
}
