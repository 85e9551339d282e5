/* One event as bytes and back; and every byte of it tampered with. */
#include "record/event.h"
#include "unit.h"

static struct event sample(void)
{
    return (struct event){
        .sequence = 0x0102030405060708u,
        .time = 1778580000,
        .policy = STR("3.2"),
        .rule = STR("no-reactions"),
        .platform = STR("facebook"),
        .account = STR("HavantBorough"),
        .code = STR("K7M4-29QX"),
        .action = ACTION_ALLOW,
        .why = WHY_RULE,
        .activity = ACTIVITY_REACT,
        .confidence = CONFIDENCE_SURE,
        .origin = ORIGIN_PERSON,
        .identity = IDENTITY_OTHER,
        .categories = 1u << CATEGORY_GAMBLING,
        .people = PEOPLE_MEMBER,
        .shadow = true,
        .would = ACTION_REFUSE,
        .would_rule = STR("no-reactions"),
        .has_place = true,
        .asn = 0xfedcba98u,
        .country = 'g' << 8 | 'b',
        .has_pseudonym = true,
        .pseudonym = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
    };
}

static void same(const struct event *a, const struct event *b)
{
    ck_assert_uint_eq(a->sequence, b->sequence);
    ck_assert_int_eq(a->time, b->time);
    ck_assert(str_eq(a->policy, b->policy) && str_eq(a->rule, b->rule) && str_eq(a->platform, b->platform));
    ck_assert(str_eq(a->account, b->account) && str_eq(a->group, b->group) && str_eq(a->code, b->code));
    ck_assert(str_eq(a->would_rule, b->would_rule));
    ck_assert_uint_eq(a->action, b->action);
    ck_assert_uint_eq(a->why, b->why);
    ck_assert_uint_eq(a->activity, b->activity);
    ck_assert_uint_eq(a->confidence, b->confidence);
    ck_assert_uint_eq(a->origin, b->origin);
    ck_assert_uint_eq(a->identity, b->identity);
    ck_assert_uint_eq(a->categories, b->categories);
    ck_assert_uint_eq(a->people, b->people);
    ck_assert_uint_eq(a->would, b->would);
    ck_assert(a->has_place == b->has_place);
    ck_assert_uint_eq(a->asn, b->asn);
    ck_assert_uint_eq(a->country, b->country);
    ck_assert(a->shadow == b->shadow && a->has_pseudonym == b->has_pseudonym);
    ck_assert_mem_eq(a->pseudonym, b->pseudonym, PSEUDONYM_SIZE);
    ck_assert(a->has_day == b->has_day && a->minute == b->minute);
    ck_assert_mem_eq(a->day, b->day, DAY_DIGEST);
}

START_TEST(comes_back_as_it_was)
{
    unsigned char bytes[EVENT_MAX];
    struct event e = sample(), back;
    size_t n = event_encode(&e, bytes, sizeof bytes);

    ck_assert_uint_gt(n, 0);
    ck_assert_int_eq(event_decode(&back, bytes, n), 0);
    same(&e, &back);
}
END_TEST

START_TEST(counts_name_nobody)
{
    unsigned char bytes[EVENT_MAX];
    struct event e = sample(), back;
    size_t with = event_encode(&e, bytes, sizeof bytes), without;

    e.has_pseudonym = false;
    without = event_encode(&e, bytes, sizeof bytes);
    ck_assert_uint_eq(with - without, PSEUDONYM_SIZE);
    ck_assert_int_eq(event_decode(&back, bytes, without), 0);
    for (size_t i = 0; i < PSEUDONYM_SIZE; i++)
        ck_assert_uint_eq(back.pseudonym[i], 0);
}
END_TEST

START_TEST(a_day_in_place_of_a_pseudonym)
{
    unsigned char bytes[EVENT_MAX];
    struct event e = sample(), back;
    size_t n;

    e.has_day = true;
    e.minute = 59;
    memset(e.day, 7, sizeof e.day);
    ck_assert_uint_eq(event_encode(&e, bytes, sizeof bytes), 0); /* never both */
    e.has_pseudonym = false;
    memset(e.pseudonym, 0, sizeof e.pseudonym);
    n = event_encode(&e, bytes, sizeof bytes);
    ck_assert_int_eq(event_decode(&back, bytes, n), 0);
    same(&e, &back);
    bytes[33 + DAY_DIGEST] = 60;
    ck_assert_int_eq(event_decode(&back, bytes, n), -1);
    bytes[33 + DAY_DIGEST] = 59;
    bytes[1] |= 2; /* a pseudonym, too */
    ck_assert_int_eq(event_decode(&back, bytes, n), -1);
}
END_TEST

START_TEST(unknowns_are_values)
{
    unsigned char bytes[EVENT_MAX];
    struct event e = {.activity = ACTIVITY_COUNT, .people = 0xffffffff, .time = -1}, back;
    size_t n = event_encode(&e, bytes, sizeof bytes);

    ck_assert_int_eq(event_decode(&back, bytes, n), 0);
    same(&e, &back);
}
END_TEST

