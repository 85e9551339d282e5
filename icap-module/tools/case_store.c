#include "tools/case_store.h"

#include "record/accesslog.h"
#include "record/file.h"
#include "record/seal.h"
#include "tools/access.h"

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

int case_store_file(const char *path, struct str *text, struct diag *d)
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
    return case_store_file(path, text, d);
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

/* FOLDER/access, or where that leads: an installation has one log, and a link to it in the folder. */
static int log_of(const char *folder, char path[PATH_SIZE], struct diag *d)
{
    char name[PATH_SIZE], *real;

    if ((size_t)snprintf(name, sizeof name, "%s/" ACCESSLOG_NAME, folder) >= sizeof name)
        return diag_error(d, folder, ": this name is too long", NULL);
    real = realpath(name, NULL);
    snprintf(path, PATH_SIZE, "%s", real ? real : name);
    free(real);
    return 0;
}

/* Whom the case is about; the caller frees. */
static json_t *case_of(const char *folder, struct str reference)
{
    char path[PATH_SIZE];

    return path_of(folder, reference, path) && access(path, F_OK) == 0 ? json_load_file(path, 0, NULL) : NULL;
}

static struct str member(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);

    return json_is_string(v) ? (struct str){json_string_value(v), json_string_length(v)} : STR_NONE;
}

int case_store_log(const char *folder, const struct case_look *look, struct diag *d)
{
    char path[PATH_SIZE], login[128];
    struct access_entry e = {.by = look->by,
                             .login = access_login(login, sizeof login),
                             .role = strcmp(look->step, "authorise") == 0 ? STR("authoriser") : STR("hr"),
                             .what = str_of(look->step),
                             .case_ref = look->reference,
                             .result = str_of(look->result),
                             .why = look->why ? str_of(look->why) : STR_NONE,
                             .refused = strcmp(look->result, "refused") == 0};
    json_t *c;
    int result;

    if (seal_init(d) != 0 || log_of(folder, path, d) != 0)
        return -1;
    c = case_of(folder, look->reference);
    e.about = member(json_object_get(c, "subject"), "name");
    result = accesslog_add(path, &e, look->at, NULL, d);
    json_decref(c);
    return result;
}

struct looking {
    void (*each)(void *to, const struct case_look *look);
    void *to;
};

static void take_look(void *to, int64_t time, const struct access_entry *e)
{
    const struct looking *l = to;
    char step[32], result[32], why[LEDGER_VALUE + 1];

    diag_copy(step, sizeof step, e->what);
    diag_copy(result, sizeof result, e->result);
    diag_copy(why, sizeof why, e->why);
    if (e->result.n)
        l->each(l->to, &(struct case_look){.step = step,
                                           .by = e->by,
                                           .reference = e->case_ref,
                                           .at = time,
                                           .result = result,
                                           .why = e->refused ? why : NULL});
}

int case_store_looks(const char *folder, struct str reference, void (*each)(void *to, const struct case_look *look),
                     void *to, struct diag *d)
{
    struct looking l = {each, to};
    struct ledger_read read;
    char path[PATH_SIZE];

    if (seal_init(d) != 0 || log_of(folder, path, d) != 0 ||
        accesslog_read(path, &(struct access_wanted){.case_ref = reference}, take_look, &l, &read, d) != 0)
        return -1;
    return read.fault == LEDGER_SOUND || read.fault == LEDGER_TORN
               ? 0
               : diag_error(d, path, ": is not sound, and a report says who has looked: see 'portreeve access'", NULL);
}
