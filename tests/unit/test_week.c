/* The weekly summary: what is counted, what is held back, what is said where there is nothing; in either backend. */
#include "policy_fixture.h"
#include "spool_fixture.h"
#include "store_fixture.h"

#include "record/accesslog.h"
#include "report/report.h"
#include "store/standing_write.h"
#include "tools/week.h"

#define MONDAY ((int32_t)20584) /* 2026-05-11 */
#define OCTOBER ((int32_t)20745) /* 2026-10-19: its Sunday has 25 hours */
enum { A_DAY = 86400, A_WEEK = 7 };

#define HEAD                                                                                                           \
    "policy \"P\" version 1 from 2026-04-01\ncouncil \"Anytown Council\"\nowner \"O\"\napproved-by \"A\" on 2026-03-18\n" \
    "review-due 2027-03-31\ncontact desk \"the desk\" phone \"1\"\ndefault allow page default-deny because \"b\"\n"      \
    "unsure refuse page default-deny\nmalformed refuse page default-deny\nunavailable page unavailable\n"
#define TOLD "record pseudonym\nmonitoring clause \"32\" notice-on 2026-03-02 dpia \"D\"\n"

static struct store *s;
static struct week_look w;
static struct policy *policy;
static unsigned char *bytes;
static struct html page;
static uint64_t sequence;

static void have_policy(const char *text)
{
    struct builder *b = fixture_new();
    char *messages = fixture_messages(b, "p", text);
    size_t size;

    ck_assert_msg(!strstr(messages, "error"), "%s", messages);
    free(messages);
    ck_assert_int_eq(build_finish(b, &bytes, &size, &d), 0);
    build_free(b);
    ck_assert_int_eq(policy_open_mem(bytes, size, &policy, &d), 0);
}

static void put(int32_t day, unsigned person, struct event e)
{
    e.time = local_midnight(day) + 9 * 3600;
    e.origin = ORIGIN_PERSON;
    e.sequence = ++sequence;
    e.has_pseudonym = person != 0;
    memset(e.pseudonym, 0, sizeof e.pseudonym);
    memcpy(e.pseudonym, &person, sizeof person);
    ck_assert_msg(store_event(s, 1, &e, &d) == 0, "%s", d.messages[0].text);
}

static struct event allowed(const char *platform)
{
    struct event e = sample();

    e.action = ACTION_ALLOW;
    e.rule = STR("default");
    e.platform = str_of(platform);
    return e;
}

/* A day on which 20 look at facebook, 12 are refused a reaction there, and 9 look at linkedin. */
static void a_day(int32_t day)
{
    struct event refused = sample(), trial = allowed("facebook"), few = allowed("x");

    refused.activity = ACTIVITY_REACT;
    trial.shadow = few.shadow = true;
    trial.would = few.would = ACTION_REFUSE;
    trial.would_rule = STR("trial-rule");
    few.would_rule = STR("trial-of-few");
    trial.activity = ACTIVITY_COMMENT;
    ck_assert_int_eq(store_begin(s, &d), 0);
    for (unsigned i = 1; i <= 20; i++)
        put(day, i, allowed("facebook"));
    for (unsigned i = 1; i <= 12; i++)
        put(day, i, refused);
    for (unsigned i = 1; i <= 9; i++)
        put(day, i, allowed("linkedin"));
    for (unsigned i = 1; i <= 11; i++)
        put(day, i, trial);
    for (unsigned i = 1; i <= 3; i++)
        put(day, i, few);
    ck_assert_int_eq(store_commit(s, &d), 0);
}

static void start(const char *text)
{
    s = opened();
    have_policy(text);
    w = (struct week_look){.store = file};
}

static void sum_up(int64_t now)
{
    bool more = true;

    while (more)
        ck_assert_msg(store_sum_up(s, now, &more, &d) == 0, "%s", d.messages[0].text);
}