START_TEST(longest_fits_and_longer_does_not)
{
    static const char a[65] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    struct str longest = {a, 64};
    unsigned char bytes[EVENT_MAX];
    struct event e = sample(), back;
    size_t n;

    e.policy = e.rule = e.platform = e.account = e.group = e.code = e.would_rule = longest;
    n = event_encode(&e, bytes, sizeof bytes);
    ck_assert_uint_gt(n, 0);
    ck_assert_int_eq(event_decode(&back, bytes, n), 0);
    same(&e, &back);
    ck_assert_uint_eq(event_encode(&e, bytes, n - 1), 0);
    e.account = (struct str){a, 65};
    ck_assert_uint_eq(event_encode(&e, bytes, sizeof bytes), 0);
}
END_TEST

START_TEST(every_length_but_its_own_is_refused)
{
    unsigned char bytes[EVENT_MAX + 1] = {0};
    struct event e = sample(), back;
    size_t n = event_encode(&e, bytes, EVENT_MAX);

    for (size_t size = 0; size <= n + 1; size++) {
        unsigned char *exact = malloc(size ? size : 1); /* so that a byte too far is seen by the sanitizer */

        ck_assert_ptr_nonnull(exact);
        memcpy(exact, bytes, size);
        ck_assert_int_eq(event_decode(&back, exact, size), size == n ? 0 : -1);
        free(exact);
    }
}
END_TEST

static bool sound_string(struct str s, const unsigned char *bytes, size_t n)
{
    const unsigned char *p = (const unsigned char *)s.p;

    for (size_t k = 0; k < s.n; k++)
        if (p[k] < 0x20 || p[k] == 0x7f)
            return false;
    return s.n == 0 || (s.n <= 64 && p >= bytes && p + s.n <= bytes + n);
}

/* What decodes in spite of a wrong byte must be sound: enums in range, strings inside the bytes, and made of
 * nothing that breaks a report's line. */
static bool sound(const struct event *e, const unsigned char *bytes, size_t n)
{
    const struct str strings[] = {e->policy, e->rule, e->platform,  e->account,
                                  e->group,  e->code, e->would_rule};

    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        if (!sound_string(strings[i], bytes, n))
            return false;
    return e->action < ACTION_COUNT && e->would < ACTION_COUNT && e->why < WHY_COUNT &&
           e->activity <= ACTIVITY_COUNT && e->confidence < CONFIDENCE_COUNT && e->origin < ORIGIN_COUNT &&
           e->identity < IDENTITY_COUNT && e->categories >> CATEGORY_COUNT == 0 &&
           (e->people < PEOPLE_COUNT || e->people == 0xffffffff);
}

START_TEST(every_byte_tampered_with)
{
    unsigned char bytes[EVENT_MAX];
    struct event e = sample(), back;
    size_t n = event_encode(&e, bytes, sizeof bytes);
    unsigned char *exact = malloc(n);
    unsigned refused = 0;

    ck_assert_ptr_nonnull(exact);
    for (size_t at = 0; at < n; at++)
        for (unsigned value = 0; value < 256; value++) {
            memcpy(exact, bytes, n);
            exact[at] = (unsigned char)value;
            if (event_decode(&back, exact, n) == 0)
                ck_assert(sound(&back, exact, n));
            else
                refused++;
        }
    free(exact);
    ck_assert_uint_gt(refused, 1000);
}
END_TEST

START_TEST(each_enum_is_held_to_its_range)
{
    static const struct {
        size_t at;
        unsigned first_bad;
    } fields[] = {{0, EVENT_VERSION + 1},  {1, 4},
                  {2, ACTION_COUNT},       {3, WHY_COUNT},
                  {4, ACTIVITY_COUNT + 1}, {5, CONFIDENCE_COUNT},
                  {6, ORIGIN_COUNT},       {7, IDENTITY_COUNT},
                  {8, ACTION_COUNT}};
    unsigned char bytes[EVENT_MAX];
    struct event e = sample(), back;
    size_t n;

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        n = event_encode(&e, bytes, sizeof bytes);
        bytes[fields[i].at] = (unsigned char)fields[i].first_bad;
        ck_assert_int_eq(event_decode(&back, bytes, n), -1);
    }
    n = event_encode(&e, bytes, sizeof bytes);
    bytes[13] = PEOPLE_COUNT; /* people: neither a class nor "unknown" */
    ck_assert_int_eq(event_decode(&back, bytes, n), -1);
}
END_TEST

START_TEST(noise_is_no_event)
{
    unsigned char bytes[EVENT_MAX];
    struct event back;
    unsigned state = 1;

    for (int round = 0; round < 20000; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            state = state * 1103515245u + 12345u;
            bytes[i] = (unsigned char)(state >> 16);
        }
        bytes[0] = EVENT_VERSION;
        if (event_decode(&back, bytes, (state >> 8) % sizeof bytes) == 0)
            ck_assert(sound(&back, bytes, sizeof bytes));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("event");
    TCase *t = tcase_create("bytes");

    tcase_add_test(t, comes_back_as_it_was);
    tcase_add_test(t, counts_name_nobody);
    tcase_add_test(t, a_day_in_place_of_a_pseudonym);
    tcase_add_test(t, unknowns_are_values);
    tcase_add_test(t, longest_fits_and_longer_does_not);
    tcase_add_test(t, every_length_but_its_own_is_refused);
    tcase_add_test(t, every_byte_tampered_with);
    tcase_add_test(t, each_enum_is_held_to_its_range);
    tcase_add_test(t, noise_is_no_event);
    tcase_set_timeout(t, 30);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
