/* The standing file: one test for each malformed shape (it must be refused, with a message, and nothing may
 * be read outside), the look-ups, and what core/ask.h makes of its facts. */
#include "core/ask.h"
#include "core/policy.h"
#include "core/standing_build.h"

#include "../fuzz/fuzz.h"
#include "unit.h"

#include <stdio.h>
#include <unistd.h>

enum { NOW = 1778668200, MIDNIGHT = 1778626800, DAY = 86400 }; /* 2026-05-13, 11:30 BST */

static unsigned char *bytes;
static size_t size;

static void make(struct fact_in *facts, uint32_t n)
{
    struct diag d;
    void *made;

    diag_init(&d);
    ck_assert_int_eq(standing_build(facts, n, NOW, &made, &size, &d), 0);
    bytes = made;
}

static void start(void)
{
    struct fact_in facts[] = {
        {STR("mary"), FACT_USED, STR("personal"), MIDNIGHT, MIDNIGHT + DAY, 26},
        {STR("bob"), FACT_ACK, STR("notice/1.0"), NOW - 100, 0, 0},
        {STR("mary"), FACT_USED, STR("personal"), MIDNIGHT - DAY, MIDNIGHT, 30},
        {STR("mary"), FACT_GIVEN, STR("personal"), MIDNIGHT, MIDNIGHT + DAY, 5},
        {STR("zoe"), FACT_BREAK, STR_NONE, NOW - 60, NOW + 60, 0},
        {STR("zoe"), FACT_EMERGENCY, STR("flood"), NOW - 60, NOW + 60, 0},
        {STR("bob"), FACT_ACK, STR("notice/1.0"), NOW - 50, 0, 0},
    };

    make(facts, sizeof facts / sizeof *facts);
}

static void end(void)
{
    free(bytes);
}

static struct standing_header *header(void)
{
    return (struct standing_header *)(void *)bytes;
}

static struct s_fact *fact(uint32_t i)
{
    return (struct s_fact *)(void *)(bytes + header()->facts.at) + i;
}

static uint32_t *slot(uint32_t i)
{
    return (uint32_t *)(void *)(bytes + header()->table.at) + i;
}

static struct s_fact *of_kind(enum fact kind)
{
    for (uint32_t i = 0; i < header()->facts.n; i++)
        if (fact(i)->kind == kind)
            return fact(i);
    ck_abort_msg("no fact of kind %d", kind);
    return NULL;
}

static void magic(void)
{
    header()->magic[0] ^= 1;
}
static void version(void)
{
    header()->version++;
}
static void longer(void)
{
    header()->size += 4;
}
static void after_2106(void)
{
    header()->as_of[1] = 1;
}
static void strings_far(void)
{
    header()->strings.at = 0xfffffff0;
}
static void strings_long(void)
{
    header()->strings.n = 0xffffffff;
}
static void strings_in_header(void)
{
    header()->strings.at = 4;
}
static void facts_odd(void)
{
    header()->facts.at += 1;
}
static void facts_many(void)
{
    header()->facts.n = 0x10000000;
}
static void table_far(void)
{
    header()->table.at = (uint32_t)size;
}
static void table_odd(void)
{
    header()->table.at += 2;
}
static void table_no_power(void)
{
    header()->table.n -= 1;
}
static void table_none(void)
{
    header()->table.n = 0;
}
static void table_full(void)
{
    for (uint32_t i = 0; i < header()->table.n; i++)
        *slot(i) = 1;
}
static void slot_outside(void)
{
    *slot(0) = header()->facts.n + 1;
}
static void slot_amid(void)
{
    for (uint32_t i = 0; i < header()->table.n; i++)
        if (*slot(i) == 1)
            *slot(i) = 2;
}
static void user_lost(void)
{
    for (uint32_t i = 0; i < header()->table.n; i++)
        if (*slot(i) == 1)
            *slot(i) = 0;
}
static void user_outside(void)
{
    fact(0)->user.at = 0xffffffff;
}
static void user_none(void)
{
    fact(0)->user.n = 0;
}
static void user_long(void)
{
    fact(0)->user.n = header()->strings.n;
}
static void what_outside(void)
{
    fact(0)->what.n = 0xffffffff;
}
static void unsorted(void)
{
    struct s_fact last = *fact(header()->facts.n - 1);

    *fact(header()->facts.n - 1) = *fact(0);
    *fact(0) = last;
}
static void kind_unknown(void)
{
    fact(0)->kind = FACT_COUNT;
}
static void ends_early(void)
{
    of_kind(FACT_USED)->until = 1;
}
static void ack_number(void)
{
    of_kind(FACT_ACK)->number = 1;
}
static void ack_of_nothing(void)
{
    of_kind(FACT_ACK)->what.n = 0;
}
static void minutes_many(void)
{
    of_kind(FACT_USED)->number = 1441;
}
static void minutes_of_nothing(void)
{
    of_kind(FACT_GIVEN)->what.n = 0;
}
static void break_for_ever(void)
{
    of_kind(FACT_BREAK)->until = 0;
}
static void break_with_words(void)
{
    of_kind(FACT_BREAK)->what.n = 1;
}
static void emergency_for_ever(void)
{
    of_kind(FACT_EMERGENCY)->until = 0;
}
static void emergency_without_reason(void)
{
    of_kind(FACT_EMERGENCY)->what.n = 0;
}
static void emergency_number(void)
{
    of_kind(FACT_EMERGENCY)->number = 7;
}

