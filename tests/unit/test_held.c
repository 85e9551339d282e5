/* Held hosts: a line each, a file a day, whole or passed over. */
#include "record/held.h"
#include "unit.h"

#include "core/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static void set_up(void)
{
    snprintf(folder, sizeof folder, "/tmp/portreeve-held-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void tear_down(void)
{
    char path[128];
    unsigned gone;
    struct diag d;

    diag_init(&d);
    held_forget(folder, INT32_MAX, &gone, &d);
    snprintf(path, sizeof path, "%s/held-2026-13-01", folder);
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
}

static const char *file(const char *name)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static struct held one(int32_t day, const char *code, const char *host)
{
    return (struct held){.code = str_of(code),
                         .policy = STR("3.2"),
                         .rule = STR("adult-sites"),
                         .lists = STR("ut1/adult,local"),
                         .host = str_of(host),
                         .categories = 1u << CATEGORY_ADULT | 1u << CATEGORY_MALWARE,
                         .day = day};
}

static char said[4096];

static void note(void *to, const struct held *h)
{
    size_t n = strlen(said);

    (void)to;
    snprintf(said + n, sizeof said - n, "%d %.*s %.*s %.*s %u %.*s %.*s\n", h->day, STR_ARG(h->code), STR_ARG(h->policy),
             STR_ARG(h->rule), h->categories, STR_ARG(h->lists), STR_ARG(h->host));
}

static const char *all(int32_t from, int32_t to)
{
    struct diag d;

    diag_init(&d);
    said[0] = '\0';
    ck_assert_int_eq(held_read(folder, from, to, note, NULL, &d), 0);
    return said;
}

START_TEST(what_is_added_is_read)
{
    struct held_book b = {.folder = folder};
    struct held h = one(20788, "K7M4-29QX", "shop.example"), other = one(20789, "AAAA-AAAA", "a.example");

    ck_assert_int_eq(held_add(&b, &h), 0);
    ck_assert_int_eq(held_add(&b, &other), 0);
    held_close(&b);
    ck_assert_int_eq(access(file("held-2026-12-01"), F_OK), 0);
    ck_assert_str_eq(all(20787, 20790), "20788 K7M4-29QX 3.2 adult-sites 9 ut1/adult,local shop.example\n"
                                        "20789 AAAA-AAAA 3.2 adult-sites 9 ut1/adult,local a.example\n");
    ck_assert_str_eq(all(20789, 20789), "20789 AAAA-AAAA 3.2 adult-sites 9 ut1/adult,local a.example\n");
}
END_TEST

START_TEST(a_line_that_was_cut_off_spoils_no_other)
{
    struct held_book b = {.folder = folder};
    struct held h = one(20788, "K7M4-29QX", "shop.example");
    FILE *f = fopen(file("held-2026-12-01"), "w");

    fputs("\nBBBB-BBBB\t3\tr\tadult\t\tcut.exa", f);
    fclose(f);
    ck_assert_int_eq(held_add(&b, &h), 0);
    held_close(&b);
    ck_assert_str_eq(all(20788, 20788), "20788 K7M4-29QX 3.2 adult-sites 9 ut1/adult,local shop.example\n");
}
END_TEST

START_TEST(what_is_no_line_of_ours_is_passed_over)
{
    FILE *f = fopen(file("held-2026-12-01"), "w");

    fputs("\n\nK7M4-29QX\t3\tr\tadulterated\t\ta.example\t.\nshort\t3\tr\tadult\t\ta.example\t.\n"
          "K7M4-29QX\t3\tr\tadult\t\t\t.\nK7M4-29QX\t3\tr\tadult\t\ta.example\t.",
          f);
    fclose(f);
    f = fopen(file("held-2026-13-01"), "w");
    fputs("K7M4-29QX\t3\tr\tadult\t\ta.example\t.\n", f);
    fclose(f);
    ck_assert_str_eq(all(0, 99999), "");
}
END_TEST

START_TEST(no_field_ends_a_line)
{
    struct held_book b = {.folder = folder};
    struct held h = one(20788, "K7M4-29QX", "shop.example");

    h.policy = STR("3\t2\n");
    ck_assert_int_eq(held_add(&b, &h), 0);
    held_close(&b);
    ck_assert_str_eq(all(20788, 20788), "20788 K7M4-29QX 3?2? adult-sites 9 ut1/adult,local shop.example\n");
}
END_TEST

START_TEST(days_are_forgotten_whole)
{
    struct held_book b = {.folder = folder};
    unsigned gone;
    struct diag d;

    for (int32_t day = 20780; day <= 20788; day++) {
        struct held h = one(day, "K7M4-29QX", "shop.example");

        ck_assert_int_eq(held_add(&b, &h), 0);
    }
    diag_init(&d);
    ck_assert_int_eq(held_forget(folder, 20787, &gone, &d), 0);
    ck_assert_uint_eq(gone, 7);
    ck_assert_str_eq(all(0, 99999), "20787 K7M4-29QX 3.2 adult-sites 9 ut1/adult,local shop.example\n"
                                    "20788 K7M4-29QX 3.2 adult-sites 9 ut1/adult,local shop.example\n");
    /* The file in hand deleted: the next one is in a new file. */
    ck_assert_int_eq(held_forget(folder, 20789, &gone, &d), 0);
    {
        struct held h = one(20788, "CCCC-CCCC", "b.example");

        ck_assert_int_eq(held_add(&b, &h), 0);
    }
    ck_assert_str_eq(all(0, 99999), "20788 CCCC-CCCC 3.2 adult-sites 9 ut1/adult,local b.example\n");
    held_close(&b);
}
END_TEST

START_TEST(the_folder_moved_away_and_made_anew_is_written_to)
{
    struct held_book b = {.folder = folder};
    struct held h = one(20788, "K7M4-29QX", "shop.example"), next = one(20788, "CCCC-CCCC", "b.example");
    char away[80], old[128];

    snprintf(away, sizeof away, "%s-away", folder);
    snprintf(old, sizeof old, "%s/held-2026-12-01", away);
    ck_assert_int_eq(held_add(&b, &h), 0);
    ck_assert_int_eq(rename(folder, away), 0);
    ck_assert_int_eq(held_add(&b, &next), ENOENT);
    ck_assert_int_eq(mkdir(folder, 0700), 0);
    ck_assert_int_eq(held_add(&b, &next), 0);
    held_close(&b);
    ck_assert_str_eq(all(20788, 20788), "20788 CCCC-CCCC 3.2 adult-sites 9 ut1/adult,local b.example\n");
    ck_assert_int_eq(unlink(old), 0);
    ck_assert_int_eq(rmdir(away), 0);
}
END_TEST

START_TEST(a_day_has_an_end)
{
    struct held_book b = {.folder = folder};
    struct held h = one(20788, "K7M4-29QX", "shop.example"), next = one(20789, "K7M4-29QX", "shop.example");
    FILE *f = fopen(file("held-2026-12-01"), "w");

    ck_assert_int_eq(ftruncate(fileno(f), HELD_DAY), 0);
    fclose(f);
    ck_assert_int_eq(held_add(&b, &h), ENOSPC);
    ck_assert_int_eq(held_add(&b, &h), ENOSPC);
    ck_assert_int_eq(held_add(&b, &next), 0);
    held_close(&b);
}
END_TEST

START_TEST(no_folder_and_no_link)
{
    struct held_book b = {.folder = file("missing")};
    struct held h = one(20788, "K7M4-29QX", "shop.example");
    struct diag d;
    char target[128], path[128];

    ck_assert_int_eq(held_add(&b, &h), ENOENT);
    diag_init(&d);
    ck_assert_int_eq(held_read(file("missing"), 0, 99999, note, NULL, &d), 0);
    snprintf(target, sizeof target, "%s/elsewhere", folder);
    snprintf(path, sizeof path, "%s", file("held-2026-12-01"));
    ck_assert_int_eq(symlink(target, path), 0);
    b.folder = folder;
    ck_assert_int_eq(held_add(&b, &h), ELOOP);
    ck_assert_int_ne(access(target, F_OK), 0);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("held");
    TCase *t = tcase_create("held");

    tcase_add_checked_fixture(t, set_up, tear_down);
    tcase_add_test(t, what_is_added_is_read);
    tcase_add_test(t, a_line_that_was_cut_off_spoils_no_other);
    tcase_add_test(t, what_is_no_line_of_ours_is_passed_over);
    tcase_add_test(t, no_field_ends_a_line);
    tcase_add_test(t, days_are_forgotten_whole);
    tcase_add_test(t, the_folder_moved_away_and_made_anew_is_written_to);
    tcase_add_test(t, a_day_has_an_end);
    tcase_add_test(t, no_folder_and_no_link);
    suite_add_tcase(s, t);
    return run_suite(s);
}
