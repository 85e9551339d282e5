/* What `portreeve check` says of policies: one bundle in tests/check/bad for each analysis (named by its id)
 * with the messages that it must bring about, and beside it in tests/check/good one that differs by little
 * and is in order. What they do not bring themselves (maps, pages, registers) is in tests/check/base.bundle.
 * Whether the reasoning is sound is test_analyse_sound's matter. */
#include "compile/analyse.h"
#include "policy_fixture.h"
#include "unit.h"

#include <glob.h>

static const char *root(void)
{
    const char *srcdir = getenv("srcdir");

    return srcdir ? srcdir : ".";
}

static struct source read_bundle(const char *folder, const char *name)
{
    char *text = fixture_file(folder, name);
    struct source s = {0};
    struct diag d;

    ck_assert_msg(text != NULL, "there is no %s/%s", folder, name);
    diag_init(&d);
    ck_assert_msg(source_parse_bundle(str_of(text), &s, &d) == 0, "%s/%s: %s", folder, name,
                  d.messages[0].text);
    free(text);
    return s;
}

static int by_path(const void *a, const void *b)
{
    return str_cmp(((const struct source_file *)a)->path, ((const struct source_file *)b)->path);
}

/* All that compiling the source says; the caller's. */
static char *messages_of(const struct source *s)
{
    struct diag *d = malloc(sizeof *d);
    unsigned char *bytes;
    char *text;
    size_t size;

    diag_init(d);
    compile_source(s, FIXTURE_TODAY, 0, &bytes, &size, d);
    text = diag_render(d, NULL);
    free(bytes);
    free(d);
    return text;
}

/* The bundle of that name with what it lacks from the base. */
static char *messages_of_bundle(const char *folder, const char *id)
{
    struct source own, base = read_bundle("tests/check", "base.bundle"), whole;
    char name[64], *messages;

    snprintf(name, sizeof name, "%s.bundle", id);
    own = read_bundle(folder, name);
    whole.files = calloc(own.n + base.n, sizeof *whole.files);
    whole.n = own.n;
    memcpy(whole.files, own.files, own.n * sizeof *own.files);
    for (size_t i = 0; i < base.n; i++)
        if (!source_find(&own, base.files[i].path))
            whole.files[whole.n++] = base.files[i];
    qsort(whole.files, whole.n, sizeof *whole.files, by_path);
    messages = messages_of(&whole);
    free(whole.files);
    source_free(&own);
    source_free(&base);
    return messages;
}

