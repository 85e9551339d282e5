#include "compile/csv.h"
#include "compile/diag_text.h"
#include "unit.h"

#include <stdio.h>

enum { NAME, FIRST_DAY, NOTE, COLUMNS };

static const struct csv_column columns[COLUMNS] = {
    [NAME] = {"name", true}, [FIRST_DAY] = {"first_day", false}, [NOTE] = {"note", false}};

static struct diag diag;
static char rows[4096];

/* "LINE:name|first_day|note;" a row. */
static void take(const struct csv_row *row, void *to)
{
    size_t *n = to;

    if (str_eq(row->cells[NAME], STR("bad")))
        csv_wrong(row, NAME, "'%.*s' is bad", STR_ARG(row->cells[NAME]));
    *n += (size_t)snprintf(rows + *n, sizeof rows - *n, "%u:%.*s|%.*s|%.*s;", row->line,
                           STR_ARG(row->cells[NAME]), STR_ARG(row->cells[FIRST_DAY]),
                           STR_ARG(row->cells[NOTE]));
}

static int read_bytes(const char *bytes, size_t size)
{
    static const struct csv_sheet sheet = {columns, COLUMNS, take};
    size_t n = 0;

    rows[0] = '\0';
    diag_init(&diag);
    return csv_read(&sheet, STR("a.csv"), (struct str){bytes, size}, &n, &diag);
}

static int read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

static void expect_rows(const char *text, const char *expected)
{
    int result = read_text(text);

    ck_assert_msg(result == 0, "%s", diag.n ? diag.messages[0].text : "?");
    ck_assert_str_eq(rows, expected);
}

/* One error, at that line, with that part in its text. */
static void expect_error(const char *text, unsigned line, const char *part)
{
    ck_assert_int_eq(read_text(text), -1);
    ck_assert_uint_eq(diag.errors, 1);
    ck_assert_uint_eq(diag.messages[0].line, line);
    ck_assert_str_eq(diag.messages[0].file, "a.csv");
    ck_assert_msg(strstr(diag.messages[0].text, part) != NULL, "%s", diag.messages[0].text);
}

START_TEST(columns_come_in_any_order)
{
    expect_rows("note,name\nx,alice\ny,bob\n", "2:alice||x;3:bob||y;");
    expect_rows("name\nalice", "2:alice||;");
}
END_TEST

START_TEST(headings_compare_without_case_and_separators)
{
    expect_rows("NAME,First Day\nalice,1\n", "2:alice|1|;");
    expect_rows(" Name ,first-day\nalice,1\n", "2:alice|1|;");
    expect_rows("name,\"FIRST_DAY\"\nalice,1\n", "2:alice|1|;");
}
END_TEST

START_TEST(spreadsheets_leave_their_marks)
{
    expect_rows("\xef\xbb\xbfname,note\r\nalice,x\r\n", "2:alice||x;");
    expect_rows("name,note\ralice,x\rbob,y", "2:alice||x;3:bob||y;");
    expect_rows("name,note,,\nalice,x,,\nbob,y,,,,,\n,,,\n", "2:alice||x;3:bob||y;");
    expect_rows("\n\nname,note\n\n  \nalice,x\n\n,\nbob\n", "6:alice||x;9:bob||;");
}
END_TEST

START_TEST(cells_are_trimmed_and_unquoted)
{
    expect_rows("name,note\n  alice\t,\" a, \"\"b\"\" \"\n", "2:alice||a, \"b\";");
    expect_rows("name,note\n\xc2\xa0"
                "alice\xc2\xa0,\xc2\xa0\n",
                "2:alice||;");
}
END_TEST

START_TEST(a_quoted_cell_may_go_over_lines)
{
    expect_rows("name,note\nalice,\"one\ntwo\"\nbob,y\n", "2:alice||one\ntwo;4:bob||y;");
    expect_error("name,note\nalice,\"one\ntwo\"\nbad,y\n", 4, "'bad' is bad");
}
END_TEST

START_TEST(headings_are_checked)
{
    expect_error("nome,note\n", 1, "did you mean 'name'?");
    expect_error("note\nx\n", 1, "there is no column 'name'");
    expect_error("name,note,Name\nx,y,z\n", 1, "two columns are called 'Name'");
    expect_error("", 0, "empty");
    expect_error("\n \r\n", 0, "empty");
}
END_TEST

/* An unknown heading is one error, however many rows follow. */
START_TEST(an_unknown_heading_is_told_once)
{
    expect_error("name,zzzzzzzzzzz\na,1\nb,2\n", 1, "unknown column 'zzzzzzzzzzz'");
}
END_TEST

START_TEST(other_separators_are_named)
{
    ck_assert_int_eq(read_text("name;note\nalice;x\n"), -1);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "separated by ';'"));
    ck_assert_int_eq(read_text("name\tnote\nalice\tx\n"), -1);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "separated by tabs"));
    ck_assert_int_eq(read_bytes("\xff\xfen\0a\0m\0e\0", 10), -1);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "UTF-16"));
}
END_TEST

START_TEST(a_cell_needs_a_heading)
{
    expect_error("name,note\nalice,x,y\nbob,z\n", 2, "'y' stands under no heading");
    ck_assert_str_eq(rows, "3:bob||z;");
    expect_error("name,,note\nalice,x,y\n", 2, "'x' stands under no heading");
}
END_TEST

