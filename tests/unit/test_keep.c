/* What is kept how long: stores by purpose, erasing in chunks with receipts, legal holds; and the sums that
 * outlive it. */
#include "spool_fixture.h"
#include "store_fixture.h"

#include "core/clock.h"
#include "store/standing_write.h"

#define NOON ((int64_t)1778583600) /* 2026-05-12 12:00 in London */
enum { A_DAY = 86400 };

static uint64_t sequence;

static struct event event_of(unsigned person, int64_t time)
{
    struct event e = sample();

    e.time = time;
    e.action = ACTION_ALLOW;
    e.origin = ORIGIN_PERSON;
    e.has_pseudonym = person != 0;
    memset(e.pseudonym, 0, sizeof e.pseudonym);
    memcpy(e.pseudonym, &person, sizeof person);
    return e;
}

static void put(struct store *s, struct event e)
{
    e.sequence = ++sequence;
    ck_assert_msg(store_event(s, 1, &e, &d) == 0, "%s", d.messages[0].text);
}

static uint64_t events_of(struct store *s, unsigned person)
{
    struct event e = event_of(person, 0);
    uint64_t n;

    ck_assert_int_eq(store_count_person(s, e.pseudonym, &n, &d), 0);
    return n;
}

static void in_order(void *to, const struct event *e)
{
    int64_t *seen = to; /* how many, and the last one's time */

    ck_assert_int_ge(e->time, seen[1]);
    seen[0]++;
    seen[1] = e->time;
}

static uint64_t between(struct store *s, unsigned person, int64_t from, int64_t until)
{
    struct event e = event_of(person, 0);
    int64_t seen[2] = {0, from};

    ck_assert_int_eq(store_person_between(s, e.pseudonym, (const int64_t[]){from, until}, in_order, seen, &d),
                     0);
    return (uint64_t)seen[0];
}

static void count_event(void *to, const struct event *e)
{
    uint64_t *n = to;

    ck_assert(e->has_pseudonym);
    ++*n;
}

static uint64_t everybody(struct store *s, int64_t from, int64_t until)
{
    uint64_t n = 0;

    ck_assert_int_eq(store_between(s, (const int64_t[]){from, until}, count_event, &n, &d), 0);
    return n;
}

/* To the end; how many chunks it took. */
static unsigned erase(struct store *s, enum keep which, int32_t before)
{
    const struct erased what = {.store = which, .day = before, .at = NOON};
    struct erasing how = {.more = true};
    unsigned chunks = 0;

    for (; how.more; chunks++)
        ck_assert_msg(store_erase(s, &what, &how, &d) == 0, "%s", d.messages[0].text);
    return chunks - 1; /* the last one finds nothing */
}

struct receipts {
    uint64_t events[KEEP_COUNT], held[KEEP_COUNT];
    unsigned n;
    int32_t last;
};

static void add_receipt(void *to, const struct erased *e)
{
    struct receipts *r = to;

    r->events[e->store] += e->events;
    r->held[e->store] += e->held;
    r->n++;
    r->last = e->day;
    ck_assert_int_eq(e->at, NOON);
}

static struct receipts receipts(struct store *s)
{
    struct receipts r = {0};

    ck_assert_int_eq(store_erased(s, add_receipt, &r, &d), 0);
    return r;
}

START_TEST(a_day_goes_with_a_receipt)
{
    const int32_t today = clock_local(NOON).day;
    struct store *s = opened();
    struct receipts r;

    ck_assert_int_eq(store_begin(s, &d), 0);
    for (int day = 0; day < 3; day++)
        for (unsigned i = 0; i < 30; i++)
            put(s, event_of(1 + i % 2, NOON - day * A_DAY + i * 60));
    put(s, event_of(1, local_midnight(today - 1) - 1)); /* the last second of the day before yesterday */
    put(s, event_of(1, local_midnight(today - 1)));     /* and the first of yesterday */
    ck_assert_int_eq(store_commit(s, &d), 0);
    ck_assert_uint_eq(between(s, 1, NOON - A_DAY, NOON - A_DAY + 60 * 3),
                      2); /* oldest first, the end left out */
    ck_assert_uint_eq(between(s, 1, local_midnight(today - 1) - 1, local_midnight(today - 1) + 1), 2);
    ck_assert_uint_eq(everybody(s, 0, INT64_MAX), 92);
    ck_assert_uint_eq(everybody(s, NOON, NOON + 60 * 30), 30);
    ck_assert_uint_eq(everybody(s, NOON, NOON + 60 * 29), 29);
    ck_assert_uint_eq(erase(s, KEEP_EVENTS, today - 1), 2); /* of two hours */
    ck_assert_uint_eq(events_of(s, 1), 31);
    ck_assert_uint_eq(events_of(s, 2), 30);
    r = receipts(s);
    ck_assert_uint_eq(r.n, 1);
    ck_assert_int_eq(r.last, today - 2);
    ck_assert_uint_eq(r.events[KEEP_EVENTS], 31);
    ck_assert_uint_eq(erase(s, KEEP_EVENTS, today - 1), 0);
    put(s, event_of(1, NOON - 2 * A_DAY)); /* late: it goes as well */
    ck_assert_uint_eq(events_of(s, 1), 32);
    ck_assert_uint_eq(erase(s, KEEP_EVENTS, today - 1), 1);
    ck_assert_uint_eq(events_of(s, 1), 31);
    ck_assert_uint_eq(receipts(s).events[KEEP_EVENTS], 32);
    gone(s);
}
END_TEST