/* The page of the week as text, made at local midnight of the day `made`. */
static const char *week(int32_t monday, int32_t made)
{
    struct doc doc;

    w.facts.policy = policy_artefact(policy);
    w.facts.monday = monday;
    w.facts.made = local_midnight(made);
    w.from_until[0] = local_midnight(monday);
    w.from_until[1] = local_midnight(monday + A_WEEK);
    ck_assert_msg(week_look_store(&w, s, &d) == 0 && week_look_desk(&w, &d) == 0 && week_look_beats(&w, &d) == 0 &&
                      week_look_daemon(&w, &d) == 0,
                  "%s", d.messages[0].text);
    ck_assert_int_eq(week_write(&w.facts, &doc, &d), 0);
    ck_assert_int_eq(out_plain(&doc, &page), 0);
    html_bytes(&page, (struct str){"", 1});
    doc_free(&doc);
    return page.p;
}

static void stop(void)
{
    html_free(&page);
    pool_free(&w.pool);
    policy_free(policy);
    free(bytes);
    gone(s);
}

#define SAYS(text, words) ck_assert_msg(strstr(text, words) != NULL, "not said: %s, in:\n%s", words, text)
#define HIDES(text, words) ck_assert_msg(strstr(text, words) == NULL, "said: %s, in:\n%s", words, text)

START_TEST(sums)
{
    const char *text;

    start(HEAD TOLD);
    for (int32_t day = MONDAY - A_WEEK; day < MONDAY + A_WEEK; day++)
        a_day(day);
    a_day(MONDAY + A_WEEK); /* of the next week: not counted */
    sum_up(local_midnight(MONDAY + 20));
    text = week(MONDAY, MONDAY + 20);
    SAYS(text, "the week to Sunday, 17 May 2026");
    SAYS(text, "Anytown Council");
    SAYS(text, "- facebook\n      Allowed: 217\n      Asked first: 0\n      Refused: 84\n      All: 301\n      All, week before: 301");
    SAYS(text, "- no-reactions\n      What it says: Not a rule of the policy in force now.\n      This week: 84\n      Week before: 84");
    SAYS(text, "- React: like, share, save, vote, follow, join\n      Allowed: 0");
    HIDES(text, "linkedin"); /* nine people */
    HIDES(text, "There are no sums");
    SAYS(text, "No site is in this week's sums for the first time");
    SAYS(text, "- trial-rule\n      Site: facebook\n      Activity: comment\n      Would have been: refused\n      Requests: 70 or more\n      "
               "People: 10 or more");
    HIDES(text, "trial-of-few"); /* three people */
    SAYS(text, "What concerned fewer than ten people is left out");
    stop();
}
END_TEST

/* What nobody needs is who: no pseudonym, in whatever form, nor an event's second. */
START_TEST(nobody_is_in_it)
{
    const char *text;

    start(HEAD TOLD);
    for (unsigned i = 0; i < 12; i++)
        put(MONDAY, 0x6e6f7700 + i, allowed("facebook"));
    sum_up(local_midnight(MONDAY + 20));
    text = week(MONDAY, MONDAY + 20);
    SAYS(text, "Allowed: 12");
    HIDES(text, "6e6f77");
    HIDES(text, "09:00");
    stop();
}
END_TEST

START_TEST(first_week)
{
    const char *text;

    start(HEAD TOLD);
    a_day(MONDAY + 2);
    sum_up(local_midnight(MONDAY + 20));
    text = week(MONDAY, MONDAY + 20);
    SAYS(text, "This is the first week on record.");
    SAYS(text, "All, week before: -");
    SAYS(text, "Of 6 days there are no sums");
    HIDES(text, "for the first time");
    stop();
}
END_TEST

START_TEST(a_new_site)
{
    const char *text;

    start(HEAD TOLD);
    a_day(MONDAY - 20);
    a_day(MONDAY);
    for (unsigned i = 1; i <= 10; i++)
        put(MONDAY + 1, i, allowed("youtube"));
    sum_up(local_midnight(MONDAY + 20));
    text = week(MONDAY, MONDAY + 20);
    SAYS(text, "Sites in this week's sums for the first time: youtube.");
    SAYS(text, "Of the week before there are no sums, so nothing is compared.");
    stop();
}
END_TEST

