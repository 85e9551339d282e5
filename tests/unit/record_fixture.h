/* A record folder of a test's own, beside a spool: anchored, verified, and its segments changed. */
#ifndef TESTS_RECORD_FIXTURE_H
#define TESTS_RECORD_FIXTURE_H

#include "core/artefact.h"
#include "core/clock.h"
#include "record/anchor.h"
#include "record/bundle.h"
#include "record/verify.h"
#include "spool_fixture.h"

#include <sys/stat.h>
#include <time.h>

static char record[64], said[65536];
static struct sign_key key;
static struct verify_result result;
static int64_t now;

static inline void setup(void)
{
    const unsigned char seed[32] = {7};

    begin();
    ck_assert_int_eq(seal_init(&d), 0);
    snprintf(record, sizeof record, "/tmp/portreeve-record-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(record));
    sign_key_of_seed(seed, &key);
    now = (int64_t)time(NULL);
}

static inline void teardown(void)
{
    char bundle[80];
    pid_t child;

    end();
    snprintf(bundle, sizeof bundle, "%s.bundle", record);
    child = fork();
    if (child == 0)
        _exit(execlp("rm", "rm", "-rf", record, bundle, (char *)NULL));
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
}

static inline struct anchor *open_anchor(void)
{
    static const char *spools[1];
    struct anchor_how how = {.record = record, .key = &key, .spools = spools, .n_spools = 1};
    struct anchor *a = NULL;

    spools[0] = folder;
    ck_assert_msg(anchor_open(&how, &a, &d) == 0, "%s", d.messages[0].text);
    return a;
}

static inline void hear(void *to, enum finding kind, const char *where, const char *text)
{
    size_t n = strlen(said);

    (void)to;
    snprintf(said + n, sizeof said - n, "%s %s: %s\n", kind == FINDING_FAIL ? "FAIL" : "note", where, text);
}

static inline bool verify_by(const unsigned char *public, const char *what)
{
    struct verify_how how = {.public = public, .say = hear, .record = record};
    int done;

    said[0] = '\0';
    diag_init(&d);
    done = what == folder ? verify_spool(folder, &how, &result, &d) : verify_record(what, &how, &result, &d);
    ck_assert_msg(done == 0, "%s", d.messages[0].text);
    return result.fails == 0;
}

static inline void passes(const char *what)
{
    ck_assert_msg(verify_by(key.public, what), "%s", said);
}

static inline void fails(const char *what, const char *words)
{
    ck_assert_msg(!verify_by(key.public, what), "passes, and should say: %s", words);
    ck_assert_msg(strstr(said, words) != NULL, "says:\n%s, and should say: %s", said, words);
}

/* Three events more than fill a segment of 4 KiB, in two parts with an anchor between and behind. */
static inline void fill(struct spool *s, struct anchor *a, unsigned first, unsigned second)
{
    append(s, first);
    ck_assert_int_eq(anchor_minute(a, now, &d), 0);
    append(s, second);
    ck_assert_int_eq(anchor_minute(a, now + 60, &d), 0);
}

/* ---- tampering with a segment's bytes ---- */

static unsigned char bytes[SMALL];
static char tampered[1024];

static inline size_t load(const char *path)
{
    FILE *f = fopen(path, "re");
    size_t n;

    ck_assert_ptr_nonnull(f);
    snprintf(tampered, sizeof tampered, "%s", path);
    n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    return n;
}

static inline void store(size_t n)
{
    FILE *f = fopen(tampered, "we");

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
    ck_assert_int_eq(fclose(f), 0);
}

static inline size_t record_at(unsigned nth)
{
    size_t at = sizeof(struct segment_header);

    for (; nth; nth--) {
        uint32_t length;

        memcpy(&length, bytes + at, sizeof length);
        at += record_size(length);
    }
    return at;
}

#endif
