#include "compile/compile.h"
#include "compile/pages.h"
#include "core/conditions.h"
#include "core/page.h"
#include "record/seal.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

static struct builder *b;
static struct diag d;

static const struct str simple = {
    "status 403\ntitle \"Web access\"\nh1 \"Stop\"\np \"One\" \"two.\"\nwhy rule\n",
    sizeof "status 403\ntitle \"Web access\"\nh1 \"Stop\"\np \"One\" \"two.\"\nwhy rule\n" - 1};

static void add_contact(const char *name, const char *mail, const char *url)
{
    struct a_contact c = {.name = build_str(b, str_of(name)),
                          .label = build_str(b, STR("the <desk>")),
                          .mail = build_str(b, str_of(mail)),
                          .url = build_str(b, str_of(url))};

    build_row(b, SECTION_CONTACTS, &c);
}

static void setup(void)
{
    diag_init(&d);
    ck_assert_int_eq(seal_init(&d), 0);
    b = build_new();
    build_meta(b)->council = build_str(b, STR("Example & Sons Council"));
    build_meta(b)->title = build_str(b, STR("Social Media Policy"));
    build_meta(b)->version = build_str(b, STR("3.2"));
    add_contact("service-desk", "desk@council.example", "");
}

static void teardown(void)
{
    build_free(b);
}

static const struct a_page *page_at(uint32_t i)
{
    return build_at(b, SECTION_PAGES, i);
}

/* The page's HTML with an end to it, for strstr. */
static const char *html_of(uint32_t i)
{
    static char z[65536];
    struct str s = build_text(b, page_at(i)->html);

    ck_assert_uint_lt(s.n, sizeof z);
    memcpy(z, s.p, s.n);
    z[s.n] = '\0';
    return z;
}

static void holds(uint32_t page, const char *text)
{
    ck_assert_msg(strstr(html_of(page), text) != NULL, "'%s' is not in: %s", text, html_of(page));
}

static void holds_not(uint32_t page, const char *text)
{
    ck_assert_msg(strstr(html_of(page), text) == NULL, "'%s' is in: %s", text, html_of(page));
}

static void parse(const char *file, const char *text)
{
    int result = parse_page(b, str_of(file), str_of(text), &d);

    ck_assert_msg(result == 0, "%s", d.messages[0].text);
}

static void refuse(const char *text, const char *why)
{
    diag_init(&d);
    ck_assert_int_eq(parse_page(b, STR("pages/wrong.page"), str_of(text), &d), -1);
    for (unsigned i = 0; i < d.n; i++)
        if (strstr(d.messages[i].text, why))
            return;
    ck_abort_msg("no message '%s' but '%s'", why, d.messages[0].text);
}