START_TEST(empty_week)
{
    const char *text;

    start(HEAD TOLD);
    text = week(MONDAY, MONDAY + 20);
    SAYS(text, "There are no sums of this week");
    SAYS(text, "There is nothing to be shown.");
    SAYS(text, "No rule on trial would have done anything.");
    stop();
}
END_TEST

/* Made on the Monday after: Saturday and Sunday are not summed up yet. */
START_TEST(too_early)
{
    const char *text;

    start(HEAD TOLD);
    for (int32_t day = MONDAY; day < MONDAY + A_WEEK; day++)
        a_day(day);
    sum_up(local_midnight(MONDAY + A_WEEK));
    text = week(MONDAY, MONDAY + A_WEEK);
    SAYS(text, "2 of the 7 days are not summed up yet");
    HIDES(text, "Of 2 days there are no sums");
    SAYS(text, "- facebook\n      Allowed: 155");
    stop();
}
END_TEST

/* Why there are no people in it. */
START_TEST(nobody_is_recorded)
{
    static const struct {
        const char *policy, *says;
        unsigned events;
    } rows[] = {
        {HEAD "record counts\n", "No person is recorded at this council", 10},
        {HEAD "record counts\n", "There is nothing to be shown.", 9},
        {HEAD "record none\n", "This council's policy records nothing", 0},
        {HEAD "record pseudonym\nmonitoring clause \"32\" notice-on to-be-filled-in dpia \"D\"\n", "is still to be filled in", 10},
    };
    const char *text;

    start(rows[_i].policy);
    for (unsigned i = 0; i < rows[_i].events; i++)
        put(MONDAY, 0, allowed("facebook"));
    sum_up(local_midnight(MONDAY + 20));
    text = week(MONDAY, MONDAY + 20);
    SAYS(text, rows[_i].says);
    if (rows[_i].events == 10)
        SAYS(text, "- facebook\n      Allowed: 10");
    else
        HIDES(text, "Allowed: 9");
    stop();
}
END_TEST

/* ---- the record ---- */

static void remove_days(const char *folder_of)
{
    char path[128];

    for (int32_t day = OCTOBER; day < OCTOBER + A_WEEK; day++) {
        char date[11] = "";

        clock_format_date(day, date);
        snprintf(path, sizeof path, "%s/days/%s/anchors", folder_of, date);
        unlink(path);
        snprintf(path, sizeof path, "%s/days/%s", folder_of, date);
        rmdir(path);
    }
    snprintf(path, sizeof path, "%s/days", folder_of);
    rmdir(path);
}

/* Every minute of the week whose Sunday has 25 hours but for `less` of them on the Monday; one twice. */
static void beat(const char *folder_of, unsigned less)
{
    char path[128];

    snprintf(path, sizeof path, "%s/days", folder_of);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    for (int32_t day = OCTOBER; day < OCTOBER + A_WEEK; day++) {
        char date[11] = "", name[32];
        struct ledger *l = NULL;

        clock_format_date(day, date);
        snprintf(name, sizeof name, "anchors %s", date);
        snprintf(path, sizeof path, "%s/days/%s", folder_of, date);
        ck_assert_int_eq(mkdir(path, 0700), 0);
        snprintf(path, sizeof path, "%s/days/%s/anchors", folder_of, date);
        ck_assert_int_eq(ledger_begin(path, name, &l, &d), 0);
        for (int64_t t = local_midnight(day) + (day == OCTOBER ? 60 * (int64_t)less : 0); t < local_midnight(day + 1); t += 60)
            ledger_put(l, t, "minute", NULL, 0, NULL);
        ledger_put(l, local_midnight(day + 1) - 1, "minute", NULL, 0, NULL);
        ck_assert_int_eq(ledger_end(l, NULL, &d), 0);
    }
}

START_TEST(a_week_with_an_hour_more)
{
    static const char *const says[] = {"each of its 10,140 minutes is signed", "Of 10,140 minutes 10,137 are signed"};
    const char *text;

    start(HEAD TOLD);
    w.record = home;
    beat(home, _i ? 3 : 0);
    a_day(OCTOBER + 6);
    sum_up(local_midnight(OCTOBER + 20));
    text = week(OCTOBER, OCTOBER + 20);
    SAYS(text, says[_i]);
    SAYS(text, "Allowed: 31");
    remove_days(home);
    stop();
}
END_TEST