static void (*const faults[])(void) = {
    magic,
    version,
    longer,
    after_2106,
    strings_far,
    strings_long,
    strings_in_header,
    facts_odd,
    facts_many,
    table_far,
    table_odd,
    table_no_power,
    table_none,
    table_full,
    slot_outside,
    slot_amid,
    user_lost,
    user_outside,
    user_none,
    user_long,
    what_outside,
    unsorted,
    kind_unknown,
    ends_early,
    ack_number,
    ack_of_nothing,

    minutes_many,
    minutes_of_nothing,
    break_for_ever,
    break_with_words,
    emergency_for_ever,
    emergency_without_reason,
    emergency_number,
};

static int open_it(struct standing **s, struct diag *d)
{
    diag_init(d);
    *s = NULL;
    return standing_open_mem(bytes, size, s, d);
}

START_TEST(sound_as_it_was)
{
    struct standing *s;
    struct diag d;

    ck_assert_int_eq(open_it(&s, &d), 0);
    ck_assert_int_eq(standing_as_of(s), NOW);
    ck_assert_uint_eq(standing_all(s).n, 7);
    standing_free(s);
}
END_TEST

START_TEST(each_fault_is_found)
{
    struct standing *s;
    struct diag d;

    faults[_i]();
    header()->check = standing_check_sum(header(), size);
    ck_assert_msg(open_it(&s, &d) == -1, "fault %d was not found", _i);
    ck_assert_uint_eq(d.errors, 1);
    ck_assert_uint_gt(strlen(d.messages[0].text), 20);
}
END_TEST