START_TEST(a_page_has_what_every_page_needs)
{
    ck_assert_int_eq(parse_page(b, STR("pages/simple.page"), simple, &d), 0);
    ck_assert_uint_eq(page_at(0)->status, 403);
    holds(0, "<!DOCTYPE html>\n<html lang=\"en-GB\">");
    holds(0, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    holds(0, "<title>Web access – Example &amp; Sons Council</title>");
    holds(0, "<h1>Stop</h1>");
    holds(0, "<p>One two.</p>");
    holds(0, "Who to ask");
    holds(0, "Ask the &lt;desk&gt;.");
    holds(0, "This page is from Example &amp; Sons Council, not the website.");
    holds(0, "Policy version 3.2");
    holds_not(0, "We keep a short note");
    holds_not(0, "<script");
    holds_not(0, "<form");
    holds_not(0, " src=");
    holds_not(0, " style=");
    holds_not(0, "<link");
}
END_TEST

START_TEST(the_note_is_named_where_something_is_recorded)
{
    build_meta(b)->record = RECORD_COUNTS;
    add_contact("record", "", "https://intranet.council.example/record#what");
    parse("pages/simple.page", simple.p);
    holds(0, "We keep a short note that this page was shown. <a href=\"https://intranet.council.example/"
             "record?code=XXXX-XXXX#what\">See what we record</a>");
}
END_TEST

START_TEST(every_hole_takes_the_code)
{
    unsigned n = 0;
    struct str html;

    parse("pages/a.page",
          "status 403\ntitle \"W\"\nh1 \"H\"\np \"Your code is {code}. XXXX-XXXX is not.\"\n");
    html = build_text(b, page_at(0)->html);
    for (uint32_t i = 0; i < page_at(0)->holes.n; i++) {
        uint32_t at = build_numbers_at(b, page_at(0)->holes)[i];

        ck_assert_uint_le(at + CODE_SIZE, html.n);
        ck_assert_int_eq(memcmp(html.p + at, "XXXX-XXXX", CODE_SIZE), 0);
        n += at > 0 && html.p[at - 1] == ' ';
    }
    ck_assert_uint_eq(page_at(0)->holes.n, 4); /* the text, who to ask, the mail's subject, "tell us" */
    ck_assert_uint_eq(n, 1);                   /* not what only looks like one */
}
END_TEST

START_TEST(one_style_and_its_hash)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char sum[32];
    struct str csp;
    size_t at;

    parse("pages/simple.page", simple.p);
    holds(0, page_style);
    ck_assert_uint_eq((size_t)(strstr(html_of(0), "</style>") - strstr(html_of(0), "<style>")),
                      strlen("<style>") + strlen(page_style));
    csp = build_text(b, build_meta(b)->csp);
    ck_assert(str_istarts(csp, STR("default-src 'none'; style-src 'sha256-")));
    at = sizeof "default-src 'none'; style-src 'sha256-" - 1;
    seal_sha256(str_of(page_style), sum);
    ck_assert_int_eq(csp.p[at], alphabet[sum[0] >> 2]);
    ck_assert_int_eq(csp.p[at + 41], alphabet[(sum[30] & 3) << 4 | sum[31] >> 4]);
    ck_assert_int_eq(csp.p[at + 42], alphabet[(sum[31] & 15) << 2]);
    ck_assert(str_eq(str_from(csp, at + 43),
                     STR("='; form-action 'none'; base-uri 'none'; frame-ancestors 'none'")));
}
END_TEST

START_TEST(actions_lead_to_contacts)
{
    add_contact("approver", "", "https://intranet.council.example/ask?for=access");
    parse("pages/a.page", "status 403\ntitle \"W\"\nh1 \"H\"\np \"Ask {contact approver label}.\"\n"
                          "action \"Start\" contact approver\naction \"Write\" contact service-desk\n");
    holds(0, "<p>Ask the &lt;desk&gt;.</p>");
    holds(0, "<a class=\"go\" "
             "href=\"https://intranet.council.example/ask?for=access&amp;code=XXXX-XXXX\">Start</a>");
    holds(0,
          "<a class=\"go\" href=\"mailto:desk@council.example?subject=Web%20access%20XXXX-XXXX\">Write</a>");
}
END_TEST

START_TEST(steps_have_a_page_each)
{
    const char *text =
        "status 403\ntitle \"W\"\nh1 \"H\"\nsteps aup \"sign it\" policy-read \"read it\" any \"ask\"\n"
        "p \"Now: {step}.\"\n";

    ck_assert_int_eq(page_declare(b, STR("pages/step-missing.page"), str_of(text), &d), 0);
    ck_assert_int_eq(page_declare(b, STR("pages/z.page"), simple, &d), 0);
    ck_assert_uint_eq(build_find_page(b, STR("step-missing")), 0);
    ck_assert_uint_eq(build_find_page(b, STR("z")), 3);
    parse("pages/step-missing.page", text);
    parse("pages/z.page", simple.p);
    ck_assert_uint_eq(build_count(b, SECTION_PAGES), 4);
    ck_assert_uint_eq(page_at(0)->step, PAGE_ANY_STEP);
    ck_assert_uint_eq(page_at(1)->step, STEP_AUP);
    ck_assert_uint_eq(page_at(2)->step, STEP_READ);
    holds(0, "Now: ask.");
    holds(1, "Now: sign it.");
    holds(2, "Now: read it.");
    holds(3, "<h1>Stop</h1>");
}
END_TEST