/* However much lies in an hour, a chunk is a chunk, and an import comes in between. */
START_TEST(chunks_are_bounded)
{
    const struct erased what = {.store = KEEP_EVENTS, .day = clock_local(NOON).day + 1, .at = NOON};
    const uint64_t all = 2 * ERASE_CHUNK + 500;
    struct store *s = opened();
    struct erasing how = {0};

    ck_assert_int_eq(store_begin(s, &d), 0);
    for (uint64_t i = 0; i < all; i++)
        put(s, event_of(1, NOON));
    ck_assert_int_eq(store_commit(s, &d), 0);
    ck_assert_int_eq(store_erase(s, &what, &how, &d), 0);
    ck_assert_uint_eq(events_of(s, 1), all - ERASE_CHUNK);
    put(s, event_of(2, NOON));
    ck_assert_int_eq(store_erase(s, &what, &how, &d), 0);
    ck_assert(how.more);
    ck_assert_int_eq(store_erase(s, &what, &how, &d), 0);
    ck_assert_uint_eq(events_of(s, 1) + events_of(s, 2), 0);
    ck_assert_int_eq(store_erase(s, &what, &how, &d), 0);
    ck_assert(!how.more);
    ck_assert_uint_eq(receipts(s).events[KEEP_EVENTS], all + 1);
    gone(s);
}
END_TEST

static void count_hold(void *to, const struct hold *h)
{
    ck_assert_slice(h->reference, "HR/2026/7");
    ck_assert_slice(h->by, "ig.officer");
    ck_assert_int_eq(h->review, NOON + 90 * (int64_t)A_DAY);
    ck_assert_uint_eq(h->person[0], 1);
    ++*(unsigned *)to;
}

START_TEST(what_is_held_survives)
{
    const int32_t today = clock_local(NOON).day;
    struct store *s = opened();
    struct hold h = {.reference = STR("HR/2026/7"),
                     .from = NOON,
                     .until = NOON + 600,
                     .review = NOON + 90 * (int64_t)A_DAY,
                     .by = STR("ig.officer"),
                     .at = NOON};
    unsigned n = 0;

    memcpy(h.person, &(unsigned){1}, sizeof(unsigned));
    ck_assert_int_eq(store_hold(s, &h, &d), 0);
    ck_assert_int_eq(store_hold(s, &h, &d), 0); /* the same again is one */
    ck_assert_int_eq(store_holds(s, count_hold, &n, &d), 0);
    ck_assert_uint_eq(n, 1);
    put(s, event_of(1, NOON - 1));
    put(s, event_of(1, NOON));
    put(s, event_of(1, NOON + 599));
    put(s, event_of(1, NOON + 600));
    put(s, event_of(2, NOON));
    erase(s, KEEP_EVENTS, today + 1);
    ck_assert_uint_eq(events_of(s, 1), 2);
    ck_assert_uint_eq(events_of(s, 2), 0);
    ck_assert_uint_eq(receipts(s).events[KEEP_EVENTS], 3);
    ck_assert_uint_eq(receipts(s).held[KEEP_EVENTS], 2);
    ck_assert_int_eq(store_release(s, STR("HR/2026/8"), &d), 0);
    erase(s, KEEP_EVENTS, today + 1);
    ck_assert_uint_eq(events_of(s, 1), 2);
    ck_assert_int_eq(store_release(s, h.reference, &d), 0);
    erase(s, KEEP_EVENTS, today + 1);
    ck_assert_uint_eq(events_of(s, 1), 0);
    ck_assert_uint_eq(receipts(s).events[KEEP_EVENTS], 5);
    ck_assert_uint_eq(receipts(s).held[KEEP_EVENTS], 0);
    h.until = h.from;
    ck_assert_int_eq(store_hold(s, &h, &d), -1);
    gone(s);
}
END_TEST

