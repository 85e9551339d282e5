#include "tools/case_store.h"

#include "core/clock.h"
#include "record/file.h"
#include "record/seal.h"
#include "tools/json_words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, FILE_MAX = 64 << 20 };

static int fails(struct diag *d, const char *path, const char *what)
{
    return diag_error(d, path, what, strerror(errno));
}

static int read_all(const char *path, struct str *text, struct diag *d)
{
    char *bytes = NULL;
    size_t n = 0;
    bool there;

    if (file_read_all(path, FILE_MAX, &bytes, &n, &there, d) != 0)
        return -1;
    *text = (struct str){bytes, n};
    return there ? 0 : diag_error(d, path, ": is not there", NULL);
}

int case_store_lock(const char *folder, struct diag *d)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return fails(d, folder, ": is no folder of cases: ");
    if (flock(fd, LOCK_EX) != 0) {
        close(fd);
        return fails(d, folder, ": cannot be locked: ");
    }
    return fd;
}

/* References hold no slash and begin with no dot (report/case_open.c); others name no file. */
static bool path_of(const char *folder, struct str reference, char path[PATH_SIZE])
{
    for (size_t i = 0; i < reference.n; i++)
        if (reference.p[i] == '/' || (i == 0 && reference.p[i] == '.'))
            return false;
    return reference.n > 0 && reference.n <= 64 &&
           (size_t)snprintf(path, PATH_SIZE, "%s/%.*s.case", folder, STR_ARG(reference)) < PATH_SIZE;
}

bool case_store_has(const char *folder, struct str reference)
{
    char path[PATH_SIZE];

    return path_of(folder, reference, path) && access(path, F_OK) == 0;
}

int case_store_read(const char *folder, struct str reference, struct str *text, struct diag *d)
{
    char path[PATH_SIZE];

    if (!path_of(folder, reference, path) || access(path, F_OK) != 0)
        return diag_error(d, folder, ": there is no case of that reference; 'portreeve case list' names them",
                          NULL);
    return read_all(path, text, d);
}

int case_store_write(const char *folder, struct str reference, const json_t *c, struct diag *d)
{
    char path[PATH_SIZE];
    char *text = json_dumps(c, JSON_INDENT(1));
    int result = -1;

    if (text && path_of(folder, reference, path))
        result = file_replace(path, text, strlen(text), d);
    else
        diag_error(d, folder, ": the case cannot be written: its reference names no file, or memory ran out",
                   NULL);
    free(text);
    return result;
}

/* ---- the log ---- */

static struct str last_line(struct str text)
{
    struct str line = str_trim(text);

    while (line.n && line.p[line.n - 1] == '\n')
        line.n--;
    for (size_t i = line.n; i > 0; i--)
        if (line.p[i - 1] == '\n')
            return str_from(line, i);
    return line;
}

static json_t *digest_of(struct str line)
{
    unsigned char digest[32];

    if (!line.n)
        return json_null();
    seal_sha256(line, digest);
    return json_hex(digest, sizeof digest);
}

static int append(const char *path, const json_t *line, struct diag *d)
{
    char *text = json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII);
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    int result = -1;

    if (text && fd >= 0) {
        size_t n = strlen(text);

        text[n] = '\n'; /* in the place of NUL */
        result = file_write_synced(fd, text, n + 1);
    }
    if (result != 0)
        fails(d, path, ": the access log cannot be written, so nothing was done: ");
    if (fd >= 0)
        close(fd);
    free(text);
    return result;
}

int case_store_log(const char *folder, const struct case_look *look, struct diag *d)
{
    char path[PATH_SIZE];
    struct str before = STR_NONE;
    json_t *line;
    int result;

    if ((size_t)snprintf(path, sizeof path, "%s/access.jsonl", folder) >= sizeof path)
        return diag_error(d, folder, ": this name is too long", NULL);
    if (access(path, F_OK) == 0 && read_all(path, &before, d) != 0)
        return -1;
    line = json_pack("{s:o, s:o, s:o, s:o, s:s, s:s, s:s*, s:o}", "at", json_time(look->at), "by",
                     json_slice(look->by), "login", json_publisher(), "case", json_slice(look->reference),
                     "step", look->step, "result", look->result, "why", look->why, "before",
                     digest_of(last_line(before)));
    result = line ? append(path, line, d) : diag_error(d, "out of memory", NULL, NULL);
    json_decref(line);
    free((char *)(uintptr_t)before.p);
    return result;
}

static struct str member(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);

    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : STR_NONE;
}

int case_store_looks(const char *folder, struct str reference,
                     void (*each)(void *to, const struct case_look *look), void *to, struct diag *d)
{
    char path[PATH_SIZE];
    struct str all = STR_NONE, rest;

    if ((size_t)snprintf(path, sizeof path, "%s/access.jsonl", folder) >= sizeof path)
        return diag_error(d, folder, ": this name is too long", NULL);
    if (access(path, F_OK) == 0 && read_all(path, &all, d) != 0)
        return -1;
    rest = all;
    while (rest.n) {
        struct str one = str_cut(&rest, '\n');
        json_t *o = json_loadb(one.p, one.n, 0, NULL);
        struct case_look look = {.step = json_string_value(json_object_get(o, "step")),
                                 .by = member(o, "by"),
                                 .reference = member(o, "case"),
                                 .result = json_string_value(json_object_get(o, "result"))};

        if (look.step && look.result && str_eq(look.reference, reference) &&
            clock_parse(member(o, "at"), &look.at) == 0)
            each(to, &look);
        json_decref(o);
    }
    free((char *)(uintptr_t)all.p);
    return 0;
}
