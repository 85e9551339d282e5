/* The record: chains, anchors, roots, receipts; and every kind of tampering, each told in its own words. */
#include "record_fixture.h"

static size_t size_at(size_t at)
{
    uint32_t length;

    memcpy(&length, bytes + at, sizeof length);
    return record_size(length);
}

/* Makes a record's sum fit what stands there now. */
static void mend(size_t at)
{
    uint32_t length, check;

    memcpy(&length, bytes + at, sizeof length);
    check = artefact_sum(bytes + at + RECORD_HEAD, length);
    memcpy(bytes + at + sizeof length, &check, sizeof check);
}

enum tamper { CHANGED, CHANGED_MENDED, REMOVED, INSERTED, REORDERED, TRUNCATED, HEADER };

static void tamper(const char *path, enum tamper how)
{
    size_t n = load(path), at = record_at(1), size = size_at(at);
    unsigned char one[RECORD_SPACE + 8];

    switch (how) {
    case CHANGED:
    case CHANGED_MENDED:
        bytes[at + RECORD_HEAD + 2] = ACTION_ALLOW;
        if (how == CHANGED_MENDED)
            mend(at);
        break;
    case REMOVED:
        memmove(bytes + at, bytes + at + size, n - at - size);
        n -= size;
        break;
    case INSERTED:
        memmove(bytes + at + size, bytes + at, (n + size <= sizeof bytes ? n : sizeof bytes - size) - at);
        n = n + size <= sizeof bytes ? n + size : sizeof bytes;
        break;
    case REORDERED:
        memcpy(one, bytes + at, size);
        memmove(bytes + at, bytes + at + size, size);
        memcpy(bytes + at + size, one, size);
        break;
    case TRUNCATED:
        n = record_at(2);
        break;
    case HEADER:
        bytes[offsetof(struct segment_header, node)] = 'x';
        break;
    }
    store(n);
}

static const struct {
    enum tamper how;
    const char *words;
} tampers[] = {
    {CHANGED, "record 2 was changed: its sum does not fit"},
    {CHANGED_MENDED, "a record was changed, and its sum made to fit"},
    {REMOVED, "a record was removed"},
    {INSERTED, "a record was inserted"},
    {REORDERED, "records were reordered"},
    {TRUNCATED, "was truncated: it ends behind record 2"},
    {HEADER, "the segment's header was changed"},
};

START_TEST(test_spool_tampered)
{
    struct anchor *a = open_anchor();
    struct spool *s = open_spool(SMALL);
    char path[512];

    fill(s, a, 4, 4);
    passes(folder);
    ck_assert_uint_eq(result.records, 8);
    ck_assert_uint_eq(result.anchors, 2);
    ck_assert_uint_eq(segments(0, path, sizeof path), 1);
    tamper(path, tampers[_i].how);
    fails(folder, tampers[_i].words);
    ck_assert_uint_eq(result.fails, 1);
    spool_close(s);
    anchor_close(a);
}
END_TEST

/* The day's segments kept, its root made. */
static void make_day(char *path, size_t size)
{
    struct anchor *a = open_anchor();
    struct spool *s = open_spool(SMALL);
    struct dirent **names;
    char days[128];
    int n;

    fill(s, a, 4, 4);
    spool_close(s);
    ck_assert_uint_eq(segments(0, path, size), 1);
    ck_assert_int_eq(anchor_keep(a, path, now + 70, &d), 0);
    unlink(path);
    ck_assert_int_eq(anchor_minute(a, now + 2 * 86400, &d), 0);
    anchor_close(a);
    snprintf(days, sizeof days, "%s/days", record);
    n = scandir(days, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (names[i]->d_name[0] != '.') {
            struct dirent **files;
            char day[400], file[700];
            int m;

            snprintf(day, sizeof day, "%s/%s", days, names[i]->d_name);
            m = scandir(day, &files, NULL, alphasort);
            for (int k = 0; k < m; k++) {
                if (strstr(files[k]->d_name, ".spool"))
                    snprintf(file, sizeof file, "%s/%s", day, files[k]->d_name),
                        snprintf(path, size, "%.511s", file);
                free(files[k]);
            }
            free(files);
        }
        free(names[i]);
    }
    free(names);
}

