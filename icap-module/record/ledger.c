/* Writing; ledger_read.c reads. */
#include "record/ledger_internal.h"

#include "core/clock.h"
#include "record/base64.h"
#include "record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const unsigned char purpose[crypto_generichash_blake2b_PERSONALBYTES] = "portreeve-list";

struct ledger {
    char *path;
    int fd;
    off_t end; /* of what is whole */
    struct ledger_head head;
    char *text; /* to be written */
    size_t n, room;
    bool no_memory;
};

void ledger_first(const char *name, unsigned char hash[CHAIN_HASH])
{
    crypto_generichash_blake2b_salt_personal(hash, CHAIN_HASH, (const unsigned char *)name, strlen(name),
                                             NULL, 0, NULL, purpose);
}

void ledger_follow(unsigned char hash[CHAIN_HASH], struct str line)
{
    crypto_generichash_blake2b_state state;

    crypto_generichash_blake2b_init_salt_personal(&state, NULL, 0, CHAIN_HASH, NULL, purpose);
    crypto_generichash_blake2b_update(&state, hash, CHAIN_HASH);
    crypto_generichash_blake2b_update(&state, (const unsigned char *)line.p, line.n);
    crypto_generichash_blake2b_final(&state, hash, CHAIN_HASH);
}

void ledger_time(int64_t t, char to[LEDGER_TIME])
{
    int64_t day = t >= 0 ? t / 86400 : -1 - (-1 - t) / 86400, left = t - day * 86400;
    unsigned month, mday;
    int year;

    if (day < 0 || day > 2932896) { /* the end of 9999 */
        day = 0;
        left = 0;
    }
    clock_date((int32_t)day, &year, &month, &mday);
    snprintf(to, LEDGER_TIME, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)year % 10000, month % 100,
             mday % 100, (unsigned)(left / 3600) % 100, (unsigned)(left / 60 % 60), (unsigned)(left % 60));
}

/* ---- the end of what is there ---- */

/* The last line's number and hash. */
static int read_end(struct ledger *l, const char *name, struct diag *d)
{
    char tail[LEDGER_LINE * 2];
    struct ledger_line line;
    struct str text, last;
    off_t from;
    ssize_t n;

    ledger_first(name, l->head.hash);
    if (l->end == 0)
        return 0;
    from = l->end > (off_t)sizeof tail ? l->end - (off_t)sizeof tail : 0;
    n = pread(l->fd, tail, sizeof tail, from);
    if (n <= 0)
        return diag_error(d, l->path, ": cannot be read: ", strerror(errno));
    text = (struct str){tail, (size_t)n};
    while (text.n && text.p[text.n - 1] != '\n')
        text.n--;
    l->end = from + (off_t)text.n;
    if (text.n == 0)
        return from == 0 ? 0
                         : diag_error(d, l->path, ": is no list of portreeve's: its end is no line", NULL);
    last = text;
    last.n--;
    for (size_t i = last.n; i > 0; i--)
        if (last.p[i - 1] == '\n') {
            last = str_from(last, i);
            break;
        }
    if (!ledger_parse(last, &line, &(struct ledger_room){0}))
        return diag_error(d, l->path, ": its last line is no line of such a list: nothing is added to it",
                          NULL);
    l->head.lines = line.number;
    memcpy(l->head.hash, line.hash, CHAIN_HASH);
    return 0;
}

/* A receipt's writer puts a new file into its place: then that one is waited for. */
static bool lies_there(int fd, const char *path)
{
    struct stat mine, there;

    return fstat(fd, &mine) == 0 && stat(path, &there) == 0 && mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

int ledger_lock(const char *path, struct diag *d)
{
    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0640), locked;
        struct stat st;

        if (fd < 0)
            return diag_error(d, path, ": cannot be opened for writing: ", strerror(errno));
        do
            locked = flock(fd, LOCK_EX);
        while (locked != 0 && errno == EINTR);
        if (locked != 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
            diag_error(d, path, ": cannot be locked: ", locked != 0 ? strerror(errno) : "it is no regular file");
            close(fd);
            return -1;
        }
        if (lies_there(fd, path))
            return fd;
        close(fd);
    }
}

