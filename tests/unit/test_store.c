/* The store: events once, minutes once, acts once; whatever is killed or full when. */
#include "spool_fixture.h"
#include "store_fixture.h"

#include "store/import.h"
#include "store/journal.h"
#include "store/standing_write.h"

static const struct spending spending[] = {{{"own-time", 8}, {"personal", 8}},
                                           {{"no-reactions", 12}, {"other", 5}}};
#define NOW ((int64_t)1778580000) /* 2026-05-12 11:00 in London */

static struct import_result import(struct store *s, uint64_t limit, bool keep)
{
    struct import_how how = {.spending = spending,
                             .n_spending = sizeof spending / sizeof *spending,
                             .limit = limit,
                             .keep = keep,
                             .today = clock_local(NOW).day};
    struct import_result r = {0};

    diag_init(&d);
    ck_assert_msg(import_spool(s, folder, &how, &r, &d) == 0, "%s", d.messages[0].text);
    return r;
}

static void put(struct spool *s, struct event e)
{
    ck_assert_int_eq(spool_append(s, &e), 0);
}

/* Somebody's own act that went through at a cost. */
static struct event spent(unsigned char person, int64_t time)
{
    struct event e = sample();

    e.rule = STR("own-time");
    e.action = ACTION_ALLOW;
    e.origin = ORIGIN_PERSON;
    e.has_pseudonym = true;
    memset(e.pseudonym, person, sizeof e.pseudonym);
    e.time = time;
    return e;
}

static uint32_t minutes(struct store *s, unsigned char person, int64_t time)
{
    unsigned char who[PSEUDONYM_SIZE];
    uint32_t n = 99;

    memset(who, person, sizeof who);
    ck_assert_int_eq(store_used_by(s, who, STR("personal"), clock_local(time).day, &n, &d), 0);
    return n;
}

/* The same of somebody who is known for the day alone; the event's own time says the hour. */
static struct event spent_today(unsigned char person, int64_t time)
{
    struct event e = spent(person, time - time % 3600);

    e.has_pseudonym = false;
    e.has_day = true;
    memset(e.day, person, sizeof e.day);
    e.minute = (uint32_t)(time % 3600 / 60);
    return e;
}

static uint32_t day_minutes(struct store *s, unsigned char person, int64_t time)
{
    unsigned char who[DAY_DIGEST];
    uint32_t n = 99;

    memset(who, person, sizeof who);
    ck_assert_int_eq(store_day_used_by(s, who, STR("personal"), clock_local(time).day, &n, &d), 0);
    return n;
}

static void count(void *to, const struct event *e)
{
    (void)e;
    ++*(unsigned *)to;
}

START_TEST(each_event_once)
{
    struct store *s = opened();
    struct import_result r;
    struct spool *spool;
    char path[512];
    uint64_t n;
    unsigned char who[PSEUDONYM_SIZE];

    begin();
    memset(who, 1, sizeof who);
    spool = open_spool(SMALL);
    for (int i = 0; i < 300; i++)
        put(spool, spent(1, NOW + i));
    r = import(s, UINT64_MAX, false); /* while it is being written */
    ck_assert_uint_eq(r.events, 300);
    ck_assert_uint_gt(r.deleted, 0);
    ck_assert_uint_eq(import(s, UINT64_MAX, false).events, 0);
    put(spool, spent(1, NOW + 300));
    ck_assert_uint_eq(import(s, UINT64_MAX, false).events, 1);
    spool_close(spool);
    ck_assert_uint_eq(import(s, UINT64_MAX, false).events, 0);
    ck_assert_uint_eq(segments(0, path, sizeof path), 0); /* all finished, all deleted */
    ck_assert_int_eq(store_count_person(s, who, &n, &d), 0);
    ck_assert_uint_eq(n, 301);
    end();
    gone(s);
}
END_TEST

