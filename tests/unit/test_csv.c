#include "compile/csv.h"
#include "compile/diag_text.h"
#include "compile/utf8.h"
#include "unit.h"

#include <stdio.h>

enum { NAME, FIRST_DAY, NOTE, COLUMNS };

static const struct csv_column columns[COLUMNS] = {
    [NAME] = {"name", true, CSV_WORDS},
    [FIRST_DAY] = {"first_day", false, CSV_ACCOUNTS},
    [NOTE] = {"note", false, CSV_PROSE},
};

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
    expect_rows("name,note\n\xef\xbb\xbf\"alice\",x\n\xef\xbb\xbf"
                "bob,y\n",
                "2:alice||x;3:bob||y;");
}
END_TEST

START_TEST(cells_are_trimmed_and_unquoted)
{
    expect_rows("name,note\n  alice\t,\" a, \"\"b\"\" \"\n", "2:alice||a, \"b\";");
    expect_rows("name,note\n\xc2\xa0"
                "alice\xc2\xa0,\xc2\xa0\n",
                "2:alice||;");
    expect_rows("name,note\n\xe2\x80\x8b\xef\xbb\xbf"
                "alice\xe2\x80\x8b \xe2\x80\x8b,\xe2\x80\xaa\xe2\x80\xac\n",
                "2:alice||;");
}
END_TEST