START_TEST(test_record_tampered)
{
    char path[512];

    make_day(path, sizeof path);
    passes(record);
    ck_assert_uint_eq(result.records, 8);
    ck_assert_uint_eq(result.unanchored, 0);
    tamper(path, tampers[_i].how);
    fails(record, tampers[_i].words);
}
END_TEST

static void change_file(const char *name, const char *from, const char *to)
{
    static char text[65536];
    char path[600], *at;
    size_t n;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", record, name);
    f = fopen(path, "re");
    ck_assert_ptr_nonnull(f);
    n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    at = strstr(text, from);
    ck_assert_ptr_nonnull(at);
    ck_assert_uint_eq(strlen(from), strlen(to));
    memcpy(at, to, strlen(to));
    f = fopen(path, "we");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(text, 1, n, f), n);
    fclose(f);
}

START_TEST(test_missing_segment)
{
    char path[512];

    make_day(path, sizeof path);
    unlink(path);
    fails(record, "is missing: it was anchored at");
}
END_TEST

START_TEST(test_missing_in_spool)
{
    struct anchor *a = open_anchor();
    struct spool *s = open_spool(SMALL);
    char path[512];

    fill(s, a, 2, 1);
    ck_assert_uint_eq(segments(0, path, sizeof path), 1);
    unlink(path);
    fails(folder, "was removed from the spool before it was kept");
    spool_close(s);
    anchor_close(a);
}
END_TEST

/* A segment that no anchor knows of, put beside the others. */
START_TEST(test_inserted_segment)
{
    char path[512], other[600];
    size_t n;

    make_day(path, sizeof path);
    n = load(path);
    snprintf(other, sizeof other, "%.*s/0-x.spool", (int)(strrchr(path, '/') - path), path);
    snprintf(tampered, sizeof tampered, "%s", other);
    store(n);
    fails(record, "was inserted: no anchor knows of it");
    ck_assert_ptr_nonnull(strstr(said, "is not what its root tells of: 2 segment(s)"));
}
END_TEST

START_TEST(test_wrong_key)
{
    const unsigned char seed[32] = {8};
    struct sign_key other;
    char path[512];

    make_day(path, sizeof path);
    sign_key_of_seed(seed, &other);
    ck_assert(!verify_by(other.public, record));
    ck_assert_ptr_nonnull(strstr(said, "roots: line 1 has a signature that the key did not make"));
    ck_assert(verify_by(NULL, record));
    ck_assert_ptr_nonnull(strstr(said, "compare its fingerprint"));
}
END_TEST

START_TEST(test_root_changed)
{
    char path[512];

    make_day(path, sizeof path);
    change_file("roots", " records=8", " records=7");
    fails(record, "roots: line 1 does not follow from the line before it");
}
END_TEST

/* What one with the old files and no key can do: leave a root out, and the day with it. */
START_TEST(test_root_cut_off)
{
    char path[512], file[128];

    make_day(path, sizeof path);
    snprintf(file, sizeof file, "%s/roots", record);
    ck_assert_int_eq(truncate(file, 10), 0);
    passes(record);
    ck_assert_ptr_nonnull(strstr(said, "roots: line 1 has no end"));
    ck_assert_ptr_nonnull(strstr(said, "has no root yet"));
}
END_TEST

/* Anchors that are taken away leave records that nothing speaks for: the root knows. */
START_TEST(test_anchors_cut)
{
    char path[512], file[600];

    make_day(path, sizeof path);
    snprintf(file, sizeof file, "%.*s/anchors", (int)(strrchr(path, '/') - path), path);
    ck_assert_int_eq(truncate(file, 0), 0);
    fails(record, "its anchors are not those that its root tells of");
}
END_TEST

START_TEST(test_torn_tail)
{
    struct anchor *a = open_anchor();
    struct spool *s = open_spool(SMALL);
    char path[512];
    size_t n, at;

    fill(s, a, 2, 2);
    append(s, 1);
    ck_assert_uint_eq(segments(0, path, sizeof path), 1);
    n = load(path);
    at = record_at(4);
    memset(bytes + at, 0, sizeof(uint32_t)); /* the commit word of what is not anchored yet */
    store(n);
    passes(folder);
    spool_close(s);
    n = load(path);
    memset(bytes + record_at(3), 0, sizeof(uint32_t)); /* and of what is */
    store(n);
    fails(folder, "was truncated: it ends behind record 3");
    anchor_close(a);
}
END_TEST

