#include "compile/diag_text.h"
#include "compile/hostname.h"
#include "compile/lex.h"
#include "unit.h"

#include <stdio.h>

static struct diag diag;
static struct lexer lexer;

static void open_text(const char *text)
{
    diag_init(&diag);
    ck_assert_int_eq(lex_open(&lexer, STR("a.map"), str_of(text), &diag), 0);
}

static void open_bytes(const char *bytes, size_t n)
{
    diag_init(&diag);
    ck_assert_int_eq(lex_open(&lexer, STR("a.map"), (struct str){bytes, n}, &diag), 0);
}

/* The statement's words, joined by '|'; a word that starts its line has a '>' in front. */
static const char *joined(void)
{
    static char text[512];
    struct text t;

    text_init(&t, text, sizeof text - 1);
    for (unsigned i = 0; i < lexer.n; i++) {
        text_puts(&t, i ? "|" : "");
        text_puts(&t, lexer.words[i].starts_line ? ">" : "");
        text_put(&t, lexer.words[i].text);
    }
    text[t.n] = '\0';
    return text;
}

/* Reads to the end; the messages as text. */
static const char *messages(void)
{
    static char kept[4096];
    char *rendered;

    while (lex_statement(&lexer))
        continue;
    rendered = diag_render(&diag, NULL);
    ck_assert_ptr_nonnull(rendered);
    snprintf(kept, sizeof kept, "%s", rendered);
    free(rendered);
    return kept;
}

START_TEST(statements_begin_at_column_1_and_go_on_below)
{
    open_text("host main a.example\n  b.example\tc.example\nhost cdn\n\n\n\td.example");
    ck_assert(lex_statement(&lexer));
    ck_assert_str_eq(joined(), ">host|main|a.example|>b.example|c.example");
    ck_assert(lex_statement(&lexer));
    ck_assert_str_eq(joined(), ">host|cdn|>d.example");
    ck_assert(!lex_statement(&lexer));
    ck_assert(!lex_statement(&lexer));
    ck_assert_uint_eq(diag.n, 0);
    lex_close(&lexer);
}
END_TEST

START_TEST(comments_begin_a_line_or_follow_white_space)
{
    open_text("# one\na b#c # d \"e\n   # f\n# g\n  h #\n#i");
    ck_assert(lex_statement(&lexer));
    ck_assert_str_eq(joined(), ">a|b#c|>h");
    ck_assert(!lex_statement(&lexer));
    lex_close(&lexer);
}
END_TEST

START_TEST(quoted_strings_hold_blanks_and_escapes)
{
    open_text("a \"b c\" \"\" \"say \\\"d\\\"\" \"\\\\\" \"^\\d+\\.x$\" \"#e\"\n");
    ck_assert(lex_statement(&lexer));
    ck_assert_str_eq(joined(), ">a|b c||say \"d\"|\\|^\\d+\\.x$|#e");
    ck_assert(lexer.words[1].quoted);
    ck_assert(!lexer.words[0].quoted);
    ck_assert(!word_is(&lexer.words[6], "x"));
    lex_close(&lexer);
}
END_TEST

START_TEST(words_know_where_they_stand)
{
    open_text("\xef\xbb\xbf"
              "first\r\n\r\nsecond \"a\\\"b\"  c\r\n    d");
    ck_assert(lex_statement(&lexer));
    ck_assert_uint_eq(lexer.words[0].line, 1);
    ck_assert_uint_eq(lexer.words[0].column, 1);
    ck_assert(lex_statement(&lexer));
    ck_assert_str_eq(joined(), ">second|a\"b|c|>d");
    ck_assert_uint_eq(lexer.words[1].line, 3);
    ck_assert_uint_eq(lexer.words[1].column, 8);
    ck_assert_uint_eq(lexer.words[2].column, 16);
    ck_assert_uint_eq(lexer.words[3].line, 4);
    ck_assert_uint_eq(lexer.words[3].column, 5);
    lex_close(&lexer);
}
END_TEST