START_TEST(a_quoted_cell_may_go_over_lines)
{
    expect_rows("name,note\nalice,\"one\ntwo\"\nbob,y\n", "2:alice||one\ntwo;4:bob||y;");
    expect_error("name,note\nalice,\"one\ntwo\"\nbad,y\n", 4,
                 "row 3 (line 4 of the file), column 'name': 'bad' is bad");
    expect_error("name,note\nalice,\"one\r\ntwo\"\r\n\r\nbad,y\r\n", 5, "row 4 (line 5 of the file)");
    expect_error("name,note\nalice,y\nbad,y\n", 3, "row 3, column 'name': 'bad' is bad");
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

START_TEST(headings_may_be_written_as_spreadsheets_wrap_them)
{
    expect_rows("Name,\"First\nDay\"\nalice,1\n", "3:alice|1|;");
    expect_rows("Name,First   Day\nalice,1\n", "2:alice|1|;");
    expect_rows("Name,\xe2\x80\x8b"
                "First\xc2\xa0"
                "Day \nalice,1\n",
                "2:alice|1|;");
    expect_rows("\xef\xbb\xbf\"name\",note\nalice,1\n", "2:alice||1;");
    expect_rows("Na\xe2\x80\x8bme\nalice\n", "2:alice||;");
    expect_error("name,firstday\n", 1, "did you mean 'first_day'?");
    expect_error("name,caf\xe9\n", 1, "unknown column");
}
END_TEST

START_TEST(separators_are_found_by_the_headings)
{
    expect_rows("name;note\nalice;\"x;y, z\"\n", "2:alice||x;y, z;");
    expect_rows("name\tnote\tfirst day\nalice\t\t 1 \n\tz\n", "2:alice|1|;3:||z;");
    expect_rows("sep=;\r\nname;note\r\nalice;x\r\n", "3:alice||x;");
    expect_rows("\xef\xbb\xbf"
                "SEP=,\nname,note\nalice,x\n",
                "3:alice||x;");
    expect_rows("sep=\t\nname\tnote\nalice\tx\n", "3:alice||x;");
    expect_rows("name\nali;ce\n", "2:ali;ce||;"); /* one column: the comma holds */
    expect_rows("name,note\nalice,a;b\n", "2:alice||a;b;");
    expect_error("sep=;\nname;note\nbad;x\n", 3, "row 2 (line 3 of the file), column 'name'");
    expect_error("sep=|\nname|note\n", 0, "only ',', ';' and tabs are read");
    expect_error("sep=,\nname;note\n", 2, "unknown column 'name;note'");
    expect_error("name;nite\nalice;x\n", 1, "unknown column 'nite': did you mean 'note'?");
    expect_error("name;note\nalice;x;y\n", 2, "a cell with a semicolon in it needs");
    expect_error("name\tnote\nalice\tx\ty\n", 2, "a cell with a tab in it needs");
    expect_error("name|note\nalice|x\n", 1, "unknown column 'name|note'");
}
END_TEST

/* The note, and whether it is one. */
static void expect_note(const char *text, const char *expected, const char *part)
{
    expect_rows(text, expected);
    ck_assert_uint_eq(diag.n, 1);
    ck_assert_int_eq(diag.messages[0].severity, SEVERITY_NOTE);
    ck_assert_msg(strstr(diag.messages[0].text, part) != NULL, "%s", diag.messages[0].text);
}

START_TEST(rows_above_the_headings_are_passed_over)
{
    expect_note("\"Social media register, updated 3 May\",,\nname,note\nalice,x\n", "3:alice||x;",
                "row 2: these are the headings; row 1 above them is passed over");
    expect_note("Register\n\nPeople,,Remarks\nname,first day,note\nalice,,x\n", "5:alice||x;",
                "row 4: these are the headings; the 2 rows above them, from row 1, are passed over");
    expect_note("The \"new\" register\nname;note\nalice;x\n", "3:alice||x;", "passed over");
    expect_note("\"a\nb\"\nname,note\nalice,x\n", "4:alice||x;",
                "row 2 (line 3 of the file): these are the headings");
    expect_note("caf\xe9\nname,note\nalice,x\n", "3:alice||x;", "passed over");
    expect_note("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nname\nalice\n", "12:alice||;", "the 10 rows above them");
    expect_error("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\nname\nalice\n", 1, "unknown column '1'");
    /* Merged headings of groups right above them may have a column's name. */
    expect_note("name,Remarks\nname,note\nalice,x\n", "3:alice||x;", "row 1 above them is passed over");
    expect_rows("name,note\nalice,x\n", "2:alice||x;");
    ck_assert_uint_eq(diag.n, 0);
}
END_TEST

/* Else the rows between would be lost. */
START_TEST(what_headings_with_a_mistake_head_is_not_passed_over)
{
    expect_error("name,nite\nalice,x\nname,note\nbob,y\n", 1, "unknown column 'nite': did you mean 'note'?");
    expect_error("first day,note\nalice,x\nname,note\nbob,y\n", 1, "there is no column 'name'");
}
END_TEST

START_TEST(the_row_nearest_to_headings_is_the_one_complained_of)
{
    expect_error("Register\nfirst day,note\nalice,x\n", 2, "there is no column 'name'");
    expect_error("Register\nname,nite\nalice,x\n", 2, "unknown column 'nite': did you mean 'note'?");
    expect_error("Register,\"a b\" c\nalice,x\n", 1, "quotation mark");
    expect_error("\"Register\nname,note\nalice,x\n", 1, "has no end");
}
END_TEST

START_TEST(headings_may_be_repeated_exactly)
{
    expect_note("name,note\nalice,x\nName,Note\nbob,y\nname,note,\n", "2:alice||x;4:bob||y;",
                "the headings are repeated 2 time(s), first in row 3: passed over");
    expect_note("name,note\nalice,x\n\xef\xbb\xbfname,note\nbob,y\n", "2:alice||x;4:bob||y;",
                "first in row 3");
    expect_note(",name,note\n,alice,x\n,name,note\n,bob,y\n", "2:alice||x;4:bob||y;", "first in row 3");
    expect_error("name,note\nalice,x\nnote,name\nx,bob\n", 3, "these are headings, but others than in row 1");
    ck_assert_str_eq(rows, "2:alice||x;4:x||bob;");
    expect_rows("name,note\nname,x\nnote,\nname,name is it\n", "2:name||x;3:note||;4:name||name is it;");
}
END_TEST

START_TEST(a_cell_needs_a_heading)
{
    expect_error("name,note\nalice,x,y\nbob,z\n", 2, "'y' stands under no heading");
    ck_assert_str_eq(rows, "3:bob||z;");
    expect_error("name,,note\nalice,x,y\n", 2, "'x' stands under no heading");
}
END_TEST

/* Excel writes up to 16,384 of them. */
START_TEST(empty_cells_may_follow_without_end)
{
    enum { CELLS = 17000 };
    static char text[3 * CELLS];
    size_t n = (size_t)snprintf(text, sizeof text, "name,note");

    memset(text + n, ',', CELLS);
    n += CELLS;
    n += (size_t)snprintf(text + n, sizeof text - n, "\nalice,x");
    memset(text + n, ',', CELLS);
    n += CELLS;
    ck_assert_int_eq(read_bytes(text, n), 0);
    ck_assert_str_eq(rows, "2:alice||x;");
    text[n] = 'y';
    ck_assert_int_eq(read_bytes(text, n + 1), -1);
    ck_assert_uint_eq(diag.messages[0].line, 2);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "row 2: more than 128 cells"));
}
END_TEST

