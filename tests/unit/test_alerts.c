/* Alerts of repeated refusals: which refusals make one, that each comes once however the import went, what its letter says,
 * and how long it is kept; in either backend. */
#include "policy_fixture.h"
#include "spool_fixture.h"
#include "store_fixture.h"

#include "core/clock.h"
#include "tools/portreeved.h"

#define TEN ((int64_t)1778580000) /* 2026-05-12 11:00 in London */
enum { A_DAY = 86400, PERSON = 0xabababab };

/* ---- the policy in force, in place of portreeved_policy.c ---- */

static const struct artefact *in_force;

const struct artefact *daemon_policy_artefact(const struct daemon_policy *p)
{
    (void)p;
    return in_force;
}

#define HEAD                                                                                                           \
    "policy \"P\" version 1 from 2026-04-01\ncouncil \"C\"\nowner \"O\"\napproved-by \"A\" on 2026-03-18\n"             \
    "review-due 2027-03-31\ncontact desk \"the desk\" phone \"1\"\ndefault allow page default-deny because \"b\"\n"      \
    "unsure refuse page default-deny\nmalformed refuse page default-deny\nunavailable page unavailable\n"
#define TOLD "record pseudonym\nmonitoring clause \"32\" notice-on 2026-03-02 dpia \"D\"\n"
#define ALERT "alert repeated-refusals 10 in 10 minutes cite \"32\"\n"

static unsigned char *bytes;
static struct policy *policy;

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
    in_force = policy_artefact(policy);
}

static void drop_policy(void)
{
    in_force = NULL;
    policy_free(policy);
    free(bytes);
}

/* ---- events ---- */

static struct event refused(uint32_t person, int64_t time)
{
    struct event e = sample();

    e.time = time;
    e.origin = ORIGIN_PERSON;
    e.has_pseudonym = person != 0;
    memcpy(e.pseudonym, &person, sizeof person);
    return e;
}

static struct store *s;
static struct daemon_alerts *alerts;

/* Into the store as portreeved takes them: a transaction of their own. */
static void import(const struct event *events, unsigned n)
{
    struct import_also also = daemon_alerts_also(alerts, (struct import_also){0});
    static uint64_t sequence;

    ck_assert_int_eq(store_begin(s, &d), 0);
    for (unsigned i = 0; i < n; i++) {
        struct event e = events[i];

        e.sequence = ++sequence;
        ck_assert_int_eq(store_event(s, 1, &e, &d), 0);
        ck_assert_int_eq(also.event(also.to, s, &e, &d), 0);
    }
    ck_assert_int_eq(also.ends(also.to, s, &d), 0);
    ck_assert_msg(store_commit(s, &d) == 0, "%s", d.messages[0].text);
}

static void look(void)
{
    while (daemon_alerts_step(alerts, s, TEN, &d))
        ;
    ck_assert_msg(d.errors == 0, "%s", d.messages[0].text);
}

/* `n` refusals of a person, so many seconds apart. */
static void burst(uint32_t person, int64_t from, unsigned n, unsigned apart)
{
    struct event events[64];

    for (unsigned i = 0; i < n; i++)
        events[i] = refused(person, from + (int64_t)i * apart);
    import(events, n);
    look();
}

struct listed {
    unsigned n;
    uint32_t count;
    int64_t time, from, until;
    char reference[32], rules[ALERT_WORDS], classes[ALERT_WORDS];
    bool nameless;
};

static void list(void *to, const struct alert *a)
{
    static const unsigned char nobody[PSEUDONYM_SIZE];
    struct listed *l = to;

    l->n++;
    l->count = a->count;
    l->time = a->time;
    l->from = a->from;
    l->until = a->until;
    l->nameless = memcmp(a->person, nobody, PSEUDONYM_SIZE) == 0;
    snprintf(l->reference, sizeof l->reference, "%.*s", STR_ARG(a->reference));
    snprintf(l->rules, sizeof l->rules, "%.*s", STR_ARG(a->rules));
    snprintf(l->classes, sizeof l->classes, "%.*s", STR_ARG(a->classes));
}

static struct listed all(void)
{
    struct listed l = {0};

    ck_assert_int_eq(store_alerts(s, (const int64_t[]){0, INT64_MAX}, list, &l, &d), 0);
    return l;
}

static void start(const char *text, const char *mail)
{
    s = opened();
    have_policy(text);
    alerts = daemon_alerts_new(NULL, mail);
}

static void stop(void)
{
    daemon_alerts_free(alerts);
    drop_policy();
    gone(s);
}

/* ---- which refusals ---- */