START_TEST(an_empty_text_has_no_statement)
{
    static const char *const texts[] = {"", "\n", "   \n\t\n", "# a", "\xef\xbb\xbf", "\r\n\r\n"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        open_text(texts[i]);
        ck_assert(!lex_statement(&lexer));
        ck_assert_uint_eq(diag.n, 0);
        lex_close(&lexer);
    }
}
END_TEST

START_TEST(many_words_find_room)
{
    static char text[20000];
    unsigned n = 0;

    for (size_t i = 0; i + 2 < sizeof text; i += 2) {
        text[i] = 'a';
        text[i + 1] = ' ';
        n++;
    }
    open_text(text);
    ck_assert(lex_statement(&lexer));
    ck_assert_uint_eq(lexer.n, n);
    lex_close(&lexer);
}
END_TEST

START_TEST(the_cursor_walks_by_word_and_by_line)
{
    open_text("rule id\n  class a b\n  except c");
    ck_assert(lex_statement(&lexer));
    ck_assert(lex_accept(&lexer, "id"));
    ck_assert(!lex_accept(&lexer, "id"));
    ck_assert_ptr_null(lex_line_word(&lexer)); /* the line ends here, the statement does not */
    ck_assert_int_eq(lex_line_done(&lexer), 0);
    ck_assert_slice(lex_word(&lexer)->text, "class");
    ck_assert_slice(lex_line_word(&lexer)->text, "a");
    ck_assert_slice(lex_line_peek(&lexer)->text, "b");
    ck_assert_int_eq(lex_line_done(&lexer), -1);
    ck_assert_slice(lex_line_word(&lexer)->text, "b");
    ck_assert_ptr_null(lex_line_peek(&lexer));
    ck_assert_slice(lex_peek(&lexer)->text, "except");
    ck_assert_int_eq(lex_done(&lexer), -1);
    lex_word(&lexer);
    ck_assert_slice(lex_expect(&lexer, "more")->text, "c");
    ck_assert_ptr_null(lex_word(&lexer));
    ck_assert_int_eq(lex_done(&lexer), 0);
    ck_assert_uint_eq(lexer.failures, 2);
    ck_assert_ptr_null(lex_expect(&lexer, "more"));
    ck_assert_str_eq(diag.messages[2].text, "'c' must be followed by more");
    ck_assert_uint_eq(lexer.failures, 3);
    lex_close(&lexer);
}
END_TEST

START_TEST(a_broken_statement_is_told_and_skipped)
{
    open_text("good 1\nbad \"no end\n  still bad\n  and \"more\ngood 2\n");
    ck_assert(lex_statement(&lexer));
    ck_assert(lex_statement(&lexer));
    ck_assert_str_eq(joined(), ">good|2");
    ck_assert(!lex_statement(&lexer));
    ck_assert_uint_eq(lexer.failures, 2);
    ck_assert_uint_eq(diag.errors, 2);
    ck_assert_uint_eq(diag.messages[1].line, 4);
    lex_close(&lexer);
}
END_TEST

START_TEST(lexical_errors_show_the_place)
{
    open_text("  lost\nx caf\xc3\xa9 \"a\"b\n");
    ck_assert_str_eq(
        messages(),
        "a.map:1:1: error: this line begins with white space, but there is no statement above it\n"
        "      lost\n"
        "    ^\n"
        "a.map:2:9: error: a blank must follow the quoted string (write \\\" for a quote inside it)\n"
        "    x caf\xc3\xa9 \"a\"b\n"
        "           ^\n");
    lex_close(&lexer);
}
END_TEST

START_TEST(bytes_that_are_no_text_are_refused)
{
    static const struct {
        const char *bytes;
        size_t n;
        unsigned column;
    } texts[] = {
        {"a\0b", 3, 2},
        {"a \x01", 3, 3},
        {"a\x7f", 2, 2},
        {"a \"\xff\"", 5, 4},
        {"\xc0\xaf", 2, 1},
        {"a\rb", 3, 2},
        {"a # \xed\xa0\x80", 7, 5},
        {"\x1b[31m", 5, 1},
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        open_bytes(texts[i].bytes, texts[i].n);
        ck_assert(!lex_statement(&lexer));
        ck_assert_uint_eq(diag.errors, 1);
        ck_assert_uint_eq(diag.messages[0].column, texts[i].column);
        lex_close(&lexer);
    }
}
END_TEST

