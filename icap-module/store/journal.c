#include "store/journal.h"

#include "record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Lines of version 1 have no BY. */
enum { VERSION, ID, NONCE, KIND, AT, FROM, UNTIL, NUMBER, WHAT, BY, USER, FIELDS };
enum { LINE_MAX_BYTES = 1024 };

_Static_assert(STORE_NAME + STORE_WHAT + STORE_BY + 4 * 20 + 4 * ACT_ID + 64 < LINE_MAX_BYTES,
               "an act fits a line");

struct journal {
    struct store *store;
    char *path;
    int fd;
    bool behind; /* something is written down that the store has not */
};

static bool sound(struct str s, size_t max)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return s.n <= max;
}

static void put_hex(struct text *t, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        text_putc(t, "0123456789abcdef"[bytes[i] >> 4]);
        text_putc(t, "0123456789abcdef"[bytes[i] & 15]);
    }
    text_putc(t, '\t');
}

static void put_number(struct text *t, int64_t value)
{
    text_put_u64(t, (uint64_t)value);
    text_putc(t, '\t');
}

static struct str line_of(const struct act *a, char to[LINE_MAX_BYTES])
{
    struct text t;

    text_init(&t, to, LINE_MAX_BYTES);
    text_puts(&t, "2\t");
    put_hex(&t, a->id, ACT_ID);
    put_hex(&t, a->nonce, ACT_NONCE);
    text_puts(&t, word_of(WORDS_FACT, a->kind));
    text_putc(&t, '\t');
    put_number(&t, a->at);
    put_number(&t, a->from);
    put_number(&t, a->until);
    put_number(&t, a->number);
    text_put(&t, a->what);
    text_putc(&t, '\t');
    text_put(&t, a->by);
    text_putc(&t, '\t');
    text_put(&t, a->user);
    text_putc(&t, '\n');
    return text_str(&t);
}