START_TEST(a_rule_has_the_page_with_its_own_sentence)
{
    struct a_rule rule = {.id = build_str(b, STR("no-likes")),
                          .because = build_str(b, STR("A like is a post")),
                          .cite = build_str(b, STR("6"))};

    ck_assert_int_eq(page_declare(b, STR("pages/simple.page"), simple, &d), 0);
    build_meta(b)->default_page = 0;
    build_meta(b)->default_because = build_str(b, STR("It is shut."));
    build_row(b, SECTION_RULES, &rule);
    rule.id = build_str(b, STR("another"));
    rule.because = build_str(b, STR("Another sentence."));
    build_row(b, SECTION_RULES, &rule);
    parse("pages/simple.page", simple.p);
    ck_assert_uint_eq(build_count(b, SECTION_PAGES), 3);
    holds(0, "Why: It is shut. This is in our policy “Social Media Policy”.");
    holds(((struct a_rule *)build_at(b, SECTION_RULES, 0))->page,
          "Why: A like is a post. This is in our policy “Social Media Policy”, 6.");
    holds(((struct a_rule *)build_at(b, SECTION_RULES, 0))->page, "Policy version 3.2, rule no-likes");
    holds(((struct a_rule *)build_at(b, SECTION_RULES, 1))->page, "Another sentence.");
    ck_assert_uint_eq(((struct a_rule *)build_at(b, SECTION_RULES, 1))->page, 1); /* by the rules' names */
    ck_assert_uint_eq(build_meta(b)->default_page, 0);
    ck_assert_uint_eq(build_find_page(b, STR("simple")), 0);
}
END_TEST

START_TEST(a_page_that_keeps_quiet_names_no_rule)
{
    const char *text = "status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\nwhy \"Social Media Policy\"\n";
    struct a_rule rule = {.id = build_str(b, STR("adult")),
                          .because = build_str(b, STR("Adult content")),
                          .cite = build_str(b, STR("6"))};

    ck_assert_int_eq(page_declare(b, STR("pages/inappropriate.page"), str_of(text), &d), 0);
    build_row(b, SECTION_RULES, &rule);
    parse("pages/inappropriate.page", text);
    ck_assert_uint_eq(build_count(b, SECTION_PAGES), 1);
    holds(0, "Why: Social Media Policy.");
    holds_not(0, "dult");
    holds_not(0, "rule");
}
END_TEST

START_TEST(a_contact_is_needed_where_the_page_is_shown)
{
    const char *text =
        "status 403\ntitle \"W\"\nh1 \"H\"\np \"Ask {contact comms label}.\"\naction \"Go\" contact comms\n";

    parse("pages/unused.page", text);
    holds(0, "Ask your service desk.");
    holds_not(0, "class=\"go\"");
    ck_assert_int_eq(page_declare(b, STR("pages/wrong.page"), str_of(text), &d), 0);
    build_meta(b)->default_page = build_find_page(b, STR("wrong"));
    refuse(text, "does not say who 'comms' is");
    ck_assert_uint_eq(d.errors, 2);
    add_contact("coms", "a@council.example", "");
    refuse(text, "did you mean 'coms'?");
}
END_TEST

/* Where the portal is and the token are put in later: the offsets say where. */
START_TEST(actions_lead_to_the_portal)
{
    const uint32_t *link;
    struct str html;

    parse("pages/a.page",
          "status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\naction \"Go <on> {code}\" portal continue\n"
          "p \"Q\"\naction \"Claim\" portal claim\n");
    html = build_text(b, page_at(0)->html);
    ck_assert_uint_eq(page_at(0)->links.n, 2 * PAGE_LINK_NUMBERS);
    link = build_numbers_at(b, page_at(0)->links);
    ck_assert(
        str_istarts(str_from(html, link[0]),
                    STR("<p><a class=\"go\" href=\"/continue\">Go &lt;on&gt; XXXX-XXXX</a></p>\n<p>Q")));
    ck_assert(str_istarts(str_from(html, link[1]), STR("/continue\">")));
    ck_assert(str_istarts(str_from(html, link[2]), STR("\">Go")));
    ck_assert(str_istarts(str_from(html, link[3]), STR("<p>Q")));
    ck_assert(str_istarts(str_from(html, link[5]), STR("/claim\">Claim</a></p>\n")));
    holds_not(0, "<form");
}
END_TEST