START_TEST(test_erased)
{
    char path[512], receipts[128];
    struct anchor *a;
    unsigned erased = 9;
    struct stat st;

    make_day(path, sizeof path);
    a = open_anchor();
    ck_assert_int_eq(anchor_erase(a, clock_local(now).day, "retention", now + 3 * 86400, &erased, &d), 0);
    ck_assert_uint_eq(erased, 0); /* not before its time */
    ck_assert_int_eq(anchor_erase(a, clock_local(now).day + 1, "retention", now + 3 * 86400, &erased, &d), 0);
    ck_assert_uint_ge(erased, 1);
    ck_assert_int_ne(stat(path, &st), 0);
    passes(record);
    ck_assert_uint_eq(result.erased, erased);
    ck_assert_uint_eq(result.records, 0);
    anchor_close(a);
    change_file("receipts", "reason=retention", "reason=retentioN");
    fails(record, "receipts: line 1 does not follow from the line before it");
    ck_assert_ptr_nonnull(strstr(said, "no receipt says that it was erased"));
    snprintf(receipts, sizeof receipts, "%s/receipts", record);
    unlink(receipts);
    fails(record, "is missing: it has a root, and no receipt says that it was erased");
}
END_TEST

/* A receipt in the right shape, by somebody who has not the key. */
START_TEST(test_receipt_forged)
{
    const unsigned char seed[32] = {8};
    const struct ledger_field fields[] = {{"day", STR("2026-01-01")}};
    struct sign_key other;
    char path[512], receipts[128], date[10], digits[64];

    make_day(path, sizeof path);
    sign_key_of_seed(seed, &other);
    snprintf(receipts, sizeof receipts, "%s/receipts", record);
    ck_assert_int_eq(ledger_add(receipts, "receipts", now, "erased", fields, 1, &other, NULL, &d), 0);
    fails(record, "receipts: line 1 has a signature that the key did not make: it is forged");
    unlink(receipts);
    ck_assert_int_eq(ledger_add(receipts, "receipts", now, "erased", fields, 1, NULL, NULL, &d), 0);
    fails(record, "receipts: line 1 is not signed");
    unlink(receipts);
    ck_assert_int_eq(ledger_add(receipts, "receipts", now, "erased", fields, 1, &key, NULL, &d), 0);
    fails(record, "does not fit the day's root: it is forged");
    unlink(receipts);
    clock_format_date(clock_local(now).day, date); /* a day that there is, and another's root */
    memset(digits, '0', sizeof digits);
    ck_assert_int_eq(ledger_add(receipts, "receipts", now, "erased",
                                (const struct ledger_field[]){{"day", {date, 10}},
                                                              {"root", {digits, sizeof digits}},
                                                              {"digest", {digits, sizeof digits}}},
                                3, &key, NULL, &d),
                     0);
    fails(record, "does not fit the day's root: it is forged");
}
END_TEST

START_TEST(test_held)
{
    char path[512], hold[600];
    struct anchor *a;
    unsigned erased = 9;
    struct stat st;

    make_day(path, sizeof path);
    snprintf(hold, sizeof hold, "%.*s/hold", (int)(strrchr(path, '/') - path), path);
    fclose(fopen(hold, "we"));
    a = open_anchor();
    ck_assert_int_eq(anchor_erase(a, clock_local(now).day + 1, "retention", now + 3 * 86400, &erased, &d), 0);
    ck_assert_int_eq(stat(path, &st), 0);
    passes(record);
    anchor_close(a);
}
END_TEST

