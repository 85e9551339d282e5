/* The life of a policy in force (module/snapshot.h): what is pinned stays, one thread looks, stop waits, a
 * bad file changes nothing; and all of it at once, with threads, which ThreadSanitizer watches in
 * scripts/check. */
#include "snapshot_fixture.h"

#include "compile/compile.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { VERSIONS = 160, READERS = 4, LOOKERS = 2 };

static char folder[64], last_good[128], generation[128];
char policy_path[80], owners[96], standing[96], lists_path[96];
struct diag d;
static uint64_t word;

/* What the listener heard. */
atomic_uint came, swapped, bad, lines;
static atomic_uint looks_at_once, most_at_once;
static atomic_bool gate_shut; /* the looker says `here` and waits for `go`, once */
static sem_t here, go;

static void hear(void)
{
    unsigned now = atomic_fetch_add(&looks_at_once, 1) + 1;

    if (now > atomic_load(&most_at_once))
        atomic_store(&most_at_once, now);
    if (atomic_exchange(&gate_shut, false)) {
        sem_post(&here);
        while (sem_wait(&go) != 0)
            ;
    }
    atomic_fetch_sub(&looks_at_once, 1);
}

static uint64_t version_of(const struct artefact *a)
{
    struct str s = artefact_str(a, ARTEFACT_ROWS(a, META, struct a_meta)->version);
    uint64_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n = 10 * n + (uint64_t)(s.p[i] - '0');
    return n;
}

static _Atomic uint64_t told;

static void hear_in_force(const struct artefact *a)
{
    atomic_fetch_add(&came, 1);
    hear();
    atomic_store(&told, version_of(a)); /* it still lives */
}

static void hear_swapped(void)
{
    atomic_fetch_add(&swapped, 1);
    hear();
}

static void hear_bad(void)
{
    atomic_fetch_add(&bad, 1);
    hear();
}

static void hear_message(const char *line)
{
    lines += line[0] != '\0';
    hear();
}

static const struct snapshot_listener listener = {hear_in_force, hear_swapped, hear_bad, hear_message};