START_TEST(a_message_never_holds_what_is_no_utf_8)
{
    open_bytes("a \xe9 b", 5);
    ck_assert_str_eq(
        messages(),
        "a.map:1:3: error: a byte that is no text (0xe9): save the file as UTF-8 and take it out\n"
        "    a ? b\n"
        "      ^\n");
    lex_close(&lexer);
}
END_TEST

START_TEST(unknown_words_meet_the_nearest_or_all)
{
    static const char *const names[] = {"alpha", "beta"};

    open_text("x alpa zzzzzz \"social\" social");
    ck_assert(lex_statement(&lexer));
    ck_assert_int_eq(lex_unknown(&lexer, &lexer.words[1], "letter", names, 2), -1);
    ck_assert_int_eq(lex_unknown(&lexer, &lexer.words[2], "letter", names, 2), -1);
    ck_assert_int_eq(lex_unknown(&lexer, &lexer.words[2], "letter", names, 0), -1);
    ck_assert_str_eq(diag.messages[0].text, "unknown letter 'alpa': did you mean 'alpha'?");
    ck_assert_str_eq(diag.messages[1].text, "unknown letter 'zzzzzz': it is one of alpha, beta");
    ck_assert_str_eq(diag.messages[2].text, "unknown letter 'zzzzzz': there is none");
    ck_assert_int_eq(lex_word_of(&lexer, &lexer.words[3], WORDS_CLASS), -1); /* keywords are not quoted */
    ck_assert_int_eq(lex_word_of(&lexer, &lexer.words[4], WORDS_CLASS), CLASS_SOCIAL);
    lex_close(&lexer);
}
END_TEST

/* Too long for a slip of the pen: nothing is near them. */
START_TEST(long_words_are_near_to_nothing)
{
    static char near[200], word[201];
    const char *const names[] = {"alpha", near};

    memset(near, 'z', sizeof near - 1);
    memset(word, 'z', sizeof word - 1);
    ck_assert_ptr_null(diag_nearest(str_of(word), names, 2));
    ck_assert_str_eq(diag_nearest(STR("alpa"), names, 2), "alpha");
}
END_TEST

START_TEST(dates_are_days)
{
    uint32_t day = 0;

    open_text("x 2026-04-01 2026-02-30 1/4/2026");
    ck_assert(lex_statement(&lexer));
    ck_assert_int_eq(lex_date(&lexer, &lexer.words[1], &day), 0);
    ck_assert_uint_eq(day, 20544);
    ck_assert_int_eq(lex_date(&lexer, &lexer.words[2], &day), -1);
    ck_assert_int_eq(lex_date(&lexer, &lexer.words[3], &day), -1);
    lex_close(&lexer);
}
END_TEST

START_TEST(host_names_have_one_form)
{
    static const struct {
        const char *written, *normal;
    } names[] = {
        {"WWW.Example.COM", "www.example.com"},
        {"example.com.", "example.com"},
        {".Example.com", ".example.com"},
        {"b\xc3\xbc"
         "cher.example",
         "xn--bcher-kva.example"},
        {"fa\xc3\x9f.de", "xn--fa-hia.de"},
        {"10.1.2.3", "10.1.2.3"},
        {"2001:DB8::0:1", "2001:db8::1"},
        {"a_b.example", "a_b.example"},
        {"localhost", "localhost"},
    };
    char to[HOSTNAME_MAX + 2];
    const char *problem;
    struct str name;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ck_assert_msg(hostname_normal(str_of(names[i].written), true, to, &name, &problem), "%s",
                      names[i].written);
        ck_assert_slice(name, names[i].normal);
    }
    ck_assert(!hostname_normal(STR(".example.com"), false, to, &name, &problem));
}
END_TEST