START_TEST(minutes_of_the_day_know_of_no_event)
{
    struct store *s = opened();
    struct spool *spool;
    unsigned char nobody[PSEUDONYM_SIZE] = {0};
    uint64_t n = 99;

    begin();
    spool = open_spool(SMALL);
    for (int i = 0; i < 5; i++)
        put(spool, spent_today(1, NOW + 30 * i)); /* three minutes */
    put(spool, spent_today(2, NOW));
    put(spool, spent_today(1, NOW - 86400)); /* of yesterday, and late */
    spool_close(spool);
    ck_assert_uint_eq(import(s, UINT64_MAX, false).events, 7);
    ck_assert_uint_eq(day_minutes(s, 1, NOW), 3);
    ck_assert_uint_eq(day_minutes(s, 2, NOW), 1);
    ck_assert_uint_eq(day_minutes(s, 1, NOW - 86400), 0);
    ck_assert_uint_eq(minutes(s, 1, NOW), 0); /* nobody has a pseudonym */
    memset(nobody, 1, DAY_DIGEST);
    ck_assert_int_eq(store_count_person(s, nobody, &n, &d), 0);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(store_tidy(s, NOW, &d), 0);
    ck_assert_uint_eq(day_minutes(s, 1, NOW), 3);
    ck_assert_int_eq(store_tidy(s, local_midnight(clock_local(NOW).day + 1), &d), 0);
    ck_assert_uint_eq(day_minutes(s, 1, NOW), 0); /* with its day */
    end();
    gone(s);
}
END_TEST

/* On 2026-10-25 01:30 comes twice; on 2026-03-29 02:00 follows 00:59. */
START_TEST(clock_changes_neither_give_nor_take_minutes)
{
    const int64_t twice = 1792888200, forward = 1774746000;
    struct store *s = opened();
    struct spool *spool;

    begin();
    spool = open_spool(SMALL);
    put(spool, spent(1, twice));
    put(spool, spent(1, twice + 3600));
    put(spool, spent(1, forward - 60));
    put(spool, spent(1, forward));
    put(spool, spent(1, local_midnight(clock_day(2026, 10, 26)) - 60)); /* minute 1,499 */
    spool_close(spool);
    import(s, UINT64_MAX, false);
    ck_assert_uint_eq(minutes(s, 1, twice), 3);
    ck_assert_uint_eq(minutes(s, 1, forward), 2);
    ck_assert_uint_eq(minutes(s, 1, local_midnight(clock_day(2026, 10, 26))), 0);
    end();
    gone(s);
}
END_TEST

START_TEST(a_limit_is_gone_on_from)
{
    struct store *s = opened();
    struct import_result r;
    struct spool *spool;
    uint64_t n = 0;

    begin();
    spool = open_spool(SMALL);
    for (int i = 0; i < 300; i++)
        put(spool, spent(1, NOW + i));
    spool_close(spool);
    do {
        r = import(s, 7, true);
        n += r.events;
        ck_assert_uint_le(r.events, 7);
    } while (r.events);
    ck_assert_uint_eq(n, 300);
    ck_assert_uint_eq(r.deleted, 0); /* kept, and known as read */
    end();
    gone(s);
}
END_TEST

START_TEST(what_was_not_committed_is_imported_again)
{
    struct store *s = opened();
    struct spool *spool;
    int status;
    pid_t child;

    begin();
    spool = open_spool(SMALL);
    for (int i = 0; i < 50; i++)
        put(spool, spent(1, NOW + 60 * i));
    spool_close(spool);
    store_close(s);
    child = fork();
    if (child == 0) { /* killed in the middle of a segment */
        struct store_segment segment;

        s = opened();
        store_begin(s, &d);
        store_segment(s, STR("x"), &segment, &d);
        for (int i = 0; i < 10; i++) {
            struct event e = spent(1, NOW);

            e.sequence = (uint64_t)i;
            store_event(s, segment.id, &e, &d);
        }
        raise(SIGKILL);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status));
    s = opened();
    ck_assert_uint_eq(import(s, UINT64_MAX, false).events, 50);
    ck_assert_uint_eq(minutes(s, 1, NOW), 50);
    end();
    gone(s);
}
END_TEST

