/* The spool of events, from headers and sizes; a small one is read through. */
#include "core/artefact.h"
#include "record/spool.h"
#include "record/spool_segment.h"
#include "tools/json_words.h"
#include "tools/status.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { READ_MAX = 64 << 20, FREE_MIN = 64 << 20, FREE_PERCENT_MIN = 5 };

/* What a walk over the folder finds. */
struct spool_facts {
    json_int_t segments, bytes;
    json_int_t unfinished; /* their writer still holds the lock */
    json_int_t half_made;  /* under another name, without a header */
    json_int_t damaged;
    int64_t oldest; /* UTC; INT64_MAX = none */
};

static bool ends_with(const char *name, const char *suffix)
{
    size_t n = strlen(name), m = strlen(suffix);

    return n > m && strcmp(name + n - m, suffix) == 0;
}

static bool sound(const struct segment_header *h)
{
    return memcmp(h->magic, SEGMENT_MAGIC, sizeof h->magic) == 0 && h->version == SEGMENT_VERSION &&
           h->check == artefact_sum(h, offsetof(struct segment_header, check));
}

static void look_at_segment(int folder, const char *name, struct spool_facts *f)
{
    struct segment_header h;
    struct stat st;
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK);

    if (fd < 0 && errno == ENOENT) /* imported meanwhile */
        return;
    f->segments++;
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
        pread(fd, &h, sizeof h, 0) != (ssize_t)sizeof h || !sound(&h)) {
        f->damaged++;
    } else {
        f->bytes += st.st_size;
        f->unfinished += flock(fd, LOCK_SH | LOCK_NB) != 0;
        if (h.created < f->oldest)
            f->oldest = h.created;
    }
    if (fd >= 0)
        close(fd);
}

static int walk(const char *path, struct spool_facts *f)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;

    if (!folder)
        return -1;
    while ((entry = readdir(folder))) {
        if (ends_with(entry->d_name, SEGMENT_UNBORN))
            f->half_made++;
        else if (ends_with(entry->d_name, SEGMENT_SUFFIX))
            look_at_segment(dirfd(folder), entry->d_name, f);
    }
    closedir(folder);
    return 0;
}

static void nobody(void *to, const struct event *e)
{
    (void)to, (void)e;
}

/* Reading takes as long as the spool is large; beyond READ_MAX nobody waits for it. */
static void add_events(const struct status *s, const struct spool_facts *f, json_t *o)
{
    struct spool_read read = {0};
    struct diag d;

    if (f->bytes > READ_MAX)
        return;
    diag_init(&d);
    spool_read(s->spool, nobody, NULL, &read, &d); /* what is damaged has been counted */
    json_object_set_new(o, "events", json_integer((json_int_t)read.events));
    json_object_set_new(o, "torn", json_integer((json_int_t)read.torn));
}

static void add_space(struct status *s, json_t *o)
{
    struct statvfs fs;
    struct stat st;
    uint64_t bytes, percent;

    if (statvfs(s->spool, &fs) != 0 || stat(s->spool, &st) != 0)
        return;
    if (fs.f_flag & ST_RDONLY || !(st.st_mode & (S_IWUSR | S_IWGRP)))
        status_attend(s, "%s cannot be written to: events are being lost", s->spool);
    if (!fs.f_blocks) /* some file systems do not say */
        return;
    bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    percent = (uint64_t)fs.f_bavail * 100 / fs.f_blocks;
    json_object_set_new(o, "free_bytes", json_integer((json_int_t)bytes));
    json_object_set_new(o, "free_percent", json_integer((json_int_t)percent));
    if (percent < FREE_PERCENT_MIN || bytes < FREE_MIN)
        status_attend(
            s, "the spool's file system has %llu MiB (%llu %%) left: make room, or events will be lost",
            (unsigned long long)(bytes >> 20), (unsigned long long)percent);
}

static void add_segments(const struct status *s, const struct spool_facts *f, json_t *o)
{
    bool any = f->oldest != INT64_MAX;

    json_object_set_new(o, "segments", json_integer(f->segments));
    json_object_set_new(o, "bytes", json_integer(f->bytes));
    json_object_set_new(o, "oldest_at", any ? json_time(f->oldest) : json_null());
    json_object_set_new(o, "oldest_seconds", any ? json_integer(s->at - f->oldest) : json_null());
    json_object_set_new(o, "unfinished", json_integer(f->unfinished));
    json_object_set_new(o, "half_made", json_integer(f->half_made));
    json_object_set_new(o, "damaged", json_integer(f->damaged));
}

json_t *status_look_spool(struct status *s)
{
    struct spool_facts f = {.oldest = INT64_MAX};
    json_t *o;

    if (!s->spool)
        return json_null();
    o = json_pack("{s:o, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n}", "folder",
                  json_slice(str_of(s->spool)), "problem", "segments", "bytes", "oldest_at", "oldest_seconds",
                  "unfinished", "half_made", "damaged", "events", "torn", "free_bytes", "free_percent");
    if (walk(s->spool, &f) != 0) {
        const char *why = strerror(errno);

        json_object_set_new(o, "problem", json_string(why));
        status_attend(
            s, "the spool %s cannot be listed: %s: where the module cannot write there, events are lost",
            s->spool, why);
        return o;
    }
    add_segments(s, &f, o);
    add_events(s, &f, o);
    if (f.damaged)
        status_attend(s, "%lld file(s) of the spool are no sound segments: 'portreeve events %s' names them",
                      (long long)f.damaged, s->spool);
    add_space(s, o);
    return o;
}

void status_tell_spool(struct screen *sc, const json_t *facts)
{
    char when[32];

    if (!json_is_integer(json_object_get(facts, "segments")))
        return;
    screen_put(sc, "Spool: %lld segment(s), %lld MiB, %lld being written",
               (long long)status_number(facts, "segments"), (long long)status_number(facts, "bytes") >> 20,
               (long long)status_number(facts, "unfinished"));
    if (status_number(facts, "half_made"))
        screen_put(sc, ", %lld half made", (long long)status_number(facts, "half_made"));
    if (json_is_string(json_object_get(facts, "oldest_at")))
        screen_put(sc, "; the oldest from %s", status_when(facts, "oldest_at", when));
    screen_end(sc);
    if (json_is_integer(json_object_get(facts, "events")))
        screen_put(sc, "  %lld event(s), %lld torn record(s)", (long long)status_number(facts, "events"),
                   (long long)status_number(facts, "torn"));
    else
        screen_put(sc, "  events not counted: over %d MiB", READ_MAX >> 20);
    if (json_is_integer(json_object_get(facts, "free_bytes")))
        screen_put(sc, "; %lld MiB (%lld %%) of the disk are free",
                   (long long)status_number(facts, "free_bytes") >> 20,
                   (long long)status_number(facts, "free_percent"));
    screen_end(sc);
}