/* Killed between the receipt and the deletion: the next one goes on, with one receipt. */
START_TEST(test_erased_half)
{
    char path[512], text[4096];
    struct anchor *a;
    unsigned erased;
    FILE *f;

    make_day(path, sizeof path);
    a = open_anchor();
    ck_assert_int_eq(anchor_erase(a, clock_local(now).day + 1, "retention", now, &erased, &d), 0);
    snprintf(tampered, sizeof tampered, "%.*s", (int)(strrchr(path, '/') - path), path);
    ck_assert_int_eq(mkdir(tampered, 0750), 0);
    fclose(fopen(path, "we"));
    passes(record);
    ck_assert_ptr_nonnull(strstr(said, "not all of it is gone yet"));
    ck_assert_int_eq(anchor_erase(a, clock_local(now).day + 1, "retention", now, &erased, &d), 0);
    passes(record);
    anchor_close(a);
    snprintf(tampered, sizeof tampered, "%s/receipts", record);
    f = fopen(tampered, "re");
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    fclose(f);
    ck_assert_ptr_nonnull(strchr(text, '\n'));
    ck_assert_msg(strchr(text, '\n')[1] == '\0' ||
                      strstr(strchr(text, '\n'), clock_local(now).day ? "erased" : "") != NULL,
                  "%s", text);
}
END_TEST

START_TEST(test_bundle)
{
    char path[512], copy[96], file[1024];
    struct bundle_order o = {.record = record, .to = copy, .key = &key};
    uint64_t files;
    FILE *f;

    make_day(path, sizeof path);
    snprintf(copy, sizeof copy, "%s.bundle", record);
    o.from_day = clock_local(now).day;
    o.to_day = o.from_day;
    o.now = now;
    ck_assert_msg(bundle_make(&o, &files, &d) == 0, "%s", d.messages[0].text);
    passes(copy);
    ck_assert_int_ne(bundle_make(&o, &files, &d), 0);
    snprintf(file, sizeof file, "%s/stranger", copy);
    fclose(fopen(file, "we"));
    fails(copy, "1 file(s) lie in the bundle that it does not name: inserted");
    unlink(file);
    passes(copy);
    /* One byte, of the list that nothing else would miss. */
    snprintf(file, sizeof file, "%s/public.key", copy);
    f = fopen(file, "ae");
    fputc('x', f);
    fclose(f);
    fails(copy, "at least one byte was changed");
}
END_TEST

/* Several segments of one process, one of which goes before it was ever anchored. */
START_TEST(test_never_anchored)
{
    struct anchor *a = open_anchor();
    struct spool *s = open_spool(SMALL);
    char path[512];

    append(s, 100);
    spool_close(s);
    ck_assert_uint_ge(segments(1, path, sizeof path), 3);
    unlink(path);
    ck_assert_int_eq(anchor_minute(a, now, &d), 0);
    while (segments(0, path, sizeof path)) {
        ck_assert_int_eq(anchor_keep(a, path, now, &d), 0);
        unlink(path);
    }
    ck_assert_int_eq(anchor_minute(a, now + 2 * 86400, &d), 0);
    fails(record, "follows segment 2 of the same process, which is not here");
    anchor_close(a);
}
END_TEST

/* An idle worker's segment stays in the spool when its day is closed: it is in the record all the same. */
START_TEST(test_idle_segment)
{
    struct anchor *a = open_anchor();
    struct spool *s = open_spool(SMALL);
    unsigned char root[CHAIN_HASH];
    char path[512];
    FILE *f;

    fill(s, a, 3, 1);
    ck_assert_int_eq(anchor_minute(a, now + 2 * 86400, &d), 0);
    passes(record);
    ck_assert_uint_eq(result.records, 4);
    ck_assert_uint_eq(segments(1, path, sizeof path),
                      2); /* the segment and the root's hash for those to come */
    snprintf(path, sizeof path, "%s/" SEGMENT_ROOT, folder);
    f = fopen(path, "re");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fread(root, 1, sizeof root, f), sizeof root);
    fclose(f);
    spool_close(s);
    segments(0, path, sizeof path);
    ck_assert_int_eq(anchor_keep(a, path, now + 2 * 86400, &d), 0); /* once */
    unlink(path);
    passes(record);
    ck_assert_uint_eq(result.records, 4);
    s = open_spool(SMALL);
    append(s, 1);
    spool_close(s);
    segments(0, path, sizeof path);
    load(path);
    ck_assert_mem_eq(((struct segment_header *)(void *)bytes)->imported_root, root, CHAIN_HASH);
    ck_assert_int_eq(anchor_keep(a, path, now + 2 * 86400 + 1, &d), 0);
    ck_assert_int_eq(anchor_minute(a, now + 2 * 86400 + 60, &d), 0);
    passes(record);
    ck_assert_uint_eq(result.records, 5);
    anchor_close(a);
}
END_TEST