START_TEST(a_torn_segment_is_kept_aside)
{
    struct store *s = opened();
    struct import_result r;
    struct spool *spool;
    char path[512];
    int fd;

    begin();
    spool = open_spool(SMALL);
    for (int i = 0; i < 3; i++)
        put(spool, spent(1, NOW));
    spool_close(spool);
    segments(0, path, sizeof path);
    fd = open(path, O_RDWR);
    ck_assert_int_eq(pwrite(fd, "x", 1, 256 + RECORD_HEAD + 3), 1); /* a flipped byte in the first */
    close(fd);
    r = import(s, UINT64_MAX, false);
    ck_assert_uint_eq(r.events, 2);
    ck_assert_uint_eq(r.torn, 1);
    ck_assert_uint_eq(segments(0, path, sizeof path), 1);
    ck_assert_ptr_nonnull(strstr(path, ".spool.torn"));
    ck_assert_uint_eq(import(s, UINT64_MAX, false).events, 0);
    end();
    gone(s);
}
END_TEST

START_TEST(what_is_no_segment_does_not_stop_the_others)
{
    struct store *s = opened();
    struct import_how how = {
        .spending = spending, .n_spending = 1, .limit = UINT64_MAX, .today = clock_local(NOW).day};
    struct import_result r = {0};
    struct spool *spool;
    char path[128];
    int fd;

    begin();
    spool = open_spool(SMALL);
    put(spool, spent(1, NOW));
    spool_close(spool);
    snprintf(path, sizeof path, "%s/0.spool", folder);
    fd = open(path, O_WRONLY | O_CREAT, 0600);
    ck_assert_int_eq(write(fd, "nonsense", 8), 8);
    close(fd);
    ck_assert_int_eq(import_spool(s, folder, &how, &r, &d), -1);
    ck_assert_uint_eq(d.errors, 1);
    ck_assert_uint_eq(r.events, 1);
    ck_assert_int_eq(access(path, F_OK), 0); /* not ours to delete */
    end();
    gone(s);
}
END_TEST

START_TEST(a_minute_is_a_minute)
{
    struct store *s = opened();
    struct spool *spool;
    struct event e;

    begin();
    spool = open_spool(0);
    for (int i = 0; i < 100; i++)
        put(spool, spent(1, NOW + i % 60)); /* a hundred acts in one minute */
    put(spool, spent(1, NOW + 60));
    put(spool, spent(2, NOW)); /* somebody else */
    e = spent(1, NOW + 180);
    e.origin = ORIGIN_BACKGROUND; /* never costs anyone */
    put(spool, e);
    e = spent(1, NOW + 240);
    e.action = ACTION_REFUSE;
    put(spool, e);
    e = spent(1, NOW + 300);
    e.rule = STR("council-account"); /* a rule without an allowance */
    put(spool, e);
    e = spent(1, NOW + 360);
    e.has_pseudonym = false;
    put(spool, e);
    put(spool, spent(1, NOW + 24 * 3600)); /* tomorrow */
    spool_close(spool);
    import(s, UINT64_MAX, false);
    ck_assert_uint_eq(minutes(s, 1, NOW), 2);
    ck_assert_uint_eq(minutes(s, 2, NOW), 1);
    ck_assert_uint_eq(minutes(s, 1, NOW + 24 * 3600), 1);
    store_close(s);
    s = opened(); /* it outlives the daemon */
    ck_assert_uint_eq(minutes(s, 1, NOW), 2);
    ck_assert_int_eq(store_tidy(s, NOW + 2 * 24 * 3600, &d), 0);
    ck_assert_uint_eq(minutes(s, 1, NOW), 0);
    ck_assert_uint_eq(minutes(s, 1, NOW + 24 * 3600), 1);
    end();
    gone(s);
}
END_TEST

