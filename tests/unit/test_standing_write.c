/* The standing file as the writer makes it: opened again by what the module opens it with. */
#include "store_fixture.h"

#include "core/standing.h"
#include "record/day.h"
#include "store/standing_write.h"

#define NOW ((int64_t)1778580000) /* 2026-05-12 11:00 in London, summer time */

static char path[128];
static struct store *store;
static struct seal_key key = {{7}};

static void begin(void)
{
    store_make();
    snprintf(path, sizeof path, "%s/standing", home);
    diag_init(&d);
    ck_assert_int_eq(seal_init(&d), 0);
    ck_assert_int_eq(store_open(file, NULL, &store, &d), 0);
}

static void end(void)
{
    store_close(store);
    remove_home();
}

static void member(void *from, void (*take)(void *to, struct str name), void *to)
{
    take(to, str_of(from));
}

static struct standing_written write_it(const struct seal_key *pseudonyms, const char *name, int64_t now)
{
    char copy[64];
    struct standing_source from = {.store = store,
                                   .pseudonyms = pseudonyms,
                                   .names = name ? member : NULL,
                                   .from = copy,
                                   .now = now,
                                   .as_of = now - 5};
    struct standing_written w;

    snprintf(copy, sizeof copy, "%s", name ? name : "");
    ck_assert_msg(standing_write(&from, path, &w, &d) == 0, "%s", d.messages[0].text);
    return w;
}

static struct standing *open_it(void)
{
    struct standing *s;

    ck_assert_msg(standing_map(path, &s, &d) == 0, "%s", d.messages[0].text);
    return s;
}

static void add(const char *user, enum fact kind, const char *what, int64_t until)
{
    static unsigned char n;
    enum act_result r;
    struct act a = {.kind = kind,
                    .user = str_of(user),
                    .what = str_of(what),
                    .at = NOW,
                    .from = NOW,
                    .until = until,
                    .number = 4};

    a.id[0] = a.nonce[0] = ++n;
    ck_assert_int_eq(store_act(store, &a, &r, &d), 0);
    ck_assert_int_eq(r, ACT_NEW);
}

/* Ten minutes ago, and before. */
static void use(const char *user, unsigned minutes)
{
    struct local_time at = clock_local(NOW - (int64_t)60 * (minutes + 10));
    unsigned char person[PSEUDONYM_SIZE];

    seal_pseudonym(&key, str_of(user), person);
    for (unsigned i = 0; i < minutes; i++, at.minute++)
        ck_assert_int_eq(store_minute(store, person, STR("personal"), &at, &d), 0);
}

START_TEST(an_empty_store_is_a_sound_file)
{
    struct standing *s;

    begin();
    ck_assert_uint_eq(write_it(NULL, NULL, NOW).facts, 0);
    s = open_it();
    ck_assert_int_eq(standing_as_of(s), NOW - 5);
    standing_free(s);
    end();
}
END_TEST

START_TEST(acts_are_facts)
{
    struct standing *s;

    begin();
    add("a.user", FACT_ACK, "notice/1.0", 0);
    add("a.user", FACT_BREAK, "", NOW + 900);
    add("b.user", FACT_EMERGENCY, "flood", NOW + 24 * 3600);
    add("b.user", FACT_GIVEN, "personal", local_midnight(clock_local(NOW).day + 1));
    ck_assert_uint_eq(write_it(NULL, NULL, NOW).facts, 4);
    s = open_it();
    ck_assert(standing_has(s, STR("a.user"), FACT_ACK, STR("notice/1.0"), NOW));
    ck_assert(!standing_has(s, STR("a.user"), FACT_ACK, STR("notice/2.0"), NOW));
    ck_assert(!standing_has(s, STR("b.user"), FACT_ACK, STR("notice/1.0"), NOW));
    ck_assert(standing_has(s, STR("a.user"), FACT_BREAK, STR_NONE, NOW + 899));
    ck_assert(!standing_has(s, STR("a.user"), FACT_BREAK, STR_NONE, NOW + 900));
    ck_assert(standing_has(s, STR("b.user"), FACT_EMERGENCY, STR("flood"), NOW));
    ck_assert_uint_eq(standing_sum(s, STR("b.user"), FACT_GIVEN, STR("personal"), NOW), 4);
    standing_free(s);
    ck_assert_uint_eq(write_it(NULL, NULL, NOW + 900).facts, 3); /* the break is over */
    end();
}
END_TEST

