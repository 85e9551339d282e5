/* Epochs: ids and periods, the file of plain keys and its end, sealed copies, holders, the keeper, nodes. */
#include "core/clock.h"
#include "record/file.h"
#include "record/keeper.h"
#include "record/node.h"
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64], plain[128], keys[128], list[128], path[256];
static struct diag d;
static struct private_key people[4];

static int64_t at(const char *text)
{
    int64_t t = 0;

    ck_assert_int_eq(clock_parse(str_of(text), &t), 0);
    return t;
}

static void write_text(const char *to, const char *text, size_t n)
{
    FILE *f = fopen(to, "we");

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(text, 1, n, f), n);
    ck_assert_int_eq(fclose(f), 0);
}

static void setup(void)
{
    static const char *const names[] = {"alice", "bob", "carol", "dan"};

    diag_init(&d);
    ck_assert_int_eq(seal_init(&d), 0);
    snprintf(folder, sizeof folder, "/tmp/portreeve-epoch-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(plain, sizeof plain, "%s/plain", folder);
    snprintf(keys, sizeof keys, "%s/keys.d", folder);
    snprintf(list, sizeof list, "%s/holders", folder);
    ck_assert_int_eq(mkdir(keys, 0750), 0);
    for (unsigned i = 0; i < 4; i++)
        ck_assert_int_eq(private_make(PRIVATE_HOLDER, str_of(names[i]), &people[i], &d), 0);
}

static void teardown(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(execlp("rm", "rm", "-rf", folder, (char *)NULL));
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

static struct holders three(void)
{
    struct holders h = {.n = 3};

    for (unsigned i = 0; i < 3; i++) {
        memcpy(h.list[i].name, people[i].name, sizeof h.list[i].name);
        memcpy(h.list[i].public, people[i].public, HOLDER_PUBLIC);
    }
    return h;
}

/* ---- ids and periods ---- */

START_TEST(test_ids)
{
    static const char *const wrong[] = {"",
                                        "2026-12-01",
                                        "2026-12-01.",
                                        "2026-12-01.0",
                                        "2026-12-01.64",
                                        "2026-12-01.01",
                                        "2026-13-01.1",
                                        "1969-12-01.1",
                                        "2026-12-01.1x",
                                        "26-12-01.1"};
    char text[EPOCH_TEXT];
    uint32_t id;

    ck_assert(epoch_id_read(STR("2026-12-01.63"), &id));
    ck_assert_uint_eq(id, epoch_id(clock_day(2026, 12, 1), 63));
    epoch_id_write(id, text);
    ck_assert_str_eq(text, "2026-12-01.63");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        ck_assert_msg(!epoch_id_read(str_of(wrong[i]), &id), "%s", wrong[i]);
}
END_TEST

/* The turn is at the council's midnight, which in summer is not UTC's. */
START_TEST(test_periods)
{
    const int32_t day = clock_day(2026, 5, 14); /* a Thursday */

    ck_assert_int_eq(epoch_begins(EPOCH_MONTH, day), clock_day(2026, 5, 1));
    ck_assert_int_eq(epoch_follows(EPOCH_MONTH, day), clock_day(2026, 6, 1));
    ck_assert_int_eq(epoch_follows(EPOCH_MONTH, clock_day(2026, 1, 31)), clock_day(2026, 2, 1));
    ck_assert_int_eq(epoch_follows(EPOCH_MONTH, clock_day(2026, 2, 28)), clock_day(2026, 3, 1));
    ck_assert_int_eq(epoch_follows(EPOCH_MONTH, clock_day(2026, 12, 31)), clock_day(2027, 1, 1));
    ck_assert_int_eq(epoch_begins(EPOCH_WEEK, day), clock_day(2026, 5, 11));
    ck_assert_int_eq(epoch_follows(EPOCH_WEEK, day), clock_day(2026, 5, 18));
    ck_assert_int_eq(epoch_begins(EPOCH_QUARTER, day), clock_day(2026, 4, 1));
    ck_assert_int_eq(epoch_follows(EPOCH_QUARTER, day), clock_day(2026, 7, 1));
    ck_assert_int_eq(epoch_midnight(clock_day(2026, 6, 1)), at("2026-05-31T23:00:00Z"));
    ck_assert_int_eq(epoch_midnight(clock_day(2026, 12, 1)), at("2026-12-01T00:00:00Z"));
    ck_assert_int_eq(epoch_midnight(clock_day(2026, 3, 29)), at("2026-03-29T00:00:00Z"));
    ck_assert_int_eq(epoch_midnight(clock_day(2026, 10, 25)), at("2026-10-24T23:00:00Z"));
    ck_assert_int_eq(epoch_length_of(STR("quarter")), EPOCH_QUARTER);
    ck_assert_int_eq(epoch_length_of(STR("year")), -1);
}
END_TEST

/* ---- the file ---- */

static struct epoch_file two(void)
{
    struct epoch_file f = {.n = 2};

    f.epochs[0] =
        (struct epoch){.id = epoch_id(clock_day(2026, 5, 1), 1), .from = 100, .until = 200, .key = {{1}}};
    f.epochs[1] =
        (struct epoch){.id = epoch_id(clock_day(2026, 6, 1), 1), .from = 200, .until = 300, .key = {{2}}};
    return f;
}

START_TEST(test_file)
{
    struct epoch_file f = two(), back;
    unsigned char bytes[EPOCH_FILE + 1];
    size_t n = epoch_write_mem(&f, bytes);

    ck_assert_uint_eq(n, EPOCH_FILE);
    ck_assert_int_eq(epoch_read_mem(bytes, n, &back), 0);
    ck_assert_uint_eq(back.n, 2);
    ck_assert_mem_eq(back.epochs, f.epochs, sizeof f.epochs);
    for (size_t i = 0; i < n; i++) {
        bytes[i] ^= 1;
        ck_assert_int_eq(epoch_read_mem(bytes, n, &back), -1);
        ck_assert_uint_eq(back.n, 0);
        bytes[i] ^= 1;
        ck_assert(i == 32 || epoch_read_mem(bytes, i, &back) == -1);
    }
    ck_assert_ptr_null(epoch_at(&f, 99));
    ck_assert_ptr_eq(epoch_at(&f, 100), &f.epochs[0]);
    ck_assert_ptr_eq(epoch_at(&f, 199), &f.epochs[0]);
    ck_assert_ptr_eq(epoch_at(&f, 200), &f.epochs[1]);
    ck_assert_ptr_null(epoch_at(&f, 300));
    ck_assert(!epoch_lapse(&f, 199));
    ck_assert(epoch_lapse(&f, 200));
    ck_assert_uint_eq(f.n, 1);
    ck_assert_int_eq(f.epochs[0].from, 200);
    ck_assert(epoch_lapse(&f, 300));
    for (size_t i = 0; i < sizeof f; i++)
        ck_assert_int_eq(((unsigned char *)&f)[i], 0);
}
END_TEST

/* What lay in the file before is overwritten, for whoever still has it open; so it is when it is destroyed.
 */
START_TEST(test_file_overwritten)
{
    struct epoch_file f = two();
    unsigned char bytes[EPOCH_FILE], zeros[EPOCH_FILE] = {0};
    int fd;

    ck_assert_int_eq(epoch_write(plain, &f, true, &d), 0);
    fd = open(plain, O_RDONLY | O_CLOEXEC);
    epoch_lapse(&f, 200);
    ck_assert_int_eq(epoch_write(plain, &f, true, &d), 0);
    ck_assert_int_eq(pread(fd, bytes, sizeof bytes, 0), sizeof bytes);
    ck_assert_mem_eq(bytes, zeros, sizeof zeros);
    close(fd);
    fd = open(plain, O_RDONLY | O_CLOEXEC);
    ck_assert_int_eq(epoch_destroy(plain, &d), 0);
    ck_assert_int_ne(access(plain, F_OK), 0);
    ck_assert_int_gt(pread(fd, bytes, sizeof bytes, 0), 0);
    ck_assert_mem_eq(bytes, zeros, 100);
    close(fd);
    ck_assert_int_eq(epoch_destroy(plain, &d), 0);
}
END_TEST

START_TEST(test_disk_refused)
{
    struct epoch_file f = two();

    ck_assert_int_eq(epoch_in_memory("/dev/shm", &d), 1);
    ck_assert_int_eq(epoch_in_memory("/proc", &d), 0);
    ck_assert_int_eq(epoch_in_memory("/nowhere", &d), -1);
    diag_init(&d);
    if (epoch_in_memory(folder, &d) == 0) { /* where /tmp is a disk */
        ck_assert_int_eq(epoch_write(plain, &f, false, &d), -1);
        ck_assert_ptr_nonnull(strstr(d.messages[0].text, "lies on a disk"));
        ck_assert_int_ne(access(plain, F_OK), 0);
    }
}
END_TEST

static struct epoch_file kept;
static bool changed;

static void put_holders(void)
{
    static char text[1024];
    struct holders h = three();
    size_t n = 0;

    for (unsigned i = 0; i < h.n; i++) {
        char file[128];

        snprintf(file, sizeof file, "%s/%s", folder, h.list[i].name);
        n += (size_t)snprintf(text + n, sizeof text - n, "portreeve-holder 1 %s ", h.list[i].name);
        for (unsigned k = 0; k < 33; k += 3) { /* base64url, without the library's own function */
            static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            const unsigned char *p = h.list[i].public;
            unsigned long three_bytes = (unsigned long)p[k] << 16 |
                                        (unsigned long)(k + 1 < 32 ? p[k + 1] : 0) << 8 |
                                        (k + 2 < 32 ? p[k + 2] : 0UL);

            for (unsigned m = 0; m < (k == 30 ? 3U : 4U); m++)
                text[n++] = digits[three_bytes >> (18 - 6 * m) & 63];
        }
        text[n++] = '\n';
    }
    write_text(list, text, n);
}

/* ---- sealed copies ---- */

static struct sealed sealed;

static void seal(void)
{
    struct holders h = three();
    struct epoch_file f = two();

    f.epochs[0].from = at("2026-05-01T10:00:00Z");
    f.epochs[0].until = at("2026-05-31T23:00:00Z");
    ck_assert_msg(sealed_make(keys, &f.epochs[0], &h, &d) == 0, "%s", d.messages[0].text);
    snprintf(path, sizeof path, "%s/2026-05-01.1.sealed", keys);
    ck_assert_int_eq(sealed_read(path, &sealed, &d), 0);
}

/* A disk that keeps another byte than it was given: the copy is read back, and the epoch does not begin. */
static bool spoil;
int __real_file_replace(const char *to, const void *bytes, size_t size, struct diag *of);
int __wrap_file_replace(const char *to, const void *bytes, size_t size, struct diag *of);

int __wrap_file_replace(const char *to, const void *bytes, size_t size, struct diag *of)
{
    char *copy = malloc(size + 1), *box;
    int done;

    memcpy(copy, bytes, size);
    copy[size] = '\0';
    box = spoil ? strstr(copy, "pair bob carol ") : NULL;
    if (box)
        box[100] = box[100] == 'A' ? 'B' : 'A';
    done = __real_file_replace(to, copy, size, of);
    free(copy);
    return done;
}

START_TEST(test_sealed_spoilt)
{
    struct holders h = three();
    struct epoch_file f = two();

    spoil = true;
    ck_assert_int_eq(sealed_make(keys, &f.epochs[0], &h, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "does not open again"));
    snprintf(path, sizeof path, "%s/2026-05-01.1.sealed", keys);
    ck_assert_int_ne(access(path, F_OK), 0);
    put_holders();
    ck_assert_int_eq(
        keeper_step(&(struct keeper){.plain = plain, .folder = keys, .holders = list, .on_disk = true},
                    at("2026-05-14T10:00:00Z"), &kept, &changed, &d),
        -1);
    ck_assert_int_ne(access(plain, F_OK), 0);
    spoil = false;
}
END_TEST

START_TEST(test_sealed)
{
    const unsigned char right[32] = {1};
    struct holders h = three();
    struct epoch_file f = two();
    struct epoch e;

    seal();
    ck_assert_uint_eq(sealed.n, 3);
    for (unsigned i = 0; i < 3; i++)
        for (unsigned j = 0; j < 3; j++) {
            diag_init(&d);
            memset(&e, 0, sizeof e);
            if (i == j) {
                ck_assert_int_eq(sealed_open(&sealed, &people[i], &people[j], &e, &d), -1);
                ck_assert_ptr_nonnull(strstr(d.messages[0].text, "one holder twice"));
            } else {
                ck_assert_int_eq(sealed_open(&sealed, &people[i], &people[j], &e, &d), 0);
                ck_assert_mem_eq(e.key.bytes, right, sizeof right);
                ck_assert_int_eq(e.until, at("2026-05-31T23:00:00Z"));
            }
        }
    ck_assert_int_eq(sealed_open(&sealed, &people[0], &people[3], &e, &d), -1);
    ck_assert_int_ne(sealed_make(keys, &f.epochs[0], &h, &d), 0); /* never over one that is there */
}
END_TEST

/* One who calls himself as another, or who seals to himself what was for a pair, opens nothing. */
START_TEST(test_sealed_impostor)
{
    struct private_key impostor = people[3];
    struct epoch e;

    seal();
    memcpy(impostor.name, people[1].name, sizeof impostor.name);
    ck_assert_int_eq(sealed_open(&sealed, &people[0], &impostor, &e, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "does not open with these two keys"));
    diag_init(&d);
    impostor = people[0];
    memcpy(impostor.name, people[1].name, sizeof impostor.name);
    ck_assert_int_eq(sealed_open(&sealed, &people[0], &impostor, &e, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "one holder twice"));
}
END_TEST

START_TEST(test_sealed_changed)
{
    static char text[SEALED_TEXT];
    static struct sealed other;
    struct epoch e;
    size_t n;
    FILE *f;

    seal();
    f = fopen(path, "re");
    n = fread(text, 1, sizeof text, f);
    fclose(f);
    for (size_t i = 0; i < n; i += i < 260 ? 1 : 13) {
        bool opens = true;

        text[i] ^= 1;
        if (sealed_read_mem((struct str){text, n}, &other) == 0)
            for (unsigned k = 0; k < 3; k++)
                opens = opens && sealed_open(&other, &people[k], &people[(k + 1) % 3], &e, &d) == 0;
        else
            opens = false;
        ck_assert_msg(!opens, "byte %zu", i);
        text[i] ^= 1;
        ck_assert_int_eq(sealed_read_mem((struct str){text, i}, &other), -1);
    }
}
END_TEST

START_TEST(test_destroyed)
{
    struct epoch e;
    char gone[256];

    seal();
    ck_assert_int_eq(sealed_destroy(keys, sealed.epoch.id, at("2026-09-01T10:00:00Z"), &d), 0);
    ck_assert_int_ne(access(path, F_OK), 0);
    snprintf(gone, sizeof gone, "%s/2026-05-01.1.destroyed", keys);
    ck_assert_int_eq(sealed_read(gone, &sealed, &d), 0);
    ck_assert(sealed.destroyed);
    ck_assert_int_eq(sealed.destroyed_at, at("2026-09-01T10:00:00Z"));
    ck_assert_int_eq(sealed_open(&sealed, &people[0], &people[1], &e, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "is destroyed"));
    ck_assert_int_eq(sealed_destroy(keys, sealed.epoch.id, at("2026-09-01T10:00:00Z"), &d),
                     0); /* again is nothing */
}
END_TEST

START_TEST(test_holders)
{
    static const struct {
        const char *text, *words;
    } wrong[] = {
        {"", "three holders at least"},
        {"portreeve-holder 1 a AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
         "portreeve-holder 1 b AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
         "three holders at least"},
        {"portreeve-holder 1 a AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
         "portreeve-holder 1 a AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
         "twice: a"},
        {"portreeve-holder 1 a AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
         "portreeve-holder 1 b AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
         "twice: b"},
        {"portreeve-holder 1 A AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", "is no holder's"},
        {"portreeve-holder 1 a AAAA\n", "is no holder's"},
        {"alice\n", "is no holder's"},
    };
    struct holders h;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        diag_init(&d);
        ck_assert_int_eq(holders_read_mem(str_of(wrong[i].text), "list", &h, &d), -1);
        ck_assert_msg(strstr(d.messages[0].text, wrong[i].words) != NULL, "%s", d.messages[0].text);
    }
    ck_assert_int_eq(holders_read("/nowhere", &h, &d), -1);
}
END_TEST

START_TEST(test_weak_holder)
{
    struct holders h = three();
    struct epoch_file f = two();

    memset(h.list[1].public, 0, HOLDER_PUBLIC); /* a point of low order: the box would open for everybody */
    ck_assert_int_eq(sealed_make(keys, &f.epochs[0], &h, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "nothing can be sealed"));
}
END_TEST

/* ---- private keys ---- */

START_TEST(test_private)
{
    static char text[PRIVATE_TEXT];
    struct private_key back, signer;
    char file[128], name[HOLDER_NAME + 1];
    size_t n;
    FILE *f;

    snprintf(file, sizeof file, "%s/alice.key", folder);
    ck_assert_int_eq(private_write(file, &people[0], STR("short"), true, &d), -1);
    ck_assert_int_eq(private_write(file, &people[0], STR("correct horse battery"), true, &d), 0);
    ck_assert_int_eq(private_write(file, &people[0], STR("correct horse battery"), true, &d),
                     -1); /* never over one */
    ck_assert_int_eq(private_name(file, name, &d), 0);
    ck_assert_str_eq(name, "alice");
    ck_assert_int_eq(private_read(file, PRIVATE_HOLDER, STR("correct horse battery"), &back, &d), 0);
    ck_assert_mem_eq(back.secret, people[0].secret, 32);
    ck_assert_mem_eq(back.public, people[0].public, 32);
    diag_init(&d);
    ck_assert_int_eq(private_read(file, PRIVATE_HOLDER, STR("correct horse batterx"), &back, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "the passphrase is wrong"));
    ck_assert_int_eq(private_read(file, PRIVATE_SIGNER, STR("correct horse battery"), &back, &d), -1);
    f = fopen(file, "re");
    n = fread(text, 1, sizeof text, f);
    fclose(f);
    text[n] = '\0';
    ck_assert_ptr_null(memmem(text, n, people[0].secret, 16));
    for (char *p = strstr(text, "public "); *p;
         p += 7) { /* its name is not under the passphrase, all else is */
        *p ^= 1;
        write_text(file, text, n);
        ck_assert_int_eq(private_read(file, PRIVATE_HOLDER, STR("correct horse battery"), &back, &d), -1);
        *p ^= 1;
        if (strlen(p) < 7)
            break;
    }
    ck_assert_int_eq(private_make(PRIVATE_SIGNER, STR("ig"), &signer, &d), 0);
    snprintf(file, sizeof file, "%s/ig.key", folder);
    ck_assert_int_eq(private_write(file, &signer, STR("correct horse battery"), true, &d), 0);
    ck_assert_int_eq(private_read(file, PRIVATE_SIGNER, STR("correct horse battery"), &back, &d), 0);
    ck_assert_mem_eq(back.secret, signer.secret, sizeof back.secret);
    ck_assert_int_eq(private_make(PRIVATE_SIGNER, STR("I G"), &signer, &d), -1);
}
END_TEST

/* ---- the keeper ---- */

static struct keeper keeper(void)
{
    return (struct keeper){
        .plain = plain, .folder = keys, .holders = list, .length = EPOCH_MONTH, .on_disk = true};
}

static void step(const char *when)
{
    struct keeper k = keeper();

    diag_init(&d);
    ck_assert_msg(keeper_step(&k, at(when), &kept, &changed, &d) == 0, "%s", d.messages[0].text);
}

static void is_epoch(unsigned nth, const char *id, const char *from, const char *until)
{
    char text[EPOCH_TEXT];

    ck_assert_uint_gt(kept.n, nth);
    epoch_id_write(kept.epochs[nth].id, text);
    ck_assert_str_eq(text, id);
    ck_assert_int_eq(kept.epochs[nth].from, at(from));
    ck_assert_int_eq(kept.epochs[nth].until, at(until));
}

START_TEST(test_keeper)
{
    struct epoch_file again;
    struct seal_key first;
    struct epoch e;

    put_holders();
    step("2026-05-14T10:00:00Z");
    ck_assert(changed);
    is_epoch(0, "2026-05-01.1", "2026-05-14T10:00:00Z", "2026-05-31T23:00:00Z");
    first = kept.epochs[0].key;
    step("2026-05-14T10:00:01Z");
    ck_assert(!changed);
    ck_assert_mem_eq(kept.epochs[0].key.bytes, first.bytes, sizeof first);
    step("2026-05-31T22:49:00Z");
    ck_assert(!changed);
    step("2026-05-31T22:50:00Z"); /* ten minutes ahead of the turn, which is at 23:00 UTC */
    ck_assert(changed);
    ck_assert_uint_eq(kept.n, 2);
    is_epoch(1, "2026-06-01.1", "2026-05-31T23:00:00Z", "2026-06-30T23:00:00Z");
    ck_assert_int_eq(epoch_read(plain, &again, &d), 0);
    ck_assert_uint_eq(again.n, 2);
    step("2026-05-31T22:59:59Z");
    ck_assert(!changed);
    step("2026-05-31T23:00:00Z");
    ck_assert(changed);
    ck_assert_uint_eq(kept.n, 1);
    is_epoch(0, "2026-06-01.1", "2026-05-31T23:00:00Z", "2026-06-30T23:00:00Z");
    ck_assert_int_eq(epoch_read(plain, &again, &d), 0);
    ck_assert_uint_eq(again.n, 1); /* the ended one is in no file any more */
    ck_assert_mem_ne(kept.epochs[0].key.bytes, first.bytes, sizeof first);
    snprintf(path, sizeof path, "%s/2026-05-01.1.sealed", keys);
    ck_assert_int_eq(sealed_read(path, &sealed, &d), 0);
    ck_assert_int_eq(sealed_open(&sealed, &people[2], &people[0], &e, &d), 0);
    ck_assert_mem_eq(e.key.bytes, first.bytes, sizeof first);
}
END_TEST

/* A reboot within the epoch: the plain key is gone, a new part begins with another key. */
START_TEST(test_keeper_reboot)
{
    struct seal_key first;
    struct keeper k = keeper();

    put_holders();
    step("2026-05-14T10:00:00Z");
    first = kept.epochs[0].key;
    unlink(plain);
    step("2026-05-20T10:00:00Z");
    is_epoch(0, "2026-05-01.2", "2026-05-20T10:00:00Z", "2026-05-31T23:00:00Z");
    ck_assert_mem_ne(kept.epochs[0].key.bytes, first.bytes, sizeof first);
    /* Destroyed parts keep their numbers. */
    ck_assert_int_eq(sealed_destroy(keys, epoch_id(clock_day(2026, 5, 1), 2), at("2026-05-21"), &d), 0);
    ck_assert_int_eq(keeper_rotate(&k, at("2026-05-21T10:00:00Z"), &kept, &d), 0);
    is_epoch(0, "2026-05-01.3", "2026-05-21T10:00:00Z", "2026-05-31T23:00:00Z");
}
END_TEST

/* Off for two months: the old key is let go, and the present month begins. */
START_TEST(test_keeper_late)
{
    put_holders();
    step("2026-05-14T10:00:00Z");
    step("2026-07-20T10:00:00Z");
    ck_assert_uint_eq(kept.n, 1);
    is_epoch(0, "2026-07-01.1", "2026-07-20T10:00:00Z", "2026-07-31T23:00:00Z");
}
END_TEST

/* Without holders nothing begins; what runs goes on until its end, and ends all the same. */
START_TEST(test_keeper_without_holders)
{
    struct keeper k = keeper();

    ck_assert_int_eq(keeper_step(&k, at("2026-05-14T10:00:00Z"), &kept, &changed, &d), -1);
    ck_assert_int_ne(access(plain, F_OK), 0);
    put_holders();
    step("2026-05-14T10:00:00Z");
    unlink(list);
    ck_assert_int_eq(keeper_step(&k, at("2026-05-31T22:55:00Z"), &kept, &changed, &d), -1);
    ck_assert_uint_eq(kept.n, 1);
    ck_assert_int_eq(keeper_step(&k, at("2026-05-31T23:00:00Z"), &kept, &changed, &d), -1);
    ck_assert_uint_eq(kept.n, 0);
    ck_assert_int_ne(access(plain, F_OK), 0);
    k.holders = NULL; /* unsealed: a council that names nobody */
    ck_assert_int_eq(keeper_step(&k, at("2026-06-01T10:00:00Z"), &kept, &changed, &d), 0);
    is_epoch(0, "2026-06-01.1", "2026-06-01T10:00:00Z", "2026-06-30T23:00:00Z");
    unlink(plain);
    ck_assert_int_eq(keeper_step(&k, at("2026-06-01T11:00:00Z"), &kept, &changed, &d), 0);
    is_epoch(0, "2026-06-01.2", "2026-06-01T11:00:00Z", "2026-06-30T23:00:00Z");
}
END_TEST

START_TEST(test_keeper_stuck)
{
    struct keeper k = keeper();

    put_holders();
    write_text(plain, "damaged", 7);
    chmod(plain, 0640);
    ck_assert_int_eq(keeper_step(&k, at("2026-05-14T10:00:00Z"), &kept, &changed, &d), -1);
    write_text(plain, "01234567890123456789012345678901", 32);
    diag_init(&d);
    ck_assert_int_eq(keeper_step(&k, at("2026-05-14T10:00:00Z"), &kept, &changed, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "without an epoch"));
}
END_TEST

/* ---- nodes ---- */

START_TEST(test_handed)
{
    struct epoch_file f = two(), back;
    char node[128], public[160], other[128], handed[128];

    snprintf(node, sizeof node, "%s/node", folder);
    snprintf(public, sizeof public, "%s.pub", node);
    snprintf(other, sizeof other, "%s/other", folder);
    snprintf(handed, sizeof handed, "%s/handed", folder);
    ck_assert_int_eq(node_make(node, true, &d), 0);
    ck_assert_int_eq(node_make(other, true, &d), 0);
    ck_assert_int_eq(node_hand(&f, public, handed, &d), 0);
    ck_assert_int_eq(node_accept(handed, other, &back, &d), -1);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "does not open with this node's key"));
    ck_assert_int_eq(node_accept(handed, node, &back, &d), 0);
    ck_assert_mem_eq(back.epochs, f.epochs, sizeof f.epochs);
    ck_assert_int_eq(node_hand(&f, node, handed, &d), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("epoch");
    TCase *tests = tcase_create("epoch");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_ids);
    tcase_add_test(tests, test_periods);
    tcase_add_test(tests, test_file);
    tcase_add_test(tests, test_file_overwritten);
    tcase_add_test(tests, test_disk_refused);
    tcase_add_test(tests, test_sealed_spoilt);
    tcase_add_test(tests, test_sealed);
    tcase_add_test(tests, test_sealed_impostor);
    tcase_add_test(tests, test_sealed_changed);
    tcase_add_test(tests, test_destroyed);
    tcase_add_test(tests, test_holders);
    tcase_add_test(tests, test_weak_holder);
    tcase_add_test(tests, test_private);
    tcase_add_test(tests, test_keeper);
    tcase_add_test(tests, test_keeper_reboot);
    tcase_add_test(tests, test_keeper_late);
    tcase_add_test(tests, test_keeper_without_holders);
    tcase_add_test(tests, test_keeper_stuck);
    tcase_add_test(tests, test_handed);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