static void remember(void *to, const struct event *e)
{
    struct event *kept = to;

    ck_assert_slice(e->rule, "own-time");
    ck_assert_slice(e->platform, "facebook");
    ck_assert_slice(e->policy, "3.2");
    ck_assert_slice(e->code, "K7M4-29QX");
    ck_assert_slice(e->group, "all-staff");
    *kept = *e;
}

START_TEST(an_event_comes_back_as_it_was)
{
    struct store *s = opened();
    struct spool *spool;
    struct event e = spent(3, NOW), back = {0};
    unsigned n = 0;

    begin();
    spool = open_spool(0);
    e.code = STR("K7M4-29QX");
    e.action = ACTION_REFUSE;
    e.why = WHY_RULE;
    e.activity = ACTIVITY_POST;
    e.identity = (enum identity)1;
    e.categories = 5;
    e.shadow = true;
    e.would = ACTION_ASK;
    e.group = STR("all-staff");
    e.has_place = true;
    e.asn = 4294967295u;
    e.country = 'g' << 8 | 'b';
    put(spool, e);
    spool_close(spool);
    import(s, UINT64_MAX, false);
    ck_assert_int_eq(store_by_code(s, e.code, remember, &back, &d), 0);
    ck_assert_int_eq(back.action, ACTION_REFUSE);
    ck_assert_int_eq(back.activity, ACTIVITY_POST);
    ck_assert_int_eq(back.origin, ORIGIN_PERSON);
    ck_assert_int_eq(back.identity, 1);
    ck_assert_uint_eq(back.categories, 5);
    ck_assert_uint_eq(back.people, 0xffffffff);
    ck_assert(back.shadow && back.would == ACTION_ASK && back.time == NOW);
    ck_assert_mem_eq(back.pseudonym, e.pseudonym, PSEUDONYM_SIZE);
    ck_assert(back.has_place);
    ck_assert_uint_eq(back.asn, e.asn);
    ck_assert_uint_eq(back.country, e.country);
    ck_assert_int_eq(store_by_code(s, STR(""), count, &n, &d), 0);
    ck_assert_int_eq(store_by_code(s, STR("K7M4-29QY"), count, &n, &d), 0);
    ck_assert_uint_eq(n, 0);
    end();
    gone(s);
}
END_TEST

START_TEST(one_writer)
{
    struct store *s = opened(), *other = NULL, *reader = NULL;
    unsigned n = 0;

    ck_assert_int_eq(store_open(file, NULL, &other, &d), -1);
    ck_assert_ptr_null(other);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "another portreeved"));
    ck_assert_int_eq(store_open_read(file, &reader, &d), 0);
    ck_assert_int_eq(store_by_code(reader, STR("K7M4-29QX"), count, &n, &d), 0);
    store_close(reader);
    gone(s);
}
END_TEST

#ifdef STORE_POSTGRES
static void refused(const char *name, const char *why)
{
    struct store *s = NULL;

    diag_init(&d);
    ck_assert_int_eq(store_open(name, NULL, &s, &d), -1);
    ck_assert_ptr_null(s);
    ck_assert_msg(strstr(d.messages[0].text, why) != NULL, "%s", d.messages[0].text);
}

START_TEST(what_is_no_store_is_refused)
{
    refused("postgresql:///x?host=/nowhere", "cannot be reached");
    refused("postgresql://u:secret@db.example/x", "passfile");
    ck_assert_ptr_null(strstr(d.messages[0].text, "secret"));
    refused("postgresql://u@db.example/x?sslmode=require", "sslmode=verify-full");
    refused("postgresql://u@/x?nonsense=1", "nonsense");
    gone(opened());
    sql("INSERT INTO t.portreeve_schema VALUES(999)");
    refused(file, "newer portreeved");
}
END_TEST