/* A rule of verb require that shows the first page, and a scope with a class in it. */
static void ask_by(enum ask ask)
{
    const struct a_rule rule = {
        .id = build_str(b, STR("asked")), .verb = VERB_REQUIRE, .ask = ask, .page = 0};

    ck_assert_int_eq(page_declare(b, STR("pages/wrong.page"), simple, &d), 0);
    build_meta(b)->default_page = build_meta(b)->unsure_page = build_meta(b)->malformed_page =
        build_meta(b)->unavailable_page = NO_INDEX;
    build_meta(b)->scope_classes = 1u << CLASS_SOCIAL;
    build_row(b, SECTION_RULES, &rule);
}

static void warned(const char *why)
{
    for (unsigned i = 0; i < d.n; i++)
        if (d.messages[i].severity == SEVERITY_WARNING && strstr(d.messages[i].text, why))
            return;
    ck_abort_msg("no warning '%s'", why);
}

/* A rule that refuses a kind of site with that page. */
static void refuse_kind(const char *id, uint32_t page)
{
    uint32_t category = CATEGORY_ADULT;
    struct a_clause clause = {.condition = condition_by_word(STR("category"))->number, .args = build_numbers(b, &category, 1)};
    struct a_rule rule = {.id = build_str(b, str_of(id)), .verb = VERB_FORBID, .page = page};

    rule.clauses = (struct a_list){build_row(b, SECTION_CLAUSES, &clause), 1};
    build_row(b, SECTION_RULES, &rule);
}

START_TEST(a_page_of_a_kind_of_site_that_tells_its_rule_is_warned_of)
{
    static const char *const texts[] = {
        "status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\nwhy \"Social Media Policy\"\n",
        "status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\nwhy rule\n",
    };

    ck_assert_int_eq(page_declare(b, STR("pages/quiet.page"), str_of(texts[0]), &d), 0);
    ck_assert_int_eq(page_declare(b, STR("pages/telling.page"), str_of(texts[1]), &d), 0);
    refuse_kind("adult", build_find_page(b, STR("quiet")));
    parse("pages/quiet.page", texts[0]);
    ck_assert_uint_eq(d.n, 0);
    refuse_kind("nude", build_find_page(b, STR("telling")));
    parse("pages/telling.page", texts[1]);
    warned("forbid 'nude' shows this page for a kind of site");
}
END_TEST

#define NOTICE_HEAD "status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\naction \"Read\" portal continue\n"
#define WHOLE                                                                                                \
    NOTICE_HEAD "says opens-connections\nsays records-nothing records-counts records-pseudonym\n"            \
                "says never-content\nsays keeps-answers\nsays asks-once\n"

START_TEST(a_notice_says_what_is_true)
{
    ask_by(ASK_NOTICE);
    build_meta(b)->record = RECORD_COUNTS;
    ck_assert_int_eq(parse_page(b, STR("pages/wrong.page"), str_of(WHOLE), &d), 0);
    ck_assert_uint_eq(d.n, 0);
    holds(0,
          "<p>To tell reading from posting, we open the secure connections between you and these sites.</p>");
    holds(0, "We do not note who did it.");
    holds_not(0, "Nothing is noted");
    holds_not(0, "A code stands in place of your name");
}
END_TEST

/* What is filled in later changes the page, not only the record. */
START_TEST(the_sentence_that_is_true_is_chosen)
{
    struct a_meta *m = build_meta(b);

    ask_by(ASK_NOTICE);
    m->record = RECORD_PSEUDONYM;
    m->monitoring_clause = m->dpia = build_str(b, STR("32"));
    m->notice_day = 20000;
    ck_assert_int_eq(parse_page(b, STR("pages/wrong.page"), str_of(WHOLE), &d), 0);
    holds(0, "A code stands in place of your name.");
    holds_not(0, "We do not note who did it.");
}
END_TEST