static void count(void *to, const struct event *e)
{
    (void)e;
    ++*(unsigned *)to;
}

static unsigned kept(struct store *s, enum keep which)
{
    unsigned n = 0;

    ck_assert_int_eq(store_kept(s, which, (const int64_t[]){NOON - A_DAY, NOON + A_DAY}, count, &n, &d), 0);
    return n;
}

static void see_note(void *to, const struct note *n)
{
    struct {
        unsigned n;
        char words[NOTE_WORDS + 1];
    } *seen = to;

    seen->n++;
    snprintf(seen->words, sizeof seen->words, "%.*s", STR_ARG(n->words));
}

START_TEST(notes_stand_beside_events_and_go_with_them)
{
    const int64_t all[] = {0, INT64_MAX};
    const struct note rows[] = {{NOON + 9, NOON, NOON + 60, STR("the \"Excel\"\ncourse =1+1 \xe2\x80\xae \xff")},
                                {NOON + 9, NOON + 300, NOON + 300, STR("a call")}};
    struct notes notes = {.rows = rows, .n = 2};
    struct hold h = {.reference = STR("HR-1"), .from = NOON + 200, .until = NOON + 600, .review = NOON, .at = NOON};
    struct store *s = opened();
    bool added;
    struct {
        unsigned n;
        char words[NOTE_WORDS + 1];
    } seen = {0};

    memcpy(notes.person, &(unsigned){1}, sizeof(unsigned));
    notes.nonce[0] = 7;
    memcpy(h.person, notes.person, sizeof h.person);
    put(s, event_of(1, NOON));
    put(s, event_of(1, NOON + 300));
    ck_assert_int_eq(store_notes_add(s, &notes, &added, &d), 0);
    ck_assert(added);
    ck_assert_int_eq(store_notes_add(s, &notes, &added, &d), 0); /* the same page again */
    ck_assert(!added);
    ck_assert_int_eq(store_notes(s, notes.person, all, see_note, &seen, &d), 0);
    ck_assert_uint_eq(seen.n, 2);
    ck_assert_str_eq(seen.words, "a call");
    seen.n = 0;
    ck_assert_int_eq(store_notes(s, notes.person, (const int64_t[]){NOON + 60, NOON + 61}, see_note, &seen, &d), 0);
    ck_assert_uint_eq(seen.n, 1);
    ck_assert_str_eq(seen.words, "the \"Excel\"\ncourse =1+1 \xe2\x80\xae \xff");
    seen.n = 0;
    ck_assert_int_eq(store_notes(s, h.person + 0, (const int64_t[]){NOON + 61, NOON + 300}, see_note, &seen, &d), 0);
    ck_assert_uint_eq(seen.n, 0);
    ck_assert_int_eq(store_hold(s, &h, &d), 0);
    erase(s, KEEP_SECURITY, clock_local(NOON).day + 1);
    ck_assert_int_eq(store_notes(s, notes.person, all, see_note, &seen, &d), 0);
    ck_assert_uint_eq(seen.n, 2); /* another store's time is over */
    seen.n = 0;
    erase(s, KEEP_EVENTS, clock_local(NOON).day + 1);
    ck_assert_int_eq(store_notes(s, notes.person, all, see_note, &seen, &d), 0);
    ck_assert_uint_eq(seen.n, 1); /* of what a hold keeps */
    ck_assert_str_eq(seen.words, "a call");
    ck_assert_int_eq(store_release(s, h.reference, &d), 0);
    erase(s, KEEP_EVENTS, clock_local(NOON).day + 1);
    seen.n = 0;
    ck_assert_int_eq(store_notes(s, notes.person, all, see_note, &seen, &d), 0);
    ck_assert_uint_eq(seen.n, 0);
    gone(s);
}
END_TEST