/* The clock is set back over midnight: the day that is closed stays as it is. */
START_TEST(test_clock_set_back)
{
    struct anchor *a;
    struct spool *s;
    char path[512];

    make_day(path, sizeof path);
    a = open_anchor();
    s = open_spool(SMALL);
    append(s, 2);
    ck_assert_int_eq(anchor_minute(a, now + 60, &d), 0);
    spool_close(s);
    segments(0, path, sizeof path);
    ck_assert_int_eq(anchor_keep(a, path, now + 70, &d), 0);
    unlink(path);
    ck_assert_int_eq(anchor_minute(a, now + 120, &d), 0);
    passes(record);
    ck_assert_uint_eq(result.records, 10);
    ck_assert_int_eq(anchor_minute(a, now + 4 * 86400, &d), 0);
    passes(record);
    anchor_close(a);
}
END_TEST

/* Killed between the line that ends a segment and the copy of it. */
START_TEST(test_kept_half)
{
    struct anchor *a = open_anchor();
    struct spool *s = open_spool(SMALL);
    char path[512], kept[1024], date[11] = "";

    fill(s, a, 3, 2);
    append(s, 1);
    spool_close(s);
    segments(0, path, sizeof path);
    ck_assert_int_eq(anchor_keep(a, path, now + 60, &d), 0);
    clock_format_date(clock_local(now).day, date);
    snprintf(kept, sizeof kept, "%s/days/%s/%s", record, date, strrchr(path, '/') + 1);
    unlink(kept);
    ck_assert_int_eq(anchor_keep(a, path, now + 61, &d), 0);
    unlink(path);
    ck_assert_int_eq(anchor_minute(a, now + 2 * 86400, &d), 0);
    passes(record);
    ck_assert_uint_eq(result.records, 6);
    anchor_close(a);
}
END_TEST

START_TEST(test_other_key_refused)
{
    struct anchor_how how = {.record = record, .key = &key};
    struct anchor *a = open_anchor();

    anchor_close(a);
    sign_key_of_seed((const unsigned char[32]){9}, &key);
    ck_assert_int_ne(anchor_open(&how, &a, &d), 0);
    ck_assert_ptr_nonnull(strstr(d.messages[0].text, "signed with another key"));
}
END_TEST

/* ---- lists ---- */

/* Both clocks of the spool, moved on. */
static time_t moved;
int __real_clock_gettime(clockid_t clock, struct timespec *t);
int __wrap_clock_gettime(clockid_t clock, struct timespec *t);

int __wrap_clock_gettime(clockid_t clock, struct timespec *t)
{
    int got = __real_clock_gettime(clock, t);

    t->tv_sec += moved;
    return got;
}

/* A segment is of one local day: the first event of the next one finishes it, also one that was made ahead. */
START_TEST(test_segment_of_a_day)
{
    struct spool *s = open_spool(SMALL);
    struct chain_segment first = {.live = false}, second = {.live = false};
    char path[512];

    append(s, 36); /* past three quarters: the next one is there, and empty */
    ck_assert_uint_eq(segments(0, path, sizeof path), 2);
    moved = 86400;
    append(s, 1);
    ck_assert_uint_eq(segments(0, path, sizeof path), 2); /* the empty one is gone */
    ck_assert_int_eq(chain_read(path, NULL, NULL, &first, &d), 0);
    ck_assert_int_eq(first.end, CHAIN_CLOSED);
    ck_assert(!first.live);
    ck_assert_uint_eq(first.head.records, 36);
    segments(1, path, sizeof path);
    ck_assert_int_eq(chain_read(path, NULL, NULL, &second, &d), 0);
    ck_assert(second.live);
    ck_assert_uint_eq(second.head.records, 1);
    ck_assert_uint_eq(second.header.follows[0], first.header.number);
    ck_assert_mem_eq(second.header.process, first.header.process, sizeof first.header.process);
    ck_assert_int_gt(clock_local(second.header.created).day, clock_local(first.header.created).day);
    if (clock_local(now + 86400 + 60).day == clock_local(now + 86400).day) {
        moved = 86400 + 5; /* and no more than one a day */
        append(s, 1);
        ck_assert_uint_eq(segments(0, path, sizeof path), 2);
    }
    moved = 0; /* set back over midnight: what is there goes on */
    append(s, 1);
    ck_assert_uint_eq(segments(0, path, sizeof path), 2);
    spool_close(s);
}
END_TEST