START_TEST(until_monitoring_is_filled_in_counts_are_what_is_true)
{
    ask_by(ASK_NOTICE);
    build_meta(b)->record = RECORD_PSEUDONYM;
    refuse(NOTICE_HEAD "says records-pseudonym\n",
           "what this policy records is 'counts', until 'monitoring' is filled in");
}
END_TEST

START_TEST(a_sentence_that_is_not_true_does_not_compile)
{
    ask_by(ASK_NOTICE);
    refuse(NOTICE_HEAD "says records-counts\n", "what this policy records is 'none'");
    refuse(NOTICE_HEAD "says counts-minutes\n", "the policy has no allowance");
    refuse(NOTICE_HEAD "says shows-own\n", "the page does not lead there");
    refuse(NOTICE_HEAD "says names-nobody\n", "unknown sentence 'names-nobody'");
    refuse(NOTICE_HEAD "says\n", "must be followed by");
    refuse(NOTICE_HEAD "says never-content \"and more\"\n", "unknown sentence");
    build_meta(b)->scope_classes = 0;
    refuse(NOTICE_HEAD "says opens-connections\n", "no class of sites in its scope");
}
END_TEST

START_TEST(only_a_question_about_one_person_is_not_kept)
{
    ask_by(ASK_COACH);
    refuse(NOTICE_HEAD "says never-who\n", "by other rules than a 'require person'");
    refuse(NOTICE_HEAD "p \"We do not keep a note of it.\"\n", "say it with 'says'");
}
END_TEST

START_TEST(what_is_shown_by_others_too_is_not_asked_once)
{
    ask_by(ASK_NOTICE);
    build_meta(b)->default_page = 0;
    refuse(NOTICE_HEAD "says asks-once\n", "by other rules");
}
END_TEST

START_TEST(a_page_that_asks_has_no_words_of_its_own_for_records)
{
    ask_by(ASK_COACH);
    refuse(NOTICE_HEAD "p \"Nothing about you is recorded.\"\n", "say it with 'says'");
    refuse(NOTICE_HEAD "p \"Do go on.\" \"We keep nothing.\"\n", "say it with 'says'");
    diag_init(&d);
    ck_assert_int_eq(parse_page(b, STR("pages/wrong.page"), str_of(NOTICE_HEAD "p \"Keep it short.\"\n"), &d),
                     0);
    ck_assert_uint_eq(d.n, 0);
}
END_TEST

START_TEST(a_notice_that_leaves_things_out_is_warned_of)
{
    ask_by(ASK_NOTICE);
    ck_assert_int_eq(parse_page(b, STR("pages/wrong.page"), str_of(NOTICE_HEAD), &d), 0);
    warned("say also opens-connections records-nothing keeps-answers never-content");
    diag_init(&d);
    ck_assert_int_eq(parse_page(b, STR("pages/wrong.page"),
                                str_of(NOTICE_HEAD "says opens-connections never-content\n"), &d),
                     0);
    warned("say also records-nothing keeps-answers never-content"); /* only the first of them is shown */
}
END_TEST

START_TEST(an_ask_without_an_answer_is_warned_of)
{
    ask_by(ASK_COACH);
    ck_assert_int_eq(parse_page(b, STR("pages/wrong.page"), simple, &d), 0);
    warned("no way to answer");
}
END_TEST