static void begin(void)
{
    diag_init(&d);
    snprintf(folder, sizeof folder, "/tmp/portreeve-snapshot-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(policy_path, sizeof policy_path, "%s/policy", folder);
    snprintf(owners, sizeof owners, "%s/owners", folder);
    snprintf(standing, sizeof standing, "%s/standing", folder);
    snprintf(lists_path, sizeof lists_path, "%s/lists", folder);
    snprintf(last_good, sizeof last_good, "%s.last-good", policy_path);
    snprintf(generation, sizeof generation, "%s.generation", policy_path);
    word = 0;
    sem_init(&here, 0, 0);
    sem_init(&go, 0, 0);
    snapshot_tell(&listener);
}

static void end(void)
{
    char word_path[128];

    snapshot_stop();
    unlink(policy_path);
    unlink(last_good);
    unlink(generation);
    unlink(owners);
    unlink(standing);
    unlink(lists_path);
    snprintf(word_path, sizeof word_path, "%s%s", lists_path, CATEGORIES_LOCAL);
    unlink(word_path);
    snprintf(word_path, sizeof word_path, "%s.previous", lists_path);
    unlink(word_path);
    snprintf(word_path, sizeof word_path, "%s.generation", standing);
    unlink(word_path);
    rmdir(folder);
}

/* An artefact whose version, and the sentence of its rule, is the number. The caller's. */
static struct str make(unsigned version)
{
    static const char page[] = "status 403\ntitle \"T\"\nh1 \"H\"\np \"P\"\n";
    char text[900];
    struct source_file files[] = {{STR("council.policy"), {0}}, {STR("pages/shut.page"), str_of(page)}};
    struct source s = {files, 2};
    unsigned char *bytes = NULL;
    size_t size = 0;

    snprintf(text, sizeof text,
             "policy \"P\" version %u from 2026-01-01\ncouncil \"C\"\nowner \"O\"\napproved-by \"A\" on "
             "2026-01-01\n"
             "review-due 2030-01-01\nscope category adult drugs gambling alcohol\ndefault allow\nunavailable page shut\nunsure refuse page shut\n"
             "malformed refuse page shut\nforbid all\n    host .example\n    because \"%u\"\n    cite "
             "\"1\"\n    page shut\nforbid listed\n    category adult\n    because \"x\"\n    cite \"2\"\n    page shut\n",
             version, version);
    files[0].text = str_of(text);
    ck_assert_msg(compile_source(&s, 20600, 0, &bytes, &size, &d) == 0, "%s", d.messages[0].text);
    return (struct str){(const char *)bytes, size};
}

void write_file(const char *to, struct str bytes)
{
    char aside[200];
    int fd;

    snprintf(aside, sizeof aside, "%s/new", folder);
    fd = open(aside, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
    close(fd);
    ck_assert_int_eq(rename(aside, to), 0);
}

static void raise_word(void)
{
    int fd = open(generation, O_RDWR | O_CREAT, 0600);

    word++;
    ck_assert_int_eq(pwrite(fd, &word, sizeof word, 0), sizeof word);
    close(fd);
}

static void publish(struct str bytes)
{
    write_file(policy_path, bytes);
    raise_word();
}

void publish_version(unsigned version)
{
    struct str bytes = make(version);

    publish(bytes);
    free((void *)(uintptr_t)bytes.p);
}

/* How many policies live: the linker puts these in the place of core's own. */
static atomic_uint policies;
int __real_policy_map(const char *file, struct policy **policy, struct diag *diag);
void __real_policy_free(struct policy *policy);
int __wrap_policy_map(const char *file, struct policy **policy, struct diag *diag);
void __wrap_policy_free(struct policy *policy);

int __wrap_policy_map(const char *file, struct policy **policy, struct diag *diag)
{
    int result = __real_policy_map(file, policy, diag);

    policies += result == 0;
    return result;
}

void __wrap_policy_free(struct policy *policy)
{
    policies -= policy != NULL;
    __real_policy_free(policy);
}

unsigned alive(void)
{
    return policies;
}

/* How many generation words of ours this process has mapped. */
static unsigned mapped_words(void)
{
    FILE *f = fopen("/proc/self/maps", "re");
    char line[4096];
    unsigned n = 0;

    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof line, f))
        n += strstr(line, folder) && (strstr(line, ".generation") != NULL || strstr(line, "/word"));
    fclose(f);
    return n;
}

uint64_t version_in(const struct loaded *l)
{
    return l ? version_of(policy_artefact(l->policy)) : 0;
}

uint64_t version_now(void)
{
    struct loaded *l = snapshot_pin();
    uint64_t n = version_in(l);

    snapshot_unpin(l);
    return n;
}

void start(unsigned version)
{
    raise_word();
    publish_version(version);
    ck_assert_int_eq(snapshot_start(policy_path, &d), 0);
}

START_TEST(without_a_file_there_is_no_policy_until_one_comes)
{
    ck_assert_int_eq(snapshot_start(policy_path, &d), -1);
    ck_assert_uint_eq(d.errors, 1);
    ck_assert(!snapshot_present());
    ck_assert_ptr_null(snapshot_pin());
    snapshot_unpin(NULL);
    publish_version(7);
    snapshot_child();
    ck_assert(snapshot_present());
    ck_assert_uint_eq(version_now(), 7);
    ck_assert_uint_eq(came, 1);
    ck_assert_uint_eq(swapped, 0);
    publish_version(8); /* its word is mapped by now */
    ck_assert_uint_eq(version_now(), 8);
    ck_assert_uint_eq(swapped, 1);
    ck_assert_uint_eq(bad, 0);
}
END_TEST

