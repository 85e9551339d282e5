/* Lines of feeds: what of an event stands in them, texts that no event should have, places that are no
 * places; and the lines that wait in a store, in either backend. */
#include "spool_fixture.h"
#include "store_fixture.h"

#include "feed/sink.h"

static char line[FEED_LINE + 1];

static const char *made(const char *feed, const struct event *e)
{
    struct feed f;
    struct feed_item item = {e, 7, "gate-1"};

    diag_init(&d);
    ck_assert_msg(feed_read(feed, &f, &d) == 0, "%s", d.messages[0].text);
    ck_assert(feed_takes(&f, e));
    line[feed_line(&f, &item, line)] = '\0';
    return line;
}

static struct event caught(void)
{
    struct event e = sample();

    e.time = 1778580123;
    e.categories = 1u << CATEGORY_MALWARE | 1u << CATEGORY_ADULT;
    e.code = STR("K7M4-29QX");
    e.group = STR("licensing");
    e.has_pseudonym = true;
    memset(e.pseudonym, 0xab, sizeof e.pseudonym);
    return e;
}

START_TEST(whole_lines)
{
    struct event e = caught();

    ck_assert_str_eq(
        made("security=file:/x", &e),
        "{\"@timestamp\":\"2026-05-12T10:02:03.000Z\",\"ecs\":{\"version\":\"8.17.0\"},\"event\":{\"kind\":"
        "\"event\","
        "\"category\":[\"web\",\"network\"],\"type\":[\"access\",\"denied\"],\"action\":\"refuse\","
        "\"outcome\":"
        "\"failure\",\"reason\":\"rule\",\"severity\":6,\"module\":\"portreeve\",\"dataset\":\"portreeve."
        "security\","
        "\"sequence\":7,\"id\":\"K7M4-29QX\"},\"rule\":{\"id\":\"no-reactions\",\"version\":\"3.2\"},"
        "\"user\":{\"id\":"
        "\"abababababababababababababababab\"},\"group\":{\"name\":\"licensing\"},\"url\":{\"domain\":"
        "\"facebook\"},"
        "\"observer\":{\"name\":\"gate-1\",\"product\":\"Portreeve\",\"type\":\"proxy\",\"version\":\"0.1."
        "0\"},"
        "\"labels\":{\"feed_schema\":\"1\",\"social_action\":\"view\",\"origin\":\"person\",\"categories\":"
        "\"adult,malware\"}}");
    ck_assert_str_eq(
        made("policy,cef=unix:/dev/log", &e),
        "<134>1 2026-05-12T10:00:00.000Z gate-1 portreeve - policy [origin software=\"Portreeve\" "
        "swVersion=\"0.1.0\"] "
        "CEF:0|Portreeve|Portreeve|0.1.0|policy-refuse|Web access: refuse|3|rt=1778580000000 act=refuse "
        "outcome=failure reason=rule cs3=no-reactions cs3Label=RuleName cs4=3.2 cs4Label=PolicyVersion "
        "dhost=facebook cat=view dvchost=gate-1 cn2=1 cn2Label=FeedSchema externalId=0000000000000007");
}
END_TEST

START_TEST(texts_that_no_event_has)
{
    struct event e = caught();

    e.rule = STR("two\nlines\r\x01|a=b\\c");
    e.platform = STR("\xff\xfe");
    ck_assert_ptr_nonnull(strstr(made("security=file:/x", &e), "\"id\":\"two\\nlines\\r\\u0001|a=b\\\\c\""));
    ck_assert_ptr_nonnull(strstr(line, "\"domain\":\"?\""));
    ck_assert_ptr_nonnull(
        strstr(made("security,cef=file:/x", &e), "cs3=two\\nlines\\r |a\\=b\\\\c cs3Label"));
    ck_assert_ptr_nonnull(strstr(line, " dhost=? "));
    /* A byte order mark before what is not ASCII, and not in a file. */
    e.rule = STR("caf\xc3\xa9");
    ck_assert_ptr_nonnull(strstr(made("security,cef=tcp:127.0.0.1:6514", &e), "] \xef\xbb\xbf"
                                                                              "CEF:0|"));
    ck_assert_ptr_null(strstr(made("security,cef=file:/x", &e), "\xef\xbb\xbf"));
    ck_assert_ptr_null(strstr(made("security=tcp:127.0.0.1:6514", &e), "\xef\xbb\xbf"));
}
END_TEST

START_TEST(the_longest_event_fits)
{
    char full[65];
    struct event e = caught();

    memset(full, 1, 64);
    full[64] = '\0';
    e.policy = e.rule = e.platform = e.group = e.code = e.would_rule = str_of(full);
    e.shadow = true;
    e.categories = (1u << CATEGORY_COUNT) - 1;
    ck_assert_uint_gt(strlen(made("security=tcp:127.0.0.1:6514", &e)), 2000);
    ck_assert_int_eq(line[strlen(line) - 1], '}');
    memset(full, '=', 64);
    ck_assert_uint_gt(strlen(made("security,cef=tcp:127.0.0.1:6514", &e)), 900);
}
END_TEST