START_TEST(each_turned_bit_is_found)
{
    struct standing *s;
    struct diag d;

    for (size_t bit = 0; bit < 8 * size; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
        ck_assert_msg(open_it(&s, &d) == -1, "bit %zu was not found", bit);
        bytes[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
}
END_TEST

START_TEST(every_truncation)
{
    size_t whole = size;
    struct standing *s;
    struct diag d;

    for (size = 0; size < whole; size++)
        ck_assert_int_eq(open_it(&s, &d), -1);
    size = whole;
}
END_TEST

START_TEST(facts_of_one_person)
{
    struct standing *s;
    struct diag d;

    ck_assert_int_eq(open_it(&s, &d), 0);
    ck_assert_uint_eq(standing_facts(s, STR("bob")).n, 2);
    ck_assert_uint_eq(standing_facts(s, STR("mary")).n, 3);
    ck_assert_uint_eq(standing_facts(s, STR("zoe")).n, 2);
    ck_assert_uint_eq(standing_facts(s, STR("nobody")).n, 0);
    ck_assert_uint_eq(standing_facts(s, STR_NONE).n, 0);
    ck_assert_uint_eq(standing_facts(NULL, STR("bob")).n, 0);
    ck_assert(standing_has(s, STR("bob"), FACT_ACK, STR("notice/1.0"), NOW));
    ck_assert(!standing_has(s, STR("bob"), FACT_ACK, STR("notice/1"), NOW));
    ck_assert(!standing_has(s, STR("mary"), FACT_ACK, STR("notice/1.0"), NOW));
    ck_assert_uint_eq(standing_since(s, STR("bob"), FACT_ACK, STR("notice/1.0"), NOW), NOW - 50);
    ck_assert_uint_eq(standing_since(s, STR("bob"), FACT_ACK, STR("notice/1.0"), NOW - 60), NOW - 100);
    ck_assert_uint_eq(standing_since(s, STR("bob"), FACT_ACK, STR("notice/1.0"), NOW - 101), 0);
    standing_free(s);
}
END_TEST

START_TEST(facts_hold_from_and_until)
{
    struct standing *s;
    struct diag d;

    ck_assert_int_eq(open_it(&s, &d), 0);
    ck_assert_uint_eq(standing_sum(s, STR("mary"), FACT_USED, STR("personal"), NOW), 26);
    ck_assert_uint_eq(standing_sum(s, STR("mary"), FACT_USED, STR("personal"), MIDNIGHT - 1), 30);
    ck_assert_uint_eq(standing_sum(s, STR("mary"), FACT_USED, STR("personal"), MIDNIGHT), 26);
    ck_assert_uint_eq(standing_sum(s, STR("mary"), FACT_USED, STR("personal"), MIDNIGHT + DAY), 0);
    ck_assert_uint_eq(standing_sum(s, STR("mary"), FACT_GIVEN, STR("personal"), NOW), 5);
    ck_assert(!standing_has(s, STR("zoe"), FACT_BREAK, STR_NONE, NOW - 61));
    ck_assert(standing_has(s, STR("zoe"), FACT_BREAK, STR_NONE, NOW - 60));
    ck_assert(standing_has(s, STR("zoe"), FACT_BREAK, STR_NONE, NOW + 59));
    ck_assert(!standing_has(s, STR("zoe"), FACT_BREAK, STR_NONE, NOW + 60));
    standing_free(s);
}
END_TEST

START_TEST(of_nobody)
{
    struct standing *s;
    struct diag d;

    free(bytes);
    make(NULL, 0);
    ck_assert_int_eq(open_it(&s, &d), 0);
    ck_assert_uint_eq(standing_all(s).n, 0);
    ck_assert_uint_eq(standing_facts(s, STR("bob")).n, 0);
    standing_free(s);
}
END_TEST

START_TEST(of_ten_thousand)
{
    enum { PEOPLE = 10000 };
    static struct fact_in facts[PEOPLE];
    static char names[PEOPLE][12];
    struct standing *s;
    struct diag d;

    for (unsigned i = 0; i < PEOPLE; i++) {
        snprintf(names[i], sizeof names[i], "u%u", (i * 7919) % PEOPLE);
        facts[i] =
            (struct fact_in){str_of(names[i]), FACT_USED, STR("personal"), MIDNIGHT, MIDNIGHT + DAY, i % 60};
    }
    free(bytes);
    make(facts, PEOPLE); /* sorts them: names are where they were */
    ck_assert_int_eq(open_it(&s, &d), 0);
    for (unsigned i = 0; i < PEOPLE; i++)
        ck_assert_uint_eq(standing_sum(s, str_of(names[i]), FACT_USED, STR("personal"), NOW), i % 60);
    standing_free(s);
}
END_TEST

START_TEST(from_a_file)
{
    char path[] = "/tmp/portreeve-standing-XXXXXX";
    int fd = mkstemp(path);
    struct standing *s = NULL;
    struct diag d;

    diag_init(&d);
    ck_assert_int_eq(write(fd, bytes, size), (ssize_t)size);
    ck_assert_int_eq(standing_map(path, &s, &d), 0);
    ck_assert_int_eq(ftruncate(fd, 0), 0); /* what is open has pages of its own */
    ck_assert(standing_has(s, STR("bob"), FACT_ACK, STR("notice/1.0"), NOW));
    standing_free(s);
    ck_assert_int_eq(standing_map(path, &s, &d), -1);
    unlink(path);
    ck_assert_int_eq(standing_map(path, &s, &d), -1);
    close(fd);
}
END_TEST

static uint32_t rule_named(const struct artefact *a, const char *id)
{
    for (uint32_t i = 0; i < a->n[SECTION_RULES]; i++)
        if (str_eq(artefact_str(a, ARTEFACT_ROWS(a, RULES, struct a_rule)[i].id), str_of(id)))
            return i;
    ck_abort_msg("no rule %s", id);
    return NO_INDEX;
}

/* What the portal asks of the policy: the key under which an answer is kept, and whose minutes a rule costs.
 */
START_TEST(keys_and_allowances_of_rules)
{
    const struct artefact *a = policy_artefact(fuzz_policy());
    const struct a_rule *rules = ARTEFACT_ROWS(a, RULES, struct a_rule);
    char key[STANDING_WHAT_MAX];

    ck_assert_slice(ask_key(a, &rules[rule_named(a, "seen")], key), "notice/1");
    ck_assert_slice(ask_key(a, &rules[rule_named(a, "gentle")], key), "coach/gentle");
    ck_assert_slice(ask_key(a, &rules[rule_named(a, "one")], key), "person/one");
    ck_assert_uint_eq(allowance_of_rule(a, rule_named(a, "own-minutes")), 0);
    ck_assert_uint_eq(allowance_of_rule(a, rule_named(a, "granted")), NO_INDEX);
    ck_assert_uint_eq(allowance_of_rule(a, rule_named(a, "adult")), NO_INDEX);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("standing");
    TCase *t = tcase_create("file");

    tcase_add_checked_fixture(t, start, end);
    tcase_add_test(t, sound_as_it_was);
    tcase_add_loop_test(t, each_fault_is_found, 0, sizeof faults / sizeof *faults);
    tcase_add_test(t, each_turned_bit_is_found);
    tcase_add_test(t, every_truncation);
    tcase_add_test(t, facts_of_one_person);
    tcase_add_test(t, facts_hold_from_and_until);
    tcase_add_test(t, of_nobody);
    tcase_add_test(t, of_ten_thousand);
    tcase_add_test(t, from_a_file);
    tcase_add_test(t, keys_and_allowances_of_rules);
    suite_add_tcase(s, t);
    return run_suite(s);
}
