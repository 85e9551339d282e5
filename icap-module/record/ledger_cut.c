/* Erasing the oldest lines of a list, with their receipt. */
#include "record/ledger_internal.h"

#include "record/base64.h"
#include "record/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct cutting {
    int64_t before, until; /* until: of the last line that goes */
    uint64_t number;       /* of that line; 0: none goes */
    unsigned char hash[CHAIN_HASH];
    const char *rest; /* where what stays begins; NULL: nothing has been met that stays */
};

static void look(void *to, const struct ledger_line *line)
{
    struct cutting *c = to;

    if (c->rest)
        return;
    if (line->time >= c->before) {
        c->rest = line->text.p;
        return;
    }
    c->number = line->number;
    c->until = line->time;
    memcpy(c->hash, line->hash, CHAIN_HASH);
}

static size_t write_receipt(const struct ledger_cut *o, const struct cutting *c, char line[LEDGER_LINE])
{
    char now[LEDGER_TIME], until[LEDGER_TIME], hash[2 * CHAIN_HASH + 1], text[BASE64_LENGTH(SIGNATURE) + 1];
    unsigned char digest[CHAIN_HASH], signature[SIGNATURE];
    int n;

    ledger_time(o->now, now);
    ledger_time(c->until, until);
    n = snprintf(line, LEDGER_LINE, "%llu %s " LEDGER_ERASED " list=%s until=%s", (unsigned long long)c->number, now,
                 o->name, until);
    memcpy(digest, c->hash, CHAIN_HASH);
    ledger_follow(digest, (struct str){line, (size_t)n});
    sign_make(o->key, LEDGER_PURPOSE_ERASED, (struct str){(const char *)digest, CHAIN_HASH}, signature);
    base64_write(signature, sizeof signature, text, sizeof text);
    chain_hex(c->hash, hash);
    return (size_t)n + (size_t)snprintf(line + n, LEDGER_LINE - (size_t)n, " h=%s s=%s\n", hash, text);
}

/* Aside, with the old one's owner and mode, then into its place; whoever waits for the old one's lock opens anew. */
static int put(const char *path, int old, struct str receipt, struct str rest, struct diag *d)
{
    char aside[4096];
    struct stat st;
    int fd = -1, result = -1;

    if ((size_t)snprintf(aside, sizeof aside, "%s.new", path) >= sizeof aside || fstat(old, &st) != 0)
        return diag_error(d, path, ": cannot be written anew: ", strerror(errno));
    unlink(aside);
    fd = open(aside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && (fchown(fd, st.st_uid, st.st_gid) == 0 || st.st_uid == geteuid()) &&
        fchmod(fd, st.st_mode & 07777) == 0 && file_write_synced(fd, receipt.p, receipt.n) == 0 &&
        file_write_synced(fd, rest.p, rest.n) == 0 && rename(aside, path) == 0)
        result = 0;
    else
        diag_error(d, path, ": cannot be written anew, so nothing of it was erased: ", strerror(errno));
    if (fd >= 0)
        close(fd);
    if (result != 0)
        unlink(aside);
    return result;
}

static int cut(const struct ledger_cut *o, int fd, struct str text, uint64_t *erased, struct diag *d)
{
    struct cutting c = {.before = o->before};
    struct ledger_read read;
    char line[LEDGER_LINE] = "";
    struct str receipt = {line, 0};

    ledger_read_mem(text, o->name, o->key->public, look, &c, &read);
    if (read.fault != LEDGER_SOUND && read.fault != LEDGER_TORN)
        return diag_error(d, o->path, ": is not sound, so nothing of it is erased: see 'portreeve access'", NULL);
    if (!c.number)
        return 0;
    receipt.n = write_receipt(o, &c, line);
    if (put(o->path, fd, receipt, c.rest ? str_from(text, (size_t)(c.rest - text.p)) : STR_NONE, d) != 0)
        return -1;
    *erased = c.number - read.erased;
    return 0;
}

int ledger_cut(const struct ledger_cut *o, uint64_t *erased, struct diag *d)
{
    enum { FILE_MAX = 1 << 30 };
    int fd, result;
    char *text;
    size_t size;
    bool there;

    *erased = 0;
    if (access(o->path, F_OK) != 0)
        return 0;
    fd = ledger_lock(o->path, d);
    if (fd < 0)
        return -1;
    result = file_read_all(o->path, FILE_MAX, &text, &size, &there, d);
    if (result == 0 && there) {
        result = cut(o, fd, (struct str){text, size}, erased, d);
        free(text);
    }
    close(fd);
    return result;
}
