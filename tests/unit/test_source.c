#include "compile/source.h"

#include "unit.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[64];
static struct source s;
static struct diag d;

/* Writes a file below the test's own folder, with the folders that it needs. */
static void put(const char *path, const char *text)
{
    char full[256];
    FILE *f;

    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        snprintf(full, sizeof full, "%s/%.*s", root, (int)(slash - path), path);
        mkdir(full, 0700);
    }
    snprintf(full, sizeof full, "%s/%s", root, path);
    f = fopen(full, "wb");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static const char *below_root(const char *path)
{
    static char full[256];

    snprintf(full, sizeof full, "%s/%s", root, path);
    return full;
}

static void setup(void)
{
    snprintf(root, sizeof root, "/tmp/test_source.XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
    diag_init(&d);
    put("councils/one/council.policy", "council \"One\"\n");
    put("councils/one/registers/grants.csv", "user\n");
    put("councils/one/tests/a.case", "# a");
    put("councils/one/tests/registers/grants.csv", "user\n");
    put("councils/one/platforms/x.map", "# one's own\n");
    put("platforms/facebook.map", "platform facebook\n");
    put("platforms/x.map", "platform x\n");
    put("pages/default-deny.page", "status 403\n");
}

static int take_away(const char *path, const struct stat *st, int type, struct FTW *where)
{
    (void)st;
    (void)type;
    (void)where;
    return remove(path);
}

static void teardown(void)
{
    source_free(&s);
    ck_assert_int_eq(nftw(root, take_away, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static const char *text_of(const char *path)
{
    const struct source_file *f = source_find(&s, str_of(path));

    return f ? f->text.p : NULL;
}

START_TEST(a_folder_is_read_with_what_stands_beside_it)
{
    ck_assert_int_eq(source_read_folder(below_root("councils/one"), NULL, NULL, &s, &d), 0);
    ck_assert_uint_eq(s.n, 7);
    ck_assert_str_eq(text_of("council.policy"), "council \"One\"\n");
    ck_assert_str_eq(text_of("registers/grants.csv"), "user\n");
    ck_assert_str_eq(text_of("tests/registers/grants.csv"), "user\n");
    ck_assert_str_eq(text_of("platforms/facebook.map"), "platform facebook\n");
    ck_assert_str_eq(text_of("pages/default-deny.page"), "status 403\n");
    ck_assert_ptr_null(text_of("pages/other.page"));
    for (size_t i = 1; i < s.n; i++)
        ck_assert_int_lt(str_cmp(s.files[i - 1].path, s.files[i].path), 0);
}
END_TEST

START_TEST(a_councils_own_file_wins)
{
    ck_assert_int_eq(source_read_folder(below_root("councils/one"), NULL, NULL, &s, &d), 0);
    ck_assert_str_eq(text_of("platforms/x.map"), "# one's own\n");
}
END_TEST

START_TEST(every_text_ends_with_the_end_of_a_line)
{
    ck_assert_int_eq(source_read_folder(below_root("councils/one"), NULL, NULL, &s, &d), 0);
    ck_assert_str_eq(text_of("tests/a.case"), "# a\n");
}
END_TEST

START_TEST(notes_are_passed_over_and_misspelt_names_are_said)
{
    put("councils/one/registers/README.md", "notes");
    put("councils/one/registers/.grants.csv.swp", "x");
    put("councils/one/registers/grants.csv~", "x");
    ck_assert_int_eq(source_read_folder(below_root("councils/one"), NULL, NULL, &s, &d), 0);
    ck_assert_uint_eq(s.n, 7);
    ck_assert_uint_eq(d.warnings, 0);
    source_free(&s);
    put("councils/one/registers/members.CSV", "x");
    ck_assert_int_eq(source_read_folder(below_root("councils/one"), NULL, NULL, &s, &d), 0);
    ck_assert_uint_eq(d.warnings, 1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].file, "members.CSV"));
}
END_TEST

START_TEST(a_folder_without_policy_is_none)
{
    ck_assert_int_eq(source_read_folder(below_root("councils"), NULL, NULL, &s, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "council.policy"));
}
END_TEST

START_TEST(without_maps_there_is_no_source)
{
    char one[256];

    snprintf(one, sizeof one, "%s/councils/one", root);
    ck_assert_int_eq(source_read_folder(one, below_root("pages"), NULL, &s, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "platforms/"));
}
END_TEST

START_TEST(the_fallback_is_used_where_nothing_stands_beside)
{
    char maps[256];

    put("elsewhere/council.policy", "council \"Two\"\n");
    snprintf(maps, sizeof maps, "%s", root);
    ck_assert_int_eq(source_read_folder(below_root("elsewhere"), NULL, maps, &s, &d), 0);
    ck_assert_str_eq(text_of("platforms/x.map"), "platform x\n");
}
END_TEST

START_TEST(what_cannot_be_read_is_an_error)
{
    ck_assert_int_eq(symlink("/nowhere", below_root("platforms/gone.map")), 0);
    ck_assert_int_eq(source_read_folder(below_root("councils/one"), NULL, NULL, &s, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "gone.map"));
}
END_TEST

START_TEST(a_bundle_gives_back_the_same_files)
{
    struct source back;
    size_t n;
    char *bundle;

    put("councils/one/registers/grants.csv", "=== not a header\n\\ a line\n===\n\nlast");
    put("councils/one/registers/hosts.csv", "");
    ck_assert_int_eq(source_read_folder(below_root("councils/one"), NULL, NULL, &s, &d), 0);
    bundle = source_print_bundle(&s, &n);
    ck_assert_ptr_nonnull(bundle);
    ck_assert_int_eq(source_parse_bundle((struct str){bundle, n}, &back, &d), 0);
    ck_assert_uint_eq(back.n, s.n);
    for (size_t i = 0; i < s.n; i++) {
        ck_assert(str_eq(back.files[i].path, s.files[i].path));
        ck_assert(str_eq(back.files[i].text, s.files[i].text));
    }
    source_free(&back);
    free(bundle);
}
END_TEST

START_TEST(files_of_a_bundle_are_sorted)
{
    ck_assert_int_eq(source_parse_bundle(STR("=== tests/a.case\n# a\n=== council.policy\ncouncil"), &s, &d),
                     0);
    ck_assert(str_eq(s.files[0].path, STR("council.policy")));
    ck_assert(str_eq(s.files[0].text, STR("council\n")));
    ck_assert(str_eq(s.files[1].text, STR("# a\n")));
}
END_TEST

static void refuse_bundle(const char *text, const char *why)
{
    diag_init(&d);
    ck_assert_int_eq(source_parse_bundle(str_of(text), &s, &d), -1);
    ck_assert_msg(strstr(d.messages[0].text, why) != NULL, "%s", d.messages[0].text);
    source_free(&s);
}

START_TEST(a_bundle_must_be_sound)
{
    refuse_bundle("council \"One\"\n", "begins with");
    refuse_bundle("=== registers/grants.csv\nuser\n", "there is no '=== council.policy'");
    refuse_bundle("=== council.policy\n=== council.policy\n", "already");
    refuse_bundle("=== council.policy\n=== ../../etc/passwd\n", "no path");
    refuse_bundle("=== council.policy\n=== /etc/passwd\n", "no path");
    refuse_bundle("=== council.policy\n=== a//b\n", "no path");
    refuse_bundle("=== council.policy\n=== \n", "no path");
    refuse_bundle("", "there is no '=== council.policy'");
}
END_TEST

START_TEST(a_large_file_is_refused)
{
    struct str text;

    put("large", "");
    ck_assert_int_eq(truncate(below_root("large"), (64 << 20) + 1), 0);
    ck_assert_int_eq(source_read_file(below_root("large"), &text, &d), -1);
    ck_assert_int_eq(source_read_file(below_root("platforms"), &text, &d), -1);
    ck_assert_int_eq(source_read_file(below_root("nowhere"), &text, &d), -1);
    ck_assert_uint_eq(d.errors, 3);
}
END_TEST

/* A bundle is UTF-8: what a register is converted to is what `print` shows and what is compiled again. */
START_TEST(registers_of_other_encodings_are_kept_as_utf8)
{
    static const char members[] = "user,class\nzo\xeb,employee"; /* its last line has no end */
    static const char printed[] = "user,class\nzo\xc3\xab,employee\n";
    struct source again;
    struct str text;
    char *bundle;

    put("councils/one/registers/members.csv", members);
    put("councils/one/tests/a.case", "# zo\xeb\n"); /* no register: stays as it is */
    ck_assert_int_eq(source_read_folder(below_root("councils/one"), NULL, NULL, &s, &d), 0);
    ck_assert_slice(source_find(&s, STR("registers/members.csv"))->text, printed);
    ck_assert_slice(source_find(&s, STR("tests/a.case"))->text, "# zo\xeb\n");
    ck_assert_uint_eq(d.errors, 0);
    ck_assert_uint_eq(d.n, 1);
    ck_assert_str_eq(d.messages[0].file, "registers/members.csv");
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "Windows-1252: look at 'zo\xc3\xab' in row 2"));
    bundle = source_print_bundle(&s, &text.n);
    ck_assert_ptr_nonnull(bundle);
    text.p = bundle;
    ck_assert_int_eq(source_parse_bundle(text, &again, &d), 0);
    ck_assert_slice(source_find(&again, STR("registers/members.csv"))->text, printed);
    ck_assert_uint_eq(d.n, 1); /* nothing is left to be converted */
    source_free(&again);
    free(bundle);
}
END_TEST