START_TEST(who_is_told)
{
    struct event e = caught();
    struct feed f;

    ck_assert_ptr_null(strstr(made("security,no-user=file:/x", &e), "abab"));
    ck_assert_ptr_null(strstr(line, "licensing"));
    e.has_pseudonym = false; /* the policy records counts */
    ck_assert_ptr_null(strstr(made("security=file:/x", &e), "user"));
    e.categories = 1u << CATEGORY_ADULT | 1u << CATEGORY_GAMBLING;
    ck_assert_int_eq(feed_read("security=file:/x", &f, &d), 0);
    ck_assert(!feed_takes(&f, &e));
    ck_assert_int_eq(feed_due(&f, &e, e.time + 5), e.time + 5);
    ck_assert_int_eq(feed_read("policy=file:/x", &f, &d), 0);
    ck_assert(feed_takes(&f, &e));
    ck_assert_int_eq(feed_due(&f, &e, e.time), 1778580000 + 3600); /* 10:02 leaves at 11:00 */
    ck_assert_int_eq(feed_due(&f, &e, e.time + 7200), e.time + 7200);
    e.time += 1000000; /* a clock that is ahead holds nothing up for days */
    ck_assert_int_eq(feed_due(&f, &e, 1778580000), 1778580000 + 3600);
}
END_TEST

static bool see_number(void *to, const struct feed_waiting *w)
{
    char *seen = to;

    ck_assert_uint_eq(w->text.n, 3);
    snprintf(seen + strlen(seen), 8, "%llu ", (unsigned long long)w->number);
    return w->number != 9;
}

static void see_feed(void *to, struct str name, const struct feed_row *row)
{
    unsigned *n = to;

    ck_assert_slice(name, *n ? "b security" : "a security");
    ck_assert_uint_ge(row->next, 1);
    (*n)++;
}

START_TEST(lines_wait_in_the_store)
{
    struct store *s = opened();
    struct feed_row a, b, again;
    char seen[64] = "";
    uint64_t dropped;
    unsigned feeds = 0;

    ck_assert_int_eq(store_feed(s, STR("a security"), &a, &d), 0);
    ck_assert_int_eq(store_feed(s, STR("b security"), &b, &d), 0);
    ck_assert_int_ne(a.id, b.id);
    ck_assert_int_eq(store_begin(s, &d), 0);
    for (uint64_t n = 1; n <= 9; n++) { /* 7, 8 and 9 are due first */
        struct feed_waiting w = {n > 6 ? 10 : 20, n, STR("abc")};

        ck_assert_msg(store_feed_add(s, a.id, &w, &d) == 0, "%s", d.messages[0].text);
    }
    ck_assert_int_eq(store_feed_add(s, b.id, &(struct feed_waiting){10, 1, STR("abc")}, &d), 0);
    a.next = 10;
    a.lost = (uint64_t)1 << 40;
    a.file = (uint64_t)1 << 62;
    ck_assert_int_eq(store_feed_put(s, &a, &d), 0);
    ck_assert_int_eq(store_commit(s, &d), 0);
    ck_assert_int_eq(store_feed_due(s, a.id, &(struct feed_asked){10, 100}, see_number, seen, &d), 0);
    ck_assert_str_eq(seen, "7 8 9 ");
    seen[0] = '\0';
    ck_assert_int_eq(store_feed_drop(s, a.id, &(struct feed_waiting){10, 8, STR_NONE}, &dropped, &d), 0);
    ck_assert_uint_eq(dropped, 2);
    ck_assert_int_eq(store_feed_due(s, a.id, &(struct feed_asked){20, 3}, see_number, seen, &d), 0);
    ck_assert_str_eq(seen, "9 "); /* it wanted no more */
    ck_assert_int_eq(store_feed(s, STR("a security"), &again, &d), 0);
    ck_assert_uint_eq(again.next, 10);
    ck_assert_uint_eq(again.lost, (uint64_t)1 << 40);
    ck_assert_uint_eq(again.file, (uint64_t)1 << 62);
    ck_assert_uint_eq(again.waiting, 7);
    ck_assert_int_eq(again.oldest, 10);
    ck_assert_int_eq(store_feeds(s, see_feed, &feeds, &d), 0);
    ck_assert_uint_eq(feeds, 2);
    /* Another's lines stay. */
    ck_assert_int_eq(store_feed_forget(s, a.id, &d), 0);
    ck_assert_int_eq(store_feed(s, STR("a security"), &again, &d), 0);
    ck_assert_uint_eq(again.waiting, 0);
    ck_assert_uint_eq(again.next, 1);
    ck_assert_int_eq(store_feed(s, STR("b security"), &again, &d), 0);
    ck_assert_uint_eq(again.waiting, 1);
    gone(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("feed");
    TCase *t = tcase_create("feed");
    int result;

    tcase_set_timeout(t, 60);
    tcase_add_test(t, whole_lines);
    tcase_add_test(t, texts_that_no_event_has);
    tcase_add_test(t, the_longest_event_fits);
    tcase_add_test(t, who_is_told);
    tcase_add_test(t, lines_wait_in_the_store);
    suite_add_tcase(suite, t);
    store_fixture_begin();
    result = run_suite(suite);
    store_fixture_end();
    return result;
}