START_TEST(ten_in_ten_minutes)
{
    struct listed l;

    start(HEAD TOLD ALERT, NULL);
    burst(PERSON, TEN, 9, 10);
    ck_assert_uint_eq(all().n, 0);
    burst(PERSON, TEN + 599, 1, 1); /* another import, the tenth */
    l = all();
    ck_assert_uint_eq(l.n, 1);
    ck_assert_uint_eq(l.count, 10);
    ck_assert_int_eq(l.time, TEN + 599);
    ck_assert_int_eq(l.from, TEN);
    ck_assert_int_eq(l.until, TEN + 600);
    ck_assert_str_eq(l.rules, "no-reactions");
    ck_assert_str_eq(l.classes, "social");
    ck_assert_uint_eq(strlen(l.reference), ALERT_REFERENCE);
    ck_assert(l.nameless);
    burst(PERSON, TEN + 3600, 30, 1); /* no second one that day */
    ck_assert_uint_eq(all().n, 1);
    burst(PERSON, TEN + A_DAY, 10, 1); /* another day is another alert */
    ck_assert_uint_eq(all().n, 2);
    burst(PERSON + 1, TEN, 10, 1); /* and so is another person */
    ck_assert_uint_eq(all().n, 3);
    stop();
}
END_TEST

/* What is no repeated refusal of one person's. */
START_TEST(what_makes_none)
{
    const int64_t midnight = TEN + 13 * 3600; /* in London */
    struct event many[40];

    start(HEAD TOLD ALERT, NULL);
    burst(PERSON, TEN, 10, 67);               /* 603 s from first to last */
    burst(PERSON + 1, TEN, 9, 1);             /* nine, */
    burst(PERSON + 1, TEN + 3600, 9, 1);      /* and nine an hour later */
    burst(PERSON + 2, midnight - 9, 18, 1);   /* nine of one day, nine of the next */
    burst(0, TEN, 40, 1);                     /* nobody's */
    for (unsigned i = 0; i < 40; i++) {       /* a page's own doing; let through; asked; held back by shadow */
        many[i] = refused(PERSON + 3, TEN + i);
        if (i % 4 == 0)
            many[i].origin = i % 8 ? ORIGIN_EMBED : ORIGIN_BACKGROUND;
        else
            many[i].action = i % 4 == 1 ? ACTION_ALLOW : i % 4 == 2 ? ACTION_ASK : ACTION_UNAVAILABLE;
        many[i].shadow = i % 4 == 1;
    }
    import(many, 40);
    look();
    ck_assert_uint_eq(all().n, 0);
    stop();
}
END_TEST

START_TEST(only_where_it_is_asked_for_and_people_are_recorded)
{
    static const char *const policies[] = {
        HEAD TOLD, /* not asked for */
        HEAD "record pseudonym\nmonitoring clause \"32\" notice-on to-be-filled-in dpia \"D\"\n" ALERT /* counts as yet */,
    };

    start(policies[_i], NULL);
    burst(PERSON, TEN, 20, 1);
    ck_assert_uint_eq(all().n, 0);
    stop();
}
END_TEST

/* ---- once ---- */

/* The same refusals, in other orders and portions, with a new portreeved in between: one alert, of one reference. */
START_TEST(however_they_come)
{
    struct event events[10];

    start(HEAD TOLD ALERT, "hr@council.example");
    for (unsigned i = 0; i < 10; i++)
        events[i] = refused(PERSON, TEN + 50 * (int64_t)(_i == 1 ? 9 - i : i));
    if (_i == 2) { /* killed behind the import */
        import(events, 10);
        daemon_alerts_free(alerts);
        alerts = daemon_alerts_new(NULL, "hr@council.example");
        look();
    } else {
        for (unsigned i = 0; i < 10; i++) {
            import(events + i, 1);
            look();
        }
    }
    look();
    ck_assert_uint_eq(all().n, 1);
    ck_assert_str_eq(all().reference, "A-ZDZD-3SJQ"); /* it follows from the person and the day alone */
    stop();
}
END_TEST

/* A transaction that is taken back leaves no note. */
START_TEST(what_is_undone)
{
    struct import_also also;
    struct event e = refused(PERSON, TEN);
    struct alert_due due;

    start(HEAD TOLD ALERT, NULL);
    also = daemon_alerts_also(alerts, (struct import_also){0});
    ck_assert_int_eq(store_begin(s, &d), 0);
    ck_assert_int_eq(also.event(also.to, s, &e, &d), 0);
    store_rollback(s);
    also.undone(also.to);
    import(NULL, 0);
    ck_assert_int_eq(store_alert_next(s, &due, &d), 0);
    ck_assert_int_eq(due.id, 0);
    stop();
}
END_TEST

/* ---- who is told, and what ---- */

START_TEST(the_letter)
{
    struct letter l;
    char text[4096];

    start(HEAD TOLD ALERT, "hr@council.example");
    burst(PERSON, TEN, 12, 10);
    burst(PERSON, TEN + 600, 12, 10);
    ck_assert_int_eq(store_letter_due(s, TEN + A_DAY, &l, &d), 0);
    ck_assert_int_ne(l.id, 0);
    ck_assert_slice(l.to, "hr@council.example");
    snprintf(text, sizeof text, "%.*s", STR_ARG(l.text));
    ck_assert_ptr_nonnull(strstr(text, all().reference));
    ck_assert_ptr_nonnull(strstr(text, "12 times"));
    ck_assert_ptr_nonnull(strstr(text, "12/05/2026 11:01"));
    ck_assert_ptr_nonnull(strstr(text, "no-reactions"));
    ck_assert_ptr_null(strstr(text, "abab"));
    ck_assert_int_eq(store_letter_sent(s, l.id, &d), 0);
    ck_assert_int_eq(store_letter_due(s, TEN + A_DAY, &l, &d), 0);
    ck_assert_int_eq(l.id, 0); /* one alert, one letter */
    stop();
}
END_TEST