static int nibble(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_hex(struct str s, unsigned char *to, size_t n)
{
    if (s.n != 2 * n)
        return false;
    for (size_t i = 0; i < n; i++) {
        int high = nibble(s.p[2 * i]), low = nibble(s.p[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        to[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

static bool read_time(struct str s, int64_t *to)
{
    uint64_t value;

    if (!str_u64(s, &value) || value > UINT32_MAX)
        return false;
    *to = (int64_t)value;
    return true;
}

static bool read_line(struct str line, struct act *a)
{
    struct str field[FIELDS];
    int64_t number;
    unsigned n = 0;
    int kind = -1;

    while (n < BY)
        field[n++] = str_cut(&line, '\t');
    field[BY] = str_eq(field[VERSION], STR("2")) ? str_cut(&line, '\t') : STR_NONE;
    field[USER] = line;
    for (int i = 0; i < FACT_COUNT; i++)
        if (str_eq(field[KIND], str_of(word_of(WORDS_FACT, (unsigned)i))))
            kind = i;
    *a = (struct act){.user = field[USER], .what = field[WHAT], .by = field[BY]};
    if (kind < 0 || (!str_eq(field[VERSION], STR("1")) && !str_eq(field[VERSION], STR("2"))) ||
        !read_time(field[NUMBER], &number))
        return false;
    a->kind = (enum fact)kind;
    a->number = (uint32_t)number;
    return a->user.n && sound(a->user, STORE_NAME) && sound(a->what, STORE_WHAT) && sound(a->by, STORE_BY) &&
           read_hex(field[ID], a->id, ACT_ID) && read_hex(field[NONCE], a->nonce, ACT_NONCE) &&
           read_time(field[AT], &a->at) && read_time(field[FROM], &a->from) &&
           read_time(field[UNTIL], &a->until);
}

/* All lines into the store, in one transaction; what it has already is no change. */
static int put_all(struct journal *j, FILE *f, unsigned *unreadable, struct diag *d)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    int result = store_begin(j->store, d);

    while (result == 0 && (n = getline(&line, &room, f)) > 0) {
        enum act_result what;
        struct act a;

        if (line[n - 1] == '\n' && read_line((struct str){line, (size_t)n - 1}, &a))
            result = store_act(j->store, &a, &what, d);
        else if (n > 1)
            (*unreadable)++;
    }
    free(line);
    if (result == 0)
        result = store_commit(j->store, d);
    if (result != 0)
        store_rollback(j->store);
    return result;
}

static int replay(struct journal *j, unsigned *unreadable, struct diag *d)
{
    FILE *f = fopen(j->path, "re");
    int result;

    *unreadable = 0;
    if (!f)
        return diag_error(d, j->path, ": cannot be read: ", strerror(errno));
    result = put_all(j, f, unreadable, d);
    fclose(f);
    j->behind = result != 0;
    return result;
}

/* What is in the store for good need not stand here. */
static void begin_anew(struct journal *j)
{
    struct stat st;

    if (!j->behind && fstat(j->fd, &st) == 0 && st.st_size > JOURNAL_SIZE && ftruncate(j->fd, 0) == 0)
        fsync(j->fd);
}

int journal_open(const char *path, struct store *s, struct journal **journal, unsigned *unreadable,
                 struct diag *d)
{
    struct journal *j = calloc(1, sizeof *j);
    struct stat st;
    char last = '\n';

    *journal = NULL;
    if (!j || !(j->path = strdup(path))) {
        free(j);
        return diag_error(d, path, ": out of memory", NULL);
    }
    j->store = s;
    j->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (j->fd < 0 || fstat(j->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        diag_error(d, path, ": cannot be opened: ", j->fd < 0 ? strerror(errno) : "it is no regular file");
        goto failed;
    }
    if (st.st_size > 0 && pread(j->fd, &last, 1, st.st_size - 1) == 1 && last != '\n' &&
        file_write_synced(j->fd, "\n", 1) != 0) { /* a torn line must not swallow the next one */
        diag_error(d, path, ": cannot be written: ", strerror(errno));
        goto failed;
    }
    if (replay(j, unreadable, d) != 0)
        goto failed;
    begin_anew(j);
    *journal = j;
    return 0;
failed:
    journal_close(j);
    return -1;
}

static int put_one(struct journal *j, const struct act *a, enum act_result *result, struct diag *d)
{
    if (store_begin(j->store, d) != 0)
        return -1;
    if (store_act(j->store, a, result, d) == 0 && store_commit(j->store, d) == 0)
        return 0;
    store_rollback(j->store);
    return -1;
}

int journal_act(struct journal *j, const struct act *a, enum act_result *result, struct diag *d)
{
    char line[LINE_MAX_BYTES];
    struct str text = line_of(a, line);
    bool spent = false;
    struct diag ignored;

    if (!a->user.n || !sound(a->user, STORE_NAME) || !sound(a->what, STORE_WHAT) || !sound(a->by, STORE_BY))
        return diag_error(d, "an act holds a name that is too long or has control bytes", NULL, NULL);
    diag_init(&ignored);
    if (store_nonce_spent(j->store, a->nonce, &spent, &ignored) == 0 && spent) {
        *result = ACT_SPENT;
        return 0;
    }
    if (file_write_synced(j->fd, text.p, text.n) != 0)
        return diag_error(d, j->path, ": cannot be written: ", strerror(errno));
    *result = ACT_NEW;
    if (put_one(j, a, result, d) != 0) {
        j->behind = true;
        *result = ACT_NEW;
    } else {
        begin_anew(j);
    }
    return 0;
}

bool journal_settle(struct journal *j, struct diag *d)
{
    unsigned unreadable;

    return !j->behind || replay(j, &unreadable, d) == 0;
}

bool journal_behind(const struct journal *j)
{
    return j->behind;
}

void journal_close(struct journal *j)
{
    if (!j)
        return;
    if (j->fd >= 0)
        close(j->fd);
    free(j->path);
    free(j);
}