START_TEST(what_is_no_host_name_is_refused)
{
    static const char *const names[] = {
        "",
        ".",
        "..",
        "a..b",
        "http://a.b",
        "a.b/c",
        "a.b:80",
        "*.a.b",
        "-a.b",
        "a-.b",
        "a b",
        "1.2.3",
        "256.1.1.1",
        "1.2.3.4.",
        "[::1]",
        ".10.1.2.3",
        "::g",
        "a.b..",
        "\xe2\x92\x88.example",
        "a\xff.b",
        "..a.b",
        "xn--\xc3\xbc.example",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.b",
    };
    char to[HOSTNAME_MAX + 2], longest[300];
    const char *problem;
    struct str name;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        problem = NULL;
        ck_assert_msg(!hostname_normal(str_of(names[i]), true, to, &name, &problem), "'%s'", names[i]);
        ck_assert_ptr_nonnull(problem);
    }
    for (size_t i = 0; i < sizeof longest; i++)
        longest[i] = i % 2 ? '.' : 'a';
    ck_assert(hostname_normal((struct str){longest, 253}, true, to, &name, &problem));
    ck_assert_uint_eq(name.n, 253);
    for (size_t n = 255; n < 300; n += 2)
        ck_assert(!hostname_normal((struct str){longest, n}, true, to, &name, &problem));
}
END_TEST

START_TEST(messages_beyond_the_cap_are_counted)
{
    struct text t;
    static char text[4096];
    char *rendered;

    text_init(&t, text, sizeof text - 1);
    for (int i = 0; i < DIAG_MAX + 3; i++)
        text_puts(&t, "a \"\n");
    open_text(text);
    ck_assert(!lex_statement(&lexer));
    lex_warning(&lexer, NULL, "a %s", "warning");
    rendered = diag_render(&diag, NULL);
    ck_assert_ptr_nonnull(strstr(rendered, "\nand more that are not shown: errors 3, warnings 1\n"));
    ck_assert_uint_eq(lexer.failures, DIAG_MAX + 3);
    free(rendered);
    lex_close(&lexer);
}
END_TEST

START_TEST(lines_are_put_in_later)
{
    struct message *m;
    char *rendered;

    diag_init(&diag);
    diag_at(&diag, SEVERITY_NOTE, STR("a"), 2, 3);
    diag_at(&diag, SEVERITY_ERROR, STR("b"), 2, 1);
    m = diag_at(&diag, SEVERITY_ERROR, STR("a"), 9, 1);
    diag_copy(m->text, sizeof m->text, STR("beyond"));
    diag_at(&diag, SEVERITY_ERROR, STR("a"), 0, 0);
    diag_quote(&diag, STR("a"), STR("one\n\ttwo\r\nthree"));
    rendered = diag_render(&diag, NULL);
    ck_assert_str_eq(rendered,
                     "a:2:3: note: \n     two\n      ^\nb:2:1: error: \na:9:1: error: beyond\na: error: \n");
    free(rendered);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("lex");
    TCase *t = tcase_create("lex");

    tcase_add_test(t, statements_begin_at_column_1_and_go_on_below);
    tcase_add_test(t, comments_begin_a_line_or_follow_white_space);
    tcase_add_test(t, quoted_strings_hold_blanks_and_escapes);
    tcase_add_test(t, words_know_where_they_stand);
    tcase_add_test(t, an_empty_text_has_no_statement);
    tcase_add_test(t, many_words_find_room);
    tcase_add_test(t, the_cursor_walks_by_word_and_by_line);
    tcase_add_test(t, a_broken_statement_is_told_and_skipped);
    tcase_add_test(t, lexical_errors_show_the_place);
    tcase_add_test(t, bytes_that_are_no_text_are_refused);
    tcase_add_test(t, a_message_never_holds_what_is_no_utf_8);
    tcase_add_test(t, unknown_words_meet_the_nearest_or_all);
    tcase_add_test(t, long_words_are_near_to_nothing);
    tcase_add_test(t, dates_are_days);
    tcase_add_test(t, host_names_have_one_form);
    tcase_add_test(t, what_is_no_host_name_is_refused);
    tcase_add_test(t, messages_beyond_the_cap_are_counted);
    tcase_add_test(t, lines_are_put_in_later);
    suite_add_tcase(s, t);
    return run_suite(s);
}