START_TEST(each_purpose_has_its_own)
{
    const int32_t today = clock_local(NOON).day;
    struct store *s = opened();
    struct event e;
    unsigned n = 0;

    put(s, event_of(1, NOON));
    e = event_of(1, NOON);
    e.categories = 1u << CATEGORY_PHISHING | 1u << CATEGORY_ADULT;
    e.code = STR("K7M4-29QX");
    put(s, e);
    e = event_of(1, NOON);
    e.categories = 1u << CATEGORY_ADULT;
    put(s, e);
    e = event_of(1, NOON);
    e.account = STR("council-page");
    e.activity = ACTIVITY_POST;
    e.has_place = true;
    put(s, e);
    e.action = ACTION_REFUSE; /* nothing was done */
    put(s, e);
    e.action = ACTION_ALLOW;
    e.activity = ACTIVITY_VIEW;
    put(s, e);
    ck_assert_uint_eq(events_of(s, 1), 6);
    ck_assert_uint_eq(kept(s, KEEP_SECURITY), 1);
    ck_assert_uint_eq(kept(s, KEEP_CORPORATE), 1);
    ck_assert_int_eq(store_kept(s, KEEP_EVENTS, (const int64_t[]){0, NOON}, count, &n, &d), -1);
    erase(s, KEEP_EVENTS, today + 1);
    ck_assert_uint_eq(events_of(s, 1), 0);
    ck_assert_uint_eq(kept(s, KEEP_SECURITY), 1);
    erase(s, KEEP_SECURITY, today + 1);
    ck_assert_uint_eq(kept(s, KEEP_SECURITY), 0);
    ck_assert_uint_eq(kept(s, KEEP_CORPORATE), 1);
    erase(s, KEEP_CORPORATE, today + 1);
    ck_assert_uint_eq(kept(s, KEEP_CORPORATE), 0);
    ck_assert_uint_eq(receipts(s).n, 3);
    gone(s);
}
END_TEST

static int refuse(void *to, struct store *s, const struct erased *e, struct diag *why)
{
    (void)s, (void)e;
    return *(bool *)to ? diag_error(why, "the key is not there", NULL, NULL) : 0;
}

START_TEST(without_its_receipt_nothing_goes)
{
    const struct erased what = {.store = KEEP_EVENTS, .day = clock_local(NOON).day + 1, .at = NOON};
    struct store *s = opened();
    struct erasing how = {0};
    bool refusing = true;

    store_on_erased(s, refuse, &refusing);
    put(s, event_of(1, NOON));
    ck_assert_int_eq(store_erase(s, &what, &how, &d), -1);
    ck_assert_uint_eq(events_of(s, 1), 1);
    ck_assert_uint_eq(receipts(s).n, 0);
    refusing = false;
    ck_assert_int_eq(store_erase(s, &what, &how, &d), 0);
    ck_assert_uint_eq(events_of(s, 1), 0);
    gone(s);
}
END_TEST

/* ---- sums ---- */

struct told {
    unsigned cells, of_nobody, few;
    uint64_t events, of_several; /* of_several: in cells of more than one rule */
    uint64_t facebook;           /* people in the cell of facebook's own rule */
    int32_t day;
};

static void tell(void *to, const struct cell *c)
{
    struct told *t = to;

    t->cells++;
    t->events += c->events;
    t->of_nobody += c->people == 0;
    t->few += (c->people && c->people < SUM_MIN) || c->events < SUM_MIN;
    if (c->all_rules)
        t->of_several += c->events;
    if (str_eq(c->platform, STR("facebook")) && !c->all_rules)
        t->facebook = c->people;
    t->day = c->day;
}

static struct told sums(struct store *s, int64_t now)
{
    struct told t = {0};
    bool more = true;

    while (more)
        ck_assert_msg(store_sum_up(s, now, &more, &d) == 0, "%s", d.messages[0].text);
    ck_assert_int_eq(store_cells(s, (const int32_t[]){0, INT32_MAX}, tell, &t, &d), 0);
    ck_assert_uint_eq(t.few, 0);
    return t;
}

START_TEST(nine_are_too_few)
{
    const int64_t later = NOON + (SUM_AFTER + 1) * (int64_t)A_DAY;
    struct store *s = opened();
    struct told t;

    for (unsigned i = 1; i <= 9; i++)
        for (unsigned k = 0; k < 5; k++)
            put(s, event_of(i, NOON));
    ck_assert_uint_eq(sums(s, later).cells, 0);
    for (unsigned i = 1; i <= 10; i++)
        put(s, event_of(i, NOON + A_DAY));
    ck_assert_uint_eq(sums(s, later).cells, 0); /* that day is not over for long enough */
    t = sums(s, later + A_DAY);
    ck_assert_uint_eq(t.cells, 1);
    ck_assert_uint_eq(t.events, 10);
    ck_assert_uint_eq(t.facebook, 10);
    ck_assert_int_eq(t.day, clock_local(NOON).day + 1);
    put(s, event_of(11, NOON + A_DAY)); /* late: in no sum, which would tell of one person */
    ck_assert_uint_eq(sums(s, later + 2 * A_DAY).events, 10);
    erase(s, KEEP_EVENTS, clock_local(later).day);
    ck_assert_uint_eq(sums(s, later + 3 * A_DAY).events, 10); /* they outlive the events */
    erase(s, KEEP_AGGREGATES, clock_local(later).day);
    ck_assert_uint_eq(sums(s, later + 3 * A_DAY).cells, 0);
    gone(s);
}
END_TEST

