#include "tools/lists_store.h"

#include "core/clock.h"
#include "record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int no(struct diag *d, const char *path, const char *what)
{
    return diag_error(d, path, what, strerror(errno));
}

int lists_file_open(const char *path, bool may_lack, struct lists_file *f, struct diag *d)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    *f = (struct lists_file){.mapping = NULL};
    if (fd < 0 && errno == ENOENT && may_lack)
        return 0;
    if (fd < 0)
        return no(d, path, ": cannot be opened: ");
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0) {
        close(fd);
        return diag_error(d, path, ": is empty, or no file", NULL);
    }
    f->mapping = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (f->mapping == MAP_FAILED) {
        f->mapping = NULL;
        return no(d, path, ": cannot be mapped: ");
    }
    if (catdb_open(f->mapping, (size_t)st.st_size, &f->db, d) == 0)
        return 0;
    munmap(f->mapping, (size_t)st.st_size);
    f->mapping = NULL;
    return diag_error(d, path, ": is not taken", NULL);
}

void lists_file_close(struct lists_file *f)
{
    if (f->mapping)
        munmap(f->mapping, f->db.size);
    f->mapping = NULL;
}

int lists_lock(const char *path, struct diag *d)
{
    char name[PATH_MAX];
    int fd;

    snprintf(name, sizeof name, "%s.lock", path);
    fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd < 0)
        return no(d, name, ": cannot be written: ");
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    close(fd);
    return diag_error(d, path, ": another import or rollback is at work there: wait for its end", NULL);
}

int lists_make_aside(const struct lists *l, const char *path, int64_t now, char *aside, struct diag *d)
{
    struct lists_file made;
    int fd, result;

    if (snprintf(aside, PATH_MAX, "%s.XXXXXX", path) >= PATH_MAX)
        return diag_error(d, path, ": the path is too long", NULL);
    fd = mkstemp(aside);
    if (fd < 0)
        return no(d, path, ": cannot be written: ");
    result = fchmod(fd, 0644) == 0 ? lists_write(l, fd, now, d) : no(d, aside, ": cannot be opened to all: ");
    close(fd);
    if (result == 0 && (result = lists_file_open(aside, false, &made, d)) == 0) {
        result = lists_check(&made.db, d);
        lists_file_close(&made);
    }
    if (result != 0)
        unlink(aside);
    return result;
}

static void sync_folder(const char *path)
{
    char folder[PATH_MAX];
    char *slash;
    int fd;

    snprintf(folder, sizeof folder, "%s", path);
    slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

/* `from` under a second name, in place of what had it. */
static int also_called(const char *from, const char *to)
{
    char aside[PATH_MAX + 8];

    snprintf(aside, sizeof aside, "%s.link", to);
    unlink(aside);
    return link(from, aside) == 0 && rename(aside, to) == 0 ? 0 : -1;
}

int lists_publish(const char *path, const char *aside, bool keep, struct diag *d)
{
    char previous[PATH_MAX];

    snprintf(previous, sizeof previous, "%s.previous", path);
    if (keep && access(path, F_OK) == 0 && also_called(path, previous) != 0)
        return no(d, previous, ": cannot be written, and nothing was changed: ");
    if (rename(aside, path) != 0)
        return no(d, path, ": cannot be written: ");
    sync_folder(path);
    return 0;
}

int lists_rollback(const char *path, struct diag *d)
{
    char previous[PATH_MAX], aside[PATH_MAX];
    struct lists_file f;
    int result;

    snprintf(previous, sizeof previous, "%s.previous", path);
    snprintf(aside, sizeof aside, "%s.back", path);
    if (access(previous, F_OK) != 0)
        return diag_error(d, path, ": there is none before it to take back", NULL);
    if (lists_file_open(previous, false, &f, d) != 0)
        return -1;
    result = lists_check(&f.db, d);
    lists_file_close(&f);
    if (result != 0)
        return diag_error(d, previous, ": is not taken back", NULL);
    /* The one before is in place before what it replaces has its name: at no time is there none. */
    if (also_called(previous, aside) != 0 || (access(path, F_OK) == 0 && also_called(path, previous) != 0) ||
        rename(aside, path) != 0)
        return no(d, path, ": cannot be exchanged: ");
    sync_folder(path);
    return 0;
}

/* ---- what changed ---- */

static void print_names(FILE *to, const char *what, uint32_t n, const char names[LISTS_SAMPLES][LISTS_SAMPLE])
{
    if (n)
        fprintf(to, "; %s", what);
    for (uint32_t i = 0; i < n && i < LISTS_SAMPLES; i++)
        fprintf(to, "%s %s", i ? "," : "", names[i]);
    if (n > LISTS_SAMPLES)
        fprintf(to, " ...");
}

void lists_print_changes(FILE *to, const struct lists_change *changes)
{
    bool some = false;

    for (unsigned k = 0; k < CATEGORY_COUNT; k++) {
        const struct lists_change *c = &changes[k];

        if (!c->added && !c->removed)
            continue;
        some = true;
        fprintf(to, "  %s: %u before, %u new, %u gone", word_of(WORDS_CATEGORY, k), c->before, c->added, c->removed);
        print_names(to, "new:", c->added, c->added_names);
        print_names(to, "gone:", c->removed, c->removed_names);
        fputc('\n', to);
    }
    if (!some)
        fprintf(to, "  nothing new, nothing gone\n");
}

int lists_log(const char *path, const char *what, int64_t now, const struct lists_change *changes, struct diag *d)
{
    char name[PATH_MAX], date[10];
    struct local_time at = clock_local(now);
    FILE *f;

    snprintf(name, sizeof name, "%s.changes", path);
    f = fopen(name, "a");
    if (!f)
        return no(d, name, ": cannot be written: ");
    clock_format_date(at.day, date);
    fprintf(f, "%.10s %02u:%02u  %s\n", date, at.minute / 60, at.minute % 60, what);
    if (changes)
        lists_print_changes(f, changes);
    return fclose(f) == 0 ? 0 : no(d, name, ": cannot be written: ");
}