#else
START_TEST(what_is_no_store_is_refused)
{
    struct store *s = opened();
    FILE *f;

    store_close(s);
    f = fopen(file, "w");
    fputs("this is a shopping list and no database at all, however long it goes on", f);
    fclose(f);
    ck_assert_int_eq(store_open(file, NULL, &s, &d), -1);
    ck_assert_ptr_null(s);
    gone(NULL);
    diag_init(&d);
    ck_assert_int_eq(store_open("/nowhere/at/all", NULL, &s, &d), -1);
    ck_assert_int_eq(store_open_read("/nowhere/at/all", &s, &d), -1);
}
END_TEST
#endif

/* ---- acts ---- */

static struct act act(const char *user, enum fact kind, const char *what, unsigned char n)
{
    struct act a = {.kind = kind, .user = str_of(user), .what = str_of(what), .at = NOW, .from = NOW};

    memset(a.id, n, sizeof a.id);
    memset(a.nonce, n, sizeof a.nonce);
    return a;
}

static enum act_result done(struct journal *j, struct act a)
{
    enum act_result r = ACT_KNOWN;

    ck_assert_msg(journal_act(j, &a, &r, &d) == 0, "%s", d.messages[0].text);
    return r;
}

static struct journal *open_journal(struct store *s, unsigned unreadable)
{
    struct journal *j;
    unsigned n;

    ck_assert_msg(journal_open(journal, s, &j, &n, &d) == 0, "%s", d.messages[0].text);
    ck_assert_uint_eq(n, unreadable);
    return j;
}

static void sum_acts(void *to, const struct act *a)
{
    *(unsigned *)to += a->kind == FACT_GIVEN ? 100 * a->number : 1;
}

static unsigned live(struct store *s, int64_t now)
{
    unsigned n = 0;

    ck_assert_int_eq(store_acts(s, now, sum_acts, &n, &d), 0);
    return n;
}

START_TEST(a_token_is_spent_once)
{
    struct store *s = opened();
    struct journal *j = open_journal(s, 0);
    struct act a = act("a.user", FACT_ACK, "notice/1", 1);

    ck_assert_int_eq(done(j, a), ACT_NEW);
    a.id[0] = 9; /* another act with the same token */
    ck_assert_int_eq(done(j, a), ACT_SPENT);
    ck_assert_uint_eq(live(s, NOW), 1);
    journal_close(j);
    gone(s);
}
END_TEST

START_TEST(acts_end)
{
    struct store *s = opened();
    struct journal *j = open_journal(s, 0);
    struct act a = act("a.user", FACT_BREAK, "", 1);

    a.until = NOW + 1800;
    done(j, a);
    a = act("a.user", FACT_GIVEN, "personal", 2);
    a.number = 3;
    a.until = NOW + 3600;
    done(j, a);
    memset(a.id, 3, sizeof a.id);
    memset(a.nonce, 3, sizeof a.nonce);
    done(j, a); /* given twice: six minutes */
    done(j, act("a.user", FACT_ACK, "notice/1", 4));
    done(j, act("a.user", FACT_ACK, "notice/1", 5)); /* read twice is read */
    ck_assert_uint_eq(live(s, NOW), 602);
    ck_assert_uint_eq(live(s, NOW + 1800), 601);
    ck_assert_uint_eq(live(s, NOW + 3600), 1);
    ck_assert_uint_eq(live(s, NOW - 1), 0);
    journal_close(j);
    gone(s);
}
END_TEST

START_TEST(the_journal_brings_acts_back)
{
    struct store *s = opened();
    struct journal *j = open_journal(s, 0);
    FILE *f;

    done(j, act("a.user@council.example", FACT_ACK, "notice/1", 1));
    done(j, act("b", FACT_ACK, "coach/r", 2));
    journal_close(j);
    store_close(s);
    store_is_lost();
    f = fopen(journal, "a");
    fputs("1\t0102\ttorn in the mid", f);
    fclose(f);
    s = opened();
    j = open_journal(s, 1);
    ck_assert_uint_eq(live(s, NOW), 2);
    done(j, act("c", FACT_ACK, "notice/1", 3)); /* a line of its own behind the torn one */
    journal_close(j);
    store_close(s);
    store_is_lost();
    s = opened();
    j = open_journal(s, 1);
    ck_assert_uint_eq(live(s, NOW), 3);
    journal_close(j);
    gone(s);
}
END_TEST