/* Small ones go together, without one of their fields; what they have in common is told, and no total by
 * which one of them could be told from the others. */
START_TEST(small_cells_go_together)
{
    static const char *const rules[] = {"a", "b", "c"};
    struct store *s = opened();
    struct told t;

    for (unsigned i = 1; i <= 20; i++)
        put(s, event_of(i, NOON));       /* one cell of twenty */
    for (unsigned i = 1; i <= 15; i++) { /* three of five */
        struct event e = event_of(i, NOON);

        e.rule = str_of(rules[i % 3]);
        put(s, e);
    }
    for (unsigned i = 1; i <= 4; i++) { /* and four people on another platform */
        struct event e = event_of(i, NOON);

        e.platform = STR("x");
        put(s, e);
    }
    t = sums(s, NOON + (SUM_AFTER + 1) * (int64_t)A_DAY);
    ck_assert_uint_eq(t.cells, 2);
    ck_assert_uint_eq(t.events, 35);
    ck_assert_uint_eq(t.of_several, 15);
    ck_assert_uint_eq(t.facebook, 20);
    gone(s);
}
END_TEST

START_TEST(where_nobody_is_recorded_events_are_counted)
{
    struct store *s = opened();
    struct told t;

    for (unsigned i = 0; i < 12; i++)
        put(s, event_of(0, NOON));
    for (unsigned i = 0; i < 9; i++) {
        struct event e = event_of(0, NOON);

        e.platform = STR("x");
        put(s, e);
    }
    t = sums(s, NOON + (SUM_AFTER + 1) * (int64_t)A_DAY);
    ck_assert_uint_eq(t.cells, 1);
    ck_assert_uint_eq(t.of_nobody, 1);
    ck_assert_uint_eq(t.events, 12);
    gone(s);
}
END_TEST

/* Whatever the day was like: no number of fewer than ten (sums() asserts it), no event twice. */
START_TEST(no_number_tells_of_few)
{
    static const char *const words[] = {"facebook", "x", "linkedin", "youtube", "tiktok"};
    struct store *s = opened();
    uint32_t seed = (uint32_t)_i + 1;

    ck_assert_int_eq(store_begin(s, &d), 0);
    for (unsigned i = 0; i < 1500; i++) {
        struct event e;
        unsigned skew;

        seed = seed * 1664525u + 1013904223u;
        skew = (seed >> 20) % ((seed >> 10) % 60 + 1);
        e = event_of(skew, NOON);
        e.platform = str_of(words[(seed >> 8) % 5 * (skew % 3) % 5]);
        e.rule = str_of(words[(seed >> 13) % 5]);
        e.group = str_of(words[(seed >> 17) % 5]);
        e.activity = (enum activity)((seed >> 5) % 3);
        e.action = (enum action)((seed >> 27) % 2);
        put(s, e);
    }
    ck_assert_int_eq(store_commit(s, &d), 0);
    ck_assert_uint_le(sums(s, NOON + (SUM_AFTER + 1) * (int64_t)A_DAY).events, 1500);
    gone(s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("keep");
    TCase *t = tcase_create("keep");
    int result;

    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_day_goes_with_a_receipt);
    tcase_add_test(t, chunks_are_bounded);
    tcase_add_test(t, what_is_held_survives);
    tcase_add_test(t, notes_stand_beside_events_and_go_with_them);
    tcase_add_test(t, each_purpose_has_its_own);
    tcase_add_test(t, without_its_receipt_nothing_goes);
    tcase_add_test(t, nine_are_too_few);
    tcase_add_test(t, small_cells_go_together);
    tcase_add_test(t, where_nobody_is_recorded_events_are_counted);
    tcase_add_loop_test(t, no_number_tells_of_few, 0, 5);
    suite_add_tcase(suite, t);
    store_fixture_begin();
    result = run_suite(suite);
    store_fixture_end();
    return result;
}
