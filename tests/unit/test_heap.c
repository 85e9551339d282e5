/* Memory: the arena's end opens nothing, and there is no heap call in policy_judge, page_render and spool_append after
 * warm-up: counted by standing in malloc's place. Sanitizers stand there themselves; under them only the calls are made. */
#include "core/page.h"
#include "core/rehearse.h"
#include "record/spool.h"

#include "../fuzz/fuzz.h"
#include "unit.h"

#include <dirent.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_ulong calls;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define COUNTING 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define COUNTING 0
#endif
#endif
#ifndef COUNTING
#define COUNTING 1
#endif

#if COUNTING
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t size);

/* Seen by every library of the process, PCRE2 too. */
__attribute__((visibility("default"))) void *malloc(size_t size)
{
    atomic_fetch_add(&calls, 1);
    return __libc_malloc(size);
}

__attribute__((visibility("default"))) void *calloc(size_t n, size_t size)
{
    atomic_fetch_add(&calls, 1);
    return __libc_calloc(n, size);
}

__attribute__((visibility("default"))) void *realloc(void *p, size_t size)
{
    atomic_fetch_add(&calls, 1);
    return __libc_realloc(p, size);
}
#endif

static const struct header headers[] = {
    {{"Cookie", 6}, {"uid=u%3D555; a=b", 16}},
    {{"X-Op", 4}, {"CreatePost", 10}},
    {{"Referer", 7}, {"https://stage.example/Council?x=%41", 35}},
    {{"Content-Type", 12}, {"application/json", 16}},
    {{"Sec-Fetch-Mode", 14}, {"navigate", 8}},
    {{"Sec-Fetch-Dest", 14}, {"document", 8}},
};

static const char *const targets[] = {
    "https://stage.example/council", "https://stage.example/r/abc/like", "https://stage.example/api",
    "https://x.adult.example/",      "https://news.example/a/b?c=d",     "https://stage.example/%2541/../profile?id=12345",
    "no url at all",                 "https://stage.example/gql/x/CreatePost",
};

static void judge_all(struct scratch *scratch)
{
    static const struct str groups[] = {{"comms", 5}, {"councillors", 11}};
    static char out[32 * 1024];
    static _Alignas(64) char recall[1024];
    struct snapshot snapshot = {.policy = fuzz_policy(), .identity_key = fuzz_identity_key()};

    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        struct request r = {.method = i % 2 ? STR("POST") : STR("GET"), .target = str_of(targets[i]),
                            .user = STR("DOM\\alice"), .headers = headers, .n_headers = 6, .groups = groups,
                            .n_groups = 2, .has_groups = true, .client_ip = STR("10.1.2.3"), .now = 1779000000,
                            .body = STR("{\"opName\":\"CreatePost\"}"), .body_whole = true};
        struct verdict v = rehearse(&snapshot, &(struct rehearsal){.returns = 3, .owes = STR("default")}, recall, &r, scratch);

        page_render(policy_artefact(snapshot.policy), v.page, page_form(&r), &(struct page_fill){.code = "K7M4-29QX"}, out, sizeof out);
    }
}

START_TEST(judging_takes_no_heap)
{
    struct scratch *scratch = scratch_new();
    unsigned long before;

    judge_all(scratch);
    before = atomic_load(&calls);
    for (int i = 0; i < 1000; i++)
        judge_all(scratch);
    ck_assert_uint_eq(atomic_load(&calls), before);
    scratch_free(scratch);
}
END_TEST

/* Whatever the arena has room for: nobody gets in by filling it. */
START_TEST(without_room_the_gate_is_shut)
{
    static const struct header referer = {{"Referer", 7}, {"https://stage.example/Council?x=1", 33}};
    static const char *const shut[] = {"https://stage.example/council", "https://a.stagecdn.example/%41/b.png",
                                       "https://x.adult.example/"};
    struct snapshot snapshot = {.policy = fuzz_policy()};
    struct scratch *scratch = scratch_new();

    for (size_t room = 0; room < 1024; room += 8)
        for (size_t i = 0; i < sizeof shut / sizeof *shut; i++) {
            struct request r = {.method = STR("GET"), .target = str_of(shut[i]), .headers = &referer, .n_headers = 1,
                                .has_groups = true, .now = 1779000000, .body_whole = true};
            struct verdict v;

            scratch->arena.size = room;
            v = policy_judge(&snapshot, NULL, &r, scratch);
            ck_assert_msg(v.action == ACTION_REFUSE && v.page != NO_INDEX, "%s with room for %zu bytes", shut[i], room);
            ck_assert(!scratch->arena.full || v.why == WHY_MALFORMED);
        }
    for (size_t room = 0; room < 256; room += 8) { /* and nothing is put into what does not go through */
        struct request r = {.method = STR("GET"), .target = STR("https://www.find.example/search/x"),
                            .has_groups = true, .now = 1779000000, .body_whole = true};
        struct verdict v;

        scratch->arena.size = room;
        v = policy_judge(&snapshot, NULL, &r, scratch);
        ck_assert(v.action == ACTION_ALLOW ? v.n_sets > 0 : v.n_sets == 0);
    }
    scratch->arena.size = SCRATCH_ARENA;
    scratch_free(scratch);
}
END_TEST

static void clear(const char *folder)
{
    DIR *d = opendir(folder);
    struct dirent *e;

    while (d && (e = readdir(d)))
        unlinkat(dirfd(d), e->d_name, 0);
    if (d)
        closedir(d);
    rmdir(folder);
}

START_TEST(recording_takes_no_heap)
{
    char folder[] = "/tmp/portreeve-heap.XXXXXX";
    struct spool *s = NULL;
    struct event e = {.policy = STR("1"), .rule = STR("default"), .platform = STR("stage"), .account = STR("other"),
                      .activity = ACTIVITY_VIEW, .people = 0xffffffff};
    struct diag d;
    unsigned long before;
    int lost = 0;

    diag_init(&d);
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(spool_open(folder, NULL, 0, &s, &d), 0);
    ck_assert_int_eq(spool_append(s, &e), 0);
    before = atomic_load(&calls);
    for (int i = 0; i < 1000; i++)
        lost += spool_append(s, &e) != 0;
    ck_assert_uint_eq(atomic_load(&calls), before);
    ck_assert_int_eq(lost, 0);
    spool_close(s);
    clear(folder);
}
END_TEST

START_TEST(the_counter_counts)
{
    unsigned long before = atomic_load(&calls);
    void *volatile p = malloc(10);

    free(p);
    ck_assert_uint_eq(atomic_load(&calls) - before, COUNTING);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("heap");
    TCase *t = tcase_create("all");

    tcase_add_test(t, the_counter_counts);
    tcase_add_test(t, judging_takes_no_heap);
    tcase_add_test(t, without_room_the_gate_is_shut);
    tcase_add_test(t, recording_takes_no_heap);
    tcase_set_timeout(t, 60);
    suite_add_tcase(s, t);
    return run_suite(s);
}