START_TEST(what_is_pinned_stays_and_what_nobody_holds_goes)
{
    struct loaded *first, *again, *second;

    start(1);
    first = snapshot_pin();
    again = snapshot_pin();
    ck_assert_ptr_eq(first, again);
    publish_version(2);
    second = snapshot_pin();
    ck_assert_uint_eq(version_in(first), 1);
    ck_assert_uint_eq(version_in(second), 2);
    ck_assert_uint_eq(alive(), 2);
    snapshot_unpin(first);
    ck_assert_uint_eq(alive(), 2);
    ck_assert_uint_eq(version_in(again), 1);
    snapshot_unpin(again);
    ck_assert_uint_eq(alive(), 1);
    snapshot_unpin(second);
    ck_assert_uint_eq(version_now(), 2); /* in force is held, too */
    publish_version(3);
    ck_assert_uint_eq(version_now(), 3);
    ck_assert_uint_eq(alive(), 1);
}
END_TEST

START_TEST(after_stop_the_last_request_frees)
{
    struct loaded *a, *b;

    start(1);
    a = snapshot_pin();
    b = snapshot_pin();
    snapshot_stop();
    ck_assert(!snapshot_present());
    ck_assert_ptr_null(snapshot_pin());
    publish_version(2);
    snapshot_child();
    ck_assert_ptr_null(snapshot_pin()); /* stopped is stopped */
    snapshot_unpin(a);
    ck_assert_uint_eq(version_in(b), 1);
    ck_assert_uint_eq(alive(), 1);
    snapshot_unpin(b);
    ck_assert_uint_eq(alive(), 0);
    ck_assert_int_eq(snapshot_start(policy_path, &d), 0);
    ck_assert_uint_eq(version_now(), 2);
}
END_TEST

START_TEST(a_bad_file_is_told_once_and_changes_nothing)
{
    unsigned said;

    start(1);
    publish(STR("no policy"));
    ck_assert_uint_eq(version_now(), 1);
    ck_assert_uint_eq(bad, 1);
    said = lines;
    for (int i = 0; i < 3; i++) {
        raise_word();
        ck_assert_uint_eq(version_now(), 1);
    }
    ck_assert_uint_eq(bad, 1);
    ck_assert_uint_eq(lines, said);
    publish(STR("no policy either"));
    ck_assert_uint_eq(version_now(), 1);
    ck_assert_uint_eq(bad, 2);
    ck_assert_uint_eq(alive(), 1);
}
END_TEST

START_TEST(last_good_is_taken_where_it_is_another)
{
    struct str good = make(5);

    write_file(last_good, good);
    write_file(policy_path, STR("no policy"));
    ck_assert_int_eq(snapshot_start(policy_path, &d), 0);
    ck_assert_uint_eq(version_now(), 5);
    raise_word();
    publish(STR("still none"));
    snapshot_child();
    ck_assert_uint_eq(came, 1); /* the same policy does not come twice */
    ck_assert_uint_eq(bad, 1);
    free((void *)(uintptr_t)good.p);
}
END_TEST

/* A freed inode may come back with the size and the time of the file that was tried before. */
START_TEST(where_the_word_has_moved_the_file_is_read_though_it_looks_the_same)
{
    struct str good = make(2);
    char *wrong = malloc(good.n);
    struct stat st;
    int fd;

    start(1);
    ck_assert_ptr_nonnull(wrong);
    memset(wrong, 'x', good.n);
    publish((struct str){wrong, good.n});
    ck_assert_uint_eq(version_now(), 1);
    fd = open(policy_path, O_WRONLY);
    ck_assert_int_eq(fstat(fd, &st), 0);
    ck_assert_int_eq(pwrite(fd, good.p, good.n, 0), (ssize_t)good.n);
    ck_assert_int_eq(futimens(fd, (struct timespec[]){st.st_atim, st.st_mtim}), 0);
    close(fd);
    raise_word();
    ck_assert_uint_eq(version_now(), 2);
    free(wrong);
    free((void *)(uintptr_t)good.p);
}
END_TEST

