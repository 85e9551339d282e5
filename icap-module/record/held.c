#include "record/held.h"

#include "core/clock.h"
#include "core/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define HELD_FILE "held-"
enum { LINE = 1024, NAME = sizeof HELD_FILE - 1 + 10, FIELDS = 7 };

static void name_of(int32_t day, char to[NAME + 1])
{
    memcpy(to, HELD_FILE, sizeof HELD_FILE - 1);
    clock_format_date(day, to + sizeof HELD_FILE - 1);
    to[NAME] = '\0';
}

/* ---- writing ---- */

void held_close(struct held_book *b)
{
    if (b->open)
        close(b->fd);
    b->open = false;
}

/* The day's file, made where it is missing, also when the one in hand was deleted, or moved away with its folder. */
static int open_day(struct held_book *b, int32_t day)
{
    char path[PATH_MAX], name[NAME + 1];
    struct stat st;

    name_of(day, name);
    if (snprintf(path, sizeof path, "%s/%s", b->folder, name) >= (int)sizeof path)
        return ENAMETOOLONG;
    if (b->open && (lstat(path, &st) != 0 || st.st_dev != b->device || st.st_ino != b->inode))
        held_close(b);
    if (b->open)
        return st.st_size >= HELD_DAY ? ENOSPC : 0;
    b->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0640);
    if (b->fd < 0)
        return errno;
    b->open = true;
    if (fstat(b->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        held_close(b);
        return EINVAL;
    }
    b->device = st.st_dev;
    b->inode = st.st_ino;
    return st.st_size >= HELD_DAY ? ENOSPC : 0;
}

static void put_words(struct text *t, uint32_t categories)
{
    const char *comma = "";

    for (unsigned k = 0; k < CATEGORY_COUNT; k++)
        if (categories >> k & 1) {
            text_puts(t, comma);
            text_puts(t, word_of(WORDS_CATEGORY, k));
            comma = ",";
        }
}

/* No byte of it ends a field or a line. */
static void put_field(struct text *t, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        text_putc(t, (unsigned char)s.p[i] < ' ' ? '?' : s.p[i]);
    text_putc(t, '\t');
}

int held_add(struct held_book *b, const struct held *h)
{
    int error = open_day(b, h->day);
    char line[LINE];
    struct text t;
    ssize_t n;

    if (error)
        return error;
    text_init(&t, line, sizeof line);
    text_putc(&t, '\n');
    put_field(&t, h->code);
    put_field(&t, h->policy);
    put_field(&t, h->rule);
    put_words(&t, h->categories);
    text_putc(&t, '\t');
    put_field(&t, h->lists);
    put_field(&t, h->host);
    text_puts(&t, ".\n");
    if (t.cut)
        return EMSGSIZE;
    n = write(b->fd, line, t.n);
    return n == (ssize_t)t.n ? 0 : n < 0 ? errno : ENOSPC;
}

/* ---- reading ---- */

static int32_t day_of(const char *name)
{
    char whole[NAME + 1];
    int64_t noon;
    int32_t day;

    if (strlen(name) != NAME || clock_parse(str_of(name + sizeof HELD_FILE - 1), &noon) != 0)
        return -1;
    day = clock_local(noon).day;
    name_of(day, whole);
    return strcmp(whole, name) == 0 ? day : -1; /* written as we write it */
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_day(const struct dirent *e)
{
    return day_of(e->d_name) >= 0;
}

static bool read_categories(struct str words, uint32_t *bits)
{
    *bits = 0;
    while (words.n) {
        int k = word_find(WORDS_CATEGORY, str_cut(&words, ','));

        if (k < 0)
            return false;
        *bits |= 1u << k;
    }
    return true;
}

/* False for a torn line. */
static bool read_line(struct str line, struct held *h)
{
    struct str fields[FIELDS];

    for (int i = 0; i < FIELDS; i++)
        fields[i] = str_cut(&line, '\t');
    h->code = fields[0];
    h->policy = fields[1];
    h->rule = fields[2];
    h->lists = fields[4];
    h->host = fields[5];
    return h->code.n == HELD_CODE && h->host.n && str_eq(fields[6], STR(".")) &&
           read_categories(fields[3], &h->categories);
}

static int read_day(const char *path, int32_t day, void (*each)(void *to, const struct held *h), void *with,
                    struct diag *d)
{
    FILE *f = fopen(path, "re");
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    int result = 0;

    if (!f)
        return diag_error(d, path, ": cannot be read: ", strerror(errno));
    while ((n = getline(&line, &room, f)) >= 0) {
        struct held h = {.day = day};

        if (n > 0 && line[n - 1] == '\n' && read_line((struct str){line, (size_t)n - 1}, &h))
            each(with, &h);
    }
    if (ferror(f))
        result = diag_error(d, path, ": cannot be read to its end: ", strerror(errno));
    free(line);
    fclose(f);
    return result;
}

/* Calls `file` for each day's file, oldest first. */
static int each_day(const char *folder, int (*file)(void *to, const char *path, int32_t day), void *to, struct diag *d)
{
    struct dirent **names = NULL;
    int n = scandir(folder, &names, is_day, by_name), result = 0;

    if (n < 0)
        return errno == ENOENT ? 0 : diag_error(d, folder, ": cannot be read: ", strerror(errno));
    for (int i = 0; i < n; i++) {
        char path[PATH_MAX];

        if (snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name) < (int)sizeof path &&
            file(to, path, day_of(names[i]->d_name)) != 0)
            result = -1;
        free(names[i]);
    }
    free(names);
    return result;
}

struct reading {
    int32_t from, to;
    void (*each)(void *to, const struct held *h);
    void *with;
    struct diag *d;
};

static int read_one(void *to, const char *path, int32_t day)
{
    struct reading *r = to;

    return day < r->from || day > r->to ? 0 : read_day(path, day, r->each, r->with, r->d);
}

int held_read(const char *folder, int32_t from, int32_t to, void (*each)(void *to, const struct held *h), void *with,
              struct diag *d)
{
    struct reading r = {from, to, each, with, d};

    return each_day(folder, read_one, &r, d);
}

struct forgetting {
    int32_t day;
    unsigned *gone;
    struct diag *d;
};

static int forget_one(void *to, const char *path, int32_t day)
{
    struct forgetting *f = to;

    if (day >= f->day)
        return 0;
    if (unlink(path) != 0 && errno != ENOENT)
        return diag_error(f->d, path, ": cannot be deleted, though its days are over: ", strerror(errno));
    ++*f->gone;
    return 0;
}

int held_forget(const char *folder, int32_t day, unsigned *gone, struct diag *d)
{
    struct forgetting f = {day, gone, d};

    *gone = 0;
    return each_day(folder, forget_one, &f, d);
}