/* ---- maps and grants: what is told of facts ---- */

START_TEST(facts_beside)
{
    struct week_unknown unknown[] = {{STR("facebook"), STR("2026-01"), 1234, 9}, {STR("x"), STR("2026-02"), 9, 9}};
    struct week_map maps[] = {{STR("x"), STR_NONE, STR("2026-02")}, {STR("facebook"), STR("2025-12"), STR("2026-01")}};
    const char *text;

    start(HEAD TOLD);
    w.facts.has_rot = w.facts.has_maps = w.facts.has_grants = true;
    w.facts.unknown = unknown;
    w.facts.n_unknown = w.facts.n_maps = 2;
    w.facts.maps = maps;
    w.facts.grants[WEEK_ENDING] = 3;
    w.facts.lists_made = local_midnight(MONDAY + 17);
    text = week(MONDAY, MONDAY + 20);
    SAYS(text, "- facebook\n      Map of: 2026-01\n      Acts seen: 1,234\n      Not known: fewer than 10");
    HIDES(text, "Acts seen: 9");
    SAYS(text, "New: x, map of 2026-02.");
    SAYS(text, "Changed: facebook, from the map of 2025-12 to that of 2026-01.");
    SAYS(text, "ending within 30 days: 3");
    SAYS(text, "made on 28 May 2026, 00:00, 3 days before this page");
    stop();
}
END_TEST

/* ---- the service desk ---- */

static void note(const char *log, int64_t time, struct access_entry e, const char *of)
{
    diag_init(&d);
    e.by = STR("desk");
    e.role = STR("ict");
    e.more[0] = (struct ledger_field){strchr(of, '.') ? "host" : "code", str_of(of)};
    e.n_more = 1;
    ck_assert_msg(accesslog_add(log, &e, time, NULL, &d) == 0, "%s", d.messages[0].text);
}

#define LOOK(word, came) ((struct access_entry){.what = STR(word), .result = STR(came)})

START_TEST(the_service_desk)
{
    const int64_t nine = local_midnight(MONDAY) + 9 * 3600;
    char log[128], code[16];
    const char *text;

    start(HEAD TOLD);
    snprintf(log, sizeof log, "%s/access", home);
    note(log, nine - A_DAY, LOOK("why", "told"), "CCCC-0000"); /* last week's */
    for (unsigned i = 0; i < 12; i++) {
        snprintf(code, sizeof code, "AAAA-%04u", i);
        note(log, nine + i * 60, LOOK("why", "told"), code);
        note(log, nine + i * 60 + 600, LOOK("why", "told"), code); /* the same again is no other question */
    }
    note(log, nine, LOOK("why", "not found"), "BBBB-0000");
    note(log, nine, LOOK("unblock", "opened"), "a.example");
    note(log, nine, LOOK("unblock", "refused"), "AAAA-0001");
    w.access_log = log;
    text = week(MONDAY, MONDAY + 20);
    SAYS(text, "Codes of pages that the desk looked up: 12");
    SAYS(text, "Codes that no page had: fewer than 10");
    SAYS(text, "Sites that were opened: 1");
    SAYS(text, "Sites that the desk may not open itself: 1");
    HIDES(text, "AAAA");
    HIDES(text, "a.example");
    unlink(log);
    stop();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("week");
    TCase *t = tcase_create("week");
    int result;

    tcase_set_timeout(t, 60);
    tcase_add_test(t, sums);
    tcase_add_test(t, nobody_is_in_it);
    tcase_add_test(t, first_week);
    tcase_add_test(t, a_new_site);
    tcase_add_test(t, empty_week);
    tcase_add_test(t, too_early);
    tcase_add_loop_test(t, nobody_is_recorded, 0, 4);
    tcase_add_loop_test(t, a_week_with_an_hour_more, 0, 2);
    tcase_add_test(t, facts_beside);
    tcase_add_test(t, the_service_desk);
    suite_add_tcase(suite, t);
    store_fixture_begin();
    result = run_suite(suite);
    store_fixture_end();
    return result;
}