START_TEST(the_word_may_be_missing_short_or_another_file)
{
    char aside[200];
    int fd;

    write_file(generation, STR("short"));
    word = 41;
    publish_version(1);
    write_file(generation, STR("short"));
    ck_assert_int_eq(snapshot_start(policy_path, &d), 0);
    raise_word(); /* now it is whole */
    snapshot_child();
    publish_version(2);
    ck_assert_uint_eq(version_now(), 2);
    snprintf(aside, sizeof aside, "%s/word", folder);
    ck_assert_int_eq(rename(generation, aside), 0); /* the mapped one goes; another comes */
    publish_version(3);
    snapshot_child();
    ck_assert_uint_eq(version_now(), 3);
    publish_version(4);
    ck_assert_uint_eq(version_now(), 4);
    ck_assert_uint_eq(mapped_words(), 1);
    fd = open(aside, O_WRONLY | O_TRUNC); /* nobody reads the old one any more: else SIGBUS */
    ck_assert_uint_eq(version_now(), 4);
    close(fd);
    unlink(aside);
}
END_TEST

static void *pin_once(void *version)
{
    *(uint64_t *)version = version_now();
    return NULL;
}

/* The looker tells that it is there and then waits for a writer of the pipe that stands in last-good's place.
 * Whoever held the mutex over that would stop all others: the test's time would run out. */
START_TEST(while_one_waits_for_the_disk_the_others_go_on)
{
    pthread_t looker;
    uint64_t saw = 0;
    int fd;

    start(1);
    ck_assert_int_eq(mkfifo(last_good, 0600), 0);
    atomic_store(&gate_shut, true);
    publish(STR("no policy"));
    ck_assert_int_eq(pthread_create(&looker, NULL, pin_once, &saw), 0);
    while (sem_wait(&here) != 0)
        ;
    sem_post(&go);
    for (int i = 0; i < 1000; i++) {
        raise_word(); /* more to look at, and nobody else looks */
        ck_assert_uint_eq(version_now(), 1);
        ck_assert(snapshot_present());
    }
    ck_assert_uint_eq(bad, 1);
    fd = open(last_good, O_WRONLY);
    pthread_join(looker, NULL);
    close(fd);
    ck_assert_uint_eq(saw, 1);
    publish_version(2);
    ck_assert_uint_eq(version_now(), 2);
    ck_assert_uint_eq(most_at_once, 1);
}
END_TEST

START_TEST(the_new_one_is_pinned_while_the_looker_still_tells_of_it)
{
    pthread_t looker;
    struct loaded *old, *new;
    uint64_t saw = 0;

    start(1);
    old = snapshot_pin();
    publish_version(2);
    atomic_store(&gate_shut, true);
    ck_assert_int_eq(pthread_create(&looker, NULL, pin_once, &saw), 0);
    while (sem_wait(&here) != 0)
        ;
    new = snapshot_pin();
    ck_assert_uint_eq(version_in(old), 1);
    ck_assert_uint_eq(version_in(new), 2);
    snapshot_unpin(new);
    snapshot_unpin(old);
    ck_assert_uint_eq(alive(), 1);
    publish_version(3);
    ck_assert_uint_eq(version_now(), 2); /* one looker at a time, and it is busy */
    sem_post(&go);
    pthread_join(looker, NULL);
    ck_assert_uint_eq(saw, 2);
    ck_assert_uint_eq(version_now(), 3);
}
END_TEST

static atomic_bool stopping, stopped;

static void *stop(void *unused)
{
    (void)unused;
    atomic_store(&stopping, true);
    snapshot_stop();
    atomic_store(&stopped, true);
    return NULL;
}