static void put_bytes(const char *path, const char *bytes, size_t n)
{
    FILE *f;

    put(path, "");
    f = fopen(below_root(path), "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

START_TEST(registers_of_utf16_are_kept_as_utf8)
{
    static const char members[] = "\xff\xfeu\0s\0\n\0\xeb\0";
    static const char broken[] = "\xff\xfeu\0\n\0\x3d\xd8";

    put_bytes("councils/one/registers/members.csv", members, sizeof members - 1);
    ck_assert_int_eq(source_read_folder(below_root("councils/one"), NULL, NULL, &s, &d), 0);
    ck_assert_slice(source_find(&s, STR("registers/members.csv"))->text, "us\n\xc3\xab\n");
    ck_assert_uint_eq(d.n, 0);
    source_free(&s);
    put_bytes("councils/one/registers/members.csv", broken, sizeof broken - 1);
    ck_assert_int_eq(source_read_folder(below_root("councils/one"), NULL, NULL, &s, &d), -1);
    ck_assert_uint_eq(d.errors, 1);
    ck_assert_uint_eq(d.messages[0].line, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("source");
    TCase *t = tcase_create("source");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_folder_is_read_with_what_stands_beside_it);
    tcase_add_test(t, a_councils_own_file_wins);
    tcase_add_test(t, every_text_ends_with_the_end_of_a_line);
    tcase_add_test(t, notes_are_passed_over_and_misspelt_names_are_said);
    tcase_add_test(t, a_folder_without_policy_is_none);
    tcase_add_test(t, without_maps_there_is_no_source);
    tcase_add_test(t, the_fallback_is_used_where_nothing_stands_beside);
    tcase_add_test(t, what_cannot_be_read_is_an_error);
    tcase_add_test(t, a_bundle_gives_back_the_same_files);
    tcase_add_test(t, files_of_a_bundle_are_sorted);
    tcase_add_test(t, a_bundle_must_be_sound);
    tcase_add_test(t, a_large_file_is_refused);
    tcase_add_test(t, registers_of_other_encodings_are_kept_as_utf8);
    tcase_add_test(t, registers_of_utf16_are_kept_as_utf8);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