START_TEST(wrong_pages_are_refused)
{
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\naction \"Go\" portal continu\n",
           "did you mean 'continue'?");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\naction \"Go\" portal\n", "a page of the portal");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\naction \"A\" portal mine\naction \"B\" portal mine\n"
           "action \"C\" portal mine\naction \"D\" portal mine\naction \"E\" portal mine\n",
           "more than 4 ways to the portal");
    refuse("title \"W\"\nh1 \"H\"\np \"P\"\n", "no 'status'");
    refuse("status 403\nh1 \"H\"\np \"P\"\n", "no 'title'");
    refuse("status 403\ntitle \"W\"\np \"P\"\n", "no 'h1'");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\n", "no 'p'");
    refuse("status 200\ntitle \"W\"\nh1 \"H\"\np \"P\"\n", "no HTTP status");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\nh1 \"I\"\np \"P\"\n", "said twice");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\np \"\"\n", "empty");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\np \"{step}\"\n", "needs a statement 'steps'");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\np \"{url}\"\n", "unknown place {url}");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\np \"{code\"\n", "without its '}'");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\np \"{contact service-desk fax}\"\n", "part of a contact");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\naction \"Go\"\n", "an action leads to a contact");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\nstepps aup \"x\"\n", "did you mean 'steps'?");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\nsteps aupp \"x\"\n", "did you mean 'aup'?");
    refuse("status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\nwhy cite\n", "'rule'");
    diag_init(&d);
    ck_assert_int_eq(page_declare(b, STR("pages/Wrong Name.page"), simple, &d), -1);
}
END_TEST

/* What a `require person` shows leads on by itself, and to nothing that keeps an answer. */
START_TEST(a_page_about_one_person_keeps_no_answer)
{
    static const char *const head = "status 403\ntitle \"W\"\nh1 \"H\"\np \"P\"\n%s";
    struct a_rule rule = {.id = build_str(b, STR("one-person")), .verb = VERB_REQUIRE, .ask = ASK_PERSON};
    char text[256];

    snprintf(text, sizeof text, head, "");
    ck_assert_int_eq(page_declare(b, STR("pages/wrong.page"), str_of(text), &d), 0);
    build_row(b, SECTION_RULES, &rule); /* shows page 0 */
    refuse(text, "require person 'one-person' shows this page, and nobody can go on from it");
    snprintf(text, sizeof text, head, "action \"A\" again\naction \"B\" portal continue\n");
    refuse(text, "what is answered on the portal is kept under a name");
    snprintf(text, sizeof text, head, "action \"Go <on>\" again\naction \"B\" portal why\n");
    diag_init(&d);
    ck_assert_int_eq(parse_page(b, STR("pages/wrong.page"), str_of(text), &d), 0);
    holds(0, "<p><a class=\"go\" href=\"\">Go &lt;on&gt;</a></p>\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pages");
    TCase *t = tcase_create("pages");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, a_page_has_what_every_page_needs);
    tcase_add_test(t, the_note_is_named_where_something_is_recorded);
    tcase_add_test(t, every_hole_takes_the_code);
    tcase_add_test(t, one_style_and_its_hash);
    tcase_add_test(t, actions_lead_to_contacts);
    tcase_add_test(t, actions_lead_to_the_portal);
    tcase_add_test(t, steps_have_a_page_each);
    tcase_add_test(t, a_rule_has_the_page_with_its_own_sentence);
    tcase_add_test(t, a_page_that_keeps_quiet_names_no_rule);
    tcase_add_test(t, a_contact_is_needed_where_the_page_is_shown);
    tcase_add_test(t, a_notice_says_what_is_true);
    tcase_add_test(t, the_sentence_that_is_true_is_chosen);
    tcase_add_test(t, until_monitoring_is_filled_in_counts_are_what_is_true);
    tcase_add_test(t, a_sentence_that_is_not_true_does_not_compile);
    tcase_add_test(t, only_a_question_about_one_person_is_not_kept);
    tcase_add_test(t, what_is_shown_by_others_too_is_not_asked_once);
    tcase_add_test(t, a_page_that_asks_has_no_words_of_its_own_for_records);
    tcase_add_test(t, a_page_of_a_kind_of_site_that_tells_its_rule_is_warned_of);
    tcase_add_test(t, a_notice_that_leaves_things_out_is_warned_of);
    tcase_add_test(t, an_ask_without_an_answer_is_warned_of);
    tcase_add_test(t, wrong_pages_are_refused);
    tcase_add_test(t, a_page_about_one_person_keeps_no_answer);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
