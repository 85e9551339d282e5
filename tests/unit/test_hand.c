/* Keys handed from the keeper to a node: what is taken, and what is not. */
#include "record/hand.h"
#include "unit.h"

static struct sign_key keeper, node, other;
static struct hand_pair *pair;
static struct epoch_file given, got;
static unsigned char announced[HAND_ANNOUNCED], handed[HAND_MAX];
static struct diag d;

enum { NOW = 1778580000 };

static void setup(void)
{
    const unsigned char seeds[3][32] = {{1}, {2}, {3}};

    diag_init(&d);
    ck_assert_int_eq(seal_init(&d), 0);
    sign_key_of_seed(seeds[0], &keeper);
    sign_key_of_seed(seeds[1], &node);
    sign_key_of_seed(seeds[2], &other);
    pair = hand_pair_new();
    ck_assert_ptr_nonnull(pair);
    given = (struct epoch_file){.n = 1, .epochs[0] = {.id = epoch_id(20000, 1), .from = NOW, .until = NOW + 9}};
    memset(given.epochs[0].key.bytes, 7, sizeof given.epochs[0].key.bytes);
    got = (struct epoch_file){.n = 0};
    hand_announce(pair, STR("gate-2"), NOW, &node, announced);
}

static void teardown(void)
{
    hand_pair_free(pair);
}

static struct str bytes(const unsigned char *p, size_t n)
{
    return (struct str){(const char *)p, n};
}

static size_t sealed(const char *name, const struct sign_key *signer, int64_t now, const struct sign_key *by)
{
    const struct hand_to to = {str_of(name), bytes(announced, sizeof announced), signer->public};

    return hand_seal(&to, &given, now, by, handed);
}

static struct hand_taker taker(const char *name)
{
    struct hand_taker t = {.pair = pair, .node = str_of(name)};

    memcpy(t.keeper, keeper.public, sizeof t.keeper);
    return t;
}

START_TEST(handed_over)
{
    struct hand_taker t = taker("gate-2");
    size_t n = sealed("gate-2", &node, NOW, &keeper);

    ck_assert_uint_gt(n, 0);
    ck_assert_int_eq(hand_take(&t, bytes(handed, n), &got), HAND_TAKEN);
    ck_assert_uint_eq(got.n, 1);
    ck_assert_uint_eq(got.epochs[0].id, given.epochs[0].id);
    ck_assert_mem_eq(got.epochs[0].key.bytes, given.epochs[0].key.bytes, sizeof got.epochs[0].key.bytes);
    for (size_t i = 0; i + 32 <= n; i++) /* the key itself is not in it */
        ck_assert_mem_ne(handed + i, given.epochs[0].key.bytes, 32);
}
END_TEST

/* The keeper seals to nobody but those whom it knows. */
START_TEST(announced_by_another)
{
    ck_assert_uint_eq(sealed("gate-2", &other, NOW, &keeper), 0); /* registered with another key */
    ck_assert_uint_eq(sealed("gate-3", &node, NOW, &keeper), 0);  /* its announcement in another's row */
    for (size_t i = 0; i < sizeof announced; i++) {
        announced[i] ^= 1;
        ck_assert_uint_eq(sealed("gate-2", &node, NOW, &keeper), 0);
        announced[i] ^= 1;
    }
}
END_TEST

/* A node takes of nobody but the keeper that it pins, and nothing that was meant for another. */
START_TEST(handed_by_another)
{
    struct hand_taker t = taker("gate-2"), elsewhere = taker("gate-3");
    size_t n = sealed("gate-2", &node, NOW, &other);

    ck_assert_int_eq(hand_take(&t, bytes(handed, n), &got), HAND_FORGED);
    n = sealed("gate-2", &node, NOW, &keeper);
    ck_assert_int_eq(hand_take(&elsewhere, bytes(handed, n), &got), HAND_FORGED);
    for (size_t i = 0; i < n; i++) {
        handed[i] ^= 1;
        ck_assert_int_eq(hand_take(&t, bytes(handed, n), &got), HAND_FORGED);
        handed[i] ^= 1;
        ck_assert_int_eq(hand_take(&t, bytes(handed, i), &got), HAND_FORGED);
    }
    ck_assert_uint_eq(got.n, 0);
    ck_assert_int_eq(hand_take(&t, bytes(handed, n), &got), HAND_TAKEN);
}
END_TEST

/* Put back by who writes to the store. */
START_TEST(an_old_one)
{
    struct hand_taker t = taker("gate-2");
    unsigned char old[HAND_MAX];
    size_t n = sealed("gate-2", &node, NOW, &keeper);

    memcpy(old, handed, n);
    ck_assert_uint_eq(sealed("gate-2", &node, NOW + 1, &keeper), n);
    ck_assert_int_eq(hand_take(&t, bytes(handed, n), &got), HAND_TAKEN);
    got.n = 0;
    ck_assert_int_eq(hand_take(&t, bytes(old, n), &got), HAND_STALE);
    ck_assert_uint_eq(got.n, 0);
}
END_TEST

/* Whoever has the store and all that lies on the node's disk cannot open it: the pair ended with the process. */
START_TEST(started_anew)
{
    struct hand_taker t = taker("gate-2");
    struct hand_pair *anew = hand_pair_new();
    size_t n = sealed("gate-2", &node, NOW, &keeper);

    ck_assert_ptr_nonnull(anew);
    t.pair = anew;
    ck_assert_int_eq(hand_take(&t, bytes(handed, n), &got), HAND_FORGED);
    ck_assert_uint_eq(got.n, 0);
    hand_pair_free(anew);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hand");
    TCase *t = tcase_create("hand");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, handed_over);
    tcase_add_test(t, announced_by_another);
    tcase_add_test(t, handed_by_another);
    tcase_add_test(t, an_old_one);
    tcase_add_test(t, started_anew);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