START_TEST(stop_waits_for_the_looker)
{
    pthread_t looker, stopper;
    uint64_t saw = 0;

    start(1);
    publish_version(2);
    atomic_store(&gate_shut, true);
    ck_assert_int_eq(pthread_create(&looker, NULL, pin_once, &saw), 0);
    while (sem_wait(&here) != 0)
        ;
    ck_assert_int_eq(pthread_create(&stopper, NULL, stop, NULL), 0);
    while (!atomic_load(&stopping))
        sched_yield();
    for (int i = 0; i < 1000; i++)
        sched_yield(); /* time for a stop that does not wait */
    ck_assert(!atomic_load(&stopped));
    sem_post(&go);
    pthread_join(looker, NULL);
    pthread_join(stopper, NULL);
    ck_assert_uint_eq(told, 2); /* what it told of lived until it had told it */
    ck_assert(saw == 0 || saw == 2);
    ck_assert_ptr_null(snapshot_pin());
    ck_assert_uint_eq(alive(), 0);
}
END_TEST

START_TEST(a_child_has_a_life_of_its_own)
{
    int status = -1;
    pid_t pid;

    start(1);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        bool right;

        snapshot_child(); /* the master's mapping is the policy already: nothing comes into force */
        right = came == 1 && version_now() == 1 && alive() == 1;
        publish_version(2);
        right = right && version_now() == 2 && alive() == 1;
        snapshot_stop();
        _exit(right && alive() == 0 ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    ck_assert_uint_eq(alive(), 1);
    ck_assert_uint_eq(came, 1);
    ck_assert_uint_eq(version_now(), 2);
}
END_TEST

/* The storm. */
struct reader {
    pthread_t thread;
    uint64_t last, pins, seen; /* seen: different versions */
    bool wrong;
};

static atomic_bool over;

/* One request: whole, of one version from the first look to the last, and never older than the one before. */
static void ask(struct reader *r, struct scratch *scratch)
{
    struct loaded *l = snapshot_pin();
    struct request q = {.method = STR("GET"), .target = STR("https://www.example/"), .now = 1779000000};
    uint64_t version = version_in(l);
    struct verdict v;
    char expected[24];

    r->pins++;
    if (!l) {
        r->wrong = true;
        return;
    }
    v = policy_judge(&l->view, NULL, &q, scratch);
    snprintf(expected, sizeof expected, "%llu", (unsigned long long)version);
    r->wrong |= (l->view.networks && owner_in(l) == 0) || category_in(l) == 0 || (l->view.standing && used_in(l) == 0) ||
                version < r->last || version_in(l) != version ||
                !str_eq(verdict_because(l->policy, &v), str_of(expected));
    r->seen += version != r->last;
    r->last = version;
    snapshot_unpin(l);
}

static void *read_on(void *reader)
{
    struct scratch *scratch = scratch_new();

    while (scratch && !atomic_load(&over))
        ask(reader, scratch);
    scratch_free(scratch);
    return NULL;
}

static void *look_on(void *unused)
{
    (void)unused;
    while (!atomic_load(&over))
        snapshot_child();
    return NULL;
}

/* Good ones, and between them files that are empty, cut, or whole but for one bit. */
static void publish_all(struct str *versions)
{
    for (unsigned i = 1; i < VERSIONS; i++) {
        char *wrong = malloc(versions[i].n);

        ck_assert_ptr_nonnull(wrong);
        memcpy(wrong, versions[i].p, versions[i].n);
        wrong[versions[i].n / 2] ^= 4;
        publish((struct str){wrong, i % 3 == 0 ? 0 : versions[i].n / (i % 3)});
        free(wrong);
        write_file(policy_path, versions[i]);
        write_file(last_good, versions[i]);
        raise_word();
        if (i % 4 == 0)
            publish_owner(i);
        publish_used(i, i % 3 == 0);
        if (i % 5 == 0) {
            publish_lists(lists_path, i % 2 ? CATEGORY_DRUGS : CATEGORY_GAMBLING);
            write_file(lists_path, STR("no lists"));
        }
        if (i % 8 == 0)
            sched_yield();
    }
}

START_TEST(in_a_storm_every_request_sees_a_whole_policy_and_none_goes_back)
{
    struct str versions[VERSIONS];
    struct reader readers[READERS] = {{0}};
    pthread_t lookers[LOOKERS];

    for (unsigned i = 0; i < VERSIONS; i++)
        versions[i] = make(i + 1);
    publish_owner(1);
    publish_used(1, true);
    start(1);
    ck_assert_int_eq(snapshot_networks(owners, NETWORKS_OWNERS, &d), 0);
    ck_assert_int_eq(snapshot_standing(standing, &d), 0);
    publish_lists(lists_path, CATEGORY_DRUGS);
    ck_assert_int_eq(snapshot_categories(lists_path, &d), 0);
    for (int i = 0; i < READERS; i++)
        ck_assert_int_eq(pthread_create(&readers[i].thread, NULL, read_on, &readers[i]), 0);
    for (int i = 0; i < LOOKERS; i++)
        ck_assert_int_eq(pthread_create(&lookers[i], NULL, look_on, NULL), 0);
    publish_all(versions);
    ck_assert_uint_gt(version_now(), 0);
    atomic_store(&over, true);
    for (int i = 0; i < LOOKERS; i++)
        pthread_join(lookers[i], NULL);
    for (int i = 0; i < READERS; i++) {
        pthread_join(readers[i].thread, NULL);
        ck_assert(!readers[i].wrong);
        ck_assert_uint_gt(readers[i].pins, 0);
    }
    ck_assert_uint_eq(version_now(), VERSIONS);
    ck_assert_uint_eq(told, VERSIONS);
    ck_assert_uint_eq(most_at_once, 1);
    ck_assert_uint_eq(came, swapped + 1);
    ck_assert_uint_eq(alive(), 1);
    snapshot_stop();
    ck_assert_uint_eq(alive(), 0);
    for (unsigned i = 0; i < VERSIONS; i++)
        free((void *)(uintptr_t)versions[i].p);
}
END_TEST

static void *pin_until_none(void *pins)
{
    struct loaded *l;

    while ((l = snapshot_pin()) != NULL) {
        atomic_fetch_add((atomic_uint *)pins, version_in(l) != 0);
        snapshot_unpin(l);
    }
    return NULL;
}

START_TEST(stop_in_a_storm_frees_everything)
{
    pthread_t threads[READERS];
    atomic_uint pins = 0;

    start(1);
    for (int i = 0; i < READERS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, pin_until_none, &pins), 0);
    while (atomic_load(&pins) < 1000)
        sched_yield();
    publish_version(2);
    snapshot_stop();
    for (int i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    ck_assert_uint_eq(alive(), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("snapshot");
    TCase *t = tcase_create("life"), *storm = tcase_create("storm");

    tcase_add_checked_fixture(t, begin, end);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, without_a_file_there_is_no_policy_until_one_comes);
    tcase_add_test(t, what_is_pinned_stays_and_what_nobody_holds_goes);
    tcase_add_test(t, after_stop_the_last_request_frees);
    tcase_add_test(t, a_bad_file_is_told_once_and_changes_nothing);
    tcase_add_test(t, last_good_is_taken_where_it_is_another);
    tcase_add_test(t, where_the_word_has_moved_the_file_is_read_though_it_looks_the_same);
    tcase_add_test(t, the_word_may_be_missing_short_or_another_file);
    tcase_add_test(t, while_one_waits_for_the_disk_the_others_go_on);
    tcase_add_test(t, the_new_one_is_pinned_while_the_looker_still_tells_of_it);
    tcase_add_test(t, stop_waits_for_the_looker);
    tcase_add_test(t, a_child_has_a_life_of_its_own);
    add_parts(t);
    suite_add_tcase(suite, t);
    tcase_add_checked_fixture(storm, begin, end);
    tcase_set_timeout(storm, 60);
    tcase_add_test(storm, in_a_storm_every_request_sees_a_whole_policy_and_none_goes_back);
    tcase_add_test(storm, stop_in_a_storm_frees_everything);
    suite_add_tcase(suite, storm);
    return run_suite(suite);
}