static void use_at(const struct seal_key *by, int64_t from, unsigned minutes)
{
    unsigned char person[PSEUDONYM_SIZE];

    seal_pseudonym(by, STR("a.user"), person);
    for (unsigned i = 0; i < minutes; i++) {
        const int64_t t = from + (int64_t)60 * i;
        struct local_time at = clock_local(t);

        at.minute = (uint32_t)((t - local_midnight(at.day)) / 60);
        ck_assert_int_eq(store_minute(store, person, STR("personal"), &at, &d), 0);
    }
}

/* The epoch turns at local midnight, as the day of minutes does: with the key of the present epoch alone nobody loses
 * a minute, keeps one of yesterday, or is asked anew. */
START_TEST(a_turn_of_the_epoch)
{
    const int64_t midnight = 1780268400; /* 2026-06-01 00:00 in London, 23:00 UTC */
    const struct seal_key before = {{1}}, after = {{2}};
    struct standing *s;

    begin();
    add("a.user", FACT_ACK, "notice/1.0", 0);
    add("a.user", FACT_GIVEN, "personal", local_midnight(clock_local(NOW).day + 1));
    ck_assert_int_eq(clock_local(midnight).minute, 0);
    use_at(&before, midnight - 1200, 20); /* to the last minute of the month */
    ck_assert_uint_eq(write_it(&before, "a.user", midnight - 1).nameless, 0);
    s = open_it();
    ck_assert_uint_eq(standing_sum(s, STR("a.user"), FACT_USED, STR("personal"), midnight - 1), 20);
    standing_free(s);
    ck_assert_uint_eq(write_it(&after, "a.user", midnight).nameless, 0);
    s = open_it();
    ck_assert_uint_eq(standing_sum(s, STR("a.user"), FACT_USED, STR("personal"), midnight), 0);
    ck_assert(standing_has(s, STR("a.user"), FACT_ACK, STR("notice/1.0"), midnight));
    standing_free(s);
    use_at(&after, midnight, 3);
    ck_assert_uint_eq(write_it(&after, "a.user", midnight + 300).nameless, 0);
    s = open_it();
    ck_assert_uint_eq(standing_sum(s, STR("a.user"), FACT_USED, STR("personal"), midnight + 300), 3);
    standing_free(s);
    /* A reboot within the day begins a part: what was used before it is nobody's any more. */
    ck_assert_uint_eq(write_it(&before, "a.user", midnight + 300).nameless, 1);
    end();
}
END_TEST

START_TEST(minutes_become_somebodys_by_the_key)
{
    struct standing_written w;
    struct standing *s;

    begin();
    use("a.user", 26);
    use("c.user", 3);
    add("a.user", FACT_ACK, "notice/1.0", 0); /* known by an act */
    w = write_it(&key, NULL, NOW);
    ck_assert_uint_eq(w.facts, 2);
    ck_assert_uint_eq(w.nameless, 1);
    s = open_it();
    ck_assert_uint_eq(standing_sum(s, STR("a.user"), FACT_USED, STR("personal"), NOW), 26);
    standing_free(s);
    w = write_it(&key, "c.user", NOW); /* known as a member */
    ck_assert_uint_eq(w.facts, 3);
    ck_assert_uint_eq(w.nameless, 0);
    s = open_it();
    ck_assert_uint_eq(standing_sum(s, STR("c.user"), FACT_USED, STR("personal"), NOW), 3);
    standing_free(s);
    ck_assert_uint_eq(write_it(NULL, "c.user", NOW).facts, 1); /* without the key nobody's */
    end();
}
END_TEST

/* As the registers have it: object ids, and names of before. */
static struct str id_of(void *from, struct str name)
{
    (void)from;
    return str_eq(name, STR("a.user")) ? STR("6f1c") : name;
}

static struct str today_of(void *from, struct str name)
{
    (void)from;
    return str_eq(name, STR("a.maiden")) ? STR("a.user") : name;
}

START_TEST(people_are_known_as_the_module_knows_them)
{
    struct seal_key today = {{9}};
    struct standing_source from = {.store = store,
                                   .pseudonyms = &key,
                                   .days = &today,
                                   .n_days = 1,
                                   .current = today_of,
                                   .subject = id_of,
                                   .now = NOW,
                                   .as_of = NOW};
    unsigned char digest[DAY_DIGEST];
    struct local_time at = clock_local(NOW);
    struct standing_written w;
    struct standing *s;

    begin();
    from.store = store;
    add("a.maiden", FACT_ACK, "notice/1.0", 0);
    add("b.user", FACT_ACK, "notice/1.0", 0);
    use("6f1c", 26);
    day_digest(&today, STR("b.user"), digest);
    ck_assert_int_eq(store_day_minute(store, digest, STR("personal"), &at, &d), 0);
    ck_assert_msg(standing_write(&from, path, &w, &d) == 0, "%s", d.messages[0].text);
    ck_assert_uint_eq(w.nameless, 0);
    s = open_it();
    ck_assert(standing_has(s, STR("a.user"), FACT_ACK, STR("notice/1.0"), NOW));
    ck_assert_uint_eq(standing_sum(s, STR("a.user"), FACT_USED, STR("personal"), NOW), 26);
    ck_assert_uint_eq(standing_sum(s, STR("b.user"), FACT_USED, STR("personal"), NOW), 1);
    standing_free(s);
    end();
}
END_TEST

