#include "compile/encoding.h"
#include "compile/utf8.h"
#include "unit.h"

static struct diag diag;
static struct str text;

static int convert(const char *bytes, size_t n)
{
    char *copy = malloc(n + 1);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, n);
    copy[n] = '\0';
    free((char *)text.p);
    text = (struct str){copy, n};
    diag_init(&diag);
    return encoding_to_utf8(STR("registers/members.csv"), &text, &diag);
}

#define CONVERT(literal) convert((literal), sizeof(literal) - 1)

static void teardown(void)
{
    free((char *)text.p);
    text = STR_NONE;
}

static void expect_note(const char *part, unsigned line)
{
    ck_assert_uint_eq(diag.n, 1);
    ck_assert_uint_eq(diag.errors, 0);
    ck_assert_int_eq(diag.messages[0].severity, SEVERITY_NOTE);
    ck_assert_uint_eq(diag.messages[0].line, line);
    ck_assert_str_eq(diag.messages[0].file, "registers/members.csv");
    ck_assert_msg(strstr(diag.messages[0].text, part) != NULL, "%s", diag.messages[0].text);
}

START_TEST(utf8_stays_as_it_is)
{
    static const char *const texts[] = {"", "user\nalice\n", "\xef\xbb\xbfuser\nZo\xc3\xab\n"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ck_assert_int_eq(convert(texts[i], strlen(texts[i])), 0);
        ck_assert_slice(text, texts[i]);
        ck_assert_uint_eq(diag.n, 0);
    }
}
END_TEST

START_TEST(windows_1252_becomes_utf8_with_a_note)
{
    ck_assert_int_eq(CONVERT("user,owner\nalice,\"Zo\xeb Smith\"\nbob,O\x92Neil \x80\n"), 0);
    ck_assert_slice(text, "user,owner\nalice,\"Zo\xc3\xab Smith\"\nbob,O\xe2\x80\x99Neil \xe2\x82\xac\n");
    expect_note("read as Windows-1252: look at 'Zo\xc3\xab Smith' in row 2;", 2);
    ck_assert_str_eq(diag.messages[0].source, "alice,\"Zo\xc3\xab Smith\"");
    ck_assert_uint_eq((unsigned char)text.p[text.n], 0);
}
END_TEST

START_TEST(the_note_counts_rows_as_spreadsheets_do)
{
    ck_assert_int_eq(CONVERT("sep=;\r\nuser;\"first\r\nowner\"\r\nalice;\xc9ric\r\n"), 0);
    expect_note("look at '\xc3\x89ric' in row 2;", 4);
}
END_TEST

START_TEST(every_byte_of_windows_1252_has_its_character)
{
    for (unsigned c = 0x80; c <= 0xff; c++) {
        const char bytes[] = {'a', (char)c, 'b', '\n'};
        bool undefined = c == 0x81 || c == 0x8d || c == 0x8f || c == 0x90 || c == 0x9d;

        ck_assert_int_eq(convert(bytes, sizeof bytes), 0);
        ck_assert_uint_eq(utf8_bad(text) == text.n, !undefined);
        ck_assert_uint_eq(diag.n, undefined ? 0 : 1);
        ck_assert_uint_eq(text.n == sizeof bytes, undefined);
    }
    ck_assert_int_eq(
        CONVERT(
            "\x80\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8e\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b"
            "\x9c\x9e\x9f\xa0\xff"),
        0);
    ck_assert_slice(text, "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘"
                          "’“”•–—˜™š›œžŸ ÿ");
}
END_TEST

