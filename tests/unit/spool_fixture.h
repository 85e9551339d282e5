/* What the tests of the spool share: a folder of their own, a sample of an event, and reading all of it back.
 */
#ifndef TESTS_SPOOL_FIXTURE_H
#define TESTS_SPOOL_FIXTURE_H

#include "record/spool.h"
#include "record/spool_segment.h"
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SMALL = SPOOL_SEGMENT_MIN };

static char folder[64];
static struct diag d;

static inline void begin(void)
{
    diag_init(&d);
    snprintf(folder, sizeof folder, "/tmp/portreeve-spool-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static inline void empty(void)
{
    char path[512];
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir && (entry = readdir(dir)) != NULL) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (dir)
        closedir(dir);
}

static inline void end(void)
{
    empty();
    rmdir(folder);
}

static inline struct event sample(void)
{
    return (struct event){.time = 1778580000,
                          .policy = STR("3.2"),
                          .rule = STR("no-reactions"),
                          .platform = STR("facebook"),
                          .account = STR("none"),
                          .action = ACTION_REFUSE,
                          .people = 0xffffffff};
}

/* What the reader hands over: numbers must rise. (One assertion for all of them: each costs check a message.)
 */
struct seen {
    uint64_t n, last;
    bool in_order, right;
};

static inline void see(void *to, const struct event *e)
{
    struct seen *s = to;

    s->in_order &= e->sequence > s->last;
    s->right &= str_eq(e->platform, STR("facebook")) && str_eq(e->rule, STR("no-reactions"));
    s->last = e->sequence;
    s->n++;
}

static inline struct spool_read read_all(const char *path, struct seen *seen)
{
    struct spool_read result = {0};

    *seen = (struct seen){.in_order = true, .right = true};
    ck_assert_int_eq(spool_read(path, see, seen, &result, &d), 0);
    ck_assert_uint_eq(result.events, seen->n);
    ck_assert(seen->right);
    return result;
}

/* The n-th segment's path (by name), and how many there are. */
static inline unsigned segments(unsigned nth, char *path, size_t size)
{
    struct dirent **names;
    unsigned found = 0;
    int n = scandir(folder, &names, NULL, alphasort);

    ck_assert_int_ge(n, 0);
    for (int i = 0; i < n; i++) {
        if (names[i]->d_name[0] != '.' && found++ == nth)
            snprintf(path, size, "%s/%s", folder, names[i]->d_name);
        free(names[i]);
    }
    free(names);
    return found;
}

static inline struct spool *open_spool(size_t segment)
{
    struct spool *s = NULL;

    ck_assert_int_eq(spool_open(folder, "gate-1", segment, &s, &d), 0);
    return s;
}

static inline void append(struct spool *s, unsigned n)
{
    unsigned lost = 0;

    for (unsigned i = 0; i < n; i++) {
        struct event e = sample();

        lost += spool_append(s, &e) != 0;
    }
    ck_assert_uint_eq(lost, 0);
}

#endif