START_TEST(names_that_break_a_line_are_refused)
{
    struct store *s = opened();
    struct journal *j = open_journal(s, 0);
    struct act a = act("a\tb", FACT_ACK, "notice/1", 1);
    enum act_result r;

    ck_assert_int_eq(journal_act(j, &a, &r, &d), -1);
    a = act("", FACT_ACK, "notice/1", 1);
    ck_assert_int_eq(journal_act(j, &a, &r, &d), -1);
    ck_assert_uint_eq(live(s, NOW), 0);
    journal_close(j);
    gone(s);
}
END_TEST

START_TEST(letters_wait_until_they_are_sent)
{
    struct store *s = opened();
    struct letter l;

    ck_assert_int_eq(store_letter_due(s, NOW, &l, &d), 0);
    ck_assert_int_eq(l.id, 0);
    ck_assert_int_eq(store_letter(s, STR("second@council.example"), STR("Subject: x\n\ny\n"), NOW, &d), 0);
    ck_assert_int_eq(store_letter_due(s, NOW, &l, &d), 0);
    ck_assert_slice(l.to, "second@council.example");
    ck_assert_slice(l.text, "Subject: x\n\ny\n");
    ck_assert_int_eq(store_letter_later(s, l.id, NOW + 60, &d), 0);
    ck_assert_int_eq(store_letter_due(s, NOW, &l, &d), 0);
    ck_assert_int_eq(l.id, 0);
    ck_assert_int_eq(store_letter_due(s, NOW + 60, &l, &d), 0);
    ck_assert_int_eq(store_letter_sent(s, l.id, &d), 0);
    ck_assert_int_eq(store_letter_due(s, NOW + 60, &l, &d), 0);
    ck_assert_int_eq(l.id, 0);
    gone(s);
}
END_TEST

START_TEST(what_the_store_cannot_take_waits_in_the_journal)
{
    struct store *s = opened();
    struct journal *j = open_journal(s, 0);
    struct act a = act("a", FACT_ACK, "notice/1", 1);
    enum act_result r = ACT_KNOWN;
    struct diag ignored;

    store_breaks();
    ck_assert_int_eq(journal_act(j, &a, &r, &d), 0);
    ck_assert_int_eq(r, ACT_NEW);
    ck_assert_uint_gt(d.errors, 0);
    diag_init(&ignored);
    ck_assert(!journal_settle(j, &ignored));
    store_heals();
    live_again(s);
    ck_assert_uint_eq(live(s, NOW), 0);
    ck_assert(journal_settle(j, &d));
    ck_assert_uint_eq(live(s, NOW), 1);
    disk_of(1); /* and now not even the journal */
    a = act("b", FACT_ACK, "notice/1", 2);
    ck_assert_int_eq(journal_act(j, &a, &r, &d), -1);
    disk_of(0);
    ck_assert_uint_eq(live(s, NOW), 1);
    journal_close(j);
    gone(s);
}
END_TEST

START_TEST(a_store_that_fails_loses_no_event)
{
    struct import_how how = {
        .spending = spending, .n_spending = 1, .limit = UINT64_MAX, .today = clock_local(NOW).day};
    struct import_result r = {0};
    struct store *s = opened();
    struct spool *spool;

    begin();
    spool = open_spool(SMALL);
    for (int i = 0; i < 300; i++)
        put(spool, spent(1, NOW + i));
    spool_close(spool);
    store_breaks();
    ck_assert_int_eq(import_spool(s, folder, &how, &r, &d), -1);
    ck_assert_uint_eq(r.events, 0);
    ck_assert_uint_eq(r.deleted, 0);
    store_heals();
    live_again(s);
    ck_assert_uint_eq(import(s, UINT64_MAX, false).events, 300);
    end();
    gone(s);
}
END_TEST