START_TEST(what_can_be_read_in_two_ways_stays_for_the_reader_to_refuse)
{
    static const struct {
        const char *text, *problem;
    } doubtful[] = {
        {"Zo\xc3\xab,Zo\xeb\n", "but other cells of the file are"},
        {"Zo\xeb,\xe2\x82\xac\n", "but other cells of the file are"},
        {"caf\x8d\n", "neither UTF-8 nor Windows-1252"},
        {"caf\xe9 \x9d\n", "neither UTF-8 nor Windows-1252"},
    };

    for (size_t i = 0; i < sizeof doubtful / sizeof *doubtful; i++) {
        ck_assert_int_eq(convert(doubtful[i].text, strlen(doubtful[i].text)), 0);
        ck_assert_slice(text, doubtful[i].text);
        ck_assert_uint_eq(diag.n, 0);
        ck_assert_ptr_nonnull(strstr(encoding_problem(text), doubtful[i].problem));
    }
    ck_assert_int_eq(CONVERT("caf\xe9\0\n"), 0); /* no text of any kind */
    ck_assert_uint_eq(text.n, 6);
    ck_assert_uint_eq(diag.n, 0);
}
END_TEST

START_TEST(utf16_of_both_kinds_becomes_utf8)
{
    ck_assert_int_eq(CONVERT("\xff\xfeu\0\t\0\xeb\0\xac\x20\x3d\xd8\x00\xde\r\0\n\0"), 0);
    ck_assert_slice(text, "u\t\xc3\xab\xe2\x82\xac\xf0\x9f\x98\x80\r\n");
    ck_assert_int_eq(CONVERT("\xfe\xff\0u\0\t\0\xeb\x20\xac\xd8\x3d\xde\x00\0\r\0\n"), 0);
    ck_assert_slice(text, "u\t\xc3\xab\xe2\x82\xac\xf0\x9f\x98\x80\r\n");
    ck_assert_uint_eq(diag.n, 0);
    ck_assert_int_eq(CONVERT("\xff\xfe"), 0);
    ck_assert_uint_eq(text.n, 0);
}
END_TEST

static void expect_broken(const char *bytes, size_t n, unsigned row)
{
    char part[32] = "row ";

    part[4] = (char)('0' + row);
    part[5] = ':';
    ck_assert_int_eq(convert(bytes, n), -1);
    ck_assert_uint_eq(diag.errors, 1);
    ck_assert_uint_eq(diag.messages[0].line, row);
    ck_assert_msg(strstr(diag.messages[0].text, part) != NULL, "%s", diag.messages[0].text);
    ck_assert_ptr_nonnull(strstr(diag.messages[0].text, "UTF-16"));
}

#define BROKEN(literal, row) expect_broken((literal), sizeof(literal) - 1, (row))

START_TEST(half_characters_of_utf16_are_told_with_their_row)
{
    BROKEN("\xff\xfe"
           "a\0\n\0\x3d\xd8"
           "b\0\n\0",
           2); /* high, then a letter */
    BROKEN("\xff\xfe"
           "a\0\n\0\n\0\x00\xde\n\0",
           3); /* low alone */
    BROKEN("\xff\xfe"
           "a\0\n\0\x3d\xd8",
           2); /* high at the end */
    BROKEN("\xff\xfe"
           "a\0\n\0\x3d\xd8\x3d\xd8\0\xde",
           2);
    BROKEN("\xfe\xff\0a\0\n\xde\x00", 2);
    BROKEN("\xff\xfe"
           "a\0\n",
           1); /* half a letter */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("encoding");
    TCase *tests = tcase_create("encoding");

    tcase_add_checked_fixture(tests, NULL, teardown);
    tcase_add_test(tests, utf8_stays_as_it_is);
    tcase_add_test(tests, windows_1252_becomes_utf8_with_a_note);
    tcase_add_test(tests, the_note_counts_rows_as_spreadsheets_do);
    tcase_add_test(tests, every_byte_of_windows_1252_has_its_character);
    tcase_add_test(tests, what_can_be_read_in_two_ways_stays_for_the_reader_to_refuse);
    tcase_add_test(tests, utf16_of_both_kinds_becomes_utf8);
    tcase_add_test(tests, half_characters_of_utf16_are_told_with_their_row);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