/* Five minutes from the end of the last minute. */
START_TEST(what_is_being_played_goes_on_for_a_while)
{
    struct local_time at = clock_local(NOW);
    unsigned char person[PSEUDONYM_SIZE];
    struct standing *s;

    begin();
    seal_pseudonym(&key, STR("a.user"), person);
    ck_assert_int_eq(store_minute(store, person, STR("personal"), &at, &d), 0);
    at.minute -= 40;
    ck_assert_int_eq(store_minute(store, person, STR("personal"), &at, &d), 0);
    ck_assert_uint_eq(write_it(&key, "a.user", NOW + 359).facts, 2);
    s = open_it();
    ck_assert_uint_eq(standing_sum(s, STR("a.user"), FACT_USED, STR("personal"), NOW), 2);
    ck_assert(standing_has(s, STR("a.user"), FACT_PLAYING, STR("personal"), NOW + 359));
    ck_assert(!standing_has(s, STR("a.user"), FACT_PLAYING, STR("personal"), NOW + 360));
    standing_free(s);
    ck_assert_uint_eq(write_it(&key, "a.user", NOW + 360).facts, 1);
    end();
}
END_TEST

START_TEST(midnight_is_local)
{
    int64_t midnight = local_midnight(clock_local(NOW).day + 1);
    struct standing *s;

    begin();
    ck_assert_int_eq(midnight, 1778626800);                               /* 2026-05-13 00:00 BST = 23:00Z */
    ck_assert_int_eq(local_midnight(clock_day(2026, 1, 5)), 1767571200);  /* GMT */
    ck_assert_int_eq(local_midnight(clock_day(2026, 3, 29)), 1774742400); /* the clocks go forward at 01:00 */
    ck_assert_int_eq(local_midnight(clock_day(2026, 3, 30)), 1774825200); /* 23 hours later */
    ck_assert_int_eq(local_midnight(clock_day(2026, 10, 25)), 1792882800); /* and back */
    ck_assert_int_eq(local_midnight(clock_day(2026, 10, 26)), 1792972800); /* 25 hours later */
    use("a.user", 5);
    write_it(&key, "a.user", midnight - 1);
    s = open_it();
    ck_assert_uint_eq(standing_sum(s, STR("a.user"), FACT_USED, STR("personal"), midnight - 1), 5);
    ck_assert_uint_eq(standing_sum(s, STR("a.user"), FACT_USED, STR("personal"), midnight),
                      0); /* of itself */
    standing_free(s);
    ck_assert_uint_eq(write_it(&key, "a.user", midnight).facts, 0);
    end();
}
END_TEST

START_TEST(the_old_file_stays_where_the_new_one_fails)
{
    struct standing_source from = {.store = store, .now = NOW, .as_of = NOW};
    struct standing_written w;
    uint64_t generation = 0;
    char beside[160];
    FILE *f;

    begin();
    from.store = store;
    write_it(NULL, NULL, NOW);
    write_it(NULL, NULL, NOW);
    snprintf(beside, sizeof beside, "%s.generation", path);
    f = fopen(beside, "r");
    ck_assert_uint_eq(fread(&generation, sizeof generation, 1, f), 1);
    fclose(f);
    ck_assert_uint_eq(generation, 2);
    ck_assert_int_eq(standing_write(&from, "/nowhere/standing", &w, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "cannot be written"));
    end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("standing_write");
    TCase *t = tcase_create("standing_write");
    int result;

    tcase_add_test(t, an_empty_store_is_a_sound_file);
    tcase_add_test(t, acts_are_facts);
    tcase_add_test(t, minutes_become_somebodys_by_the_key);
    tcase_add_test(t, a_turn_of_the_epoch);
    tcase_add_test(t, people_are_known_as_the_module_knows_them);
    tcase_add_test(t, what_is_being_played_goes_on_for_a_while);
    tcase_add_test(t, midnight_is_local);
    tcase_add_test(t, the_old_file_stays_where_the_new_one_fails);
    suite_add_tcase(suite, t);
    store_fixture_begin();
    result = run_suite(suite);
    store_fixture_end();
    return result;
}