START_TEST(what_spreadsheets_put_in_place_of_words_is_refused)
{
    static const struct {
        const char *cell, *part;
    } wrong[] = {
        {"al\xe2\x80\x8bice", "a zero-width space (U+200B), which nobody sees, after 'al'"},
        {"al\xc2\xadice", "a soft hyphen (U+00AD)"},
        {"alice\xe2\x80\x8e@x",
         "a mark of the direction of writing (U+200E), which nobody sees, after 'alice'"},
        {"a\xef\xbb\xbf"
         "b",
         "a byte order mark (U+FEFF)"},
        {"########", "when a column is too narrow"},
        {"#N/A", "a formula that failed"},
        {"#name?", "a formula that failed"},
        {"=A1", "is a formula: write what it gives"},
        {"\"=HYPERLINK(\"\"https://x.example\"\",\"\"x\"\")\"", "is a formula"},
    };
    char text[200];

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        snprintf(text, sizeof text, "name,first day,note\nx,1,\n%s,1,x\nbob,2,y\n", wrong[i].cell);
        expect_error(text, 3, wrong[i].part);
        ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "row 3, column 'name': "));
        ck_assert_str_eq(rows, "2:x|1|;4:bob|2|y;");
        snprintf(text, sizeof text, "name,note\nx,%s\n", wrong[i].cell);
        ck_assert_msg(read_text(text) == 0, "%s", diag.messages[0].text); /* for people: as it is */
    }
}
END_TEST

START_TEST(an_apostrophe_in_front_makes_a_text)
{
    expect_rows("name,first day,note\n'0123,'0123,'0123\n'','a 'b,'\n", "2:0123|'0123|'0123;3:'|'a 'b|';");
}
END_TEST

START_TEST(bytes_that_are_no_text_are_named_by_row_and_column)
{
    static const char nul[] = "name,note\nal\0ice,x\nbob,y\n";

    ck_assert_int_eq(read_bytes(nul, sizeof nul - 1), -1);
    ck_assert_uint_eq(diag.messages[0].line, 2);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "column 'name': a NUL byte"));
    ck_assert_str_eq(rows, "3:bob||y;");
    expect_error("name,note\nalice,caf\xe9\n", 2, "row 2, column 'note': the text is not UTF-8: save");
    expect_error("name,note\nZo\xc3\xab,x\nalice,caf\xe9\n", 3,
                 "row 3, column 'note': the text is not UTF-8, but other cells of the file are");
    expect_error("name,note\nalice,caf\x8f\n", 2, "the text is neither UTF-8 nor Windows-1252");
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
    expect_error("name,note\nalice,x\nbob,\"y\ncarol,z\n", 3, "row 3: a quoted cell of this row has no end");
    expect_error("name,note\nO\"Neil,x\nbob,y\n", 2, "row 2: a quotation mark where none can be");
    expect_rows("name,note\nalice,\"He said \"\"hi\"\"\"\n", "2:alice||He said \"hi\";");
}
END_TEST

START_TEST(the_caret_stands_at_the_cell)
{
    ck_assert_int_eq(read_text("note,name\n\"a, b\", bad\n"), -1);
    ck_assert_uint_eq(diag.messages[0].column, 9);
    ck_assert_str_eq(diag.messages[0].source, "\"a, b\", bad");
    ck_assert_int_eq(read_text("note;name\n\"a; b\";bad\n"), -1);
    ck_assert_uint_eq(diag.messages[0].column, 8);
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
    struct str list = STR(" a;b  c,\n\xc2\xa0"
                          "d\xe2\x80\xa8;; \xe2\x80\x89");
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

START_TEST(characters_go_to_bytes_and_back)
{
    static const uint32_t codes[] = {0, 'a', 0x7f, 0x80, 0x7ff, 0x800, 0xfffd, 0xffff, 0x10000, 0x10ffff};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char bytes[4];
        uint32_t code = 1;
        size_t n = utf8_put(codes[i], bytes);

        ck_assert_uint_eq(utf8_next((struct str){bytes, n}, &code), n);
        ck_assert_uint_eq(code, codes[i]);
        ck_assert_uint_eq(utf8_next((struct str){bytes, n - 1}, &code), 0);
    }
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
    tcase_add_test(tests, headings_may_be_written_as_spreadsheets_wrap_them);
    tcase_add_test(tests, separators_are_found_by_the_headings);
    tcase_add_test(tests, rows_above_the_headings_are_passed_over);
    tcase_add_test(tests, what_headings_with_a_mistake_head_is_not_passed_over);
    tcase_add_test(tests, the_row_nearest_to_headings_is_the_one_complained_of);
    tcase_add_test(tests, headings_may_be_repeated_exactly);
    tcase_add_test(tests, empty_cells_may_follow_without_end);
    tcase_add_test(tests, what_spreadsheets_put_in_place_of_words_is_refused);
    tcase_add_test(tests, an_apostrophe_in_front_makes_a_text);
    tcase_add_test(tests, characters_go_to_bytes_and_back);
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
