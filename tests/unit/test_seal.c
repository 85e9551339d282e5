/* Keys as files, and pseudonyms made with them. */
#include "record/seal.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];
static char path[80];
static struct diag d;

static void begin(void)
{
    diag_init(&d);
    ck_assert_int_eq(seal_init(&d), 0);
    snprintf(folder, sizeof folder, "/tmp/portreeve-seal-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/key", folder);
}

static void end(void)
{
    unlink(path);
    rmdir(folder);
}

static void put_file(const char *bytes, size_t n, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes, n), (ssize_t)n);
    ck_assert_int_eq(fchmod(fd, mode), 0);
    close(fd);
}

START_TEST(a_key_is_made_once_and_read_back)
{
    struct seal_key a, b;
    struct stat st;

    umask(077);
    ck_assert_int_eq(seal_key_create(path, &d), 0);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0640);
    ck_assert_int_eq(st.st_size, 32);
    ck_assert_int_eq(seal_key_read(path, &a, &d), 0);
    ck_assert_int_eq(seal_key_create(path, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, path));
    ck_assert_int_eq(seal_key_read(path, &b, &d), 0);
    ck_assert_mem_eq(&a, &b, sizeof a);
}
END_TEST

START_TEST(wrong_keys_are_refused_with_a_reason)
{
    static const char bytes[33] = "0123456789abcdef0123456789abcdef!";
    struct seal_key key;

    put_file(bytes, 31, 0640);
    ck_assert_int_eq(seal_key_read(path, &key, &d), -1);
    put_file(bytes, 33, 0640);
    ck_assert_int_eq(seal_key_read(path, &key, &d), -1);
    put_file(bytes, 0, 0640);
    ck_assert_int_eq(seal_key_read(path, &key, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[2].text, "32 random bytes"));
    put_file(bytes, 32, 0644);
    ck_assert_int_eq(seal_key_read(path, &key, &d), -1);
    put_file(bytes, 32, 0642);
    ck_assert_int_eq(seal_key_read(path, &key, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[4].text, "chmod"));
    unlink(path);
    ck_assert_int_eq(seal_key_read(path, &key, &d), -1);
    ck_assert_int_eq(seal_key_read(folder, &key, &d), -1);
    ck_assert_uint_eq(d.errors, 7);
    put_file(bytes, 32, 0640);
    ck_assert_int_eq(seal_key_read(path, &key, &d), 0);
    ck_assert_mem_eq(key.bytes, bytes, 32);
}
END_TEST

START_TEST(a_fifo_does_not_hang_the_start)
{
    struct seal_key key;

    ck_assert_int_eq(mkfifo(path, 0640), 0);
    ck_assert_int_eq(seal_key_read(path, &key, &d), -1);
}
END_TEST

/* The right value comes from another implementation: python3 -c 'import hashlib;
 * print(hashlib.blake2b(b"alice", digest_size=16, key=bytes(range(32)),
 * person=b"portreeve-user").hexdigest())' */
START_TEST(a_pseudonym_is_keyed_blake2b)
{
    static const unsigned char expected[PSEUDONYM_SIZE] = {0x27, 0xfd, 0x71, 0x1f, 0x46, 0x6d, 0x62, 0x56,
                                                           0xe5, 0x56, 0xe9, 0x57, 0x09, 0xf6, 0x7b, 0xa9};
    unsigned char one[PSEUDONYM_SIZE], other[PSEUDONYM_SIZE];
    struct seal_key key;

    for (unsigned i = 0; i < 32; i++)
        key.bytes[i] = (unsigned char)i;
    seal_pseudonym(&key, STR("alice"), one);
    ck_assert_mem_eq(one, expected, sizeof one);
    seal_pseudonym(&key, STR("alicf"), other);
    ck_assert_mem_ne(one, other, sizeof one);
    key.bytes[31] ^= 1;
    seal_pseudonym(&key, STR("alice"), other);
    ck_assert_mem_ne(one, other, sizeof one);
    seal_pseudonym(&key, STR_NONE, other);
}
END_TEST

START_TEST(digests_are_the_standard_ones)
{
    static const unsigned char abc[4] = {0xba, 0x78, 0x16, 0xbf}; /* FIPS 180-2 B.1 */
    static const unsigned char blake[4] = {0xcf, 0x4a, 0xb7,
                                           0x91}; /* hashlib.blake2b(b"abc", digest_size=16) */
    unsigned char sha[32], digest[16];

    seal_sha256(STR("abc"), sha);
    ck_assert_mem_eq(sha, abc, sizeof abc);
    seal_digest(STR("abc"), digest);
    ck_assert_mem_eq(digest, blake, sizeof blake);
}
END_TEST

START_TEST(random_bytes_differ)
{
    unsigned char a[16] = {0}, b[16] = {0};

    seal_random(a, sizeof a);
    seal_random(b, sizeof b);
    ck_assert_mem_ne(a, b, sizeof a);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("seal");
    TCase *t = tcase_create("keys");

    tcase_add_checked_fixture(t, begin, end);
    tcase_add_test(t, a_key_is_made_once_and_read_back);
    tcase_add_test(t, wrong_keys_are_refused_with_a_reason);
    tcase_add_test(t, a_fifo_does_not_hang_the_start);
    tcase_add_test(t, a_pseudonym_is_keyed_blake2b);
    tcase_add_test(t, digests_are_the_standard_ones);
    tcase_add_test(t, random_bytes_differ);
    suite_add_tcase(suite, t);
    return run_suite(suite);
}