START_TEST(test_ledger)
{
    const struct ledger_field fields[] = {{"who", STR("=HYPERLINK(\"x\") %41\n\xe2\x80\xae")},
                                          {"none", STR_NONE}};
    struct ledger_read read;
    struct ledger_head head;
    char path[128], text[8192];
    bool there;
    size_t n;
    FILE *f;

    snprintf(path, sizeof path, "%s/list", record);
    ck_assert_int_eq(ledger_add(path, "a", 1796083200, "look", fields, 2, NULL, &head, &d), 0);
    ck_assert_int_eq(ledger_add(path, "a", 1796083201, "look", fields, 2, &key, &head, &d), 0);
    ck_assert_uint_eq(head.lines, 2);
    ck_assert_int_eq(ledger_read(path, "a", key.public, NULL, NULL, &read, &there, &d), 0);
    ck_assert_int_eq(read.fault, LEDGER_SOUND);
    ck_assert_uint_eq(read.is_signed, 1);
    ck_assert_mem_eq(read.head.hash, head.hash, CHAIN_HASH);
    ck_assert_int_eq(ledger_read(path, "b", key.public, NULL, NULL, &read, &there, &d), 0);
    ck_assert_int_eq(read.fault, LEDGER_HASH);
    f = fopen(path, "re");
    n = fread(text, 1, sizeof text, f);
    fclose(f);
    ck_assert(
        strncmp(text,
                "1 2026-12-01T00:00:00Z look who=%3DHYPERLINK(\"x\")%20%2541%0A%E2%80%AE none= h=", 70) == 0);
    for (size_t i = 0; i + 1 < n; i++) { /* each byte counts */
        text[i] ^= 1;
        ledger_read_mem((struct str){text, n}, "a", key.public, NULL, NULL, &read);
        ck_assert_int_ne(read.fault, LEDGER_SOUND);
        text[i] ^= 1;
    }
    /* A line without its end is taken off by the next one that writes. */
    f = fopen(path, "ae");
    fputs("3 2026-12-01T00:0", f);
    fclose(f);
    ck_assert_int_eq(ledger_add(path, "a", 1796083202, "look", NULL, 0, NULL, &head, &d), 0);
    ck_assert_uint_eq(head.lines, 3);
    ck_assert_int_eq(ledger_read(path, "a", key.public, NULL, NULL, &read, &there, &d), 0);
    ck_assert_int_eq(read.fault, LEDGER_SOUND);
    ck_assert_uint_eq(read.head.lines, 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("record");
    TCase *tests = tcase_create("record");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, test_spool_tampered, 0, (int)(sizeof tampers / sizeof *tampers));
    tcase_add_loop_test(tests, test_record_tampered, 0, (int)(sizeof tampers / sizeof *tampers));
    tcase_add_test(tests, test_missing_segment);
    tcase_add_test(tests, test_missing_in_spool);
    tcase_add_test(tests, test_inserted_segment);
    tcase_add_test(tests, test_wrong_key);
    tcase_add_test(tests, test_root_changed);
    tcase_add_test(tests, test_root_cut_off);
    tcase_add_test(tests, test_anchors_cut);
    tcase_add_test(tests, test_torn_tail);
    tcase_add_test(tests, test_erased);
    tcase_add_test(tests, test_receipt_forged);
    tcase_add_test(tests, test_held);
    tcase_add_test(tests, test_erased_half);
    tcase_add_test(tests, test_bundle);
    tcase_add_test(tests, test_never_anchored);
    tcase_add_test(tests, test_idle_segment);
    tcase_add_test(tests, test_clock_set_back);
    tcase_add_test(tests, test_kept_half);
    tcase_add_test(tests, test_other_key_refused);
    tcase_add_test(tests, test_segment_of_a_day);
    tcase_add_test(tests, test_ledger);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