/* For Information Governance; and no other way to them. */
START_TEST(the_person)
{
    struct event e = refused(PERSON, 0);
    struct alert a;
    bool found;

    start(HEAD TOLD ALERT, NULL);
    burst(PERSON, TEN, 10, 1);
    ck_assert_int_eq(store_alert(s, str_of(all().reference), &a, &found, &d), 0);
    ck_assert(found);
    ck_assert_mem_eq(a.person, e.pseudonym, PSEUDONYM_SIZE);
    ck_assert_int_eq(store_alert(s, STR("A-0000-0000"), &a, &found, &d), 0);
    ck_assert(!found);
    stop();
}
END_TEST

/* They go with their events, unless a hold keeps them. */
START_TEST(how_long)
{
    const int32_t day = clock_local(TEN).day;
    struct hold hold = {.reference = STR("HR-1"), .from = TEN - 10, .until = TEN + 100, .review = TEN, .by = STR("ig"), .at = TEN};
    struct event e = refused(PERSON, 0);

    start(HEAD TOLD ALERT, NULL);
    burst(PERSON, TEN, 10, 1);
    burst(PERSON + 1, TEN, 10, 1);
    memcpy(hold.person, e.pseudonym, PSEUDONYM_SIZE);
    ck_assert_int_eq(store_hold(s, &hold, &d), 0);
    ck_assert_int_eq(store_alerts_forget(s, day, &d), 0);
    ck_assert_uint_eq(all().n, 2);
    ck_assert_int_eq(store_alerts_forget(s, day + 1, &d), 0);
    ck_assert_uint_eq(all().n, 1);
    ck_assert_int_eq(store_release(s, hold.reference, &d), 0);
    ck_assert_int_eq(store_alerts_forget(s, day + 1, &d), 0);
    ck_assert_uint_eq(all().n, 0);
    stop();
}
END_TEST

/* More rules than an alert has room for. */
START_TEST(many_rules)
{
    struct event events[30];
    char rules[30][64];

    start(HEAD TOLD ALERT, "hr@council.example");
    for (unsigned i = 0; i < 30; i++) {
        snprintf(rules[i], sizeof rules[i], "a-rule-with-a-name-that-is-rather-long-number-%u", i);
        events[i] = refused(PERSON, TEN + i);
        events[i].rule = str_of(rules[i]);
        events[i].platform = i % 2 ? STR("youtube") : STR("nobody-knows");
    }
    import(events, 30);
    look();
    ck_assert_uint_eq(all().count, 30);
    ck_assert_str_eq(all().classes, "- streaming");
    ck_assert_ptr_nonnull(strstr(all().rules, "number-9"));
    ck_assert_str_eq(all().rules + strlen(all().rules) - 4, " ...");
    stop();
}
END_TEST

/* ---- the statement ---- */

START_TEST(statements)
{
    static const struct {
        const char *text, *says;
    } rows[] = {
        {HEAD TOLD "alert repeated-refusals 10 in 10 minutes\n", "add cite"},
        {HEAD TOLD "alert repeated-refusals 4 in 10 minutes cite \"1\"\n", "from 5 to 1000"},
        {HEAD TOLD "alert repeated-refusals 10 in 61 minutes cite \"1\"\n", "from 1 to 60"},
        {HEAD TOLD "alert repeated-refusals 10 cite \"1\"\n", "must be followed by 'in'"},
        {HEAD TOLD "alert repeated-refusal 10 in 10 minutes cite \"1\"\n", "did you mean 'repeated-refusals'"},
        {HEAD TOLD ALERT ALERT, "said twice"},
        {HEAD "record counts\n" ALERT, "is about one person, and this policy records none ('record counts')"},
        {HEAD "record none\n" ALERT, "this policy records none ('record none')"},
    };
    struct builder *b = fixture_new();
    char *messages = fixture_messages(b, "p", rows[_i].text);

    ck_assert_msg(strstr(messages, rows[_i].says) && strstr(messages, "error"), "%s", messages);
    free(messages);
    build_free(b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("alerts");
    TCase *t = tcase_create("alerts");
    int result;

    tcase_set_timeout(t, 60);
    tcase_add_test(t, ten_in_ten_minutes);
    tcase_add_test(t, what_makes_none);
    tcase_add_loop_test(t, only_where_it_is_asked_for_and_people_are_recorded, 0, 2);
    tcase_add_loop_test(t, however_they_come, 0, 3);
    tcase_add_test(t, what_is_undone);
    tcase_add_test(t, the_letter);
    tcase_add_test(t, the_person);
    tcase_add_test(t, how_long);
    tcase_add_test(t, many_rules);
    tcase_add_loop_test(t, statements, 0, 8);
    suite_add_tcase(suite, t);
    store_fixture_begin();
    result = run_suite(suite);
    store_fixture_end();
    return result;
}
