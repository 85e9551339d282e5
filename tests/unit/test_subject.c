/* The export for a person and for Information Governance: what others wrote, and what may not be given away yet. */
#include "report/form.h"
#include "report/report.h"
#include "report/subject.h"
#include "unit.h"

static struct pool pool;
static struct artefact_header header;
static struct artefact artefact;

static struct str clean(const char *text)
{
    return input_clean(&pool, str_of(text), true);
}

static const char *emoji(void)
{
    static char text[4097];

    for (size_t i = 0; i + 4 < sizeof text; i += 4)
        memcpy(text + i, "\xf0\x9f\x98\x80", 5);
    return text;
}

static const char *const hostile[] = {"=1+1", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3", "O'Neill \"<b>x</b>\"",
                                      "two\nlines\r\nmore", "\xe2\x80\xaeresu.a", "\t=2", NULL};

static struct subject_event events[2 + sizeof hostile / sizeof *hostile];
static struct subject_look looks[2];
static struct subject_hold holds[2];
static struct input_note notes[1];

static struct subject_facts facts(void)
{
    struct subject_facts f = {.reference = STR("SAR-1"),
                              .council = STR("Made-up Council"),
                              .name = clean("=HYPERLINK(\"http://x\") \xe2\x80\xae"),
                              .checked_by = STR("i.three"),
                              .asked_on = 20000,
                              .from = 19900,
                              .to = 20000,
                              .made = 20000 * (int64_t)86400,
                              .keep_days = {90, 365, 731, 731},
                              .access_days = 731,
                              .policy = &artefact};
    size_t n = 0;

    artefact.header = &header;
    for (; hostile[n]; n++)
        events[n] = (struct subject_event){.time = 19950 * (int64_t)86400 + (int64_t)n,
                                           .site = clean(hostile[n]),
                                           .rule = STR("r"),
                                           .because = clean(hostile[n]),
                                           .cite = STR("1")};
    events[n++] = (struct subject_event){.time = 19960 * (int64_t)86400, .site = clean(emoji()), .rule = STR("r")};
    events[n++] = (struct subject_event){.time = 19000 * (int64_t)86400, .site = STR("Secretsite"), .kept_back = true};
    notes[0] = (struct input_note){f.made, 19950 * (int64_t)86400, 19950 * (int64_t)86400, clean("It was <i>work</i>, =1")};
    looks[0] = (struct subject_look){f.made, STR("h.two"), STR("hr"), STR("open"), STR("HR-TOLD"), false, false};
    looks[1] = (struct subject_look){f.made, STR("h.two"), STR("hr"), STR("report"), STR("HR-SECRET"), false, true};
    holds[0] = (struct subject_hold){STR("HOLD-TOLD"), 0, f.made, f.made, false};
    holds[1] = (struct subject_hold){STR("HOLD-SECRET"), 0, f.made, f.made, true};
    f.events[SUBJECT_EVENTS] = (struct input_list){events, n};
    f.notes = (struct input_list){notes, 1};
    f.looks = (struct input_list){looks, 2};
    f.holds = (struct input_list){holds, 2};
    return f;
}

static const char *form(enum subject_reader reader, int (*out)(const struct doc *d, struct html *to), struct html *bytes)
{
    struct subject_facts f = facts();
    struct doc doc = {0};
    struct diag d;

    diag_init(&d);
    *bytes = (struct html){0};
    ck_assert_int_eq(subject_write(&f, reader, &doc, &d), 0);
    ck_assert_int_eq(out(&doc, bytes), 0);
    html_bytes(bytes, (struct str){"", 1});
    doc_free(&doc);
    return bytes->p;
}

static int (*const outs[])(const struct doc *d, struct html *to) = {out_html, out_csv, out_json, out_plain};

START_TEST(what_is_not_told_yet_is_for_information_governance_alone)
{
    static const char *const secrets[] = {"Secretsite", "HR-SECRET", "HOLD-SECRET", "not told yet", "left out", "put off", "h.two"};
    struct html bytes;
    const char *text = form(FOR_PERSON, outs[_i], &bytes);

    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        ck_assert_msg(strstr(text, secrets[i]) == NULL, "the person reads %s", secrets[i]);
    ck_assert_ptr_nonnull(strstr(text, "HR-TOLD"));
    ck_assert_ptr_nonnull(strstr(text, "HOLD-TOLD"));
    html_free(&bytes);
    text = form(FOR_IG, outs[_i], &bytes);
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        ck_assert_msg(strstr(text, secrets[i]) != NULL, "Information Governance does not read %s", secrets[i]);
    html_free(&bytes);
    pool_free(&pool);
}
END_TEST

START_TEST(no_cell_is_a_formula)
{
    struct html bytes;
    const char *text = form(FOR_PERSON, out_csv, &bytes);
    unsigned cells = 0;

    for (const char *p = text; *p; p++) {
        if (*p != '"')
            continue;
        cells++;
        p++;
        while (*p == ' ')
            p++;
        ck_assert_msg(!strchr("=+@|%\t\r\n", *p), "a cell begins with '%.20s'", p);
        ck_assert_msg(*p != '-' || p[1] == '"', "a cell begins with '%.20s'", p);
        for (; !(p[0] == '"' && p[1] != '"'); p++) {
            ck_assert_msg((unsigned char)*p >= ' ', "a cell has a control byte");
            p += p[0] == '"';
        }
    }
    ck_assert_uint_gt(cells, 200);
    ck_assert_ptr_null(strstr(text, "\xe2\x80\xae"));
    html_free(&bytes);
    pool_free(&pool);
}
END_TEST

START_TEST(no_markup_of_others)
{
    struct html bytes;
    const char *text = form(FOR_PERSON, out_html, &bytes);

    ck_assert_ptr_null(strstr(text, "<b>x"));
    ck_assert_ptr_null(strstr(text, "<i>work"));
    ck_assert_ptr_nonnull(strstr(text, "It was &lt;i&gt;work&lt;/i&gt;, =1"));
    ck_assert_ptr_null(strstr(text, "\xe2\x80\xae"));
    ck_assert_ptr_nonnull(strstr(text, emoji() + 4000)); /* long, and whole */
    html_free(&bytes);
    pool_free(&pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("subject");
    TCase *t = tcase_create("subject");

    tcase_add_loop_test(t, what_is_not_told_yet_is_for_information_governance_alone, 0, (int)(sizeof outs / sizeof *outs));
    tcase_add_test(t, no_cell_is_a_formula);
    tcase_add_test(t, no_markup_of_others);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