int ledger_begin(const char *path, const char *name, struct ledger **made, struct diag *d)
{
    struct ledger *l = calloc(1, sizeof *l);
    struct stat st;

    *made = NULL;
    if (!l || !(l->path = strdup(path))) {
        free(l);
        diag_error(d, path, ": out of memory", NULL);
        return -1;
    }
    l->fd = ledger_lock(path, d);
    if (l->fd < 0)
        goto out;
    if (fstat(l->fd, &st) != 0) {
        diag_error(d, path, ": cannot be read: ", strerror(errno));
        goto out;
    }
    l->end = st.st_size;
    if (read_end(l, name, d) != 0)
        goto out;
    if (l->end < st.st_size && ftruncate(l->fd, l->end) != 0) {
        diag_error(d, path, ": half a line at its end cannot be taken off: ", strerror(errno));
        goto out;
    }
    *made = l;
    return 0;
out:
    if (l->fd >= 0)
        close(l->fd);
    free(l->path);
    free(l);
    return -1;
}

/* ---- lines ---- */

struct line {
    char text[LEDGER_LINE];
    size_t n;
};

static void add(struct line *to, const char *text)
{
    size_t n = strlen(text), room = sizeof to->text - to->n;

    if (n > room)
        n = room;
    memcpy(to->text + to->n, text, n);
    to->n += n;
}

/* Values end before the room for hash and signature does. */
static void add_value(struct line *to, struct str value)
{
    enum { BEHIND = 256 };
    char one[4];

    value = str_upto(value, LEDGER_VALUE);
    for (size_t i = 0; i < value.n && to->n + 3 + BEHIND < sizeof to->text; i++) {
        unsigned char c = (unsigned char)value.p[i];
        bool plain = c > 0x20 && c < 0x7f && c != '%' && c != '=';

        snprintf(one, sizeof one, plain ? "%c" : "%%%02X", c);
        add(to, one);
    }
}

static void keep(struct ledger *l, const struct line *line)
{
    if (l->room - l->n < line->n) {
        size_t room = 2 * l->room + 2 * (size_t)LEDGER_LINE;
        char *bigger = l->no_memory ? NULL : realloc(l->text, room);

        if (!bigger) {
            l->no_memory = true;
            return;
        }
        l->text = bigger;
        l->room = room;
    }
    if (l->text)
        memcpy(l->text + l->n, line->text, line->n);
    l->n += line->n;
}

void ledger_put(struct ledger *l, int64_t now, const char *word, const struct ledger_field *fields, size_t n,
                const struct sign_key *key)
{
    struct line line = {.n = 0};
    char number[24], time[LEDGER_TIME], hash[2 * CHAIN_HASH + 1], text[BASE64_LENGTH(SIGNATURE) + 1];
    unsigned char signature[SIGNATURE];

    snprintf(number, sizeof number, "%llu ", (unsigned long long)++l->head.lines);
    add(&line, number);
    ledger_time(now, time);
    add(&line, time);
    add(&line, " ");
    add(&line, word);
    for (size_t i = 0; i < n && i < LEDGER_FIELDS; i++) {
        if (line.n + 256 + strlen(fields[i].key) > sizeof line.text)
            break;
        add(&line, " ");
        add(&line, fields[i].key);
        add(&line, "=");
        add_value(&line, fields[i].value);
    }
    ledger_follow(l->head.hash, (struct str){line.text, line.n});
    chain_hex(l->head.hash, hash);
    add(&line, " h=");
    add(&line, hash);
    if (key) {
        sign_make(key, LEDGER_PURPOSE, (struct str){(const char *)l->head.hash, CHAIN_HASH}, signature);
        base64_write(signature, sizeof signature, text, sizeof text);
        add(&line, " s=");
        add(&line, text);
    }
    add(&line, "\n");
    keep(l, &line);
}

int ledger_end(struct ledger *l, struct ledger_head *head, struct diag *d)
{
    int result = 0;

    if (l->no_memory) {
        result = diag_error(d, l->path, ": out of memory", NULL);
    } else if (l->n && file_write_synced(l->fd, l->text, l->n) != 0) {
        result = diag_error(d, l->path, ": cannot be written: ", strerror(errno));
        if (ftruncate(l->fd, l->end) != 0) /* else the next one that writes does it */
            diag_error(d, l->path, ": half a line at its end cannot be taken off: ", strerror(errno));
    } else if (head) {
        *head = l->head;
    }
    close(l->fd);
    free(l->text);
    free(l->path);
    free(l);
    return result;
}

int ledger_add(const char *path, const char *name, int64_t now, const char *word,
               const struct ledger_field *fields, size_t n, const struct sign_key *key,
               struct ledger_head *head, struct diag *d)
{
    struct ledger *l;

    if (ledger_begin(path, name, &l, d) != 0)
        return -1;
    ledger_put(l, now, word, fields, n, key);
    return ledger_end(l, head, d);
}