START_TEST(bytes_that_are_no_text_are_named_by_row_and_column)
{
    static const char nul[] = "name,note\nal\0ice,x\nbob,y\n";

    ck_assert_int_eq(read_bytes(nul, sizeof nul - 1), -1);
    ck_assert_uint_eq(diag.messages[0].line, 2);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "column 'name': a NUL byte"));
    ck_assert_str_eq(rows, "3:bob||y;");
    expect_error("name,note\nalice,caf\xe9\n", 2, "column 'note': the text is not UTF-8");
    expect_error("name,note\nalice,\x1b[31m\n", 2, "column 'note': a control character");
}
END_TEST

START_TEST(a_bad_row_does_not_end_the_reading)
{
    ck_assert_int_eq(read_text("name,note\nbad,x\nbob,y\nbad,z\n"), -1);
    ck_assert_uint_eq(diag.errors, 2);
    ck_assert_uint_eq(diag.messages[0].line, 2);
    ck_assert_uint_eq(diag.messages[1].line, 4);
    ck_assert_str_eq(diag.messages[1].source, "bad,z");
    ck_assert_str_eq(rows, "2:bad||x;3:bob||y;4:bad||z;");
}
END_TEST

START_TEST(quotes_out_of_place_are_told_and_the_next_rows_read)
{
    expect_error("name,note\nal\"ice,x\nbob,y\n", 2, "quotation mark");
    ck_assert_str_eq(rows, "3:bob||y;");
    expect_error("name,note\nalice,\"x\" y\nbob,y\n", 2, "quotation mark");
    ck_assert_str_eq(rows, "3:bob||y;");
    expect_error("name,note\nalice,x\nbob,\"y\ncarol,z\n", 3, "has no end");
}
END_TEST

START_TEST(the_caret_stands_at_the_cell)
{
    ck_assert_int_eq(read_text("note,name\n\"a, b\", bad\n"), -1);
    ck_assert_uint_eq(diag.messages[0].column, 9);
    ck_assert_str_eq(diag.messages[0].source, "\"a, b\", bad");
}
END_TEST

START_TEST(unknown_words_get_the_nearest_or_all)
{
    static const char *const names[] = {"facebook", "linkedin"};
    static const struct csv_sheet sheet = {columns, COLUMNS, NULL};
    const struct csv_choice choice = {"platform", names, 2};
    struct csv_row row = {.line = 2, .file = STR("a.csv"), .source = STR("x"), .sheet = &sheet, .d = &diag};

    diag_init(&diag);
    csv_unknown(&row, NOTE, STR("Facebok"), &choice);
    csv_unknown(&row, NOTE, STR("zzz"), &choice);
    ck_assert_str_eq(diag.messages[0].text,
                     "column 'note': unknown platform 'Facebok': did you mean 'facebook'?");
    ck_assert_str_eq(diag.messages[1].text,
                     "column 'note': unknown platform 'zzz': there is facebook, linkedin");
}
END_TEST

START_TEST(lists_are_cut_at_blanks_semicolons_and_commas)
{
    struct str list = STR(" a;b  c,\n d ;; ");
    struct str word;

    ck_assert(csv_word(&list, &word));
    ck_assert_slice(word, "a");
    ck_assert(csv_word(&list, &word));
    ck_assert_slice(word, "b");
    ck_assert(csv_word(&list, &word));
    ck_assert_slice(word, "c");
    ck_assert(csv_word(&list, &word));
    ck_assert_slice(word, "d");
    ck_assert(!csv_word(&list, &word));
}
END_TEST

START_TEST(utf8_is_checked_as_the_rfc_has_it)
{
    static const char *const good[] = {
        "", "abc", "caf\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xef\xbf\xbf"};
    static const char *const bad[] = {"\x80",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xc3",
                                      "\xe2\x82",
                                      "\xff"};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_uint_eq(utf8_bad(str_of(good[i])), strlen(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(utf8_bad(str_of(bad[i])) == 0, "number %zu was taken", i);
    ck_assert_uint_eq(utf8_bad(STR("ab\xe9")), 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("csv");
    TCase *tests = tcase_create("csv");

    tcase_add_test(tests, columns_come_in_any_order);
    tcase_add_test(tests, headings_compare_without_case_and_separators);
    tcase_add_test(tests, spreadsheets_leave_their_marks);
    tcase_add_test(tests, cells_are_trimmed_and_unquoted);
    tcase_add_test(tests, a_quoted_cell_may_go_over_lines);
    tcase_add_test(tests, headings_are_checked);
    tcase_add_test(tests, an_unknown_heading_is_told_once);
    tcase_add_test(tests, other_separators_are_named);
    tcase_add_test(tests, a_cell_needs_a_heading);
    tcase_add_test(tests, bytes_that_are_no_text_are_named_by_row_and_column);
    tcase_add_test(tests, a_bad_row_does_not_end_the_reading);
    tcase_add_test(tests, quotes_out_of_place_are_told_and_the_next_rows_read);
    tcase_add_test(tests, the_caret_stands_at_the_cell);
    tcase_add_test(tests, unknown_words_get_the_nearest_or_all);
    tcase_add_test(tests, lists_are_cut_at_blanks_semicolons_and_commas);
    tcase_add_test(tests, utf8_is_checked_as_the_rfc_has_it);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