static struct str text_of(const unsigned char *p, size_t n)
{
    return (struct str){(const char *)p, n};
}

/* What is on its way to a node; it goes when the node has announced anew, and when it has ended. */
START_TEST(keys_on_their_way)
{
    struct store *s = opened();
    const struct str node = STR("gate-2"), first = STR("first\0\xff"), second = STR("second");
    struct handing h;

    ck_assert_int_eq(store_handing(s, node, &h, &d), 0);
    ck_assert_uint_eq(h.n_announced + h.n_handed, 0);
    ck_assert_int_eq(store_announce(s, node, first, &d), 0);
    ck_assert_int_eq(store_hand(s, &(struct handed){node, second, STR("for another pair"), 100}, &d), 0);
    ck_assert_int_eq(store_handing(s, node, &h, &d), 0);
    ck_assert(str_eq(text_of(h.announced, h.n_announced), first));
    ck_assert_uint_eq(h.n_handed, 0);
    ck_assert_int_eq(store_hand(s, &(struct handed){node, first, STR("box"), 100}, &d), 0);
    ck_assert_int_eq(store_handed_ended(s, 99, &d), 0);
    ck_assert_int_eq(store_handing(s, node, &h, &d), 0);
    ck_assert(str_eq(text_of(h.handed, h.n_handed), STR("box")));
    ck_assert_int_eq(store_handed_ended(s, 100, &d), 0);
    ck_assert_int_eq(store_handing(s, node, &h, &d), 0);
    ck_assert_uint_eq(h.n_handed, 0);
    ck_assert(str_eq(text_of(h.announced, h.n_announced), first));
    ck_assert_int_eq(store_hand(s, &(struct handed){node, first, STR("box"), 200}, &d), 0);
    ck_assert_int_eq(store_announce(s, node, second, &d), 0);
    ck_assert_int_eq(store_handing(s, node, &h, &d), 0);
    ck_assert_uint_eq(h.n_handed, 0);
    ck_assert_int_eq(store_handing(s, STR("gate-3"), &h, &d), 0);
    ck_assert_uint_eq(h.n_announced, 0);
    store_close(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store");
    TCase *t = tcase_create("store");
    int result;

    tcase_set_timeout(t, 60);
    tcase_add_test(t, each_event_once);
    tcase_add_test(t, minutes_of_the_day_know_of_no_event);
    tcase_add_test(t, clock_changes_neither_give_nor_take_minutes);
    tcase_add_test(t, a_limit_is_gone_on_from);
    tcase_add_test(t, what_was_not_committed_is_imported_again);
    tcase_add_test(t, a_torn_segment_is_kept_aside);
    tcase_add_test(t, what_is_no_segment_does_not_stop_the_others);
    tcase_add_test(t, a_minute_is_a_minute);
    tcase_add_test(t, an_event_comes_back_as_it_was);
    tcase_add_test(t, one_writer);
    tcase_add_test(t, what_is_no_store_is_refused);
    tcase_add_test(t, a_token_is_spent_once);
    tcase_add_test(t, acts_end);
    tcase_add_test(t, the_journal_brings_acts_back);
    tcase_add_test(t, names_that_break_a_line_are_refused);
    tcase_add_test(t, what_the_store_cannot_take_waits_in_the_journal);
    tcase_add_test(t, a_store_that_fails_loses_no_event);
    tcase_add_test(t, letters_wait_until_they_are_sent);
    tcase_add_test(t, keys_on_their_way);
    suite_add_tcase(suite, t);
    store_fixture_begin();
    result = run_suite(suite);
    store_fixture_end();
    return result;
}