/* Each bundle of the folder; returns how many there were. */
static unsigned each_bundle(const char *folder, void (*each)(const char *folder, const char *id))
{
    char pattern[512];
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/%s/*.bundle", root(), folder);
    ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct str id = str_of(strrchr(found.gl_pathv[i], '/') + 1);
        char name[64];

        snprintf(name, sizeof name, "%.*s", (int)(id.n - strlen(".bundle")), id.p);
        each(folder, name);
    }
    globfree(&found);
    return (unsigned)found.gl_pathc;
}

static void expect_messages(const char *folder, const char *id)
{
    char name[80], *messages = messages_of_bundle(folder, id), *expected;

    snprintf(name, sizeof name, "%s.expect", id);
    expected = fixture_file(folder, name);
    ck_assert_msg(expected && strcmp(messages, expected) == 0, "%s: expected\n%s\ngot\n%s", name, expected,
                  messages);
    free(expected);
    free(messages);
}

static void expect_silence(const char *folder, const char *id)
{
    char *messages = messages_of_bundle(folder, id);

    ck_assert_msg(messages[0] == '\0', "%s: %s", id, messages);
    free(messages);
}

START_TEST(each_analysis_finds_what_it_is_for)
{
    ck_assert_uint_ge(each_bundle("tests/check/bad", expect_messages), n_analyses);
    for (unsigned i = 0; i < n_analyses; i++) {
        char mark[64], *messages = messages_of_bundle("tests/check/bad", analyses[i].id);

        snprintf(mark, sizeof mark, "[%s]\n", analyses[i].id);
        ck_assert_msg(strstr(messages, mark) != NULL, "%s has no message of its own", analyses[i].id);
        free(messages);
    }
}
END_TEST

START_TEST(each_analysis_is_silent_where_little_is_different)
{
    ck_assert_uint_ge(each_bundle("tests/check/good", expect_silence), n_analyses);
    for (unsigned i = 0; i < n_analyses; i++)
        expect_silence("tests/check/good", analyses[i].id);
}
END_TEST

START_TEST(the_councils_are_in_order)
{
    char pattern[512], mark[64];
    struct diag *d = malloc(sizeof *d);
    glob_t found;

    snprintf(pattern, sizeof pattern, "%s/policy-maps/councils/*", root());
    ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
    ck_assert_uint_ge(found.gl_pathc, 5);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct source s = {0};
        char *messages;

        diag_init(d);
        ck_assert_int_eq(source_read_folder(found.gl_pathv[i], NULL, NULL, &s, d), 0);
        messages = messages_of(&s);
        for (unsigned k = 0; k < n_analyses; k++) {
            snprintf(mark, sizeof mark, "[%s]", analyses[k].id);
            ck_assert_msg(!strstr(messages, mark), "%s: %s", found.gl_pathv[i], messages);
        }
        free(messages);
        source_free(&s);
    }
    globfree(&found);
    free(d);
}
END_TEST

START_TEST(the_table_is_in_order)
{
    for (unsigned i = 0; i < n_analyses; i++) {
        ck_assert_uint_eq(analyses[i].number, i + 1);
        ck_assert_ptr_nonnull(analyses[i].say);
        for (unsigned k = 0; k < i; k++) {
            ck_assert_str_ne(analyses[i].id, analyses[k].id);
            ck_assert_msg(analyses[k].severity <= analyses[i].severity, "a warning behind a note");
        }
    }
}
END_TEST

/* However many notes there are, what is grave is shown; and a few warnings, which may tell why. */
START_TEST(graver_messages_take_the_place_of_milder_ones)
{
    struct diag *d = malloc(sizeof *d);

    diag_init(d);
    for (unsigned i = 0; i < DIAG_MAX; i++)
        ck_assert_ptr_nonnull(diag_at(d, i < 7 ? SEVERITY_WARNING : SEVERITY_NOTE, STR("f"), i, 1));
    ck_assert_ptr_null(diag_at(d, SEVERITY_NOTE, STR("f"), 98, 1));
    for (unsigned i = 0; i < DIAG_MAX - DIAG_WARNINGS; i++)
        ck_assert_ptr_nonnull(diag_at(d, SEVERITY_ERROR, STR("f"), i + DIAG_WARNINGS, 1));
    ck_assert_ptr_null(diag_at(d, SEVERITY_ERROR, STR("f"), 99, 1));
    ck_assert_ptr_null(diag_at(d, SEVERITY_WARNING, STR("f"), 99, 1));
    ck_assert_uint_eq(d->n, DIAG_MAX);
    for (unsigned i = 0; i < DIAG_MAX; i++) {
        ck_assert_uint_eq(d->messages[i].line, i);
        ck_assert_int_eq(d->messages[i].severity, i < DIAG_WARNINGS ? SEVERITY_WARNING : SEVERITY_ERROR);
    }
    ck_assert_uint_eq(d->errors, DIAG_MAX - DIAG_WARNINGS + 1);
    ck_assert_uint_eq(d->warnings, 8);
    free(d);
}
END_TEST

static bool below(const char *x, const char *y)
{
    return host_pattern_below(host_pattern_of(str_of(x)), host_pattern_of(str_of(y)));
}

START_TEST(host_patterns_lie_within_each_other)
{
    ck_assert(below("a.example", "a.example"));
    ck_assert(below("a.example", ".example"));
    ck_assert(below(".a.example", ".example"));
    ck_assert(below(".a.example", ".a.example"));
    ck_assert(below("a.example", ".a.example"));
    ck_assert(!below(".a.example", "a.example"));
    ck_assert(!below("b.a.example", "a.example"));
    ck_assert(!below(".example", ".a.example"));
    ck_assert(!below("ba.example", ".a.example"));
}
END_TEST

START_TEST(grants_are_states)
{
    const uint32_t live[] = {1u << GRANT_STATE_LIVE, 0, 0}, names_both[] = {0, 0, 3},
                   names_account[] = {0, 0, 1};
    const uint32_t none[] = {1u << GRANT_STATE_NONE, 0, 0},
                   inert_aup[] = {1u << GRANT_STATE_INERT, 1u << STEP_AUP, 0};
    const uint64_t all = grant_feasible(1u << STEP_AUP);

    ck_assert(grant_mask(live, false, SURE) == grant_live());
    ck_assert(grant_mask(none, false, SURE) == grant_none());
    ck_assert(!(grant_mask(live, false, POSSIBLE) & grant_mask(live, true, POSSIBLE)));
    /* who has both has the account; who may have the account has a live grant */
    ck_assert(!(all & grant_mask(names_both, false, SURE) & ~grant_mask(names_account, false, SURE)));
    ck_assert(!(all & grant_mask(names_account, false, POSSIBLE) & ~grant_live()));
    ck_assert(grant_mask(names_account, false, SURE) != grant_mask(names_account, false, POSSIBLE));
    /* no step is needed that is not asked for */
    ck_assert(all & grant_mask(inert_aup, false, SURE));
    ck_assert(!(grant_feasible(1u << STEP_APPROVAL) & grant_mask(inert_aup, false, SURE)));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("analyse");
    TCase *t = tcase_create("analyse");

    tcase_set_timeout(t, 60);
    tcase_add_test(t, each_analysis_finds_what_it_is_for);
    tcase_add_test(t, each_analysis_is_silent_where_little_is_different);
    tcase_add_test(t, the_councils_are_in_order);
    tcase_add_test(t, the_table_is_in_order);
    tcase_add_test(t, graver_messages_take_the_place_of_milder_ones);
    tcase_add_test(t, host_patterns_lie_within_each_other);
    tcase_add_test(t, grants_are_states);
    suite_add_tcase(s, t);
    return run_suite(s);
}
